/* SPDX-License-Identifier: MIT */
/* Word of milestones: to who is connected, on whichever node, and of who says that one is done. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/house.h"

static void short_milestone(struct policy_kit *kit)
{
	static const struct milestone look = {.id = "look",
	                                      .name = "A first look",
	                                      .within = {.ms = 4 * ONE_MINUTE},
	                                      .stands = true,
	                                      .notify = NOTIFY_SUPERVISOR};

	kit->policy.milestones = &look;
	kit->policy.milestones_count = 1;
}

/* The first one fires, since its second comes sooner. */
static void pass_on_both(struct stage *one, struct stage *two, int seconds)
{
	for (int second = 0; second < seconds; second++) {
		stage_pass(one, 1000);
		stage_pass(two, 1000);
	}
	stage_settle(one);
	stage_settle(two);
}

/* Dana is on the node that does not fire, and hears which milestone it is all the same. */
static void a_milestone_is_told_on_every_node(void **state)
{
	struct stage *one = stage_create_ruled(short_milestone), *two;
	struct actor_on_stage *ana, *dana, *lee;

	(void)state;
	two = stage_create_beside(one);
	short_milestone(stage_kit(two));
	house_hire_some(one);
	pass_on_both(one, two, 2); /* they hear of each other */
	ana = stage_visitor_in(one);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	dana = house_console(two, "dana");
	lee = house_console(two, "lee");
	pass_on_both(one, two, 3 * 60 + 1);
	expect_one(dana, "'target':'milestone','milestone':'look','at'");
	expect_one(dana, "'level':'warning'");
	expect_one(lee, "'rule':'look'");
	forget(dana);
	forget(lee);
	pass_on_both(one, two, 60);
	expect_one(dana, "'level':'breach'");
	expect_one(lee, "'level':'breach'");
	expect_none(ana, "look"); /* it is the desk's */
	stage_destroy(&two);
	stage_destroy(&one);
}

/* Missed, it pages whoever is on duty there. */
static void paged_milestone(struct policy_kit *kit)
{
	static const struct rule misses = {
		.id = "X14",
		.title = "not done",
		.steps = {{.when = {{.event = WHEN_MILESTONE, .percent = 100}},
	                   .when_count = 1,
	                   .then = {.tier = 3, .page = true}}},
		.steps_count = 1};

	short_milestone(kit);
	kit->rules[kit->policy.rules_count++] = misses;
	policy_kit_slots(kit);
}

static void a_missed_milestone_pages(void **state)
{
	struct stage *stage = stage_create_ruled(paged_milestone);
	struct actor_on_stage *ana, *dana, *ines;

	(void)state;
	house_hire_some(stage);
	stage_hire(stage, "Ines", 3, "agent");
	dana = stage_agent_in(stage, "dana", 3);
	ines = house_console(stage, "ines");
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	forget(ines);
	stage_pass(stage, 4 * ONE_MINUTE - 1000);
	expect_none(ines, "'level':'page'");
	stage_pass(stage, 1000);
	expect_one(ines, "'type':'alert','ticket':1,'level':'page','emergency':false,'rule':'X14'");
	expect_none(dana, "'level':'page'");
	stage_destroy(&stage);
}

static void count_entries(void *ctx, const struct notice *notice)
{
	*(unsigned *)ctx += notice->kind == NOTICE_ENTRY ? 1 : 0;
}

static void ignore(void *ctx)
{
	(void)ctx;
}

/* Of clocks that left no entry other nodes hear what they are to tell, and nothing else. */
static void a_mark_is_no_news_on_other_nodes(void **state)
{
	struct stage *one = stage_create_ruled(short_milestone), *two;
	struct bus *ear = fake_bus_open(stage_board(one), "ear");
	unsigned entries = 0;
	const struct bus_events events = {
		.ctx = &entries, .notice = count_entries, .up = ignore, .down = ignore};
	struct actor_on_stage *ana, *dana;

	(void)state;
	ear->ops->listen(ear, &events);
	two = stage_create_beside(one);
	short_milestone(stage_kit(two));
	house_hire_some(one);
	pass_on_both(one, two, 30); /* they hear of each other */
	ana = stage_visitor_in(one);
	dana = house_console(two, "dana");
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	pass_on_both(one, two, 1);
	assert_int_equal(entries, 1);
	pass_on_both(one, two, 5 * 60); /* a warning, a breach, the offer to leave */
	assert_true(heard_count(dana, "'milestone':'look','at'") > 0);
	assert_int_equal(entries, 1);
	pass_on_both(one, two, 11 * 60); /* it goes on as a ticket: an entry */
	assert_true(entries > 1);
	ear->ops->close(ear);
	stage_destroy(&two);
	stage_destroy(&one);
}

static void an_agent_says_that_a_milestone_is_done(void **state)
{
	struct stage *stage = stage_create_ruled(short_milestone);
	struct actor_on_stage *ana, *dana;

	(void)state;
	house_hire_some(stage);
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	forget(dana);
	tell(dana, "{'type':'set','id':'s','ticket':1,'done':'look','reason':'read it'}");
	expect_one(dana,
	           "'milestones':[{'id':'look','since':%" PRId64 ",'due':%" PRId64
	           ",'done_at':%" PRId64,
	           stage_now(stage), stage_now(stage) + 4 * ONE_MINUTE, stage_now(stage));
	tell(dana, "{'type':'set','id':'t','ticket':1,'done':'nap'}");
	expect_one(dana, "'code':'bad_request'");
	stage_pass(stage, 5 * ONE_MINUTE);
	expect_none(dana, "'milestone':'look'");
	stage_destroy(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_milestone_is_told_on_every_node),
		cmocka_unit_test(a_missed_milestone_pages),
		cmocka_unit_test(a_mark_is_no_news_on_other_nodes),
		cmocka_unit_test(an_agent_says_that_a_milestone_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
