/* SPDX-License-Identifier: MIT */
/* The policy as a value: who is asked, the book of versions, lengths of time. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/must.h"
#include "core/policy.h"

static struct policy *make(uint32_t id)
{
	struct policy *policy = xcalloc(1, sizeof(*policy));

	policy->refs = 1;
	policy->id = id;
	return policy;
}

/* --- contacts --- */

static const struct contact people[] = {
	{.id = "ada", .name = "Ada", .skill = "backend"},
	{.id = "bo", .name = "Bo", .skill = "devops"},
	{.id = "cy", .name = "Cy"},
};

static const struct contact *const turn[] = {&people[0], &people[1], &people[2]};

/* Weekly from Monday 2026-11-02, 09:00 UTC. */
#define MONDAY ((int64_t)20759)

static const struct turn_row {
	const char *name;
	bool rota;
	const char *skill;
	int64_t day;
	int hour;
	unsigned n;
	const char *expect;
} turn_rows[] = {
	{"the first on the list", false, NULL, 0, 0, 0, "ada"},
	{"then the second", false, NULL, 0, 0, 1, "bo"},
	{"after the last the first again", false, NULL, 0, 0, 3, "ada"},
	{"who has the skill comes first", false, "devops", 0, 0, 0, "bo"},
	{"then the others in their order", false, "devops", 0, 0, 1, "ada"},
	{"and the last of them", false, "devops", 0, 0, 2, "cy"},
	{"a skill that nobody has changes nothing", false, "cobol", 0, 0, 1, "bo"},
	{"the rota begins with its first", true, NULL, 0, 9, 0, "ada"},
	{"the turn ends at its hour, not at midnight", true, NULL, 7, 8, 0, "ada"},
	{"at that hour the next one has it", true, NULL, 7, 9, 0, "bo"},
	{"who does not answer passes it on", true, NULL, 7, 9, 1, "cy"},
	{"and round again", true, NULL, 7, 9, 2, "ada"},
	{"after three weeks it begins anew", true, NULL, 21, 9, 0, "ada"},
	{"before its start it runs backwards", true, NULL, 0, 8, 0, "cy"},
	{"on the rota too the skill comes first", true, "backend", 7, 9, 0, "ada"},
	{"and then the turn", true, "backend", 7, 9, 1, "bo"},
};

static void it_is_somebodys_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(turn_rows); i++) {
		const struct turn_row *row = &turn_rows[i];
		struct policy *policy = make(0);
		struct tier_policy *tier = &policy->tiers[1];
		const struct contact *got;

		tier->contacts = people;
		tier->contacts_count = ARRAY_LEN(people);
		if (row->rota)
			tier->rota = (struct rota){.people = turn,
			                           .count = ARRAY_LEN(turn),
			                           .zone = &zone_utc,
			                           .start_day = MONDAY,
			                           .start_s = 9 * 3600,
			                           .days = 7};
		got = policy_contact(policy, 2, row->skill,
		                     (MONDAY + row->day) * DAY_MS + row->hour * HOUR_MS, row->n);
		if (got == NULL || strcmp(got->id, row->expect) != 0)
			fail_msg("%s: %s", row->name, got != NULL ? got->id : "nobody");
		policy_unref(&policy);
	}
}

static void a_tier_may_have_nobody(void **state)
{
	struct policy *policy = make(0);

	(void)state;
	assert_null(policy_contact(policy, 1, NULL, 0, 0));
	assert_null(policy_contact(policy, 0, NULL, 0, 0));
	assert_null(policy_contact(policy, TIER_MAX + 1, NULL, 0, 0));
	policy_unref(&policy);
	assert_null(policy);
}

/* --- lengths of time --- */

static void time_runs_on_its_own_clock(void **state)
{
	/* Monday to Friday 8 to 18 UTC. */
	struct calendar calendar = {.id = "desk", .zone = &zone_utc};
	const wall_ms friday = (MONDAY + 4) * DAY_MS + 17 * HOUR_MS + 30 * MINUTE_MS;

	(void)state;
	for (size_t day = 1; day <= 5; day++)
		calendar.week[day] =
			(struct day_hours){.spans = {{8 * 3600, 18 * 3600}}, .count = 1};
	assert_int_equal(policy_after(&calendar, friday, &(struct duration){.ms = 3 * HOUR_MS}),
	                 friday + 3 * HOUR_MS);
	assert_int_equal(policy_after(&calendar, friday,
	                              &(struct duration){.ms = 3 * HOUR_MS, .business = true}),
	                 (MONDAY + 7) * DAY_MS + 10 * HOUR_MS + 30 * MINUTE_MS);
}

static void topics_are_found_by_id(void **state)
{
	static const struct topic topics[] = {{.id = "pipeline"}, {.id = "pr-review"}};
	struct policy *policy = make(0);

	(void)state;
	policy->topics = topics;
	policy->topics_count = ARRAY_LEN(topics);
	assert_ptr_equal(policy_topic(policy, span_of("pr-review")), &topics[1]);
	assert_null(policy_topic(policy, span_of("pr-revie")));
	assert_null(policy_topic(policy, span_of("")));
	policy_unref(&policy);
}

/* --- the book --- */

static void a_book_keeps_old_versions(void **state)
{
	struct policy *one = make(1), *two = make(2), *again = make(1);
	struct policy_book *old = policy_book_with(NULL, one);
	struct policy_book *book = policy_book_with(old, two), *back;

	(void)state;
	assert_ptr_equal(policy_book_find(old, 1), one);
	assert_ptr_equal(policy_book_find(old, 2), one); /* not at hand: the current one */
	policy_book_unref(&old);
	assert_null(old);
	assert_ptr_equal(book->current, two);
	assert_int_equal(book->count, 2);
	assert_ptr_equal(policy_book_find(book, 1), one);
	assert_ptr_equal(policy_book_find(book, 2), two);
	assert_ptr_equal(policy_book_find(book, 0), two);

	back = policy_book_with(book, again); /* the same version, read once more */
	assert_int_equal(back->count, 2);
	assert_ptr_equal(policy_book_find(back, 1), again);
	assert_ptr_equal(back->current, again);
	assert_ptr_equal(policy_book_ref(back), back);
	policy_book_unref(&(struct policy_book *){back});
	policy_book_unref(&back);
	policy_book_unref(&book);
	assert_int_equal(one->refs, 1);
	assert_int_equal(two->refs, 1);
	assert_int_equal(again->refs, 1);
	policy_unref(&one);
	policy_unref(&two);
	policy_unref(&again);
	policy_book_unref(&back); /* NULL inside is fine */
	policy_unref(&one);
}

static void a_full_book_loses_its_oldest(void **state)
{
	struct policy_book *book = NULL;

	(void)state;
	for (uint32_t id = 1; id <= POLICY_BOOK_MAX + 3; id++) {
		struct policy *policy = make(id);
		struct policy_book *next = policy_book_with(book, policy);

		policy_book_unref(&book);
		policy_unref(&policy);
		book = next;
	}
	assert_int_equal(book->count, POLICY_BOOK_MAX);
	for (uint32_t id = 1; id <= POLICY_BOOK_MAX + 3; id++)
		assert_int_equal(policy_book_find(book, id)->id,
		                 id <= 3 ? POLICY_BOOK_MAX + 3 : id);
	policy_book_unref(&book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_somebodys_turn),
		cmocka_unit_test(a_tier_may_have_nobody),
		cmocka_unit_test(time_runs_on_its_own_clock),
		cmocka_unit_test(topics_are_found_by_id),
		cmocka_unit_test(a_book_keeps_old_versions),
		cmocka_unit_test(a_full_book_loses_its_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
