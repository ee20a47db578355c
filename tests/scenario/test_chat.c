/* SPDX-License-Identifier: MIT */
/* A developer asks, an agent answers: told over the whole desk in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter/fake_store.h"
#include "support/stage.h"

static void question_is_answered_and_closed(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);

	tell(ana, "{'type':'message','id':'q1','text':'Why 401?'}");
	expect_one(ana, "'type':'ack','id':'q1','ticket':1,'seq':1");
	expect_one(ana, "'state':'waiting'");
	expect_one(dana, "'type':'offer'");
	expect_one(dana, "Why 401?");

	tell(dana, "{'type':'accept','id':'a1','ticket':1}");
	expect_one(dana, "'type':'ack','id':'a1'");
	expect_one(dana, "'type':'assigned'");
	expect_one(ana, "'event':'assigned'");
	expect_one(ana, "'state':'active'");

	tell(dana, "{'type':'message','id':'r1','ticket':1,'text':'Use a token.'}");
	tell(ana, "{'type':'message','id':'q2','text':'Thanks!'}");
	expect_one(ana, "'seq':3,'prev':2");
	assert_string_equal(transcript(ana), "Why 401?|Use a token.|Thanks!");
	assert_string_equal(transcript(dana), "Use a token.|Thanks!");

	tell(dana, "{'type':'close','id':'c1','ticket':1,'resolution':'answered'}");
	expect_one(dana, "'type':'ack','id':'c1'");
	expect_one(dana, "'type':'unassigned'");
	expect_one(ana, "'event':'closed'");
	expect_one(ana, "'state':'closed'");
	expect_one(ana, "'survey':true");
	tell(ana, "{'type':'rate','id':'s1','score':5}");
	expect_one(ana, "'type':'ack','id':'s1'");
	stage_destroy(&stage);
}

static void a_retry_changes_nothing(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage);

	(void)state;
	tell(ana, "{'type':'message','id':'m','text':'once'}");
	tell(ana, "{'type':'message','id':'m','text':'once'}");
	expect_one(ana, "'duplicate':true");
	assert_int_equal(heard_count(ana, "'type':'ack','id':'m','ticket':1,'seq':1"), 2);
	assert_string_equal(transcript(ana), "once");
	stage_destroy(&stage);
}

static void many_first_messages_open_one_ticket(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *tabs[20];

	(void)state;
	tabs[0] = stage_visitor_in(stage);
	for (int i = 1; i < 20; i++) {
		tabs[i] = stage_visitor(stage, "192.0.2.1");
		tell(tabs[i], "{'type':'hello','token':'%s'}", token_of(tabs[0]));
	}
	for (int i = 0; i < 20; i++)
		say(tabs[i], "{'type':'message','id':'m%d','text':'from tab %d'}", i, i);
	stage_settle(stage);
	for (int i = 0; i < 20; i++) {
		expect_one(tabs[i], "'type':'ack'");
		expect_none(tabs[i], "'ticket':2");
		assert_int_equal(heard_count(tabs[i], "'type':'message'"), 20);
		assert_string_equal(transcript(tabs[i]), transcript(tabs[0]));
	}
	stage_destroy(&stage);
}

static void a_note_never_reaches_the_visitor(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana, *dana, *again;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q1','text':'hello'}");
	tell(dana, "{'type':'accept','id':'a1','ticket':1}");
	tell(dana, "{'type':'note','id':'n1','ticket':1,'text':'secret thought'}");
	tell(dana, "{'type':'message','id':'r1','ticket':1,'text':'Hi.'}");
	expect_one(dana, "'kind':'note'");
	expect_one(ana, "'seq':4,'prev':2"); /* 3 is the note */
	expect_none(ana, "secret thought");
	again = stage_visitor(stage, "192.0.2.9");
	tell(again, "{'type':'hello','token':'%s','after':0}", token_of(ana));
	assert_string_equal(transcript(again), "hello|Hi.");
	expect_none(again, "secret");
	stage_destroy(&stage);
}

