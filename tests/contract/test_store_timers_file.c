/* SPDX-License-Identifier: MIT */
/* Timers and a file: crashes in the middle, copies that are older than their effects, tickets that
 * the file refuses, very many at once. */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../support/fire_kit.h"
#include "adapter/sqlite_db.h"
#include "base/must.h"
#include "core/timer.h"

#define MONDAY_9 "2026-03-02 09:00"
#define MANY     2000

static int64_t sql(struct store_kit *kit, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *handle;
	int64_t value = 0;
	int rc;

	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	if (sqlite3_prepare_v2(handle, text, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(handle));
	rc = sqlite3_step(stmt);
	assert_true(rc == SQLITE_ROW || rc == SQLITE_DONE);
	if (rc == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	return value;
}

static void open_many(struct store_kit *kit, struct policy_kit *policy, unsigned count, wall_ms at)
{
	struct kit_call *calls = calloc(count, sizeof(*calls));

	assert_non_null(calls);
	for (unsigned i = 0; i < count; i++) {
		kit_say(&calls[i], kit, i + 1, "", "one of very many");
		calls[i].call.u.command.command.now = at;
		calls[i].call.u.command.command.book = &policy->book;
		kit_submit(&calls[i]);
	}
	kit_wait(&calls[count - 1]);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(calls[i].call.op.status, ST_OK);
		kit_call_fini(&calls[i]);
	}
	free(calls);
}

/* Fires until nothing is due; counts the effects of each ticket. */
static void fire_all(struct store_kit *kit, struct policy_kit *policy, wall_ms now,
                     unsigned char *effects)
{
	bool more = true;

	while (more) {
		struct kit_call call;

		fire_kit_init(&call, kit, policy, now, 250);
		assert_int_equal(kit_run(&call), ST_OK);
		for (size_t i = 0; i < call.call.u.fire.count; i++)
			effects[call.call.u.fire.effects[i].after.number.v]++;
		more = call.call.u.fire.more;
		kit_call_fini(&call);
	}
}

static void very_many_at_once(void **state)
{
	static unsigned char effects[MANY + 1];
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);

	policy_kit_init(&policy);
	fire_kit_only_stale(&policy);
	memset(effects, 0, sizeof(effects));
	open_many(kit, &policy, MANY, at);
	fire_all(kit, &policy, at + DAY_MS - 1, effects);
	for (unsigned i = 1; i <= MANY; i++)
		assert_int_equal(effects[i], 0);
	fire_all(kit, &policy, at + DAY_MS, effects);
	for (unsigned i = 1; i <= MANY; i++)
		assert_int_equal(effects[i], 1);
	store_kit_close(kit);
	assert_int_equal(sql(kit, "SELECT count(*) FROM fired"), MANY);
	assert_int_equal(sql(kit, "SELECT count(DISTINCT ticket) FROM fired"), MANY);
	store_kit_open(kit);
	fire_all(kit, &policy, at + DAY_MS, effects);
	for (unsigned i = 1; i <= MANY; i++)
		assert_int_equal(effects[i], 1);
	policy_kit_fini(&policy);
}

/* Who says something does not wait for all that fires, and what fires goes on all the same, however
 * much is said. */
