/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/must.h"
#include "proto/json_guard.h"
#include "proto/wire.h"

#define V AUDIENCE_VISITOR
#define A AUDIENCE_AGENT

struct row {
	const char *name;
	enum audience audience;
	const char *text;
	bool (*holds)(const struct frame_in *frame); /* NULL: it must be refused */
	const char *wrong;                           /* part of the sentence */
};

static bool hello_bare(const struct frame_in *frame)
{
	return frame->type == IN_HELLO && frame->token.ptr == NULL && frame->after == 0 &&
	       frame->id.ptr == NULL;
}

static bool hello_nowhere(const struct frame_in *frame)
{
	return hello_bare(frame) && frame->page_url.ptr == NULL && frame->page_title.ptr == NULL &&
	       frame->user_email.ptr == NULL;
}

static bool hello_ticket(const struct frame_in *frame)
{
	return frame->type == IN_HELLO && frame->after == 2 && frame->ticket.v == 7;
}

static bool hello_full(const struct frame_in *frame)
{
	return frame->type == IN_HELLO && span_is(frame->token, "v1.abc") && frame->after == 7 &&
	       span_is(frame->page_url, "https://d.example/a") &&
	       span_is(frame->page_title, "A page") && span_is(frame->user_name, "Kim") &&
	       span_is(frame->user_email, "kim@example.gov") && span_is(frame->user_id, "42") &&
	       span_is(frame->user_hmac, "ab01") && span_is(frame->locale, "en-US");
}

static bool hello_marks(const struct frame_in *frame)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < frame->marks_count; i++)
		sum += frame->marks[i].ticket.v * 1000 + frame->marks[i].seq;
	return frame->type == IN_HELLO && frame->marks_count == 2 && sum == 7003 + 12000;
}

static bool message(const struct frame_in *frame)
{
	return frame->type == IN_MESSAGE && span_is(frame->id, "m-1") &&
	       span_is(frame->text, "It is\nred") && !frame->flags.production_stopped &&
	       !frame->has_seen;
}

static bool message_flags(const struct frame_in *frame)
{
	return frame->type == IN_MESSAGE && frame->flags.production_stopped &&
	       !frame->flags.data_exposed;
}

static bool typing_on(const struct frame_in *frame)
{
	return frame->type == IN_TYPING && frame->on;
}

static bool read_3(const struct frame_in *frame)
{
	return frame->type == IN_READ && frame->seq == 3;
}

static bool page(const struct frame_in *frame)
{
	return frame->type == IN_PAGE && span_is(frame->page_url, "https://d.example/b") &&
	       span_is(frame->page_title, "b \xE2\x82\xAC");
}

static bool page_nowhere(const struct frame_in *frame)
{
	return frame->type == IN_PAGE && frame->page_url.ptr == NULL &&
	       frame->page_title.ptr == NULL;
}

static bool history_9(const struct frame_in *frame)
{
	return frame->type == IN_HISTORY && frame->after == 9;
}

static bool rate_4(const struct frame_in *frame)
{
	return frame->type == IN_RATE && frame->score == 4 && span_is(frame->text, "good");
}

static bool solved(const struct frame_in *frame)
{
	return frame->type == IN_SOLVED && span_is(frame->url, "https://d.example/c") &&
	       span_is(frame->title, "how");
}

static bool visitor_close(const struct frame_in *frame)
{
	return frame->type == IN_CLOSE && frame->resolution == RESOLUTION_NONE &&
	       span_is(frame->id, "c");
}

static bool anew(const struct frame_in *frame)
{
	return frame->type == IN_MESSAGE && frame->fresh;
}

static bool did_not_help(const struct frame_in *frame)
{
	return frame->type == IN_HELPED && !frame->yes;
}

static bool page_opened(const struct frame_in *frame)
{
	return frame->type == IN_PAGE_OPENED && frame->seq == 7;
}

static bool incident(const struct frame_in *frame)
{
	return frame->type == IN_INCIDENT && frame->ticket.v == 7 &&
	       span_is(frame->reason, "503 everywhere");
}

static bool confirm(const struct frame_in *frame)
{
	return frame->type == IN_CONFIRM && frame->ticket.v == 7 && frame->yes;
}

static bool approve(const struct frame_in *frame)
{
	return frame->type == IN_APPROVE && !frame->yes && span_is(frame->reason, "a freeze");
}

static bool child(const struct frame_in *frame)
{
	return frame->type == IN_SET && frame->set.mask == (SET_PRIORITY | SET_PARENT) &&
	       frame->set.parent.v == 9 && span_is(frame->reason, "no outage");
}

static bool pong(const struct frame_in *frame)
{
	return frame->type == IN_PONG;
}

static bool presence(const struct frame_in *frame)
{
	return frame->type == IN_PRESENCE && frame->presence == PRESENCE_AVAILABLE &&
	       frame->capacity == 3;
}

static bool busy(const struct frame_in *frame)
{
	return frame->type == IN_PRESENCE && frame->presence == PRESENCE_BUSY &&
	       span_is(frame->reason, "Meeting");
}

static bool away(const struct frame_in *frame)
{
	return frame->type == IN_PRESENCE && frame->presence == PRESENCE_AWAY &&
	       frame->capacity == 0;
}

static bool ticket_7(const struct frame_in *frame)
{
	return frame->ticket.v == 7;
}

static bool agent_message(const struct frame_in *frame)
{
	return frame->type == IN_MESSAGE && frame->ticket.v == 7 && frame->kind == ENTRY_TEXT &&
	       frame->has_seen && frame->seq == 0;
}

