/* SPDX-License-Identifier: MIT */
/* When a ticket goes up, one story a rule: told over the whole desk in virtual time, with the
 * policy of policy_kit (open Monday to Friday, 08:00 to 18:00 UTC; it is Monday, 09:00). */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/house.h"

/* --- X1 --- */

static void an_outage_is_paged_within_seconds(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "The site is down for everybody");
	stage_pass(house.stage, 1000);
	expect_one(house.ana, "'event':'incident'");
	expect_one(house.ana, "Since when, who is affected");
	assert_true(heard_count(house.ana, "'priority':'critical','immediate':true") > 0);
	house_told(&house, "page 1 X1 1 Ines", 1);
	expect_one(
		house.ines,
		"'type':'alert','ticket':1,'level':'page','emergency':true,'rule':'X1','to':'Ines'");
	expect_one(house.lee, "'level':'page'");
	expect_none(house.dana, "'type':'offer'"); /* it is Tier 3's */
	expect_none(house.theo, "'level':'page'");
	house_close(&house);
}

static void a_page_nobody_acknowledges_goes_to_the_next(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "The site is down for everybody");
	stage_pass(house.stage, 5 * ONE_MINUTE - 1000);
	house_told(&house, "page 1 X1 1 Ines", 1);
	house_told(&house, "page 1 X1 2 Omar", 0);
	stage_pass(house.stage, 2000);
	house_told(&house, "page 1 X1 2 Omar", 1);
	expect_one(house.ines, "'rule':'X1','to':'Omar'");
	tell(house.ines, "{'type':'acknowledge','id':'k','ticket':1}");
	expect_one(house.ines, "'type':'ack','id':'k'");
	stage_pass(house.stage, 20 * ONE_MINUTE);
	house_told(&house, "page 1 X1 3 Ines", 0);
	tell(house.dana, "{'type':'acknowledge','id':'k','ticket':1}");
	expect_one(house.dana, "'code':'forbidden'");
	house_close(&house);
}

static void a_page_that_cannot_be_sent_goes_to_the_next_at_once(void **state)
{
	struct house house = house_open();

	(void)state;
	stage_break_notifier(house.stage, true);
	house_ask(&house, "The site is down for everybody");
	stage_pass(house.stage, 2000);
	house_told(&house, "page 1 X1 1 Ines", 1);
	house_told(&house, "page 1 X1 2 Omar", 1);
	house_told(&house, "page 1 X1 3 Ines", 0); /* everybody was asked: not in a circle */
	expect_one(house.lee, "nobody of the tier could be paged");
	stage_break_notifier(house.stage, false);
	stage_pass(house.stage, 6 * ONE_MINUTE);
	house_told(&house, "page 1 X1 3 Ines", 1); /* at its usual time */
	house_close(&house);
}

static void a_page_stands_over_a_restart_and_for_who_comes_later(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "The site is down for everybody");
	stage_pass(house.stage, 1000);
	stage_restart(house.stage);
	house_told(&house, "page 1 X1 1 Ines", 2); /* once more: was the first one heard? */
	house.ines = house_console(house.stage, "ines");
	expect_one(house.ines, "'level':'page'");
	house.dana = house_console(house.stage, "dana");
	expect_none(house.dana, "'level':'page'");
	tell(house.ines, "{'type':'acknowledge','id':'k','ticket':1}");
	house.lee = house_console(house.stage, "lee");
	expect_none(house.lee, "'level':'page'");
	house_close(&house);
}

static void exposed_data_is_an_emergency(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.ana, "{'type':'message','id':'q','text':'Have a look at this please',"
	                "'flags':{'data_exposed':true}}");
	stage_pass(house.stage, 1000);
	expect_one(house.ana, "What data, since when, who can see it?");
	house_told(&house, "page 1 X1 1 Ines", 1);
	house_close(&house);
}

