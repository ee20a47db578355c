/* SPDX-License-Identifier: MIT */
#include "adapter/control_call.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/api_token_view.h"
#include "adapter/control_past.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/fields.h"
#include "proto/json_guard.h"
#include "proto/wire.h"

struct control_call {
	struct desk_call call;
	const struct control_verb *verb;
	struct arena arena;
	struct buf answer;
	void (*done)(void *ctx, struct span answer);
	void *ctx;
};

struct control_verb {
	const char *name;
	enum desk_call_kind kind;
	bool (*read)(struct control_call *call, struct fields *fields, const json_t *object);
	void (*write)(struct control_call *call); /* the members of the answer; may be NULL */
};

static bool read_role(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	struct span name = {0};

	return field_secret(fields, field, value, &name) && agent_role_parse(name, to);
}

/* Texts as they are sent; the desk looks at e-mail and password itself. */
struct person {
	struct span email, name, password;
	int tier;
	enum agent_role role;
};

static void lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text + ('a' - 'A'));
	}
}

static bool read_person(struct control_call *call, struct fields *fields, const json_t *object)
{
	static const struct field rows[] = {
		{"email", field_secret, offsetof(struct person, email), true, 3, EMAIL_SIZE - 1,
	         "The e-mail address is missing: --email E."},
		{"name", field_line, offsetof(struct person, name), true, 1, NAME_SIZE,
	         "The name is missing: --name N (below 128 bytes)."},
		{"password", field_secret, offsetof(struct person, password), true, 1, PASSWORD_MAX,
	         "The password is missing: give it on stdin (at most 256 bytes)."},
		{"tier", field_int, offsetof(struct person, tier), true, TIER_MIN, TIER_MAX,
	         "The tier must be 1, 2 or 3: --tier 1."},
		{"role", read_role, offsetof(struct person, role), true, 1, 16,
	         "The role must be agent, supervisor or admin: --role agent."},
	};
	struct agent *agent = &call->call.u.agent_add.agent;
	struct person person = {0};

	if (!fields_read(fields, object, rows, ARRAY_LEN(rows), &person))
		return false;
	if (!email_is_valid(person.email))
		return fields_wrong(fields, ST_BAD_REQUEST, "This is not an e-mail address.");
	(void)span_copy(agent->email, sizeof(agent->email), person.email);
	lower(agent->email);
	(void)span_copy(agent->name, sizeof(agent->name), person.name);
	agent->tier = person.tier;
	agent->role = person.role;
	call->call.u.agent_add.password = person.password;
	return true;
}

/* Of an agent who is there; lower case. */
static bool read_login(struct control_call *call, struct fields *fields, const json_t *object,
                       struct span *out)
{
	static const struct field row = {"email",
	                                 field_secret,
	                                 0,
	                                 true,
	                                 3,
	                                 EMAIL_SIZE - 1,
	                                 "The e-mail address is missing: --email E."};
	struct span email = {0};
	char *copy;

	if (!fields_read(fields, object, &row, 1, &email))
		return false;
	copy = arena_strdup(&call->arena, email.ptr);
	lower(copy);
	*out = span_of(copy);
	return true;
}

static bool read_email(struct control_call *call, struct fields *fields, const json_t *object)
{
	return read_login(call, fields, object, &call->call.u.agent_disable.email);
}

static bool read_whose(struct control_call *call, struct fields *fields, const json_t *object)
{
	return read_login(call, fields, object, &call->call.u.tokens.email);
}

static bool read_scope(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	struct span name = {0};

	return field_secret(fields, field, value, &name) && token_scope_parse(name, to);
}

/* What is said of a token. */
struct words {
	uint64_t id;
	struct span label;
	enum token_scope scope;
	int days;
};

static bool read_new_token(struct control_call *call, struct fields *fields, const json_t *object)
{
	static const struct field rows[] = {
		{"label", field_line, offsetof(struct words, label), false, 0, TOKEN_LABEL_SIZE,
	         "The label must be a line below 64 bytes: --label L."},
		{"scope", read_scope, offsetof(struct words, scope), false, 1, 16,
	         "The scope must be full or wall: --scope full."},
		{"days", field_int, offsetof(struct words, days), false, 0, TOKEN_DAYS_MAX,
	         "It lasts 1 to 3650 days, or for ever: --days 90."},
	};
	struct words words = {0};

	if (!read_login(call, fields, object, &call->call.u.token_create.email) ||
	    !fields_read(fields, object, rows, ARRAY_LEN(rows), &words))
		return false;
	call->call.u.token_create.label = words.label;
	call->call.u.token_create.scope = words.scope;
	call->call.u.token_create.days = words.days;
	return true;
}

static bool read_token(struct control_call *call, struct fields *fields, const json_t *object)
{
	static const struct field rows[] = {
		{"id", field_u64, offsetof(struct words, id), true, 1, INT64_MAX,
	         "The number of the token is missing: --id N (see token list)."},
		{"label", field_line, offsetof(struct words, label), false, 0, TOKEN_LABEL_SIZE,
	         "The label must be a line below 64 bytes: --label L."},
	};
	struct words words = {0};

	if (!fields_read(fields, object, rows, ARRAY_LEN(rows), &words))
		return false;
	call->call.u.token.id = words.id;
	call->call.u.token.label = words.label;
	return true;
}

