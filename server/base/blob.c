/* SPDX-License-Identifier: MIT */
#include "base/blob.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

struct blob *blob_create(const void *bytes, size_t len)
{
	struct blob *blob = xmalloc(sizeof(*blob) + len);

	blob->refs = 1;
	blob->len = len;
	if (len > 0)
		memcpy(blob->bytes, bytes, len);
	return blob;
}

struct blob *blob_ref(struct blob *blob)
{
	MUST(blob->refs > 0);
	blob->refs++;
	return blob;
}

void blob_unref(struct blob **blob)
{
	if (*blob == NULL)
		return;
	MUST((*blob)->refs > 0);
	if (--(*blob)->refs == 0)
		free(*blob);
	*blob = NULL;
}
