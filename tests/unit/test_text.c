/* SPDX-License-Identifier: MIT */
#include "proto/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"

static const struct {
	const char *name;
	const char *text;
	size_t max_chars;
	enum status expected;
	const char *becomes;
} messages[] = {
	{"plain text stays", "hello", 10, ST_OK, "hello"},
	{"lines and tabs stay", "a\n\tb", 10, ST_OK, "a\n\tb"},
	{"CR LF becomes LF", "a\r\nb\r\n", 10, ST_OK, "a\nb\n"},
	{"CR becomes LF", "a\rb\r", 10, ST_OK, "a\nb\n"},
	{"characters are counted, not bytes", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", 3, ST_OK,
         "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"},
	{"one character too many", "abcd", 3, ST_TOO_LARGE, NULL},
	{"nothing", "", 10, ST_BAD_REQUEST, NULL},
	{"only blanks", " \n\t ", 10, ST_BAD_REQUEST, NULL},
	{"an escape byte", "a\033[31mb", 10, ST_BAD_REQUEST, NULL},
	{"DEL", "a\177", 10, ST_BAD_REQUEST, NULL},
	{"direction controls are the writer's business in a message",
         "a\xE2\x80\xAE"
         "b",
         10, ST_OK,
         "a\xE2\x80\xAE"
         "b"},
};

static void test_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct arena arena = {0};
		struct span out = {0};
		enum status st = text_message(&arena, span_of(messages[i].text),
		                              messages[i].max_chars, &out);

		if (st != messages[i].expected ||
		    (messages[i].becomes != NULL && !span_is(out, messages[i].becomes)))
			fail_msg("%s: %s '%.*s'", messages[i].name, status_name(st), (int)out.len,
			         out.ptr);
		arena_fini(&arena);
	}
}

static const struct {
	const char *name;
	const char *text;
	size_t size;
	const char *becomes;
} lines[] = {
	{"plain text stays", "Dana", 128, "Dana"},
	{"blanks at the ends go", "  Dana  ", 128, "Dana"},
	{"line breaks become blanks", "a\nb\tc", 128, "a b c"},
	{"control bytes become blanks", "a\033[b\177", 128, "a [b"},
	{"C1 controls and line separators become blanks",
         "a\xC2\x85"
         "b\xE2\x80\xA8"
         "c",
         128, "a b c"},
	{"direction controls go",
         "\xE2\x80\xAE"
         "ab\xE2\x81\xA6"
         "c\xD8\x9C"
         "d\xE2\x80\x8F",
         128, "abcd"},
	{"letters beside the direction controls stay", "\xE2\x80\x93\xE2\x82\xAC\xD8\xA7", 128,
         "\xE2\x80\x93\xE2\x82\xAC\xD8\xA7"},
	{"it is cut at a character", "a\xE2\x82\xAC\xE2\x82\xAC", 5, "a\xE2\x82\xAC"},
	{"nothing stays nothing", "", 128, ""},
	{"only controls become nothing", "\n\xE2\x80\xAE", 128, ""},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct arena arena = {0};
		struct span out = text_line(&arena, span_of(lines[i].text), lines[i].size);

		if (!span_is(out, lines[i].becomes) || strlen(out.ptr) != out.len)
			fail_msg("%s: '%.*s'", lines[i].name, (int)out.len, out.ptr);
		arena_fini(&arena);
	}
}

static const struct {
	const char *url;
	bool expected;
} urls[] = {
	{"https://docs.example.gov/a?b=c#d", true},
	{"http://localhost:8080/", true},
	{"HTTPS://Docs.example.gov", true},
	{"https://docs.example.gov/a@b", true},
	{"https://docs.example.gov/\xC3\xA4", true},
	{"https://[::1]:8080/x", true},
	{"javascript:alert(1)", false},
	{"data:text/html,x", false},
	{"//docs.example.gov/", false},
	{"https:/docs.example.gov/", false},
	{"https://", false},
	{"https:///x", false},
	{"https://?x", false},
	{"https://:80/", false},
	{"https://user@docs.example.gov/", false},
	{"https://user:pw@docs.example.gov", false},
	{"https://docs.example.gov/a b", false},
	{"https://docs.example.gov/\"x", false},
	{"https://docs.example.gov/<x", false},
	{"https://docs.example.gov\\@evil.example/", false},
	{"https://docs.example.gov/\n", false},
	{"https://d\xC3\xB6"
         "cs.example.gov/",
         false},
	{"https://docs.example.gov/\xE2\x80\xAEgnp.exe", false},
	{" https://docs.example.gov/", false},
	{"", false},
};

static void test_urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		if (text_is_url(span_of(urls[i].url), 128) != urls[i].expected)
			fail_msg("%s", urls[i].url);
	}
	assert_true(text_is_url(SPAN_LIT("http://a"), 9));
	assert_false(text_is_url(SPAN_LIT("http://a"), 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