static void messages_go_first(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call fires[8], says[40];
	size_t fired = 0;

	policy_kit_init(&policy);
	fire_kit_only_stale(&policy);
	open_many(kit, &policy, MANY, at);
	for (size_t i = 0; i < ARRAY_LEN(fires); i++) {
		fire_kit_init(&fires[i], kit, &policy, at + DAY_MS, MANY / ARRAY_LEN(fires));
		kit_submit(&fires[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(says); i++) {
		kit_say(&says[i], kit, (unsigned)i + 1, "", "is anybody there?");
		assert_int_equal(kit_run(&says[i]), ST_OK);
	}
	assert_true(fires[0].done == 1 && fires[0].order < says[ARRAY_LEN(says) - 1].order);
	for (size_t i = 0; i < ARRAY_LEN(fires); i++) {
		kit_wait(&fires[i]);
		assert_int_equal(fires[i].call.op.status, ST_OK);
		assert_true(fires[i].call.u.fire.count > 0);
		fired += fires[i].call.u.fire.count;
		kit_call_fini(&fires[i]);
	}
	assert_true(fired <= MANY);
	assert_true(says[0].order < fires[ARRAY_LEN(fires) - 1].order);
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		kit_call_fini(&says[i]);
	policy_kit_fini(&policy);
}

/* --- kill -9 --- */

#define TICKETS 120

static void tell(int fd, const struct effect *effect)
{
	uint64_t number = effect->after.number.v;

	for (unsigned i = 0; i < effect->fired_count; i++)
		if (write(fd, &number, sizeof(number)) != sizeof(number))
			_exit(1);
}

static void fire_until_killed(struct store_kit *kit, struct policy_kit *policy, wall_ms now, int fd)
{
	store_kit_open(kit);
	for (;;) {
		struct kit_call call;

		fire_kit_init(&call, kit, policy, now, 3);
		if (kit_run(&call) != ST_OK)
			_exit(1);
		for (size_t i = 0; i < call.call.u.fire.count; i++)
			tell(fd, &call.call.u.fire.effects[i]);
		if (!call.call.u.fire.more)
			(void)pause();
		kit_call_fini(&call);
	}
}

/* Another process fires and is killed when it has told of `count` effects. */
static unsigned kill_who_fires(struct store_kit *kit, struct policy_kit *policy, wall_ms now,
                               unsigned count)
{
	int fds[2], wait_status;
	unsigned told = 0;
	uint64_t number;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(fds[0]);
		fire_until_killed(kit, policy, now, fds[1]);
	}
	(void)close(fds[1]);
	while (read(fds[0], &number, sizeof(number)) == sizeof(number))
		if (++told == count)
			assert_int_equal(kill(child, SIGKILL), 0);
	(void)close(fds[0]);
	assert_int_equal(waitpid(child, &wait_status, 0), child);
	assert_true(WIFSIGNALED(wait_status));
	return told;
}

/* One offer_ticket a ticket, told by whoever fired it. What was committed and not told (the kill
 * came between) is on record all the same: nobody tells it again. */
static void once_over_kill_9(void **state)
{
	static unsigned char effects[TICKETS + 1];
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9), now = at + 180 * SEC_MS;
	unsigned told = 0, rest = 0;

	policy_kit_init(&policy);
	memset(effects, 0, sizeof(effects));
	open_many(kit, &policy, TICKETS, at);
	store_kit_close(kit);
	for (unsigned round = 0; round < 4; round++) {
		told += kill_who_fires(kit, &policy, now, 7 + 6 * round);
		assert_true(sql(kit, "SELECT count(*) FROM fired") >= told);
	}
	store_kit_open(kit);
	fire_all(kit, &policy, now, effects);
	for (unsigned i = 1; i <= TICKETS; i++) {
		assert_true(effects[i] <= 1);
		rest += effects[i];
	}
	assert_true(told + rest <= TICKETS);
	store_kit_close(kit);
	assert_int_equal(sql(kit, "SELECT count(*) FROM fired"), TICKETS);
	assert_int_equal(sql(kit, "SELECT count(DISTINCT ticket) FROM fired"), TICKETS);
	assert_int_equal(sql(kit, "SELECT count(*) FROM ticket_clock WHERE fired = 32"), TICKETS);
	store_kit_open(kit);
	policy_kit_fini(&policy);
}
_Static_assert(1U << TIMER_OFFER_TICKET == 32, "the bit that is looked for");

/* --- a ticket that is older than its effects --- */

static void an_older_copy(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;

	policy_kit_init(&policy);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at), 1);
	store_kit_close(kit);
	(void)sql(kit, "CREATE TABLE copy AS SELECT * FROM ticket_clock");
	store_kit_open(kit);
	fire_kit_init(&call, kit, &policy, at + 200 * SEC_MS, 9);
	fire_kit_expect(&call, &policy, at, "1 offer_ticket@180; next 675");
	store_kit_close(kit);
	(void)sql(kit, "INSERT OR REPLACE INTO ticket_clock SELECT * FROM copy");
	store_kit_open(kit);
	fire_kit_init(&call, kit, &policy, at + 200 * SEC_MS, 9);
	fire_kit_expect(&call, &policy, at, "; next 675");
	assert_int_equal(fire_kit_read(kit, 1).clocks.fired, 1U << TIMER_OFFER_TICKET);
	/* And when another timer is due with it, that one comes. */
	store_kit_close(kit);
	(void)sql(kit, "INSERT OR REPLACE INTO ticket_clock SELECT * FROM copy");
	store_kit_open(kit);
	fire_kit_init(&call, kit, &policy, at + 700 * SEC_MS, 9);
	fire_kit_expect(&call, &policy, at, "; more");
	fire_kit_init(&call, kit, &policy, at + 700 * SEC_MS, 9);
	fire_kit_expect(&call, &policy, at, "1 first_response_warning@675; next 900");
	/* A message is kept, whatever its ticket has forgotten. */
	store_kit_close(kit);
	(void)sql(kit, "INSERT OR REPLACE INTO ticket_clock SELECT * FROM copy");
	store_kit_open(kit);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at + HOUR_MS), 1);
	store_kit_close(kit);
	(void)sql(kit, "INSERT OR REPLACE INTO ticket_clock SELECT * FROM copy");
	store_kit_open(kit);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at + HOUR_MS), 1);
	store_kit_close(kit);
	assert_int_equal(sql(kit, "SELECT count(*) FROM fired WHERE slot = 0"), 1);
	store_kit_open(kit);
	policy_kit_fini(&policy);
}