/* Cut after every step: whoever comes back has the same log. */
static void a_reader_who_comes_back_gets_what_was_missed(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana, *dana, *whole;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'0'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	for (int i = 1; i <= 200; i++)
		tell(dana, "{'type':'message','id':'r%d','ticket':1,'text':'%d'}", i, i);
	whole = stage_visitor(stage, "192.0.2.9");
	tell(whole, "{'type':'hello','token':'%s'}", token_of(ana));
	assert_string_equal(transcript(whole), transcript(ana));
	for (unsigned after = 0; after <= 202; after += 29) {
		struct actor_on_stage *again = stage_visitor(stage, "192.0.2.9");

		tell(again, "{'type':'hello','token':'%s','after':%u}", token_of(ana), after);
		assert_int_equal(heard_count(again, "'type':'message'"), 202 - after);
		tell(dana, "{'type':'note','id':'n%u','ticket':1,'text':'x'}", after);
		leave(&again);
	}
	stage_destroy(&stage);
}

static void a_slow_reader_is_fed_in_pieces(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage), *again;
	size_t taken;

	(void)state;
	for (int i = 0; i < 300; i++) {
		tell(ana, "{'type':'message','id':'m%d','text':'%d'}", i, i);
		stage_pass(stage, 500);
	}
	again = stage_visitor(stage, "192.0.2.9");
	block(again);
	tell(again, "{'type':'hello','token':'%s'}", token_of(ana));
	taken = heard_count(again, "'type':'message'");
	assert_in_range(taken, 1, 63); /* it stops where the connection is full */
	tell(ana, "{'type':'message','id':'late','text':'late'}");
	assert_int_equal(heard_count(again, "'type':'message'"), taken);
	unblock(again);
	assert_int_equal(heard_count(again, "'type':'message'"), 301);
	assert_string_equal(transcript(again), transcript(ana));
	stage_destroy(&stage);
}

/* An offer shows what fits; who accepts gets the log whole. */
static void a_long_log_does_not_come_in_one_frame(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage), *dana;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	for (int i = 0; i < 40; i++) {
		tell(ana, "{'type':'message','id':'m%d','text':'%d %0500d'}", i, i, 0);
		stage_pass(stage, 500);
	}
	dana = stage_agent_in(stage, "dana", 1);
	expect_one(dana, "'type':'offer'");
	assert_null(strstr(heard(dana), "\"text\":\"0 "));
	assert_non_null(strstr(heard(dana), "\"text\":\"39 "));
	forget(dana);
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	assert_int_equal(heard_count(dana, "'type':'message'"), 41);
	assert_non_null(strstr(heard(dana), "\"text\":\"0 "));
	stage_destroy(&stage);
}

static void a_failed_commit_is_never_acked(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage);

	(void)state;
	fake_store_fail_commits(stage_store(stage), 1);
	tell(ana, "{'type':'message','id':'m','text':'x'}");
	expect_one(ana, "'code':'unavailable'");
	expect_one(ana, "'retry_after_ms'");
	expect_none(ana, "'type':'ack'");
	tell(ana, "{'type':'message','id':'m','text':'x'}");
	expect_one(ana, "'type':'ack','id':'m','ticket':1,'seq':1");
	stage_destroy(&stage);
}

static void a_visitor_ends_the_chat_and_the_agent_says_how(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 1);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'x'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(ana, "{'type':'close','id':'bye'}");
	expect_one(ana, "'type':'ack','id':'bye'");
	expect_one(dana, "'type':'unassigned'");
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	expect_one(dana, "'type':'ack','id':'c'");
	tell(dana, "{'type':'close','id':'d','ticket':1,'resolution':'answered'}");
	expect_one(dana, "'id':'d','code':'conflict'");
	tell(ana, "{'type':'message','id':'q2','text':'one more'}");
	expect_one(ana, "'id':'q2','ticket':2,'seq':1");
	stage_destroy(&stage);
}