static bool article(const struct frame_in *frame)
{
	return frame->type == IN_MESSAGE && frame->kind == ENTRY_ARTICLE &&
	       span_is(frame->url, "https://d.example/x") && span_is(frame->title, "X") &&
	       frame->text.len == 0;
}

static bool set_all(const struct frame_in *frame)
{
	return frame->type == IN_SET &&
	       frame->set.mask == (SET_TITLE | SET_PRIORITY | SET_TOPIC | SET_TAGS | SET_STATUS) &&
	       span_is(frame->set.title, "T") && frame->set.priority == PRIORITY_HIGH &&
	       span_is(frame->set.topic, "ci-error") && frame->set.tags_count == 2 &&
	       strcmp(frame->set.tags[1].text, "b") == 0 && frame->set.status == TICKET_PENDING;
}

static bool set_topic_empty(const struct frame_in *frame)
{
	return frame->set.mask == SET_TOPIC && frame->set.topic.len == 0;
}

static bool to_agent(const struct frame_in *frame)
{
	return frame->type == IN_TRANSFER && frame->to_agent.v == 5 && frame->tier == 0 &&
	       span_is(frame->text, "please");
}

static bool to_tier(const struct frame_in *frame)
{
	return frame->type == IN_TRANSFER && frame->to_agent.v == 0 && frame->tier == 2 &&
	       frame->text.len == 0;
}

static bool escalate(const struct frame_in *frame)
{
	return frame->type == IN_ESCALATE && span_is(frame->reason, "needs ops") &&
	       frame->tier == 3;
}

static bool agent_close(const struct frame_in *frame)
{
	return frame->type == IN_CLOSE && frame->resolution == RESOLUTION_DOCS_SENT &&
	       frame->articles_count == 1 &&
	       strcmp(frame->articles[0].url, "https://d.example/x") == 0;
}

static bool set_one(const struct frame_in *frame)
{
	return frame->set.mask == (SET_TAG_ADD | SET_TAG_OFF | SET_LINK_ADD | SET_LINK_OFF) &&
	       span_is(frame->set.tag_add, "docs gap") && span_is(frame->set.tag_off, "a") &&
	       span_is(frame->set.link_add, "https://d.example/x") &&
	       span_is(frame->set.link_off, "the runbook");
}

static bool with_tags(const struct frame_in *frame)
{
	return frame->set.mask == SET_TAGS && frame->set.tags_count == 1 &&
	       strcmp(frame->set.tags[0].text, "tokens") == 0;
}

static bool viewing_nothing(const struct frame_in *frame)
{
	return frame->type == IN_VIEWING && frame->ticket.v == 0 && !frame->on;
}

static bool escalate_with_note(const struct frame_in *frame)
{
	return span_is(frame->text, "Tried: a token");
}

static const struct row rows[] = {
#include "wire_rows.inc"
};

static void run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct frame_in frame;
	struct wire_refusal refusal;
	const struct wire_reader reader = {
		.audience = row->audience, .message_chars = 20, .arena = &arena};
	/* An exact copy on the heap: reading behind the end is found. */
	size_t len = strlen(row->text);
	char *text = memcpy(xmalloc(len + 1), row->text, len);
	enum status st = wire_decode(&reader, (struct span){text, len}, &frame, &refusal);

	memset(text, '#', len);
	free(text);
	if (row->holds != NULL) {
		if (st != ST_OK)
			fail_msg("%s: %s", status_name(st), refusal.message);
		assert_true(row->holds(&frame));
	} else {
		assert_int_not_equal(st, ST_OK);
		if (strstr(refusal.message, row->wrong) == NULL)
			fail_msg("said: %s", refusal.message);
	}
	arena_fini(&arena);
}

static void refusal_has_the_id(void **state)
{
	static const struct {
		const char *text;
		const char *id;
	} cases[] = {
		{"{\"type\":\"message\",\"id\":\"m-1\"}", "m-1"},
		{"{\"type\":\"no such\",\"id\":\"m-2\"}", "m-2"},
		{"{\"id\":\"m-3\"}", "m-3"},
		{"{\"type\":\"note\",\"id\":\"m-4\",\"ticket\":1,\"text\":\"x\"}", "m-4"},
		{"{\"type\":\"message\",\"id\":\"m 5\",\"text\":\"x\"}", ""},
		{"{\"type\":\"message\",\"id\":6,\"text\":\"x\"}", ""},
		{"[\"m-7\"]", ""},
		{"{\"type\":\"message\",\"id\":\"m-8\",\"text\":\"\\ud83d\"}", "m-8"},
		{"{\"type\":\"message\",\"id\":\"m 9\",\"text\":\"\\u0000\"}", ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena arena = {0};
		const struct wire_reader reader = {V, 20, &arena};
		struct frame_in frame;
		struct wire_refusal refusal;

		assert_int_equal(wire_decode(&reader, span_of(cases[i].text), &frame, &refusal),
		                 ST_BAD_REQUEST);
		assert_true(span_is(refusal.id, cases[i].id));
		arena_fini(&arena);
	}
}

static void long_text_is_too_large(void **state)
{
	struct arena arena = {0};
	const struct wire_reader reader = {V, 3, &arena};
	struct frame_in frame;
	struct wire_refusal refusal;

	(void)state;
	assert_int_equal(
		wire_decode(&reader,
	                    SPAN_LIT("{\"type\":\"message\",\"id\":\"m\",\"text\":\"abcd\"}"),
	                    &frame, &refusal),
		ST_TOO_LARGE);
	assert_true(span_is(refusal.id, "m"));
	arena_fini(&arena);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = {
		cmocka_unit_test(refusal_has_the_id),
		cmocka_unit_test(long_text_is_too_large),
	};

	json_guard_setup();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tests[i + 2] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = run_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
