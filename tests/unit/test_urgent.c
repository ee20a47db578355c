/* SPDX-License-Identifier: MIT */
/* A new ticket and what is said of it, and emergencies: how one begins, who is paged, who may say
 * that it is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/timer.h"
#include "support/story.h"

#define ON(text) kit_at("2026-" text)

/* --- triage when it is opened --- */

static void a_new_ticket_says_why_it_is_what_it_is(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("please look at my pull request"));
	assert_string_equal(story->ticket.topic, "pr-review");
	assert_int_equal(story->ticket.priority, PRIORITY_MEDIUM);
	assert_int_equal(story->ticket.escalation.needed_tier, 2);
	assert_int_equal(story->ticket.tier, 1); /* the front door */
	assert_non_null(strstr(story_why(story, "topic"), "pull request"));
	assert_non_null(story_why(story, "priority"));
	assert_non_null(story_why(story, "needed_tier"));
	assert_string_equal(story->effect.changes[1].actor, "system");
}

static void without_a_front_door_it_goes_where_it_belongs(void **state)
{
	struct story *story = *state;

	story->kit.policy.front_door = false;
	story_must(story, ON("03-02 09:00"), to_open("please look at my pull request"));
	assert_int_equal(story->ticket.tier, 2);
	assert_int_equal(story->ticket.clocks.tier_since, ON("03-02 09:00"));
}

static void what_was_said_when_it_was_opened_holds(void **state)
{
	struct story *story = *state;
	struct command open = to_open("please look at my pull request");

	open.set.mask = SET_PRIORITY | SET_TOPIC;
	open.set.priority = PRIORITY_LOW;
	open.set.topic = SPAN_LIT("security");
	story_must(story, ON("03-02 09:00"), open);
	assert_string_equal(story->ticket.topic, "security");
	assert_int_equal(story->ticket.priority, PRIORITY_LOW);
}

static void solved_by_a_page_is_no_emergency(void **state)
{
	struct story *story = *state;
	struct command solved = to_open("a key was leaked");

	solved.resolution = RESOLUTION_DOCS_SELF;
	story_must(story, ON("03-02 09:00"), solved);
	assert_false(story->ticket.escalation.immediate);
	assert_int_equal(story->ticket.status, TICKET_RESOLVED);
	assert_int_equal(story->ticket.resolution_due, 0);
	story_pass(story, ON("03-09 09:00"));
	assert_int_equal(story->ticket.status, TICKET_CLOSED);
	assert_int_equal(story->fired_count, 1);
}

static void it_knows_the_one_before(void **state)
{
	struct story *story = *state;
	struct command open = to_open("again");

	open.previous.v = 41;
	story_must(story, ON("03-02 09:00"), open);
	assert_int_equal(story->ticket.escalation.previous.v, 41);
}

/* --- X1: immediate --- */

