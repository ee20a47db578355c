/* SPDX-License-Identifier: MIT */
/* What a request is called: its first line that says something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/title.h"

static const struct {
	const char *text, *title;
} rows[] = {
	{"Why 401?\nSince monday", "Why 401?"},
	{"\n\n  ```\nlog", "log"},
	{"`/v0/user` answers **401** * 2", "/v0/user answers 401 * 2"},
	{"On staging, `/v0/user` says:\n```json\n{}\n```", "On staging, /v0/user says"},
	{"```bash\ncurl -i x\n```\nfails", "curl -i x"},
	{"```js x```", "js x"},
	{"Hi team,\n\nwhere is the list of test users?", "where is the list of test users?"},
	{"HELLO\nGood morning everyone!\n  Login fails  ", "Good morning everyone!"},
	{"Good morning everyone!\r\n  Login fails;  ", "Login fails"},
	{"Hi, login fails\non staging", "Hi, login fails"},
	{"Hey is login down\nsince noon", "Hey is login down"},
	{"Hello?\nanybody", "Hello?"},
	{"Hi all\n", "Hi all"},
	{"Highlighting fails\nsince noon", "Highlighting fails"},
	{":::", ":::"},
	{"one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
         "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"},
	{"one two three four five six seven eight nine ten eleven twelve thirteen fourteen x",
         "one two three four five six seven eight nine ten eleven twelve thirteen fourteen\xE2\x80\xA6"},
	{"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4 x\xC3\xA4y",
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xE2\x80\xA6"},
};

static void the_title_is_the_first_line_that_says_something(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char title[TITLE_CHARS + sizeof(TITLE_MORE)];

		title_make(title, sizeof(title), span_of(rows[i].text));
		assert_string_equal(title, rows[i].title);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_title_is_the_first_line_that_says_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
