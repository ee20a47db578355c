/* SPDX-License-Identifier: MIT */
/* A ticket goes into the tables and comes back equal, each field of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapter/sqlite_record.h"
#include "base/must.h"

/* X(field, value): no two alike, as far as the field has the room. */
#define NUMBERS(X)                                    \
	X(number.v, 901)                              \
	X(status, TICKET_PENDING)                     \
	X(priority, PRIORITY_HIGH)                    \
	X(channel, CHANNEL_EMAIL)                     \
	X(resolution, RESOLUTION_NO_REPLY)            \
	X(tier, 3)                                    \
	X(agent.v, 902)                               \
	X(generation, 903)                            \
	X(waiting_since, 904)                         \
	X(queue_head, true)                           \
	X(visitor_verified, true)                     \
	X(flags.production_stopped, true)             \
	X(flags.data_exposed, true)                   \
	X(tags_count, 2)                              \
	X(articles_count, 1)                          \
	X(last_seq, 905)                              \
	X(last_public_seq, 906)                       \
	X(last_reply_seq, 907)                        \
	X(last_reply_agent.v, 908)                    \
	X(messages_count, 909)                        \
	X(visitor_read_seq, 910)                      \
	X(agent_read_seq, 911)                        \
	X(files_count, 940)                           \
	X(created_at, 912)                            \
	X(first_response_due, 913)                    \
	X(first_response_at, 914)                     \
	X(resolution_due, 915)                        \
	X(resolved_at, 916)                           \
	X(rating, 5)                                  \
	X(policy, 917)                                \
	X(clocks.next_due, 918)                       \
	X(clocks.fired, UINT64_C(0x8000000000000919)) \
	X(clocks.paused_since, 920)                   \
	X(clocks.resumed_at, 939)                     \
	X(clocks.paused_wall_ms, 921)                 \
	X(clocks.paused_open_ms, 922)                 \
	X(clocks.tier_since, 923)                     \
	X(clocks.accepted_at, 924)                    \
	X(clocks.agent_at, 925)                       \
	X(clocks.visitor_at, 926)                     \
	X(clocks.work_since, 927)                     \
	X(clocks.work_ms, 928)                        \
	X(escalation.immediate, true)                 \
	X(escalation.possible_incident, true)         \
	X(escalation.choice_due, true)                \
	X(escalation.stale, true)                     \
	X(escalation.needed_tier, 2)                  \
	X(escalation.stopped, STOPPED_CONFIRMED)      \
	X(escalation.stopped_at, 929)                 \
	X(escalation.immediate_at, 930)               \
	X(escalation.pages, 931)                      \
	X(escalation.paged_at, 932)                   \
	X(escalation.page_acked_at, 933)              \
	X(escalation.approval, APPROVAL_GRANTED)      \
	X(escalation.approved_at, 934)                \
	X(escalation.reopened, 935)                   \
	X(escalation.failed_answers, 936)             \
	X(escalation.parent.v, 937)                   \
	X(escalation.previous.v, 938)                 \
	X(closing.by.v, 940)                          \
	X(closing.at, 941)                            \
	X(closing.from, TICKET_OPEN)                  \
	X(closing.choice_due, true)                   \
	X(milestones[0].asked_at, 942)                \
	X(milestones[0].paused_ms, 943)               \
	X(milestones[0].due, 944)                     \
	X(milestones[0].done_at, 945)                 \
	X(milestones[0].left.ms, -946)                \
	X(milestones[0].left.clock, LEFT_WALL)        \
	X(milestones[1].due, INT64_MIN)               \
	X(first_response_left.ms, 947)                \
	X(first_response_left.clock, LEFT_WALL)       \
	X(resolution_left.ms, -948)                   \
	X(resolution_left.clock, LEFT_BUSINESS)       \
	X(sent_pages.count, 3)                        \
	X(sent_pages.opened, 2)                       \
	X(sent_pages.seq[0], 949)                     \
	X(sent_pages.seq[1], UINT32_MAX)              \
	X(sent_pages.seq[2], 950)

#define TEXTS(X)            \
	X(agent_name)       \
	X(visitor_name)     \
	X(visitor_email)    \
	X(page_url)         \
	X(page_title)       \
	X(title)            \
	X(topic)            \
	X(tags[0].text)     \
	X(tags[1].text)     \
	X(articles[0].url)  \
	X(milestones[0].id) \
	X(milestones[1].id) \
	X(links)

struct file {
	struct db db;
	struct arena arena;
	char path[64];
};

