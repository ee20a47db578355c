/* SPDX-License-Identifier: MIT */
#include "core/ticket.h"

#include "core/entry.h"

bool ticket_is_live(const struct ticket *ticket)
{
	return ticket->status != TICKET_RESOLVED && ticket->status != TICKET_CLOSED;
}

bool ticket_is_waiting(const struct ticket *ticket)
{
	return ticket_is_live(ticket) && ticket->waiting_since != 0;
}

/* 42 bits of milliseconds last until 2109; three bits above them make 45. */
int64_t ticket_queue_score(const struct ticket *ticket)
{
	int64_t rank = (ticket->queue_head ? 0 : 4) + (PRIORITY_CRITICAL - ticket->priority);

	return rank * (INT64_C(1) << 42) + ticket->waiting_since;
}

bool entry_is_public(const struct entry *entry)
{
	return entry->kind != ENTRY_NOTE &&
	       !(entry->kind == ENTRY_EVENT && entry->event == EVENT_RATED);
}
