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

static enum status next_of(struct db *db, enum sql max, uint64_t *out)
{
	enum status st = db_u64(db, db_stmt(db, max), out);

	(*out)++;
	return st;
}

enum status writer_load(struct writer *writer)
{
	enum status st;

	cache_clear(writer->cache);
	st = next_of(&writer->db, SQL_TICKET_MAX, &writer->next_number);
	if (st == ST_OK)
		st = next_of(&writer->db, SQL_ENTRY_MAX, &writer->next_entry);
	if (st == ST_OK)
		st = next_of(&writer->db, SQL_QUEUE_MAX, &writer->next_queued);
	return st;
}

static enum status load_keys(struct writer *writer, struct cached *cached)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_KEYS);
	enum status st;

	db_bind_u64(stmt, 1, cached->ticket.number.v);
	while (db_row(&writer->db, stmt, &st))
		used_ids_add(&cached->ids,
		             cache_id_hash(writer->cache, db_column_u64(stmt, 1),
		                           db_column_span(stmt, 2)),
		             db_column_u64(stmt, 0));
	return st;
}

/* Back along the chain, once for as long as the ticket stays in the cache. */
static enum status load_log(struct writer *writer, struct cached *cached)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_ENTRY_LINK);
	uint64_t id = cached->last_id;
	enum status st;

	while (id != 0) {
		struct span client_id;

		db_bind_u64(stmt, 1, id);
		if (!db_row(&writer->db, stmt, &st))
			return ST_UNAVAILABLE; /* a broken chain is a broken file */
		if (id == cached->last_id)
			cached->block_id = db_column_u64(stmt, 2) % LOG_BLOCK == 0
			                           ? id
			                           : db_column_u64(stmt, 1);
		client_id = db_column_span(stmt, 4);
		if (client_id.ptr != NULL)
			used_ids_add(
				&cached->ids,
				cache_id_hash(writer->cache, db_column_u64(stmt, 3), client_id),
				id);
		id = db_column_u64(stmt, 0);
		db_finish(stmt);
	}
	return ST_OK;
}

static enum status load_rest(struct writer *writer, struct cached *cached)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_CHANGE_MAX);
	uint64_t last;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 1, place_id(cached->ticket.number, 0));
	(void)sqlite3_bind_int64(stmt, 2, place_id(cached->ticket.number, PLACE_MAX) + 1);
	st = db_u64(&writer->db, stmt, &last);
	cached->changes = last & PLACE_MAX;
	if (st == ST_OK)
		st = load_log(writer, cached);
	return st == ST_OK ? load_keys(writer, cached) : st;
}

enum status ticket_load(struct writer *writer, struct ticket_id number, struct cached **out)
{
	sqlite3_stmt *stmt;
	struct ticket ticket;
	uint64_t last_id;
	enum status st;

