/* SPDX-License-Identifier: MIT */
/* What goes when the policy's months are over, and when nothing goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/retention.h"
#include "base/must.h"
#include "support/stage.h"
#include "support/store_kit.h"

#define ONE_MINUTE (INT64_C(60) * 1000)
#define ONE_DAY    (24 * 60 * ONE_MINUTE)

static void months_before(void **state)
{
	const struct {
		const char *now;
		int months;
		const char *then;
	} rows[] = {
		{"2026-03-02 09:00", 1, "2026-02-02 09:00"},
		{"2026-03-31 09:00", 1, "2026-02-28 09:00"}, /* there is no 31st */
		{"2028-03-31 09:00", 1, "2028-02-29 09:00"},
		{"2026-01-15 00:00", 1, "2025-12-15 00:00"},
		{"2026-12-31 23:59", 12, "2025-12-31 23:59"},
		{"2026-03-02 09:00", 36, "2023-03-02 09:00"},
		{"2026-05-31 12:00", 3, "2026-02-28 12:00"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (retention_before(kit_at(rows[i].now), rows[i].months) != kit_at(rows[i].then))
			fail_msg("%d months before %s is not %s", rows[i].months, rows[i].now,
			         rows[i].then);
	}
}

static void two_months(struct policy_kit *kit)
{
	kit->policy.retention_months = 2;
}

/* Ticket 1 has ended, 2 is live: it is Monday, 2026-03-02. */
static struct stage *of_two_tickets(void (*change)(struct policy_kit *kit))
{
	struct stage *stage = stage_create_ruled(change);
	struct actor_on_stage *dana, *ana, *bob;

	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	bob = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	tell(bob, "{'type':'message','id':'q','text':'And I?'}");
	tell(dana, "{'type':'accept','id':'b','ticket':2}");
	expect_one(dana, "'type':'ack','id':'b'");
	leave(&dana);
	return stage;
}

static void read_done(struct op *op)
{
	(void)op;
}

static bool is_there(struct stage *stage, uint64_t number)
{
	struct store_call call = {.op.done = read_done, .kind = STORE_TICKET};
	enum status st;

	call.u.ticket.number.v = number;
	store_submit(stage_store(stage), &call);
	stage_settle(stage);
	st = call.op.status;
	arena_fini(&call.arena);
	return st == ST_OK;
}

static void a_ticket_goes_when_its_months_are_over(void **state)
{
	struct stage *stage = of_two_tickets(two_months);
	struct desk_stats stats;
	struct desk *desk = stage_desk(stage);

	(void)state;
	stage_step_clock(stage, 60 * ONE_DAY); /* to the first of May */
	stage_pass(stage, 130 * ONE_MINUTE);
	assert_true(is_there(stage, 1));
	stage_step_clock(stage, ONE_DAY);
	stage_pass(stage, 50 * ONE_MINUTE);
	assert_true(is_there(stage, 1)); /* the clock may be wrong */
	stage_pass(stage, 15 * ONE_MINUTE);
	assert_false(is_there(stage, 1));
	assert_true(is_there(stage, 2)); /* it has not ended */
	desk->ops->stats(desk, &stats, stage_now(stage));
	assert_int_equal(stats.forgotten[0], 1);
	assert_true(stats.forgotten[1] >= 3);
	stage_destroy(&stage);
}

static void without_months_nothing_goes(void **state)
{
	struct stage *stage = of_two_tickets(NULL);

	(void)state;
	stage_step_clock(stage, 3000 * ONE_DAY);
	stage_pass(stage, 130 * ONE_MINUTE);
	assert_true(is_there(stage, 1));
	stage_destroy(&stage);
}

static void a_desk_goes_on_without_the_tickets_of_its_customer(void **state)
{
	struct stage *stage = of_two_tickets(two_months);
	struct actor_on_stage *dana, *zoe = stage_visitor_in(stage);

	(void)state;
	stage_step_clock(stage, 70 * ONE_DAY);
	stage_pass(stage, 65 * ONE_MINUTE);
	assert_false(is_there(stage, 1));
	dana = stage_agent_in(stage, "dana", 3);
	tell(dana, "{'type':'history','ticket':1,'after':0}");
	expect_none(dana, "'type':'message','ticket':1");
	tell(zoe, "{'type':'message','id':'q','text':'a new one'}");
	expect_one(zoe, "'type':'ack','id':'q','ticket':3");
	stage_destroy(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_before),
		cmocka_unit_test(a_ticket_goes_when_its_months_are_over),
		cmocka_unit_test(without_months_nothing_goes),
		cmocka_unit_test(a_desk_goes_on_without_the_tickets_of_its_customer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
