/* SPDX-License-Identifier: MIT */
#include "support/stage_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter/fake_store.h"
#include "adapter/fake_vault.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/wire.h"

#define TICK_MS    250
#define SOFT_LIMIT 4096

static struct actor_on_stage *actor_find(struct stage *stage, struct conn_id conn)
{
	struct actor_on_stage *actor = stage->actors;

	while (actor != NULL && actor->conn.v != conn.v)
		actor = actor->next;
	return actor;
}

/* --- the outlet --- */

static void keep_token(struct actor_on_stage *actor, const struct frame_out *frame)
{
	if (frame->type != OUT_WELCOME_VISITOR)
		return;
	free(actor->token);
	actor->token = xstrdup(frame->u.welcome_visitor.token);
}

static void outlet_send(struct outlet *outlet, const struct conn_id *to, size_t count,
                        const struct frame_out *frame)
{
	struct stage *stage = container_of(outlet, struct stage, outlet);
	struct buf json = {0};

	wire_encode(&json, frame);
	for (size_t i = 0; i < count; i++) {
		struct actor_on_stage *actor = actor_find(stage, to[i]);

		if (actor == NULL || actor->hung_up)
			continue;
		buf_add(&actor->heard, json.ptr, json.len);
		buf_char(&actor->heard, '\n');
		if (actor->blocked)
			actor->queued += json.len;
		keep_token(actor, frame);
	}
	buf_fini(&json);
}

static size_t outlet_queued(struct outlet *outlet, struct conn_id conn)
{
	struct actor_on_stage *actor = actor_find(container_of(outlet, struct stage, outlet), conn);

	return actor != NULL ? actor->queued : 0;
}

static void outlet_hangup(struct outlet *outlet, struct conn_id conn, enum hangup why)
{
	struct actor_on_stage *actor = actor_find(container_of(outlet, struct stage, outlet), conn);

	if (actor == NULL || actor->hung_up)
		return;
	actor->hung_up = true;
	actor->why = why;
}

/* --- the notifier --- */

static void notifier_submit(struct notifier *notifier, struct notifier_call *call)
{
	struct stage *stage = container_of(notifier, struct stage, notifier);

	assert_true(stage->tellings_count < TELLINGS_MAX);
	stage->tellings[stage->tellings_count++] = call;
	buf_fmt(&stage->told, "%s %llu %s %u %s\n", call->kind == NOTIFIER_PAGE ? "page" : "notice",
	        (unsigned long long)call->ticket.v, call->rule, call->attempt, call->to_name);
}

static size_t notifier_run(struct stage *stage, enum status st)
{
	struct notifier_call *calls[TELLINGS_MAX];
	size_t count = stage->tellings_count;

	memcpy(calls, stage->tellings, sizeof(calls));
	stage->tellings_count = 0;
	for (size_t i = 0; i < count; i++) {
		calls[i]->op.status = st;
		calls[i]->op.done(&calls[i]->op);
	}
	return count;
}

const char *stage_told(struct stage *stage)
{
	return buf_cstr(&stage->told);
}

void stage_break_notifier(struct stage *stage, bool broken)
{
	stage->broken = broken;
}

/* --- the stage --- */

static enum status read_policy(void *ctx, struct span text, struct policy **out)
{
	struct stage *stage = ctx;

	assert_true(text.len > 0);
	*out = policy_ref(&stage->kit.policy);
	return ST_OK;
}

void stage_settle(struct stage *stage)
{
	size_t moved = 1;

	while (moved > 0) {
		moved = fake_store_run(stage->store);
		moved += fake_bus_run(stage->board);
		moved += fake_vault_run(stage->vault);
		moved += notifier_run(stage, stage->broken ? ST_UNAVAILABLE : ST_OK);
	}
}

void stage_pass(struct stage *stage, int64_t ms)
{
	for (int64_t passed = 0; passed < ms; passed += TICK_MS) {
		stage->now += TICK_MS;
		desk_tick(stage->desk, stage->now, stage->now - stage->ahead);
		stage_settle(stage);
	}
}

void stage_step_clock(struct stage *stage, int64_t ms)
{
	stage->now += ms;
	stage->ahead += ms;
}

/* Ticks where the desk has something to do, and now and then between, so that no lease runs
 * out. */
void stage_until(struct stage *stage, const char *moment)
{
	wall_ms until = kit_at(moment);

	assert_true(until >= stage->now);
	while (stage->now < until) {
		wall_ms next = desk_next_wake(stage->desk);

		if (next > stage->now + 20 * SEC_MS)
			next = stage->now + 20 * SEC_MS;
		if (next < stage->now + TICK_MS)
			next = stage->now + TICK_MS;
		stage->now = next < until ? next : until;
		desk_tick(stage->desk, stage->now, stage->now - stage->ahead);
		stage_settle(stage);
	}
}

wall_ms stage_now(const struct stage *stage)
{
	return stage->now;
}

struct policy_kit *stage_kit(struct stage *stage)
{
	return &stage->kit;
}

static void desk_open(struct stage *stage)
{
	struct desk_ports ports = {.store = stage->store,
	                           .bus = stage->bus,
	                           .vault = stage->vault,
	                           .outlet = &stage->outlet,
	                           .notifier = &stage->notifier};

	if (stage->ruled)
		ports.policy_reader = &stage->reader;
	stage->desk = desk_create(&stage->config, &ports, stage->now);
	if (stage->ruled)
		desk_adopt(stage->desk, &stage->kit.policy, SPAN_LIT("{}"), stage->now);
	stage_settle(stage);
	stage_pass(stage, 2 * TICK_MS);
	assert_true(desk_is_ready(stage->desk));
}

