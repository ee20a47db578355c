/* SPDX-License-Identifier: MIT */
/* Very many clocks at one moment, over the whole desk in virtual time: who leads the desk hears of
 * the first ones by name and of the rest as numbers, and nobody who has a ticket is left out. The
 * policy is policy_kit's; it is Monday, 09:00. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/stage.h"

#define ONE_MINUTE (INT64_C(60) * 1000)
#define CROWD      50
#define SINGLE     20 /* alerts_per_second */

static void with_supervisor(struct policy_kit *kit)
{
	kit->supervisor = (struct contact){.id = "lead", .name = "Lee", .email = "lee@example.gov"};
	kit->policy.supervisor = &kit->supervisor;
}

static struct actor_on_stage *at_console(struct stage *stage, const char *who)
{
	struct actor_on_stage *actor = stage_agent(stage, who);

	tell(actor, "{'type':'hello'}");
	return actor;
}

static struct stage *desk_with_people(void)
{
	struct stage *stage = stage_create_ruled(with_supervisor);

	stage_hire(stage, "Dana", 1, "agent");
	stage_hire(stage, "Lee", 2, "supervisor");
	return stage;
}

/* All at one moment: their clocks are due at one moment, too. */
static void a_crowd_asks(struct stage *stage, size_t count, struct actor_on_stage **crowd)
{
	for (size_t i = 0; i < count; i++)
		crowd[i] = stage_visitor_in(stage);
	for (size_t i = 0; i < count; i++)
		say(crowd[i], "{'type':'message','id':'q','text':'How do I start?'}");
	stage_settle(stage);
}

/* What the numbers say of this, all together. */
static size_t told_as_number(struct actor_on_stage *actor, const char *item)
{
	char wanted[128];
	size_t sum = 0;

	(void)snprintf(wanted, sizeof(wanted), "%s\"tickets\":", item);
	for (const char *at = heard(actor); (at = strstr(at, wanted)) != NULL; at += strlen(wanted))
		sum += strtoull(at + strlen(wanted), NULL, 10);
	return sum;
}

#define WARNING "{\"level\":\"warning\",\"target\":\"first_response\","
#define BREACH  "{\"level\":\"breach\",\"target\":\"first_response\","
#define NOTICE  "{\"level\":\"notice\",\"rule\":\"X5\","

static void the_rest_is_told_as_numbers(void **state)
{
	struct stage *stage = desk_with_people();
	struct actor_on_stage *dana = at_console(stage, "dana"), *lee = at_console(stage, "lee");
	struct actor_on_stage *crowd[CROWD];

	(void)state;
	a_crowd_asks(stage, CROWD, crowd);
	stage_pass(stage, 12 * ONE_MINUTE);
	assert_int_equal(heard_count(dana, "'level':'warning','target'"), 1);
	assert_int_equal(heard_count(dana, "'type':'due'"), SINGLE);
	assert_int_equal(told_as_number(dana, WARNING), CROWD - SINGLE);
	assert_int_equal(heard_count(lee, "'level':'warning'"), 0);
	stage_pass(stage, 4 * ONE_MINUTE);
	assert_int_equal(heard_count(lee, "'type':'due'") + heard_count(lee, "'type':'alert',"),
	                 SINGLE);
	assert_int_equal(heard_count(lee, "'type':'alerts'"), 1);
	assert_int_equal(heard_count(lee, "'type':'due'") + told_as_number(lee, BREACH), CROWD);
	assert_int_equal(heard_count(lee, "'type':'alert',") + told_as_number(lee, NOTICE), CROWD);
	stage_destroy(&stage);
}

/* One line for those that were counted, and it says how many they are. */
static void so_does_the_notifier(void **state)
{
	struct stage *stage = desk_with_people();
	struct actor_on_stage *lee = at_console(stage, "lee");
	struct actor_on_stage *crowd[CROWD];
	size_t single, lines = 0;

	(void)state;
	a_crowd_asks(stage, CROWD, crowd);
	stage_pass(stage, 16 * ONE_MINUTE);
	single = heard_count(lee, "'type':'alert',");
	for (const char *at = stage_told(stage); (at = strstr(at, "notice ")) != NULL; at++)
		lines++;
	assert_int_equal(lines, single + 1);
	assert_int_equal(CROWD - single, told_as_number(lee, NOTICE));
	stage_destroy(&stage);
}

