/* SPDX-License-Identifier: MIT */
/* Promises, and what happens when their time comes: told over the whole desk in virtual time. The
 * desk of policy_kit is open Monday to Friday, 08:00 to 18:00 UTC; the stage opens on Monday,
 * 2026-03-02, at 09:00. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter/fake_bus.h"
#include "adapter/fake_store.h"
#include "support/house.h"

static void a_target_warns_and_breaches_once_at_its_second(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	wall_ms asked = stage_now(stage);
	struct actor_on_stage *ana, *dana, *theo, *lee;

	(void)state;
	house_hire_some(stage);
	dana = house_console(stage, "dana");
	theo = house_console(stage, "theo");
	lee = house_console(stage, "lee");
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	asked = stage_now(stage);
	assert_true(heard_count(ana, "'priority':'low','immediate':false") > 0);
	stage_pass(stage, 675 * 1000 - 250); /* 75 % of 15 minutes, but for a moment */
	expect_none(dana, "'type':'due'");
	stage_pass(stage, 1000);
	expect_one(dana,
	           "'type':'due','ticket':1,'target':'first_response','at':%" PRId64
	           ",'level':'warning'",
	           asked + 15 * ONE_MINUTE);
	expect_none(lee, "'type':'due'");
	expect_none(theo, "'type':'due'");
	stage_pass(stage, 225 * 1000 - 1250);
	expect_none(dana, "'level':'breach'");
	stage_pass(stage, 1000);
	expect_one(dana, "'level':'breach'");
	expect_one(lee, "'level':'breach'");
	expect_none(theo, "'type':'due'");
	stage_restart(stage);
	dana = house_console(stage, "dana");
	stage_pass(stage, 10 * ONE_MINUTE);
	expect_none(dana, "'type':'due'");
	stage_destroy(&stage);
}

static void an_answer_stops_the_clock_and_the_visitor_sees_it(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;
	wall_ms asked;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	expect_one(ana, "'open':true,'opens_at':null,'first_response_s':900,'limited':false,"
	                "'ask_flags':true");
	asked = stage_now(stage);
	tell(ana, "{'type':'message','id':'q','text':'Please look at my pull request'}");
	expect_one(ana,
	           "'first_response_due':%" PRId64 ",'resolution_due':%" PRId64
	           ",'priority':'medium'",
	           asked + 10 * ONE_MINUTE, asked + 9 * HOUR_MS + 15 * HOUR_MS);
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	forget(ana);
	tell(dana, "{'type':'message','id':'r','ticket':1,'text':'I am at it.'}");
	expect_one(ana, "'type':'status'");
	expect_one(ana, "'state':'active'");
	expect_one(ana, "'first_response_due':null,'resolution_due':1");
	stage_pass(stage, 20 * ONE_MINUTE);
	expect_none(dana, "'type':'due'");
	forget(ana);
	tell(dana, "{'type':'set','id':'s','ticket':1,'priority':'high'}");
	expect_one(ana, "'priority':'high'");
	tell(dana, "{'type':'set','id':'t','ticket':1,'status':'pending'}");
	expect_one(ana, "'resolution_due':null,'priority':'high'");
	stage_destroy(&stage);
}

/* A change that a clock made is nobody's message: readers get it in its place all the same. */
static void pending_is_reminded_and_closed(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'It does not work'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'message','id':'r','ticket':1,'text':'What does it say?'}");
	forget(dana);
	tell(dana, "{'type':'set','id':'s','ticket':1,'status':'pending'}");
	expect_one(dana, "'resolution_left':{'seconds':");
	expect_one(dana, ",'clock':'business'}");
	stage_until(stage, "2026-03-04 08:59");
	expect_none(ana, "'event':'reminded'");
	stage_until(stage, "2026-03-04 09:02");
	expect_one(ana, "'event':'reminded'");
	expect_one(ana, "closed on 2026-03-09 09:00 UTC");
	stage_until(stage, "2026-03-09 08:59");
	expect_none(ana, "'event':'closed'");
	stage_until(stage, "2026-03-09 09:02");
	expect_one(ana, "'event':'closed','tier':1,'resolution':'no_reply'");
	expect_one(ana, "'state':'closed'");
	expect_one(dana, "'type':'unassigned'");
	stage_destroy(&stage);
}