static void the_agents_button_is_an_emergency(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "Something is odd");
	house_take(&house);
	tell(house.dana, "{'type':'incident','id':'i','ticket':1,'reason':'503 on all pages'}");
	expect_one(house.dana, "'type':'ack','id':'i'");
	stage_pass(house.stage, 1000);
	expect_one(house.ana, "'event':'incident'");
	expect_one(house.dana, "'type':'unassigned'");
	house_told(&house, "page 1 X1 1 Ines", 1);
	tell(house.dana, "{'type':'incident','id':'j','ticket':1,'reason':'again'}");
	expect_one(house.dana, "'id':'j','code':'conflict'");
	house_close(&house);
}

static void stopped_production_waits_five_minutes_for_tier_one(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.ana, "{'type':'message','id':'q','text':'Nobody can file a claim',"
	                "'flags':{'production_stopped':true}}");
	assert_true(heard_count(house.ana, "'priority':'high'") > 0);
	expect_one(house.dana, "'stopped':'said'");
	stage_pass(house.stage, 5 * ONE_MINUTE - 1000);
	expect_none(house.ana, "'event':'incident'");
	stage_pass(house.stage, 2000);
	expect_one(house.ana, "'event':'incident'");
	house_told(&house, "page 1 X1 1 Ines", 1);
	house_close(&house);
}

static void tier_one_answers_what_is_stopped(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.ana, "{'type':'message','id':'q','text':'Nobody can file a claim',"
	                "'flags':{'production_stopped':true}}");
	house_take(&house);
	tell(house.dana, "{'type':'confirm','id':'c','ticket':1,'stopped':false,"
	                 "'reason':'only the preview'}");
	expect_one(house.dana, "'type':'ack','id':'c'");
	stage_pass(house.stage, 10 * ONE_MINUTE);
	expect_none(house.ana, "'event':'incident'");
	assert_string_equal(stage_told(house.stage), "");
	house_close(&house);
}

static void stopped_while_closed_is_paged_at_once(void **state)
{
	struct house house = house_open();
	struct actor_on_stage *bea;

	(void)state;
	stage_until(house.stage, "2026-03-07 03:00"); /* Saturday night */
	bea = stage_visitor_in(house.stage);
	tell(bea, "{'type':'message','id':'q','text':'Nobody can file a claim',"
	          "'flags':{'production_stopped':true}}");
	stage_pass(house.stage, 1000);
	expect_one(bea, "'event':'incident'");
	house_told(&house, "page 1 X1 1 Ines", 1);
	house_close(&house);
}

static void a_drill_is_shown_and_not_paged(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "This is a drill: the site is down");
	stage_pass(house.stage, 5000);
	expect_none(house.ana, "'event':'incident'");
	expect_one(house.dana, "'possible_incident':true");
	assert_string_equal(stage_told(house.stage), "");
	house_close(&house);
}

/* --- X2 to X4 --- */

static void half_an_hour_of_work_asks_for_a_choice(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "Please help me set this up");
	house_take(&house);
	tell(house.dana, "{'type':'message','id':'r','ticket':1,'text':'Sure.'}");
	stage_pass(house.stage, 30 * ONE_MINUTE - 1000);
	expect_none(house.dana, "'choice_due':true");
	stage_pass(house.stage, 2000);
	expect_one(house.dana, "'choice_due':true");
	expect_one(house.dana,
	           "'type':'alert','ticket':1,'level':'notice','emergency':false,'rule':'X2'");
	tell(house.dana, "{'type':'escalate','id':'e','ticket':1,'reason':'needs logs'}");
	expect_one(house.ana, "'event':'escalated','tier':2,'tier_from':1");
	expect_one(house.lee,
	           "'type':'escalated','ticket':1,'from':1,'to':2,'reason':'needs logs'");
	house_close(&house);
}

static void a_topic_of_tier_two_starts_at_the_front_door(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "Please look at my pull request");
	expect_one(house.dana, "'type':'offer'");
	expect_one(house.dana, "'needed_tier':2");
	house_take(&house);
	tell(house.dana, "{'type':'escalate','id':'e','ticket':1,'reason':'no article fits'}");
	expect_one(house.ana, "'event':'escalated','tier':2");
	expect_none(house.ana, "no article fits");
	tell(house.theo, "{'type':'presence','id':'p','state':'available'}");
	expect_one(house.theo, "'type':'offer'");
	expect_one(house.theo, "Please look at my pull request"); /* all that was said */
	tell(house.theo, "{'type':'accept','id':'a','ticket':1}");
	tell(house.theo, "{'type':'message','id':'r','ticket':1,'text':'Looking.'}");
	expect_one(house.ana, "Looking.");
	house_close(&house);
}

