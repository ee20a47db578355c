/* SPDX-License-Identifier: MIT */
/* Commands inside the open transaction: was it done before, what does it come to, write that.
 *   find the ticket > known id? answer as then > ticket_decide > effect_write            */
#include <string.h>

#include "adapter/effect.h"
#include "adapter/sqlite_record.h"
#include "base/must.h"

static enum status answer_duplicate(struct writer *writer, struct store_call *call,
                                    const struct cached *cached, uint64_t entry)
{
	struct effect *effect = &call->u.command.effect;
	sqlite3_stmt *stmt;
	enum status st;

	memset(effect, 0, sizeof(*effect));
	effect->after = cached->ticket;
	call->u.command.number = cached->ticket.number;
	call->u.command.duplicate = true;
	if (entry == 0)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_ENTRY_GET);
	db_bind_u64(stmt, 1, entry);
	if (!db_row(&writer->db, stmt, &st))
		return ST_UNAVAILABLE;
	entry_from_row(stmt, &call->arena, &effect->entries[0]);
	db_finish(stmt);
	effect->entries_count = 1;
	return ST_OK;
}

static enum status entry_is_of(struct writer *writer, uint64_t entry, const struct command *command,
                               bool *same_out)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_ENTRY_LINK);
	enum status st;

	*same_out = false;
	if (entry == 0)
		return ST_OK;
	db_bind_u64(stmt, 1, entry);
	if (!db_row(&writer->db, stmt, &st))
		return st;
	*same_out = db_column_u64(stmt, 3) == author_of(&command->actor) &&
	            span_eq(db_column_span(stmt, 4), command->id);
	db_finish(stmt);
	return ST_OK;
}

/* Hashes agree; do the author and the id? In the entry's own columns, or in a row of the keys. */
static enum status is_same(struct writer *writer, const struct cached *cached, uint64_t entry,
                           const struct command *command, bool *same_out)
{
	sqlite3_stmt *stmt;
	enum status st = entry_is_of(writer, entry, command, same_out);

	if (st != ST_OK || *same_out)
		return st;
	stmt = db_stmt(&writer->db, SQL_KEY_GET);
	db_bind_u64(stmt, 1, cached->ticket.number.v);
	db_bind_u64(stmt, 2, author_of(&command->actor));
	db_bind_span(stmt, 3, command->id);
	*same_out = db_row(&writer->db, stmt, &st) && db_column_u64(stmt, 0) == entry;
	db_finish(stmt);
	return st;
}

/* OK with call.duplicate: it was answered as then. */
static enum status look_back(struct writer *writer, const struct cached *cached,
                             struct store_call *call)
{
	const struct command *command = &call->u.command.command;
	uint64_t hash, entry;
	size_t at = 0;

	if (command->id.len == 0 || cached == NULL)
		return ST_OK;
	/* A stranger who guesses an id is not told about it. */
	if (command->actor.role == ROLE_VISITOR &&
	    !visitor_id_eq(&command->actor.visitor, &cached->ticket.visitor))
		return ST_OK;
	hash = cache_id_hash(writer->cache, author_of(&command->actor), command->id);
	while (used_ids_next(&cached->ids, hash, &at, &entry)) {
		bool same = false;
		enum status st = is_same(writer, cached, entry, command, &same);

		if (st != ST_OK)
			return st;
		if (same)
			return answer_duplicate(writer, call, cached, entry);
	}
	return ST_OK;
}

/* *out is NULL when the visitor has no live ticket. */
static enum status find_live(struct writer *writer, const struct visitor_id *visitor,
                             struct cached **out)
{
	sqlite3_stmt *stmt;
	uint64_t number;
	enum status st;

	*out = cache_find_live(writer->cache, visitor);
	if (*out != NULL)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_TICKET_LIVE_OF);
	db_bind_blob(stmt, 1, visitor->v, sizeof(visitor->v));
	st = db_u64(&writer->db, stmt, &number);
	if (st != ST_OK || number == 0)
		return st;
	return ticket_load(writer, (struct ticket_id){number}, out);
}