static struct stage *stage_alloc(void)
{
	static const struct outlet_ops ops = {
		.send = outlet_send, .queued = outlet_queued, .hangup = outlet_hangup};
	static const struct notifier_ops notifier_ops = {.submit = notifier_submit};
	struct stage *stage = xcalloc(1, sizeof(*stage));

	log_set_level(LOG_ERROR);
	stage->outlet = (struct outlet){.ops = &ops, .soft_limit = SOFT_LIMIT};
	stage->notifier.ops = &notifier_ops;
	stage->reader = (struct policy_reader){.ctx = stage, .read = read_policy};
	stage->now = STAGE_START_MS;
	desk_config_init(&stage->config);
	return stage;
}

struct stage *stage_create_ruled(void (*change)(struct policy_kit *kit))
{
	struct stage *stage = stage_alloc();

	stage->ruled = true;
	policy_kit_init(&stage->kit);
	if (change != NULL)
		change(&stage->kit);
	stage->store = fake_store_create();
	stage->board = fake_bus_board_create();
	stage->bus = fake_bus_open(stage->board, stage->config.node);
	stage->vault = fake_vault_create(1);
	desk_open(stage);
	return stage;
}

struct stage *stage_create_beside(struct stage *first)
{
	struct stage *stage = stage_alloc();

	stage->ruled = first->ruled;
	stage->beside = true;
	stage->now = first->now;
	if (stage->ruled)
		policy_kit_init(&stage->kit);
	(void)span_copy(stage->config.node, sizeof(stage->config.node), SPAN_LIT("node-2"));
	stage->store = first->store;
	stage->board = first->board;
	stage->bus = fake_bus_open(stage->board, stage->config.node);
	stage->vault = fake_vault_create(2);
	desk_open(stage);
	return stage;
}

struct stage *stage_create(void (*change)(struct desk_config *config))
{
	struct stage *stage = stage_alloc();

	if (change != NULL)
		change(&stage->config);
	stage->store = fake_store_create();
	stage->board = fake_bus_board_create();
	stage->bus = fake_bus_open(stage->board, stage->config.node);
	stage->vault = fake_vault_create(1);
	desk_open(stage);
	return stage;
}

void stage_destroy(struct stage **stage)
{
	struct stage *gone = *stage;

	desk_stop(gone->desk, gone->now);
	if (gone->beside)
		stage_settle(gone);
	else
		gone->store->ops->close(gone->store);
	gone->bus->ops->close(gone->bus);
	gone->vault->ops->close(gone->vault);
	if (!gone->beside)
		fake_bus_board_destroy(&gone->board);
	(void)notifier_run(gone, ST_CANCELED);
	desk_destroy(&gone->desk);
	if (gone->ruled) {
		assert_int_equal(gone->kit.policy.refs, 1);
		policy_kit_fini(&gone->kit);
	}
	buf_fini(&gone->told);
	while (gone->actors != NULL) {
		struct actor_on_stage *actor = gone->actors;

		gone->actors = actor->next;
		stage_actor_free(actor);
	}
	free(gone);
	*stage = NULL;
}

/* Calls that are under way end with the old desk: a killed process answers nobody. */
void stage_restart(struct stage *stage)
{
	desk_stop(stage->desk, stage->now);
	stage_settle(stage);
	stage->bus->ops->close(stage->bus);
	fake_bus_board_destroy(&stage->board);
	desk_destroy(&stage->desk);
	for (struct actor_on_stage *actor = stage->actors; actor != NULL; actor = actor->next)
		actor->hung_up = true;
	stage->board = fake_bus_board_create();
	stage->bus = fake_bus_open(stage->board, stage->config.node);
	desk_open(stage);
}

struct desk *stage_desk(struct stage *stage)
{
	return stage->desk;
}

struct fake_bus_board *stage_board(struct stage *stage)
{
	return stage->board;
}

struct bus *stage_bus(struct stage *stage)
{
	return stage->bus;
}

struct store *stage_store(struct stage *stage)
{
	return stage->store;
}

static void call_done(struct op *op)
{
	op->done = NULL;
}

void stage_hire(struct stage *stage, const char *name, int tier, const char *role)
{
	struct desk_call call = {.op.done = call_done, .kind = CALL_AGENT_ADD, .trusted = true};
	struct agent *agent = &call.u.agent_add.agent;

	agent->tier = tier;
	assert_true(agent_role_parse(span_of(role), &agent->role));
	(void)span_copy(agent->name, sizeof(agent->name), span_of(name));
	(void)snprintf(agent->email, sizeof(agent->email), "%s@example.gov", name);
	call.u.agent_add.password = SPAN_LIT("correct horse battery staple");
	stage->desk->ops->call(stage->desk, &call, stage->now);
	stage_settle(stage);
	assert_null(call.op.done);
	assert_int_equal(call.op.status, ST_OK);
	arena_fini(&call.arena);
}

void stage_disable(struct stage *stage, const char *email)
{
	struct desk_call call = {.op.done = call_done, .kind = CALL_AGENT_DISABLE, .trusted = true};

	call.u.agent_disable.email = span_of(email);
	stage->desk->ops->call(stage->desk, &call, stage->now);
	stage_settle(stage);
	assert_null(call.op.done);
	assert_int_equal(call.op.status, ST_OK);
	arena_fini(&call.arena);
}
