/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/must.h"

#define BUSY_MS 2000

#define SQL_ROW(name, text) text,
static const char *const texts[] = {SQL_TABLE(SQL_ROW)};
#undef SQL_ROW

static enum status failed(struct db *db, const char *what)
{
	db->error = sqlite3_extended_errcode(db->handle);
	/* Who handles it logs it: a full disk fails every statement of every batch. */
	log_debug("record.failed", "code=%d text=\"%s\" statement=\"%s\"", db->error,
	          sqlite3_errstr(db->error), what);
	return ST_UNAVAILABLE;
}

/* With the right mode from its first moment on; -wal and -shm take the mode of the file. */
static enum status touch(const char *path, char *why, size_t why_size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || fchmod(fd, 0600) != 0) {
		(void)snprintf(why, why_size, "cannot open the record %s: %s", path,
		               strerrordesc_np(errno));
		if (fd >= 0)
			(void)close(fd);
		return ST_UNAVAILABLE;
	}
	/* No other connection of this process is open yet, whose locks this would drop. */
	(void)close(fd);
	return ST_OK;
}

static bool is_wal(struct db *db)
{
	sqlite3_stmt *stmt = NULL;
	bool wal = false;

	if (sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode=WAL", -1, &stmt, NULL) ==
	            SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		wal = span_is(db_column_span(stmt, 0), "wal");
	(void)sqlite3_finalize(stmt);
	return wal;
}

/* Without the first of these SQLite looks at what is bound when it plans a statement, and plans it
 * anew whenever that is another value: that costs as much as twenty tickets of a piece. */
static bool configure_writer(struct db *db)
{
	return sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL) == SQLITE_OK &&
	       sqlite3_exec(db->handle,
	                    "PRAGMA page_size=" DB_PAGE_SIZE ";"
	                    "PRAGMA temp_store=MEMORY;"
	                    "PRAGMA trusted_schema=OFF;"
	                    "PRAGMA cache_size=-2000;"
	                    "PRAGMA journal_size_limit=16777216;",
	                    NULL, NULL, NULL) == SQLITE_OK &&
	       is_wal(db) &&
	       sqlite3_exec(db->handle,
	                    "PRAGMA synchronous=FULL;"
	                    "PRAGMA wal_autocheckpoint=0;" /* sqlite_store.c does it */
	                    "PRAGMA foreign_keys=ON;",
	                    NULL, NULL, NULL) == SQLITE_OK;
}

/* Statistics are of the day that they were made: with those of a file that had one ticket then,
 * SQLite reads a ticket by a scan of all tickets. Every statement has the index that it needs, so
 * there are none; an older program may have left some. */
static bool forget_statistics(struct db *db)
{
	static const char made[] = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'";
	sqlite3_stmt *stmt = NULL;
	bool ok = sqlite3_prepare_v2(db->handle, made, -1, &stmt, NULL) == SQLITE_OK;
	bool found = ok && sqlite3_step(stmt) == SQLITE_ROW;

	(void)sqlite3_finalize(stmt);
	return ok && (!found ||
	              sqlite3_exec(db->handle, "DELETE FROM sqlite_stat1; ANALYZE sqlite_schema;",
	                           NULL, NULL, NULL) == SQLITE_OK);
}

enum status db_open_writer(struct db *db, const char *path, char *why, size_t why_size)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	enum status st;

	*db = (struct db){0};
	st = touch(path, why, why_size);
	if (st != ST_OK)
		return st;
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK)
		goto close_db;
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS);
	st = schema_check(db, path, why, why_size);
	if (st != ST_OK)
		goto close_quietly;
	if (!configure_writer(db))
		goto close_db;
	st = schema_migrate(db, path, why, why_size);
	if (st != ST_OK)
		goto close_quietly;
	if (forget_statistics(db))
		return ST_OK;
close_db:
	(void)snprintf(why, why_size, "cannot open the record %s: %s", path,
	               sqlite3_errmsg(db->handle));
close_quietly:
	db_close(db);
	return ST_UNAVAILABLE;
}

enum status db_open_reader(struct db *db, const char *path)
{
	const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

