/* SPDX-License-Identifier: MIT */
/* Assertions that stay on: for what only a bug breaks, never for a peer's input. */
#ifndef TB_BASE_MUST_H
#define TB_BASE_MUST_H

#include <stddef.h>

_Noreturn void must_fail(const char *expr, const char *file, int line);

#define MUST(e) ((e) ? (void)0 : must_fail(#e, __FILE__, __LINE__))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

#endif