static void a_reply_stops_the_reminder(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'It does not work'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'message','id':'r','ticket':1,'text':'What does it say?'}");
	tell(dana, "{'type':'set','id':'s','ticket':1,'status':'pending'}");
	stage_until(stage, "2026-03-03 09:00");
	forget(ana);
	tell(ana, "{'type':'message','id':'q2','text':'It says 401'}");
	assert_true(heard_count(ana, "'resolution_due':1") > 0);
	stage_until(stage, "2026-03-10 12:00");
	expect_none(ana, "'event':'reminded'");
	expect_none(ana, "'event':'closed'");
	stage_destroy(&stage);
}

/* Dana takes one chat at a time. */
static void what_waits_for_the_customer_takes_no_room(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *bob, *dana;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 1);
	ana = stage_visitor_in(stage);
	bob = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'It does not work'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(bob, "{'type':'message','id':'q','text':'Mine neither'}");
	stage_pass(stage, 5000);
	expect_none(dana, "'type':'offer','ticket':{'number':2");
	tell(dana, "{'type':'set','id':'s','ticket':1,'status':'pending'}");
	stage_pass(stage, 2000);
	expect_one(dana, "'type':'offer','ticket':{'number':2");
	tell(dana, "{'type':'accept','id':'b','ticket':2}");
	/* Redis loses everything: what is parked is not bound again. */
	fake_bus_wipe(stage_board(stage));
	stage_pass(stage, 5000);
	tell(dana, "{'type':'close','id':'c','ticket':2,'resolution':'answered'}");
	forget(dana);
	tell(bob, "{'type':'message','id':'n','text':'Something else','new':true}");
	stage_pass(stage, 2000);
	expect_one(dana, "'type':'offer','ticket':{'number':3");
	stage_destroy(&stage);
}

/* At home there is nobody to answer, but nothing to answer either until the customer writes. */
static void what_waits_for_the_customer_stays_with_its_agent(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 1);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'It does not work'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'set','id':'s','ticket':1,'status':'pending'}");
	forget(ana);
	leave(&dana);
	stage_until(stage, "2026-03-03 09:00");
	expect_none(ana, "'event':'requeued'");
	tell(ana, "{'type':'message','id':'q2','text':'It says 401'}");
	stage_pass(stage, 30 * 1000);
	expect_none(ana, "'event':'requeued'");
	stage_pass(stage, 30 * 1000);
	expect_one(ana, "'event':'requeued'");
	stage_destroy(&stage);
}

static void what_ended_lately_is_opened_again(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'It does not work'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'message','id':'r','ticket':1,'text':'Restart it.'}");
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	stage_until(stage, "2026-03-04 12:00");
	forget(ana);
	forget(dana);
	tell(ana, "{'type':'message','id':'q2','text':'It is back'}");
	expect_one(ana, "'type':'ack','id':'q2','ticket':1");
	expect_one(ana, "'event':'reopened'");
	expect_one(dana, "'type':'offer'");
	tell(dana, "{'type':'accept','id':'a2','ticket':1}");
	expect_one(ana, "'state':'active'");
	tell(dana, "{'type':'close','id':'c2','ticket':1,'resolution':'fixed'}");
	tell(ana, "{'type':'message','id':'q3','text':'Something else now','new':true}");
	expect_one(ana, "'type':'ack','id':'q3','ticket':2,'seq':1");
	stage_destroy(&stage);
}

