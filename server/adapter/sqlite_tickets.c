/* SPDX-License-Identifier: MIT */
/* A ticket into the cache, and what a command did to it into the file. */
#include <stddef.h>
#include <string.h>

#include "adapter/sqlite_record.h"
#include "base/must.h"

uint64_t author_of(const struct actor *actor)
{
	switch (actor->role) {
	case ROLE_SYSTEM:
		return 0;
	case ROLE_VISITOR:
		return 1;
	case ROLE_AGENT:
		return actor->agent.v + 1;
	}
	MUST(0);
}

enum status writer_load(struct writer *writer)
{
	uint64_t number, queued;
	enum status st;

	cache_clear(writer->cache);
	st = db_u64(&writer->db, db_stmt(&writer->db, SQL_TICKET_MAX), &number);
	if (st != ST_OK)
		return st;
	st = db_u64(&writer->db, db_stmt(&writer->db, SQL_QUEUE_MAX), &queued);
	writer->next_number = number + 1;
	writer->next_queued = queued + 1;
	return st;
}

static sqlite3_stmt *range_stmt(struct db *db, enum sql sql, struct ticket_id ticket)
{
	sqlite3_stmt *stmt = db_stmt(db, sql);

	(void)sqlite3_bind_int64(stmt, 1, place_id(ticket, 0));
	(void)sqlite3_bind_int64(stmt, 2, place_id(ticket, PLACE_MAX) + 1);
	return stmt;
}

static enum status load_ids(struct writer *writer, struct cached *cached, sqlite3_stmt *stmt)
{
	enum status st;

	while (db_row(&writer->db, stmt, &st)) {
		uint64_t hash = cache_id_hash(writer->cache, db_column_u64(stmt, 1),
		                              db_column_span(stmt, 2));

		used_ids_add(&cached->ids, hash, db_column_u64(stmt, 0) & PLACE_MAX);
	}
	return st;
}

static enum status load_rest(struct writer *writer, struct cached *cached)
{
	struct db *db = &writer->db;
	sqlite3_stmt *stmt;
	uint64_t last;
	enum status st;

	st = db_u64(db, range_stmt(db, SQL_CHANGE_MAX, cached->ticket.number), &last);
	if (st != ST_OK)
		return st;
	cached->changes = last & PLACE_MAX;
	st = load_ids(writer, cached, range_stmt(db, SQL_ENTRY_IDS, cached->ticket.number));
	if (st != ST_OK)
		return st;
	stmt = db_stmt(db, SQL_KEYS);
	db_bind_u64(stmt, 1, cached->ticket.number.v);
	return load_ids(writer, cached, stmt);
}

enum status ticket_load(struct writer *writer, struct ticket_id number, struct cached **out)
{
	sqlite3_stmt *stmt;
	struct ticket ticket;
	enum status st;