static void two_answers_that_failed_go_up(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "How do I start?");
	house_take(&house);
	tell(house.dana, "{'type':'message','id':'r','ticket':1,'text':'Like this.'}");
	tell(house.ana, "{'type':'helped','id':'h1','yes':false}");
	expect_one(house.ana, "'type':'ack','id':'h1'");
	expect_none(house.ana, "'event':'escalated'");
	tell(house.dana, "{'type':'message','id':'r2','ticket':1,'text':'Or like that.'}");
	tell(house.ana, "{'type':'helped','id':'h2','yes':false}");
	expect_one(house.ana, "'event':'escalated','tier':2,'tier_from':1");
	house_told(&house, "notice 1 X4 0 Lee", 1);
	house_close(&house);
}

static void what_comes_back_twice_goes_up(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "How do I start?");
	for (int i = 0; i < 2; i++) {
		tell(house.dana, "{'type':'accept','id':'a%d','ticket':1}", i);
		tell(house.dana, "{'type':'close','id':'c%d','ticket':1,'resolution':'answered'}",
		     i);
		expect_none(house.ana, "'event':'escalated'");
		stage_pass(house.stage, ONE_MINUTE);
		tell(house.ana, "{'type':'message','id':'m%d','text':'No, again.'}", i);
	}
	assert_int_equal(heard_count(house.ana, "'event':'reopened'"), 2);
	expect_one(house.ana, "'event':'escalated','tier':2,'tier_from':1");
	house_told(&house, "notice 1 X4 0 Lee", 1);
	house_close(&house);
}

/* --- X5 to X8 --- */

static void not_picked_up_goes_to_all_then_to_on_call(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "How do I start?");
	house_take(&house); /* and then says nothing */
	stage_pass(house.stage, 15 * ONE_MINUTE + 1000);
	expect_one(house.ana, "'event':'requeued'");
	expect_one(house.dana, "'type':'unassigned'");
	house_told(&house, "notice 1 X5 0 Lee", 1);
	expect_one(house.lee, "'level':'notice','emergency':false,'rule':'X5','to':'Lee'");
	stage_pass(house.stage, 15 * ONE_MINUTE);
	expect_one(house.ana, "'event':'escalated','tier':2");
	house_told(&house, "page 1 X5 1 Theo", 1);
	expect_one(house.theo, "'level':'page','emergency':false,'rule':'X5','to':'Theo'");
	house_close(&house);
}

/* Asks, and nobody answers until Tier 2 is paged. */
static void let_lie(struct house *house)
{
	house_ask(house, "How do I start?");
	stage_pass(house->stage, 30 * ONE_MINUTE + 2000);
	house_told(house, "page 1 X5 1 Theo", 1);
}

static void such_a_page_stands_until_it_is_acknowledged(void **state)
{
	struct house house = house_open();

	(void)state;
	let_lie(&house);
	leave(&house.theo);
	house.theo = house_console(house.stage, "theo");
	expect_one(house.theo, "'level':'page','emergency':false,'rule':'X5','to':'Theo'");
	tell(house.dana, "{'type':'acknowledge','id':'k','ticket':1}");
	expect_one(house.dana, "'id':'k','code':'forbidden'");
	tell(house.theo, "{'type':'acknowledge','id':'k','ticket':1}");
	expect_one(house.theo, "'type':'ack','id':'k'");
	forget(house.theo);
	leave(&house.theo);
	house.theo = house_console(house.stage, "theo");
	expect_none(house.theo, "'level':'page'");
	stage_pass(house.stage, 60 * ONE_MINUTE);
	house_told(&house, "page 1 X5 1 Theo", 1);
	house_close(&house);
}

