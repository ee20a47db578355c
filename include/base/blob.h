/* SPDX-License-Identifier: MIT */
/* One serialized frame, encoded once and shared by the write queues of many sockets.
 * Counted by the loop thread only. */
#ifndef TB_BASE_BLOB_H
#define TB_BASE_BLOB_H

#include <stddef.h>

struct blob {
	unsigned refs;
	size_t len;
	char bytes[];
};

struct blob *blob_create(const void *bytes, size_t len); /* one reference, yours */
struct blob *blob_ref(struct blob *blob);
void blob_unref(struct blob **blob); /* NULL inside is fine; null afterwards */

#endif