static int open_file(void **state)
{
	struct file *file = calloc(1, sizeof(*file));
	char why[160];
	int fd;

	assert_non_null(file);
	(void)snprintf(file->path, sizeof(file->path), "/tmp/tierbell-rows-XXXXXX");
	fd = mkstemp(file->path);
	assert_true(fd >= 0);
	(void)close(fd);
	if (db_open_writer(&file->db, file->path, why, sizeof(why)) != ST_OK)
		fail_msg("%s", why);
	*state = file;
	return 0;
}

static int close_file(void **state)
{
	struct file *file = *state;

	db_close(&file->db);
	arena_fini(&file->arena);
	(void)unlink(file->path);
	free(file);
	return 0;
}

static void fill(struct ticket *ticket)
{
	memset(ticket, 0, sizeof(*ticket));
#define SET(field, value) ticket->field = value;
	NUMBERS(SET)
#undef SET
#define SET(field) (void)span_copy(ticket->field, sizeof(ticket->field), SPAN_LIT(#field));
	TEXTS(SET)
#undef SET
	ticket->visitor.v[15] = 1;
}

static void expect_equal(struct file *file, const struct ticket *wanted)
{
	sqlite3_stmt *stmt = db_stmt(&file->db, SQL_TICKET_GET);
	struct ticket got;
	enum status st;

	memset(&got, 0x5a, sizeof(got)); /* what was there is not taken for a part of it */
	db_bind_u64(stmt, 1, wanted->number.v);
	assert_true(db_row(&file->db, stmt, &st));
	ticket_from_row(stmt, &got);
	assert_int_equal(db_column_u64(stmt, TICKET_LAST_ID), 77);
	db_finish(stmt);
#define CHECK(field, value)             \
	if (got.field != wanted->field) \
		fail_msg("%s", #field);
	NUMBERS(CHECK)
#undef CHECK
#define CHECK(field) assert_string_equal(got.field, wanted->field);
	TEXTS(CHECK)
#undef CHECK
	assert_true(visitor_id_eq(&got.visitor, &wanted->visitor));
}

static void write_with(struct file *file, const struct ticket *ticket, const enum sql sql[3])
{
	sqlite3_stmt *stmt = db_stmt(&file->db, sql[0]);

	ticket_bind(stmt, ticket, &file->arena);
	assert_int_equal(db_run(&file->db, stmt), ST_OK);
	stmt = db_stmt(&file->db, sql[1]);
	ticket_bind_log(stmt, ticket, 77);
	assert_int_equal(db_run(&file->db, stmt), ST_OK);
	stmt = db_stmt(&file->db, sql[2]);
	ticket_bind_clock(stmt, ticket);
	assert_int_equal(db_run(&file->db, stmt), ST_OK);
}

static void inserted(void **state)
{
	static const enum sql sql[] = {SQL_TICKET_INSERT, SQL_LOG_INSERT, SQL_CLOCK_INSERT};
	struct file *file = *state;
	struct ticket ticket;

	fill(&ticket);
	write_with(file, &ticket, sql);
	expect_equal(file, &ticket);
}

static void updated(void **state)
{
	static const enum sql insert[] = {SQL_TICKET_INSERT, SQL_LOG_INSERT, SQL_CLOCK_INSERT};
	static const enum sql moved[] = {SQL_TICKET_UPDATE, SQL_LOG_UPDATE, SQL_CLOCK_MOVE};
	static const enum sql stays[] = {SQL_TICKET_UPDATE, SQL_LOG_UPDATE, SQL_CLOCK_UPDATE};
	struct file *file = *state;
	struct ticket ticket = {.number = {901}, .created_at = 912}, filled;

	fill(&filled);
	ticket.visitor = filled.visitor; /* both never change */
	write_with(file, &ticket, insert);
	write_with(file, &filled, moved);
	expect_equal(file, &filled);
	filled.escalation.pages = 7;
	write_with(file, &filled, stays);
	expect_equal(file, &filled);
}

/* Ticket 901, with this text in a column of its clocks. */
static void read_with(struct file *file, const char *column, const char *text, struct ticket *out)
{
	char *sql = sqlite3_mprintf("UPDATE ticket_clock SET %s=%Q", column, text);
	sqlite3_stmt *stmt;
	enum status st;

	assert_int_equal(sqlite3_exec(file->db.handle, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_free(sql);
	stmt = db_stmt(&file->db, SQL_TICKET_GET);
	db_bind_u64(stmt, 1, 901);
	assert_true(db_row(&file->db, stmt, &st));
	ticket_from_row(stmt, out);
	db_finish(stmt);
}

/* What another program left there is read as far as it goes, and no further. */
static void strange_milestones(void **state)
{
	static const struct {
		const char *text;
		const char *first, *second;
		wall_ms due;
	} rows[] = {
		{"", "", "", 0},
		{"one 1 2 3 4\ntwo 0 0 9 0\n", "one", "two", 3},
		{"one 1 2 3\n", "", "", 0},
		{"one 1 2 3 4", "", "", 0},
		{"one 1 2 3 4 5\ntwo 1 2 8 4\n", "two", "", 8},
		{"one 1 2 3 4 5 2\ntwo 1 2 8 4 -5 77\n", "one", "two", 3},
		{"one 1 2 3 4 5 2 6\ntwo 1 2 8 4 5 x\n", "", "", 0},
		{" 1 2 3 4\n", "", "", 0},
		{"a-name-of-sixteen 1 2 3 4\none 1 2 3 4\n", "one", "", 3},
		{"a 0 0 1 0\nb 0 0 1 0\nc 0 0 1 0\nd 0 0 1 0\ne 0 0 1 0\n", "a", "b", 1},
		{"\n\n\none 1 2 3 4\n", "one", "", 3},
	};
	static const enum sql insert[] = {SQL_TICKET_INSERT, SQL_LOG_INSERT, SQL_CLOCK_INSERT};
	struct file *file = *state;
	struct ticket ticket = {.number = {901}}, got;

	write_with(file, &ticket, insert);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		read_with(file, "milestones", rows[i].text, &got);
		assert_string_equal(got.milestones[0].id, rows[i].first);
		assert_string_equal(got.milestones[1].id, rows[i].second);
		assert_int_equal(got.milestones[0].due, rows[i].due);
	}
}

/* A piece of what is due is read by one statement, which stays as it was planned, whatever is bound
 * to it: SQLite would rather look at the values, and plan it anew for each of them. */
static void a_plan_stays(void **state)
{
	static const enum sql insert[] = {SQL_TICKET_INSERT, SQL_LOG_INSERT, SQL_CLOCK_INSERT};
	struct file *file = *state;
	struct ticket ticket;
	sqlite3_stmt *stmt = db_stmt(&file->db, SQL_CLOCK_DUE);
	enum status st;

	fill(&ticket);
	write_with(file, &ticket, insert);
	for (uint64_t number = 900; number <= 901; number++) {
		(void)sqlite3_bind_int64(stmt, 1, 918);
		(void)sqlite3_bind_int64(stmt, 2, 918);
		db_bind_u64(stmt, 3, number);
		db_bind_u64(stmt, 4, 1000 + number);
		assert_int_equal(db_row(&file->db, stmt, &st), number < 901);
		assert_int_equal(st, ST_OK);
		if (number < 901) {
			assert_int_equal(db_column_u64(stmt, TICKET_CLOCK_NUMBER), 901);
			assert_int_equal(db_column_u64(stmt, TICKET_CLOCK_DUE), 918);
			assert_int_equal(db_column_u64(stmt, TICKET_LAST_ID), 77);
		}
		db_finish(stmt);
	}
	assert_int_equal(sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_REPREPARE, 0), 0);
}

static void strange_pages(void **state)
{
	static const struct {
		const char *text;
		uint32_t count, opened;
	} rows[] = {
		{"", 0, 0},
		{"3 0\n9 1\n", 2, 2},
		{"3 1\n9 2\n12 1\n", 1, 1},
		{"3 1\n9", 1, 1},
		{"0 1\n", 0, 0},
		{"x\n3 1\n", 0, 0},
		{"1 0\n2 0\n3 0\n4 0\n5 0\n6 0\n7 0\n8 0\n9 0\n10 0\n11 0\n12 0\n13 0\n14 0\n"
	         "15 0\n16 1\n17 1\n",
	         16, 32768},
	};
	static const enum sql insert[] = {SQL_TICKET_INSERT, SQL_LOG_INSERT, SQL_CLOCK_INSERT};
	struct file *file = *state;
	struct ticket ticket = {.number = {901}}, got;

	write_with(file, &ticket, insert);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		read_with(file, "sent_pages", rows[i].text, &got);
		assert_int_equal(got.sent_pages.count, rows[i].count);
		assert_int_equal(got.sent_pages.opened, rows[i].opened);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(inserted, open_file, close_file),
		cmocka_unit_test_setup_teardown(updated, open_file, close_file),
		cmocka_unit_test_setup_teardown(strange_milestones, open_file, close_file),
		cmocka_unit_test_setup_teardown(a_plan_stays, open_file, close_file),
		cmocka_unit_test_setup_teardown(strange_pages, open_file, close_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
