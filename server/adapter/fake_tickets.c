/* SPDX-License-Identifier: MIT */
/* The fake's tickets: commands that change them. */
#include <stdlib.h>
#include <string.h>

#include "adapter/fake_record.h"
#include "base/mem.h"
#include "base/must.h"

void *fake_list_grow(void *items, size_t count, size_t size)
{
	if (count > 0 && (count & (count - 1)) != 0)
		return items;
	return xrealloc(items, (count == 0 ? 1 : count * 2) * size);
}

void fake_record_fini(struct fake_record *record)
{
	for (size_t i = 0; i < record->tickets_count; i++) {
		free(record->tickets[i]->entries);
		free(record->tickets[i]->changes);
		free(record->tickets[i]->ids);
		free(record->tickets[i]);
	}
	free(record->tickets);
	free(record->visitors);
	free(record->agents);
	free(record->sessions);
	free(record->metas);
	arena_fini(&record->arena);
}

struct fake_ticket *fake_ticket_find(const struct fake_record *record, struct ticket_id number)
{
	if (number.v == 0 || number.v > record->tickets_count)
		return NULL;
	return record->tickets[number.v - 1];
}

static struct fake_ticket *find_of_visitor(const struct fake_record *record,
                                           const struct visitor_id *visitor, bool live_only)
{
	for (size_t i = record->tickets_count; i-- > 0;) {
		if (visitor_id_eq(&record->visitors[i], visitor) &&
		    (!live_only || ticket_is_live(&record->tickets[i]->ticket)))
			return record->tickets[i];
	}
	return NULL;
}

struct fake_ticket *fake_ticket_last(const struct fake_record *record,
                                     const struct visitor_id *visitor)
{
	return find_of_visitor(record, visitor, false);
}

void fake_entry_copy(struct arena *arena, const struct entry *from, struct entry *to)
{
	*to = *from;
	to->id = arena_span(arena, from->id);
	to->text = arena_span(arena, from->text);
	to->url = arena_span(arena, from->url);
	to->title = arena_span(arena, from->title);
	to->reason = arena_span(arena, from->reason);
}

static struct actor_key author_of(const struct command *command)
{
	const struct actor *actor = &command->actor;
	struct actor_key author;

	memset(&author, 0, sizeof(author));
	author.role = actor->role;
	if (actor->role == ROLE_AGENT)
		author.agent = actor->agent.v;
	if (actor->role == ROLE_VISITOR)
		author.visitor = actor->visitor;
	return author;
}

static bool is_used_by(const struct fake_used_id *used, const struct command *command)
{
	struct actor_key author = author_of(command);

	return command->id.len > 0 && span_eq(used->id, command->id) &&
	       used->author.role == author.role && used->author.agent == author.agent &&
	       visitor_id_eq(&used->author.visitor, &author.visitor);
}

static void answer_duplicate(struct store_call *call, const struct fake_ticket *ticket,
                             uint64_t seq)
{
	struct effect *effect = &call->u.command.effect;

	*effect = (struct effect){.after = ticket->ticket, .route = ROUTE_KEEP};
	if (seq != 0) {
		fake_entry_copy(&call->arena, &ticket->entries[seq - 1], &effect->entries[0]);
		effect->entries_count = 1;
	}
	call->u.command.number = ticket->ticket.number;
	call->u.command.duplicate = true;
}

static bool answered_before(struct store_call *call, const struct fake_ticket *ticket)
{
	if (ticket == NULL)
		return false;
	for (size_t i = 0; i < ticket->ids_count; i++) {
		if (is_used_by(&ticket->ids[i], &call->u.command.command)) {
			answer_duplicate(call, ticket, ticket->ids[i].seq);
			return true;
		}
	}
	return false;
}

/* The effect goes back to the caller while the ticket that it was decided on goes on. */
static void own_changes(struct store_call *call)
{
	struct effect *effect = &call->u.command.effect;

	for (unsigned i = 0; i < effect->changes_count; i++) {
		struct change *change = &effect->changes[i];

		change->from = arena_span(&call->arena, change->from);
		change->to = arena_span(&call->arena, change->to);
		change->why = arena_span(&call->arena, change->why);
	}
}

