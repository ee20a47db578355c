/* SPDX-License-Identifier: MIT */
/* What is past its time goes, in pieces that are small however long a log is:
 *   ticket, with all that is by its number > `remains`: its log, from the newest entry back
 * From the first step on nobody finds the ticket; what is left of its log goes before the next
 * ticket does, after a restart too. Numbers and ids that were given are not given again. */
#include <uv.h>

#include "adapter/sqlite_record.h"
#include "base/must.h"

/* Messages wait for this call: it stops when it has taken this long. */
#define FORGET_BUDGET_NS (UINT64_C(4) * 1000 * 1000)
#define FORGET_LEAST     32 /* entries and tickets, however long they take */
#define SESSIONS_MAX     500

struct forgetting {
	struct writer *writer;
	struct store_call *call;
	uint64_t begin;
	unsigned done;
	uint64_t mark; /* entries up to it are in the full-text index */
};

static bool is_late(const struct forgetting *forgetting)
{
	return forgetting->done >= FORGET_LEAST &&
	       uv_hrtime() - forgetting->begin > FORGET_BUDGET_NS;
}

static enum status run_with(struct db *db, enum sql sql, uint64_t first, uint64_t second)
{
	sqlite3_stmt *stmt = db_stmt(db, sql);

	db_bind_u64(stmt, 1, first);
	if (sqlite3_bind_parameter_count(stmt) > 1)
		db_bind_u64(stmt, 2, second);
	return db_run(db, stmt);
}

/* --- a log --- */

/* The index keeps no texts, so to forget one it has to be told it. */
static enum status forget_words(struct db *db, sqlite3_stmt *row, int64_t place)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_SEARCH_FORGET);

	(void)sqlite3_bind_int64(stmt, 1, place);
	db_bind_span(stmt, 2, db_column_span(row, 4));
	db_bind_span(stmt, 3, db_column_span(row, 5));
	return db_run(db, stmt);
}

/* *id becomes the entry before; 0: there is none. */
static enum status forget_entry(struct forgetting *forgetting, uint64_t *id)
{
	struct db *db = &forgetting->writer->db;
	sqlite3_stmt *row = db_stmt(db, SQL_ENTRY_WORDS);
	uint64_t prev = 0;
	enum status st;

	db_bind_u64(row, 1, *id);
	if (!db_row(db, row, &st)) {
		*id = 0; /* not a row: the chain ends here */
		return st;
	}
	prev = db_column_u64(row, 0);
	if (*id <= forgetting->mark && db_column_u64(row, 3) != ENTRY_EVENT)
		st = forget_words(
			db, row,
			place_id((struct ticket_id){db_column_u64(row, 1)}, db_column_u64(row, 2)));
	db_finish(row);
	if (st == ST_OK)
		st = run_with(db, SQL_ENTRY_DELETE, *id, 0);
	forgetting->call->u.forget.entries++;
	*id = prev;
	return st;
}

static enum status forget_log(struct forgetting *forgetting, uint64_t head)
{
	struct db *db = &forgetting->writer->db;
	uint64_t id = head;
	enum status st = ST_OK;

	while (st == ST_OK && id != 0 && !is_late(forgetting)) {
		st = forget_entry(forgetting, &id);
		forgetting->done++;
	}
	if (st != ST_OK)
		return st;
	return id == 0 ? run_with(db, SQL_REMAINS_DELETE, head, 0)
	               : run_with(db, SQL_REMAINS_MOVE, head, id);
}

/* --- a ticket --- */

static enum status forget_title(struct db *db, struct ticket_id number)
{
	sqlite3_stmt *row = db_stmt(db, SQL_SEARCH_TITLE_GET), *stmt;
	enum status st;

	db_bind_u64(row, 1, number.v);
	if (!db_row(db, row, &st))
		return st;
	stmt = db_stmt(db, SQL_SEARCH_DELETE);
	(void)sqlite3_bind_int64(stmt, 1, place_id(number, 0));
	db_bind_span(stmt, 2, db_column_span(row, 0));
	st = db_run(db, stmt);
	db_finish(row);
	return st;
}

static enum status last_entry(struct db *db, struct ticket_id number, uint64_t *id_out)
{
	sqlite3_stmt *row = db_stmt(db, SQL_LOG_LAST);
	enum status st;

	*id_out = 0;
	db_bind_u64(row, 1, number.v);
	if (db_row(db, row, &st)) {
		*id_out = db_column_u64(row, 0);
		db_finish(row);
	}
	return st;
}

static enum status count_files(struct forgetting *forgetting, uint64_t from, uint64_t to)
{
	sqlite3_stmt *stmt = db_stmt(&forgetting->writer->db, SQL_FILES_COUNT);
	uint64_t count;
	enum status st;

	db_bind_u64(stmt, 1, from);
	db_bind_u64(stmt, 2, to);
	st = db_u64(&forgetting->writer->db, stmt, &count);
	if (st == ST_OK)
		forgetting->call->u.forget.files += (unsigned)count;
	return st;
}

