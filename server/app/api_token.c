/* SPDX-License-Identifier: MIT */
/* API tokens:
 *
 *   create: agent --> how many it has --> on record --> the secret, once
 *   list:   agent --> those on record
 *   label:  on record          end: off record --> its sockets
 *
 * A step that finds no agent, or somebody else's, is the end. */
#include "app/api_token.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/login.h"
#include "app/token.h"
#include "base/flow.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define USED_EVERY_MS HOUR_MS

struct keyring {
	struct flow flow;
	struct app *app;
	struct desk_call *call;
	struct agent agent; /* whose tokens */
	struct store_call store;
};

static void store_done(struct op *op)
{
	flow_wake(&container_of(op, struct keyring, store.op)->flow);
}

static void keyring_free(struct flow *flow)
{
	struct keyring *keyring = container_of(flow, struct keyring, flow);
	struct desk_call *call = keyring->call;

	arena_fini(&keyring->store.arena);
	explicit_bzero(keyring, sizeof(*keyring));
	free(keyring);
	call->op.done(&call->op);
}

static void begin(struct app *app, struct desk_call *call, const struct flow_step *first)
{
	struct keyring *keyring = xcalloc(1, sizeof(*keyring));

	keyring->app = app;
	keyring->call = call;
	flow_start(&keyring->flow, first, keyring_free);
}

static enum flow_next finish(struct keyring *keyring, enum status st, const char *message)
{
	keyring->call->op.status = st;
	keyring->call->message = message;
	return FLOW_DONE;
}

static enum flow_next no_token(struct keyring *keyring, enum status st)
{
	return finish(keyring, st, st == ST_NOT_FOUND ? "There is no such token." : NULL);
}

static void store_begin(struct keyring *keyring, enum store_kind kind)
{
	arena_fini(&keyring->store.arena);
	keyring->store = (struct store_call){.op.done = store_done, .kind = kind};
}

static enum flow_next submit(struct keyring *keyring, const struct flow_step *next)
{
	store_submit(keyring->app->ports.store, &keyring->store);
	return flow_wait(&keyring->flow, next);
}

static bool may_administer(const struct desk_call *call)
{
	return call->trusted || call->who.agent.role == AGENT_ROLE_ADMIN;
}

static unsigned sockets_of(struct app *app, const struct session *session)
{
	const struct person *person = people_find(&app->people, session->agent);
	const struct client *client;
	unsigned count = 0;

	if (person == NULL)
		return 0;
	LIST_FOREACH(client, &person->clients, peers) {
		count += client->agent != NULL && memcmp(client->agent->identity.session_hash,
		                                         session->hash, SECRET_HASH_SIZE) == 0;
	}
	return count;
}

static struct api_token token_of(struct app *app, const struct session *session)
{
	struct api_token token = {
		.id = session->id,
		.agent = session->agent,
		.scope = session->scope,
		.created_at = session->created_at,
		.expires_at = session->expires_at,
		.used_at = session->used_at,
		.sockets = sockets_of(app, session),
	};

	memcpy(token.label, session->label, sizeof(token.label));
	return token;
}

/* --- whose --- */

static void find_agent(struct keyring *keyring, struct span email, struct agent_id id)
{
	store_begin(keyring, STORE_AGENT);
	keyring->store.u.agent.email = email;
	keyring->store.u.agent.id = id;
	if (email.len == 0 && id.v == 0)
		keyring->store.u.agent.id = keyring->call->who.agent.id;
}

static void list_tokens(struct keyring *keyring)
{
	keyring->agent = keyring->store.u.agent.agent;
	store_begin(keyring, STORE_TOKENS);
	keyring->store.u.tokens.agent = keyring->agent.id;
	keyring->store.u.tokens.now = keyring->app->now;
}

/* --- a new one --- */

static enum flow_next created(struct flow *flow)
{
	struct keyring *keyring = container_of(flow, struct keyring, flow);
	const struct session *session = &keyring->store.u.session_put;

