/* SPDX-License-Identifier: MIT */
/* What a batch of the writing thread does besides its calls: whose answer goes back first, and when
 * the WAL is moved into the file. The thread is the test's own, so that nothing hangs on its speed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../support/fire_kit.h"
#include "adapter/sqlite_lane.h"
#include "base/must.h"

#define MONDAY_9  "2026-03-02 09:00"
#define TICKETS   400
#define JOBS_MAX  8
#define FRAME     (4096 + 24)
#define FEW       20 /* frames */
#define LATE      120
#define ONE_PIECE 8 /* tickets of a call */

/* A record with tickets that are all due at one moment, and a batcher on it. */
struct bench {
	struct store_kit *kit;
	struct policy_kit policy;
	struct batcher batcher;
	wall_ms at;
	struct kit_call calls[JOBS_MAX];
	struct lane_job jobs[JOBS_MAX];
	size_t count;
};

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	void *kit = NULL;
	char why[160];

	if (bench == NULL || store_kit_setup_sqlite(&kit) != 0)
		return -1;
	bench->kit = kit;
	bench->at = kit_at(MONDAY_9);
	policy_kit_init(&bench->policy);
	fire_kit_only_stale(&bench->policy);
	for (unsigned i = 1; i <= TICKETS; i++)
		(void)fire_kit_say(bench->kit, &bench->policy, i, bench->at);
	store_kit_close(bench->kit);
	bench->batcher.checkpoint_at = FEW;
	bench->batcher.checkpoint_late = LATE;
	if (batcher_open(&bench->batcher, bench->kit->path, why, sizeof(why)) != ST_OK)
		fail_msg("%s", why);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	void *kit = bench->kit;

	batcher_close(&bench->batcher);
	policy_kit_fini(&bench->policy);
	free(bench);
	return store_kit_teardown(&kit);
}

static struct kit_call *add(struct bench *bench, bool patient)
{
	struct kit_call *call = &bench->calls[bench->count];

	MUST(bench->count < JOBS_MAX);
	bench->jobs[bench->count++] = (struct lane_job){.op = &call->call.op, .patient = patient};
	return call;
}

static void add_fire(struct bench *bench)
{
	fire_kit_init(add(bench, true), bench->kit, &bench->policy, bench->at + DAY_MS, ONE_PIECE);
}

static void add_say(struct bench *bench, unsigned visitor)
{
	struct kit_call *call = add(bench, false);

	kit_say(call, bench->kit, visitor, "", "is anybody there?");
	call->call.u.command.command.now = bench->at + DAY_MS;
	call->call.u.command.command.book = &bench->policy.book;
}

/* As letters in the order of their answers: the calls are a, b, c ... as they were added. */
static void expect_answers(struct bench *bench, const char *wanted)
{
	char order[JOBS_MAX + 1] = "";

	batcher_run(&bench->batcher, bench->jobs, bench->count);
	for (size_t i = 0; i < bench->count; i++) {
		size_t at = 0;

		assert_int_equal(bench->jobs[i].op->status, ST_OK);
		while (bench->jobs[i].op != &bench->calls[at].call.op)
			at++;
		order[i] = (char)('a' + at);
	}
	assert_string_equal(order, wanted);
	for (size_t i = 0; i < bench->count; i++)
		kit_call_fini(&bench->calls[i]);
	bench->count = 0;
}

/* --- who is answered first --- */

/* The clocks of tickets 1 to 16 fire in it. */
static void who_says_something_is_answered_first(void **state)
{
	struct bench *bench = *state;

	add_fire(bench);
	add_fire(bench);
	add_say(bench, 300);
	add_say(bench, 301);
	add_say(bench, 300);
	expect_answers(bench, "cdeab");
}

/* What clocks did to a ticket is told before what was said on it behind that. */
static void what_follows_from_a_clock_stays_behind_it(void **state)
{
	struct bench *bench = *state;

	add_fire(bench);
	add_say(bench, 300);
	add_say(bench, 3);
	add_say(bench, 301);
	expect_answers(bench, "abcd");
	add_fire(bench); /* of other tickets: it is over by then */
	add_say(bench, 3);
	expect_answers(bench, "ba");
}

static void who_came_before_is_before(void **state)
{
	struct bench *bench = *state;

	add_say(bench, 300);
	add_fire(bench);
	add_say(bench, 301);
	expect_answers(bench, "abc");
	add_fire(bench);
	add_say(bench, 302);
	add_fire(bench); /* among others nothing is moved */
	expect_answers(bench, "abc");
	add_fire(bench);
	expect_answers(bench, "a");
	add_say(bench, 303);
	expect_answers(bench, "a");
}

/* --- the WAL --- */

static off_t wal_size(const struct bench *bench)
{
	char path[sizeof(bench->kit->path) + 8];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s-wal", bench->kit->path);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* Frames that are in the WAL and not known to be in the file. */
static int waiting(const struct bench *bench)
{
	return bench->batcher.wal_frames - bench->batcher.wal_checked;
}

static void fire_once(struct bench *bench)
{
	add_fire(bench);
	expect_answers(bench, "a");
	batcher_after(&bench->batcher);
}

static void say_once(struct bench *bench, unsigned visitor)
{
	add_say(bench, visitor);
	expect_answers(bench, "a");
	batcher_after(&bench->batcher);
}

static void fire_until_it_waits(struct bench *bench)
{
	for (unsigned i = 0; i < TICKETS / ONE_PIECE && waiting(bench) < 2 * FEW; i++)
		fire_once(bench);
	assert_true(waiting(bench) >= 2 * FEW);
}

static void the_wal_waits_while_clocks_fire(void **state)
{
	struct bench *bench = *state;

	fire_until_it_waits(bench);
	assert_int_equal(bench->batcher.wal_checked, 0);
	say_once(bench, 300); /* and is moved with the first commit behind them */
	assert_int_equal(waiting(bench), 0);
	while (waiting(bench) < FEW - 4) {
		say_once(bench, 300);
		assert_true(waiting(bench) > 0);
	}
}

static void the_wal_is_moved_when_nothing_comes(void **state)
{
	struct bench *bench = *state;

	fire_until_it_waits(bench);
	while (batcher_idle(&bench->batcher))
		;
	assert_true(waiting(bench) < FEW);
}

/* A desk on which a clock is always due. */
static void the_wal_has_an_end_though_clocks_fire_for_ever(void **state)
{
	struct bench *bench = *state;
	int moved = 0, most = 0;

	for (unsigned i = 0; i < 600; i++) {
		int before = bench->batcher.wal_frames;

		if (i % 40 == 0)
			bench->at += 2 * DAY_MS;
		add_say(bench, i % TICKETS + 1); /* what is said starts its clock anew */
		add_fire(bench);
		expect_answers(bench, "ab");
		assert_true(bench->batcher.fires);
		if (bench->batcher.wal_frames < before)
			moved++;
		batcher_after(&bench->batcher);
		if (bench->batcher.wal_frames > most)
			most = bench->batcher.wal_frames;
	}
	assert_true(moved >= 3);
	assert_true(most > FEW && most < 2 * LATE);
	assert_true(wal_size(bench) < (off_t)2 * LATE * FRAME);
}

int main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CLAIM(who_says_something_is_answered_first),
		CLAIM(what_follows_from_a_clock_stays_behind_it),
		CLAIM(who_came_before_is_before),
		CLAIM(the_wal_waits_while_clocks_fire),
		CLAIM(the_wal_is_moved_when_nothing_comes),
		CLAIM(the_wal_has_an_end_though_clocks_fire_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
