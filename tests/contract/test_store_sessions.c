/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of logins and API tokens, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_kit.h"
#include "base/must.h"

#define NOW INT64_C(1767225600000)

static enum status session_put(struct store_kit *kit, uint8_t hash, enum session_kind kind,
                               uint64_t agent, wall_ms expires_at)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_SESSION_PUT);
	call.call.u.session_put = (struct session){.hash = {hash},
	                                           .kind = kind,
	                                           .agent = {agent},
	                                           .created_at = NOW,
	                                           .expires_at = expires_at};
	return kit_run(&call);
}

static enum status session_get(struct store_kit *kit, uint8_t hash, wall_ms now)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_SESSION);
	call.call.u.session.hash[0] = hash;
	call.call.u.session.now = now;
	if (kit_run(&call) == ST_OK) {
		assert_int_equal(call.call.u.session.session.hash[0], hash);
		assert_int_equal(call.call.u.session.session.agent.v,
		                 call.call.u.session.agent.id.v);
	}
	return call.call.op.status;
}

static unsigned session_end(struct store_kit *kit, uint8_t hash, uint64_t agent, bool logins,
                            bool tokens)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_SESSION_END);
	call.call.u.session_end.hash[0] = hash;
	call.call.u.session_end.agent.v = agent;
	call.call.u.session_end.logins = logins;
	call.call.u.session_end.tokens = tokens;
	assert_int_equal(kit_run(&call), ST_OK);
	return call.call.u.session_end.ended;
}

static void sessions(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov"), bob = kit_agent(kit, "bob@example.gov");

	assert_int_equal(session_put(kit, 1, SESSION_LOGIN, ann, NOW + 10), ST_OK);
	assert_int_equal(session_put(kit, 2, SESSION_TOKEN, ann, 0), ST_OK);
	assert_int_equal(session_put(kit, 3, SESSION_LOGIN, bob, 0), ST_OK);
	assert_int_equal(session_put(kit, 4, SESSION_LOGIN, ann, 0), ST_OK);
	assert_int_equal(session_put(kit, 5, SESSION_LOGIN, 99, 0), ST_NOT_FOUND);
	assert_int_equal(session_get(kit, 1, NOW + 9), ST_OK);
	assert_int_equal(session_get(kit, 1, NOW + 10), ST_NOT_FOUND);
	assert_int_equal(session_get(kit, 2, NOW + DAY_MS * 10000), ST_OK);
	assert_int_equal(session_get(kit, 9, NOW), ST_NOT_FOUND);
	assert_int_equal(session_end(kit, 9, 0, false, false), 0);
	assert_int_equal(session_end(kit, 3, 0, false, false), 1);
	assert_int_equal(session_get(kit, 3, NOW), ST_NOT_FOUND);
	assert_int_equal(session_end(kit, 0, ann, true, false), 2);
	assert_int_equal(session_get(kit, 4, NOW), ST_NOT_FOUND);
	assert_int_equal(session_get(kit, 2, NOW), ST_OK);
	assert_int_equal(session_end(kit, 0, ann, true, true), 1);
	assert_int_equal(session_get(kit, 2, NOW), ST_NOT_FOUND);
}

static void a_disabled_agent_has_no_session(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov");
	struct kit_call call;

	assert_int_equal(session_put(kit, 1, SESSION_LOGIN, ann, 0), ST_OK);
	assert_int_equal(session_get(kit, 1, NOW), ST_OK);
	kit_call_init(&call, kit, STORE_AGENT_PUT);
	call.call.u.agent_put = (struct agent){
		.id = {ann}, .email = "ann@example.gov", .tier = 1, .disabled = true};
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	assert_int_equal(session_get(kit, 1, NOW), ST_NOT_FOUND);
}

/* --- tokens one by one --- */

/* Its id. */
static uint64_t token_put(struct store_kit *kit, uint8_t hash, uint64_t agent, const char *label,
                          enum token_scope scope, wall_ms expires_at)
{
	struct kit_call call;
	struct session *session = &call.call.u.session_put;

	kit_call_init(&call, kit, STORE_SESSION_PUT);
	*session = (struct session){.hash = {hash},
	                            .kind = SESSION_TOKEN,
	                            .agent = {agent},
	                            .created_at = NOW,
	                            .expires_at = expires_at,
	                            .scope = scope};
	(void)span_copy(session->label, sizeof(session->label), span_of(label));
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_not_equal(session->id, 0);
	return session->id;
}

/* The labels and times of use of an agent's as text: "a@0 b@17". */
static const char *tokens(struct store_kit *kit, uint64_t agent, wall_ms now)
{
	static char text[512];
	struct kit_call call;
	size_t len = 0;

	text[0] = '\0';
	kit_call_init(&call, kit, STORE_TOKENS);
	call.call.u.tokens.agent.v = agent;
	call.call.u.tokens.now = now;
	assert_int_equal(kit_run(&call), ST_OK);
	for (size_t i = 0; i < call.call.u.tokens.count; i++) {
		const struct session *token = &call.call.u.tokens.items[i];

		assert_int_equal(token->kind, SESSION_TOKEN);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s@%d", i > 0 ? " " : "",
		                        token->label, (int)token->used_at);
	}
	kit_call_fini(&call);
	return text;
}

