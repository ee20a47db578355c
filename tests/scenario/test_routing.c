/* SPDX-License-Identifier: MIT */
/* Who gets a chat, and what happens when somebody, or the switchboard, is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter/fake_bus.h"
#include "adapter/fake_store.h"
#include "support/stage.h"

#define SECOND   1000
#define CAST_MAX 20

static struct stage *staffed(void)
{
	struct stage *stage = stage_create(NULL);

	stage_hire(stage, "Dana", 1, "agent");
	stage_hire(stage, "Sam", 1, "agent");
	stage_hire(stage, "Wu", 2, "agent");
	stage_hire(stage, "Ines", 3, "supervisor");
	return stage;
}

static struct actor_on_stage *asks(struct stage *stage, const char *text)
{
	struct actor_on_stage *visitor = stage_visitor_in(stage);

	tell(visitor, "{'type':'message','id':'q','text':'%s'}", text);
	expect_one(visitor, "'type':'ack','id':'q'");
	return visitor;
}

static void an_offer_runs_out_and_goes_to_the_next(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *sam;

	(void)state;
	stage_pass(stage, SECOND);
	sam = stage_agent_in(stage, "sam", 1);
	(void)asks(stage, "x");
	assert_int_equal(heard_count(dana, "'type':'offer'") + heard_count(sam, "'type':'offer'"),
	                 1);
	stage_pass(stage, 32 * SECOND);
	expect_one(dana, "'type':'offer'");
	expect_one(sam, "'type':'offer'");
	assert_int_equal(heard_count(dana, "'reason':'timeout'") +
	                         heard_count(sam, "'reason':'timeout'"),
	                 1);
	stage_destroy(&stage);
}

static void a_declined_offer_goes_to_the_next_at_once(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 3), *sam;

	(void)state;
	(void)asks(stage, "x");
	expect_one(dana, "'type':'offer'");
	sam = stage_agent_in(stage, "sam", 3);
	tell(dana, "{'type':'decline','id':'no','ticket':1}");
	expect_one(dana, "'type':'ack','id':'no'");
	expect_one(sam, "'type':'offer'");
	tell(dana, "{'type':'accept','id':'yes','ticket':1}");
	expect_one(dana, "'id':'yes','code':'conflict'");
	tell(sam, "{'type':'accept','id':'mine','ticket':1}");
	expect_one(sam, "'type':'ack','id':'mine'");
	stage_destroy(&stage);
}

static void an_agent_who_was_cut_off_is_asked_again_at_once(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1);

	(void)state;
	(void)asks(stage, "x");
	expect_one(dana, "'type':'offer'");
	leave(&dana);
	dana = stage_agent_in(stage, "dana", 1);
	expect_one(dana, "'type':'offer'"); /* a cut is no decline */
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	expect_one(dana, "'type':'assigned'");
	stage_destroy(&stage);
}

static void an_accept_whose_connection_is_cut_leaves_the_chat_to_anybody(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *sam;

	(void)state;
	(void)asks(stage, "x");
	say(dana, "{'type':'accept','id':'a','ticket':1}");
	leave(&dana); /* before the switchboard has answered */
	sam = stage_agent_in(stage, "sam", 1);
	expect_one(sam, "'type':'offer'");
	tell(sam, "{'type':'decline','id':'no','ticket':1}");
	dana = stage_agent_in(stage, "dana", 1);
	expect_one(dana, "'type':'offer'");
	tell(dana, "{'type':'accept','id':'b','ticket':1}");
	expect_one(dana, "'type':'assigned'");
	stage_destroy(&stage);
}

static void an_accept_holds_while_another_window_is_open(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *other, *ana;

	(void)state;
	other = stage_agent_in(stage, "dana", 1);
	ana = asks(stage, "x");
	say(dana, "{'type':'accept','id':'a','ticket':1}");
	leave(&dana);
	expect_one(other, "'type':'assigned'");
	expect_one(ana, "'state':'active'");
	stage_destroy(&stage);
}

static void who_goes_away_with_an_accept_under_way_is_asked_when_back(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1);

	(void)state;
	(void)asks(stage, "x");
	say(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'presence','id':'p','state':'away'}");
	expect_one(dana, "'id':'a','code':'conflict'");
	forget(dana);
	tell(dana, "{'type':'presence','id':'q','state':'available'}");
	expect_one(dana, "'type':'offer'");
	stage_destroy(&stage);
}

