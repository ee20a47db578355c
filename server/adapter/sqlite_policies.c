/* SPDX-License-Identifier: MIT */
/* The versions of the policy, and what a rule about patterns asks. */
#include "adapter/sqlite_record.h"

enum status record_policy_put(struct writer *writer, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_POLICY_NEWEST);
	uint64_t id;
	enum status st;

	db_bind_span(stmt, 1, call->u.policy_put.text);
	st = db_u64(&writer->db, stmt, &id);
	if (st == ST_OK && id == 0) {
		st = db_u64(&writer->db, db_stmt(&writer->db, SQL_POLICY_MAX), &id);
		if (st != ST_OK)
			return st;
		stmt = db_stmt(&writer->db, SQL_POLICY_INSERT);
		db_bind_u64(stmt, 1, ++id);
		(void)sqlite3_bind_int64(stmt, 2, call->u.policy_put.now);
		db_bind_span(stmt, 3, call->u.policy_put.text);
		st = db_run(&writer->db, stmt);
	}
	call->u.policy_put.id = (uint32_t)id;
	return st;
}

enum status read_policies(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_POLICIES);
	struct policy_row *items =
		arena_alloc(&call->arena, POLICY_BOOK_MAX * sizeof(struct policy_row));
	size_t count = 0;
	enum status st;

	db_bind_u64(stmt, 1, POLICY_BOOK_MAX);
	while (db_row(db, stmt, &st))
		items[count++] = (struct policy_row){.id = (uint32_t)db_column_u64(stmt, 0),
		                                     .adopted_at = sqlite3_column_int64(stmt, 1),
		                                     .text = db_column_copy(stmt, 2, &call->arena)};
	call->u.policies.items = items;
	call->u.policies.count = count;
	return st;
}

enum status read_similar(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_SIMILAR);
	enum status st;

	call->u.similar.tickets = call->u.similar.people = 0;
	db_bind_span(stmt, 1, call->u.similar.topic);
	(void)sqlite3_bind_int64(stmt, 2, call->u.similar.since);
	db_bind_u64(stmt, 3, STORE_SIMILAR_MAX);
	if (!db_row(db, stmt, &st))
		return st;
	call->u.similar.tickets = (unsigned)db_column_u64(stmt, 0);
	call->u.similar.people = (unsigned)db_column_u64(stmt, 1);
	db_finish(stmt);
	return ST_OK;
}
