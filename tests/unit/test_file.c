/* SPDX-License-Identifier: MIT */
/* Text files: what is one, how it begins, how long it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/file.h"

static void files(void **state)
{
	static const struct {
		const char *name, *body, *preview;
		uint32_t lines;
		bool text;
	} rows[] = {
		{"one line", "hello", "hello", 1, true},
		{"a line break at the end", "a\nb\n", "a\nb", 2, true},
		{"empty lines in front", "\n  \n\tindented\nb", "\tindented\nb", 4, true},
		{"six lines are shown", "1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\n5\n6", 7, true},
		{"colours of a log", "\x1b[31mred\x1b[0m\f", "\x1b[31mred\x1b[0m", 1, true},
		{"nothing", "", "", 0, false},
		{"only blanks", " \n\t\n", "", 2, false},
		{"a bell", "ding\a", "ding\a", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span body = span_of(rows[i].body);

		if (!span_is(file_preview(body), rows[i].preview))
			fail_msg("%s: preview", rows[i].name);
		assert_int_equal(file_lines(body), rows[i].lines);
		assert_int_equal(file_is_text(body), rows[i].text);
	}
	assert_false(file_is_text((struct span){"a\0b", 3}));
}

static void a_long_first_line(void **state)
{
	char body[2 * FILE_PREVIEW_BYTES];
	struct span preview;

	(void)state;
	for (size_t i = 0; i < sizeof(body); i += 2)
		memcpy(body + i, "\xC3\xA4", 2);
	preview = file_preview((struct span){body, sizeof(body)});
	assert_int_equal(preview.len, FILE_PREVIEW_BYTES);
	memmove(body + 1, body, sizeof(body) - 1);
	body[0] = 'x';
	preview = file_preview((struct span){body, sizeof(body)});
	assert_int_equal(preview.len, FILE_PREVIEW_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(a_long_first_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
