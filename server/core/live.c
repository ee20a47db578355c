/* SPDX-License-Identifier: MIT */
/* Buckets are by the remainder of the symbol; what begins with another one is passed by. */
#include "core/live.h"

#include <string.h>

#define FIRST_SIZE 64U

struct live *live_create(struct arena *arena)
{
	struct live *live = arena_alloc(arena, sizeof(*live));

	live->size = FIRST_SIZE;
	live->items = arena_alloc_raw(arena, live->size * sizeof(*live->items));
	live->count = 1; /* 0 is none */
	return live;
}

void live_add(struct live *live, const struct grammar *grammar, uint32_t production,
              struct arena *arena)
{
	uint32_t first = grammar->rows[grammar->productions[production].row];
	uint32_t *at = &live->heads[first % LIVE_BUCKETS];

	if (live->count == live->size) {
		struct live_item *more =
			arena_alloc_raw(arena, live->size * 2 * sizeof(*live->items));

		memcpy(more, live->items, live->count * sizeof(*more));
		live->items = more;
		live->size *= 2;
	}
	while (*at != 0 && live->items[*at].production > production)
		at = &live->items[*at].next;
	live->items[live->count] =
		(struct live_item){.production = production, .first = first, .next = *at};
	*at = (uint32_t)live->count++;
}

static uint32_t with_first(const struct live *live, uint32_t item, uint32_t symbol)
{
	while (item != 0 && live->items[item].first != symbol)
		item = live->items[item].next;
	return item;
}

uint32_t live_first(const struct live *live, uint32_t symbol)
{
	return with_first(live, live->heads[symbol % LIVE_BUCKETS], symbol);
}

uint32_t live_next(const struct live *live, uint32_t item)
{
	return with_first(live, live->items[item].next, live->items[item].first);
}
