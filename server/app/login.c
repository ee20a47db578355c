/* SPDX-License-Identifier: MIT */
/* Logging in:
 *
 *   agent by e-mail --> check the password --> session on record --> secret for the cookie
 *
 * An unknown e-mail goes the same way with an empty hash, which takes as long and never
 * matches. Ended sessions lose their sockets at once. */
#include "app/login.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/api_token.h"
#include "app/token.h"
#include "base/flow.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define EMAIL_KEY_MAX 40 /* bytes of an e-mail that its bucket is known by */

struct login {
	struct flow flow;
	struct app *app;
	struct desk_call *call;
	struct agent agent;
	struct store_call store;
	struct vault_call vault;
};

static void store_done(struct op *op)
{
	flow_wake(&container_of(op, struct login, store.op)->flow);
}

static void vault_done(struct op *op)
{
	flow_wake(&container_of(op, struct login, vault.op)->flow);
}

static void login_free(struct flow *flow)
{
	struct login *login = container_of(flow, struct login, flow);
	struct desk_call *call = login->call;

	arena_fini(&login->store.arena);
	explicit_bzero(login, sizeof(*login));
	free(login);
	call->op.done(&call->op);
}

static enum flow_next finish(struct login *login, enum status st, const char *message)
{
	login->call->op.status = st;
	login->call->message = message;
	return FLOW_DONE;
}

static void store_begin(struct login *login, enum store_kind kind)
{
	arena_fini(&login->store.arena);
	login->store = (struct store_call){.op.done = store_done, .kind = kind};
}

static void begin(struct app *app, struct desk_call *call, const struct flow_step *first)
{
	struct login *login = xcalloc(1, sizeof(*login));

	login->app = app;
	login->call = call;
	flow_start(&login->flow, first, login_free);
}

/* Only who leads the desk changes its people. */
static bool may_administer(const struct desk_call *call)
{
	return call->trusted || call->who.agent.role == AGENT_ROLE_ADMIN;
}

static void find_agent(struct login *login, struct span email)
{
	store_begin(login, STORE_AGENT);
	login->store.u.agent.email = email;
	store_submit(login->app->ports.store, &login->store);
}

/* --- a credential --- */

static enum flow_next auth_done(struct flow *flow)
{
	struct login *login = container_of(flow, struct login, flow);
	struct identity *identity = &login->call->u.auth.identity;
	const struct session *session = &login->store.u.session.session;

	if (login->store.op.status == ST_NOT_FOUND ||
	    (login->store.op.status == ST_OK && session->kind != login->call->u.auth.kind))
		return finish(login, ST_UNAUTHORIZED, "Please log in.");
	if (login->store.op.status != ST_OK)
		return finish(login, login->store.op.status, NULL);
	if (session->scope != TOKEN_SCOPE_FULL && !login->call->u.auth.wall)
		return finish(login, ST_FORBIDDEN, "This token reads the wall and nothing else.");
	identity->agent = login->store.u.session.agent;
	identity->kind = session->kind;
	identity->scope = session->scope;
	memcpy(identity->session_hash, session->hash, SECRET_HASH_SIZE);
	if (session->kind == SESSION_TOKEN) {
		identity->expires_at = session->expires_at;
		api_token_used(login->app, session);
	}
	return finish(login, ST_OK, NULL);
}

static enum flow_next auth_find(struct flow *flow)
{
	static const struct flow_step step_done = {"auth_done", auth_done};
	struct login *login = container_of(flow, struct login, flow);
	struct vault *vault = login->app->ports.vault;
	struct span secret = login->call->u.auth.secret;

	store_begin(login, STORE_SESSION);
	login->store.u.session.now = login->app->now;
	vault->ops->hash(vault, secret.ptr, secret.len, login->store.u.session.hash);
	store_submit(login->app->ports.store, &login->store);
	return flow_wait(flow, &step_done);
}

void login_auth(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_find = {"auth_find", auth_find};

	begin(app, call, &step_find);
}

/* --- a login: a secret that the cookie has, kept as its hash --- */