	*out = cache_find(writer->cache, number);
	if (*out != NULL)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_TICKET_GET);
	db_bind_u64(stmt, 1, number.v);
	if (!db_row(&writer->db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	ticket_from_row(stmt, &ticket);
	last_id = db_column_u64(stmt, TICKET_LAST_ID);
	db_finish(stmt);
	*out = cache_add(writer->cache, &ticket);
	(*out)->last_id = last_id;
	return load_rest(writer, *out);
}

/* What one command does to a ticket's place in the file. */
struct written {
	struct cached *cached; /* NULL: a new ticket */
	uint64_t first_id;     /* of its first entry, 0: none */
	uint64_t last_id;
	uint64_t block_id;
};

static enum status write_entries(struct writer *writer, const struct store_call *call,
                                 struct written *written)
{
	const struct effect *effect = &call->u.command.effect;
	uint64_t author = author_of(&call->u.command.command.actor);
	uint64_t first = written->cached != NULL ? written->cached->ticket.last_seq + 1 : 1;

	for (unsigned i = 0; i < effect->entries_count; i++) {
		const struct entry *entry = &effect->entries[i];
		struct entry_link link = {.id = writer->next_entry++,
		                          .prev_id = written->last_id,
		                          .block_id = written->block_id,
		                          .author = author};
		sqlite3_stmt *stmt =
			db_stmt(&writer->db,
		                entry->kind == ENTRY_EVENT ? SQL_EVENT_INSERT : SQL_MESSAGE_INSERT);
		enum status st;

		/* No constraint of the file says that a log is dense: this does. */
		MUST(entry->seq == first + i);
		entry_bind(stmt, entry, &link);
		st = db_run(&writer->db, stmt);
		if (st != ST_OK)
			return st;
		if (i == 0)
			written->first_id = link.id;
		written->last_id = link.id;
		if (entry->seq % LOG_BLOCK == 0)
			written->block_id = link.id;
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

static enum status write_log(struct writer *writer, enum sql sql, const struct ticket *ticket,
                             uint64_t last_id)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, sql);

	ticket_bind_log(stmt, ticket, last_id);
	return db_run(&writer->db, stmt);
}

static enum status write_ticket(struct writer *writer, struct store_call *call,
                                const struct written *written)
{
	const struct ticket *after = &call->u.command.effect.after;
	const struct ticket *before;
	enum status st;

	if (written->cached == NULL) {
		st = write_wide(writer, SQL_TICKET_INSERT, call);
		return st != ST_OK ? st
		                   : write_log(writer, SQL_LOG_INSERT, after, written->last_id);
	}
	before = &written->cached->ticket;
	if (wide_differs(before, after)) {
		st = write_wide(writer, SQL_TICKET_UPDATE, call);
		if (st != ST_OK)
			return st;
	}
	if (!log_differs(before, after))
		return ST_OK;
	return write_log(writer, SQL_LOG_UPDATE, after, written->last_id);
}

/* An id that no entry carries by itself has a row of its own. */
static enum status write_key(struct writer *writer, const struct store_call *call,
                             const struct written *written)
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
	db_bind_u64(stmt, 4, written->first_id);
	return db_run(&writer->db, stmt);
}

/* Entries are found by search_mark; a title has to be queued. */
static enum status write_title(struct writer *writer, const struct store_call *call,
                               const struct written *written)
{
	const struct ticket *after = &call->u.command.effect.after;
	sqlite3_stmt *stmt;

	if (written->cached != NULL && strcmp(written->cached->ticket.title, after->title) == 0)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_QUEUE_INSERT);
	db_bind_u64(stmt, 1, writer->next_queued++);
	db_bind_u64(stmt, 2, after->number.v);
	return db_run(&writer->db, stmt);
}

/* Only now, when nothing can fail any more before the commit. */
static void remember(struct writer *writer, const struct store_call *call,
                     const struct written *written)
{
	const struct effect *effect = &call->u.command.effect;
	const struct command *command = &call->u.command.command;
	struct cached *cached = written->cached;

	if (cached == NULL) {
		cached = cache_add(writer->cache, &effect->after);
		cached->newest = true;
		writer->next_number = effect->after.number.v + 1;
	} else {
		cache_update(writer->cache, cached, &effect->after);
	}
	cached->changes += effect->changes_count;
	cached->last_id = written->last_id;
	cached->block_id = written->block_id;
	if (command->id.len > 0)
		used_ids_add(&cached->ids,
		             cache_id_hash(writer->cache, author_of(&command->actor), command->id),
		             written->first_id);
}

enum status effect_write(struct writer *writer, struct cached *cached, struct store_call *call)
{
	const struct effect *effect = &call->u.command.effect;
	struct written written = {.cached = cached};
	enum status st;

	if (cached != NULL) {
		written.last_id = cached->last_id;
		written.block_id = cached->block_id;
	}
	st = write_entries(writer, call, &written);
	if (st == ST_OK)
		st = write_ticket(writer, call, &written);
	if (st == ST_OK && effect->changes_count > 0)
		st = write_changes(writer, effect, cached != NULL ? cached->changes : 0);
	if (st == ST_OK)
		st = write_key(writer, call, &written);
	if (st == ST_OK)
		st = write_title(writer, call, &written);
	if (st == ST_OK)
		remember(writer, call, &written);
	return st;
}
