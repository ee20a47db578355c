/* SPDX-License-Identifier: MIT */
/* The switchboard on a server that is not what it should be: the reaction is the one that
 * docs/OPERATIONS.md promises, every call is done once, and nothing crashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <uv.h>

#include "../support/bus_rig_redis.h"
#include "../support/strange_redis.h"
#include "adapter/redis_bus.h"
#include "base/must.h"

#define TIMEOUT_MS 300U
#define HANG_S     120U

struct test {
	struct rig_redis *rig;
	struct strange_redis *server;
	struct bus *bus;
	unsigned ups, downs, notices;
};

static void on_up(void *ctx)
{
	((struct test *)ctx)->ups++;
}

static void on_down(void *ctx)
{
	((struct test *)ctx)->downs++;
}

static void on_notice(void *ctx, const struct notice *notice)
{
	(void)notice;
	((struct test *)ctx)->notices++;
}

static void turn(struct test *t)
{
	rig_redis_turn(t->rig);
}

static void connects_wait(struct test *t, unsigned count)
{
	while (strange_redis_connects(t->server) < count)
		turn(t);
}

static void start(struct test *t, struct strange_script script)
{
	const struct bus_events events = {
		.ctx = t, .up = on_up, .down = on_down, .notice = on_notice};
	char path[128], url[160], error[160];
	struct redis_bus_options options = {
		.desk = "desk", .node = "node", .timeout_ms = TIMEOUT_MS, .lock_fd = -1};

	(void)snprintf(path, sizeof(path), "%s/redis.sock", rig_redis_folder(t->rig));
	(void)snprintf(url, sizeof(url), "unix:%s", path);
	options.url = url;
	t->server = strange_redis_create(rig_redis_loop(t->rig), path);
	strange_redis_script(t->server, script);
	assert_true(
		redis_bus_open(rig_redis_loop(t->rig), &options, &t->bus, error, sizeof(error)));
	t->bus->ops->listen(t->bus, &events);
}

static int setup(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	(void)alarm(HANG_S);
	t->rig = rig_redis_create();
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct test *t = *state;

	t->bus->ops->close(t->bus);
	strange_redis_close(&t->server);
	rig_redis_destroy(&t->rig);
	free(t);
	return 0;
}

static void done(struct op *op)
{
	MUST(op->done != NULL);
	op->done = NULL;
}

static enum status call_do(struct test *t, enum bus_kind kind)
{
	struct bus_call call = {.kind = kind, .now = 1, .op.done = done};
	enum status status;

	switch (kind) {
	case BUS_MATCH:
		call.u.match.tier = 1;
		call.u.match.limit = 8;
		break;
	case BUS_OVERVIEW:
		call.u.overview.tier = 1;
		break;
	case BUS_DROP:
		call.u.drop.v = 1;
		break;
	case BUS_TICK:
	case BUS_PUBLISH:
	case BUS_REBUILD:
		break;
	case BUS_PRESENCE:
	case BUS_QUEUE:
	case BUS_BIND:
	case BUS_ACCEPT:
	case BUS_DECLINE:
		MUST(0);
	}
	bus_submit(t->bus, &call);
	assert_non_null(call.op.done);
	while (call.op.done != NULL)
		turn(t);
	status = call.op.status;
	arena_fini(&call.arena);
	return status;
}

static void up_wait(struct test *t, unsigned ups)
{
	while (t->ups < ups)
		turn(t);
}

/* --- before it is up --- */

static void a_friendly_script_is_up(void **state)
{
	struct test *t = *state;

	start(t, (struct strange_script){.info = NULL});
	up_wait(t, 1);
	assert_int_equal(ST_OK, call_do(t, BUS_DROP));
	assert_int_equal(0, t->downs);
}

/* Never up, tried again, and a call meanwhile is refused at once. */
static void refuses_and_tries_again(struct test *t, struct strange_script script)
{
	start(t, script);
	assert_int_equal(ST_UNAVAILABLE, call_do(t, BUS_DROP));
	connects_wait(t, 6);
	assert_int_equal(ST_UNAVAILABLE, call_do(t, BUS_MATCH));
	assert_int_equal(0, t->ups);
	assert_int_equal(0, t->downs);
	/* When it has come to its senses, it is used. */
	strange_redis_script(t->server, (struct strange_script){.info = NULL});
	up_wait(t, 1);
	assert_int_equal(ST_OK, call_do(t, BUS_DROP));
}

static void one_that_never_answers_is_left(void **state)
{
	refuses_and_tries_again(*state, (struct strange_script){.info = STRANGE_SILENT,
	                                                        .function = STRANGE_SILENT,
	                                                        .subscribe = STRANGE_SILENT});
}

static void one_that_is_loading_is_waited_for(void **state)
{
	refuses_and_tries_again(*state,
	                        (struct strange_script){.function = "-LOADING Redis is loading\r\n",
	                                                .subscribe = "-LOADING\r\n"});
}

