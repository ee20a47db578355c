/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"

void *xmalloc(size_t size)
{
	void *ptr = malloc(size > 0 ? size : 1);

	MUST(ptr != NULL);
	return ptr;
}

void *xcalloc(size_t count, size_t size)
{
	void *ptr = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	MUST(ptr != NULL);
	return ptr;
}

void *xrealloc(void *old, size_t size)
{
	void *ptr = realloc(old, size > 0 ? size : 1);

	MUST(ptr != NULL);
	return ptr;
}

char *xstrdup(const char *text)
{
	return xmemdup0(text, strlen(text));
}

char *xmemdup0(const char *ptr, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len > 0)
		memcpy(copy, ptr, len);
	copy[len] = '\0';
	return copy;
}