	if (keyring->store.op.status != ST_OK)
		return finish(keyring, keyring->store.op.status, NULL);
	log_info("token.created", "token=%" PRIu64 " agent=%" PRIu64 " by=%" PRIu64 " scope=%s",
	         session->id, session->agent.v, keyring->call->who.agent.id.v,
	         token_scope_name(session->scope));
	keyring->call->u.token_create.token = token_of(keyring->app, session);
	return finish(keyring, ST_OK, NULL);
}

static enum flow_next counted(struct flow *flow)
{
	static const struct flow_step step_created = {"token_created", created};
	struct keyring *keyring = container_of(flow, struct keyring, flow);
	struct desk_call *call = keyring->call;
	struct vault *vault = keyring->app->ports.vault;
	int most = keyring->app->config.limits.tokens_per_agent;
	struct session *session = &keyring->store.u.session_put;
	char *secret = call->u.token_create.secret;

	if (keyring->store.op.status != ST_OK)
		return finish(keyring, keyring->store.op.status, NULL);
	if (most > 0 && keyring->store.u.tokens.count >= (size_t)most)
		return finish(keyring, ST_CONFLICT,
		              "This agent has as many tokens as there may be; end one first.");
	store_begin(keyring, STORE_SESSION_PUT);
	session->kind = SESSION_TOKEN;
	session->agent = keyring->agent.id;
	session->scope = call->u.token_create.scope;
	session->created_at = keyring->app->now;
	if (call->u.token_create.days > 0)
		session->expires_at = keyring->app->now + call->u.token_create.days * DAY_MS;
	(void)span_copy(session->label, sizeof(session->label), call->u.token_create.label);
	token_secret(keyring->app, secret);
	vault->ops->hash(vault, secret, strlen(secret), session->hash);
	return submit(keyring, &step_created);
}

static enum flow_next create_found(struct flow *flow)
{
	static const struct flow_step step_counted = {"token_counted", counted};
	struct keyring *keyring = container_of(flow, struct keyring, flow);

	if (keyring->store.op.status == ST_NOT_FOUND ||
	    (keyring->store.op.status == ST_OK && keyring->store.u.agent.agent.disabled))
		return finish(keyring, ST_NOT_FOUND, "There is no active agent with this e-mail.");
	if (keyring->store.op.status != ST_OK)
		return finish(keyring, keyring->store.op.status, NULL);
	list_tokens(keyring);
	return submit(keyring, &step_counted);
}

static enum flow_next create(struct flow *flow)
{
	static const struct flow_step step_found = {"token_create_found", create_found};
	struct keyring *keyring = container_of(flow, struct keyring, flow);
	const struct desk_call *call = keyring->call;

	if (!may_administer(call))
		return finish(keyring, ST_FORBIDDEN,
		              "This is for administrators; your role is another one.");
	if (!call->trusted && call->u.token_create.scope != TOKEN_SCOPE_WALL)
		return finish(keyring, ST_FORBIDDEN,
		              "A token with all rights is made on the server: tierbell token "
		              "create.");
	find_agent(keyring, call->u.token_create.email, (struct agent_id){0});
	return submit(keyring, &step_found);
}

void api_token_create(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_create = {"token_create", create};

	begin(app, call, &step_create);
}

/* --- all of an agent --- */

static enum flow_next listed(struct flow *flow)
{
	struct keyring *keyring = container_of(flow, struct keyring, flow);
	struct desk_call *call = keyring->call;
	size_t count = keyring->store.u.tokens.count;
	struct api_token *items;

	if (keyring->store.op.status != ST_OK)
		return finish(keyring, keyring->store.op.status, NULL);
	items = arena_alloc(&call->arena, count * sizeof(*items));
	for (size_t i = 0; i < count; i++)
		items[i] = token_of(keyring->app, &keyring->store.u.tokens.items[i]);
	call->u.tokens.items = items;
	call->u.tokens.count = count;
	return finish(keyring, ST_OK, NULL);
}

static enum flow_next list_found(struct flow *flow)
{
	static const struct flow_step step_listed = {"tokens_listed", listed};
	struct keyring *keyring = container_of(flow, struct keyring, flow);

	if (keyring->store.op.status != ST_OK)
		return finish(keyring, keyring->store.op.status, "There is no such agent.");
	list_tokens(keyring);
	return submit(keyring, &step_listed);
}

