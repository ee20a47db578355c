/* SPDX-License-Identifier: MIT */
/* The desk's first minute: the key that signs visitor tokens, the people, the policy in all its
 * versions, the live tickets.
 *
 *   key --absent--> make one --> agents --> policies --> put the one that holds --> live --> ready
 *
 * What cannot be read yet is tried again with the next tick. */
#include "app/start.h"

#include <stdlib.h>
#include <string.h>

#include "app/alerts.h"
#include "app/book.h"
#include "app/seats.h"
#include "base/flow.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define KEY_NAME "visitor_key"

struct start {
	struct flow flow;
	struct app *app;
	struct store_call call;
	uint8_t key[VAULT_KEY_SIZE];
	struct policy *policy; /* being put on record */
};

static enum flow_next read_key(struct flow *flow);

static void call_done(struct op *op)
{
	flow_wake(&container_of(op, struct start, call.op)->flow);
}

static void start_free(struct flow *flow)
{
	struct start *start = container_of(flow, struct start, flow);

	start->app->starting = false;
	policy_unref(&start->policy);
	arena_fini(&start->call.arena);
	explicit_bzero(start, sizeof(*start));
	free(start);
}

static void submit(struct start *start, enum store_kind kind)
{
	arena_fini(&start->call.arena);
	start->call.op = (struct op){.done = call_done};
	start->call.kind = kind;
	store_submit(start->app->ports.store, &start->call);
}

static enum flow_next failed(const struct start *start, const char *what)
{
	if (start->call.op.status != ST_CANCELED)
		log_error("start.failed", "reading=%s status=%s", what,
		          status_name(start->call.op.status));
	return FLOW_DONE;
}

static enum flow_next take_live(struct flow *flow)
{
	struct start *start = container_of(flow, struct start, flow);
	struct app *app = start->app;

	if (start->call.op.status != ST_OK)
		return failed(start, "tickets");
	for (size_t i = 0; i < start->call.u.live.count; i++)
		(void)chats_put(&app->chats, &start->call.u.live.items[i]);
	app->started = true;
	seats_start(app);
	alerts_start(app, start->call.u.live.items, start->call.u.live.count);
	log_info("desk.started", "agents=%u live=%zu", HASH_COUNT(app->people.by_id),
	         start->call.u.live.count);
	return FLOW_DONE;
}

static enum flow_next read_live(struct flow *flow)
{
	static const struct flow_step step_take = {"take_live", take_live};
	struct start *start = container_of(flow, struct start, flow);

	submit(start, STORE_LIVE);
	return flow_wait(flow, &step_take);
}

static const struct flow_step step_live = {"read_live", read_live};

static enum flow_next policy_put(struct flow *flow)
{
	struct start *start = container_of(flow, struct start, flow);

	if (start->call.op.status != ST_OK)
		return failed(start, "policy");
	book_hold(start->app, start->policy, start->call.u.policy_put.id);
	return flow_goto(flow, &step_live);
}

static void submit_policy(struct start *start)
{
	const struct app *app = start->app;
	struct store_call *call = &start->call;

	arena_fini(&call->arena);
	*call = (struct store_call){.op.done = call_done, .kind = STORE_POLICY_PUT};
	call->u.policy_put.text = arena_span(
		&call->arena, (struct span){.ptr = app->wanted_text, .len = app->wanted_len});
	call->u.policy_put.now = app->now;
	store_submit(app->ports.store, call);
}

/* No ticket is opened before it is known what is promised. */
static enum flow_next put_policy(struct flow *flow)
{
	static const struct flow_step step_put = {"policy_put", policy_put};
	struct start *start = container_of(flow, struct start, flow);
	struct app *app = start->app;

	if (app->wanted == NULL)
		return flow_goto(flow, &step_live);
	start->policy = policy_ref(app->wanted);
	submit_policy(start);
	return flow_wait(flow, &step_put);
}

static const struct flow_step step_put_policy = {"put_policy", put_policy};

static enum flow_next take_policies(struct flow *flow)
{
	struct start *start = container_of(flow, struct start, flow);

	if (start->call.op.status != ST_OK)
		return failed(start, "policies");
	book_load(start->app, start->call.u.policies.items, start->call.u.policies.count);
	return flow_goto(flow, &step_put_policy);
}

static enum flow_next read_policies(struct flow *flow)
{
	static const struct flow_step step_take = {"take_policies", take_policies};
	struct start *start = container_of(flow, struct start, flow);

	if (start->app->ports.policy_reader == NULL)
		return flow_goto(flow, &step_put_policy);
	submit(start, STORE_POLICIES);
	return flow_wait(flow, &step_take);
}

static enum flow_next take_agents(struct flow *flow)
{
	static const struct flow_step step_policies = {"read_policies", read_policies};
	struct start *start = container_of(flow, struct start, flow);

	if (start->call.op.status != ST_OK)
		return failed(start, "agents");
	for (size_t i = 0; i < start->call.u.agents.count; i++)
		(void)people_put(&start->app->people, &start->call.u.agents.items[i]);
	return flow_goto(flow, &step_policies);
}

static enum flow_next read_agents(struct flow *flow)
{
	static const struct flow_step step_take = {"take_agents", take_agents};
	struct start *start = container_of(flow, struct start, flow);

	submit(start, STORE_AGENTS);
	return flow_wait(flow, &step_take);
}

static const struct flow_step step_key = {"read_key", read_key};
static const struct flow_step step_agents = {"read_agents", read_agents};

/* Of two nodes that start together, one key wins and both read it. */
static enum flow_next key_made(struct flow *flow)
{
	struct start *start = container_of(flow, struct start, flow);

	if (start->call.op.status != ST_OK && start->call.op.status != ST_CONFLICT)
		return failed(start, "key");
	return flow_goto(flow, &step_key);
}

static enum flow_next take_key(struct flow *flow)
{
	static const struct flow_step step_made = {"key_made", key_made};
	struct start *start = container_of(flow, struct start, flow);
	struct app *app = start->app;
	struct span value = start->call.u.meta.value;

	if (start->call.op.status == ST_NOT_FOUND) {
		app->ports.vault->ops->random(app->ports.vault, start->key, sizeof(start->key));
		start->call.u.meta.value = (struct span){(const char *)start->key, VAULT_KEY_SIZE};
		start->call.u.meta.once = true;
		submit(start, STORE_META_PUT);
		return flow_wait(flow, &step_made);
	}
	if (start->call.op.status != ST_OK || value.len != VAULT_KEY_SIZE)
		return failed(start, "key");
	memcpy(app->visitor_key, value.ptr, VAULT_KEY_SIZE);
	return flow_goto(flow, &step_agents);
}

static enum flow_next read_key(struct flow *flow)
{
	static const struct flow_step step_take = {"take_key", take_key};
	struct start *start = container_of(flow, struct start, flow);

	memset(&start->call.u.meta, 0, sizeof(start->call.u.meta));
	(void)span_copy(start->call.u.meta.key, STORE_KEY_SIZE, SPAN_LIT(KEY_NAME));
	submit(start, STORE_META_GET);
	return flow_wait(flow, &step_take);
}

void start_begin(struct app *app)
{
	struct start *start = xcalloc(1, sizeof(*start));

	start->app = app;
	app->starting = true;
	flow_start(&start->flow, &step_key, start_free);
}
