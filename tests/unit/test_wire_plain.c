/* SPDX-License-Identifier: MIT */
/* Which frames go the short way, and that both ways lead to the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/must.h"
#include "proto/json_guard.h"
#include "proto/wire_plain.h"

#define V AUDIENCE_VISITOR
#define A AUDIENCE_AGENT

struct row {
	const char *name;
	enum audience audience;
	const char *text;
	bool taken;
};

static const struct row rows[] = {
	{"a visitor's message", V, "{\"type\":\"message\",\"id\":\"m\",\"text\":\"hi\"}", true},
	{"in any order", V, "{\"text\":\"hi\",\"id\":\"m\",\"type\":\"message\"}", true},
	{"what a visitor says of the ticket is passed over", V,
         "{\"type\":\"message\",\"id\":\"m\",\"ticket\":7,\"text\":\"hi\"}", true},
	{"an agent's message", A,
         "{\"type\":\"message\",\"id\":\"m\",\"ticket\":7,\"text\":\"hi\",\"seen\":0}", true},
	{"characters beyond ASCII", V,
         "{\"type\":\"message\",\"id\":\"m\",\"text\":\"\xC3\xA4 \xE2\x82\xAC\"}", true},
	{"typing of a visitor", V, "{\"type\":\"typing\",\"on\":true}", true},
	{"typing of an agent", A, "{\"type\":\"typing\",\"ticket\":7,\"on\":false}", true},
	{"typing may have an id", V, "{\"type\":\"typing\",\"id\":\"t\",\"on\":true}", true},
	{"18 digits", A, "{\"type\":\"typing\",\"ticket\":999999999999999999,\"on\":true}", true},

	{"19 digits", A, "{\"type\":\"typing\",\"ticket\":1000000000000000000,\"on\":true}", false},
	{"nothing", V, "", false},
	{"half an object", V, "{\"type\":\"typing\",\"on\":true", false},
	{"half a string", V, "{\"type\":\"typ", false},
	{"half a word", V, "{\"type\":\"typing\",\"on\":tru", false},
	{"no member", V, "{}", false},
	{"a comma too many", V, "{\"type\":\"typing\",\"on\":true,}", false},
	{"something behind it", V, "{\"type\":\"typing\",\"on\":true}x", false},
	{"a blank", V, "{\"type\":\"typing\", \"on\":true}", false},
	{"an escape", V, "{\"type\":\"message\",\"id\":\"m\",\"text\":\"a\\nb\"}", false},
	{"an escape in a name", V, "{\"type\":\"typing\",\"o\\u006e\":true}", false},
	{"a control byte", V, "{\"type\":\"message\",\"id\":\"m\",\"text\":\"a\nb\"}", false},
	{"DEL", V, "{\"type\":\"message\",\"id\":\"m\",\"text\":\"a\x7F\"}", false},
	{"not UTF-8", V, "{\"type\":\"message\",\"id\":\"m\",\"text\":\"\xC3\"}", false},
	{"a surrogate", V, "{\"type\":\"message\",\"id\":\"m\",\"text\":\"\xED\xA0\x80\"}", false},
	{"a member twice", V, "{\"type\":\"typing\",\"on\":true,\"on\":true}", false},
	{"a member that is not in the table", V,
         "{\"type\":\"message\",\"id\":\"m\",\"text\":\"hi\",\"flags\":{}}", false},
	{"another type", V, "{\"type\":\"pong\"}", false},
	{"no type", V, "{\"on\":true}", false},
	{"no id", V, "{\"type\":\"message\",\"text\":\"hi\"}", false},
	{"a wrong id", V, "{\"type\":\"message\",\"id\":\"m 1\",\"text\":\"hi\"}", false},
	{"no text", V, "{\"type\":\"message\",\"id\":\"m\"}", false},
	{"nothing to read", V, "{\"type\":\"message\",\"id\":\"m\",\"text\":\" \"}", false},
	{"an empty text", A, "{\"type\":\"message\",\"id\":\"m\",\"ticket\":7,\"text\":\"\"}",
         false},
	{"too long a text", V,
         "{\"type\":\"message\",\"id\":\"m\",\"text\":\"0123456789012345678901\"}", false},
	{"an agent without a ticket", A, "{\"type\":\"message\",\"id\":\"m\",\"text\":\"hi\"}",
         false},
	{"ticket 0", A, "{\"type\":\"typing\",\"ticket\":0,\"on\":true}", false},
	{"a leading zero", A, "{\"type\":\"typing\",\"ticket\":07,\"on\":true}", false},
	{"below zero", A, "{\"type\":\"typing\",\"ticket\":-7,\"on\":true}", false},
	{"a fraction", A, "{\"type\":\"typing\",\"ticket\":7.0,\"on\":true}", false},
	{"an exponent", A, "{\"type\":\"typing\",\"ticket\":7e0,\"on\":true}", false},
	{"a number as a string", A, "{\"type\":\"typing\",\"ticket\":\"7\",\"on\":true}", false},
	{"null", V, "{\"type\":\"typing\",\"on\":null}", false},
	{"no on", V, "{\"type\":\"typing\"}", false},
};

static void agree(const struct wire_reader *reader, struct span text, const struct frame_in *plain)
{
	char *blank = arena_alloc(reader->arena, text.len + 1);
	struct wire_refusal refusal;
	struct frame_in frame;

	blank[0] = ' '; /* takes the way of the tables */
	memcpy(blank + 1, text.ptr, text.len);
	assert_int_equal(wire_decode(reader, (struct span){blank, text.len + 1}, &frame, &refusal),
	                 ST_OK);
	assert_int_equal(plain->type, frame.type);
	assert_true(span_eq(plain->id, frame.id) && span_eq(plain->text, frame.text));
	assert_int_equal(plain->ticket.v, frame.ticket.v);
	assert_int_equal(plain->kind, frame.kind);
	assert_int_equal(plain->has_seen, frame.has_seen);
	assert_int_equal(plain->seq, frame.seq);
	assert_int_equal(plain->on, frame.on);
}

static void run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	const struct wire_reader reader = {
		.audience = row->audience, .message_chars = 20, .arena = &arena};
	struct frame_in frame = {.type = IN_CLOSE};
	/* An exact copy on the heap: reading behind the end is found. */
	size_t len = strlen(row->text);
	char *text = memcpy(xmalloc(len), row->text, len);

	assert_int_equal(wire_plain(&reader, (struct span){text, len}, &frame), row->taken);
	memset(text, '#', len);
	free(text);
	if (row->taken)
		agree(&reader, span_of(row->text), &frame);
	else
		assert_int_equal(frame.type, IN_CLOSE); /* untouched */
	arena_fini(&arena);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)] = {{0}};

	json_guard_setup();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = run_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