static void what_ended_long_ago_goes_on_in_a_new_one(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'It does not work'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	stage_until(stage, "2026-03-10 12:00");
	forget(dana);
	tell(ana, "{'type':'message','id':'q2','text':'It is back'}");
	expect_one(ana, "'type':'ack','id':'q2','ticket':2");
	assert_true(heard_count(dana, "'previous':1") > 0);
	stage_destroy(&stage);
}

static void a_closed_desk_promises_the_next_opening(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	stage_until(stage, "2026-03-06 19:00"); /* Friday */
	ana = stage_visitor_in(stage);
	expect_one(ana, "'open':false,'opens_at':%" PRId64 ",'first_response_s':%d",
	           kit_at("2026-03-09 08:00"), (5 + 48 + 8) * 3600 + 15 * 60);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	stage_pass(stage, 2000);
	assert_true(heard_count(ana, "'on_duty':false") > 0);
	expect_one(ana, "'on_duty':false,'opens_at':%" PRId64 ",'first_response_due':%" PRId64,
	           kit_at("2026-03-09 08:00"), kit_at("2026-03-09 08:15"));
	forget(ana);
	stage_until(stage, "2026-03-09 08:01");
	expect_one(ana, "'on_duty':false,'opens_at':null");
	expect_none(ana, "'kept':true");
	dana = stage_agent_in(stage, "dana", 1);
	expect_one(dana, "'type':'offer'");
	stage_destroy(&stage);
}

static void somebody_who_stays_late_makes_it_open(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	stage_until(stage, "2026-03-06 19:00");
	dana = stage_agent_in(stage, "dana", 1);
	stage_pass(stage, 2000);
	ana = stage_visitor_in(stage);
	expect_one(ana, "'open':true,'opens_at':null");
	tell(ana, "{'type':'message','id':'q','text':'Hello?'}");
	expect_one(dana, "'type':'offer'");
	stage_destroy(&stage);
}

static void make_freeze(struct policy_kit *kit)
{
	kit->dates[0] = (struct calendar_date){.first_day = civil_days(2026, 3, 3),
	                                       .last_day = civil_days(2026, 3, 3),
	                                       .kind = DATE_FREEZE,
	                                       .name = "Release freeze"};
}

static void a_freeze_day_is_open_with_limited_support(void **state)
{
	struct stage *stage = stage_create_ruled(make_freeze);
	struct actor_on_stage *ana = stage_visitor_in(stage), *bea;

	(void)state;
	expect_one(ana, "'limited':false");
	stage_until(stage, "2026-03-03 10:00");
	bea = stage_visitor_in(stage);
	expect_one(bea, "'open':true");
	expect_one(bea, "'limited':true");
	stage_destroy(&stage);
}

static void nobody_comes_and_it_goes_on_as_a_ticket(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage);

	(void)state;
	tell(ana, "{'type':'message','id':'q','text':'Is anybody there?'}");
	stage_pass(stage, 3 * ONE_MINUTE - 250);
	expect_none(ana, "'may_leave':true");
	stage_pass(stage, 1000);
	expect_one(ana, "'may_leave':true,'kept':false");
	stage_pass(stage, 12 * ONE_MINUTE - 1000);
	expect_none(ana, "'event':'kept'");
	stage_pass(stage, 1000);
	expect_one(ana, "'event':'kept'");
	assert_true(heard_count(ana, "'kept':true") > 0);
	assert_string_equal(transcript(ana), "Is anybody there?");
	stage_destroy(&stage);
}

static void a_restart_forgets_no_clock(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *lee;
	struct desk_stats stats;

	(void)state;
	house_hire_some(stage);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	stage_pass(stage, ONE_MINUTE);
	stage_step_clock(stage, 20 * ONE_MINUTE); /* nothing runs meanwhile */
	stage_restart(stage);
	lee = house_console(stage, "lee");
	stage_desk(stage)->ops->stats(stage_desk(stage), &stats, stage_now(stage));
	assert_int_equal(stats.fired[TIMER_FIRST_BREACH], 1);
	assert_int_equal(stats.timer_lag_ms, 0);
	stage_pass(stage, 10 * ONE_MINUTE);
	expect_none(lee, "'level':'breach'"); /* it was told when nobody was there */
	stage_desk(stage)->ops->stats(stage_desk(stage), &stats, stage_now(stage));
	assert_int_equal(stats.fired[TIMER_FIRST_BREACH], 0 + 1);
	stage_destroy(&stage);
}

