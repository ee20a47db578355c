/* SPDX-License-Identifier: MIT */
/* A record with very many tickets whose next timer is due at one moment, and what came of it.
 *   crowd FILE multiply NUMBER COUNT DUE   copies ticket NUMBER; DUE in ms since 1970
 *   crowd FILE count                       what fired of the copies, as JSON
 * All of them wait on Tier 2 then, so that nobody of Tier 1 is offered any. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/must.h"

static void run(sqlite3 *db, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void run(sqlite3 *db, const char *format, ...)
{
	char *error = NULL;
	va_list args;
	char *text;

	va_start(args, format);
	text = sqlite3_vmprintf(format, args);
	va_end(args);
	if (sqlite3_exec(db, text, NULL, NULL, &error) != SQLITE_OK) {
		(void)fprintf(stderr, "%s: %s\n", text, error);
		exit(1);
	}
	sqlite3_free(text);
}

static int64_t number_of(sqlite3 *db, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value;

	MUST(sqlite3_prepare_v2(db, text, -1, &stmt, NULL) == SQLITE_OK);
	MUST(sqlite3_step(stmt) == SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return value;
}

/* Every moment of the ticket, so that its next one is `due`. */
static void move(sqlite3 *db, int64_t due)
{
	static const char *const moments[][2] = {
		{"ticket", "created_at"},
		{"ticket", "waiting_since"},
		{"ticket", "first_response_due"},
		{"ticket", "resolution_due"},
		{"ticket", "due"},
		{"ticket_clock", "next_due"},
		{"ticket_clock", "tier_since"},
		{"ticket_log", "visitor_at"},
		{"ticket_log", "agent_at"},
	};
	int64_t by = due - number_of(db, "SELECT next_due FROM one_ticket_clock");

	for (size_t i = 0; i < ARRAY_LEN(moments); i++)
		run(db, "UPDATE one_%s SET %s = %s + %" PRId64 " WHERE %s > 0", moments[i][0],
		    moments[i][1], moments[i][1], by, moments[i][1]);
}

static void multiply(sqlite3 *db, int64_t number, int64_t count, int64_t due)
{
	static const char *const tables[] = {"ticket", "ticket_log", "ticket_clock"};
	int64_t ticket = number_of(db, "SELECT max(number) FROM ticket");
	int64_t entry = number_of(db, "SELECT max(id) FROM entry");

	run(db, "PRAGMA synchronous=OFF; BEGIN IMMEDIATE");
	run(db, "UPDATE ticket SET tier = 2 WHERE number = %" PRId64, number);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		run(db, "CREATE TEMP TABLE one_%s AS SELECT * FROM %s WHERE number = %" PRId64,
		    tables[i], tables[i], number);
	run(db,
	    "CREATE TEMP TABLE one_entry AS SELECT * FROM entry WHERE ticket = %" PRId64
	    " AND seq = 1",
	    number);
	run(db, "UPDATE one_ticket_log SET last_seq = 1, last_public_seq = 1, messages_count = 1");
	move(db, due);
	for (int64_t i = 0; i < count; i++) {
		ticket++;
		entry++;
		run(db, "UPDATE one_ticket SET number = %" PRId64 ", visitor = NULL", ticket);
		run(db, "UPDATE one_ticket_clock SET number = %" PRId64, ticket);
		run(db, "UPDATE one_ticket_log SET number = %" PRId64 ", last_id = %" PRId64,
		    ticket, entry);
		run(db,
		    "UPDATE one_entry SET id = %" PRId64 ", ticket = %" PRId64 ", client_id = NULL",
		    entry, ticket);
		run(db, "INSERT INTO entry SELECT * FROM one_entry");
		for (size_t k = 0; k < ARRAY_LEN(tables); k++)
			run(db, "INSERT INTO %s SELECT * FROM one_%s", tables[k], tables[k]);
	}
	run(db, "COMMIT");
}

/* A slot and due time a row: how many, of how many tickets, how late, and when it was over. */
static void count(sqlite3 *db)
{
	static const char text[] =
		"SELECT slot, due, count(*), count(DISTINCT ticket), max(at),"
		" max(CASE WHEN place <= n * 50 / 100 THEN at END) - due,"
		" max(CASE WHEN place <= n * 99 / 100 THEN at END) - due,"
		" max(at) - due, min(at) - due FROM (SELECT *, row_number() OVER in_turn AS place,"
		" count(*) OVER (PARTITION BY slot, due) AS n FROM fired"
		" WINDOW in_turn AS (PARTITION BY slot, due ORDER BY at))"
		" GROUP BY slot, due HAVING n > 1 ORDER BY due, slot";
	sqlite3_stmt *stmt = NULL;
	bool first = true;

	MUST(sqlite3_prepare_v2(db, text, -1, &stmt, NULL) == SQLITE_OK);
	(void)printf("[");
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		static const char *const names[] = {"slot", "due", "fired", "tickets", "until",
		                                    "p50",  "p99", "max",   "min"};

		(void)printf("%s", first ? "{" : ",{");
		first = false;
		for (int i = 0; i < (int)ARRAY_LEN(names); i++)
			(void)printf("%s\"%s\":%" PRId64, i > 0 ? "," : "", names[i],
			             (int64_t)sqlite3_column_int64(stmt, i));
		(void)printf("}");
	}
	(void)printf("]\n");
	(void)sqlite3_finalize(stmt);
}

int main(int argc, char **argv)
{
	sqlite3 *db;

	if (argc < 3 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		(void)fprintf(stderr, "usage: crowd FILE multiply NUMBER COUNT DUE | count\n");
		return 2;
	}
	if (strcmp(argv[2], "multiply") == 0 && argc == 6)
		multiply(db, strtoll(argv[3], NULL, 10), strtoll(argv[4], NULL, 10),
		         strtoll(argv[5], NULL, 10));
	else
		count(db);
	MUST(sqlite3_close(db) == SQLITE_OK);
	return 0;
}
