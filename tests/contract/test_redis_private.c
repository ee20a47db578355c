/* SPDX-License-Identifier: MIT */
/* The private redis-server: killed, stopped, flushed, left behind by its parent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/bus_rig_redis.h"
#include "adapter/redis_bus.h"
#include "base/must.h"

#define HANG_S   120U
#define CALLS    200
#define REAL_SEQ 42

struct test {
	struct rig_redis *rig;
	struct bus *bus;
	unsigned ups, downs, notices;
	bool inside;
};

static void on_up(void *ctx)
{
	struct test *t = ctx;

	MUST(!t->inside);
	t->ups++;
}

static void on_down(void *ctx)
{
	struct test *t = ctx;

	MUST(!t->inside);
	t->downs++;
}

static void on_notice(void *ctx, const struct notice *notice)
{
	struct test *t = ctx;

	MUST(!t->inside && notice->seq == REAL_SEQ);
	t->notices++;
}

static void up_wait(struct test *t, unsigned ups)
{
	while (t->ups < ups)
		rig_redis_turn(t->rig);
}

static void start(struct test *t)
{
	const struct bus_events events = {
		.ctx = t, .up = on_up, .down = on_down, .notice = on_notice};

	t->rig = rig_redis_create();
	t->bus = rig_redis_open(t->rig, "node", 0);
	t->bus->ops->listen(t->bus, &events);
	up_wait(t, 1);
}

static int setup(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	(void)alarm(HANG_S);
	start(t);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct test *t = *state;

	if (t->bus != NULL)
		t->bus->ops->close(t->bus);
	rig_redis_destroy(&t->rig);
	free(t);
	return 0;
}

static void done(struct op *op)
{
	MUST(op->done != NULL);
	op->done = NULL;
}

static void submit(struct test *t, struct bus_call *call)
{
	call->op.done = done;
	call->now = 1000;
	t->inside = true;
	bus_submit(t->bus, call);
	t->inside = false;
	assert_non_null(call->op.done);
}

static enum status wait_for(struct test *t, struct bus_call *call)
{
	while (call->op.done != NULL)
		rig_redis_turn(t->rig);
	return call->op.status;
}

static enum status drop(struct test *t)
{
	struct bus_call call = {.kind = BUS_DROP, .u.drop = {1}};

	submit(t, &call);
	return wait_for(t, &call);
}

static enum status tick(struct test *t, bool *lost_out)
{
	struct bus_call call = {.kind = BUS_TICK};
	enum status status;

	submit(t, &call);
	status = wait_for(t, &call);
	*lost_out = call.u.tick.lost;
	arena_fini(&call.arena);
	return status;
}

static void rebuild(struct test *t)
{
	struct bus_call call = {.kind = BUS_REBUILD, .u.rebuild = {.wipe = true}};
	bool lost = true;

	submit(t, &call);
	assert_int_equal(ST_OK, wait_for(t, &call));
	assert_int_equal(ST_OK, tick(t, &lost));
	assert_false(lost);
}

static pid_t server(struct test *t)
{
	return redis_bus_child_pid(t->bus);
}

static uint64_t restarts(struct test *t)
{
	struct bus_stats stats;

	t->bus->ops->stats(t->bus, &stats);
	return stats.restarts;
}

/* --- */

static void a_kill_ends_every_call_once_and_is_found_as_a_loss(void **state)
{
	struct test *t = *state;
	struct bus_call calls[CALLS];
	bool lost = false;

	rebuild(t);
	assert_int_equal(0, kill(server(t), SIGSTOP)); /* so that all of them are on their way */
	for (size_t i = 0; i < CALLS; i++) {
		calls[i] = (struct bus_call){.kind = BUS_DROP, .u.drop = {i + 1}};
		submit(t, &calls[i]);
	}
	assert_int_equal(0, kill(server(t), SIGKILL));
	for (size_t i = 0; i < CALLS; i++)
		assert_int_equal(ST_TIMEOUT, wait_for(t, &calls[i]));
	assert_int_equal(1, t->downs);
	up_wait(t, 2);
	assert_int_equal(1, restarts(t));
	assert_int_equal(ST_OK, tick(t, &lost));
	assert_true(lost);
	rebuild(t);
}

