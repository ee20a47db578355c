/* SPDX-License-Identifier: MIT */
/* A new password:
 *
 *   agent --> the old one matches --> hash the new one --> on record --> my session, kept aside
 *                                          --> all logins end --> mine is put back
 *
 * Whoever knew the old password is out; API tokens are not made of it and stay. */
#include "app/password.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/login.h"
#include "base/flow.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

struct password {
	struct flow flow;
	struct app *app;
	struct desk_call *call;
	struct agent agent;
	struct session session; /* the caller's */
	struct store_call store;
	struct vault_call vault;
};

static void store_done(struct op *op)
{
	flow_wake(&container_of(op, struct password, store.op)->flow);
}

static void vault_done(struct op *op)
{
	flow_wake(&container_of(op, struct password, vault.op)->flow);
}

static void password_free(struct flow *flow)
{
	struct password *password = container_of(flow, struct password, flow);
	struct desk_call *call = password->call;

	arena_fini(&password->store.arena);
	explicit_bzero(password, sizeof(*password));
	free(password);
	call->op.done(&call->op);
}

static enum flow_next finish(struct password *password, enum status st, const char *message)
{
	password->call->op.status = st;
	password->call->message = message;
	return FLOW_DONE;
}

static struct store_call *store_begin(struct password *password, enum store_kind kind)
{
	arena_fini(&password->store.arena);
	password->store = (struct store_call){.op.done = store_done, .kind = kind};
	return &password->store;
}

static void vault_begin(struct password *password, enum vault_kind kind, struct span text)
{
	struct vault *vault = password->app->ports.vault;

	password->vault = (struct vault_call){.op.done = vault_done, .kind = kind};
	password->vault.password_len = text.len;
	memcpy(password->vault.password, text.ptr, text.len);
	if (kind == VAULT_CHECK_PASSWORD)
		memcpy(password->vault.hash, password->agent.password_hash,
		       sizeof(password->vault.hash));
	vault->ops->submit(vault, &password->vault);
}

static enum flow_next all_done(struct flow *flow)
{
	struct password *password = container_of(flow, struct password, flow);

	if (password->store.op.status == ST_OK)
		log_info("password.changed", "agent=%" PRIu64, password->agent.id.v);
	return finish(password, password->store.op.status, NULL);
}

static enum flow_next put_back(struct flow *flow)
{
	static const struct flow_step step_done = {"all_done", all_done};
	struct password *password = container_of(flow, struct password, flow);

	if (password->store.op.status != ST_OK)
		return finish(password, password->store.op.status, NULL);
	login_hang_up_others(password->app, &password->call->who);
	if (password->session.kind != SESSION_LOGIN)
		return flow_goto(flow, &step_done);
	store_begin(password, STORE_SESSION_PUT)->u.session_put = password->session;
	store_submit(password->app->ports.store, &password->store);
	return flow_wait(flow, &step_done);
}

static enum flow_next end_logins(struct flow *flow)
{
	static const struct flow_step step_back = {"put_back", put_back};
	struct password *password = container_of(flow, struct password, flow);
	struct store_call *call;

	if (password->store.op.status != ST_OK)
		return finish(password, password->store.op.status, NULL);
	password->session = password->store.u.session.session;
	call = store_begin(password, STORE_SESSION_END);
	call->u.session_end.agent = password->agent.id;
	call->u.session_end.logins = true;
	store_submit(password->app->ports.store, call);
	return flow_wait(flow, &step_back);
}

static enum flow_next keep_mine(struct flow *flow)
{
	static const struct flow_step step_end = {"end_logins", end_logins};
	struct password *password = container_of(flow, struct password, flow);
	struct store_call *call;

	if (password->store.op.status != ST_OK)
		return finish(password, password->store.op.status, NULL);
	(void)people_put(&password->app->people, &password->agent);
	call = store_begin(password, STORE_SESSION);
	call->u.session.now = password->app->now;
	memcpy(call->u.session.hash, password->call->who.session_hash, SECRET_HASH_SIZE);
	store_submit(password->app->ports.store, call);
	return flow_wait(flow, &step_end);
}

static enum flow_next hashed(struct flow *flow)
{
	static const struct flow_step step_keep = {"keep_mine", keep_mine};
	struct password *password = container_of(flow, struct password, flow);

	if (password->vault.op.status != ST_OK)
		return finish(password, password->vault.op.status, NULL);
	memcpy(password->agent.password_hash, password->vault.hash, sizeof(password->vault.hash));
	password->agent.must_change_password = false;
	store_begin(password, STORE_AGENT_PUT)->u.agent_put = password->agent;
	store_submit(password->app->ports.store, &password->store);
	return flow_wait(flow, &step_keep);
}

static enum flow_next checked(struct flow *flow)
{
	static const struct flow_step step_hashed = {"hashed", hashed};
	struct password *password = container_of(flow, struct password, flow);

	if (password->vault.op.status != ST_OK)
		return finish(password, password->vault.op.status, NULL);
	if (!password->vault.match)
		return finish(password, ST_FORBIDDEN, "The password is wrong.");
	vault_begin(password, VAULT_HASH_PASSWORD, password->call->u.password.fresh);
	return flow_wait(flow, &step_hashed);
}

static enum flow_next found(struct flow *flow)
{
	static const struct flow_step step_checked = {"checked", checked};
	struct password *password = container_of(flow, struct password, flow);

	struct span old = password->call->u.password.old;
	struct span fresh = password->call->u.password.fresh;

	if (password->store.op.status != ST_OK)
		return finish(password, password->store.op.status, NULL);
	if (!password_fits(fresh) || old.len > PASSWORD_MAX)
		return finish(password, ST_BAD_REQUEST,
		              "The new password must have 8 to 256 characters.");
	if (span_eq(old, fresh))
		return finish(password, ST_BAD_REQUEST, "The new password must be another one.");
	password->agent = password->store.u.agent.agent;
	if (!login_may_try(password->app, password->call, span_of(password->agent.email)))
		return finish(password, ST_RATE_LIMITED, "Too many tries. Please wait a moment.");
	vault_begin(password, VAULT_CHECK_PASSWORD, password->call->u.password.old);
	return flow_wait(flow, &step_checked);
}

static enum flow_next find(struct flow *flow)
{
	static const struct flow_step step_found = {"found", found};
	struct password *password = container_of(flow, struct password, flow);

	store_begin(password, STORE_AGENT)->u.agent.id = password->call->who.agent.id;
	store_submit(password->app->ports.store, &password->store);
	return flow_wait(flow, &step_found);
}

void password_change(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_find = {"find", find};
	struct password *password = xcalloc(1, sizeof(*password));

	password->app = app;
	password->call = call;
	flow_start(&password->flow, &step_find, password_free);
}
