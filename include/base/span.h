/* SPDX-License-Identifier: MIT */
/* A borrowed piece of text: pointer and length, not terminated. {NULL, 0} is "absent". */
#ifndef TB_BASE_SPAN_H
#define TB_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

struct span {
	const char *ptr;
	size_t len;
};

#define SPAN_LIT(s) ((struct span){.ptr = (s), .len = sizeof(s) - 1})

struct span span_of(const char *text); /* NULL gives the absent span */
bool span_eq(struct span a, struct span b);
bool span_is(struct span a, const char *text);

/* Copies at most size - 1 bytes, cut at a UTF-8 character, always terminated.
 * true: all of it fitted. */
bool span_copy(char *dst, size_t size, struct span src);

#endif
