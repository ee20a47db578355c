/* SPDX-License-Identifier: MIT */
/* The fake's end of what is past its time. */
#include <stdlib.h>

#include "adapter/fake_record.h"
#include "base/must.h"

static bool is_old(const struct fake_ticket *ticket, wall_ms before)
{
	const struct ticket *of = &ticket->ticket;

	return !ticket_is_live(of) && of->resolved_at > 0 && of->resolved_at < before &&
	       of->created_at < before;
}

static bool is_older(const struct fake_ticket *a, const struct fake_ticket *b)
{
	if (a->ticket.created_at != b->ticket.created_at)
		return a->ticket.created_at < b->ticket.created_at;
	return a->ticket.number.v < b->ticket.number.v;
}

/* NULL: none is past its time. */
static struct fake_ticket *oldest(const struct fake_record *record, wall_ms before)
{
	struct fake_ticket *found = NULL;

	for (size_t i = 0; i < record->tickets_count; i++) {
		struct fake_ticket *ticket = record->tickets[i];

		if (ticket != NULL && is_old(ticket, before) &&
		    (found == NULL || is_older(ticket, found)))
			found = ticket;
	}
	return found;
}

static void forget_sessions(struct fake_record *record, struct store_call *call)
{
	size_t kept = 0;

	for (size_t i = 0; i < record->sessions_count; i++) {
		wall_ms end = record->sessions[i].expires_at;

		if (end == 0 || end > call->u.forget.now)
			record->sessions[kept++] = record->sessions[i];
	}
	call->u.forget.sessions = (unsigned)(record->sessions_count - kept);
	record->sessions_count = kept;
}

enum status fake_forget(struct fake_record *record, struct store_call *call)
{
	struct fake_ticket *ticket;

	MUST(call->u.forget.limit >= 1 && call->u.forget.limit <= STORE_FORGET_MAX);
	call->u.forget.tickets = call->u.forget.entries = call->u.forget.files = 0;
	forget_sessions(record, call);
	while ((ticket = oldest(record, call->u.forget.before)) != NULL &&
	       call->u.forget.tickets < call->u.forget.limit) {
		call->u.forget.tickets++;
		call->u.forget.entries += (unsigned)ticket->entries_count;
		call->u.forget.files += (unsigned)ticket->files_count;
		fake_ticket_forget(record, ticket);
	}
	call->u.forget.more = ticket != NULL;
	return ST_OK;
}
