/* SPDX-License-Identifier: MIT */
#include "support/stage.h"

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
#define ORIGIN     "https://docs.example.gov"

struct actor_on_stage {
	struct stage *stage;
	struct conn_id conn;
	enum audience audience;
	struct buf heard;
	struct buf scratch;
	char *token;
	bool hung_up;
	enum hangup why;
	bool blocked;
	size_t queued;
	struct actor_on_stage *next;
};

struct stage {
	struct outlet outlet; /* first: the port's view of this struct */
	struct desk_config config;
	struct store *store;
	struct fake_bus_board *board;
	struct bus *bus;
	struct vault *vault;
	struct desk *desk;
	wall_ms now;
	uint64_t conns;
	struct actor_on_stage *actors;
};

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

/* --- the stage --- */

void stage_settle(struct stage *stage)
{
	size_t moved = 1;

	while (moved > 0) {
		moved = fake_store_run(stage->store);
		moved += fake_bus_run(stage->board);
		moved += fake_vault_run(stage->vault);
	}
}

void stage_pass(struct stage *stage, int64_t ms)
{
	for (int64_t passed = 0; passed < ms; passed += TICK_MS) {
		stage->now += TICK_MS;
		desk_tick(stage->desk, stage->now, stage->now);
		stage_settle(stage);
	}
}

static void desk_open(struct stage *stage)
{
	struct desk_ports ports = {.store = stage->store,
	                           .bus = stage->bus,
	                           .vault = stage->vault,
	                           .outlet = &stage->outlet};

	stage->desk = desk_create(&stage->config, &ports, stage->now);
	stage_settle(stage);
	stage_pass(stage, 2 * TICK_MS);
	assert_true(desk_is_ready(stage->desk));
}

struct stage *stage_create(void (*change)(struct desk_config *config))
{
	static const struct outlet_ops ops = {
		.send = outlet_send, .queued = outlet_queued, .hangup = outlet_hangup};
	struct stage *stage = xcalloc(1, sizeof(*stage));

	log_set_level(LOG_ERROR);
	stage->outlet = (struct outlet){.ops = &ops, .soft_limit = SOFT_LIMIT};
	stage->now = STAGE_START_MS;
	desk_config_init(&stage->config);
	if (change != NULL)
		change(&stage->config);
	stage->store = fake_store_create();
	stage->board = fake_bus_board_create();
	stage->bus = fake_bus_open(stage->board, stage->config.node);
	stage->vault = fake_vault_create(1);
	desk_open(stage);
	return stage;
}

static void actor_free(struct actor_on_stage *actor)
{
	buf_fini(&actor->heard);
	buf_fini(&actor->scratch);
	free(actor->token);
	free(actor);
}