static void such_a_page_is_repeated_after_a_restart_and_ends_when_it_is_taken(void **state)
{
	struct house house = house_open();

	(void)state;
	let_lie(&house);
	stage_restart(house.stage);
	house_told(&house, "page 1 X5 1 Theo", 2);
	house.theo = house_console(house.stage, "theo");
	expect_one(house.theo, "'level':'page','emergency':false,'rule':'X5'");
	tell(house.theo, "{'type':'presence','id':'p','state':'available'}");
	tell(house.theo, "{'type':'accept','id':'a','ticket':1}");
	expect_one(house.theo, "'type':'ack','id':'a'");
	tell(house.theo, "{'type':'acknowledge','id':'k','ticket':1}");
	expect_one(house.theo, "'type':'ack','id':'k'"); /* there is nothing left to acknowledge */
	stage_restart(house.stage);
	house_told(&house, "page 1 X5 1 Theo", 2);
	house_close(&house);
}

static void such_a_page_goes_to_the_next_too(void **state)
{
	static const struct contact ops[] = {{.id = "ops", .name = "Theo", .phone = "1"},
	                                     {.id = "more", .name = "Uma", .phone = "2"}};
	struct house house = house_open();

	(void)state;
	stage_kit(house.stage)->policy.tiers[1].contacts = ops;
	stage_kit(house.stage)->policy.tiers[1].contacts_count = 2;
	let_lie(&house);
	stage_pass(house.stage, 5 * ONE_MINUTE);
	house_told(&house, "page 1 X5 2 Uma", 1);
	stage_pass(house.stage, 5 * ONE_MINUTE);
	house_told(&house, "page 1 X5 3 Theo", 1);
	house_close(&house);
}

/* On two nodes at once: each has to be heard of to count as alive. */
static void pass_on_both(struct stage *one, struct stage *two, int64_t ms)
{
	for (int64_t passed = 0; passed < ms; passed += 1000) {
		stage_pass(one, 1000);
		stage_pass(two, 1000);
	}
	stage_settle(one);
	stage_settle(two);
}

/* Whoever reads along, has the ticket, leads the desk or is paged hears of it on whichever node. */
static void word_of_a_clock_reaches_who_is_on_another_node(void **state)
{
	struct house house = house_open();
	struct stage *two = stage_create_beside(house.stage);
	struct actor_on_stage *theo, *lee, *dana;

	(void)state;
	pass_on_both(house.stage, two, 2000);
	theo = house_console(two, "theo");
	lee = house_console(two, "lee");
	dana = house_console(two, "dana");
	house_ask(&house, "How do I start?");
	stage_settle(two);
	tell(lee, "{'type':'watch','ticket':1}");
	pass_on_both(house.stage, two, 12 * ONE_MINUTE);
	expect_one(dana, "'type':'due','ticket':1,'target':'first_response'");
	expect_one(lee, "'type':'due','ticket':1,'target':'first_response'"); /* reads along */
	expect_none(theo, "'type':'due'");
	pass_on_both(house.stage, two, 3 * ONE_MINUTE);
	expect_one(lee, "'level':'breach'");
	expect_one(lee, "'level':'notice','emergency':false,'rule':'X5','to':'Lee'");
	expect_none(theo, "'type':'alert'");
	pass_on_both(house.stage, two, 15 * ONE_MINUTE);
	expect_one(theo, "'level':'page','emergency':false,'rule':'X5','to':'Theo'");
	expect_one(house.theo, "'level':'page'");
	expect_none(dana, "'level':'page'");
	stage_destroy(&two);
	house_close(&house);
}

static void silence_is_told_to_the_supervisor_then_to_the_lead(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "How do I start?");
	house_take(&house);
	tell(house.dana, "{'type':'message','id':'r','ticket':1,'text':'I will look.'}");
	stage_until(house.stage, "2026-03-03 08:59");
	house_told(&house, "notice 1 X6 0 Lee", 0);
	stage_until(house.stage, "2026-03-03 09:01");
	house_told(&house, "notice 1 X6 0 Lee", 1);
	stage_until(house.stage, "2026-03-04 09:01");
	house_told(&house, "notice 1 X6 0 Kim", 1);
	expect_one(house.kim, "'rule':'X6','to':'Kim'");
	house_close(&house);
}

