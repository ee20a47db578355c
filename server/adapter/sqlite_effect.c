/* SPDX-License-Identifier: MIT */
/* What a command did to a ticket, into the file. */
#include <stddef.h>
#include <string.h>

#include "adapter/effect.h"
#include "adapter/sqlite_record.h"
#include "adapter/ticket_order.h"
#include "base/must.h"

/* What one command does to a ticket's place in the file. */
struct written {
	struct cached *cached; /* NULL: a new ticket */
	uint64_t key_id;       /* of the entry with the client's id, else its first; 0: none */
	uint64_t last_id;
	uint64_t block_id;
};

static enum status write_entries(struct writer *writer, const struct decided *decided,
                                 struct written *written)
{
	const struct effect *effect = decided->effect;
	uint64_t author = author_of(&decided->command->actor);
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
		if (i == effect_entry_of(effect, decided->command->id))
			written->key_id = link.id;
		written->last_id = link.id;
		if (entry->seq % LOG_BLOCK == 0)
			written->block_id = link.id;
	}
	return ST_OK;
}

/* The entry of a file says what it is; what is in it lies apart. */
static enum status write_file(struct writer *writer, const struct decided *decided)
{
	const struct effect *effect = decided->effect;
	const struct command *command = decided->command;
	const struct entry *entry;
	sqlite3_stmt *stmt;

	if (command->entry_kind != ENTRY_FILE || effect->entries_count == 0)
		return ST_OK;
	entry = &effect->entries[effect_entry_of(effect, command->id)];
	stmt = db_stmt(&writer->db, SQL_FILE_INSERT);
	(void)sqlite3_bind_int64(stmt, 1, place_id(entry->ticket, entry->seq));
	db_bind_span(stmt, 2, entry->title);
	db_bind_span(stmt, 3, command->file);
	return db_run(&writer->db, stmt);
}

static enum status write_context(struct writer *writer, const struct decided *decided)
{
	sqlite3_stmt *stmt;

	if (decided->command->context.len == 0)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_CONTEXT_PUT);
	db_bind_u64(stmt, 1, decided->effect->after.number.v);
	db_bind_span(stmt, 2, decided->command->context);
	return db_run(&writer->db, stmt);
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

/* Three tables hold a ticket, each a piece or two of the struct: what moves with every message,
 * what moves with the clocks, and the rest, with the texts. A table whose pieces did not change is
 * left alone. Padding that differs costs an update only. */
struct piece {
	size_t from, to;
};
#define PIECE(from, to)                                                    \
	{                                                                  \
		offsetof(struct ticket, from), offsetof(struct ticket, to) \
	}
static const struct piece wide_piece = PIECE(number, last_seq);
static const struct piece log_pieces[] = {PIECE(last_seq, policy),
                                          PIECE(clocks.agent_at, clocks.work_since)};
static const struct piece clock_pieces[] = {PIECE(policy, clocks.agent_at),
                                            PIECE(clocks.work_since, tags_count)};
_Static_assert(offsetof(struct ticket, files_count) + sizeof(uint64_t) ==
                               offsetof(struct ticket, policy) &&
                       offsetof(struct ticket, clocks.visitor_at) + sizeof(wall_ms) ==
                               offsetof(struct ticket, clocks.work_since) &&
                       offsetof(struct ticket, escalation) > offsetof(struct ticket, policy),
               "the tables are pieces of struct ticket");

static bool differs(const struct piece *piece, const struct ticket *a, const struct ticket *b)
{
	return memcmp((const char *)a + piece->from, (const char *)b + piece->from,
	              piece->to - piece->from) != 0;
}

static bool wide_differs(const struct ticket *a, const struct ticket *b)
{
	return differs(&wide_piece, a, b) || !ticket_has_same_texts(a, b);
}

static bool log_differs(const struct ticket *a, const struct ticket *b)
{
	return differs(&log_pieces[0], a, b) || differs(&log_pieces[1], a, b);
}

static bool clock_differs(const struct ticket *a, const struct ticket *b)
{
	return differs(&clock_pieces[0], a, b) || differs(&clock_pieces[1], a, b);
}

/* Anything that an index of the wide table names; whose it is and when it was opened stay. */
static bool places_differ(const struct ticket *a, const struct ticket *b)
{
	return a->status != b->status || a->priority != b->priority ||
	       ticket_next_due(a) != ticket_next_due(b) || strcmp(a->topic, b->topic) != 0 ||
	       strcmp(a->visitor_email, b->visitor_email) != 0;
}

static enum status write_wide(struct writer *writer, enum sql sql, const struct decided *decided)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, sql);

	ticket_bind(stmt, &decided->effect->after, decided->arena);
	return db_run(&writer->db, stmt);
}

static enum status write_clock(struct writer *writer, enum sql sql, const struct ticket *ticket)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, sql);

	ticket_bind_clock(stmt, ticket);
	return db_run(&writer->db, stmt);
}

static enum status write_log(struct writer *writer, enum sql sql, const struct ticket *ticket,
                             uint64_t last_id)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, sql);

	ticket_bind_log(stmt, ticket, last_id);
	return db_run(&writer->db, stmt);
}

static enum status insert_ticket(struct writer *writer, const struct decided *decided,
                                 const struct written *written)
{
	const struct ticket *after = &decided->effect->after;
	enum status st = write_wide(writer, SQL_TICKET_INSERT, decided);

	if (st == ST_OK)
		st = write_log(writer, SQL_LOG_INSERT, after, written->last_id);
	return st == ST_OK ? write_clock(writer, SQL_CLOCK_INSERT, after) : st;
}