static enum status forget_rows(struct forgetting *forgetting, struct ticket_id number)
{
	static const enum sql by_number[] = {
		SQL_TICKET_DELETE,    SQL_LOG_DELETE,   SQL_CLOCK_DELETE,
		SQL_CONTEXT_DELETE,   SQL_KEYS_DELETE,  SQL_CREATE_KEYS_DELETE,
		SQL_FIRED_DELETE_ALL, SQL_TITLE_DELETE, SQL_QUEUE_DELETE_TICKET,
	};
	struct db *db = &forgetting->writer->db;
	uint64_t from = (uint64_t)place_id(number, 0);
	uint64_t to = (uint64_t)place_id((struct ticket_id){number.v + 1}, 0);
	enum status st = count_files(forgetting, from, to);

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(by_number); i++)
		st = run_with(db, by_number[i], number.v, 0);
	if (st == ST_OK)
		st = run_with(db, SQL_CHANGES_DELETE, from, to);
	if (st == ST_OK)
		st = run_with(db, SQL_FILES_DELETE, from, to);
	return st;
}

static enum status forget_ticket(struct forgetting *forgetting, struct ticket_id number)
{
	struct db *db = &forgetting->writer->db;
	uint64_t last_id;
	enum status st = last_entry(db, number, &last_id);

	if (st == ST_OK)
		st = run_with(db, SQL_GIVEN_PUT, number.v, last_id);
	if (st == ST_OK)
		st = forget_title(db, number);
	if (st == ST_OK)
		st = forget_rows(forgetting, number);
	if (st == ST_OK && last_id != 0)
		st = run_with(db, SQL_REMAINS_PUT, last_id, 0);
	cache_drop(forgetting->writer->cache, number);
	forgetting->done++;
	forgetting->call->u.forget.tickets++;
	return st;
}

/* --- all --- */

static enum status find_old(struct forgetting *forgetting, uint64_t *numbers, size_t *count_out)
{
	struct store_call *call = forgetting->call;
	struct db *db = &forgetting->writer->db;
	sqlite3_stmt *stmt = db_stmt(db, SQL_TICKETS_OLD);
	size_t count = 0;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 1, call->u.forget.before);
	db_bind_u64(stmt, 2, call->u.forget.limit + 1U);
	while (db_row(db, stmt, &st))
		numbers[count++] = db_column_u64(stmt, 0);
	*count_out = count;
	return st;
}

static enum status forget_sessions(struct forgetting *forgetting)
{
	struct db *db = &forgetting->writer->db;
	enum status st = run_with(db, SQL_SESSIONS_OLD_DELETE,
	                          (uint64_t)forgetting->call->u.forget.now, SESSIONS_MAX);

	if (st == ST_OK)
		forgetting->call->u.forget.sessions = (unsigned)sqlite3_changes(db->handle);
	return st;
}

/* One row a day: what went, by which limit. */
static enum status put_down(struct forgetting *forgetting)
{
	const struct store_call *call = forgetting->call;
	struct db *db = &forgetting->writer->db;
	sqlite3_stmt *stmt;

	if (call->u.forget.tickets + call->u.forget.entries + call->u.forget.sessions == 0)
		return ST_OK;
	stmt = db_stmt(db, SQL_FORGOTTEN_ADD);
	(void)sqlite3_bind_int64(stmt, 1, call->u.forget.now / DAY_MS * DAY_MS);
	(void)sqlite3_bind_int64(stmt, 2, call->u.forget.before);
	db_bind_u64(stmt, 3, call->u.forget.tickets);
	db_bind_u64(stmt, 4, call->u.forget.entries);
	db_bind_u64(stmt, 5, call->u.forget.files);
	db_bind_u64(stmt, 6, call->u.forget.sessions);
	return db_run(db, stmt);
}

static enum status forget(struct forgetting *forgetting, const uint64_t *numbers, size_t count)
{
	struct store_call *call = forgetting->call;
	struct db *db = &forgetting->writer->db;
	uint64_t head = 0;
	size_t next = 0;
	enum status st = ST_OK;

	for (;;) {
		if (st == ST_OK)
			st = db_u64(db, db_stmt(db, SQL_REMAINS_FIRST), &head);
		if (st != ST_OK || is_late(forgetting))
			break;
		if (head != 0)
			st = forget_log(forgetting, head);
		else if (next < count && next < call->u.forget.limit)
			st = forget_ticket(forgetting, (struct ticket_id){numbers[next++]});
		else
			break;
	}
	call->u.forget.more = head != 0 || next < count;
	return st;
}

enum status record_forget(struct writer *writer, struct store_call *call)
{
	struct forgetting forgetting = {.writer = writer, .call = call, .begin = uv_hrtime()};
	uint64_t *numbers;
	size_t count = 0;
	enum status st;

	MUST(call->u.forget.limit >= 1 && call->u.forget.limit <= STORE_FORGET_MAX);
	call->u.forget.tickets = call->u.forget.entries = 0;
	call->u.forget.files = call->u.forget.sessions = 0;
	numbers = arena_alloc(&call->arena, (call->u.forget.limit + 1U) * sizeof(*numbers));
	st = db_u64(&writer->db, db_stmt(&writer->db, SQL_SEARCH_MARK_GET), &forgetting.mark);
	if (st == ST_OK)
		st = forget_sessions(&forgetting);
	if (st == ST_OK && call->u.forget.before > 0)
		st = find_old(&forgetting, numbers, &count);
	if (st == ST_OK)
		st = forget(&forgetting, numbers, count);
	return st == ST_OK ? put_down(&forgetting) : st;
}
