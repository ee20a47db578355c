/* SPDX-License-Identifier: MIT */
#include "sim/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/must.h"
#include "sim/agenda.h"

/* The same numbers on every machine: what these seeds gave once they give for ever. */
static void test_same_everywhere(void **state)
{
	struct rng rng, again, other;

	(void)state;
	rng_seed(&rng, 42, 7);
	rng_seed(&again, 42, 7);
	rng_seed(&other, 42, 8);
	assert_int_not_equal(rng_next(&rng), rng_next(&other));
	(void)rng_next(&again);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rng_next(&rng), rng_next(&again));
	rng_seed(&rng, 1, 0);
	assert_int_equal(rng_next(&rng), UINT64_C(17154914556750032435));
	assert_int_equal(rng_gap(&rng), 175214);
}

static void test_within_bounds(void **state)
{
	bool seen[5] = {false};
	struct rng rng;

	(void)state;
	rng_seed(&rng, 3, 0);
	for (int i = 0; i < 1000; i++)
		seen[rng_between(&rng, -2, 2) + 2] = true;
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_true(seen[i]);
	for (int i = 0; i < 100; i++) {
		assert_false(rng_chance(&rng, 0));
		assert_true(rng_chance(&rng, MILLION));
		assert_int_equal(rng_below(&rng, 1), 0);
	}
}

/* An exponential has its mean as its standard deviation, and 1/e of it beyond. */
static void test_gaps_are_exponential(void **state)
{
	const int count = 200000;
	int64_t sum = 0, beyond = 0;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 5, 0);
	for (int i = 0; i < count; i++) {
		int64_t gap = rng_gap(&rng);

		assert_true(gap >= 0);
		sum += gap;
		beyond += gap > MILLION ? 1 : 0;
	}
	assert_in_range(sum / count, 990000, 1010000);
	assert_in_range(beyond * 1000 / count, 363, 373); /* 367.9 */
}

static void test_agenda_keeps_the_order(void **state)
{
	static const wall_ms moments[] = {50, 10, 30, 10, 90, 30, 10, 70};
	struct agenda agenda = {0};
	struct agenda_item item = {0}, last = {.at = -1};
	size_t taken = 0;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(moments); i++)
		agenda_add(&agenda, &(struct agenda_item){.at = moments[i], .who = i});
	assert_false(agenda_take(&agenda, 9, &item));
	while (agenda_take(&agenda, 90, &item)) {
		assert_true(item.at > last.at || (item.at == last.at && item.who > last.who));
		last = item;
		taken++;
	}
	assert_int_equal(taken, ARRAY_LEN(moments));
	assert_null(agenda_first(&agenda));
	agenda_fini(&agenda);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_everywhere),
		cmocka_unit_test(test_within_bounds),
		cmocka_unit_test(test_gaps_are_exponential),
		cmocka_unit_test(test_agenda_keeps_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