static void session_put(struct login *login)
{
	struct vault *vault = login->app->ports.vault;
	struct session *session;
	char *secret = login->call->u.login.secret;

	store_begin(login, STORE_SESSION_PUT);
	session = &login->store.u.session_put;
	session->kind = SESSION_LOGIN;
	session->agent = login->agent.id;
	session->created_at = login->app->now;
	session->expires_at = login->call->u.login.expires_at;
	token_secret(login->app, secret);
	vault->ops->hash(vault, secret, strlen(secret), session->hash);
	store_submit(login->app->ports.store, &login->store);
}

static enum flow_next session_done(struct flow *flow)
{
	struct login *login = container_of(flow, struct login, flow);

	if (login->store.op.status == ST_OK)
		log_info("session.created", "agent=%" PRIu64, login->agent.id.v);
	return finish(login, login->store.op.status, NULL);
}

static enum flow_next login_checked(struct flow *flow)
{
	static const struct flow_step step_session_done = {"session_done", session_done};
	struct login *login = container_of(flow, struct login, flow);
	struct desk_call *call = login->call;

	if (login->vault.op.status == ST_RATE_LIMITED) {
		call->retry_after_ms = SEC_MS;
		return finish(login, ST_RATE_LIMITED, "Too many logins at once.");
	}
	if (login->vault.op.status != ST_OK)
		return finish(login, login->vault.op.status, NULL);
	if (!login->vault.match || login->agent.disabled || login->agent.id.v == 0) {
		log_info("login.refused", "agent=%" PRIu64, login->agent.id.v);
		return finish(login, ST_UNAUTHORIZED, "E-mail or password is wrong.");
	}
	call->u.login.agent = login->agent;
	call->u.login.expires_at = login->app->now + login->app->config.session_ms;
	session_put(login);
	return flow_wait(flow, &step_session_done);
}

bool login_may_try(struct app *app, struct desk_call *call, struct span email)
{
	int limit = app->config.limits.logins_per_minute;
	char account[NETWORK_SIZE] = "@";
	int64_t *retry = &call->retry_after_ms;

	if (email.len > EMAIL_KEY_MAX)
		email.len = EMAIL_KEY_MAX;
	(void)span_copy(account + 1, sizeof(account) - 1, email);
	return rate_take(&quota_of(&app->hub.quotas, call->address)->logins, limit, MINUTE_MS,
	                 app->now, retry) &&
	       rate_take(&quota_of(&app->hub.quotas, account)->logins, limit, MINUTE_MS, app->now,
	                 retry);
}

static enum flow_next login_found(struct flow *flow)
{
	static const struct flow_step step_checked = {"login_checked", login_checked};
	struct login *login = container_of(flow, struct login, flow);
	struct vault *vault = login->app->ports.vault;
	struct span password = login->call->u.login.password;

	if (login->store.op.status == ST_OK)
		login->agent = login->store.u.agent.agent;
	else if (login->store.op.status != ST_NOT_FOUND)
		return finish(login, login->store.op.status, NULL);
	if (!login_may_try(login->app, login->call, login->call->u.login.email))
		return finish(login, ST_RATE_LIMITED, "Too many logins. Please wait a moment.");
	if (password.len > PASSWORD_MAX)
		return finish(login, ST_UNAUTHORIZED, "E-mail or password is wrong.");
	login->vault = (struct vault_call){.op.done = vault_done, .kind = VAULT_CHECK_PASSWORD};
	login->vault.password_len = password.len;
	if (password.len > 0)
		memcpy(login->vault.password, password.ptr, password.len);
	memcpy(login->vault.hash, login->agent.password_hash, sizeof(login->vault.hash));
	vault->ops->submit(vault, &login->vault);
	return flow_wait(flow, &step_checked);
}

static enum flow_next login_find(struct flow *flow)
{
	static const struct flow_step step_found = {"login_found", login_found};
	struct login *login = container_of(flow, struct login, flow);

	find_agent(login, login->call->u.login.email);
	return flow_wait(flow, &step_found);
}

void login_start(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_find = {"login_find", login_find};

	begin(app, call, &step_find);
}

/* --- ends --- */