static void tier_two_without_progress_goes_to_tier_three(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "It is very slow");
	house_take(&house);
	tell(house.dana, "{'type':'message','id':'r','ticket':1,'text':'I ask the others.'}");
	tell(house.dana, "{'type':'set','id':'s','ticket':1,'priority':'high'}");
	tell(house.dana, "{'type':'escalate','id':'e','ticket':1,'reason':'needs logs'}");
	tell(house.theo, "{'type':'presence','id':'p','state':'available'}");
	tell(house.theo, "{'type':'accept','id':'a','ticket':1}");
	stage_until(house.stage, "2026-03-02 12:59");
	expect_none(house.ana, "'event':'escalated','tier':3");
	stage_until(house.stage, "2026-03-02 13:01");
	expect_one(house.ana, "'event':'escalated','tier':3,'tier_from':2");
	expect_one(house.theo, "'type':'unassigned'");
	expect_one(house.lee, "X7: to Tier 3");
	house_close(&house);
}

static void what_tier_two_does_not_take_is_told(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "It is very slow");
	house_take(&house);
	tell(house.dana, "{'type':'message','id':'r','ticket':1,'text':'I ask the others.'}");
	tell(house.dana, "{'type':'set','id':'s','ticket':1,'priority':'high'}");
	tell(house.dana, "{'type':'escalate','id':'e','ticket':1,'reason':'needs logs'}");
	stage_pass(house.stage, 30 * ONE_MINUTE - 1000);
	house_told(&house, "notice 1 ACCEPT 0 Lee", 0);
	stage_pass(house.stage, 2000);
	house_told(&house, "notice 1 ACCEPT 0 Lee", 1);
	house_close(&house);
}

static void a_deployment_needs_a_yes(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "We need an out-of-band deployment");
	expect_one(house.dana, "'approval':'needed'");
	expect_one(house.lee, "'level':'notice','emergency':false,'rule':'X8'");
	house_take(&house);
	tell(house.dana, "{'type':'message','id':'r','ticket':1,'text':'I ask.'}");
	tell(house.dana, "{'type':'approve','id':'n','ticket':1,'granted':true}");
	expect_one(house.dana, "'id':'n','code':'forbidden'");
	tell(house.lee, "{'type':'approve','id':'y','ticket':1,'granted':true,'reason':'a bug'}");
	expect_one(house.lee, "'type':'ack','id':'y'");
	stage_pass(house.stage, 1000);
	expect_one(house.ana, "'event':'escalated','tier':2");
	tell(house.lee, "{'type':'approve','id':'z','ticket':1,'granted':false}");
	expect_one(house.lee, "'id':'z','code':'conflict'");
	stage_until(house.stage, "2026-03-04 09:02");
	expect_one(house.lee, /* the review that is due */
	           "'why':'X8: production deploy (approved at 2026-03-02 09:0");
	house_close(&house);
}

/* --- X9 to X11 --- */

static void many_of_one_topic_are_told_once(void **state)
{
	struct house house = house_open();
	struct actor_on_stage *others[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		others[i] = stage_visitor_in(house.stage);
		tell(others[i], "{'type':'message','id':'q','text':'My pull request is stuck'}");
		stage_pass(house.stage, ONE_MINUTE);
		assert_int_equal(heard_count(house.lee, "'rule':'X9'"), i < 2 ? 0 : 1);
	}
	expect_one(house.lee, "3 tickets about pr-review from 3 people in 30 minutes");
	house_told(&house, "notice 3 X9 0 Lee", 1);
	stage_restart(house.stage);
	house.lee = house_console(house.stage, "lee");
	others[0] = stage_visitor_in(house.stage);
	tell(others[0], "{'type':'message','id':'q','text':'My pull request is stuck'}");
	expect_none(house.lee, "'rule':'X9'"); /* said already, in this half hour */
	stage_pass(house.stage, 40 * ONE_MINUTE);
	for (int i = 0; i < 3; i++) {
		others[i] = stage_visitor_in(house.stage);
		tell(others[i], "{'type':'message','id':'q','text':'My pull request is stuck'}");
	}
	expect_one(house.lee, "'rule':'X9'");
	house_close(&house);
}