static void an_accept_that_the_record_cannot_take_is_offered_again(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1);

	(void)state;
	(void)asks(stage, "x");
	forget(dana);
	fake_store_fail_commits(stage_store(stage), 1);
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	expect_one(dana, "'id':'a','code':'unavailable'");
	expect_one(dana, "'type':'offer'");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	expect_one(dana, "'type':'ack','id':'a'");
	expect_one(dana, "'type':'assigned'");
	stage_destroy(&stage);
}

static void nobody_is_loaded_beyond_capacity(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 2), *visitors[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		visitors[i] = asks(stage, "x");
	assert_int_equal(heard_count(dana, "'type':'offer'"), 2);
	tell(dana, "{'type':'accept','id':'a1','ticket':1}");
	tell(dana, "{'type':'accept','id':'a2','ticket':2}");
	stage_pass(stage, 3 * SECOND);
	assert_int_equal(heard_count(dana, "'type':'offer'"), 2);
	expect_one(visitors[2], "'position':1");
	tell(dana, "{'type':'close','id':'c1','ticket':1,'resolution':'answered'}");
	assert_int_equal(heard_count(dana, "'type':'offer'"), 3); /* at once, not with a tick */
	stage_destroy(&stage);
}

static void the_least_loaded_and_then_the_longest_idle_is_asked(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 3), *sam;

	(void)state;
	(void)asks(stage, "first");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	sam = stage_agent_in(stage, "sam", 3);
	(void)asks(stage, "second");
	expect_one(sam, "'type':'offer'");
	expect_one(dana, "'type':'offer'");
	tell(sam, "{'type':'accept','id':'b','ticket':2}");
	stage_pass(stage, SECOND);
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	stage_pass(stage, SECOND);
	tell(sam, "{'type':'close','id':'d','ticket':2,'resolution':'answered'}");
	forget(dana);
	forget(sam);
	(void)asks(stage, "third");
	expect_one(dana, "'type':'offer'"); /* idle for longer */
	expect_none(sam, "'type':'offer'");
	stage_destroy(&stage);
}

static void the_queue_drains_when_somebody_comes(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *early = asks(stage, "early"), *late, *dana;

	(void)state;
	stage_pass(stage, SECOND);
	late = asks(stage, "late");
	expect_one(late, "'position':2");
	dana = stage_agent_in(stage, "dana", 1);
	expect_one(dana, "'type':'offer'");
	expect_one(dana, "early");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	expect_one(early, "'state':'active'");
	stage_pass(stage, 2 * SECOND);
	assert_true(heard_count(late, "'position':1") > 0);
	stage_destroy(&stage);
}

static void a_lost_agent_has_grace_and_then_loses_the_chat(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *ana, *sam, *other;

	(void)state;
	ana = asks(stage, "x");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	other = asks(stage, "waits");
	sam = stage_agent(stage, "sam");
	tell(sam, "{'type':'hello'}");
	leave(&dana);
	stage_pass(stage, 40 * SECOND);
	expect_none(ana, "'event':'requeued'");
	dana = stage_agent(stage, "dana"); /* back in time */
	tell(dana, "{'type':'hello','after':{'1':2}}");
	expect_one(dana, "'presence':'available'");
	stage_pass(stage, 60 * SECOND);
	expect_none(ana, "'event':'requeued'");

	leave(&dana);
	stage_pass(stage, 47 * SECOND);
	expect_one(ana, "'event':'requeued'");
	tell(sam, "{'type':'presence','id':'p','state':'available','capacity':1}");
	expect_one(sam, "'type':'offer'");
	expect_one(sam, "'ticket':{'number':1,"); /* the head of the queue, before `waits` */
	(void)other;
	stage_destroy(&stage);
}

