/* SPDX-License-Identifier: MIT */
/* Lists that agents saved. */
#include "adapter/sqlite_record.h"

enum status record_list_put(struct writer *writer, struct store_call *call)
{
	struct saved_list *list = &call->u.list.list;
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_LISTS_OTHERS);
	uint64_t others;
	enum status st;

	db_bind_u64(stmt, 1, call->u.list.agent.v);
	db_bind_text(stmt, 2, list->name);
	st = db_u64(&writer->db, stmt, &others);
	if (st != ST_OK)
		return st;
	if (others >= call->u.list.most)
		return ST_CONFLICT;
	stmt = db_stmt(&writer->db, SQL_LIST_PUT);
	db_bind_u64(stmt, 1, call->u.list.agent.v);
	db_bind_text(stmt, 2, list->name);
	db_bind_text(stmt, 3, list->query);
	return db_u64(&writer->db, stmt, &list->id);
}

enum status record_list_end(struct writer *writer, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_LIST_END);
	enum status st;

	db_bind_u64(stmt, 1, call->u.list.list.id);
	db_bind_u64(stmt, 2, call->u.list.agent.v);
	st = db_run(&writer->db, stmt);
	if (st == ST_OK && sqlite3_changes(writer->db.handle) == 0)
		return ST_NOT_FOUND;
	return st;
}

enum status read_lists(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_LISTS);
	struct saved_list *items =
		arena_alloc(&call->arena, SAVED_LISTS_MAX * sizeof(struct saved_list));
	size_t count = 0;
	enum status st = ST_OK;

	db_bind_u64(stmt, 1, call->u.lists.agent.v);
	while (count < SAVED_LISTS_MAX && db_row(db, stmt, &st)) {
		struct saved_list *list = &items[count++];

		list->id = db_column_u64(stmt, 0);
		db_column_text(stmt, 1, list->name, sizeof(list->name));
		db_column_text(stmt, 2, list->query, sizeof(list->query));
	}
	db_finish(stmt);
	call->u.lists.items = items;
	call->u.lists.count = count;
	return st;
}
