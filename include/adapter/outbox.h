/* SPDX-License-Identifier: MIT */
/* What waits to be written to one socket: pieces of shared blobs and of static memory. All of
 * it goes out in one system call, as far as the kernel takes it. */
#ifndef TB_ADAPTER_OUTBOX_H
#define TB_ADAPTER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/blob.h"
#include "base/span.h"

#define OUTBOX_INLINE 8

struct outbox_piece {
	struct blob *blob; /* NULL: static memory */
	const char *ptr;   /* what is left of it */
	size_t len;
};

struct outbox {
	uv_write_t request;
	SLIST_ENTRY(outbox) free;
	TAILQ_ENTRY(outbox) later; /* conn_later.c: here, as most connections have no outbox */
	int64_t later_since;
	void (*written)(struct outbox *outbox, int error);
	void *owner;
	size_t bytes;   /* waiting, those of a running uv_write included */
	size_t running; /* bytes of the running uv_write; 0: none */
	unsigned first, count, size;
	struct outbox_piece *pieces;
	struct outbox_piece some[OUTBOX_INLINE];
};

SLIST_HEAD(outbox_list, outbox);
TAILQ_HEAD(outbox_queue, outbox);

/* The zero value is an empty pool. */
struct outbox_pool {
	struct outbox_list free;
	unsigned count;
};

struct outbox *outbox_get(struct outbox_pool *pool);
/* Nothing may be running. NULL inside is fine; null afterwards. */
void outbox_put(struct outbox_pool *pool, struct outbox **outbox);
void outbox_pool_fini(struct outbox_pool *pool);

void outbox_add_blob(struct outbox *outbox, struct blob *blob); /* takes a reference */
void outbox_add_static(struct outbox *outbox, struct span bytes);

/* Forgets what is not being written, but for the rest of a piece that is. */
void outbox_cut(struct outbox *outbox);

/* Writes what the kernel takes now. 0, or a libuv error (not UV_EAGAIN). */
int outbox_try(struct outbox *outbox, uv_stream_t *stream);
/* Lets libuv write the front part; `written` is called when it is out (outbox->bytes is then
 * what is left) or failed. Nothing may be running. 0 or a libuv error. */
int outbox_start(struct outbox *outbox, uv_stream_t *stream,
                 void (*written)(struct outbox *outbox, int error));

#endif