static enum status update_ticket(struct writer *writer, const struct decided *decided,
                                 const struct written *written)
{
	const struct ticket *before = &written->cached->ticket, *after = &decided->effect->after;
	bool moves = before->clocks.next_due != after->clocks.next_due;
	enum status st = ST_OK;

	if (wide_differs(before, after))
		st = write_wide(writer,
		                places_differ(before, after) ? SQL_TICKET_UPDATE
		                                             : SQL_TICKET_UPDATE_REST,
		                decided);
	if (st == ST_OK && log_differs(before, after))
		st = write_log(writer, SQL_LOG_UPDATE, after, written->last_id);
	if (st == ST_OK && clock_differs(before, after))
		st = write_clock(writer, moves ? SQL_CLOCK_MOVE : SQL_CLOCK_UPDATE, after);
	return st;
}

enum status fired_put(struct writer *writer, struct ticket_id number, const struct fired *fired,
                      wall_ms now)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_FIRED_PUT);

	db_bind_u64(stmt, 1, number.v);
	db_bind_u64(stmt, 2, fired->slot);
	(void)sqlite3_bind_int64(stmt, 3, fired->due);
	(void)sqlite3_bind_int64(stmt, 4, now);
	return db_run(&writer->db, stmt);
}

/* A message that comes behind a target fires it, too: what somebody said is kept in any case. Who
 * fires by the clock has put its rows before it wrote anything (sqlite_fire.c). */
static enum status write_fired(struct writer *writer, const struct decided *decided)
{
	const struct effect *effect = decided->effect;
	enum status st = ST_OK;

	if (decided->command->kind == COMMAND_FIRE)
		return ST_OK;
	for (unsigned i = 0; st == ST_OK && i < effect->fired_count; i++)
		st = fired_put(writer, effect->after.number, &effect->fired[i],
		               decided->command->now);
	return st;
}

/* An id that no entry carries by itself has a row of its own. */
static enum status write_key(struct writer *writer, const struct decided *decided,
                             const struct written *written)
{
	const struct effect *effect = decided->effect;
	const struct command *command = decided->command;
	sqlite3_stmt *stmt;

	if (command->id.len == 0 ||
	    (effect->entries_count > 0 &&
	     span_eq(effect->entries[effect_entry_of(effect, command->id)].id, command->id)))
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_KEY_INSERT);
	db_bind_u64(stmt, 1, effect->after.number.v);
	db_bind_u64(stmt, 2, author_of(&command->actor));
	db_bind_span(stmt, 3, command->id);
	db_bind_u64(stmt, 4, written->key_id);
	return db_run(&writer->db, stmt);
}

/* Entries are found by search_mark; a title has to be queued. */
static enum status write_title(struct writer *writer, const struct decided *decided,
                               const struct written *written)
{
	const struct ticket *after = &decided->effect->after;
	sqlite3_stmt *stmt;

	if (written->cached != NULL && strcmp(written->cached->ticket.title, after->title) == 0)
		return ST_OK;
	stmt = db_stmt(&writer->db, SQL_QUEUE_INSERT);
	db_bind_u64(stmt, 1, writer->next_queued++);
	db_bind_u64(stmt, 2, after->number.v);
	return db_run(&writer->db, stmt);
}

/* Only now, when nothing can fail any more before the commit. */
static void remember(struct writer *writer, const struct decided *decided,
                     const struct written *written)
{
	const struct effect *effect = decided->effect;
	const struct command *command = decided->command;
	struct cached *cached = written->cached;

	if (cached == NULL) {
		cached = cache_add(writer->cache, &effect->after);
		cached->newest = true;
		writer->next_number = effect->after.number.v + 1;
	} else if (cached->apart) {
		return;
	} else {
		cache_update(writer->cache, cached, &effect->after);
	}
	if (!ticket_is_live(&effect->after))
		cached->newest = false; /* the visitor may go on with another one */
	cached->changes += effect->changes_count;
	cached->last_id = written->last_id;
	cached->block_id = written->block_id;
	if (command->id.len > 0)
		used_ids_add(&cached->ids,
		             cache_id_hash(writer->cache, author_of(&command->actor), command->id),
		             written->key_id);
}

enum status effect_write(struct writer *writer, struct cached *cached,
                         const struct decided *decided)
{
	const struct effect *effect = decided->effect;
	struct written written = {.cached = cached};
	enum status st;

	if (cached != NULL) {
		written.last_id = cached->last_id;
		written.block_id = cached->block_id;
	}
	st = write_entries(writer, decided, &written);
	if (st == ST_OK)
		st = write_file(writer, decided);
	if (st == ST_OK)
		st = write_context(writer, decided);
	if (st == ST_OK)
		st = cached == NULL ? insert_ticket(writer, decided, &written)
		                    : update_ticket(writer, decided, &written);
	if (st == ST_OK && effect->changes_count > 0)
		st = write_changes(writer, effect, cached != NULL ? cached->changes : 0);
	if (st == ST_OK)
		st = write_fired(writer, decided);
	if (st == ST_OK)
		st = write_key(writer, decided, &written);
	if (st == ST_OK)
		st = write_title(writer, decided, &written);
	if (st == ST_OK)
		remember(writer, decided, &written);
	return st;
}
