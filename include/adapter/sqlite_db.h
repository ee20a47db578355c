/* SPDX-License-Identifier: MIT */
/* One connection of the record, of one thread, and its prepared statements. */
#ifndef TB_ADAPTER_SQLITE_DB_H
#define TB_ADAPTER_SQLITE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "adapter/sqlite_sql.h"
#include "base/arena.h"
#include "base/status.h"
#include "core/ids.h"

#define SQL_ROW(name, text) name,
enum sql { SQL_TABLE(SQL_ROW) SQL_COUNT };
#undef SQL_ROW

#define DB_PAGE_SIZE "4096"

struct db {
	sqlite3 *handle; /* NULL: closed */
	sqlite3_stmt *stmts[SQL_COUNT];
	sqlite3_stmt *lists[4][2][2]; /* of sqlite_lists.c: order, live only, full text */
	int error;                    /* the last primary result code that was not expected */
};

/* Rows of the audit and documents of the index are ordered by ticket: their key is its number
 * above 24 bits of place. */
#define PLACE_BITS 24
#define PLACE_MAX  ((UINT64_C(1) << PLACE_BITS) - 1)

static inline int64_t place_id(struct ticket_id ticket, uint64_t place)
{
	return (int64_t)(ticket.v << PLACE_BITS | place);
}

/* UNAVAILABLE: `why` says why, for a person. */
NODISCARD enum status db_open_writer(struct db *db, const char *path, char *why, size_t why_size);
NODISCARD enum status db_open_reader(struct db *db, const char *path);
void db_close(struct db *db);

/* The statement, ready to be bound. NULL: it cannot be prepared (db->error). */
sqlite3_stmt *db_stmt(struct db *db, enum sql sql);

sqlite3_stmt *db_prepare(struct db *db, const char *text, sqlite3_stmt **stmt);

/* Runs a statement without rows and makes it ready for the next use. UNAVAILABLE: db->error */
NODISCARD enum status db_run(struct db *db, sqlite3_stmt *stmt);
NODISCARD enum status db_exec(struct db *db, enum sql sql); /* one without parameters */

/* The next row. false: there is none (status OK) or it could not be read; then the statement is
 * done with. Who stops before the end calls db_finish(). */
bool db_row(struct db *db, sqlite3_stmt *stmt, enum status *st_out);
void db_finish(sqlite3_stmt *stmt);

/* The only value of the only row; NULL and no row are 0. */
NODISCARD enum status db_u64(struct db *db, sqlite3_stmt *stmt, uint64_t *out);

/* After UNAVAILABLE: are further statements of this transaction pointless? */
bool db_error_is_storage(const struct db *db);

void db_bind_u64(sqlite3_stmt *stmt, int at, uint64_t value);
void db_bind_span(sqlite3_stmt *stmt, int at, struct span text); /* absent is NULL */
void db_bind_text(sqlite3_stmt *stmt, int at, const char *text);
void db_bind_blob(sqlite3_stmt *stmt, int at, const void *bytes, size_t len);

uint64_t db_column_u64(sqlite3_stmt *stmt, int at);
struct span db_column_span(sqlite3_stmt *stmt, int at); /* good until the next step */
struct span db_column_copy(sqlite3_stmt *stmt, int at, struct arena *arena);
void db_column_text(sqlite3_stmt *stmt, int at, char *dst, size_t size);

/* Is it ours, and not newer than this program? Then brings it to this program's layout. */
NODISCARD enum status schema_check(struct db *db, const char *path, char *why, size_t why_size);
NODISCARD enum status schema_migrate(struct db *db, const char *path, char *why, size_t why_size);

#endif