static void words_of_an_emergency_page_at_once(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-07 23:00"), to_open("our key was leaked"));
	story_is_emergency(story, ON("03-07 23:00"));
	assert_int_equal(story->events[EVENT_ESCALATED], 0); /* it began there */
	assert_string_equal(story->event_text[EVENT_INCIDENT],
	                    "What data, since when, who can see it?");
	assert_string_equal(story_why(story, "immediate"), "X1: immediate (secrets: \"leaked\")");
	assert_int_equal(story->ticket.clocks.next_due, ON("03-07 23:00"));

	story_pass(story, ON("03-07 23:12"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 3);
	assert_int_equal(story_fired_at(story, TIMER_PAGE, 0), ON("03-07 23:00"));
	assert_int_equal(story_fired_at(story, TIMER_PAGE, 1), ON("03-07 23:05"));
	assert_int_equal(story_fired_at(story, TIMER_PAGE, 2), ON("03-07 23:10"));
	assert_int_equal(story->alerts[ALERT_PAGE].attempt, 2);
	assert_int_equal(story->alerts[ALERT_PAGE].tier, 3);
	assert_string_equal(story->alerts[ALERT_PAGE].rule, "X1");
	assert_non_null(strstr(story_why(story, "page"), ", attempt 3"));

	story_must(story, ON("03-07 23:12"), to_act(ines, COMMAND_ACKNOWLEDGE, NULL));
	story_must(story, ON("03-07 23:13"), to_act(lee, COMMAND_ACKNOWLEDGE, NULL));
	assert_int_equal(story->ticket.escalation.page_acked_at, ON("03-07 23:12"));
	story_pass(story, ON("03-08 23:00"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 3);
}

static void a_drill_is_shown_and_pages_nobody(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("this is a drill: the site is down"));
	assert_false(story->ticket.escalation.immediate);
	assert_true(story->ticket.escalation.possible_incident);
	assert_non_null(strstr(story_why(story, "possible_incident"), "drill"));
	assert_int_equal(story->ticket.tier, 1);
}

static void an_emergency_in_a_later_message_is_one(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 09:10"), to_say(ana, "and now the site is down"));
	story_is_emergency(story, ON("03-02 09:10"));
	assert_int_equal(story->effect.entries_count, 3);
	assert_int_equal(story->effect.entries[0].kind, ENTRY_TEXT);
	assert_int_equal(story->effect.entries[1].event, EVENT_ESCALATED);
	assert_int_equal(story->effect.entries[1].from, ROLE_SYSTEM);
	assert_int_equal(story->effect.entries[2].event, EVENT_INCIDENT);
	assert_string_equal(story->event_text[EVENT_INCIDENT],
	                    "Since when, who is affected, what do they see?");
	assert_int_equal(story->effect.route, ROUTE_QUEUE);
	assert_int_equal(story->effect.released.v, dana.agent.v);
	assert_int_equal(story->ticket.agent.v, 0);
	assert_int_equal(story->ticket.waiting_since, ON("03-02 09:10"));
	assert_true(ticket_is_live(&story->ticket)); /* the visitor's chat stays open */
	/* once: more of it changes nothing */
	story_must(story, ON("03-02 09:11"), to_say(ana, "the site is down"));
	assert_int_equal(story->effect.entries_count, 1);
}

static void exposed_data_is_an_emergency_by_the_visitors_word(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 09:10"), with_exposed(to_say(ana, "yes")));
	story_is_emergency(story, ON("03-02 09:10"));
	assert_string_equal(story->event_text[EVENT_INCIDENT],
	                    "What data, since when, who can see it?");
}

static void an_agent_declares_an_incident(void **state)
{
	struct story *story = *state;

	story_chat(story);
	assert_int_equal(story_do(story, ON("03-02 09:10"), to_act(dana, COMMAND_INCIDENT, NULL)),
	                 ST_BAD_REQUEST);
	assert_int_equal(story_do(story, ON("03-02 09:10"), to_act(ana, COMMAND_INCIDENT, "now")),
	                 ST_FORBIDDEN);
	story_must(story, ON("03-02 09:10"), to_act(dana, COMMAND_INCIDENT, "logins fail"));
	story_is_emergency(story, ON("03-02 09:10"));
	assert_int_equal(story->effect.entries[0].from_agent.v, dana.agent.v);
	assert_non_null(strstr(story->event_reason[EVENT_ESCALATED], "logins fail"));
	assert_int_equal(
		story_do(story, ON("03-02 09:11"), to_act(dana, COMMAND_INCIDENT, "again")),
		ST_CONFLICT);
}

static void without_a_rule_an_agents_word_is_enough(void **state)
{
	struct story *story = *state;

	story->kit.policy.rules_count = 0;
	story_chat(story);
	story_must(story, ON("03-02 09:10"), to_act(dana, COMMAND_INCIDENT, "logins fail"));
	story_is_emergency(story, ON("03-02 09:10"));
}

static void stopped_production_is_high_and_first_in_the_queue(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), with_stopped(to_open("nothing works")));
	assert_int_equal(story->ticket.priority, PRIORITY_HIGH);
	assert_true(story->ticket.queue_head);
	assert_int_equal(story->ticket.escalation.stopped, STOPPED_SAID);
	assert_false(story->ticket.escalation.immediate);
}

static void stopped_and_not_answered_for_five_minutes(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), with_stopped(to_open("nothing works")));
	story_pass(story, ON("03-02 09:05") - 1);
	assert_false(story->ticket.escalation.immediate);
	story_pass(story, ON("03-02 09:05"));
	story_is_emergency(story, ON("03-02 09:05"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 1);
	assert_non_null(strstr(story_why(story, "immediate"), "nobody confirmed or rejected it"));
}