	*db = (struct db){0};
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK ||
	    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) != SQLITE_OK ||
	    sqlite3_busy_timeout(db->handle, BUSY_MS) != SQLITE_OK ||
	    sqlite3_exec(db->handle,
	                 "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;"
	                 "PRAGMA trusted_schema=OFF; PRAGMA cache_size=-1000;",
	                 NULL, NULL, NULL) != SQLITE_OK) {
		(void)failed(db, "open");
		db_close(db);
		return ST_UNAVAILABLE;
	}
	return ST_OK;
}

void db_close(struct db *db)
{
	sqlite3_stmt **lists = &db->lists[0][0][0];

	for (size_t i = 0; i < SQL_COUNT; i++)
		(void)sqlite3_finalize(db->stmts[i]);
	for (size_t i = 0; i < sizeof(db->lists) / sizeof(*lists); i++)
		(void)sqlite3_finalize(lists[i]);
	(void)sqlite3_close(db->handle); /* also right after a failed open */
	*db = (struct db){.error = db->error};
}

sqlite3_stmt *db_prepare(struct db *db, const char *text, sqlite3_stmt **stmt)
{
	if (sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL) !=
	    SQLITE_OK)
		(void)failed(db, text);
	return *stmt;
}

sqlite3_stmt *db_stmt(struct db *db, enum sql sql)
{
	if (db->stmts[sql] == NULL)
		return db_prepare(db, texts[sql], &db->stmts[sql]);
	return db->stmts[sql];
}

enum status db_run(struct db *db, sqlite3_stmt *stmt)
{
	int rc;

	if (stmt == NULL)
		return ST_UNAVAILABLE;
	rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		(void)failed(db, sqlite3_sql(stmt));
	(void)sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? ST_OK : ST_UNAVAILABLE;
}

enum status db_exec(struct db *db, enum sql sql)
{
	return db_run(db, db_stmt(db, sql));
}

bool db_row(struct db *db, sqlite3_stmt *stmt, enum status *st_out)
{
	int rc;

	*st_out = ST_UNAVAILABLE;
	if (stmt == NULL)
		return false;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		*st_out = ST_OK;
	else
		(void)failed(db, sqlite3_sql(stmt));
	if (rc != SQLITE_ROW)
		(void)sqlite3_reset(stmt);
	return rc == SQLITE_ROW;
}

void db_finish(sqlite3_stmt *stmt)
{
	if (stmt != NULL)
		(void)sqlite3_reset(stmt);
}

enum status db_u64(struct db *db, sqlite3_stmt *stmt, uint64_t *out)
{
	enum status st;

	*out = 0;
	if (!db_row(db, stmt, &st))
		return st;
	*out = db_column_u64(stmt, 0);
	db_finish(stmt);
	return ST_OK;
}

bool db_error_is_storage(const struct db *db)
{
	switch (db->error & 0xff) {
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
	case SQLITE_RANGE:
	case SQLITE_ERROR:
		return false;
	default:
		return true;
	}
}

/* A statement that could not be prepared is found when it is run: binding to NULL is a
 * documented no-op that answers SQLITE_MISUSE. */
void db_bind_u64(sqlite3_stmt *stmt, int at, uint64_t value)
{
	(void)sqlite3_bind_int64(stmt, at, (sqlite3_int64)value);
}

void db_bind_span(sqlite3_stmt *stmt, int at, struct span text)
{
	(void)sqlite3_bind_text64(stmt, at, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

void db_bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
	db_bind_span(stmt, at, span_of(text));
}

void db_bind_blob(sqlite3_stmt *stmt, int at, const void *bytes, size_t len)
{
	(void)sqlite3_bind_blob64(stmt, at, bytes, len, SQLITE_STATIC);
}

uint64_t db_column_u64(sqlite3_stmt *stmt, int at)
{
	return (uint64_t)sqlite3_column_int64(stmt, at);
}

struct span db_column_span(sqlite3_stmt *stmt, int at)
{
	const char *text = (const char *)sqlite3_column_text(stmt, at);

	if (text == NULL)
		return (struct span){0};
	return (struct span){.ptr = text, .len = (size_t)sqlite3_column_bytes(stmt, at)};
}

struct span db_column_copy(sqlite3_stmt *stmt, int at, struct arena *arena)
{
	return arena_span(arena, db_column_span(stmt, at));
}

void db_column_text(sqlite3_stmt *stmt, int at, char *dst, size_t size)
{
	(void)span_copy(dst, size, db_column_span(stmt, at));
}
