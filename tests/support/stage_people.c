/* SPDX-License-Identifier: MIT */
/* The people on the stage: what they say, and what they have heard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/must.h"
#include "proto/wire.h"
#include "support/stage_inside.h"

void stage_actor_free(struct actor_on_stage *actor)
{
	buf_fini(&actor->heard);
	buf_fini(&actor->scratch);
	free(actor->token);
	free(actor);
}

static void call_done(struct op *op)
{
	op->done = NULL;
}

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

struct actor_on_stage *stage_agent_as(struct stage *stage, const struct identity *identity)
{
	struct desk_peer peer = {
		.audience = AUDIENCE_AGENT, .address = "192.0.2.201", .identity = *identity};

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

void expect_one(struct actor_on_stage *actor, const char *format, ...)
{
	char text[1024];
	va_list args;
	size_t count;

	va_start(args, format);
	assert_in_range(vsnprintf(text, sizeof(text), format, args), 0, sizeof(text) - 1);
	va_end(args);
	count = heard_count(actor, text);
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
	stage_actor_free(*actor);
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