void stage_destroy(struct stage **stage)
{
	struct stage *gone = *stage;

	desk_stop(gone->desk, gone->now);
	gone->store->ops->close(gone->store);
	gone->bus->ops->close(gone->bus);
	gone->vault->ops->close(gone->vault);
	fake_bus_board_destroy(&gone->board);
	desk_destroy(&gone->desk);
	while (gone->actors != NULL) {
		struct actor_on_stage *actor = gone->actors;

		gone->actors = actor->next;
		actor_free(actor);
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

/* --- people --- */

static struct actor_on_stage *actor_add(struct stage *stage, const struct desk_peer *peer)
{
	struct actor_on_stage *actor = xcalloc(1, sizeof(*actor));

	actor->stage = stage;
	actor->conn.v = ++stage->conns;
	actor->audience = peer->audience;
	actor->next = stage->actors;
	stage->actors = actor;
	assert_int_equal(stage->desk->ops->opened(stage->desk, actor->conn, peer, stage->now),
	                 ST_OK);
	return actor;
}

struct actor_on_stage *stage_visitor(struct stage *stage, const char *address)
{
	struct desk_peer peer = {.audience = AUDIENCE_VISITOR, .origin = ORIGIN};

	(void)span_copy(peer.address, sizeof(peer.address), span_of(address));
	return actor_add(stage, &peer);
}

struct actor_on_stage *stage_agent(struct stage *stage, const char *who)
{
	struct desk_peer peer = {.audience = AUDIENCE_AGENT, .address = "192.0.2.200"};
	struct store_call call = {.op.done = call_done, .kind = STORE_AGENT};
	char email[EMAIL_SIZE];

	(void)snprintf(email, sizeof(email), "%s@example.gov", who);
	for (char *c = email; *c != '\0'; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	call.u.agent.email = span_of(email);
	store_submit(stage->store, &call);
	stage_settle(stage);
	assert_int_equal(call.op.status, ST_OK);
	peer.identity.agent = call.u.agent.agent;
	arena_fini(&call.arena);
	return actor_add(stage, &peer);
}

struct actor_on_stage *stage_visitor_in(struct stage *stage)
{
	char address[32];
	struct actor_on_stage *actor;

	(void)snprintf(address, sizeof(address), "192.0.2.%d", (int)(stage->conns % 200));
	actor = stage_visitor(stage, address);
	tell(actor, "{'type':'hello','page':{'url':'https://docs.example.gov/a','title':'A'}}");
	expect_one(actor, "'type':'welcome'");
	return actor;
}

struct actor_on_stage *stage_agent_in(struct stage *stage, const char *who, int capacity)
{
	struct actor_on_stage *actor = stage_agent(stage, who);

	tell(actor, "{'type':'hello'}");
	expect_one(actor, "'type':'welcome'");
	tell(actor, "{'type':'presence','id':'here','state':'available','capacity':%d}", capacity);
	expect_one(actor, "'type':'ack','id':'here'");
	return actor;
}

static void double_quotes(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			*text = '"';
	}
}

__attribute__((format(printf, 2, 0))) static void speak(struct actor_on_stage *actor,
                                                        const char *format, va_list args)
{
	struct stage *stage = actor->stage;
	char json[16384];
	struct arena arena = {0};
	struct wire_reader reader = {
		.audience = actor->audience, .message_chars = MESSAGE_CHARS_MAX, .arena = &arena};
	struct wire_refusal refusal = {.message = ""};
	struct frame_in frame;
	int len = vsnprintf(json, sizeof(json), format, args);

	assert_true(len > 0 && (size_t)len < sizeof(json));
	double_quotes(json);
	if (wire_decode(&reader, span_of(json), &frame, &refusal) != ST_OK)
		fail_msg("%s: %s", json, refusal.message);
	if (!actor->hung_up)
		stage->desk->ops->frame(stage->desk, actor->conn, &frame, stage->now);
	arena_fini(&arena);
}

void say(struct actor_on_stage *actor, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak(actor, format, args);
	va_end(args);
}

void tell(struct actor_on_stage *actor, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak(actor, format, args);
	va_end(args);
	stage_settle(actor->stage);
}

const char *heard(struct actor_on_stage *actor)
{
	return buf_cstr(&actor->heard);
}

size_t heard_count(struct actor_on_stage *actor, const char *text)
{
	char *wanted = xstrdup(text);
	char *lines = xstrdup(heard(actor));
	size_t count = 0;

	double_quotes(wanted);
	for (char *rest = lines, *line; (line = strsep(&rest, "\n")) != NULL;)
		count += strstr(line, wanted) != NULL ? 1 : 0;
	free(wanted);
	free(lines);
	return count;
}

void expect_one(struct actor_on_stage *actor, const char *text)
{
	size_t count = heard_count(actor, text);

	if (count != 1)
		fail_msg("expected one frame with %s, heard %zu in:\n%s", text, count,
		         heard(actor));
}

void expect_none(struct actor_on_stage *actor, const char *text)
{
	size_t count = heard_count(actor, text);

	if (count != 0)
		fail_msg("expected no frame with %s, heard %zu in:\n%s", text, count, heard(actor));
}

void forget(struct actor_on_stage *actor)
{
	buf_reset(&actor->heard);
}

const char *token_of(struct actor_on_stage *actor)
{
	assert_non_null(actor->token);
	return actor->token;
}

const char *transcript(struct actor_on_stage *actor)
{
	char *lines = xstrdup(heard(actor));

	buf_reset(&actor->scratch);
	for (char *rest = lines, *line; (line = strsep(&rest, "\n")) != NULL;) {
		char *text = strstr(line, "\"text\":\"");

		if (strstr(line, "\"type\":\"message\"") == NULL || text == NULL ||
		    strstr(line, "\"kind\":\"event\"") != NULL)
			continue;
		text += strlen("\"text\":\"");
		if (actor->scratch.len > 0)
			buf_char(&actor->scratch, '|');
		buf_add(&actor->scratch, text, strcspn(text, "\""));
	}
	free(lines);
	return buf_cstr(&actor->scratch);
}

void leave(struct actor_on_stage **actor)
{
	struct stage *stage = (*actor)->stage;
	struct actor_on_stage **at = &stage->actors;

	while (*at != *actor)
		at = &(*at)->next;
	*at = (*actor)->next;
	stage->desk->ops->closed(stage->desk, (*actor)->conn, stage->now);
	stage_settle(stage);
	actor_free(*actor);
	*actor = NULL;
}

bool was_hung_up(const struct actor_on_stage *actor, enum hangup why)
{
	return actor->hung_up && actor->why == why;
}

void block(struct actor_on_stage *actor)
{
	actor->blocked = true;
	actor->queued = 0;
}

void unblock(struct actor_on_stage *actor)
{
	actor->blocked = false;
	actor->queued = 0;
	actor->stage->desk->ops->drained(actor->stage->desk, actor->conn);
	stage_settle(actor->stage);
}