/* A visitor has one live ticket: an ended one stays ended beside it. */
static enum status check_alone(struct writer *writer, const struct cached *cached,
                               const struct ticket *after)
{
	sqlite3_stmt *stmt;
	uint64_t number;
	enum status st;

	if (cached == NULL || ticket_is_live(&cached->ticket) || !ticket_is_live(after) ||
	    visitor_id_is_none(&after->visitor))
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_TICKET_LIVE_OF);
	db_bind_blob(stmt, 1, after->visitor.v, sizeof(after->visitor.v));
	st = db_u64(&writer->db, stmt, &number);
	return st == ST_OK && number != 0 ? ST_CONFLICT : st;
}

/* `cached` NULL: a new ticket. */
static enum status decide(struct writer *writer, struct cached *cached, struct store_call *call)
{
	struct decided decided = {.command = &call->u.command.command,
	                          .effect = &call->u.command.effect,
	                          .arena = &call->arena};
	struct ticket none;
	const struct ticket *before = &none;
	enum status st;

	if (cached != NULL) {
		before = &cached->ticket;
	} else {
		memset(&none, 0, sizeof(none));
		none.number.v = writer->next_number;
	}
	st = ticket_decide(before, decided.command, decided.arena, decided.effect);
	if (st != ST_OK)
		return st;
	if (!ticket_is_storable(&decided.effect->after))
		return ST_BAD_REQUEST;
	st = check_alone(writer, cached, &decided.effect->after);
	if (st != ST_OK)
		return st;
	effect_own(decided.effect, decided.arena);
	call->u.command.number = decided.effect->after.number;
	return effect_write(writer, cached, &decided);
}

static void start(struct store_call *call)
{
	call->u.command.duplicate = false;
	call->u.command.opened = false;
}

/* The visitor's newest ticket, and whether the command was done on it, unless that is `live`.
 * newest_out: its number, 0: it is `live`, or there is none. */
static enum status look_back_newest(struct writer *writer, struct cached *live,
                                    struct store_call *call, struct ticket_id *newest_out)
{
	const struct visitor_id *visitor = &call->u.command.command.actor.visitor;
	sqlite3_stmt *stmt;
	struct cached *newest;
	uint64_t number;
	enum status st;

	newest_out->v = 0;
	if (live != NULL && live->newest)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_TICKET_LAST_OF);
	db_bind_blob(stmt, 1, visitor->v, sizeof(visitor->v));
	st = db_u64(&writer->db, stmt, &number);
	if (st != ST_OK || number == 0)
		return st;
	if (live != NULL && live->ticket.number.v == number) {
		live->newest = true;
		return ST_OK;
	}
	newest_out->v = number;
	st = ticket_load(writer, *newest_out, &newest);
	return st == ST_OK ? look_back(writer, newest, call) : st;
}

/* The visitor has no live ticket: the one that ended goes on, or a new one. */
static enum status say_anew(struct writer *writer, struct store_call *call, struct ticket_id ended)
{
	struct command *command = &call->u.command.command;
	struct cached *cached;
	enum status st;

	if (ended.v != 0) {
		st = ticket_load(writer, ended, &cached);
		if (st != ST_OK)
			return st;
		if (!command->fresh &&
		    ticket_may_reopen(command->book, &cached->ticket, command->now))
			return decide(writer, cached, call);
	}
	command->kind = COMMAND_OPEN;
	command->previous = ended;
	st = decide(writer, NULL, call);
	command->kind = COMMAND_SAY; /* as it was given, for a caller who tries again */
	command->previous = (struct ticket_id){0};
	call->u.command.opened = st == ST_OK;
	return st;
}

enum status record_say(struct writer *writer, struct store_call *call)
{
	const struct command *command = &call->u.command.command;
	struct ticket_id number = {0}, newest;
	struct cached *live;
	enum status st;

