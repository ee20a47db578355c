/* SPDX-License-Identifier: MIT */
/* What the reading threads answer about single tickets. Each call is one snapshot: the caller
 * (sqlite_store.c) has a read transaction open. */
#include "adapter/sqlite_record.h"

static enum status find(struct db *db, struct ticket_id number, struct ticket *out)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_TICKET_GET);
	enum status st;

	db_bind_u64(stmt, 1, number.v);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	ticket_from_row(stmt, out);
	db_finish(stmt);
	return ST_OK;
}

static enum status read_log(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_ENTRIES);
	size_t room = 0, count = 0;
	struct entry *items = NULL;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 1, place_id(call->u.ticket.number, 0));
	(void)sqlite3_bind_int64(stmt, 2, place_id(call->u.ticket.number, PLACE_MAX) + 1);
	(void)sqlite3_bind_int64(stmt, 3, -1);
	while (db_row(db, stmt, &st)) {
		items = rows_grow(&call->arena, items, count, &room, sizeof(*items));
		entry_from_row(stmt, &call->arena, &items[count++]);
	}
	call->u.ticket.entries = items;
	call->u.ticket.entries_count = count;
	return st;
}

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

enum status read_ticket(struct db *db, struct store_call *call)
{
	enum status st = find(db, call->u.ticket.number, &call->u.ticket.ticket);

	if (st == ST_OK)
		st = read_log(db, call);
	if (st == ST_OK)
		st = read_audit(db, call);
	return st;
}

static enum status read_piece(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt =
		db_stmt(db, call->u.entries.public_only ? SQL_ENTRIES_PUBLIC : SQL_ENTRIES);
	uint64_t after = call->u.entries.after < PLACE_MAX ? call->u.entries.after : PLACE_MAX;
	size_t room = 0, count = 0, limit = call->u.entries.limit;
	struct entry *items = NULL;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 1, place_id(call->u.entries.number, after));
	(void)sqlite3_bind_int64(stmt, 2, place_id(call->u.entries.number, PLACE_MAX) + 1);
	(void)sqlite3_bind_int64(stmt, 3, (sqlite3_int64)limit + 1);
	while (db_row(db, stmt, &st)) {
		if (count == limit) {
			call->u.entries.more = true;
			db_finish(stmt);
			break;
		}
		items = rows_grow(&call->arena, items, count, &room, sizeof(*items));
		entry_from_row(stmt, &call->arena, &items[count++]);
	}
	call->u.entries.items = items;
	call->u.entries.count = count;
	return st;
}

enum status read_entries(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_TICKET_EXISTS);
	uint64_t number;
	enum status st;

	call->u.entries.more = false;
	db_bind_u64(stmt, 1, call->u.entries.number.v);
	st = db_u64(db, stmt, &number);
	if (st != ST_OK)
		return st;
	return number != 0 ? read_piece(db, call) : ST_NOT_FOUND;
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