static void calls_while_it_is_away_end(void **state)
{
	struct test *t = *state;

	assert_int_equal(0, kill(server(t), SIGKILL));
	while (t->downs == 0)
		rig_redis_turn(t->rig);
	/* The other connection may take a turn longer to notice. */
	while (t->ups == 1) {
		enum status status = drop(t);

		assert_true(status == ST_UNAVAILABLE || status == ST_TIMEOUT || status == ST_OK);
	}
	assert_int_equal(ST_OK, drop(t));
}

static void it_is_started_again_each_time(void **state)
{
	struct test *t = *state;

	for (unsigned i = 1; i <= 5; i++) {
		pid_t before = server(t);

		assert_int_equal(0, kill(before, SIGKILL));
		up_wait(t, i + 1);
		assert_int_equal(i, t->downs);
		assert_int_equal(i, restarts(t));
		assert_int_not_equal(before, server(t));
		assert_int_equal(ST_OK, drop(t));
	}
}

static void a_pause_ends_the_calls_in_time_and_forgets_nothing(void **state)
{
	struct test *t = *state;
	struct bus_call calls[CALLS];
	bool lost = true;
	pid_t pid = server(t);

	rebuild(t);
	assert_int_equal(0, kill(pid, SIGSTOP));
	for (size_t i = 0; i < CALLS; i++) {
		calls[i] = (struct bus_call){.kind = BUS_DROP, .u.drop = {i + 1}};
		submit(t, &calls[i]);
	}
	for (size_t i = 0; i < CALLS; i++)
		assert_int_equal(ST_TIMEOUT, wait_for(t, &calls[i]));
	assert_int_equal(1, t->downs);
	/* Its socket takes connections still; none of them may count as up. */
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(ST_UNAVAILABLE, drop(t));
	assert_int_equal(1, t->ups);
	assert_int_equal(0, kill(pid, SIGCONT));
	up_wait(t, 2);
	assert_int_equal(pid, server(t));
	assert_int_equal(0, restarts(t));
	assert_int_equal(ST_OK, tick(t, &lost));
	assert_false(lost);
}

static void it_that_hangs_is_killed_when_we_stop(void **state)
{
	struct test *t = *state;
	pid_t pid = server(t);

	assert_int_equal(0, kill(pid, SIGSTOP));
	t->bus->ops->close(t->bus);
	t->bus = NULL;
	rig_redis_destroy(&t->rig); /* checks that the loop has let go of everything */
	assert_int_equal(-1, kill(pid, 0));
}

static void functions_that_are_gone_are_loaded_again(void **state)
{
	struct test *t = *state;

	rig_redis_say(t->rig, "FUNCTION", "FLUSH", NULL);
	assert_int_equal(ST_UNAVAILABLE, drop(t));
	up_wait(t, 2);
	assert_int_equal(ST_OK, drop(t));
}

static void a_rebuild_that_broke_off_counts_as_lost(void **state)
{
	struct test *t = *state;
	struct bus_place *places = calloc(5000, sizeof(*places));
	struct bus_call call = {
		.kind = BUS_REBUILD,
		.u.rebuild = {.wipe = true, .places = places, .places_count = 5000}};
	bool lost = false;

	for (unsigned i = 0; i < 5000; i++)
		places[i] = (struct bus_place){.ticket = {i + 1}, .tier = 1, .score = i};
	rebuild(t);
	/* Another node begins, and never finishes. */
	rig_redis_say(t->rig, "EVAL",
	              "return redis.call('HSET', 'tierbell:{the desk}:epoch', 'id', 'x', "
	              "'builder', 'gone', 'stamp', '-99999')",
	              "0");
	assert_int_equal(ST_OK, tick(t, &lost));
	assert_true(lost);
	submit(t, &call);
	assert_int_equal(ST_OK, wait_for(t, &call));
	assert_int_equal(ST_OK, tick(t, &lost));
	assert_false(lost);
	free(places);
}