static void a_clock_put_forward_waits_for_second_thoughts(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *lee;
	struct desk_stats stats;

	(void)state;
	house_hire_some(stage);
	lee = house_console(stage, "lee");
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	stage_pass(stage, ONE_MINUTE);
	stage_step_clock(stage, 20 * ONE_MINUTE);
	stage_pass(stage, 29 * 1000);
	expect_none(lee, "'level':'breach'");
	stage_desk(stage)->ops->stats(stage_desk(stage), &stats, stage_now(stage));
	assert_true(stats.timer_lag_ms > 5 * ONE_MINUTE);
	assert_int_equal(stats.overdue, 1);
	stage_step_clock(stage, -20 * ONE_MINUTE); /* it was a mistake */
	stage_pass(stage, 10 * ONE_MINUTE);
	expect_none(lee, "'level':'breach'");
	stage_step_clock(stage, 20 * ONE_MINUTE); /* and now it was none */
	stage_pass(stage, 31 * 1000);
	expect_one(lee, "'level':'breach'");
	stage_destroy(&stage);
}

static void clocks_run_while_redis_is_away(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *lee;

	(void)state;
	house_hire_some(stage);
	lee = house_console(stage, "lee");
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	fake_bus_down(stage_bus(stage));
	stage_pass(stage, 15 * ONE_MINUTE + 1000);
	expect_one(lee, "'level':'breach'");
	expect_one(ana, "'event':'kept'");
	fake_bus_up(stage_bus(stage));
	stage_pass(stage, 30 * ONE_MINUTE);
	assert_int_equal(heard_count(lee, "'target':'first_response'"), 1);
	stage_destroy(&stage);
}

static void a_full_disk_makes_it_late_not_lost(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *lee;

	(void)state;
	house_hire_some(stage);
	lee = house_console(stage, "lee");
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	stage_pass(stage, 15 * ONE_MINUTE - 1000);
	fake_store_fail_commits(stage_store(stage), 5);
	stage_pass(stage, 3000);
	expect_none(lee, "'level':'breach'");
	stage_pass(stage, 10 * 1000);
	expect_one(lee, "'level':'breach'");
	stage_destroy(&stage);
}

static uint64_t breaches(struct stage *stage)
{
	struct desk_stats stats;

	stage_desk(stage)->ops->stats(stage_desk(stage), &stats, stage_now(stage));
	return stats.fired[TIMER_FIRST_BREACH];
}

static void of_two_nodes_one_fires(void **state)
{
	struct stage *one = stage_create_ruled(NULL), *two;
	struct actor_on_stage *people[20];

	(void)state;
	two = stage_create_beside(one);
	for (int i = 0; i < 20; i++) {
		people[i] = stage_visitor_in(i % 2 == 0 ? one : two);
		say(people[i], "{'type':'message','id':'q','text':'How do I start?'}");
	}
	stage_settle(one);
	stage_settle(two);
	for (int second = 0; second < 1000; second++) {
		stage_pass(second % 3 == 0 ? two : one, 1000);
		stage_pass(second % 3 == 0 ? one : two, 1000);
	}
	assert_int_equal(breaches(one) + breaches(two), 20);
	stage_destroy(&two);
	stage_destroy(&one);
}

