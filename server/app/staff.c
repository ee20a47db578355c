/* SPDX-License-Identifier: MIT */
/* A colleague is changed:
 *
 *   agent by id --> (hash the new password) --> on record --> (its logins end, its sockets too)
 *
 * What a socket may do was found out when it was let in: whoever may do something else from now
 * on comes in again. */
#include "app/staff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/login.h"
#include "base/flow.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

struct staff {
	struct flow flow;
	struct app *app;
	struct desk_call *call;
	struct agent agent;
	bool put_out; /* its logins and sockets end */
	struct store_call store;
	struct vault_call vault;
};

static void store_done(struct op *op)
{
	flow_wake(&container_of(op, struct staff, store.op)->flow);
}

static void vault_done(struct op *op)
{
	flow_wake(&container_of(op, struct staff, vault.op)->flow);
}

static void staff_free(struct flow *flow)
{
	struct staff *staff = container_of(flow, struct staff, flow);
	struct desk_call *call = staff->call;

	arena_fini(&staff->store.arena);
	explicit_bzero(staff, sizeof(*staff));
	free(staff);
	call->op.done(&call->op);
}

static enum flow_next finish(struct staff *staff, enum status st, const char *message)
{
	staff->call->op.status = st;
	staff->call->message = message;
	return FLOW_DONE;
}

static void store_begin(struct staff *staff, enum store_kind kind)
{
	arena_fini(&staff->store.arena);
	staff->store = (struct store_call){.op.done = store_done, .kind = kind};
}

static enum flow_next end(struct staff *staff)
{
	struct person *person = people_put(&staff->app->people, &staff->agent);

	log_info("agent.changed",
	         "agent=%" PRIu64 " by=%" PRIu64 " tier=%d role=%s disabled=%d put_out=%d",
	         staff->agent.id.v, staff->call->who.agent.id.v, staff->agent.tier,
	         agent_role_name(staff->agent.role), staff->agent.disabled, staff->put_out);
	staff->call->u.agent_change.agent = person->agent;
	if (staff->put_out)
		login_hang_up(staff->app, staff->agent.id);
	return finish(staff, ST_OK, NULL);
}

static enum flow_next ended(struct flow *flow)
{
	struct staff *staff = container_of(flow, struct staff, flow);

	if (staff->store.op.status != ST_OK)
		return finish(staff, staff->store.op.status, NULL);
	return end(staff);
}

static enum flow_next put_done(struct flow *flow)
{
	static const struct flow_step step_ended = {"staff_ended", ended};
	struct staff *staff = container_of(flow, struct staff, flow);

	if (staff->store.op.status != ST_OK)
		return finish(staff, staff->store.op.status, NULL);
	if (!staff->put_out)
		return end(staff);
	store_begin(staff, STORE_SESSION_END);
	staff->store.u.session_end.agent = staff->agent.id;
	staff->store.u.session_end.logins = true;
	staff->store.u.session_end.tokens =
		staff->agent.disabled || staff->call->u.agent_change.change.revoke;
	store_submit(staff->app->ports.store, &staff->store);
	return flow_wait(flow, &step_ended);
}

static enum flow_next put(struct staff *staff)
{
	static const struct flow_step step_done = {"staff_put", put_done};

	store_begin(staff, STORE_AGENT_PUT);
	staff->store.u.agent_put = staff->agent;
	store_submit(staff->app->ports.store, &staff->store);
	return flow_wait(&staff->flow, &step_done);
}

static enum flow_next hashed(struct flow *flow)
{
	struct staff *staff = container_of(flow, struct staff, flow);

	if (staff->vault.op.status != ST_OK)
		return finish(staff, staff->vault.op.status, "Too many logins at once.");
	memcpy(staff->agent.password_hash, staff->vault.hash, sizeof(staff->vault.hash));
	staff->agent.must_change_password = true;
	return put(staff);
}

static void apply(struct staff *staff)
{
	const struct agent_change *change = &staff->call->u.agent_change.change;
	struct agent *agent = &staff->agent;
	struct agent before = *agent;

	if (change->name.len > 0)
		(void)span_copy(agent->name, sizeof(agent->name), change->name);
	if (change->tier != 0)
		agent->tier = change->tier;
	if (change->has_role)
		agent->role = change->role;
	if (change->has_disabled)
		agent->disabled = change->disabled;
	staff->put_out = agent->tier != before.tier || agent->role != before.role ||
	                 agent->disabled != before.disabled || change->password.len > 0 ||
	                 change->revoke;
	explicit_bzero(&before, sizeof(before));
}

static enum flow_next found(struct flow *flow)
{
	static const struct flow_step step_hashed = {"staff_hashed", hashed};
	struct staff *staff = container_of(flow, struct staff, flow);
	const struct agent_change *change = &staff->call->u.agent_change.change;
	struct vault *vault = staff->app->ports.vault;
	bool own = staff->call->who.agent.id.v == staff->call->u.agent_change.id.v;

	if (staff->store.op.status != ST_OK)
		return finish(staff, staff->store.op.status, "There is no such agent.");
	if (own && (change->has_role || change->has_disabled || change->password.len > 0))
		return finish(staff, ST_CONFLICT,
		              "Your own role, password and access are changed by somebody else, "
		              "so that one administrator always stays.");
	staff->agent = staff->store.u.agent.agent;
	apply(staff);
	if (change->password.len == 0)
		return put(staff);
	if (!password_fits(change->password))
		return finish(staff, ST_BAD_REQUEST, "The password must have 8 to 256 characters.");
	staff->vault = (struct vault_call){.op.done = vault_done, .kind = VAULT_HASH_PASSWORD};
	staff->vault.password_len = change->password.len;
	memcpy(staff->vault.password, change->password.ptr, change->password.len);
	vault->ops->submit(vault, &staff->vault);
	return flow_wait(flow, &step_hashed);
}

static enum flow_next find(struct flow *flow)
{
	static const struct flow_step step_found = {"staff_found", found};
	struct staff *staff = container_of(flow, struct staff, flow);

	if (!staff->call->trusted && staff->call->who.agent.role != AGENT_ROLE_ADMIN)
		return finish(staff, ST_FORBIDDEN, NULL);
	store_begin(staff, STORE_AGENT);
	staff->store.u.agent.id = staff->call->u.agent_change.id;
	store_submit(staff->app->ports.store, &staff->store);
	return flow_wait(flow, &step_found);
}

void staff_change(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_find = {"staff_find", find};
	struct staff *staff = xcalloc(1, sizeof(*staff));

	staff->app = app;
	staff->call = call;
	flow_start(&staff->flow, &step_find, staff_free);
}
