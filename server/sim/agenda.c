/* SPDX-License-Identifier: MIT */
#include "sim/agenda.h"

#include <stdlib.h>

#include "base/mem.h"

static bool before(const struct agenda_item *a, const struct agenda_item *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct agenda_item *a, struct agenda_item *b)
{
	struct agenda_item kept = *a;

	*a = *b;
	*b = kept;
}

void agenda_add(struct agenda *agenda, const struct agenda_item *item)
{
	size_t at = agenda->count;

	if (agenda->count == agenda->size) {
		agenda->size = agenda->size == 0 ? 64 : agenda->size * 2;
		agenda->items = xrealloc(agenda->items, agenda->size * sizeof(*agenda->items));
	}
	agenda->items[at] = *item;
	agenda->items[at].order = agenda->order++;
	agenda->count++;
	while (at > 0 && before(&agenda->items[at], &agenda->items[(at - 1) / 2])) {
		swap(&agenda->items[at], &agenda->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

const struct agenda_item *agenda_first(const struct agenda *agenda)
{
	return agenda->count > 0 ? &agenda->items[0] : NULL;
}

static void sink(struct agenda *agenda)
{
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= agenda->count)
			return;
		if (child + 1 < agenda->count &&
		    before(&agenda->items[child + 1], &agenda->items[child]))
			child++;
		if (!before(&agenda->items[child], &agenda->items[at]))
			return;
		swap(&agenda->items[child], &agenda->items[at]);
		at = child;
	}
}

bool agenda_take(struct agenda *agenda, wall_ms now, struct agenda_item *item_out)
{
	if (agenda->count == 0 || agenda->items[0].at > now)
		return false;
	*item_out = agenda->items[0];
	agenda->items[0] = agenda->items[--agenda->count];
	sink(agenda);
	return true;
}

void agenda_fini(struct agenda *agenda)
{
	free(agenda->items);
	*agenda = (struct agenda){0};
}