/* hash NULL: every socket of the agent. */
void login_hang_up_session(struct app *app, struct agent_id agent, const uint8_t *hash)
{
	struct outlet *outlet = app->ports.outlet;
	struct client *client, *next;

	if (outlet == NULL)
		return;
	HASH_ITER(hh, app->hub.clients, client, next) {
		if (client->agent == NULL || client->agent->identity.agent.id.v != agent.v)
			continue;
		if (hash == NULL ||
		    memcmp(client->agent->identity.session_hash, hash, SECRET_HASH_SIZE) == 0)
			outlet->ops->hangup(outlet, client->conn, HANGUP_REVOKED);
	}
}

void login_hang_up_others(struct app *app, const struct identity *caller)
{
	struct outlet *outlet = app->ports.outlet;
	struct client *client, *next;

	if (outlet == NULL)
		return;
	HASH_ITER(hh, app->hub.clients, client, next) {
		const struct identity *identity;

		if (client->agent == NULL)
			continue;
		identity = &client->agent->identity;
		if (identity->agent.id.v == caller->agent.id.v && identity->kind == SESSION_LOGIN &&
		    memcmp(identity->session_hash, caller->session_hash, SECRET_HASH_SIZE) != 0)
			outlet->ops->hangup(outlet, client->conn, HANGUP_REVOKED);
	}
}

void login_hang_up(struct app *app, struct agent_id agent)
{
	login_hang_up_session(app, agent, NULL);
}

static enum flow_next end_done(struct flow *flow)
{
	struct login *login = container_of(flow, struct login, flow);

	if (login->store.op.status == ST_OK)
		login_hang_up_session(login->app, login->call->who.agent.id,
		                      login->call->who.session_hash);
	return finish(login, login->store.op.status, NULL);
}

static enum flow_next end_session(struct flow *flow)
{
	static const struct flow_step step_done = {"end_done", end_done};
	struct login *login = container_of(flow, struct login, flow);

	store_begin(login, STORE_SESSION_END);
	memcpy(login->store.u.session_end.hash, login->call->who.session_hash, SECRET_HASH_SIZE);
	store_submit(login->app->ports.store, &login->store);
	return flow_wait(flow, &step_done);
}

void login_end(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_end = {"end_session", end_session};

	begin(app, call, &step_end);
}

static enum flow_next disable_ended(struct flow *flow)
{
	struct login *login = container_of(flow, struct login, flow);

	if (login->store.op.status != ST_OK)
		return finish(login, login->store.op.status, NULL);
	log_info("agent.disabled", "agent=%" PRIu64, login->agent.id.v);
	(void)people_put(&login->app->people, &login->agent);
	login_hang_up(login->app, login->agent.id);
	return finish(login, ST_OK, NULL);
}

static enum flow_next disable_put(struct flow *flow)
{
	static const struct flow_step step_ended = {"disable_ended", disable_ended};
	struct login *login = container_of(flow, struct login, flow);

	if (login->store.op.status != ST_OK)
		return finish(login, login->store.op.status, NULL);
	store_begin(login, STORE_SESSION_END);
	login->store.u.session_end.agent = login->agent.id;
	login->store.u.session_end.logins = true;
	login->store.u.session_end.tokens = true;
	store_submit(login->app->ports.store, &login->store);
	return flow_wait(flow, &step_ended);
}

static enum flow_next disable_found(struct flow *flow)
{
	static const struct flow_step step_put = {"disable_put", disable_put};
	struct login *login = container_of(flow, struct login, flow);

	if (!may_administer(login->call))
		return finish(login, ST_FORBIDDEN, NULL);
	if (login->store.op.status != ST_OK)
		return finish(login, login->store.op.status, "There is no agent with this e-mail.");
	login->agent = login->store.u.agent.agent;
	login->agent.disabled = true;
	store_begin(login, STORE_AGENT_PUT);
	login->store.u.agent_put = login->agent;
	store_submit(login->app->ports.store, &login->store);
	return flow_wait(flow, &step_put);
}

static enum flow_next disable_find(struct flow *flow)
{
	static const struct flow_step step_found = {"disable_found", disable_found};
	struct login *login = container_of(flow, struct login, flow);

	find_agent(login, login->call->u.agent_disable.email);
	return flow_wait(flow, &step_found);
}