	*out = cache_find(writer->cache, number);
	if (*out != NULL)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_TICKET_GET);
	db_bind_u64(stmt, 1, number.v);
	if (!db_row(&writer->db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	ticket_from_row(stmt, &ticket);
	db_finish(stmt);
	*out = cache_add(writer->cache, &ticket);
	st = load_rest(writer, *out);
	return st;
}

static enum status write_entries(struct writer *writer, const struct store_call *call)
{
	const struct effect *effect = &call->u.command.effect;
	uint64_t author = author_of(&call->u.command.command.actor);

	for (unsigned i = 0; i < effect->entries_count; i++) {
		const struct entry *entry = &effect->entries[i];
		sqlite3_stmt *stmt =
			db_stmt(&writer->db,
		                entry->kind == ENTRY_EVENT ? SQL_EVENT_INSERT : SQL_MESSAGE_INSERT);
		enum status st;

		entry_bind(stmt, entry, author);
		st = db_run(&writer->db, stmt);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

static enum status write_changes(struct writer *writer, const struct effect *effect,
                                 uint64_t already)
{
	for (unsigned i = 0; i < effect->changes_count; i++) {
		sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_CHANGE_INSERT);
		enum status st;

		change_bind(stmt, place_id(effect->after.number, already + i + 1),
		            &effect->changes[i]);
		st = db_run(&writer->db, stmt);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

/* The columns of ticket_log are neighbours in the struct; all before and behind them is in the
 * wide table, which a plain message leaves alone. Padding that differs costs an update only. */
#define LOG_BEGIN offsetof(struct ticket, last_seq)
#define LOG_END   offsetof(struct ticket, created_at)
_Static_assert(offsetof(struct ticket, agent_read_seq) + sizeof(uint64_t) == LOG_END,
               "ticket_log is a piece of struct ticket");

static bool wide_differs(const struct ticket *a, const struct ticket *b)
{
	const char *x = (const char *)a, *y = (const char *)b;

	return memcmp(x, y, LOG_BEGIN) != 0 ||
	       memcmp(x + LOG_END, y + LOG_END, sizeof(*a) - LOG_END) != 0;
}

static bool log_differs(const struct ticket *a, const struct ticket *b)
{
	const char *x = (const char *)a, *y = (const char *)b;

	return memcmp(x + LOG_BEGIN, y + LOG_BEGIN, LOG_END - LOG_BEGIN) != 0;
}

static enum status write_wide(struct writer *writer, enum sql sql, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, sql);

	ticket_bind(stmt, &call->u.command.effect.after, &call->arena);
	return db_run(&writer->db, stmt);
}

static enum status write_log(struct writer *writer, enum sql sql, const struct ticket *ticket)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, sql);

	ticket_bind_log(stmt, ticket);
	return db_run(&writer->db, stmt);
}

static enum status write_ticket(struct writer *writer, const struct ticket *before,
                                struct store_call *call)
{
	const struct ticket *after = &call->u.command.effect.after;
	enum status st;

	if (before == NULL) {
		st = write_wide(writer, SQL_TICKET_INSERT, call);
		return st != ST_OK ? st : write_log(writer, SQL_LOG_INSERT, after);
	}
	if (wide_differs(before, after)) {
		st = write_wide(writer, SQL_TICKET_UPDATE, call);
		if (st != ST_OK)
			return st;
	}
	if (!log_differs(before, after))
		return ST_OK;
	return write_log(writer, SQL_LOG_UPDATE, after);
}

/* An id that no entry carries by itself has a row of its own. */
static enum status write_key(struct writer *writer, const struct store_call *call)
{
	const struct effect *effect = &call->u.command.effect;
	const struct command *command = &call->u.command.command;
	sqlite3_stmt *stmt;

	if (command->id.len == 0 ||
	    (effect->entries_count > 0 && span_eq(effect->entries[0].id, command->id)))
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_KEY_INSERT);
	db_bind_u64(stmt, 1, effect->after.number.v);
	db_bind_u64(stmt, 2, author_of(&command->actor));
	db_bind_span(stmt, 3, command->id);
	db_bind_u64(stmt, 4, effect->entries_count > 0 ? effect->entries[0].seq : 0);
	return db_run(&writer->db, stmt);
}

static bool has_words(const struct ticket *before, const struct effect *effect)
{
	for (unsigned i = 0; i < effect->entries_count; i++)
		if (effect->entries[i].kind != ENTRY_EVENT)
			return true;
	return before == NULL || strcmp(before->title, effect->after.title) != 0;
}

static enum status queue_words(struct writer *writer, const struct ticket *ticket)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_QUEUE_INSERT);

	db_bind_u64(stmt, 1, writer->next_queued++);
	db_bind_u64(stmt, 2, ticket->number.v);
	return db_run(&writer->db, stmt);
}

/* Only now, when nothing can fail any more before the commit. */
static void remember(struct writer *writer, struct cached *cached, const struct store_call *call,
                     bool queued)
{
	const struct effect *effect = &call->u.command.effect;
	const struct command *command = &call->u.command.command;

	if (cached == NULL) {
		cached = cache_add(writer->cache, &effect->after);
		cached->newest = true;
		writer->next_number = effect->after.number.v + 1;
	} else {
		cache_update(writer->cache, cached, &effect->after);
	}
	cached->changes += effect->changes_count;
	cached->queued = cached->queued || queued;
	if (command->id.len > 0)
		used_ids_add(&cached->ids,
		             cache_id_hash(writer->cache, author_of(&command->actor), command->id),
		             effect->entries_count > 0 ? effect->entries[0].seq : 0);
}

enum status effect_write(struct writer *writer, struct cached *cached, struct store_call *call)
{
	const struct effect *effect = &call->u.command.effect;
	const struct ticket *before = cached != NULL ? &cached->ticket : NULL;
	bool queue = has_words(before, effect) && (cached == NULL || !cached->queued);
	enum status st;

	st = write_ticket(writer, before, call);
	if (st == ST_OK)
		st = write_entries(writer, call);
	if (st == ST_OK && effect->changes_count > 0)
		st = write_changes(writer, effect, cached != NULL ? cached->changes : 0);
	if (st == ST_OK)
		st = write_key(writer, call);
	if (st == ST_OK && queue)
		st = queue_words(writer, &effect->after);
	if (st == ST_OK)
		remember(writer, cached, call, queue);
	return st;
}
