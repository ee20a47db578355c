/* SPDX-License-Identifier: MIT */
/* What an agent does with a ticket besides answering: tags and links, handing it up with a
 * summary, closing it with tags, and taking that back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter/fake_store.h"
#include "base/must.h"
#include "support/stage.h"

struct house {
	struct stage *stage;
	struct actor_on_stage *ana, *dana, *lee;
};

/* Dana of Tier 1 has Ana's question; Lee leads. */
static struct house house_open(void)
{
	struct house house = {.stage = stage_create(NULL)};

	stage_hire(house.stage, "Dana", 1, "agent");
	stage_hire(house.stage, "Lee", 1, "supervisor");
	house.dana = stage_agent_in(house.stage, "dana", 2);
	house.lee = stage_agent_in(house.stage, "lee", 2);
	tell(house.lee, "{'type':'presence','id':'p','state':'away'}");
	house.ana = stage_visitor_in(house.stage);
	tell(house.ana, "{'type':'message','id':'q','text':'Why 401?'}");
	tell(house.dana, "{'type':'accept','id':'a','ticket':1}");
	forget(house.dana);
	forget(house.ana);
	forget(house.lee);
	return house;
}

static void house_close(struct house *house)
{
	stage_destroy(&house->stage);
}

static void tags_and_links_come_and_go_one_by_one(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.dana, "{'type':'set','id':'1','ticket':1,'tags':['a','b']}");
	tell(house.dana, "{'type':'set','id':'2','ticket':1,'add_tag':'Documentation gap'}");
	expect_one(house.dana, "'tags':['a','b','Documentation gap']");
	tell(house.dana, "{'type':'set','id':'3','ticket':1,'remove_tag':'a'}");
	expect_one(house.dana, "'tags':['b','Documentation gap']");
	tell(house.dana, "{'type':'set','id':'4','ticket':1,'add_link':'https://d.example/x'}");
	tell(house.dana, "{'type':'set','id':'5','ticket':1,'add_link':'the runbook'}");
	expect_one(house.dana, "'links':['https://d.example/x','the runbook']");
	tell(house.dana, "{'type':'set','id':'6','ticket':1,'remove_link':'https://d.example/x'}");
	expect_one(house.dana, "'links':['the runbook']");
	forget(house.dana);
	/* What is so already is fine, and is told to nobody. */
	tell(house.dana, "{'type':'set','id':'7','ticket':1,'add_link':'the runbook'}");
	tell(house.dana, "{'type':'set','id':'8','ticket':1,'remove_tag':'a'}");
	assert_int_equal(heard_count(house.dana, "'type':'ack'"), 2);
	expect_none(house.dana, "'type':'ticket'");
	expect_none(house.ana, "runbook");
	house_close(&house);
}

static void tags_and_links_have_limits(void **state)
{
	struct house house = house_open();

	(void)state;
	for (int i = 0; i < TAGS_MAX; i++)
		tell(house.dana, "{'type':'set','id':'t%d','ticket':1,'add_tag':'tag %d'}", i, i);
	for (int i = 0; i < LINKS_MAX; i++)
		tell(house.dana, "{'type':'set','id':'l%d','ticket':1,'add_link':'%d'}", i, i);
	expect_none(house.dana, "'type':'error'");
	tell(house.dana, "{'type':'set','id':'t','ticket':1,'add_tag':'more'}");
	tell(house.dana, "{'type':'set','id':'l','ticket':1,'add_link':'more'}");
	assert_int_equal(heard_count(house.dana, "'code':'conflict','message':'There is no room"),
	                 2);
	house_close(&house);
}