static void one_that_is_busy_is_waited_for(void **state)
{
	refuses_and_tries_again(*state, (struct strange_script){.info = "-BUSY script\r\n"});
}

static void one_that_speaks_something_else_is_left(void **state)
{
	refuses_and_tries_again(*state,
	                        (struct strange_script){.on_connect = "HTTP/1.1 400 Bad\r\n"});
}

static void one_that_speaks_unasked_is_left(void **state)
{
	refuses_and_tries_again(
		*state,
		(struct strange_script){.info = ":1\r\n:2\r\n:3\r\n:4\r\n",
	                                .on_connect = "-ERR max number of clients reached\r\n"});
}

static void lengths_that_lie_are_left(void **state)
{
	refuses_and_tries_again(*state,
	                        (struct strange_script){.info = "$99999999999999999999\r\n"});
}

static void counts_that_lie_are_left(void **state)
{
	refuses_and_tries_again(*state, (struct strange_script){.info = "*2147483647\r\n:1\r\n"});
}

static void nesting_without_end_is_left(void **state)
{
	refuses_and_tries_again(
		*state,
		(struct strange_script){
			.info = "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"});
}

/* A fault of the configuration is not tried again and again: each link once. */
static void is_not_stormed(struct test *t, struct strange_script script)
{
	uint64_t until;

	start(t, script);
	connects_wait(t, 2);
	until = uv_hrtime() + UINT64_C(400) * 1000000;
	while (uv_hrtime() < until) {
		(void)call_do(t, BUS_DROP);
		(void)usleep(1000);
	}
	assert_int_equal(2, strange_redis_connects(t->server));
	assert_int_equal(0, t->ups);
}

static void a_missing_password_is_not_stormed(void **state)
{
	is_not_stormed(*state, (struct strange_script){.info = "-NOAUTH Authentication\r\n"});
}

static void one_without_rights_is_not_stormed(void **state)
{
	is_not_stormed(*state, (struct strange_script){.info = "-NOPERM no\r\n"});
}

static void one_older_than_7_is_refused(void **state)
{
	is_not_stormed(*state, (struct strange_script){.info = "$20\r\nredis_version:6.2.14\r\n"});
}

/* --- when it was up --- */

static void a_refusal_leaves_the_connection(void **state)
{
	static const char *const refusals[] = {"-OOM memory\r\n",
	                                       "-MISCONF disk\r\n",
	                                       "-NOREPLICAS few\r\n",
	                                       "-BUSY script\r\n",
	                                       "-WRONGTYPE key\r\n",
	                                       "-LOADING\r\n",
	                                       "-\r\n"};
	struct test *t = *state;

	start(t, (struct strange_script){.info = NULL});
	up_wait(t, 1);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		strange_redis_script(t->server, (struct strange_script){.call = refusals[i]});
		assert_int_equal(ST_UNAVAILABLE, call_do(t, BUS_DROP));
		assert_int_equal(ST_UNAVAILABLE, call_do(t, BUS_MATCH));
	}
	strange_redis_script(t->server, (struct strange_script){.call = NULL});
	assert_int_equal(ST_OK, call_do(t, BUS_DROP));
	assert_int_equal(0, t->downs);
	assert_int_equal(2, strange_redis_connects(t->server));
}

/* What it says makes it another server: down, and up again on a new connection. */
static void connects_anew(struct test *t, const char *call, enum bus_kind kind)
{
	unsigned ups = t->ups;

	strange_redis_script(t->server, (struct strange_script){.call = call});
	assert_int_equal(ST_UNAVAILABLE, call_do(t, kind));
	assert_int_equal(t->ups, t->downs);
	strange_redis_script(t->server, (struct strange_script){.call = NULL});
	up_wait(t, ups + 1);
	assert_int_equal(ST_OK, call_do(t, BUS_DROP));
}

static void a_replica_is_left(void **state)
{
	struct test *t = *state;

	start(t, (struct strange_script){.info = NULL});
	up_wait(t, 1);
	connects_anew(t, "-READONLY You can't write\r\n", BUS_DROP);
	connects_anew(t, "-MASTERDOWN Link\r\n", BUS_TICK);
	connects_anew(t, "-ERR Function not found\r\n", BUS_MATCH);
}