static void what_is_no_notice_is_passed_over(void **state)
{
	static const char *const garbage[] = {
		"",
		"1",
		"2 other",
		"2 other 0 1 2 3 4 1 0 0 0 0 0",
		"1 other 0 1 2 3 4 1 0 0 0 0 0 ",
		"2 other 99 1 2 3 4 1 0 0 0 0 0 ",
		"2 other 0 -1 2 3 4 1 0 0 0 0 0 ",
		"2 other 0 1 2 3 4 2 0 0 0 0 0 ",
		"2 other 0 1 2 3 4 1 4 0 0 0 0 ",
		"2 other 0 1 2 3 4 1 0 256 0 0 0 ",
		"2 other 0 1 2 3 4 1 0 0 0 16 0 ABCDEFGHIJKLMNOP",
		"2 other 0 1 2 3 4 1 0 0 0 2 2 X5L",
		"2 other 0 99999999999999999999 2 3 4 1 0 0 0 0 0 ",
		"2 other 0 1 2 3 9223372036854775808 1 0 0 0 0 0 ",
		"2  0 1 2 3 4 1 0 0 0 0 0 ",
		"2 other 0 1 2 3 4 1 0 0 0 0 0 \xff\xfe",
		"2 other 0 1 2 3 4 1 0 0 0 1 1 \xc3\xa9",
		"2 other 0 1 2 3 4 1 0 0 0 0 0 tab\there",
		"2 node 0 1 2 3 4 1 0 0 0 0 0 ", /* our own */
	};
	struct test *t = *state;
	const char *const channel = "tierbell:{the desk}:notices";
	char too_long[BUS_TEXT_SIZE + 64];

	for (size_t i = 0; i < ARRAY_LEN(garbage); i++)
		rig_redis_say(t->rig, "PUBLISH", channel, garbage[i]);
	(void)snprintf(too_long, sizeof(too_long), "2 other 0 1 2 3 4 1 0 0 0 0 0 %0*d",
	               BUS_TEXT_SIZE, 0);
	rig_redis_say(t->rig, "PUBLISH", channel, too_long);
	rig_redis_say(t->rig, "PUBLISH", channel, "2 other 0 1 2 42 4 1 0 0 0 0 0 text");
	while (t->notices == 0)
		rig_redis_turn(t->rig);
	assert_int_equal(0, t->downs);
}

/* --- the process --- */

static void a_file_is(const char *folder, const char *name, mode_t kind, mode_t mode)
{
	struct stat found;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(0, stat(path, &found));
	assert_int_equal(kind, found.st_mode & S_IFMT);
	assert_int_equal(mode, found.st_mode & 0777U);
}

static void only_we_may_talk_to_it(void **state)
{
	struct test *t = *state;

	a_file_is(rig_redis_folder(t->rig), "redis.sock", S_IFSOCK, 0700);
	a_file_is(rig_redis_folder(t->rig), "redis.log", S_IFREG, 0600);
	assert_int_equal(server(t), getsid(server(t)));
}

static void it_inherits_the_lock_and_nothing_else(void **state)
{
	struct test *t = *state;
	char name[64], target[64] = "";

	(void)snprintf(name, sizeof(name), "/proc/%d/fd/3", server(t));
	assert_true(readlink(name, target, sizeof(target) - 1) > 0);
	assert_non_null(strstr(target, "/lock"));
	(void)snprintf(name, sizeof(name), "/proc/%d/fd/0", server(t));
	memset(target, 0, sizeof(target));
	assert_true(readlink(name, target, sizeof(target) - 1) > 0);
	assert_non_null(strstr(target, "pipe:"));
}

/* A parent in a process of its own is killed; its server must end by itself. We are made the
 * one who inherits orphans, so that its end is ours to see. */
