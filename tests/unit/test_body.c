/* SPDX-License-Identifier: MIT */
/* Bodies of the API. */
#include "proto/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "proto/json_guard.h"

typedef bool reader(struct fields *fields, struct span text, struct command *out);

/* Has a body of its own, no command. */
static bool password_read(struct fields *fields, struct span text, struct command *out)
{
	struct body_password body = {0};

	(void)out;
	return body_password_read(fields, text, &body);
}

static bool agent_read(struct fields *fields, struct span text, struct command *out)
{
	struct body_agent body = {0};

	(void)out;
	return body_agent_change_read(fields, text, &body);
}

static const struct {
	const char *name;
	reader *read;
	const char *text;
	const char *wrong; /* part of the sentence; NULL: it is taken */
} rows[] = {
	{"the least of a ticket", body_open_read, "{\"channel\":\"phone\",\"text\":\"x\"}", NULL},
	{"all of a ticket", body_open_read,
         "{\"channel\":\"email\",\"text\":\"x\",\"title\":\"t\",\"priority\":\"low\",\"topic\":\"a\","
         "\"tags\":[\"b\"],\"visitor\":{\"name\":\"n\",\"email\":\"a@b.c\"},"
         "\"page\":{\"url\":\"https://a/\",\"title\":\"t\"}}",
         NULL},
	{"no channel", body_open_read, "{\"text\":\"x\"}", "`channel`"},
	{"another channel", body_open_read, "{\"channel\":\"fax\",\"text\":\"x\"}", "`channel`"},
	{"no text", body_open_read, "{\"channel\":\"phone\"}", "`text`"},
	{"a status at the opening is passed over", body_open_read,
         "{\"channel\":\"phone\",\"text\":\"x\",\"status\":\"closed\"}", NULL},
	{"something unknown of the visitor is passed over", body_open_read,
         "{\"channel\":\"phone\",\"text\":\"x\",\"visitor\":{\"verified\":true}}", NULL},
	{"an e-mail that is none", body_open_read,
         "{\"channel\":\"phone\",\"text\":\"x\",\"visitor\":{\"email\":\"x\"}}", "`visitor.email`"},
	{"a change", body_set_read, "{\"priority\":\"high\"}", NULL},
	{"a new password", password_read, "{\"password\":\"a\",\"new_password\":\"b\"}", NULL},
	{"a new password without the old one", password_read, "{\"new_password\":\"b\"}",
         "`password`"},
	{"a change with its reason", body_set_read, "{\"priority\":\"low\",\"reason\":\"a drill\"}",
         NULL},
	{"a reason changes nothing", body_set_read, "{\"reason\":\"a drill\"}", "Nothing"},
	{"nothing to change", body_set_read, "{}", "Nothing"},
	{"a member misspelled changes nothing", body_set_read, "{\"prio\":\"high\"}", "Nothing"},
	{"a change beside a member of the future", body_set_read,
         "{\"priority\":\"high\",\"mood\":[1]}", NULL},
	{"a reply with a member of the future", body_reply_read, "{\"text\":\"x\",\"mood\":{}}",
         NULL},
	{"of an agent every member is known", agent_read, "{\"disable\":true}", "not known"},
	{"a reply", body_reply_read, "{\"text\":\"x\",\"seen\":4}", NULL},
	{"a note", body_reply_read, "{\"text\":\"x\",\"kind\":\"note\"}", NULL},
	{"an article without words", body_reply_read,
         "{\"kind\":\"article\",\"url\":\"https://a/\"}", NULL},
	{"an article without its address", body_reply_read, "{\"kind\":\"article\",\"text\":\"x\"}",
         "`url`"},
	{"an event cannot be said", body_reply_read, "{\"kind\":\"event\",\"text\":\"x\"}",
         "`kind`"},
	{"a file cannot be said", body_reply_read, "{\"kind\":\"file\",\"text\":\"x\"}", "`kind`"},
	{"a reply without words", body_reply_read, "{}", "`text`"},
	{"not an object", body_reply_read, "[1]", "one JSON object"},
};

static void test_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena arena = {0};
		struct fields fields = {.arena = &arena, .message_chars = 100};
		struct command command = {0};
		bool good = rows[i].read(&fields, span_of(rows[i].text), &command);

		if (good != (rows[i].wrong == NULL) ||
		    (!good && strstr(fields.wrong, rows[i].wrong) == NULL))
			fail_msg("%s: %s", rows[i].name, fields.wrong);
		arena_fini(&arena);
	}
}

static void a_note_is_a_note(void **state)
{
	struct arena arena = {0};
	struct fields fields = {.arena = &arena, .message_chars = 100};
	struct command command = {0};

	(void)state;
	assert_true(
		body_reply_read(&fields, SPAN_LIT("{\"text\":\"x\",\"kind\":\"note\"}"), &command));
	assert_int_equal(command.kind, COMMAND_NOTE);
	memset(&command, 0, sizeof(command));
	assert_true(body_reply_read(&fields, SPAN_LIT("{\"text\":\"x\",\"seen\":0}"), &command));
	assert_int_equal(command.kind, COMMAND_SAY);
	assert_true(command.has_seen);
	arena_fini(&arena);
}

static void what_a_ticket_begins_with(void **state)
{
	struct arena arena = {0};
	struct fields fields = {.arena = &arena, .message_chars = 100};
	struct command command = {0};

	(void)state;
	assert_true(body_open_read(&fields,
	                           SPAN_LIT("{\"channel\":\"phone\",\"text\":\"x\",\"title\":\"t\","
	                                    "\"status\":\"closed\",\"parent\":1,\"done\":\"x\","
	                                    "\"visitor\":{\"verified\":true}}"),
	                           &command));
	assert_int_equal(command.set.mask, SET_TITLE);
	assert_false(command.visitor_verified);
	arena_fini(&arena);
}

static void test_login(void **state)
{
	struct arena arena = {0};
	struct fields fields = {.arena = &arena};
	struct body_login body = {0};

	(void)state;
	assert_true(body_login_read(&fields, SPAN_LIT("{\"email\":\"a@b.c\",\"password\":\" p \"}"),
	                            &body));
	assert_true(span_is(body.email, "a@b.c") && span_is(body.password, " p "));
	assert_false(
		body_login_read(&fields, SPAN_LIT("{\"email\":\"a@b.c\",\"password\":{}}"), &body));
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(a_note_is_a_note),
		cmocka_unit_test(what_a_ticket_begins_with),
		cmocka_unit_test(test_login),
	};

	json_guard_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