static void answers_of_another_shape_are_not_believed(void **state)
{
	static const struct {
		enum bus_kind kind;
		const char *answer;
	} rows[] = {
		{BUS_DROP, ":3\r\n"},
		{BUS_DROP, ":-1\r\n"},
		{BUS_DROP, "+OK\r\n"},
		{BUS_DROP, "*0\r\n"},
		{BUS_MATCH, ":0\r\n"},
		{BUS_MATCH, "*1\r\n$1\r\n1\r\n"},
		{BUS_MATCH, "*3\r\n$1\r\n1\r\n$1\r\n7\r\n:0\r\n"},
		{BUS_MATCH, "*3\r\n$1\r\n1\r\n$1\r\n7\r\n:99\r\n"},
		{BUS_MATCH, "*7\r\n$1\r\n1\r\n$1\r\n7\r\n:1\r\n$1\r\n8\r\n:0\r\n:1\r\n$1\r\n5\r\n"},
		{BUS_MATCH, "*7\r\n$1\r\nx\r\n$1\r\n7\r\n:1\r\n$1\r\n7\r\n:0\r\n:1\r\n$1\r\n5\r\n"},
		{BUS_TICK, "*0\r\n"},
		{BUS_TICK, "*5\r\n$1\r\ne\r\n$0\r\n\r\n$1\r\n0\r\n:-4\r\n:0\r\n"},
		{BUS_TICK, "*6\r\n$1\r\ne\r\n$0\r\n\r\n$1\r\n0\r\n:1\r\n:0\r\n$1\r\n1\r\n"},
		{BUS_TICK, "$-1\r\n"},
		{BUS_OVERVIEW, "*2\r\n:0\r\n:999\r\n"},
		{BUS_OVERVIEW, "*2\r\n:5\r\n:2\r\n"},
		{BUS_OVERVIEW, "*3\r\n:0\r\n:0\r\n$1\r\n7\r\n"},
		{BUS_OVERVIEW,
	         "*7\r\n:0\r\n:0\r\n$1\r\n7\r\n$1\r\n9\r\n:0\r\n$1\r\n1\r\n$1\r\n0\r\n"},
		{BUS_PUBLISH, "+QUEUED\r\n"},
	};
	struct test *t = *state;

	start(t, (struct strange_script){.info = NULL});
	up_wait(t, 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		connects_anew(t, rows[i].answer, rows[i].kind);
}

static void one_that_falls_silent_ends_the_calls_and_is_left(void **state)
{
	struct test *t = *state;
	struct bus_call calls[50];

	start(t, (struct strange_script){.info = NULL});
	up_wait(t, 1);
	strange_redis_script(t->server, (struct strange_script){.call = STRANGE_SILENT});
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		calls[i] = (struct bus_call){.kind = BUS_DROP, .op.done = done, .u.drop = {1}};
		bus_submit(t->bus, &calls[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		while (calls[i].op.done != NULL)
			turn(t);
		assert_int_equal(ST_TIMEOUT, calls[i].op.status);
	}
	assert_int_equal(1, t->downs);
	up_wait(t, 2);
}

/* Only the connection for notices: nothing but a ping ever asks there. */
static void a_deaf_subscription_is_found(void **state)
{
	struct test *t = *state;

	start(t,
	      (struct strange_script){.call = "*5\r\n$1\r\ne\r\n$0\r\n\r\n$1\r\n0\r\n:1\r\n:0\r\n",
	                              .ping = STRANGE_SILENT});
	up_wait(t, 1);
	assert_int_equal(ST_OK, call_do(t, BUS_TICK));
	while (t->downs == 0)
		turn(t);
	up_wait(t, 2);
}

static void an_answer_to_nothing_ends_the_connection(void **state)
{
	struct test *t = *state;

	start(t, (struct strange_script){.call = ":0\r\n:0\r\n"});
	up_wait(t, 1);
	assert_int_equal(ST_OK, call_do(t, BUS_DROP));
	while (t->downs == 0)
		turn(t);
	up_wait(t, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_friendly_script_is_up, setup, teardown),
		cmocka_unit_test_setup_teardown(one_that_never_answers_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(one_that_is_loading_is_waited_for, setup, teardown),
		cmocka_unit_test_setup_teardown(one_that_is_busy_is_waited_for, setup, teardown),
		cmocka_unit_test_setup_teardown(one_that_speaks_something_else_is_left, setup,
	                                        teardown),
		cmocka_unit_test_setup_teardown(one_that_speaks_unasked_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(lengths_that_lie_are_left, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_that_lie_are_left, setup, teardown),
		cmocka_unit_test_setup_teardown(nesting_without_end_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(a_missing_password_is_not_stormed, setup, teardown),
		cmocka_unit_test_setup_teardown(one_without_rights_is_not_stormed, setup, teardown),
		cmocka_unit_test_setup_teardown(one_older_than_7_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_refusal_leaves_the_connection, setup, teardown),
		cmocka_unit_test_setup_teardown(a_replica_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(answers_of_another_shape_are_not_believed, setup,
	                                        teardown),
		cmocka_unit_test_setup_teardown(one_that_falls_silent_ends_the_calls_and_is_left,
	                                        setup, teardown),
		cmocka_unit_test_setup_teardown(a_deaf_subscription_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(an_answer_to_nothing_ends_the_connection, setup,
	                                        teardown),
	};

	return cmocka_run_group_tests_name("redis_strange", tests, NULL, NULL);
}