static void a_summary_goes_up_with_the_ticket_and_not_to_the_customer(void **state)
{
	struct house house = house_open();
	struct actor_on_stage *theo;

	(void)state;
	stage_hire(house.stage, "Theo", 2, "agent");
	theo = stage_agent_in(house.stage, "theo", 2);
	tell(house.dana, "{'type':'escalate','id':'e','ticket':1,'reason':'needs logs',"
	                 "'note':'Tried: a new token'}");
	expect_one(house.dana, "'type':'ack','id':'e'");
	expect_one(theo, "Tried: a new token"); /* in the offer */
	expect_one(theo, "'reason':'needs logs'");
	expect_one(house.lee, "'type':'escalated','ticket':1,'from':1,'to':2");
	expect_one(house.ana, "'event':'escalated'");
	expect_none(house.ana, "Tried");
	expect_none(house.ana, "needs logs");
	/* The same once more: answered, and not done twice. */
	tell(house.dana, "{'type':'escalate','id':'e','ticket':1,'reason':'needs logs',"
	                 "'note':'Tried: a new token'}");
	expect_one(house.dana, "'duplicate':true");
	house_close(&house);
}

static void tags_come_with_the_close(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered',"
	                 "'tags':['tokens']}");
	expect_one(house.dana, "'tags':['tokens']");
	expect_one(house.dana, "'status':'resolved'");
	house_close(&house);
}

static void a_close_is_taken_back(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	expect_one(house.ana, "'state':'closed'");
	stage_pass(house.stage, 9000);
	forget(house.dana);
	forget(house.ana);
	tell(house.dana, "{'type':'undo','id':'u','ticket':1}");
	expect_one(house.dana, "'type':'ack','id':'u'");
	expect_one(house.dana, "'type':'assigned'");
	assert_int_equal(heard_count(house.dana, "'status':'open'"), 2);
	expect_one(house.dana, "'event':'reopened'");
	expect_one(house.dana, "'reason':'the closing was taken back'");
	expect_one(house.ana, "'event':'reopened'");
	expect_one(house.ana, "'state':'active','tier':1,'agent':{'name':'Dana'}");
	expect_none(house.ana, "'event':'requeued'");
	/* It goes on with the same two people, and nobody else is asked. */
	tell(house.ana, "{'type':'message','id':'m','text':'Thanks, one more.'}");
	expect_one(house.dana, "Thanks, one more.");
	expect_none(house.lee, "'type':'offer'");
	/* Once. */
	tell(house.dana, "{'type':'undo','id':'v','ticket':1}");
	expect_one(house.dana, "'id':'v','code':'conflict'");
	house_close(&house);
}

static void a_close_is_taken_back_by_its_agent_alone_and_in_time(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.dana, "{'type':'undo','id':'t','ticket':1}");
	expect_one(house.dana, "'id':'t','code':'conflict'");
	tell(house.dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	tell(house.lee, "{'type':'undo','id':'u','ticket':1}");
	expect_one(house.lee, "'id':'u','code':'forbidden'");
	stage_pass(house.stage, 13 * 1000);
	tell(house.dana, "{'type':'undo','id':'v','ticket':1}");
	expect_one(house.dana, "'id':'v','code':'conflict'");
	house_close(&house);
}

static void no_undo(struct desk_config *config)
{
	config->limits.undo_close_s = 0;
}

static void a_desk_may_do_without(void **state)
{
	struct stage *stage = stage_create(no_undo);
	struct actor_on_stage *ana, *dana;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 2);
	expect_one(dana, "'undo_s':0");
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'Hello'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	stage_pass(stage, 250);
	tell(dana, "{'type':'undo','id':'u','ticket':1}");
	expect_one(dana, "'id':'u','code':'conflict'");
	stage_destroy(&stage);
}

static void what_came_in_between_stands(void **state)
{
	struct stage *stage = stage_create_ruled(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 2);
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'How do I start?'}");
	tell(dana, "{'type':'accept','id':'a','ticket':1}");
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	tell(ana, "{'type':'message','id':'m','text':'No, again.'}");
	expect_one(ana, "'event':'reopened'");
	tell(dana, "{'type':'undo','id':'u','ticket':1}");
	expect_one(dana, "'id':'u','code':'conflict'");
	stage_destroy(&stage);
}