static void it_dies_with_its_parent(void **state)
{
	struct {
		pid_t pid;
		char folder[64];
	} orphan = {.pid = 0};
	int ends[2];
	pid_t parent;

	(void)state;
	(void)alarm(HANG_S);
	assert_int_equal(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
	assert_int_equal(0, pipe(ends));
	parent = fork();
	if (parent == 0) {
		struct test t = {.ups = 0};

		start(&t);
		orphan.pid = server(&t);
		(void)snprintf(orphan.folder, sizeof(orphan.folder), "%s", rig_redis_folder(t.rig));
		MUST(write(ends[1], &orphan, sizeof(orphan)) == sizeof(orphan));
		for (;;)
			(void)pause();
	}
	assert_int_equal(sizeof(orphan), read(ends[0], &orphan, sizeof(orphan)));
	assert_int_equal(0, kill(orphan.pid, 0));
	assert_int_equal(0, kill(parent, SIGKILL));
	assert_int_equal(parent, waitpid(parent, NULL, 0));
	assert_int_equal(orphan.pid, waitpid(orphan.pid, NULL, 0));
	(void)close(ends[0]);
	(void)close(ends[1]);
	rig_redis_remove(orphan.folder);
}

/* --- what cannot start says why --- */

static void open_fails(const struct redis_bus_options *options, const char *why)
{
	struct bus *bus = NULL;
	char error[200] = "";
	uv_loop_t loop;

	assert_int_equal(0, uv_loop_init(&loop));
	assert_false(redis_bus_open(&loop, options, &bus, error, sizeof(error)));
	assert_null(bus);
	if (strstr(error, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error, why);
	assert_int_equal(0, uv_run(&loop, UV_RUN_DEFAULT));
	assert_int_equal(0, uv_loop_close(&loop));
}

static void what_cannot_start_says_why(void **state)
{
	struct redis_bus_options options = {
		.desk = "desk", .node = "node", .data_dir = "/tmp", .lock_fd = -1};
	char *path = strdup(getenv("PATH"));
	char long_dir[200];

	(void)state;
	memset(long_dir, 'x', sizeof(long_dir));
	long_dir[sizeof(long_dir) - 1] = '\0';
	assert_int_equal(0, setenv("PATH", "/nonexistent:relative:", 1));
	open_fails(&options, "not in PATH");
	assert_int_equal(0, setenv("PATH", path, 1));
	free(path);
	options.data_dir = long_dir;
	open_fails(&options, "too long");
	options.data_dir = "/tmp";
	options.desk = "a{b}";
	open_fails(&options, "name");
	options.desk = "desk";
	options.node = "two words";
	open_fails(&options, "name");
	options.node = "node";
	options.url = "http://localhost";
	open_fails(&options, "redis://");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_dies_with_its_parent),
		cmocka_unit_test(what_cannot_start_says_why),
		cmocka_unit_test_setup_teardown(a_kill_ends_every_call_once_and_is_found_as_a_loss,
	                                        setup, teardown),
		cmocka_unit_test_setup_teardown(calls_while_it_is_away_end, setup, teardown),
		cmocka_unit_test_setup_teardown(it_is_started_again_each_time, setup, teardown),
		cmocka_unit_test_setup_teardown(a_pause_ends_the_calls_in_time_and_forgets_nothing,
	                                        setup, teardown),
		cmocka_unit_test_setup_teardown(it_that_hangs_is_killed_when_we_stop, setup,
	                                        teardown),
		cmocka_unit_test_setup_teardown(functions_that_are_gone_are_loaded_again, setup,
	                                        teardown),
		cmocka_unit_test_setup_teardown(a_rebuild_that_broke_off_counts_as_lost, setup,
	                                        teardown),
		cmocka_unit_test_setup_teardown(what_is_no_notice_is_passed_over, setup, teardown),
		cmocka_unit_test_setup_teardown(only_we_may_talk_to_it, setup, teardown),
		cmocka_unit_test_setup_teardown(it_inherits_the_lock_and_nothing_else, setup,
	                                        teardown),
	};

	return cmocka_run_group_tests_name("redis_private", tests, NULL, NULL);
}
