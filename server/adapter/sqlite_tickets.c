/* SPDX-License-Identifier: MIT */
/* A ticket out of the file, into the cache. */

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
	st = next_of(&writer->db, SQL_GIVEN_TICKET, &writer->next_number);
	if (st == ST_OK)
		st = next_of(&writer->db, SQL_GIVEN_ENTRY, &writer->next_entry);
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

enum status ticket_load_block(struct writer *writer, struct cached *cached)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_ENTRY_LINK);
	enum status st;

	cached->block_id = 0;
	if (cached->last_id == 0)
		return ST_OK;
	db_bind_u64(stmt, 1, cached->last_id);
	if (!db_row(&writer->db, stmt, &st))
		return ST_UNAVAILABLE; /* a broken chain is a broken file */
	cached->block_id =
		db_column_u64(stmt, 2) % LOG_BLOCK == 0 ? cached->last_id : db_column_u64(stmt, 1);
	db_finish(stmt);
	return ST_OK;
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

enum status ticket_load_changes(struct writer *writer, struct cached *cached)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_CHANGE_MAX);
	uint64_t last;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 1, place_id(cached->ticket.number, 0));
	(void)sqlite3_bind_int64(stmt, 2, place_id(cached->ticket.number, PLACE_MAX) + 1);
	st = db_u64(&writer->db, stmt, &last);
	cached->changes = last & PLACE_MAX;
	return st;
}

static enum status load_rest(struct writer *writer, struct cached *cached)
{
	enum status st = ticket_load_changes(writer, cached);

	if (st == ST_OK)
		st = ticket_load_block(writer, cached);
	if (st == ST_OK)
		st = load_log(writer, cached);
	return st == ST_OK ? load_keys(writer, cached) : st;
}

enum status ticket_load_row(struct writer *writer, struct ticket_id number, struct ticket *out,
                            uint64_t *last_id_out)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_TICKET_GET);
	enum status st;

	db_bind_u64(stmt, 1, number.v);
	if (!db_row(&writer->db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	ticket_from_row(stmt, out);
	*last_id_out = db_column_u64(stmt, TICKET_LAST_ID);
	db_finish(stmt);
	return ST_OK;
}

enum status ticket_load(struct writer *writer, struct ticket_id number, struct cached **out)
{
	struct ticket ticket;
	uint64_t last_id;
	enum status st;

	*out = cache_find(writer->cache, number);
	if (*out != NULL)
		return ST_OK;
	st = ticket_load_row(writer, number, &ticket, &last_id);
	if (st != ST_OK)
		return st;
	*out = cache_add(writer->cache, &ticket);
	(*out)->last_id = last_id;
	return load_rest(writer, *out);
}