/* Pending before, pending after: it takes no room, and its clocks stand still. */
static void what_waited_for_the_customer_does_so_again(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.dana, "{'type':'set','id':'s','ticket':1,'status':'pending'}");
	tell(house.dana, "{'type':'close','id':'c','ticket':1,'resolution':'no_reply'}");
	forget(house.dana);
	tell(house.dana, "{'type':'undo','id':'u','ticket':1}");
	expect_one(house.dana, "'type':'assigned','ticket':{'number':1");
	assert_int_equal(heard_count(house.dana, "'status':'pending'"), 2);
	for (int i = 0; i < 2; i++) {
		struct actor_on_stage *other = stage_visitor_in(house.stage);

		tell(other, "{'type':'message','id':'q','text':'Another one'}");
		tell(house.dana, "{'type':'accept','id':'o%d','ticket':%d}", i, i + 2);
	}
	assert_int_equal(heard_count(house.dana, "'type':'assigned'"), 3);
	house_close(&house);
}

/* Nobody had it: it waits again, before the others. */
static void what_was_closed_out_of_the_queue_waits_again(void **state)
{
	struct stage *stage = stage_create(NULL);
	struct actor_on_stage *ana, *dana;

	(void)state;
	stage_hire(stage, "Dana", 1, "agent");
	dana = stage_agent_in(stage, "dana", 1);
	tell(dana, "{'type':'presence','id':'p','state':'away'}");
	ana = stage_visitor_in(stage);
	tell(ana, "{'type':'message','id':'q','text':'buy cheap'}");
	tell(dana, "{'type':'close','id':'c','ticket':1,'resolution':'spam'}");
	expect_one(ana, "'state':'closed'");
	forget(ana);
	tell(dana, "{'type':'undo','id':'u','ticket':1}");
	expect_one(dana, "'type':'ack','id':'u'");
	expect_one(ana, "'state':'waiting'");
	tell(dana, "{'type':'presence','id':'r','state':'available'}");
	stage_pass(stage, 1000);
	expect_one(dana, "'type':'offer'");
	stage_destroy(&stage);
}

static void all_tabs_of_an_agent_know_the_presence(void **state)
{
	struct house house = house_open();
	struct actor_on_stage *tab = stage_agent_in(house.stage, "dana", 2);

	(void)state;
	forget(house.dana);
	tell(house.dana, "{'type':'presence','id':'p','state':'away','reason':'Lunch'}");
	expect_one(tab, "{'type':'presence','state':'away','reason':'Lunch','since':");
	expect_none(house.dana, "'type':'presence'");
	expect_none(house.lee, "'type':'presence'");
	tell(tab, "{'type':'presence','id':'p','state':'available','capacity':7}");
	expect_one(house.dana, "'type':'presence','state':'available','reason':null,'since':");
	expect_one(house.dana, "'capacity':7}");
	house_close(&house);
}

/* Who else looks at it and writes: to those who look, and never to the customer. */
static void colleagues_see_who_looks_and_who_writes(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.dana, "{'type':'viewing','ticket':1}");
	expect_one(house.dana, "{'type':'viewers','ticket':1,'agents':[]}");
	expect_none(house.lee, "'type':'viewers'");
	tell(house.lee, "{'type':'viewing','ticket':1}");
	expect_one(house.lee, "'agents':[{'id':1,'name':'Dana','typing':false}]");
	expect_one(house.dana, "'agents':[{'id':2,'name':'Lee','typing':false}]");
	forget(house.dana);
	tell(house.lee, "{'type':'viewing','ticket':1,'typing':true}");
	tell(house.lee, "{'type':'viewing','ticket':1,'typing':true}"); /* says nothing new */
	expect_one(house.dana, "{'id':2,'name':'Lee','typing':true}");
	assert_int_equal(heard_count(house.dana, "'type':'viewers'"), 1);
	forget(house.dana);
	tell(house.lee, "{'type':'viewing','ticket':0}");
	expect_one(house.dana, "{'type':'viewers','ticket':1,'agents':[]}");
	expect_none(house.ana, "viewers");
	house_close(&house);
}

