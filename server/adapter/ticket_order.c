/* SPDX-License-Identifier: MIT */
#include "adapter/ticket_order.h"

#include <string.h>

#include <sodium.h>

#include "base/must.h"

#define CURSOR_SIZE  17 /* order, key, number */
#define CURSOR_CHARS sodium_base64_ENCODED_LEN(CURSOR_SIZE, BASE64)
#define BASE64       sodium_base64_VARIANT_URLSAFE_NO_PADDING

wall_ms ticket_next_due(const struct ticket *ticket)
{
	wall_ms due = TICKET_NOT_DUE;

	if (!ticket_is_live(ticket))
		return due;
	if (ticket->resolution_due != 0)
		due = ticket->resolution_due;
	if (ticket->first_response_due != 0 && ticket->first_response_at == 0 &&
	    ticket->first_response_due < due)
		due = ticket->first_response_due;
	for (unsigned i = 0; i < MILESTONES_MAX && ticket->milestones[i].id[0] != '\0'; i++) {
		const struct ticket_milestone *own = &ticket->milestones[i];

		if (own->due != 0 && own->done_at == 0 && own->due < due)
			due = own->due;
	}
	return due;
}

static int64_t sort_key(const struct ticket *ticket, enum ticket_sort sort)
{
	switch (sort) {
	case SORT_NEWEST:
	case SORT_OLDEST:
		return ticket->created_at;
	case SORT_DUE:
		return ticket_next_due(ticket);
	case SORT_PRIORITY:
		return (int64_t)ticket->priority;
	}
	MUST(0);
}

struct ticket_place ticket_place(const struct ticket *ticket, enum ticket_sort sort)
{
	return (struct ticket_place){.key = sort_key(ticket, sort), .number = ticket->number.v};
}

bool ticket_place_before(struct ticket_place a, struct ticket_place b, enum ticket_sort sort)
{
	if (a.key != b.key)
		return (sort == SORT_NEWEST || sort == SORT_PRIORITY) ? a.key > b.key
		                                                      : a.key < b.key;
	return sort == SORT_NEWEST ? a.number > b.number : a.number < b.number;
}

struct span ticket_cursor(struct arena *arena, enum ticket_sort sort, struct ticket_place place)
{
	unsigned char raw[CURSOR_SIZE];
	char *text = arena_alloc(arena, CURSOR_CHARS);

	raw[0] = (unsigned char)sort;
	memcpy(raw + 1, &place.key, sizeof(place.key));
	memcpy(raw + 9, &place.number, sizeof(place.number));
	(void)sodium_bin2base64(text, CURSOR_CHARS, raw, sizeof(raw), BASE64);
	return span_of(text);
}

bool ticket_cursor_parse(struct span text, enum ticket_sort sort, struct ticket_place *out)
{
	unsigned char raw[CURSOR_SIZE];
	size_t len;

	if (text.len != CURSOR_CHARS - 1 ||
	    sodium_base642bin(raw, sizeof(raw), text.ptr, text.len, NULL, &len, NULL, BASE64) !=
	            0 ||
	    len != sizeof(raw) || raw[0] != (unsigned char)sort)
		return false;
	memcpy(&out->key, raw + 1, sizeof(out->key));
	memcpy(&out->number, raw + 9, sizeof(out->number));
	return true;
}