static void solved_by_a_page_is_on_record_without_a_chat(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage);

	(void)state;
	tell(ana, "{'type':'solved','id':'s','article':'https://docs.example.gov/a',"
	          "'query':'401'}");
	expect_one(ana, "'type':'ack','id':'s'");
	tell(ana, "{'type':'solved','id':'s','article':'https://docs.example.gov/a'}");
	assert_int_equal(heard_count(ana, "'type':'ack','id':'s','ticket':1"), 2);
	expect_one(ana, "'duplicate':true");
	stage_destroy(&stage);
}

static void two_replies_that_cross_are_a_conflict(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana, *dana, *sam;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	stage_hire(stage, "Sam", 1, "supervisor");
	dana = stage_agent_in(stage, "dana", 3);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'x'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	sam = stage_agent_in(stage, "sam", 3);
	tell(sam, "{'type':'watch','ticket':1}");
	tell(dana, "{'type':'message','id':'r','ticket':1,'text':'first','seen':2}");
	tell(sam, "{'type':'message','id':'s','ticket':1,'text':'second','seen':2}");
	expect_one(sam, "'id':'s','code':'conflict'");
	tell(sam, "{'type':'message','id':'t','ticket':1,'text':'second','seen':3}");
	expect_one(sam, "'type':'ack','id':'t'");
	assert_string_equal(transcript(sam), "x|first|second");
	assert_string_equal(transcript(ana), "x|first|second");
	stage_destroy(&stage);
}

static void a_flood_is_slowed_down(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage);

	(void)state;
	for (int i = 0; i < 25; i++)
		tell(ana, "{'type':'message','id':'m%d','text':'x'}", i);
	assert_int_equal(heard_count(ana, "'type':'ack'"), 20);
	assert_int_equal(heard_count(ana, "'code':'rate_limited'"), 5);
	stage_pass(stage, 10000);
	tell(ana, "{'type':'message','id':'later','text':'x'}");
	expect_one(ana, "'type':'ack','id':'later'");
	stage_destroy(&stage);
}

static void a_flood_of_signals_stops_at_the_desk(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 1);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'x'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	for (int i = 0; i < 500; i++)
		say(ana, "{'type':'typing','on':true}");
	assert_int_equal(heard_count(dana, "'type':'typing'"), 200);
	expect_none(ana, "'type':'error'");
	tell(ana, "{'type':'history','after':0}");
	expect_one(ana, "'code':'rate_limited'");
	tell(ana, "{'type':'message','id':'m','text':'still heard'}");
	expect_one(dana, "still heard");
	stage_destroy(&stage);
}

static void a_token_of_another_site_or_age_is_a_new_visitor(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana = stage_visitor_in(stage), *other;

	(void)state;
	tell(ana, "{'type':'message','id':'q','text':'mine'}");
	other = stage_visitor(stage, "192.0.2.9");
	tell(other, "{'type':'hello','token':'%.*sAAAA'}", (int)strlen(token_of(ana)) - 4,
	     token_of(ana));
	expect_one(other, "'chat':null");
	expect_none(other, "mine");
	stage_destroy(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(question_is_answered_and_closed),
		cmocka_unit_test(a_retry_changes_nothing),
		cmocka_unit_test(many_first_messages_open_one_ticket),
		cmocka_unit_test(a_note_never_reaches_the_visitor),
		cmocka_unit_test(a_reader_who_comes_back_gets_what_was_missed),
		cmocka_unit_test(a_slow_reader_is_fed_in_pieces),
		cmocka_unit_test(a_long_log_does_not_come_in_one_frame),
		cmocka_unit_test(a_failed_commit_is_never_acked),
		cmocka_unit_test(a_visitor_ends_the_chat_and_the_agent_says_how),
		cmocka_unit_test(solved_by_a_page_is_on_record_without_a_chat),
		cmocka_unit_test(two_replies_that_cross_are_a_conflict),
		cmocka_unit_test(a_flood_is_slowed_down),
		cmocka_unit_test(a_flood_of_signals_stops_at_the_desk),
		cmocka_unit_test(a_token_of_another_site_or_age_is_a_new_visitor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
