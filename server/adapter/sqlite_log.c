/* SPDX-License-Identifier: MIT */
/* Reading a log, which is on file as a chain from its newest entry back (sqlite_schema.c says
 * why). Who resumes asks for the end of it, which is where the chain begins; for a piece out of
 * the middle the blocks are jumped over: a block is what lies between two entries that block_id
 * leads to, and is read backwards and handed out forwards. */
#include <string.h>

#include "adapter/sqlite_record.h"
#include "base/must.h"

/* The newest entries of the blocks, newest block first. */
struct blocks {
	uint64_t *ids;
	size_t count;
	size_t room;
};

/* The blocks in which there is something behind `after`. */
static enum status find_blocks(struct db *db, struct arena *arena, const struct log_piece *piece,
                               struct blocks *blocks)
{
	uint64_t id = piece->last_id;

	while (id != 0) {
		sqlite3_stmt *stmt = db_stmt(db, SQL_ENTRY_LINK);
		uint64_t seq, next;
		enum status st;

		db_bind_u64(stmt, 1, id);
		if (!db_row(db, stmt, &st))
			return ST_UNAVAILABLE;
		next = db_column_u64(stmt, 1);
		seq = db_column_u64(stmt, 2);
		db_finish(stmt);
		if (seq <= piece->after)
			break;
		blocks->ids = rows_grow(arena, blocks->ids, blocks->count, &blocks->room,
		                        sizeof(*blocks->ids));
		blocks->ids[blocks->count++] = id;
		id = next;
	}
	return ST_OK;
}

/* The ids of a block's entries behind `after`, oldest last. */
static enum status read_links(struct db *db, const struct log_piece *piece, uint64_t newest,
                              uint64_t *ids, size_t *count_out)
{
	uint64_t id = newest, end = 0;
	size_t count = 0;

	while (id != 0 && (count == 0 || id != end)) {
		sqlite3_stmt *stmt = db_stmt(db, SQL_ENTRY_LINK);
		uint64_t seq, prev;
		enum status st;

		db_bind_u64(stmt, 1, id);
		if (!db_row(db, stmt, &st))
			return ST_UNAVAILABLE;
		prev = db_column_u64(stmt, 0);
		if (count == 0)
			end = db_column_u64(stmt, 1);
		seq = db_column_u64(stmt, 2);
		db_finish(stmt);
		if (seq <= piece->after)
			break;
		MUST(count < LOG_BLOCK);
		ids[count++] = id;
		id = prev;
	}
	*count_out = count;
	return ST_OK;
}

static enum status read_entry(struct db *db, struct arena *arena, uint64_t id,
                              struct log_piece *piece)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_ENTRY_GET);
	struct entry entry;
	enum status st;

	db_bind_u64(stmt, 1, id);
	if (!db_row(db, stmt, &st))
		return ST_UNAVAILABLE;
	entry_from_row(stmt, arena, &entry);
	db_finish(stmt);
	if (piece->public_only && !entry_is_public(&entry))
		return ST_OK;
	if (piece->count >= piece->limit) {
		piece->more = true;
		return ST_OK;
	}
	piece->items =
		rows_grow(arena, piece->items, piece->count, &piece->room, sizeof(*piece->items));
	piece->items[piece->count++] = entry;
	return ST_OK;
}

static enum status read_block(struct db *db, struct arena *arena, uint64_t newest,
                              struct log_piece *piece)
{
	uint64_t ids[LOG_BLOCK];
	size_t count;
	enum status st = read_links(db, piece, newest, ids, &count);

	while (st == ST_OK && count > 0 && !piece->more)
		st = read_entry(db, arena, ids[--count], piece);
	return st;
}

enum status log_read(struct db *db, struct arena *arena, struct log_piece *piece)
{
	struct blocks blocks = {0};
	enum status st = find_blocks(db, arena, piece, &blocks);

	while (st == ST_OK && blocks.count > 0 && !piece->more)
		st = read_block(db, arena, blocks.ids[--blocks.count], piece);
	return st;
}
