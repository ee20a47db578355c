/* SPDX-License-Identifier: MIT */
/* API tokens over days: how long they let somebody in, and when they were used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "support/stage.h"

static void call_done(struct op *op)
{
	op->done = NULL;
}

static enum status ask(struct stage *stage, struct desk_call *call)
{
	struct desk *desk = stage_desk(stage);

	call->op.done = call_done;
	desk->ops->call(desk, call, stage_now(stage));
	stage_settle(stage);
	assert_null(call->op.done);
	return call->op.status;
}

/* The secret of a new one of Dana's. */
static void make(struct stage *stage, enum token_scope scope, int days, char *secret)
{
	struct desk_call call = {.kind = CALL_TOKEN_CREATE, .trusted = true};

	call.u.token_create.email = SPAN_LIT("dana@example.gov");
	call.u.token_create.scope = scope;
	call.u.token_create.days = days;
	assert_int_equal(ask(stage, &call), ST_OK);
	memcpy(secret, call.u.token_create.secret, SECRET_TEXT_SIZE);
	arena_fini(&call.arena);
}

static enum status come_with(struct stage *stage, const char *secret, bool wall,
                             struct identity *out)
{
	struct desk_call call = {.kind = CALL_AUTH};

	call.u.auth.secret = span_of(secret);
	call.u.auth.kind = SESSION_TOKEN;
	call.u.auth.wall = wall;
	(void)ask(stage, &call);
	*out = call.u.auth.identity;
	arena_fini(&call.arena);
	return call.op.status;
}

/* The first one's time of use. */
static wall_ms used_at(struct stage *stage)
{
	struct desk_call call = {.kind = CALL_TOKENS, .trusted = true};
	wall_ms at;

	call.u.tokens.email = SPAN_LIT("dana@example.gov");
	assert_int_equal(ask(stage, &call), ST_OK);
	assert_true(call.u.tokens.count > 0);
	at = call.u.tokens.items[0].used_at;
	arena_fini(&call.arena);
	return at;
}

static void a_token_that_runs_out_takes_its_sockets_along(void **state)
{
	struct stage *stage = stage_create(NULL);
	char secret[SECRET_TEXT_SIZE], other[SECRET_TEXT_SIZE];
	struct actor_on_stage *ends, *stays;
	struct identity identity;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	make(stage, TOKEN_SCOPE_FULL, 1, secret);
	make(stage, TOKEN_SCOPE_FULL, 0, other);
	assert_int_equal(come_with(stage, secret, false, &identity), ST_OK);
	ends = stage_agent_as(stage, &identity);
	assert_int_equal(come_with(stage, other, false, &identity), ST_OK);
	stays = stage_agent_as(stage, &identity);
	tell(ends, "{'type':'hello'}");
	tell(stays, "{'type':'hello'}");
	stage_pass(stage, DAY_MS - SEC_MS);
	assert_false(was_hung_up(ends, HANGUP_REVOKED));
	assert_int_equal(come_with(stage, secret, false, &identity), ST_OK);
	stage_pass(stage, SEC_MS);
	assert_true(was_hung_up(ends, HANGUP_REVOKED));
	assert_int_equal(come_with(stage, secret, false, &identity), ST_UNAUTHORIZED);
	stage_pass(stage, DAY_MS);
	assert_false(was_hung_up(stays, HANGUP_REVOKED));
	stage_destroy(&stage);
}

static void its_use_is_put_down_once_an_hour(void **state)
{
	struct stage *stage = stage_create(NULL);
	char secret[SECRET_TEXT_SIZE];
	struct identity identity;
	wall_ms first;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	make(stage, TOKEN_SCOPE_FULL, 0, secret);
	assert_int_equal(used_at(stage), 0);
	first = stage_now(stage);
	assert_int_equal(come_with(stage, secret, false, &identity), ST_OK);
	assert_int_equal(used_at(stage), first);
	stage_pass(stage, HOUR_MS - SEC_MS);
	assert_int_equal(come_with(stage, secret, false, &identity), ST_OK);
	assert_int_equal(used_at(stage), first);
	stage_pass(stage, SEC_MS);
	assert_int_equal(come_with(stage, secret, false, &identity), ST_OK);
	assert_int_equal(used_at(stage), first + HOUR_MS);
	stage_destroy(&stage);
}

static void a_token_for_the_wall_is_good_for_nothing_that_does_not_ask_for_it(void **state)
{
	struct stage *stage = stage_create(NULL);
	char secret[SECRET_TEXT_SIZE];
	struct identity identity;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	make(stage, TOKEN_SCOPE_WALL, 0, secret);
	assert_int_equal(come_with(stage, secret, false, &identity), ST_FORBIDDEN);
	assert_int_equal(identity.agent.id.v, 0);
	assert_int_equal(used_at(stage), 0);
	assert_int_equal(come_with(stage, secret, true, &identity), ST_OK);
	assert_int_equal(identity.scope, TOKEN_SCOPE_WALL);
	stage_destroy(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_that_runs_out_takes_its_sockets_along),
		cmocka_unit_test(its_use_is_put_down_once_an_hour),
		cmocka_unit_test(a_token_for_the_wall_is_good_for_nothing_that_does_not_ask_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
