/* SPDX-License-Identifier: MIT */
/* Agents and settings. */
#include <string.h>

#include "adapter/sqlite_record.h"
#include "base/must.h"

/* Is there one with this id, and is the e-mail free for it? */
static enum status agent_may_be(struct db *db, const struct agent *agent)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_AGENT_GET);
	uint64_t id;
	enum status st;

	if (agent->id.v != 0) {
		db_bind_u64(stmt, 1, agent->id.v);
		st = db_u64(db, stmt, &id);
		if (st != ST_OK)
			return st;
		if (id == 0)
			return ST_NOT_FOUND;
	}
	stmt = db_stmt(db, SQL_AGENT_BY_EMAIL);
	db_bind_text(stmt, 1, agent->email);
	st = db_u64(db, stmt, &id);
	if (st != ST_OK)
		return st;
	return id == 0 || id == agent->id.v ? ST_OK : ST_CONFLICT;
}

enum status record_agent_put(struct writer *writer, struct store_call *call)
{
	struct agent *agent = &call->u.agent_put;
	sqlite3_stmt *stmt;
	enum status st = agent_may_be(&writer->db, agent);

	if (st != ST_OK)
		return st;
	stmt = db_stmt(&writer->db, agent->id.v == 0 ? SQL_AGENT_INSERT : SQL_AGENT_UPDATE);
	if (agent->id.v != 0)
		db_bind_u64(stmt, 1, agent->id.v);
	db_bind_text(stmt, 2, agent->email);
	db_bind_text(stmt, 3, agent->name);
	(void)sqlite3_bind_int(stmt, 4, agent->tier);
	db_bind_u64(stmt, 5, agent->role);
	db_bind_u64(stmt, 6, agent->disabled);
	db_bind_u64(stmt, 7, agent->must_change_password);
	db_bind_text(stmt, 8, agent->password_hash);
	(void)sqlite3_bind_int64(stmt, 9, agent->created_at);
	st = db_run(&writer->db, stmt);
	if (st == ST_OK && agent->id.v == 0)
		agent->id.v = (uint64_t)sqlite3_last_insert_rowid(writer->db.handle);
	return st;
}

enum status record_meta_put(struct writer *writer, struct store_call *call)
{
	sqlite3_stmt *stmt;
	enum status st;

	if (call->u.meta.once) {
		bool set;

		stmt = db_stmt(&writer->db, SQL_META_GET);
		db_bind_text(stmt, 1, call->u.meta.key);
		set = db_row(&writer->db, stmt, &st);
		db_finish(stmt);
		if (st != ST_OK || set)
			return st == ST_OK ? ST_CONFLICT : st;
	}
	stmt = db_stmt(&writer->db, SQL_META_PUT);
	db_bind_text(stmt, 1, call->u.meta.key);
	db_bind_blob(stmt, 2, call->u.meta.value.ptr != NULL ? call->u.meta.value.ptr : "",
	             call->u.meta.value.len);
	return db_run(&writer->db, stmt);
}

enum status read_meta(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_META_GET);
	struct span value;
	enum status st;

	db_bind_text(stmt, 1, call->u.meta.key);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	value.ptr = sqlite3_column_blob(stmt, 0);
	value.len = (size_t)sqlite3_column_bytes(stmt, 0);
	if (value.ptr == NULL)
		value.ptr = ""; /* set, to nothing */
	call->u.meta.value = arena_span(&call->arena, value);
	db_finish(stmt);
	return ST_OK;
}

enum status record_agent_by_id(struct db *db, struct agent_id id, struct agent *out)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_AGENT_GET);
	enum status st;

	db_bind_u64(stmt, 1, id.v);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	agent_from_row(stmt, out);
	db_finish(stmt);
	return ST_OK;
}

enum status read_agent(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt;
	enum status st;

	if (call->u.agent.id.v != 0)
		return record_agent_by_id(db, call->u.agent.id, &call->u.agent.agent);
	stmt = db_stmt(db, SQL_AGENT_BY_EMAIL);
	db_bind_span(stmt, 1, call->u.agent.email);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	agent_from_row(stmt, &call->u.agent.agent);
	db_finish(stmt);
	return ST_OK;
}

enum status read_agents(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt;
	uint64_t count;
	size_t at = 0;
	enum status st = db_u64(db, db_stmt(db, SQL_AGENT_COUNT), &count);

	if (st != ST_OK)
		return st;
	call->u.agents.items = arena_alloc(&call->arena, count * sizeof(struct agent));
	stmt = db_stmt(db, SQL_AGENTS);
	while (at < count && db_row(db, stmt, &st))
		agent_from_row(stmt, &call->u.agents.items[at++]);
	db_finish(stmt);
	call->u.agents.count = at;
	return st;
}
