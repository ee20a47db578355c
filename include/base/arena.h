/* SPDX-License-Identifier: MIT */
/* Memory that dies together: one arena per flow, per request, per decoded frame.
 * Not thread-safe: an arena belongs to whoever holds the call it is part of. */
#ifndef TB_BASE_ARENA_H
#define TB_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct arena_block;

/* The zero value is an empty arena. */
struct arena {
	struct arena_block *head;
	size_t total; /* bytes handed out so far */
};

void arena_fini(struct arena *arena); /* frees all; the arena is empty again */
/* The same for who needs as much again at once: the largest block stays. */
void arena_clear(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t size);     /* zeroed, aligned for any type */
void *arena_alloc_raw(struct arena *arena, size_t size); /* not zeroed: for what is filled anyway */
char *arena_strdup(struct arena *arena, const char *text);
/* One text of several, the last of which is followed by NULL. */
char *arena_join(struct arena *arena, const char *first, ...) __attribute__((sentinel));
struct span arena_span(struct arena *arena, struct span src); /* also terminated by NUL */

#endif
