/* SPDX-License-Identifier: MIT */
/* What the reading threads answer about single tickets. Each call is one snapshot: the caller
 * (sqlite_store.c) has a read transaction open. */
#include <string.h>

#include "adapter/sqlite_record.h"

static enum status read_audit(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_CHANGES);
	size_t room = 0, count = 0;
	struct change *items = NULL;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 1, place_id(call->u.ticket.number, 0));
	(void)sqlite3_bind_int64(stmt, 2, place_id(call->u.ticket.number, PLACE_MAX) + 1);
	while (db_row(db, stmt, &st)) {
		items = rows_grow(&call->arena, items, count, &room, sizeof(*items));
		change_from_row(stmt, &call->arena, &items[count++]);
	}
	call->u.ticket.changes = items;
	call->u.ticket.changes_count = count;
	return st;
}

static enum status read_context(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_CONTEXT_GET);
	enum status st;

	call->u.ticket.context = (struct span){0};
	db_bind_u64(stmt, 1, call->u.ticket.number.v);
	if (!db_row(db, stmt, &st))
		return st;
	call->u.ticket.context = db_column_copy(stmt, 0, &call->arena);
	db_finish(stmt);
	return ST_OK;
}

enum status read_ticket(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_TICKET_GET);
	struct log_piece piece = {.limit = UINT64_MAX};
	enum status st;

	db_bind_u64(stmt, 1, call->u.ticket.number.v);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	ticket_from_row(stmt, &call->u.ticket.ticket);
	piece.last_id = db_column_u64(stmt, TICKET_LAST_ID);
	db_finish(stmt);
	st = log_read(db, &call->arena, &piece);
	call->u.ticket.entries = piece.items;
	call->u.ticket.entries_count = piece.count;
	if (st == ST_OK)
		st = read_context(db, call);
	return st == ST_OK ? read_audit(db, call) : st;
}

static bool is_of(sqlite3_stmt *stmt, int column, const struct visitor_id *visitor)
{
	return visitor_id_is_none(visitor) ||
	       ((size_t)sqlite3_column_bytes(stmt, column) == sizeof(visitor->v) &&
	        memcmp(sqlite3_column_blob(stmt, column), visitor->v, sizeof(visitor->v)) == 0);
}

enum status read_file(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_FILE_GET);
	bool allowed;
	enum status st;

	if (call->u.file.seq > PLACE_MAX)
		return ST_NOT_FOUND;
	db_bind_u64(stmt, 1, call->u.file.number.v);
	(void)sqlite3_bind_int64(stmt, 2, place_id(call->u.file.number, call->u.file.seq));
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	allowed = is_of(stmt, 2, &call->u.file.visitor);
	if (allowed) {
		call->u.file.name = db_column_copy(stmt, 0, &call->arena);
		call->u.file.body = db_column_copy(stmt, 1, &call->arena);
	}
	db_finish(stmt);
	return allowed ? ST_OK : ST_NOT_FOUND;
}

enum status read_entries(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_LOG_LAST);
	struct log_piece piece = {.after = call->u.entries.after,
	                          .limit = call->u.entries.limit,
	                          .public_only = call->u.entries.public_only};
	enum status st;

	db_bind_u64(stmt, 1, call->u.entries.number.v);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	piece.last_id = db_column_u64(stmt, 0);
	db_finish(stmt);
	st = log_read(db, &call->arena, &piece);
	call->u.entries.items = piece.items;
	call->u.entries.count = piece.count;
	call->u.entries.more = piece.more;
	return st;
}

enum status read_live(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_TICKETS_LIVE);
	size_t count = 0;
	uint64_t room;
	enum status st = db_u64(db, db_stmt(db, SQL_TICKETS_LIVE_COUNT), &room);

	if (st != ST_OK)
		return st;
	call->u.live.items = arena_alloc(&call->arena, room * sizeof(struct ticket));
	while (count < room && db_row(db, stmt, &st))
		ticket_from_row(stmt, &call->u.live.items[count++]);
	db_finish(stmt);
	call->u.live.count = count;
	return st;
}

enum status read_last(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_TICKET_LAST);
	enum status st;

	db_bind_blob(stmt, 1, call->u.last.visitor.v, sizeof(call->u.last.visitor.v));
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	ticket_from_row(stmt, &call->u.last.ticket);
	db_finish(stmt);
	return ST_OK;
}
