/* SPDX-License-Identifier: MIT */
#include "core/sent_pages.h"

#include <string.h>

_Static_assert(SENT_PAGES_MAX <= 32, "a bit each");

void sent_pages_add(struct sent_pages *pages, uint64_t seq)
{
	if (pages->count == SENT_PAGES_MAX) {
		memmove(&pages->seq[0], &pages->seq[1], sizeof(pages->seq) - sizeof(pages->seq[0]));
		pages->opened >>= 1;
		pages->count--;
	}
	pages->seq[pages->count++] = (uint32_t)seq;
}

enum status sent_pages_open(struct sent_pages *pages, uint64_t seq)
{
	for (unsigned i = 0; i < pages->count; i++) {
		if (pages->seq[i] != seq)
			continue;
		if ((pages->opened >> i & 1U) != 0)
			return ST_CONFLICT;
		pages->opened |= 1U << i;
		return ST_OK;
	}
	return ST_NOT_FOUND;
}
