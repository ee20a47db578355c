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
	X(escalation.previous.v, 938)

#define TEXTS(X)         \
	X(agent_name)    \
	X(visitor_name)  \
	X(visitor_email) \
	X(page_url)      \
	X(page_title)    \
	X(title)         \
	X(topic)         \
	X(tags[0].text)  \
	X(tags[1].text)  \
	X(articles[0].url)

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(inserted, open_file, close_file),
		cmocka_unit_test_setup_teardown(updated, open_file, close_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
