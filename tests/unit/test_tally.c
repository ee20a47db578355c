/* SPDX-License-Identifier: MIT */
/* How much of a topic there is in what matched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/rulebook.h"
#include "core/tally.h"

#define WEIGHTS_MAX 6

static void scores(void **state)
{
	static const struct {
		int weights[WEIGHTS_MAX]; /* 0: no more */
		uint16_t unless;
		int score; /* in parts of a point */
	} rows[] = {
		{{0}, 0, 0},
		{{8}, 0, 8 * TALLY_POINT},
		{{8, 8}, 0, 12 * TALLY_POINT},
		{{1, 8, 4, 2}, 0, 8 * 8 + 4 * 4 + 2 * 2 + 1}, /* whatever came first */
		{{8, 8, 8, 8, 8, 8}, 0, 15 * TALLY_POINT},    /* never twice as much */
		{{8, -3, -2}, 0, 3 * TALLY_POINT}, /* what is against it counts in full */
		{{20}, 1, (20 - RULEBOOK_UNLESS_WEIGHT) * TALLY_POINT},
		{{20}, 2, (20 - 2 * RULEBOOK_UNLESS_WEIGHT) * TALLY_POINT},
		{{20}, 9, (20 - 2 * RULEBOOK_UNLESS_WEIGHT) * TALLY_POINT},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tally *tally = tally_create(&arena, 1);

		for (size_t k = 0; k < WEIGHTS_MAX && rows[i].weights[k] != 0; k++)
			tally_match(tally, rows[i].weights[k], SPAN_LIT("word"), &arena);
		tally->unless = rows[i].unless;
		assert_int_equal(tally_score(tally), rows[i].score);
	}
	arena_fini(&arena);
}

static void evidence(void **state)
{
	struct arena arena = {0};
	struct tally *tally = tally_create(&arena, 1);
	struct why why = {.len = 0};

	(void)state;
	assert_false(tally_holds(tally));
	tally_match(tally, -2, SPAN_LIT("against"), &arena);
	for (int i = 0; i < 5; i++)
		tally_match(tally, 1, SPAN_LIT("for"), &arena);
	assert_true(tally_holds(tally));
	tally_why(tally, &why);
	assert_string_equal(why_done(&why, &arena), "\"for\", \"for\", \"for\", \"for\" and more");
	tally->unless = 1;
	assert_false(tally_holds(tally));
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(scores), cmocka_unit_test(evidence)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