/* Two consoles of one agent are one person; who is gone looks no more. */
static void a_person_is_named_once_and_gone_with_the_last_socket(void **state)
{
	struct house house = house_open();
	struct actor_on_stage *second = stage_agent(house.stage, "lee");

	(void)state;
	tell(second, "{'type':'hello'}");
	tell(house.dana, "{'type':'viewing','ticket':1}");
	tell(house.lee, "{'type':'viewing','ticket':1}");
	tell(second, "{'type':'viewing','ticket':1,'typing':true}");
	expect_one(house.dana, "'agents':[{'id':2,'name':'Lee','typing':true}]");
	forget(house.dana);
	leave(&second);
	stage_settle(house.stage);
	expect_one(house.dana, "'agents':[{'id':2,'name':'Lee','typing':false}]");
	leave(&house.lee);
	stage_settle(house.stage);
	expect_one(house.dana, "'agents':[]");
	house_close(&house);
}

static void viewers_are_told_between_nodes(void **state)
{
	struct house house = house_open();
	struct stage *beside = stage_create_beside(house.stage);
	struct actor_on_stage *theo;

	(void)state;
	stage_hire(beside, "Theo", 2, "agent");
	theo = stage_agent(beside, "theo");
	tell(theo, "{'type':'hello'}");
	for (int i = 0; i < 2; i++) { /* they know of each other */
		stage_pass(house.stage, 3000);
		stage_pass(beside, 3000);
	}
	tell(house.dana, "{'type':'viewing','ticket':1}");
	stage_settle(beside);
	tell(theo, "{'type':'viewing','ticket':1,'typing':true}");
	stage_settle(house.stage);
	stage_settle(beside);
	expect_one(house.dana, "'name':'Theo','typing':true");
	expect_one(theo, "'name':'Dana','typing':false");
	/* It holds as long as it is said again, and no longer. */
	forget(house.dana);
	for (int i = 0; i < 8; i++) {
		stage_pass(beside, 15 * 1000);
		stage_pass(house.stage, 15 * 1000);
	}
	expect_none(house.dana, "'agents':[]");
	stage_destroy(&beside); /* without a word */
	stage_pass(house.stage, 61 * 1000);
	expect_one(house.dana, "'agents':[]");
	house_close(&house);
}

/* Whatever an agent writes that is not a reply, live, by history, and to who comes back. */
static void nothing_for_agents_reaches_the_customer(void **state)
{
	static const char *const said[] = {
		"{'type':'note','id':'1','ticket':1,'text':'secret note'}",
		"{'type':'set','id':'2','ticket':1,'add_tag':'secret tag','add_link':'secret link'}",
		"{'type':'set','id':'3','ticket':1,'title':'secret title','topic':'secret-topic'}",
		"{'type':'viewing','ticket':1,'typing':true}",
		"{'type':'close','id':'4','ticket':1,'resolution':'answered','tags':['secret end']}",
		"{'type':'undo','id':'5','ticket':1}",
		"{'type':'escalate','id':'6','ticket':1,'reason':'secret reason','note':'secret sum'}",
		"{'type':'note','id':'7','ticket':1,'text':'secret afterthought'}",
	};
	struct house house = house_open();
	struct actor_on_stage *again, *theo;

	(void)state;
	stage_hire(house.stage, "Theo", 2, "agent");
	theo = stage_agent_in(house.stage, "theo", 2);
	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		tell(house.dana, "%s", said[i]);
	expect_none(house.dana, "'type':'error'");
	tell(theo, "{'type':'accept','id':'a','ticket':1}");
	tell(theo, "{'type':'transfer','id':'t','ticket':1,'to':{'tier':1},'note':'secret hand'}");
	tell(theo, "{'type':'message','id':'m','ticket':1,'text':'One moment.'}");
	tell(house.ana, "{'type':'history','after':0}");
	again = stage_visitor(house.stage, "192.0.2.9");
	tell(again, "{'type':'hello','token':'%s','after':0}", token_of(house.ana));
	expect_none(house.ana, "secret");
	expect_none(again, "secret");
	expect_none(again, "viewers");
	expect_none(again, "'kind':'note'");
	expect_one(again, "'event':'escalated'");
	house_close(&house);
}

#define PAGE \
	"{'type':'message','id':'%s','ticket':1,'kind':'article','url':'https://docs.example.gov/%s','title':'%s','text':''}"

