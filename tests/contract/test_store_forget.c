/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of what is past its time, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../support/store_kit.h"
#include "base/must.h"

#define NOW   INT64_C(1767225600000)
#define LATER (NOW + 30 * DAY_MS)

/* Says, notes and ends: a ticket that ended at `at`. */
static uint64_t ended_at(struct store_kit *kit, unsigned visitor, wall_ms at, const char *text)
{
	struct kit_call call;
	uint64_t number;

	kit_say(&call, kit, visitor, text, text);
	call.call.u.command.command.now = at - MINUTE_MS;
	call.call.u.command.command.fresh = true;
	assert_int_equal(kit_run(&call), ST_OK);
	number = call.call.u.command.number.v;
	kit_call_fini(&call);
	kit_note(kit, number, "a note on it");
	kit_command(&call, kit, number, COMMAND_CLOSE, 1, "closing");
	call.call.u.command.command.resolution = RESOLUTION_ANSWERED;
	call.call.u.command.command.now = at;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	return number;
}

static void forget_init(struct kit_call *call, struct store_kit *kit, wall_ms before,
                        unsigned limit)
{
	kit_call_init(call, kit, STORE_FORGET);
	call->call.u.forget.now = LATER;
	call->call.u.forget.before = before;
	call->call.u.forget.limit = limit;
}

/* In as many calls as it takes; how many tickets went. */
static unsigned forget_all(struct store_kit *kit, wall_ms before)
{
	unsigned tickets = 0;
	bool more = true;

	while (more) {
		struct kit_call call;

		forget_init(&call, kit, before, 3);
		assert_int_equal(kit_run(&call), ST_OK);
		assert_true(call.call.u.forget.tickets <= 3);
		tickets += call.call.u.forget.tickets;
		more = call.call.u.forget.more;
		kit_call_fini(&call);
	}
	return tickets;
}

static bool is_there(struct store_kit *kit, uint64_t number)
{
	struct kit_call call;
	enum status st;

	kit_call_init(&call, kit, STORE_TICKET);
	call.call.u.ticket.number.v = number;
	st = kit_run(&call);
	assert_true(st == ST_OK || st == ST_NOT_FOUND);
	kit_call_fini(&call);
	return st == ST_OK;
}

static size_t found(struct store_kit *kit, const char *words)
{
	struct kit_call call;
	size_t count;

	kit_call_init(&call, kit, STORE_TICKETS);
	call.call.u.tickets.filter.query = span_of(words);
	call.call.u.tickets.filter.limit = STORE_LIST_MAX;
	assert_int_equal(kit_run(&call), ST_OK);
	count = call.call.u.tickets.count;
	kit_call_fini(&call);
	return count;
}

static void what_ended_long_ago_goes_and_nothing_else(void **state)
{
	struct store_kit *kit = *state;
	uint64_t old = ended_at(kit, 1, NOW, "the pelican build hangs");
	uint64_t lately = ended_at(kit, 2, NOW + 2 * DAY_MS, "the walrus build hangs");
	uint64_t live = kit_open(kit, 3, "the pelican is live");

	assert_int_equal(found(kit, "pelican"), 2);
	assert_int_equal(found(kit, "note"), 2);
	assert_int_equal(forget_all(kit, 0), 0);
	assert_int_equal(forget_all(kit, NOW), 0); /* it ended at, not before */
	assert_int_equal(forget_all(kit, NOW + DAY_MS), 1);
	assert_false(is_there(kit, old));
	assert_true(is_there(kit, lately));
	assert_true(is_there(kit, live));
	assert_int_equal(found(kit, "pelican"), 1);
	assert_int_equal(found(kit, "walrus"), 1);
	assert_int_equal(found(kit, "note"), 1);
	assert_int_equal(forget_all(kit, NOW + DAY_MS), 0);
	assert_int_equal(forget_all(kit, LATER), 1);
	assert_true(is_there(kit, live)); /* however old it is */
}