static void write_effect(struct fake_record *record, struct fake_ticket *ticket,
                         const struct store_call *call)
{
	const struct effect *effect = &call->u.command.effect;
	const struct command *command = &call->u.command.command;

	ticket->ticket = effect->after;
	for (unsigned i = 0; i < effect->entries_count; i++) {
		MUST(effect->entries[i].seq == ticket->entries_count + 1);
		ticket->entries = fake_list_grow(ticket->entries, ticket->entries_count,
		                                 sizeof(*ticket->entries));
		fake_entry_copy(&record->arena, &effect->entries[i],
		                &ticket->entries[ticket->entries_count++]);
	}
	for (unsigned i = 0; i < effect->changes_count; i++) {
		struct change *change;

		ticket->changes = fake_list_grow(ticket->changes, ticket->changes_count,
		                                 sizeof(*ticket->changes));
		change = &ticket->changes[ticket->changes_count++];
		*change = effect->changes[i];
		change->from = arena_span(&record->arena, change->from);
		change->to = arena_span(&record->arena, change->to);
		change->why = arena_span(&record->arena, change->why);
	}
	if (command->id.len == 0)
		return;
	ticket->ids = fake_list_grow(ticket->ids, ticket->ids_count, sizeof(*ticket->ids));
	ticket->ids[ticket->ids_count++] = (struct fake_used_id){
		.author = author_of(command),
		.id = arena_span(&record->arena, command->id),
		.seq = effect->entries_count > 0 ? effect->entries[0].seq : 0};
}

static enum status change_ticket(struct fake_record *record, struct fake_ticket *ticket,
                                 struct store_call *call)
{
	enum status st = ticket_decide(&ticket->ticket, &call->u.command.command, &call->arena,
	                               &call->u.command.effect);

	if (st != ST_OK)
		return st;
	own_changes(call);
	write_effect(record, ticket, call);
	call->u.command.number = ticket->ticket.number;
	return ST_OK;
}

static enum status open_ticket(struct fake_record *record, struct store_call *call)
{
	struct fake_ticket *ticket = xcalloc(1, sizeof(*ticket));
	enum status st;

	ticket->ticket.number.v = record->tickets_count + 1;
	st = change_ticket(record, ticket, call);
	if (st != ST_OK) {
		free(ticket);
		return st;
	}
	record->tickets =
		fake_list_grow(record->tickets, record->tickets_count, sizeof(*record->tickets));
	record->visitors =
		fake_list_grow(record->visitors, record->tickets_count, sizeof(*record->visitors));
	record->visitors[record->tickets_count] = ticket->ticket.visitor;
	record->tickets[record->tickets_count++] = ticket;
	return ST_OK;
}

static void start(struct store_call *call)
{
	call->u.command.duplicate = false;
	call->u.command.opened = false;
}

enum status fake_say(struct fake_record *record, struct store_call *call)
{
	struct command *command = &call->u.command.command;
	const struct visitor_id *visitor = &command->actor.visitor;
	struct fake_ticket *live = find_of_visitor(record, visitor, true);
	enum status st;

	MUST(command->kind == COMMAND_SAY && command->actor.role == ROLE_VISITOR);
	MUST(!visitor_id_is_none(visitor));
	start(call);
	if (answered_before(call, live) ||
	    answered_before(call, find_of_visitor(record, visitor, false)))
		return ST_OK;
	if (live != NULL)
		return change_ticket(record, live, call);
	command->kind = COMMAND_OPEN;
	st = open_ticket(record, call);
	command->kind = COMMAND_SAY; /* as it was given, for a caller who tries again */
	call->u.command.opened = st == ST_OK;
	return st;
}

enum status fake_create(struct fake_record *record, struct store_call *call)
{
	const struct command *command = &call->u.command.command;
	struct fake_ticket *ticket;
	enum status st;

	MUST(command->kind == COMMAND_OPEN);
	start(call);
	for (size_t i = 0; i < record->tickets_count; i++) {
		ticket = record->tickets[i];
		if (is_used_by(&ticket->create_key, command)) {
			answer_duplicate(call, ticket, ticket->create_key.seq);
			return ST_OK;
		}
	}
	if (command->actor.role == ROLE_VISITOR && command->resolution == RESOLUTION_NONE &&
	    find_of_visitor(record, &command->actor.visitor, true) != NULL)
		return ST_CONFLICT;
	st = open_ticket(record, call);
	if (st != ST_OK || command->id.len == 0)
		return st;
	ticket = record->tickets[record->tickets_count - 1];
	ticket->create_key = ticket->ids[0];
	return ST_OK;
}

enum status fake_command(struct fake_record *record, struct store_call *call)
{
	struct fake_ticket *ticket = fake_ticket_find(record, call->u.command.number);

	MUST(call->u.command.command.kind != COMMAND_OPEN);
	start(call);
	if (ticket == NULL)
		return ST_NOT_FOUND;
	if (answered_before(call, ticket))
		return ST_OK;
	return change_ticket(record, ticket, call);
}