static enum status token_set(struct store_kit *kit, uint64_t id, uint64_t agent, const char *label,
                             wall_ms used_at)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_TOKEN_SET);
	call.call.u.token.id = id;
	call.call.u.token.agent.v = agent;
	call.call.u.token.used_at = used_at;
	call.call.u.token.has_label = label != NULL;
	if (label != NULL)
		(void)span_copy(call.call.u.token.label, TOKEN_LABEL_SIZE, span_of(label));
	return kit_run(&call);
}

static enum status token_end(struct store_kit *kit, uint64_t id, uint64_t agent, uint8_t *hash_out)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_TOKEN_END);
	call.call.u.token.id = id;
	call.call.u.token.agent.v = agent;
	(void)kit_run(&call);
	*hash_out = call.call.u.token.session.hash[0];
	return call.call.op.status;
}

static void tokens_of_an_agent(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov"), bob = kit_agent(kit, "bob@example.gov");
	struct kit_call call;

	(void)token_put(kit, 3, ann, "first", TOKEN_SCOPE_FULL, 0);
	(void)token_put(kit, 1, ann, "wall", TOKEN_SCOPE_WALL, NOW + 10);
	(void)token_put(kit, 2, bob, "bob's", TOKEN_SCOPE_FULL, 0);
	assert_int_equal(session_put(kit, 9, SESSION_LOGIN, ann, 0), ST_OK);
	assert_string_equal(tokens(kit, ann, NOW), "first@0 wall@0");
	assert_string_equal(tokens(kit, ann, NOW + 10), "first@0");
	assert_string_equal(tokens(kit, bob, NOW), "bob's@0");
	assert_string_equal(tokens(kit, 99, NOW), "");
	kit_call_init(&call, kit, STORE_SESSION);
	call.call.u.session.hash[0] = 1;
	call.call.u.session.now = NOW;
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.session.session.scope, TOKEN_SCOPE_WALL);
	assert_string_equal(call.call.u.session.session.label, "wall");
	kit_call_fini(&call);
}

static void a_token_is_named_and_its_use_moves_ahead(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov"), bob = kit_agent(kit, "bob@example.gov");
	uint64_t id = token_put(kit, 1, ann, "old", TOKEN_SCOPE_FULL, 0);

	assert_int_equal(token_set(kit, id, ann, "new", 0), ST_OK);
	assert_int_equal(token_set(kit, id, 0, NULL, 17), ST_OK);
	assert_int_equal(token_set(kit, id, 0, NULL, 16), ST_OK);
	assert_string_equal(tokens(kit, ann, NOW), "new@17");
	assert_int_equal(token_set(kit, id, bob, "stolen", 0), ST_NOT_FOUND);
	assert_int_equal(token_set(kit, id + 1, 0, "none", 0), ST_NOT_FOUND);
	assert_string_equal(tokens(kit, ann, NOW), "new@17");
}

static void a_token_ends_alone_and_its_number_is_not_given_again(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov"), bob = kit_agent(kit, "bob@example.gov");
	uint64_t first = token_put(kit, 1, ann, "a", TOKEN_SCOPE_FULL, 0);
	uint64_t second = token_put(kit, 2, ann, "b", TOKEN_SCOPE_FULL, 0);
	uint8_t hash;

	assert_int_equal(token_end(kit, second, bob, &hash), ST_NOT_FOUND);
	assert_int_equal(token_end(kit, second, ann, &hash), ST_OK);
	assert_int_equal(hash, 2);
	assert_int_equal(token_end(kit, second, 0, &hash), ST_NOT_FOUND);
	assert_int_equal(session_get(kit, 2, NOW), ST_NOT_FOUND);
	assert_int_equal(session_get(kit, 1, NOW), ST_OK);
	assert_true(token_put(kit, 3, ann, "c", TOKEN_SCOPE_FULL, 0) > second);
	assert_int_equal(token_put(kit, 1, ann, "a again", TOKEN_SCOPE_FULL, 0), first);
	assert_string_equal(tokens(kit, ann, NOW), "a again@0 c@0");
}

static void a_login_is_no_token(void **state)
{
	struct store_kit *kit = *state;
	uint64_t ann = kit_agent(kit, "ann@example.gov");
	struct kit_call call;
	uint8_t hash;

	kit_call_init(&call, kit, STORE_SESSION_PUT);
	call.call.u.session_put = (struct session){.hash = {1}, .agent = {ann}};
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(token_end(kit, call.call.u.session_put.id, 0, &hash), ST_NOT_FOUND);
	assert_int_equal(token_set(kit, call.call.u.session_put.id, 0, "x", 0), ST_NOT_FOUND);
	assert_int_equal(session_get(kit, 1, NOW), ST_OK);
	kit_call_fini(&call);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(sessions),
		STORE_KIT_BOTH(a_disabled_agent_has_no_session),
		STORE_KIT_BOTH(tokens_of_an_agent),
		STORE_KIT_BOTH(a_token_is_named_and_its_use_moves_ahead),
		STORE_KIT_BOTH(a_token_ends_alone_and_its_number_is_not_given_again),
		STORE_KIT_BOTH(a_login_is_no_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