static void escalation_routes_to_the_next_tier_with_all_that_was_said(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *ana, *wu, *ines;

	(void)state;
	wu = stage_agent_in(stage, "wu", 3);
	ines = stage_agent_in(stage, "ines", 3);
	ana = asks(stage, "complex");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	expect_none(wu, "'type':'offer'");
	tell(dana, "{'type':'escalate','id':'e','ticket':1,'reason':'needs logs'}");
	expect_one(dana, "'type':'ack','id':'e'");
	expect_one(dana, "'type':'unassigned'");
	expect_one(ines, "'type':'escalated','ticket':1,'from':1,'to':2,'reason':'needs logs'");
	expect_one(wu, "'type':'offer'");
	expect_one(wu, "complex");
	expect_one(ana, "'event':'escalated'");
	expect_none(ana, "needs logs");
	tell(wu, "{'type':'accept','id':'b','ticket':1}");
	tell(wu, "{'type':'message','id':'r','ticket':1,'text':'Tier 2 here.'}");
	expect_one(ana, "Tier 2 here.");
	tell(dana, "{'type':'escalate','id':'f','ticket':1,'reason':'again'}");
	expect_one(dana, "'id':'f','code':'forbidden'");
	stage_destroy(&stage);
}

static void a_transfer_by_hand_takes_its_note_along(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *ana, *sam;

	(void)state;
	ana = asks(stage, "x");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'transfer','id':'t0','ticket':1,'to':{'agent':2}}");
	expect_one(dana, "'id':'t0','code':'conflict'"); /* Sam is not online */
	sam = stage_agent_in(stage, "sam", 1);
	tell(dana, "{'type':'transfer','id':'t','ticket':1,'to':{'agent':2},"
	           "'note':'knows CORS'}");
	expect_one(dana, "'type':'ack','id':'t'");
	expect_one(sam, "'type':'assigned'");
	assert_string_equal(transcript(sam), "x|knows CORS");
	expect_one(ana, "'event':'transferred'");
	expect_none(ana, "knows CORS");
	tell(ana, "{'type':'message','id':'m','text':'still there?'}");
	expect_one(sam, "still there?");
	expect_none(dana, "still there?");
	stage_destroy(&stage);
}

static void away_keeps_chats_and_gets_no_new_ones(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 3), *ana;

	(void)state;
	ana = asks(stage, "x");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'presence','id':'p','state':'away'}");
	forget(dana);
	(void)asks(stage, "y");
	stage_pass(stage, 60 * SECOND);
	expect_none(dana, "'type':'offer'");
	tell(ana, "{'type':'message','id':'m','text':'more'}");
	expect_one(dana, "more");
	stage_destroy(&stage);
}

static void a_flushed_switchboard_is_whole_within_seconds(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 2), *ana, *sam;

	(void)state;
	ana = asks(stage, "mine");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	(void)asks(stage, "offered");
	(void)asks(stage, "waits");
	fake_bus_wipe(stage_board(stage));
	tell(ana, "{'type':'message','id':'m','text':'no wait'}");
	expect_one(dana, "no wait");
	stage_pass(stage, 3 * SECOND);
	sam = stage_agent_in(stage, "sam", 3);
	stage_pass(stage, SECOND);
	assert_true(heard_count(dana, "'type':'offer'") >= 3); /* offered anew */
	expect_one(sam, "waits");
	stage_destroy(&stage);
}

static void messages_and_accepts_go_on_without_a_switchboard(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 3), *ana, *bob;

	(void)state;
	ana = asks(stage, "x");
	fake_bus_down(stage_bus(stage));
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	expect_one(dana, "'type':'ack','id':'a'");
	tell(ana, "{'type':'message','id':'m','text':'hello?'}");
	expect_one(dana, "hello?");
	bob = asks(stage, "new");
	stage_pass(stage, 10 * SECOND);
	expect_none(dana, "'ticket':{'number':2,");
	fake_bus_up(stage_bus(stage));
	stage_pass(stage, 5 * SECOND);
	expect_one(dana, "'ticket':{'number':2,");
	tell(dana, "{'type':'accept','id':'b','ticket':2}");
	expect_one(bob, "'state':'active'");
	stage_destroy(&stage);
}