/* An emergency whose page attempts were forgotten is paged on, from the next attempt. */
static void an_older_copy_of_an_emergency(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;

	policy_kit_init(&policy);
	policy.policy.rules_count = 1; /* the others page, too */
	kit_say(&call, kit, 1, "", "site is down");
	call.call.u.command.command.now = at;
	call.call.u.command.command.book = &policy.book;
	assert_int_equal(kit_run(&call), ST_OK);
	assert_true(call.call.u.command.effect.after.escalation.immediate);
	kit_call_fini(&call);
	store_kit_close(kit);
	(void)sql(kit, "CREATE TABLE copy AS SELECT * FROM ticket_clock");
	store_kit_open(kit);
	for (unsigned i = 0; i <= 2; i++) {
		fire_kit_init(&call, kit, &policy, at + i * (5 * MINUTE_MS + SEC_MS), 9);
		assert_int_equal(kit_run(&call), ST_OK);
		kit_call_fini(&call);
	}
	assert_int_equal(fire_kit_read(kit, 1).escalation.pages, 3);
	store_kit_close(kit);
	(void)sql(kit, "INSERT OR REPLACE INTO ticket_clock SELECT * FROM copy");
	store_kit_open(kit);
	assert_int_equal(fire_kit_read(kit, 1).escalation.pages, 0);
	for (unsigned i = 0; i < 12; i++) {
		fire_kit_init(&call, kit, &policy, at + 11 * MINUTE_MS, 9);
		assert_int_equal(kit_run(&call), ST_OK);
		assert_int_equal(call.call.u.fire.count, 0);
		kit_call_fini(&call);
	}
	assert_int_equal(fire_kit_read(kit, 1).escalation.pages, 3);
	fire_kit_init(&call, kit, &policy, at + 15 * MINUTE_MS + 2 * SEC_MS, 9);
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.fire.count, 1);
	assert_int_equal(call.call.u.fire.effects[0].after.escalation.pages, 4);
	kit_call_fini(&call);
	policy_kit_fini(&policy);
}

/* --- a ticket that the file refuses --- */

static void one_bad_ticket_does_not_hold_up_the_others(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call fire, say;

	policy_kit_init(&policy);
	open_many(kit, &policy, 5, at);
	store_kit_close(kit);
	(void)sql(kit, "CREATE TRIGGER poison BEFORE INSERT ON fired WHEN NEW.ticket = 3"
	               " BEGIN SELECT RAISE(ABORT, 'poison'); END");
	store_kit_open(kit);
	fire_kit_init(&fire, kit, &policy, at + 180 * SEC_MS, 9);
	kit_submit(&fire);
	kit_say(&say, kit, 1, "", "in the same batch");
	assert_int_equal(kit_run(&say), ST_OK);
	kit_call_fini(&say);
	kit_wait(&fire);
	assert_int_equal(fire.call.op.status, ST_OK);
	assert_int_equal(fire.call.u.fire.count, 4);
	assert_int_equal(fire.call.u.fire.next_due, at + 240 * SEC_MS);
	kit_call_fini(&fire);
	store_kit_close(kit);
	(void)sql(kit, "DROP TRIGGER poison");
	store_kit_open(kit);
	fire_kit_init(&fire, kit, &policy, at + 240 * SEC_MS, 9);
	fire_kit_expect(&fire, &policy, at, "3 offer_ticket@180; next 675");
	policy_kit_fini(&policy);
}

/* --- what a fire leaves alone --- */