static bool read_nothing(struct control_call *call, struct fields *fields, const json_t *object)
{
	(void)call;
	(void)fields;
	(void)object;
	return true;
}

static void write_id(struct control_call *call)
{
	buf_fmt(&call->answer, ",\"id\":%" PRIu64, call->call.u.agent_add.agent.id.v);
}

static void write_agents(struct control_call *call)
{
	struct buf *buf = &call->answer;

	buf_text(buf, ",\"agents\":[");
	for (size_t i = 0; i < call->call.u.agents.count; i++) {
		const struct agent *agent = &call->call.u.agents.items[i];

		buf_fmt(buf, "%s{\"id\":%" PRIu64 ",\"email\":", i > 0 ? "," : "", agent->id.v);
		buf_json(buf, span_of(agent->email));
		buf_text(buf, ",\"name\":");
		buf_json(buf, span_of(agent->name));
		buf_fmt(buf, ",\"tier\":%d,\"role\":\"%s\",\"disabled\":%s}", agent->tier,
		        agent_role_name(agent->role), agent->disabled ? "true" : "false");
	}
	buf_char(buf, ']');
}

static void write_token(struct control_call *call)
{
	buf_text(&call->answer, ",\"token\":");
	buf_json(&call->answer, span_of(call->call.u.token_create.secret));
}

static void write_tokens(struct control_call *call)
{
	struct buf *buf = &call->answer;

	buf_text(buf, ",\"tokens\":[");
	for (size_t i = 0; i < call->call.u.tokens.count; i++) {
		if (i > 0)
			buf_char(buf, ',');
		api_token_view(buf, &call->call.u.tokens.items[i]);
	}
	buf_char(buf, ']');
}

static const struct control_verb verbs[] = {
	{"agent_add", CALL_AGENT_ADD, read_person, write_id},
	{"agent_list", CALL_AGENTS, read_nothing, write_agents},
	{"agent_disable", CALL_AGENT_DISABLE, read_email, NULL},
	{"token_create", CALL_TOKEN_CREATE, read_new_token, write_token},
	{"token_list", CALL_TOKENS, read_whose, write_tokens},
	{"token_label", CALL_TOKEN_LABEL, read_token, NULL},
	{"token_end", CALL_TOKEN_END, read_token, NULL},
};

static void finish(struct control_call *call, enum status st, const char *message)
{
	if (st == ST_OK) {
		buf_text(&call->answer, "{\"ok\":true");
		if (call->verb->write != NULL)
			call->verb->write(call);
	} else {
		buf_fmt(&call->answer,
		        "{\"ok\":false,\"code\":\"%s\",\"message\":", status_code(st));
		buf_json(&call->answer, span_of(message != NULL ? message : wire_sentence(st)));
	}
	buf_char(&call->answer, '}');
	call->done(call->ctx, (struct span){.ptr = call->answer.ptr, .len = call->answer.len});
	if (call->answer.len > 0)
		explicit_bzero(call->answer.ptr, call->answer.len);
	buf_fini(&call->answer);
	arena_fini(&call->arena);
	arena_fini(&call->call.arena);
	explicit_bzero(call, sizeof(*call));
	free(call);
}

static void desk_done(struct op *op)
{
	struct control_call *call = container_of(op, struct control_call, call.op);

	finish(call, op->status, call->call.message);
}

static const struct control_verb *verb_of(const json_t *object)
{
	struct span name = span_of(json_string_value(json_object_get(object, "call")));

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (span_is(name, verbs[i].name))
			return &verbs[i];
	}
	return NULL;
}

static bool asks_past(const json_t *object)
{
	return span_is(span_of(json_string_value(json_object_get(object, "call"))), CONTROL_PAST);
}

void control_call_start(struct desk *desk, struct span line, wall_ms now,
                        void (*done)(void *ctx, struct span answer), void *ctx)
{
	struct control_call *call;
	struct fields fields = {0};
	json_t *object = NULL;
	bool good;

	if (json_guard_parse(line, &object) == ST_OK && asks_past(object)) {
		control_past_start(desk,
		                   span_of(json_string_value(json_object_get(object, "cursor"))),
		                   now, done, ctx);
		json_decref(object);
		return;
	}
	call = xcalloc(1, sizeof(*call));
	fields.arena = &call->arena;
	call->done = done;
	call->ctx = ctx;
	if (object == NULL || (call->verb = verb_of(object)) == NULL) {
		json_decref(object);
		finish(call, ST_BAD_REQUEST, "This server does not know the command.");
		return;
	}
	good = call->verb->read(call, &fields, object);
	json_decref(object);
	if (!good) {
		finish(call, fields.st, fields.wrong);
		return;
	}
	call->call.op.done = desk_done;
	call->call.kind = call->verb->kind;
	call->call.trusted = true;
	desk->ops->call(desk, &call->call, now);
}
