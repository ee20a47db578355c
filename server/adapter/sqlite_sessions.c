/* SPDX-License-Identifier: MIT */
/* Logins and API tokens. */
#include <string.h>

#include "adapter/sqlite_record.h"
#include "base/must.h"

static void session_from_row(sqlite3_stmt *stmt, struct session *out)
{
	const void *hash = sqlite3_column_blob(stmt, 1);

	memset(out, 0, sizeof(*out));
	out->id = db_column_u64(stmt, 0);
	if (sqlite3_column_bytes(stmt, 1) == SECRET_HASH_SIZE)
		memcpy(out->hash, hash, SECRET_HASH_SIZE);
	out->kind = db_column_u64(stmt, 2) == SESSION_TOKEN ? SESSION_TOKEN : SESSION_LOGIN;
	out->agent.v = db_column_u64(stmt, 3);
	out->created_at = sqlite3_column_int64(stmt, 4);
	out->expires_at = sqlite3_column_int64(stmt, 5);
	/* Whatever is not known may do least. */
	out->scope =
		db_column_u64(stmt, 6) == TOKEN_SCOPE_FULL ? TOKEN_SCOPE_FULL : TOKEN_SCOPE_WALL;
	out->used_at = sqlite3_column_int64(stmt, 7);
	db_column_text(stmt, 8, out->label, sizeof(out->label));
}

enum status record_session_put(struct writer *writer, struct store_call *call)
{
	struct session *session = &call->u.session_put;
	sqlite3_stmt *stmt = db_stmt(&writer->db, SQL_AGENT_GET);
	uint64_t id;
	enum status st;

	db_bind_u64(stmt, 1, session->agent.v);
	st = db_u64(&writer->db, stmt, &id);
	if (st != ST_OK)
		return st;
	if (id == 0)
		return ST_NOT_FOUND;
	stmt = db_stmt(&writer->db, SQL_SESSION_PUT);
	db_bind_blob(stmt, 1, session->hash, sizeof(session->hash));
	db_bind_u64(stmt, 2, session->kind);
	db_bind_u64(stmt, 3, session->agent.v);
	(void)sqlite3_bind_int64(stmt, 4, session->created_at);
	(void)sqlite3_bind_int64(stmt, 5, session->expires_at);
	db_bind_u64(stmt, 6, session->scope);
	(void)sqlite3_bind_int64(stmt, 7, session->used_at);
	db_bind_text(stmt, 8, session->label);
	db_bind_u64(stmt, 9, session->id);
	return db_u64(&writer->db, stmt, &session->id);
}

enum status record_session_end(struct writer *writer, struct store_call *call)
{
	sqlite3_stmt *stmt;
	enum status st;

	if (call->u.session_end.agent.v == 0) {
		stmt = db_stmt(&writer->db, SQL_SESSION_END);
		db_bind_blob(stmt, 1, call->u.session_end.hash, sizeof(call->u.session_end.hash));
	} else {
		stmt = db_stmt(&writer->db, SQL_SESSIONS_END);
		db_bind_u64(stmt, 1, call->u.session_end.agent.v);
		db_bind_u64(stmt, 2, call->u.session_end.logins);
		db_bind_u64(stmt, 3, call->u.session_end.tokens);
	}
	st = db_run(&writer->db, stmt);
	call->u.session_end.ended = st == ST_OK ? (unsigned)sqlite3_changes(writer->db.handle) : 0;
	return st;
}

/* The one that is meant, as it is. */
static enum status token_get(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_TOKEN_GET);
	enum status st;

	db_bind_u64(stmt, 1, call->u.token.id);
	db_bind_u64(stmt, 2, call->u.token.agent.v);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	session_from_row(stmt, &call->u.token.session);
	db_finish(stmt);
	return ST_OK;
}

enum status record_token_set(struct writer *writer, struct store_call *call)
{
	struct session *session = &call->u.token.session;
	sqlite3_stmt *stmt;
	enum status st = token_get(&writer->db, call);

	if (st != ST_OK)
		return st;
	if (call->u.token.has_label)
		memcpy(session->label, call->u.token.label, sizeof(session->label));
	if (call->u.token.used_at > session->used_at)
		session->used_at = call->u.token.used_at;
	stmt = db_stmt(&writer->db, SQL_TOKEN_SET);
	db_bind_u64(stmt, 1, session->id);
	db_bind_text(stmt, 2, session->label);
	(void)sqlite3_bind_int64(stmt, 3, session->used_at);
	return db_run(&writer->db, stmt);
}

enum status record_token_end(struct writer *writer, struct store_call *call)
{
	sqlite3_stmt *stmt;
	enum status st = token_get(&writer->db, call);

	if (st != ST_OK)
		return st;
	stmt = db_stmt(&writer->db, SQL_SESSION_END);
	db_bind_blob(stmt, 1, call->u.token.session.hash, SECRET_HASH_SIZE);
	return db_run(&writer->db, stmt);
}

enum status read_session(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_SESSION_GET);
	struct session *session = &call->u.session.session;
	enum status st;

	db_bind_blob(stmt, 1, call->u.session.hash, sizeof(call->u.session.hash));
	(void)sqlite3_bind_int64(stmt, 2, call->u.session.now);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	session_from_row(stmt, session);
	db_finish(stmt);
	st = record_agent_by_id(db, session->agent, &call->u.session.agent);
	if (st == ST_OK && call->u.session.agent.disabled)
		return ST_NOT_FOUND;
	return st;
}

enum status read_tokens(struct db *db, struct store_call *call)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_TOKENS);
	struct session *items =
		arena_alloc(&call->arena, STORE_TOKENS_MAX * sizeof(struct session));
	enum status st = ST_OK;

	call->u.tokens.items = items;
	call->u.tokens.count = 0;
	db_bind_u64(stmt, 1, call->u.tokens.agent.v);
	(void)sqlite3_bind_int64(stmt, 2, call->u.tokens.now);
	db_bind_u64(stmt, 3, STORE_TOKENS_MAX);
	while (call->u.tokens.count < STORE_TOKENS_MAX && db_row(db, stmt, &st))
		session_from_row(stmt, &items[call->u.tokens.count++]);
	db_finish(stmt);
	return st;
}
