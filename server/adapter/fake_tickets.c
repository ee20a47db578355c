/* SPDX-License-Identifier: MIT */
/* The fake's tickets: commands that change them. */
#include <stdlib.h>
#include <string.h>

#include "adapter/effect.h"
#include "adapter/fake_record.h"
#include "base/mem.h"
#include "base/must.h"

void *fake_list_grow(void *items, size_t count, size_t size)
{
	if (count > 0 && (count & (count - 1)) != 0)
		return items;
	return xrealloc(items, (count == 0 ? 1 : count * 2) * size);
}

void fake_record_init(struct fake_record *record)
{
	*record = (struct fake_record){.created_in_order = true};
}

static void free_ticket(struct fake_ticket *ticket)
{
	if (ticket == NULL)
		return;
	free(ticket->entries);
	free(ticket->changes);
	free(ticket->ids);
	free(ticket->fired);
	free(ticket->files);
	free(ticket);
}

static void free_maps(struct fake_record *record)
{
	struct fake_visitor *visitor, *next_visitor;
	struct fake_create_key *key, *next_key;

	HASH_ITER(hh, record->visitors, visitor, next_visitor) {
		HASH_DEL(record->visitors, visitor);
		free(visitor);
	}
	HASH_ITER(hh, record->create_keys, key, next_key) {
		HASH_DEL(record->create_keys, key);
		free(key);
	}
}

void fake_record_fini(struct fake_record *record)
{
	for (size_t i = 0; i < record->tickets_count; i++)
		free_ticket(record->tickets[i]);
	free_maps(record);
	free(record->tickets);
	free(record->created);
	free(record->due.heap);
	free(record->agents);
	free(record->sessions);
	free(record->metas);
	free(record->saved);
	free(record->policies);
	arena_fini(&record->arena);
}

struct fake_ticket *fake_ticket_find(const struct fake_record *record, struct ticket_id number)
{
	if (number.v == 0 || number.v > record->tickets_count)
		return NULL;
	return record->tickets[number.v - 1];
}

static struct fake_visitor *find_visitor(const struct fake_record *record,
                                         const struct visitor_id *id)
{
	struct fake_visitor *visitor;

	HASH_FIND(hh, record->visitors, id, sizeof(*id), visitor);
	return visitor;
}

struct fake_ticket *fake_ticket_last(const struct fake_record *record, const struct visitor_id *id)
{
	const struct fake_visitor *visitor = find_visitor(record, id);

	return visitor != NULL ? visitor->newest : NULL;
}

static struct fake_ticket *find_live(const struct fake_record *record, const struct visitor_id *id)
{
	const struct fake_visitor *visitor = find_visitor(record, id);

	return visitor != NULL ? visitor->live : NULL;
}

/* Whose newest and live ticket it is, now that it was written. */
static void settle_visitor(struct fake_record *record, struct fake_ticket *ticket)
{
	const struct visitor_id *id = &ticket->ticket.visitor;
	struct fake_visitor *visitor;

	if (visitor_id_is_none(id))
		return;
	visitor = find_visitor(record, id);
	if (visitor == NULL) {
		visitor = xcalloc(1, sizeof(*visitor));
		visitor->id = *id;
		HASH_ADD(hh, record->visitors, id, sizeof(visitor->id), visitor);
	}
	if (visitor->newest == NULL || visitor->newest->ticket.number.v < ticket->ticket.number.v)
		visitor->newest = ticket;
	if (ticket_is_live(&ticket->ticket)) {
		MUST(visitor->live == NULL || visitor->live == ticket);
		visitor->live = ticket;
	} else if (visitor->live == ticket) {
		visitor->live = NULL;
	}
}

static struct fake_ticket *newest_of(const struct fake_record *record, const struct visitor_id *id)
{
	for (size_t i = record->tickets_count; i-- > 0;) {
		struct fake_ticket *ticket = record->tickets[i];

		if (ticket != NULL && visitor_id_eq(&ticket->ticket.visitor, id))
			return ticket;
	}
	return NULL;
}

static void forget_keys(struct fake_record *record, const struct fake_ticket *ticket)
{
	struct fake_create_key *key, *next;

	HASH_ITER(hh, record->create_keys, key, next) {
		if (key->ticket != ticket)
			continue;
		HASH_DEL(record->create_keys, key);
		free(key);
	}
}