static unsigned written_trees(sqlite3 *handle, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	char explain[2048];
	unsigned count = 0;

	(void)snprintf(explain, sizeof(explain), "EXPLAIN %s", text);
	if (sqlite3_prepare_v2(handle, explain, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(handle));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		if (strcmp((const char *)sqlite3_column_text(stmt, 1), "OpenWrite") == 0)
			count++;
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return count;
}

/* The statement that leaves the indexes of the wide table alone names no column of any. */
static void no_index_is_written_without_need(void **state)
{
#define SQL_ROW(name, text) text,
	static const char *const texts[] = {SQL_TABLE(SQL_ROW)};
#undef SQL_ROW
	struct store_kit *kit = *state;
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	assert_int_equal(written_trees(handle, texts[SQL_TICKET_UPDATE_REST]), 1);
	assert_int_equal(written_trees(handle, texts[SQL_CLOCK_UPDATE]), 1);
	assert_int_equal(written_trees(handle, texts[SQL_CLOCK_MOVE]), 2);
	assert_true(written_trees(handle, texts[SQL_TICKET_UPDATE]) > 5);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

/* How it would be run: "SCAN c" is all of a table. */
static bool scans(sqlite3 *handle, const char *text, char *how, size_t size)
{
	sqlite3_stmt *stmt = NULL;
	char explain[2048];
	bool found = false;

	(void)snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", text);
	if (sqlite3_prepare_v2(handle, explain, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(handle));
	while (!found && sqlite3_step(stmt) == SQLITE_ROW) {
		(void)snprintf(how, size, "%s", (const char *)sqlite3_column_text(stmt, 3));
		found = strcmp(how, "SCAN t") == 0 || strcmp(how, "SCAN l") == 0 ||
		        strcmp(how, "SCAN c") == 0 || strcmp(how, "SCAN entry") == 0 ||
		        strcmp(how, "SCAN ticket") == 0 || strcmp(how, "SCAN change") == 0 ||
		        strcmp(how, "SCAN fired") == 0;
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return found;
}

/* Made when the file had one ticket; a day later it has a hundred thousand. */
static void statistics_of_a_young_file(void **state)
{
#define SQL_ROW(name, text) text,
	static const char *const texts[] = {SQL_TABLE(SQL_ROW)};
#undef SQL_ROW
	struct store_kit *kit = *state;
	struct policy_kit policy;
	sqlite3 *handle;
	char how[128];

	policy_kit_init(&policy);
	open_many(kit, &policy, 1, kit_at(MONDAY_9));
	store_kit_close(kit);
	(void)sql(kit, "ANALYZE");
	assert_true(sql(kit, "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'ticket_clock'") > 0);
	store_kit_open(kit);
	open_many(kit, &policy, 2, kit_at(MONDAY_9));
	store_kit_close(kit);
	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (strncmp(texts[i], "SELECT", 6) == 0 &&
		    scans(handle, texts[i], how, sizeof(how)))
			fail_msg("%s: %s", how, texts[i]);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	store_kit_open(kit);
	policy_kit_fini(&policy);
}

/* Warnings, breaches, requeues, kept tickets, escalations: the indexes hold what the rows say. */
static void the_indexes_follow(void **state)
{
	static unsigned char effects[TICKETS + 1];
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);

	policy_kit_init(&policy);
	open_many(kit, &policy, TICKETS, at);
	for (unsigned minute = 4; minute <= 32; minute += 4)
		fire_all(kit, &policy, at + minute * MINUTE_MS, effects);
	assert_int_equal(fire_kit_read(kit, TICKETS).tier, 2);
	store_kit_close(kit);
	assert_int_equal(sql(kit, "SELECT count(*) FROM pragma_integrity_check"
	                          " WHERE integrity_check <> 'ok'"),
	                 0);
	assert_int_equal(sql(kit, "SELECT count(*) FROM fired"), TICKETS * 6);
	store_kit_open(kit);
	policy_kit_fini(&policy);
}

#define ROW(name) STORE_KIT_ROW(name, sqlite)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(very_many_at_once),
		ROW(messages_go_first),
		ROW(once_over_kill_9),
		ROW(an_older_copy),
		ROW(an_older_copy_of_an_emergency),
		ROW(one_bad_ticket_does_not_hold_up_the_others),
		ROW(no_index_is_written_without_need),
		ROW(statistics_of_a_young_file),
		ROW(the_indexes_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