static void it_goes_whole(void **state)
{
	struct store_kit *kit = *state;
	uint64_t number = ended_at(kit, 1, NOW, "x");
	struct kit_call call;
	enum status st;

	forget_init(&call, kit, NOW + 1, 10);
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.forget.tickets, 1);
	assert_int_equal(call.call.u.forget.entries, 3); /* message, note, the end */
	assert_false(call.call.u.forget.more);
	kit_call_fini(&call);
	kit_call_init(&call, kit, STORE_LAST);
	call.call.u.last.visitor = kit_visitor(1);
	assert_int_equal(kit_run(&call), ST_NOT_FOUND);
	kit_call_fini(&call);
	kit_command(&call, kit, number, COMMAND_NOTE, 1, "late");
	call.call.u.command.command.text = SPAN_LIT("still here?");
	st = kit_run(&call);
	assert_int_equal(st, ST_NOT_FOUND);
	kit_call_fini(&call);
	/* The id of then is free, and means another ticket. */
	kit_say(&call, kit, 1, "x", "again");
	assert_int_equal(kit_run(&call), ST_OK);
	assert_false(call.call.u.command.duplicate);
	assert_true(call.call.u.command.number.v > number);
	kit_call_fini(&call);
}

static void of_two_tickets_of_one_customer_the_other_stays_the_newest(void **state)
{
	struct store_kit *kit = *state;
	uint64_t first = ended_at(kit, 1, NOW + DAY_MS, "one");
	uint64_t second = ended_at(kit, 1, NOW, "two, and over before");
	struct kit_call call;

	assert_true(second > first);
	assert_int_equal(forget_all(kit, NOW + 1), 1);
	assert_false(is_there(kit, second));
	kit_call_init(&call, kit, STORE_LAST);
	call.call.u.last.visitor = kit_visitor(1);
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.last.ticket.number.v, first);
	kit_call_fini(&call);
	assert_int_equal(kit_open(kit, 5, "a number is not given again"), second + 1);
}

static void no_more_than_asked_the_oldest_first(void **state)
{
	struct store_kit *kit = *state;
	uint64_t numbers[5];
	struct kit_call call;

	for (unsigned i = 0; i < 5; i++)
		numbers[i] = ended_at(kit, i + 1, NOW + (5 - (wall_ms)i) * HOUR_MS, "x");
	forget_init(&call, kit, LATER, 2);
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.forget.tickets, 2);
	assert_true(call.call.u.forget.more);
	kit_call_fini(&call);
	assert_false(is_there(kit, numbers[4]));
	assert_false(is_there(kit, numbers[3]));
	for (unsigned i = 0; i < 3; i++)
		assert_true(is_there(kit, numbers[i]));
	assert_int_equal(forget_all(kit, LATER), 3);
}

static void a_long_log_goes_too(void **state)
{
	struct store_kit *kit = *state;
	uint64_t number = kit_open(kit, 1, "the first of many");

	for (int i = 0; i < 300; i++)
		kit_note(kit, number, "one more narwhal");
	kit_close_ticket(kit, number);
	assert_int_equal(found(kit, "narwhal"), 1);
	assert_int_equal(forget_all(kit, LATER), 1);
	assert_int_equal(found(kit, "narwhal"), 0);
	assert_false(is_there(kit, number));
}

static void put_session(struct store_kit *kit, uint64_t agent, uint8_t name, wall_ms expires_at)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_SESSION_PUT);
	call.call.u.session_put.hash[0] = name;
	call.call.u.session_put.agent.v = agent;
	call.call.u.session_put.expires_at = expires_at;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

static void logins_whose_time_is_over_go(void **state)
{
	struct store_kit *kit = *state;
	uint64_t agent = kit_agent(kit, "dana@example.gov");
	struct kit_call call;

	put_session(kit, agent, 1, LATER);
	put_session(kit, agent, 2, LATER + 1);
	put_session(kit, agent, 3, 0); /* never */
	forget_init(&call, kit, 0, 1);
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.forget.sessions, 1);
	kit_call_fini(&call);
	for (uint8_t name = 2; name <= 3; name++) {
		kit_call_init(&call, kit, STORE_SESSION);
		call.call.u.session.hash[0] = name;
		call.call.u.session.now = NOW;
		assert_int_equal(kit_run(&call), ST_OK);
		kit_call_fini(&call);
	}
}