static void stopped_while_closed_or_until_it_closes(void **state)
{
	static const struct {
		const char *said, *emergency;
	} rows[] = {
		{"2026-03-02 20:00", "2026-03-02 20:00"},
		{"2026-03-02 17:58", "2026-03-02 18:00"},
		{"2026-07-03 12:00", "2026-07-03 12:00"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct story *story = story_create();

		story_must(story, kit_at(rows[i].said), with_stopped(to_open("nothing works")));
		story_pass(story, kit_at(rows[i].emergency));
		story_is_emergency(story, kit_at(rows[i].emergency));
		assert_non_null(strstr(story_why(story, "immediate"), "and the desk is closed"));
		story_destroy(&story);
	}
}

static void tier_1_confirms_or_rejects(void **state)
{
	struct story *story = *state;

	story_chat(story);
	assert_int_equal(story_do(story, ON("03-02 09:03"), to_answer(dana, COMMAND_CONFIRM, true)),
	                 ST_CONFLICT);
	story_must(story, ON("03-02 09:10"), with_stopped(to_say(ana, "it is")));
	assert_int_equal(story_do(story, ON("03-02 09:11"), to_answer(ana, COMMAND_CONFIRM, true)),
	                 ST_FORBIDDEN);
	story_must(story, ON("03-02 09:11"), to_answer(dana, COMMAND_CONFIRM, false));
	assert_int_equal(story->ticket.escalation.stopped, STOPPED_REJECTED);
	assert_int_equal(story_do(story, ON("03-02 09:12"), to_answer(dana, COMMAND_CONFIRM, true)),
	                 ST_CONFLICT);
	story_pass(story, ON("03-02 18:00"));
	assert_false(story->ticket.escalation.immediate);
}

static void confirmed_it_is_one_now(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 09:10"), with_stopped(to_say(ana, "it is")));
	story_must(story, ON("03-02 09:11"), to_answer(dana, COMMAND_CONFIRM, true));
	story_is_emergency(story, ON("03-02 09:11"));
	assert_int_equal(story->ticket.escalation.stopped, STOPPED_CONFIRMED);
}

static void who_takes_it_on_tier_3_has_seen_the_page(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("the site is down"));
	story_must(story, ON("03-02 09:01"), to_take(dana)); /* not hers to acknowledge */
	assert_int_equal(story->ticket.escalation.page_acked_at, 0);
	story_must(story, ON("03-02 09:02"), to_take(ines));
	assert_int_equal(story->ticket.escalation.page_acked_at, ON("03-02 09:02"));
	story_pass(story, ON("03-02 10:00"));
	assert_int_equal(story_fired(story, TIMER_PAGE), 1);
}

static void what_is_taken_back_is_not_paged_any_more(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("the site is down"));
	story_pass(story, ON("03-02 09:00"));
	assert_true(ticket_is_paging(&story->ticket));
	story_must(story, ON("03-02 09:01"), to_rank(ines, PRIORITY_LOW, "a drill"));
	assert_false(ticket_is_paging(&story->ticket));
	assert_string_equal(story_why(story, "page_acknowledged"), "taken back");
}

static void a_page_of_a_rule_ends_with_an_answer_and_the_next_begins_anew(void **state)
{
	struct story *story = *state;
	struct command answer = to_say(theo, "I am on it.");

	story_must(story, ON("03-02 09:00"), to_open("How do I start?"));
	story->ticket.escalation.pages = 2;
	story->ticket.escalation.paged_at = ON("03-02 09:00");
	assert_true(ticket_is_paging(&story->ticket));
	story_must(story, ON("03-02 09:01"), answer);
	assert_false(ticket_is_paging(&story->ticket));
	assert_string_equal(story_why(story, "page_acknowledged"), "answered");
	story_must(story, ON("03-02 09:02"), to_say(ana, "now the site is down"));
	story_pass(story, ON("03-02 09:02"));
	assert_true(ticket_is_paging(&story->ticket));
	assert_int_equal(story->ticket.escalation.pages, 1);
}

/* Tier 2 is paged for it at 17:52 and at 17:57, and then in the morning; what is answered around
 * the clock is paged for around the clock. */