static enum flow_next list(struct flow *flow)
{
	static const struct flow_step step_found = {"tokens_found", list_found};
	struct keyring *keyring = container_of(flow, struct keyring, flow);
	const struct desk_call *call = keyring->call;
	struct agent_id asked = call->u.tokens.agent;

	if (asked.v != 0 && asked.v != call->who.agent.id.v && !may_administer(call))
		return finish(keyring, ST_FORBIDDEN,
		              "This is for administrators; your role is another one.");
	find_agent(keyring, call->u.tokens.email, asked);
	return submit(keyring, &step_found);
}

void api_token_list(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_list = {"tokens_list", list};

	begin(app, call, &step_list);
}

/* --- one of them --- */

static void pick(struct keyring *keyring, enum store_kind kind)
{
	store_begin(keyring, kind);
	keyring->store.u.token.id = keyring->call->u.token.id;
	if (!may_administer(keyring->call))
		keyring->store.u.token.agent = keyring->call->who.agent.id;
}

static enum flow_next labelled(struct flow *flow)
{
	struct keyring *keyring = container_of(flow, struct keyring, flow);

	if (keyring->store.op.status == ST_OK)
		keyring->call->u.token.token =
			token_of(keyring->app, &keyring->store.u.token.session);
	return no_token(keyring, keyring->store.op.status);
}

static enum flow_next label(struct flow *flow)
{
	static const struct flow_step step_labelled = {"token_labelled", labelled};
	struct keyring *keyring = container_of(flow, struct keyring, flow);

	pick(keyring, STORE_TOKEN_SET);
	keyring->store.u.token.has_label = true;
	(void)span_copy(keyring->store.u.token.label, TOKEN_LABEL_SIZE,
	                keyring->call->u.token.label);
	return submit(keyring, &step_labelled);
}

void api_token_label(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_label = {"token_label", label};

	begin(app, call, &step_label);
}

static enum flow_next ended(struct flow *flow)
{
	struct keyring *keyring = container_of(flow, struct keyring, flow);
	const struct session *session = &keyring->store.u.token.session;

	if (keyring->store.op.status == ST_OK) {
		log_info("token.ended", "token=%" PRIu64 " agent=%" PRIu64 " by=%" PRIu64,
		         session->id, session->agent.v, keyring->call->who.agent.id.v);
		login_hang_up_session(keyring->app, session->agent, session->hash);
	}
	return no_token(keyring, keyring->store.op.status);
}

static enum flow_next end(struct flow *flow)
{
	static const struct flow_step step_ended = {"token_ended", ended};
	struct keyring *keyring = container_of(flow, struct keyring, flow);

	pick(keyring, STORE_TOKEN_END);
	return submit(keyring, &step_ended);
}

void api_token_end(struct app *app, struct desk_call *call)
{
	static const struct flow_step step_end = {"token_end", end};

	begin(app, call, &step_end);
}

/* --- in use --- */

static void used_done(struct op *op)
{
	struct store_call *call = container_of(op, struct store_call, op);

	arena_fini(&call->arena);
	free(call);
}

void api_token_used(struct app *app, const struct session *session)
{
	struct store_call *call;

	if (session->used_at != 0 && app->now - session->used_at < USED_EVERY_MS)
		return;
	call = xcalloc(1, sizeof(*call));
	call->op.done = used_done;
	call->kind = STORE_TOKEN_SET;
	call->u.token.id = session->id;
	call->u.token.used_at = app->now;
	store_submit(app->ports.store, call);
}

void api_token_tick(struct app *app)
{
	struct outlet *outlet = app->ports.outlet;
	struct person *person, *next_person;
	struct client *client, *next;

	if (outlet == NULL)
		return;
	HASH_ITER(hh, app->people.by_id, person, next_person) {
		for (client = LIST_FIRST(&person->clients); client != NULL; client = next) {
			wall_ms expires_at = client->agent->identity.expires_at;

			next = LIST_NEXT(client, peers);
			if (expires_at != 0 && expires_at <= app->now)
				outlet->ops->hangup(outlet, client->conn, HANGUP_REVOKED);
		}
	}
}