static void whoever_has_a_ticket_hears_of_each(void **state)
{
	struct stage *stage = desk_with_people();
	struct actor_on_stage *dana = at_console(stage, "dana"), *lee = at_console(stage, "lee");
	struct actor_on_stage *crowd[CROWD];
	size_t of_hers = 0;

	(void)state;
	a_crowd_asks(stage, CROWD, crowd);
	for (unsigned ticket = CROWD - 2; ticket <= CROWD; ticket++)
		tell(lee, "{'type':'transfer','id':'t%u','ticket':%u,'to':{'agent':1},'note':''}",
		     ticket, ticket);
	stage_pass(stage, 16 * ONE_MINUTE);
	for (unsigned ticket = CROWD - 2; ticket <= CROWD; ticket++) {
		char text[64];

		(void)snprintf(text, sizeof(text), "'type':'due','ticket':%u,", ticket);
		of_hers += heard_count(dana, text);
		(void)snprintf(text, sizeof(text), "'type':'unassigned','ticket':%u,", ticket);
		of_hers += heard_count(dana, text);
	}
	assert_int_equal(of_hers, 2 * 3); /* each warns, and then rule X5 takes it from her */
	for (size_t i = 0; i < CROWD; i++)
		assert_int_equal(heard_count(crowd[i], "'type':'alerts'"), 0);
	stage_destroy(&stage);
}

/* What comes a little at a time is told as it was before there were numbers. */
static void few_are_told_by_name(void **state)
{
	struct stage *stage = desk_with_people();
	struct actor_on_stage *lee = at_console(stage, "lee");
	struct actor_on_stage *crowd[CROWD];

	(void)state;
	for (size_t i = 0; i < CROWD; i += 5) {
		a_crowd_asks(stage, 5, crowd + i);
		stage_pass(stage, 1250);
	}
	stage_pass(stage, 16 * ONE_MINUTE);
	assert_int_equal(heard_count(lee, "'type':'due'"), CROWD);
	assert_int_equal(heard_count(lee, "'type':'alert',"), CROWD);
	assert_int_equal(heard_count(lee, "'type':'alerts'"), 0);
	stage_destroy(&stage);
}

static void an_emergency_is_never_a_number(void **state)
{
	struct stage *stage = desk_with_people();
	struct actor_on_stage *lee = at_console(stage, "lee");
	struct actor_on_stage *crowd[SINGLE + 10];

	(void)state;
	for (size_t i = 0; i < SINGLE + 10; i++)
		crowd[i] = stage_visitor_in(stage);
	for (size_t i = 0; i < SINGLE + 10; i++)
		say(crowd[i],
		    "{'type':'message','id':'q','text':'The site is down for everybody'}");
	stage_settle(stage);
	stage_pass(stage, 2000);
	assert_int_equal(heard_count(lee, "'level':'page','emergency':true"), SINGLE + 10);
	assert_int_equal(heard_count(lee, "'type':'alerts'"), 0);
	stage_destroy(&stage);
}

static void other_nodes_hear_the_numbers(void **state)
{
	struct stage *one = desk_with_people(), *two = stage_create_beside(one);
	struct actor_on_stage *lee = at_console(two, "lee");
	struct actor_on_stage *crowd[CROWD];

	(void)state;
	a_crowd_asks(one, CROWD, crowd);
	for (int second = 0; second < 16 * 60; second++) {
		stage_pass(one, 1000);
		stage_pass(two, 1000);
	}
	assert_in_range(heard_count(lee, "'type':'due'"), 1, SINGLE);
	assert_int_equal(heard_count(lee, "'type':'due'") + told_as_number(lee, BREACH), CROWD);
	assert_int_equal(heard_count(lee, "'type':'alert',") + told_as_number(lee, NOTICE), CROWD);
	stage_destroy(&two);
	stage_destroy(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rest_is_told_as_numbers),
		cmocka_unit_test(so_does_the_notifier),
		cmocka_unit_test(whoever_has_a_ticket_hears_of_each),
		cmocka_unit_test(few_are_told_by_name),
		cmocka_unit_test(an_emergency_is_never_a_number),
		cmocka_unit_test(other_nodes_hear_the_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