	MUST(command->kind == COMMAND_SAY && command->actor.role == ROLE_VISITOR);
	MUST(!visitor_id_is_none(&command->actor.visitor));
	start(call);
	st = find_live(writer, &command->actor.visitor, &live);
	if (st == ST_OK && live != NULL)
		number = live->ticket.number;
	if (st == ST_OK)
		st = look_back(writer, live, call);
	if (st != ST_OK || call->u.command.duplicate)
		return st;
	st = look_back_newest(writer, live, call, &newest);
	if (st != ST_OK || call->u.command.duplicate)
		return st;
	if (number.v == 0)
		return say_anew(writer, call, newest);
	/* The newest one may have pushed it out of the cache. */
	st = ticket_load(writer, number, &live);
	return st == ST_OK ? decide(writer, live, call) : st;
}

/* role, then whose: the key of an Idempotency-Key's owner. */
static size_t creator_of(const struct actor *actor, unsigned char out[17])
{
	out[0] = (unsigned char)actor->role;
	switch (actor->role) {
	case ROLE_SYSTEM:
		return 1;
	case ROLE_VISITOR:
		memcpy(out + 1, actor->visitor.v, sizeof(actor->visitor.v));
		return 1 + sizeof(actor->visitor.v);
	case ROLE_AGENT:
		memcpy(out + 1, &actor->agent.v, sizeof(actor->agent.v));
		return 1 + sizeof(actor->agent.v);
	}
	MUST(0);
}

static void bind_creator(sqlite3_stmt *stmt, const struct command *command,
                         unsigned char creator[17])
{
	size_t len = creator_of(&command->actor, creator);

	db_bind_blob(stmt, 1, creator, len);
	db_bind_span(stmt, 2, command->id);
}

static enum status look_for_create(struct writer *writer, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_CREATE_KEY_GET);
	unsigned char creator[17];
	struct ticket_id number;
	struct cached *cached;
	uint64_t entry;
	enum status st;

	bind_creator(stmt, &call->u.command.command, creator);
	if (!db_row(&writer->db, stmt, &st))
		return st;
	number.v = db_column_u64(stmt, 0);
	entry = db_column_u64(stmt, 1);
	db_finish(stmt);
	st = ticket_load(writer, number, &cached);
	return st == ST_OK ? answer_duplicate(writer, call, cached, entry) : ST_UNAVAILABLE;
}

static enum status write_create_key(struct writer *writer, const struct store_call *call)
{
	const struct effect *effect = &call->u.command.effect;
	uint64_t entry = writer->next_entry - effect->entries_count +
	                 effect_entry_of(effect, call->u.command.command.id); /* just written */
	sqlite3_stmt *stmt;
	unsigned char creator[17];

	if (call->u.command.command.id.len == 0)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_CREATE_KEY_INSERT);
	bind_creator(stmt, &call->u.command.command, creator);
	db_bind_u64(stmt, 3, effect->after.number.v);
	db_bind_u64(stmt, 4, effect->entries_count > 0 ? entry : 0);
	return db_run(&writer->db, stmt);
}

enum status record_create(struct writer *writer, struct store_call *call)
{
	const struct command *command = &call->u.command.command;
	struct cached *live = NULL;
	enum status st = ST_OK;

	MUST(command->kind == COMMAND_OPEN);
	start(call);
	if (command->id.len > 0)
		st = look_for_create(writer, call);
	if (st != ST_OK || call->u.command.duplicate)
		return st;
	if (command->actor.role == ROLE_VISITOR)
		st = find_live(writer, &command->actor.visitor, &live);
	if (st != ST_OK)
		return st;
	if (live != NULL && command->resolution == RESOLUTION_NONE)
		return ST_CONFLICT;
	if (live != NULL)
		live->newest = false;
	st = decide(writer, NULL, call);
	return st == ST_OK ? write_create_key(writer, call) : st;
}

enum status record_command(struct writer *writer, struct store_call *call)
{
	struct cached *cached;
	enum status st;

	MUST(call->u.command.command.kind != COMMAND_OPEN);
	start(call);
	st = ticket_load(writer, call->u.command.number, &cached);
	if (st == ST_OK)
		st = look_back(writer, cached, call);
	if (st != ST_OK || call->u.command.duplicate)
		return st;
	return decide(writer, cached, call);
}
