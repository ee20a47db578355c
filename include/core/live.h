/* SPDX-License-Identifier: MIT */
/* The productions that may match in a text, by what they begin with. */
#ifndef TB_CORE_LIVE_H
#define TB_CORE_LIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/grammar.h"

#define LIVE_BUCKETS 512U

struct live_item {
	uint32_t production, first, next;
};

struct live {
	uint32_t heads[LIVE_BUCKETS]; /* items, the newest production first; 0: none */
	struct live_item *items;
	size_t count, size;
};

struct live *live_create(struct arena *arena);

/* Once for each production. */
void live_add(struct live *live, const struct grammar *grammar, uint32_t production,
              struct arena *arena);

/* The newest of those that begin with the symbol; and the next one after `item`. 0: no more. */
uint32_t live_first(const struct live *live, uint32_t symbol);
uint32_t live_next(const struct live *live, uint32_t item);

#endif