static void a_page_of_a_rule_goes_to_the_next_in_the_hours(void **state)
{
	struct story *story = *state;
	struct policy *policy = &story->kit.policy;

	story_must(story, ON("03-02 17:22"), to_open("How do I start?"));
	story_pass(story, ON("03-02 17:52"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 1);
	assert_string_equal(story->alerts[ALERT_PAGE].rule, "X5");
	story_pass(story, ON("03-02 17:57"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 2);
	assert_int_equal(story->alerts[ALERT_PAGE].attempt, 1);
	assert_int_equal(story->alerts[ALERT_PAGE].tier, 2);
	assert_string_equal(story->alerts[ALERT_PAGE].rule, "X5");
	story_pass(story, ON("03-03 08:02") - 1);
	assert_int_equal(story->alerts_count[ALERT_PAGE], 2);
	story_pass(story, ON("03-03 08:07"));
	assert_int_equal(story_fired_at(story, TIMER_PAGE, 1), ON("03-03 08:02"));
	assert_int_equal(story_fired_at(story, TIMER_PAGE, 2), ON("03-03 08:07"));
	policy->promises[CHANNEL_CHAT][PRIORITY_LOW].around_the_clock = true;
	story_pass(story, ON("03-03 18:11"));
	assert_int_equal(story->alerts[ALERT_PAGE].attempt, 3 + 10 * 60 / 5);
	story_must(story, ON("03-03 18:12"), to_act(theo, COMMAND_ACKNOWLEDGE, NULL));
	story->alerts_count[ALERT_PAGE] = 0;
	story_pass(story, ON("03-03 19:00"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 0);
}

static void a_page_that_fails_goes_to_the_next_at_once(void **state)
{
	struct story *story = *state;
	const struct command failed = {.kind = COMMAND_PAGE_FAILED};

	story_must(story, ON("03-02 09:00"), to_open("the site is down"));
	story_pass(story, ON("03-02 09:00"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 1);
	assert_int_equal(
		story_do(story, ON("03-02 09:00"), to_act(dana, COMMAND_PAGE_FAILED, NULL)),
		ST_FORBIDDEN);
	story_must(story, ON("03-02 09:01"), failed);
	assert_int_equal(story->alerts_count[ALERT_PAGE], 2);
	assert_int_equal(story->alerts[ALERT_PAGE].attempt, 1);
	/* both were asked: somebody who leads knows, and it goes round again in five minutes */
	story_must(story, ON("03-02 09:01"), failed);
	assert_int_equal(story->alerts_count[ALERT_PAGE], 2);
	assert_int_equal(story->alerts[ALERT_NOTICE].notify, NOTIFY_SUPERVISOR);
	story_pass(story, ON("03-02 09:06"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 3);
	story_must(story, ON("03-02 09:07"), to_act(ines, COMMAND_ACKNOWLEDGE, NULL));
	assert_int_equal(story_do(story, ON("03-02 09:08"), failed), ST_CONFLICT);
}

static void x10_only_who_handles_incidents_says_it_is_none(void **state)
{
	struct story *story = *state;
	unsigned pages;

	story_must(story, ON("03-02 09:00"), with_stopped(to_open("the site is down")));
	story_pass(story, ON("03-02 09:01"));
	assert_int_equal(
		story_do(story, ON("03-02 09:02"), to_rank(dana, PRIORITY_LOW, "not really")),
		ST_FORBIDDEN);
	assert_int_equal(story_do(story, ON("03-02 09:02"), to_rank(ines, PRIORITY_LOW, NULL)),
	                 ST_BAD_REQUEST);
	story_must(story, ON("03-02 09:02"), to_rank(ines, PRIORITY_MEDIUM, "their own network"));
	assert_false(story->ticket.escalation.immediate);
	assert_int_equal(story->ticket.priority, PRIORITY_MEDIUM);
	assert_int_equal(story->events[EVENT_DOWNGRADED], 1);
	assert_string_equal(story->event_reason[EVENT_DOWNGRADED], "their own network");
	assert_string_equal(story_why(story, "priority"), "their own network");
	assert_int_equal(story->ticket.first_response_due, ON("03-02 09:10"));
	pages = story->alerts_count[ALERT_PAGE];
	/* the same words do not ring again, but are shown */
	story_must(story, ON("03-02 09:03"), to_say(ana, "so the site is down only for us"));
	assert_false(story->ticket.escalation.immediate);
	assert_true(story->ticket.escalation.possible_incident);
	story_pass(story, ON("03-02 09:09"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], pages);
	/* a person can */
	story_must(story, ON("03-02 09:09"), to_act(dana, COMMAND_INCIDENT, "it is, after all"));
	story_pass(story, ON("03-02 09:09"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], pages + 1);
	assert_int_equal(story->alerts[ALERT_PAGE].attempt, 0);
}

/* --- who may say what --- */

static void everybody_has_a_say_of_their_own(void **state)
{
	static const enum status ok = ST_OK, no = ST_FORBIDDEN;
	const struct {
		const char *claim;
		enum command_kind kind;
		enum status visitor, tier_1, tier_3, lead, system;
	} rows[] = {
		{"fire is the system's", COMMAND_FIRE, no, no, no, no, ok},
		{"so is a page that failed", COMMAND_PAGE_FAILED, no, no, no, no, ok},
		{"emergencies are acknowledged by who handles them", COMMAND_ACKNOWLEDGE, no, no,
	         ok, ok, no},
		{"any agent confirms", COMMAND_CONFIRM, no, ok, ok, ok, no},
		{"only who leads approves", COMMAND_APPROVE, no, no, no, ok, no},
		{"only the customer says whether it helped", COMMAND_HELPED, ok, no, no, no, no},
	};
	const struct actor *const actors[] = {&ana, &dana, &ines, &lee, NULL};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const enum status want[] = {rows[i].visitor, rows[i].tier_1, rows[i].tier_3,
		                            rows[i].lead, rows[i].system};

		for (size_t j = 0; j < ARRAY_LEN(actors); j++) {
			struct story *story = story_create();
			struct command command = {.kind = rows[i].kind};
			enum status st;

			if (actors[j] != NULL)
				command.actor = *actors[j];
			story_must(
				story, ON("03-02 09:00"),
				with_stopped(to_open("an out-of-band deploy, the site is down")));
			story_pass(story, ON("03-02 09:00"));
			story->ticket.escalation.approval = APPROVAL_NEEDED;
			st = story_do(story, ON("03-02 09:01"), command);
			if (st != want[j])
				fail_msg("%s: actor %zu: %s", rows[i].claim, j, status_name(st));
			story_destroy(&story);
		}
	}
}

#define IN_STORY(test) cmocka_unit_test_setup_teardown(test, story_set_up, story_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_has_a_say_of_their_own),
		IN_STORY(a_new_ticket_says_why_it_is_what_it_is),
		IN_STORY(without_a_front_door_it_goes_where_it_belongs),
		IN_STORY(what_was_said_when_it_was_opened_holds),
		IN_STORY(solved_by_a_page_is_no_emergency),
		IN_STORY(it_knows_the_one_before),
		IN_STORY(words_of_an_emergency_page_at_once),
		IN_STORY(a_drill_is_shown_and_pages_nobody),
		IN_STORY(an_emergency_in_a_later_message_is_one),
		IN_STORY(exposed_data_is_an_emergency_by_the_visitors_word),
		IN_STORY(an_agent_declares_an_incident),
		IN_STORY(without_a_rule_an_agents_word_is_enough),
		IN_STORY(stopped_production_is_high_and_first_in_the_queue),
		IN_STORY(stopped_and_not_answered_for_five_minutes),
		cmocka_unit_test(stopped_while_closed_or_until_it_closes),
		IN_STORY(tier_1_confirms_or_rejects),
		IN_STORY(confirmed_it_is_one_now),
		IN_STORY(who_takes_it_on_tier_3_has_seen_the_page),
		IN_STORY(what_is_taken_back_is_not_paged_any_more),
		IN_STORY(a_page_of_a_rule_ends_with_an_answer_and_the_next_begins_anew),
		IN_STORY(a_page_of_a_rule_goes_to_the_next_in_the_hours),
		IN_STORY(a_page_that_fails_goes_to_the_next_at_once),
		IN_STORY(x10_only_who_handles_incidents_says_it_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