/* Which page, is known by its place in the log: 3 and 5. */
static void an_opened_page_is_on_record_once(void **state)
{
	struct house house = house_open();

	(void)state;
	tell(house.dana, PAGE, "p1", "keys", "Keys");
	tell(house.dana,
	     "{'type':'message','id':'m','ticket':1,'text':'Or: https://docs.example.gov/b'}");
	tell(house.dana, PAGE, "p2", "secret-page", "Other");
	expect_one(house.dana, "'seq':3,'prev':2,'at':");
	forget(house.ana);
	forget(house.dana);
	tell(house.ana, "{'type':'page_opened','id':'o1','seq':3}");
	expect_one(house.ana, "'type':'ack','id':'o1'");
	expect_one(house.dana, "'kind':'event','text':'','event':'page_opened','page':3");
	tell(house.ana, "{'type':'page_opened','id':'o1','seq':3}");
	expect_one(house.ana, "'duplicate':true");
	tell(house.ana, "{'type':'page_opened','id':'o2','seq':3}");
	expect_one(house.ana, "'type':'error','id':'o2','code':'conflict'");
	/* no page: the customer's words, ours, an event, nothing at all */
	for (int seq = 0; seq < 9; seq++)
		if (seq != 3 && seq != 5)
			tell(house.ana, "{'type':'page_opened','id':'n%d','seq':%d}", seq, seq);
	expect_one(house.ana, "'id':'n1','code':'not_found'");
	expect_one(house.ana, "'id':'n4','code':'not_found'");
	assert_int_equal(heard_count(house.ana, "'code':'not_found'"), 7);
	assert_int_equal(heard_count(house.dana, "'page_opened'"), 1);
	expect_none(house.ana, "page_opened");
	expect_none(house.ana, "'type':'status'");
	/* what was sent last is read when it has ended */
	tell(house.dana, "{'type':'close','id':'c','ticket':1,'resolution':'answered'}");
	forget(house.ana);
	tell(house.ana, "{'type':'page_opened','id':'o3','seq':5}");
	expect_one(house.ana, "'type':'ack','id':'o3'");
	tell(house.ana, "{'type':'history','after':0}");
	expect_none(house.ana, "page_opened");
	house_close(&house);
}

/* Who comes back, and who gets the ticket later, sees it in its place. */
static void an_opened_page_is_in_the_log_of_whoever_reads_it(void **state)
{
	struct house house = house_open();
	struct actor_on_stage *theo, *dana;

	(void)state;
	stage_hire(house.stage, "Theo", 2, "agent");
	tell(house.dana, PAGE, "p1", "keys", "Keys");
	tell(house.ana, "{'type':'page_opened','id':'o1','seq':3}");
	dana = stage_agent_in(house.stage, "dana", 3);
	expect_one(dana, "'event':'page_opened','page':3");
	theo = stage_agent_in(house.stage, "theo", 2);
	tell(dana, "{'type':'escalate','id':'e','ticket':1,'reason':'no'}");
	expect_one(theo, "'event':'page_opened','page':3");
	house_close(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_and_links_come_and_go_one_by_one),
		cmocka_unit_test(tags_and_links_have_limits),
		cmocka_unit_test(a_summary_goes_up_with_the_ticket_and_not_to_the_customer),
		cmocka_unit_test(tags_come_with_the_close),
		cmocka_unit_test(a_close_is_taken_back),
		cmocka_unit_test(a_close_is_taken_back_by_its_agent_alone_and_in_time),
		cmocka_unit_test(a_desk_may_do_without),
		cmocka_unit_test(what_came_in_between_stands),
		cmocka_unit_test(what_waited_for_the_customer_does_so_again),
		cmocka_unit_test(what_was_closed_out_of_the_queue_waits_again),
		cmocka_unit_test(nothing_for_agents_reaches_the_customer),
		cmocka_unit_test(an_opened_page_is_on_record_once),
		cmocka_unit_test(an_opened_page_is_in_the_log_of_whoever_reads_it),
		cmocka_unit_test(colleagues_see_who_looks_and_who_writes),
		cmocka_unit_test(a_person_is_named_once_and_gone_with_the_last_socket),
		cmocka_unit_test(all_tabs_of_an_agent_know_the_presence),
		cmocka_unit_test(viewers_are_told_between_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
