/* SPDX-License-Identifier: MIT */
/* How a ticket stands: which target counts, and when it is near. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/target.h"

#define T0 INT64_C(1767225600000)

static void near_is_a_share_of_the_time(void **state)
{
	static const struct {
		const char *name;
		int64_t total, left;
		enum standing standing;
	} rows[] = {
		{"a short one, a quarter left", 8 * MINUTE_MS, 2 * MINUTE_MS, STANDING_CALM},
		{"a short one, below a quarter", 8 * MINUTE_MS, 2 * MINUTE_MS - 1,
	         STANDING_AT_RISK},
		{"59 minutes are short", 59 * MINUTE_MS, 15 * MINUTE_MS - 1, STANDING_CALM},
		{"an hour, a quarter of it left", HOUR_MS, 15 * MINUTE_MS, STANDING_CALM},
		{"an hour, less", HOUR_MS, 15 * MINUTE_MS - 1, STANDING_AT_RISK},
		{"eight hours, two left", 8 * HOUR_MS, 2 * HOUR_MS, STANDING_CALM},
		{"eight hours, less than two", 8 * HOUR_MS, 2 * HOUR_MS - 1, STANDING_AT_RISK},
		{"at the moment itself", HOUR_MS, 0, STANDING_AT_RISK},
		{"past it", HOUR_MS, -1, STANDING_BREACHED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct target target = {.from = T0, .due = T0 + rows[i].total};
		wall_ms now = target.due - rows[i].left;

		if (target_standing(&target, now) != rows[i].standing)
			fail_msg("%s: %d", rows[i].name, (int)target_standing(&target, now));
	}
	assert_int_equal(target_standing(&(struct target){.from = T0}, T0 + DAY_MS), STANDING_CALM);
}

static void the_next_one_counts(void **state)
{
	struct ticket ticket = {.created_at = T0,
	                        .status = TICKET_OPEN,
	                        .first_response_due = T0 + 10,
	                        .resolution_due = T0 + 100};

	(void)state;
	assert_int_equal(target_of(&ticket).due, T0 + 10);
	ticket.first_response_at = T0 + 11;
	assert_int_equal(target_of(&ticket).due, T0 + 100);
	(void)span_copy(ticket.milestones[0].id, MILESTONE_ID_SIZE, SPAN_LIT("mitigate"));
	ticket.milestones[0].asked_at = T0 + 20;
	ticket.milestones[0].due = T0 + 50;
	assert_int_equal(target_of(&ticket).due, T0 + 50);
	assert_int_equal(target_of(&ticket).from, T0 + 20);
	ticket.milestones[0].due = T0 + 150;
	assert_int_equal(target_of(&ticket).due, T0 + 100);
	ticket.status = TICKET_PENDING;
	ticket.clocks.paused_since = T0 + 30;
	assert_int_equal(target_of(&ticket).due, T0 + 150);
	ticket.milestones[0].done_at = T0 + 40;
	assert_int_equal(target_of(&ticket).due, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_is_a_share_of_the_time),
		cmocka_unit_test(the_next_one_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
