/* SPDX-License-Identifier: MIT */
/* A growing byte buffer: the one place where text and frames are put together.
 * With a cap, an append beyond it changes nothing and sets `overflow` (sticky). */
#ifndef TB_BASE_BUF_H
#define TB_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"

/* The zero value is an empty buffer without a cap. */
struct buf {
	char *ptr;
	size_t len;
	size_t size;
	size_t cap; /* 0: none */
	bool overflow;
};

void buf_fini(struct buf *buf);
void buf_reset(struct buf *buf); /* empty, memory kept, overflow forgotten */
void buf_add(struct buf *buf, const void *ptr, size_t len);
void buf_span(struct buf *buf, struct span span);
void buf_char(struct buf *buf, char c);
void buf_u64(struct buf *buf, uint64_t value);
void buf_i64(struct buf *buf, int64_t value);
void buf_fmt(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_drop(struct buf *buf, size_t len); /* forgets the first len bytes */
void buf_cut(struct buf *buf, size_t len);  /* keeps the first len bytes */
/* The text as a JSON string with quotes (RFC 8259); also escapes DEL, U+2028 and U+2029. */
void buf_json(struct buf *buf, struct span text);
/* Terminated by NUL; stays the buffer's. */
const char *buf_cstr(struct buf *buf);

/* Here, so that the length of a literal is known when it is compiled. */
static inline void buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

#endif