void fake_ticket_forget(struct fake_record *record, struct fake_ticket *ticket)
{
	const struct visitor_id *id = &ticket->ticket.visitor;
	struct fake_visitor *visitor = find_visitor(record, id);

	MUST(visitor == NULL || visitor->live != ticket);
	record->tickets[ticket->ticket.number.v - 1] = NULL;
	fake_due_remove(&record->due, ticket);
	forget_keys(record, ticket);
	if (visitor != NULL && visitor->newest == ticket)
		visitor->newest = newest_of(record, id);
	if (visitor != NULL && visitor->newest == NULL) {
		HASH_DEL(record->visitors, visitor);
		free(visitor);
	}
	free_ticket(ticket);
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

static void write_log(struct fake_record *record, struct fake_ticket *ticket,
                      const struct effect *effect)
{
	for (unsigned i = 0; i < effect->entries_count; i++) {
		MUST(effect->entries[i].seq == ticket->entries_count + 1);
		ticket->entries = fake_list_grow(ticket->entries, ticket->entries_count,
		                                 sizeof(*ticket->entries));
		fake_entry_copy(&record->arena, &effect->entries[i],
		                &ticket->entries[ticket->entries_count++]);
	}
}

static void write_audit(struct fake_record *record, struct fake_ticket *ticket,
                        const struct effect *effect, wall_ms now)
{
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
	for (unsigned i = 0; i < effect->fired_count; i++) {
		ticket->fired =
			fake_list_grow(ticket->fired, ticket->fired_count, sizeof(*ticket->fired));
		ticket->fired[ticket->fired_count++] =
			(struct fake_fired){.fired = effect->fired[i], .at = now};
	}
}

static void write_file(struct fake_record *record, struct fake_ticket *ticket,
                       const struct command *command, const struct entry *entry)
{
	if (command->context.len > 0)
		ticket->context = arena_span(&record->arena, command->context);
	if (command->entry_kind != ENTRY_FILE || entry == NULL)
		return;
	ticket->files = fake_list_grow(ticket->files, ticket->files_count, sizeof(*ticket->files));
	ticket->files[ticket->files_count++] =
		(struct fake_file){.seq = entry->seq,
	                           .name = arena_span(&record->arena, entry->title),
	                           .body = arena_span(&record->arena, command->file)};
}

void fake_effect_write(struct fake_record *record, struct fake_ticket *ticket,
                       const struct command *command, const struct effect *effect)
{
	const struct entry *entry = NULL;

	if (effect->entries_count > 0)
		entry = &effect->entries[effect_entry_of(effect, command->id)];
	ticket->ticket = effect->after;
	write_log(record, ticket, effect);
	write_audit(record, ticket, effect, command->now);
	write_file(record, ticket, command, entry);
	settle_visitor(record, ticket);
	fake_due_settle(&record->due, ticket);
	if (command->id.len == 0)
		return;
	ticket->ids = fake_list_grow(ticket->ids, ticket->ids_count, sizeof(*ticket->ids));
	ticket->ids[ticket->ids_count++] =
		(struct fake_used_id){.author = author_of(command),
	                              .id = arena_span(&record->arena, command->id),
	                              .seq = entry != NULL ? entry->seq : 0};
}

/* A visitor has one live ticket: an ended one stays ended beside it. */
static bool is_one_too_many(const struct fake_record *record, const struct fake_ticket *ticket,
                            const struct ticket *after)
{
	const struct fake_ticket *live;

	if (!ticket_is_live(after) || visitor_id_is_none(&after->visitor))
		return false;
	live = find_live(record, &after->visitor);
	return live != NULL && live != ticket;
}

static enum status change_ticket(struct fake_record *record, struct fake_ticket *ticket,
                                 struct store_call *call)
{
	struct effect *effect = &call->u.command.effect;
	const struct command *command = &call->u.command.command;
	enum status st = ticket_decide(&ticket->ticket, command, &call->arena, effect);

	if (st != ST_OK)
		return st;
	if (is_one_too_many(record, ticket, &effect->after))
		return ST_CONFLICT;
	/* The effect goes back to the caller while the ticket that it was decided on goes on. */
	effect_own(effect, &call->arena);
	fake_effect_write(record, ticket, command, effect);
	call->u.command.number = ticket->ticket.number;
	return ST_OK;
}

static enum status open_ticket(struct fake_record *record, struct store_call *call)
{
	struct fake_ticket *ticket = xcalloc(1, sizeof(*ticket));
	size_t count = record->tickets_count;
	enum status st;

	ticket->ticket.number.v = count + 1;
	st = change_ticket(record, ticket, call);
	if (st != ST_OK) {
		free(ticket);
		return st;
	}
	record->tickets = fake_list_grow(record->tickets, count, sizeof(*record->tickets));
	record->created = fake_list_grow(record->created, count, sizeof(*record->created));
	record->tickets[count] = ticket;
	record->created[count] = ticket->ticket.created_at;
	if (count > 0 && record->created[count] < record->created[count - 1])
		record->created_in_order = false;
	record->tickets_count++;
	return ST_OK;
}

static void start(struct store_call *call)
{
	call->u.command.duplicate = false;
	call->u.command.opened = false;
}

/* The visitor has no live ticket: the one that ended goes on, or a new one. */
static enum status say_anew(struct fake_record *record, struct store_call *call,
                            struct fake_ticket *ended)
{
	struct command *command = &call->u.command.command;
	enum status st;

	if (ended != NULL && !command->fresh &&
	    ticket_may_reopen(command->book, &ended->ticket, command->now))
		return change_ticket(record, ended, call);
	command->kind = COMMAND_OPEN;
	if (ended != NULL)
		command->previous = ended->ticket.number;
	st = open_ticket(record, call);
	command->kind = COMMAND_SAY; /* as it was given, for a caller who tries again */
	command->previous = (struct ticket_id){0};
	call->u.command.opened = st == ST_OK;
	return st;
}

enum status fake_say(struct fake_record *record, struct store_call *call)
{
	const struct command *command = &call->u.command.command;
	const struct visitor_id *visitor = &command->actor.visitor;
	struct fake_ticket *live = find_live(record, visitor);
	struct fake_ticket *newest = fake_ticket_last(record, visitor);

	MUST(command->kind == COMMAND_SAY && command->actor.role == ROLE_VISITOR);
	MUST(!visitor_id_is_none(visitor));
	start(call);
	if (answered_before(call, live) || answered_before(call, newest))
		return ST_OK;
	return live != NULL ? change_ticket(record, live, call) : say_anew(record, call, newest);
}

static struct fake_create_key *find_create_key(const struct fake_record *record,
                                               const struct command *command,
                                               struct fake_create_key *key)
{
	struct actor_key author = author_of(command);
	struct fake_create_key *found;

	MUST(command->id.len <= CLIENT_ID_MAX);
	memset(key, 0, sizeof(*key));
	memcpy(key->bytes, &author, sizeof(author));
	memcpy(key->bytes + sizeof(author), command->id.ptr, command->id.len);
	HASH_FIND(hh, record->create_keys, key->bytes, sizeof(key->bytes), found);
	return found;
}

static void keep_create_key(struct fake_record *record, const struct fake_create_key *key)
{
	struct fake_create_key *kept = xcalloc(1, sizeof(*kept));

	*kept = *key;
	kept->ticket = record->tickets[record->tickets_count - 1];
	kept->seq = kept->ticket->ids[0].seq;
	HASH_ADD(hh, record->create_keys, bytes, sizeof(kept->bytes), kept);
}

enum status fake_create(struct fake_record *record, struct store_call *call)
{
	const struct command *command = &call->u.command.command;
	struct fake_create_key key, *known = NULL;
	enum status st;

	MUST(command->kind == COMMAND_OPEN);
	start(call);
	if (command->id.len > 0)
		known = find_create_key(record, command, &key);
	if (known != NULL) {
		answer_duplicate(call, known->ticket, known->seq);
		return ST_OK;
	}
	if (command->actor.role == ROLE_VISITOR && command->resolution == RESOLUTION_NONE &&
	    find_live(record, &command->actor.visitor) != NULL)
		return ST_CONFLICT;
	st = open_ticket(record, call);
	if (st == ST_OK && command->id.len > 0)
		keep_create_key(record, &key);
	return st;
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
