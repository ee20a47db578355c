/* SPDX-License-Identifier: MIT */
/* Allocation that never returns NULL: out of memory ends the process. Sizes that a peer
 * chooses are bounded by the caller before they come here. */
#ifndef TB_BASE_MEM_H
#define TB_BASE_MEM_H

#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *old, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text) __attribute__((malloc, returns_nonnull));
char *xmemdup0(const char *ptr, size_t len) __attribute__((malloc, returns_nonnull));

#endif