static void a_restart_keeps_every_chat(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *ana, *again, *sam;
	char token[128];

	(void)state;
	ana = asks(stage, "mine");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	(void)asks(stage, "waits");
	(void)snprintf(token, sizeof(token), "%s", token_of(ana));
	stage_restart(stage);
	again = stage_visitor(stage, "192.0.2.1");
	tell(again, "{'type':'hello','token':'%s','after':2}", token);
	expect_one(again, "'state':'active'");
	expect_none(again, "'type':'message'");
	dana = stage_agent(stage, "dana");
	tell(dana, "{'type':'hello'}");
	expect_one(dana, "'chats':[{'number':1,");
	assert_string_equal(transcript(dana), "mine");
	sam = stage_agent_in(stage, "sam", 1);
	expect_one(sam, "waits");
	stage_pass(stage, 60 * SECOND);
	expect_none(again, "'event':'requeued'");
	stage_destroy(&stage);
}

static void an_agent_who_does_not_come_back_after_a_restart_loses_the_chat(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1), *sam;

	(void)state;
	(void)asks(stage, "mine");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	stage_restart(stage);
	sam = stage_agent_in(stage, "sam", 1);
	stage_pass(stage, 40 * SECOND);
	expect_none(sam, "'type':'offer'");
	stage_pass(stage, 8 * SECOND);
	expect_one(sam, "'type':'offer'");
	stage_destroy(&stage);
}

static void a_revoked_agent_loses_the_sockets(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *dana = stage_agent_in(stage, "dana", 1);

	(void)state;
	stage_disable(stage, "dana@example.gov");
	assert_true(was_hung_up(dana, HANGUP_REVOKED));
	stage_destroy(&stage);
}

/* Many come, everybody is served, nobody is overloaded, nobody waits while there is room. */
static void a_busy_morning(void **state)
{
	struct stage *stage = staffed();
	struct actor_on_stage *visitors[CAST_MAX], *agents[2];
	int accepted = 0;

	(void)state;
	agents[0] = stage_agent_in(stage, "dana", 3);
	agents[1] = stage_agent_in(stage, "sam", 3);
	for (int i = 0; i < CAST_MAX; i++)
		visitors[i] = asks(stage, "x");
	for (int number = 1; number <= CAST_MAX; number++) {
		char offer[64];

		(void)snprintf(offer, sizeof(offer), "'ticket':{'number':%d,", number);
		for (int a = 0; a < 2; a++) {
			if (heard_count(agents[a], offer) == 0)
				continue;
			tell(agents[a], "{'type':'accept','id':'a%d','ticket':%d}", number, number);
			tell(agents[a],
			     "{'type':'close','id':'c%d','ticket':%d,'resolution':'fixed'}", number,
			     number);
			accepted++;
			break;
		}
	}
	assert_int_equal(accepted, CAST_MAX);
	for (int i = 0; i < CAST_MAX; i++)
		expect_one(visitors[i], "'event':'closed'");
	stage_destroy(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_runs_out_and_goes_to_the_next),
		cmocka_unit_test(a_declined_offer_goes_to_the_next_at_once),
		cmocka_unit_test(an_agent_who_was_cut_off_is_asked_again_at_once),
		cmocka_unit_test(an_accept_whose_connection_is_cut_leaves_the_chat_to_anybody),
		cmocka_unit_test(an_accept_holds_while_another_window_is_open),
		cmocka_unit_test(who_goes_away_with_an_accept_under_way_is_asked_when_back),
		cmocka_unit_test(an_accept_that_the_record_cannot_take_is_offered_again),
		cmocka_unit_test(nobody_is_loaded_beyond_capacity),
		cmocka_unit_test(the_least_loaded_and_then_the_longest_idle_is_asked),
		cmocka_unit_test(the_queue_drains_when_somebody_comes),
		cmocka_unit_test(a_lost_agent_has_grace_and_then_loses_the_chat),
		cmocka_unit_test(escalation_routes_to_the_next_tier_with_all_that_was_said),
		cmocka_unit_test(a_transfer_by_hand_takes_its_note_along),
		cmocka_unit_test(away_keeps_chats_and_gets_no_new_ones),
		cmocka_unit_test(a_flushed_switchboard_is_whole_within_seconds),
		cmocka_unit_test(messages_and_accepts_go_on_without_a_switchboard),
		cmocka_unit_test(a_restart_keeps_every_chat),
		cmocka_unit_test(an_agent_who_does_not_come_back_after_a_restart_loses_the_chat),
		cmocka_unit_test(a_revoked_agent_loses_the_sockets),
		cmocka_unit_test(a_busy_morning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
