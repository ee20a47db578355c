/* SPDX-License-Identifier: MIT */
#include "base/span.h"

#include <string.h>

#include "base/must.h"

struct span span_of(const char *text)
{
	return (struct span){.ptr = text, .len = text != NULL ? strlen(text) : 0};
}

bool span_eq(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool span_is(struct span a, const char *text)
{
	return span_eq(a, span_of(text));
}

/* Bytes 10xxxxxx go on with a character of UTF-8 (RFC 3629). */
static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0U) == 0x80U;
}

bool span_copy(char *dst, size_t size, struct span src)
{
	size_t len = src.len;

	MUST(size > 0);
	if (len > size - 1) {
		len = size - 1;
		while (len > 0 && is_continuation(src.ptr[len]))
			len--;
	}
	if (len > 0)
		memcpy(dst, src.ptr, len);
	dst[len] = '\0';
	return len == src.len;
}
