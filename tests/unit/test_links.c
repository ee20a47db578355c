/* SPDX-License-Identifier: MIT */
/* The links of a ticket: a line each, each once, within their room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/links.h"

struct row {
	const char *claim, *before;
	bool add;
	const char *link, *after;
	bool fits;
};

static void rows_hold(void **state)
{
	static const struct row rows[] = {
		{"the first", "", true, "https://a", "https://a", true},
		{"another", "https://a", true, "free text", "https://a\nfree text", true},
		{"one that is there", "a\nb", true, "a", "a\nb", true},
		{"the beginning of one is another", "abc", true, "ab", "abc\nab", true},
		{"nothing is no link", "a", true, "", "a", false},
		{"the first goes", "a\nb\nc", false, "a", "b\nc", true},
		{"the middle goes", "a\nb\nc", false, "b", "a\nc", true},
		{"the last goes", "a\nb\nc", false, "c", "a\nb", true},
		{"the only one goes", "a", false, "a", "", true},
		{"one that is not there", "ab\nc", false, "b", "ab\nc", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		char links[LINKS_SIZE];
		bool fits = true;

		(void)snprintf(links, sizeof(links), "%s", row->before);
		if (row->add)
			fits = links_add(links, span_of(row->link));
		else
			links_remove(links, span_of(row->link));
		if (fits != row->fits || strcmp(links, row->after) != 0)
			fail_msg("%s: %d, %s", row->claim, fits, links);
	}
}

static void there_is_room_for_so_many(void **state)
{
	char links[LINKS_SIZE] = "", link[24];

	(void)state;
	for (int i = 0; i < LINKS_MAX; i++) {
		(void)snprintf(link, sizeof(link), "link %d", i);
		assert_true(links_add(links, span_of(link)));
	}
	assert_false(links_add(links, SPAN_LIT("one more")));
	assert_true(links_add(links, SPAN_LIT("link 3")));
	links_remove(links, SPAN_LIT("link 3"));
	assert_true(links_add(links, SPAN_LIT("one more")));
	assert_true(links_has(links, SPAN_LIT("one more")));
}

static void there_is_room_for_so_much(void **state)
{
	char links[LINKS_SIZE] = "", link[LINK_SIZE];
	int fit = 0;

	(void)state;
	memset(link, 'x', sizeof(link));
	link[LINK_SIZE - 1] = '\0';
	for (int i = 0; i < LINKS_MAX; i++) {
		link[0] = (char)('a' + i);
		fit += links_add(links, span_of(link)) ? 1 : 0;
	}
	assert_int_equal(fit, LINKS_SIZE / LINK_SIZE);
	assert_true(strlen(links) < LINKS_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_hold),
		cmocka_unit_test(there_is_room_for_so_many),
		cmocka_unit_test(there_is_room_for_so_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