/* --- the file --- */

static int64_t ask_file(const struct store_kit *kit, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *handle;
	int64_t value;

	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	return value;
}

static void nothing_of_it_is_left_in_the_file(void **state)
{
	static const char *const empty[] = {
		"ticket", "ticket_log",   "ticket_clock", "ticket_context", "entry",   "change",
		"file",   "search_title", "search_queue", "command_key",    "remains", "create_key",
	};
	struct store_kit *kit = *state;
	struct kit_call call;

	(void)ended_at(kit, 1, NOW, "a pelican");
	kit_create(&call, kit, 1, "key", "by phone, about a pelican");
	assert_int_equal(kit_run(&call), ST_OK);
	kit_close_ticket(kit, call.call.u.command.number.v);
	kit_call_fini(&call);
	assert_int_equal(found(kit, "pelican"), 2);
	assert_int_equal(forget_all(kit, LATER), 2);
	assert_int_equal(found(kit, "pelican"), 0);
	store_kit_close(kit);
	for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
		char sql[64];

		(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", empty[i]);
		if (ask_file(kit, sql) != 0)
			fail_msg("%s is not empty", empty[i]);
	}
	assert_int_equal(ask_file(kit, "SELECT count(*) FROM forgotten"), 1);
	assert_int_equal(ask_file(kit, "SELECT tickets FROM forgotten"), 2);
	assert_int_equal(ask_file(kit, "SELECT entries FROM forgotten"), 5);
	/* The index holds together, and knows no word of it. */
	assert_int_equal(ask_file(kit, "SELECT count(*) FROM search WHERE search MATCH 'pelican'"),
	                 0);
	store_kit_open(kit);
	assert_int_equal(kit_open(kit, 9, "a number is not given again, after a restart either"),
	                 3);
	assert_int_equal(found(kit, "restart"), 1);
}

static void what_a_crash_left_of_a_log_goes_after_the_restart(void **state)
{
	struct store_kit *kit = *state;
	uint64_t number = kit_open(kit, 1, "the first of many");
	unsigned calls = 1;
	bool more;

	for (int i = 0; i < 3000; i++)
		kit_note(kit, number, "one more narwhal, with some words around it to be indexed");
	kit_close_ticket(kit, number);
	assert_int_equal(found(kit, "narwhal"), 1);
	do {
		struct kit_call call;

		forget_init(&call, kit, LATER, 10);
		assert_int_equal(kit_run(&call), ST_OK);
		more = call.call.u.forget.more;
		kit_call_fini(&call);
		assert_false(is_there(kit, number));
		if (more) {
			store_kit_close(kit);
			store_kit_open(kit);
			calls++;
		}
	} while (more);
	assert_true(calls > 1); /* nobody waited for 3,000 entries at once */
	store_kit_close(kit);
	assert_int_equal(ask_file(kit, "SELECT count(*) FROM entry"), 0);
	assert_int_equal(ask_file(kit, "SELECT tickets FROM forgotten"), 1);
	assert_int_equal(ask_file(kit, "SELECT entries FROM forgotten"), 3002);
	store_kit_open(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(what_ended_long_ago_goes_and_nothing_else),
		STORE_KIT_BOTH(it_goes_whole),
		STORE_KIT_BOTH(of_two_tickets_of_one_customer_the_other_stays_the_newest),
		STORE_KIT_BOTH(no_more_than_asked_the_oldest_first),
		STORE_KIT_BOTH(a_long_log_goes_too),
		STORE_KIT_BOTH(logins_whose_time_is_over_go),
		STORE_KIT_ROW(nothing_of_it_is_left_in_the_file, sqlite),
		STORE_KIT_ROW(what_a_crash_left_of_a_log_goes_after_the_restart, sqlite),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