void login_agent_disable(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_find = {"disable_find", disable_find};

	begin(app, call, &step_find);
}

/* --- people --- */

static enum flow_next add_done(struct flow *flow)
{
	struct login *login = container_of(flow, struct login, flow);

	if (login->store.op.status == ST_CONFLICT)
		return finish(login, ST_CONFLICT, "An agent with this e-mail exists already.");
	if (login->store.op.status != ST_OK)
		return finish(login, login->store.op.status, NULL);
	login->call->u.agent_add.agent = login->store.u.agent_put;
	(void)people_put(&login->app->people, &login->store.u.agent_put);
	log_info("agent.added", "agent=%" PRIu64, login->store.u.agent_put.id.v);
	return finish(login, ST_OK, NULL);
}

static enum flow_next add_hashed(struct flow *flow)
{
	static const struct flow_step step_done = {"add_done", add_done};
	struct login *login = container_of(flow, struct login, flow);

	if (login->vault.op.status != ST_OK)
		return finish(login, login->vault.op.status, "Too many logins at once.");
	login->agent.created_at = login->app->now;
	memcpy(login->agent.password_hash, login->vault.hash, sizeof(login->vault.hash));
	store_begin(login, STORE_AGENT_PUT);
	login->store.u.agent_put = login->agent;
	store_submit(login->app->ports.store, &login->store);
	return flow_wait(flow, &step_done);
}

static enum flow_next add_found(struct flow *flow)
{
	static const struct flow_step step_hashed = {"add_hashed", add_hashed};
	struct login *login = container_of(flow, struct login, flow);
	struct vault *vault = login->app->ports.vault;
	struct span password = login->call->u.agent_add.password;

	if (!may_administer(login->call))
		return finish(login, ST_FORBIDDEN, NULL);
	if (login->store.op.status == ST_OK)
		return finish(login, ST_CONFLICT, "An agent with this e-mail exists already.");
	if (!email_is_valid(span_of(login->agent.email)))
		return finish(login, ST_BAD_REQUEST, "The e-mail is not valid.");
	if (login->agent.name[0] == '\0' || login->agent.tier < TIER_MIN ||
	    login->agent.tier > TIER_MAX)
		return finish(login, ST_BAD_REQUEST, "A name and a tier from 1 to 3 are needed.");
	if (!password_fits(password))
		return finish(login, ST_BAD_REQUEST, "The password must have 8 to 256 characters.");
	login->vault = (struct vault_call){.op.done = vault_done, .kind = VAULT_HASH_PASSWORD};
	login->vault.password_len = password.len;
	memcpy(login->vault.password, password.ptr, password.len);
	vault->ops->submit(vault, &login->vault);
	return flow_wait(flow, &step_hashed);
}

static void lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}

static enum flow_next add_find(struct flow *flow)
{
	static const struct flow_step step_found = {"add_found", add_found};
	struct login *login = container_of(flow, struct login, flow);

	login->agent = login->call->u.agent_add.agent;
	lower(login->agent.email);
	find_agent(login, span_of(login->agent.email));
	return flow_wait(flow, &step_found);
}

void login_agent_add(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_find = {"add_find", add_find};

	begin(app, call, &step_find);
}

static enum flow_next agents_done(struct flow *flow)
{
	struct login *login = container_of(flow, struct login, flow);
	struct desk_call *call = login->call;
	size_t size = login->store.u.agents.count * sizeof(struct agent);

	if (login->store.op.status != ST_OK)
		return finish(login, login->store.op.status, NULL);
	call->u.agents.items = arena_alloc(&call->arena, size);
	call->u.agents.count = login->store.u.agents.count;
	if (size > 0)
		memcpy(call->u.agents.items, login->store.u.agents.items, size);
	return finish(login, ST_OK, NULL);
}

static enum flow_next agents_read(struct flow *flow)
{
	static const struct flow_step step_done = {"agents_done", agents_done};
	struct login *login = container_of(flow, struct login, flow);

	store_begin(login, STORE_AGENTS);
	store_submit(login->app->ports.store, &login->store);
	return flow_wait(flow, &step_done);
}

void login_agents(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_read = {"agents_read", agents_read};

	begin(app, call, &step_read);
}