static void one_person_is_no_pattern(void **state)
{
	struct house house = house_open();

	(void)state;
	for (int i = 0; i < 4; i++)
		tell(house.ana,
		     "{'type':'message','id':'q%d','text':'My pull request is stuck','new':true}",
		     i);
	expect_none(house.lee, "'rule':'X9'");
	house_close(&house);
}

static void an_emergency_is_taken_back_with_words(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "The site is down for everybody");
	stage_pass(house.stage, 1000);
	tell(house.dana, "{'type':'set','id':'s','ticket':1,'priority':'low','reason':'no'}");
	expect_one(house.dana, "Only Tier 3 and who leads the desk");
	tell(house.ines, "{'type':'set','id':'s','ticket':1,'priority':'medium'}");
	expect_one(house.ines, "say why in `reason`");
	forget(house.ana);
	tell(house.ines, "{'type':'set','id':'t','ticket':1,'priority':'medium',"
	                 "'reason':'a wrong address'}");
	expect_one(house.ines, "'type':'ack','id':'t'");
	expect_one(house.ana, "'event':'downgraded'");
	expect_none(house.ana, "a wrong address");
	assert_true(heard_count(house.ana, "'priority':'medium','immediate':false") > 0);
	stage_pass(house.stage, 20 * ONE_MINUTE);
	house_told(&house, "page 1 X1 2 Omar", 0); /* pages have stopped */
	house_close(&house);
}

static void what_is_not_ours_is_sent_on_and_counts_so(void **state)
{
	struct house house = house_open();

	(void)state;
	house_ask(&house, "Where is my own claim?");
	house_take(&house);
	tell(house.dana, "{'type':'message','id':'r','ticket':1,'text':'Please call the number.'}");
	tell(house.dana, "{'type':'close','id':'c','ticket':1,'resolution':'routed'}");
	expect_one(house.ana, "'event':'closed','tier':1,'resolution':'routed'");
	house_close(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_outage_is_paged_within_seconds),
		cmocka_unit_test(a_page_nobody_acknowledges_goes_to_the_next),
		cmocka_unit_test(a_page_that_cannot_be_sent_goes_to_the_next_at_once),
		cmocka_unit_test(a_page_stands_over_a_restart_and_for_who_comes_later),
		cmocka_unit_test(exposed_data_is_an_emergency),
		cmocka_unit_test(the_agents_button_is_an_emergency),
		cmocka_unit_test(stopped_production_waits_five_minutes_for_tier_one),
		cmocka_unit_test(tier_one_answers_what_is_stopped),
		cmocka_unit_test(stopped_while_closed_is_paged_at_once),
		cmocka_unit_test(a_drill_is_shown_and_not_paged),
		cmocka_unit_test(half_an_hour_of_work_asks_for_a_choice),
		cmocka_unit_test(a_topic_of_tier_two_starts_at_the_front_door),
		cmocka_unit_test(two_answers_that_failed_go_up),
		cmocka_unit_test(what_comes_back_twice_goes_up),
		cmocka_unit_test(not_picked_up_goes_to_all_then_to_on_call),
		cmocka_unit_test(such_a_page_stands_until_it_is_acknowledged),
		cmocka_unit_test(such_a_page_goes_to_the_next_too),
		cmocka_unit_test(such_a_page_is_repeated_after_a_restart_and_ends_when_it_is_taken),
		cmocka_unit_test(word_of_a_clock_reaches_who_is_on_another_node),
		cmocka_unit_test(silence_is_told_to_the_supervisor_then_to_the_lead),
		cmocka_unit_test(tier_two_without_progress_goes_to_tier_three),
		cmocka_unit_test(what_tier_two_does_not_take_is_told),
		cmocka_unit_test(a_deployment_needs_a_yes),
		cmocka_unit_test(many_of_one_topic_are_told_once),
		cmocka_unit_test(one_person_is_no_pattern),
		cmocka_unit_test(an_emergency_is_taken_back_with_words),
		cmocka_unit_test(what_is_not_ours_is_sent_on_and_counts_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
