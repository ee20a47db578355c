/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "base/swar.h"

#define BUF_FIRST 256U

void buf_fini(struct buf *buf)
{
	free(buf->ptr);
	*buf = (struct buf){.cap = buf->cap};
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->overflow = false;
}

/* Room for len more bytes and a NUL. false: the cap says no. */
static bool buf_reserve(struct buf *buf, size_t len)
{
	size_t need, size;

	MUST(len < SIZE_MAX / 4 && buf->len < SIZE_MAX / 4);
	need = buf->len + len;
	if (buf->overflow || (buf->cap > 0 && need > buf->cap)) {
		buf->overflow = true;
		return false;
	}
	if (need + 1 <= buf->size)
		return true;
	size = buf->size > 0 ? buf->size : BUF_FIRST;
	while (size < need + 1)
		size *= 2;
	buf->ptr = xrealloc(buf->ptr, size);
	buf->size = size;
	return true;
}

/* There is room for len more bytes and a NUL: what almost every append finds. */
static bool has_room(const struct buf *buf, size_t len)
{
	return len < buf->size - buf->len && buf->cap == 0;
}

void buf_add(struct buf *buf, const void *ptr, size_t len)
{
	if (len == 0 || (!has_room(buf, len) && !buf_reserve(buf, len)))
		return;
	memcpy(buf->ptr + buf->len, ptr, len);
	buf->len += len;
}

void buf_span(struct buf *buf, struct span span)
{
	buf_add(buf, span.ptr, span.len);
}

void buf_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_u64(struct buf *buf, uint64_t value)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	char digits[20];
	size_t at = sizeof(digits);

	while (value >= 100) {
		at -= 2;
		memcpy(digits + at, pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		at -= 2;
		memcpy(digits + at, pairs + value * 2, 2);
	} else {
		digits[--at] = (char)('0' + (int)value);
	}
	buf_add(buf, digits + at, sizeof(digits) - at);
}

void buf_i64(struct buf *buf, int64_t value)
{
	if (value < 0) {
		buf_char(buf, '-');
		buf_u64(buf, (uint64_t)0 - (uint64_t)value);
	} else {
		buf_u64(buf, (uint64_t)value);
	}
}

void buf_fmt(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	MUST(len >= 0);
	if (buf_reserve(buf, (size_t)len)) {
		(void)vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

void buf_drop(struct buf *buf, size_t len)
{
	MUST(len <= buf->len);
	if (len > 0 && len < buf->len)
		memmove(buf->ptr, buf->ptr + len, buf->len - len);
	buf->len -= len;
}

void buf_cut(struct buf *buf, size_t len)
{
	MUST(len <= buf->len);
	buf->len = len;
}

/* How many bytes at `text` stand for themselves inside a JSON string. */
static size_t plain_run(const char *text, size_t len)
{
	size_t i = 0;

	for (; i + SWAR_SIZE <= len; i += SWAR_SIZE) {
		uint64_t word = swar_in_order(text + i);
		uint64_t marks = swar_below(word, 0x20) | swar_is(word, '"') | swar_is(word, '\\') |
		                 swar_is(word, 0x7F) | swar_is(word, 0xE2);

		if (marks != 0)
			return i + swar_before(marks);
	}
	while (i < len) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F || c == 0xE2)
			break;
		i++;
	}
	return i;
}

/* U+2028 and U+2029 are E2 80 A8 and E2 80 A9. */
static size_t line_separator(struct buf *buf, const char *text, size_t len)
{
	if (len >= 3 && (unsigned char)text[1] == 0x80 &&
	    ((unsigned char)text[2] & 0xFEU) == 0xA8) {
		buf_text(buf, (unsigned char)text[2] == 0xA8 ? "\\u2028" : "\\u2029");
		return 3;
	}
	buf_char(buf, text[0]);
	return 1;
}

void buf_json(struct buf *buf, struct span text)
{
	static const char hex[] = "0123456789abcdef";
	size_t i = 0;

	buf_char(buf, '"');
	while (i < text.len) {
		size_t run = plain_run(text.ptr + i, text.len - i);
		unsigned char c;

		buf_add(buf, text.ptr + i, run);
		i += run;
		if (i == text.len)
			break;
		c = (unsigned char)text.ptr[i];
		if (c == 0xE2) {
			i += line_separator(buf, text.ptr + i, text.len - i);
			continue;
		}
		i++;
		if (c == '"' || c == '\\') {
			const char pair[2] = {'\\', (char)c};

			buf_add(buf, pair, 2);
		} else if (c == '\n') {
			buf_add(buf, "\\n", 2);
		} else if (c == '\t') {
			buf_add(buf, "\\t", 2);
		} else {
			const char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15U]};

			buf_add(buf, escape, 6);
		}
	}
	buf_char(buf, '"');
}

const char *buf_cstr(struct buf *buf)
{
	if (buf->ptr == NULL) {
		buf->ptr = xcalloc(1, BUF_FIRST);
		buf->size = BUF_FIRST;
	}
	buf->ptr[buf->len] = '\0';
	return buf->ptr;
}
