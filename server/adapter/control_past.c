/* SPDX-License-Identifier: MIT */
/* A page of tickets, then each of them:
 *
 *   list --> ticket --> ticket ... --> answer */
#include "adapter/control_past.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/view.h"
#include "proto/wire.h"

#define PAGE        50
#define ENTRIES_MAX 1000 /* of a ticket */

struct past {
	struct desk *desk;
	struct desk_call list, one;
	struct arena arena; /* the cursor */
	size_t at;
	wall_ms now;
	struct buf answer;
	void (*done)(void *ctx, struct span answer);
	void *ctx;
};

static void finish(struct past *past)
{
	past->done(past->ctx, (struct span){.ptr = past->answer.ptr, .len = past->answer.len});
	buf_fini(&past->answer);
	arena_fini(&past->list.arena);
	arena_fini(&past->one.arena);
	arena_fini(&past->arena);
	free(past);
}

static void refuse(struct past *past, enum status st)
{
	buf_reset(&past->answer);
	buf_fmt(&past->answer, "{\"ok\":false,\"code\":\"%s\",\"message\":", status_code(st));
	buf_json(&past->answer, span_of(wire_sentence(st)));
	buf_char(&past->answer, '}');
	finish(past);
}

/* Who is the same one, without a name: "" is nobody who could be told from others. */
static void add_person(struct buf *buf, const struct ticket *ticket)
{
	if (visitor_id_is_none(&ticket->visitor)) {
		buf_json(buf, span_of(ticket->visitor_email));
		return;
	}
	buf_char(buf, '"');
	for (size_t i = 0; i < sizeof(ticket->visitor.v); i++)
		buf_fmt(buf, "%02x", ticket->visitor.v[i]);
	buf_char(buf, '"');
}

static void add_ticket(struct past *past)
{
	struct buf *buf = &past->answer;
	size_t entries = past->one.u.ticket.entries_count;

	if (past->at > 0)
		buf_char(buf, ',');
	buf_text(buf, "{\"ticket\":");
	view_ticket(buf, &past->one.u.ticket.ticket);
	buf_text(buf, ",\"person\":");
	add_person(buf, &past->one.u.ticket.ticket);
	buf_text(buf, ",\"entries\":[");
	for (size_t i = 0; i < entries && i < ENTRIES_MAX; i++) {
		struct entry *entry = &past->one.u.ticket.entries[i];

		if (entry->from != ROLE_VISITOR)
			entry->text = SPAN_LIT("");
		if (i > 0)
			buf_char(buf, ',');
		view_entry(buf, entry, AUDIENCE_AGENT);
	}
	buf_text(buf, "],\"changes\":[");
	for (size_t i = 0; i < past->one.u.ticket.changes_count; i++) {
		if (i > 0)
			buf_char(buf, ',');
		view_change(buf, &past->one.u.ticket.changes[i]);
	}
	buf_text(buf, "]}");
}

static void next_ticket(struct past *past);

static void ticket_done(struct op *op)
{
	struct past *past = container_of(op, struct past, one.op);

	if (op->status != ST_OK) {
		refuse(past, op->status);
		return;
	}
	add_ticket(past);
	arena_fini(&past->one.arena);
	past->at++;
	next_ticket(past);
}

static void next_ticket(struct past *past)
{
	if (past->at < past->list.u.tickets.count) {
		past->one = (struct desk_call){
			.kind = CALL_TICKET, .trusted = true, .op.done = ticket_done};
		past->one.u.ticket.number = past->list.u.tickets.items[past->at].number;
		past->desk->ops->call(past->desk, &past->one, past->now);
		return;
	}
	buf_text(&past->answer, "],\"next\":");
	view_span(&past->answer, past->list.u.tickets.next);
	buf_char(&past->answer, '}');
	finish(past);
}

static void list_done(struct op *op)
{
	struct past *past = container_of(op, struct past, list.op);

	if (op->status != ST_OK) {
		refuse(past, op->status);
		return;
	}
	buf_text(&past->answer, "{\"ok\":true,\"tickets\":[");
	next_ticket(past);
}

void control_past_start(struct desk *desk, struct span cursor, wall_ms now,
                        void (*done)(void *ctx, struct span answer), void *ctx)
{
	struct past *past = xcalloc(1, sizeof(*past));

	*past = (struct past){.desk = desk, .now = now, .done = done, .ctx = ctx};
	past->list =
		(struct desk_call){.kind = CALL_TICKETS, .trusted = true, .op.done = list_done};
	past->list.u.tickets.filter = (struct ticket_filter){
		.sort = SORT_OLDEST, .limit = PAGE, .cursor = arena_span(&past->arena, cursor)};
	desk->ops->call(desk, &past->list, now);
}