/* What one node opened, the other fires within a round although it never heard of it. */
static void a_dead_nodes_tickets_are_fired_by_the_other(void **state)
{
	struct stage *one = stage_create_ruled(NULL), *two;
	struct actor_on_stage *ana;

	(void)state;
	two = stage_create_beside(one);
	fake_bus_down(stage_bus(one));
	ana = stage_visitor_in(one);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	stage_pass(two, 15 * ONE_MINUTE + 31 * 1000);
	assert_int_equal(breaches(two), 1);
	assert_int_equal(breaches(one), 0);
	stage_destroy(&two);
	stage_destroy(&one);
}

static void a_new_policy_holds_for_new_tickets(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct policy_kit *fresh = calloc(1, sizeof(*fresh));
	struct actor_on_stage *ana, *bea;
	wall_ms asked;

	(void)state;
	assert_non_null(fresh);
	policy_kit_init(fresh);
	fresh->policy.promises[CHANNEL_CHAT][PRIORITY_LOW].first_response.ms = 30 * ONE_MINUTE;
	ana = stage_visitor_in(stage);
	asked = stage_now(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	desk_adopt(stage_desk(stage), &fresh->policy, SPAN_LIT("{\"version\":2}"),
	           stage_now(stage));
	stage_settle(stage);
	bea = stage_visitor_in(stage);
	expect_one(bea, "'first_response_s':1800");
	tell(bea, "{'type':'message','id':'q','text':'How do I start?'}");
	assert_true(heard_count(bea, "'priority':'low'") > 0);
	forget(ana);
	stage_pass(stage, 2000);
	stage_pass(stage, 14 * ONE_MINUTE + 59 * 1000);
	assert_int_equal(breaches(stage), 1); /* hers, at the old time */
	stage_pass(stage, 15 * ONE_MINUTE + 2000);
	assert_int_equal(breaches(stage), 2);
	assert_true(stage_now(stage) < asked + 31 * ONE_MINUTE);
	stage_destroy(&stage);
	assert_int_equal(fresh->policy.refs, 1);
	policy_kit_fini(fresh);
	free(fresh);
}

static void nothing_is_asked_of_the_record_while_nothing_is_due(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage);
	struct store_stats before, after;

	(void)state;
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	stage_pass(stage, 4 * ONE_MINUTE);
	stage_store(stage)->ops->stats(stage_store(stage), &before);
	stage_pass(stage, 5 * ONE_MINUTE);
	stage_store(stage)->ops->stats(stage_store(stage), &after);
	assert_int_equal(after.calls - before.calls, 10); /* a look every 30 s */
	stage_destroy(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_warns_and_breaches_once_at_its_second),
		cmocka_unit_test(an_answer_stops_the_clock_and_the_visitor_sees_it),
		cmocka_unit_test(pending_is_reminded_and_closed),
		cmocka_unit_test(a_reply_stops_the_reminder),
		cmocka_unit_test(what_waits_for_the_customer_takes_no_room),
		cmocka_unit_test(what_waits_for_the_customer_stays_with_its_agent),
		cmocka_unit_test(what_ended_lately_is_opened_again),
		cmocka_unit_test(what_ended_long_ago_goes_on_in_a_new_one),
		cmocka_unit_test(a_closed_desk_promises_the_next_opening),
		cmocka_unit_test(somebody_who_stays_late_makes_it_open),
		cmocka_unit_test(a_freeze_day_is_open_with_limited_support),
		cmocka_unit_test(nobody_comes_and_it_goes_on_as_a_ticket),
		cmocka_unit_test(a_restart_forgets_no_clock),
		cmocka_unit_test(a_clock_put_forward_waits_for_second_thoughts),
		cmocka_unit_test(clocks_run_while_redis_is_away),
		cmocka_unit_test(a_full_disk_makes_it_late_not_lost),
		cmocka_unit_test(of_two_nodes_one_fires),
		cmocka_unit_test(a_dead_nodes_tickets_are_fired_by_the_other),
		cmocka_unit_test(a_new_policy_holds_for_new_tickets),
		cmocka_unit_test(nothing_is_asked_of_the_record_while_nothing_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
