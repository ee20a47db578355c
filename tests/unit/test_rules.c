/* SPDX-License-Identifier: MIT */
/* What makes a ticket go up: the rules of the usual desk behind the first one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/escalation.h"
#include "core/timer.h"
#include "support/story.h"

#define ON(text) kit_at("2026-" text)

/* --- X2 to X8 --- */

static void x2_after_thirty_minutes_of_work_there_is_a_choice(void **state)
{
	struct story *story = *state;
	struct command escalate = to_act(dana, COMMAND_ESCALATE, "needs logs");

	story_chat(story); /* hers since 09:01 */
	story_must(story, ON("03-02 09:21"), to_move(dana, TICKET_PENDING));
	story_must(story, ON("03-02 11:00"), to_say(ana, "here"));
	story_pass(story, ON("03-02 11:10") - 1);
	assert_false(story->ticket.escalation.choice_due);
	story_pass(story, ON("03-02 11:10"));
	assert_true(story->ticket.escalation.choice_due);
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "X2");
	assert_int_equal(story->alerts[ALERT_NOTICE].notify, NOTIFY_AGENT);
	story_must(story, ON("03-02 11:11"), escalate);
	assert_false(story->ticket.escalation.choice_due);
	assert_int_equal(story->ticket.clocks.work_ms, 31 * MINUTE_MS);
}

static void x4_two_answers_that_did_not_help(void **state)
{
	struct story *story = *state;

	story_chat(story);
	assert_int_equal(story_do(story, ON("03-02 09:03"), to_answer(dana, COMMAND_HELPED, false)),
	                 ST_FORBIDDEN);
	story_must(story, ON("03-02 09:03"), to_answer(ana, COMMAND_HELPED, false));
	story_must(story, ON("03-02 09:04"), to_answer(ana, COMMAND_HELPED, true));
	assert_int_equal(story->ticket.tier, 1);
	story_must(story, ON("03-02 09:05"), to_answer(ana, COMMAND_HELPED, false));
	assert_int_equal(story->ticket.escalation.failed_answers, 2);
	assert_int_equal(story->ticket.tier, 2);
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "X4");
	assert_int_equal(story->effect.entries[0].kind, ENTRY_NOTE);
	assert_int_equal(story->effect.entries[0].from, ROLE_VISITOR);
}

static void x4_or_reopened_twice(void **state)
{
	struct story *story = *state;

	story_chat(story);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(story->ticket.tier, 1);
		story_must(story, ON("03-02 10:00") + i * HOUR_MS,
		           to_end(dana, RESOLUTION_ANSWERED));
		story_must(story, ON("03-02 10:30") + i * HOUR_MS, to_say(ana, "no"));
	}
	assert_int_equal(story->ticket.tier, 2);
	assert_non_null(strstr(story->event_reason[EVENT_ESCALATED], "reopened 2 times"));
	assert_int_equal(story->effect.entries_count, 3);
}

static void x5_not_picked_up(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("how?"));
	story_must(story, ON("03-02 09:01"), to_take(dana)); /* and says nothing: 15 minutes */
	story_pass(story, ON("03-02 09:15"));
	assert_int_equal(story->events[EVENT_REQUEUED], 1);
	assert_string_equal(story->event_reason[EVENT_REQUEUED],
	                    "X5: not picked up (first response due 2026-03-02 09:15 UTC passed)");
	assert_int_equal(story->ticket.agent.v, 0);
	assert_true(story->ticket.queue_head);
	assert_int_equal(story->ticket.waiting_since, ON("03-02 09:15"));
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "X5");
	story_pass(story, ON("03-02 09:30"));
	assert_int_equal(story->ticket.tier, 2);
	assert_int_equal(story->alerts_count[ALERT_PAGE], 1);
	assert_int_equal(story->alerts[ALERT_PAGE].tier, 2);
}

static void x5_of_one_that_waits_is_first_from_then_on(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("how?"));
	story_pass(story, ON("03-02 09:15"));
	assert_true(story->ticket.queue_head);
	assert_int_equal(story->ticket.waiting_since, ON("03-02 09:00")); /* it waits since then */
	assert_int_equal(story->events[EVENT_REQUEUED], 0);
}

static void x6_silence_is_told_and_told_higher(void **state)
{
	struct story *story = *state;
	uint8_t first = policy_kit_slot(&story->kit, "X6", 0);
	uint8_t second = policy_kit_slot(&story->kit, "X6", 1);

	story_chat(story);
	story_must(story, ON("03-02 12:00"), to_say(ana, "any news?"));
	story_pass(story, ON("03-04 18:00"));
	assert_int_equal(story_fired_at(story, first, 0), ON("03-03 09:02"));
	assert_int_equal(story_fired_at(story, second, 0), ON("03-04 09:02"));
	assert_non_null(strstr(story_why(story, "told"), "X6")); /* on record */
	/* a word of an agent, and it starts again */
	story_must(story, ON("03-05 09:00"), to_say(dana, "on it"));
	story_pass(story, ON("03-06 09:00"));
	assert_int_equal(story_fired_at(story, first, 1), ON("03-06 09:00"));
	assert_int_equal(story_fired(story, second), 1);
}

static void x6_waiting_for_the_customer_is_no_silence(void **state)
{
	struct story *story = *state;
	uint8_t silence = policy_kit_slot(&story->kit, "X6", 0);

	story_chat(story);
	story_must(story, ON("03-02 10:00"), to_move(dana, TICKET_PENDING));
	story_must(story, ON("03-05 10:00"), to_say(ana, "here"));
	assert_int_equal(story_fired(story, silence), 0);
	story_pass(story, ON("03-06 10:00"));
	assert_int_equal(story_fired_at(story, silence, 0), ON("03-06 10:00"));
}

static void x7_high_without_progress_on_tier_2(void **state)
{
	struct story *story = *state;
	struct command escalate = to_act(dana, COMMAND_ESCALATE, "needs code");

	story_chat(story);
	story_must(story, ON("03-02 09:10"), to_rank(dana, PRIORITY_HIGH, NULL));
	story_must(story, ON("03-02 10:00"), escalate);
	story_must(story, ON("03-02 10:10"), to_take(theo));
	story_must(story, ON("03-02 11:00"),
	           (struct command){.kind = COMMAND_NOTE, .actor = theo, .text = SPAN_LIT("hm")});
	story_pass(story, ON("03-02 15:00") - 1);
	assert_int_equal(story->ticket.tier, 2);
	story_pass(story, ON("03-02 15:00"));
	assert_int_equal(story->ticket.tier, 3);
	assert_non_null(strstr(story_why(story, "tier"), "X7"));
}

static void x7_or_three_quarters_of_its_time(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 09:10"), to_rank(dana, PRIORITY_HIGH, NULL));
	story_must(story, ON("03-02 10:00"), to_act(dana, COMMAND_ESCALATE, "needs code"));
	story_must(story, ON("03-02 10:10"), to_take(theo));
	for (int i = 0; i < 5; i++)
		story_must(story, ON("03-02 13:00") + i * HOUR_MS, to_say(theo, "still on it"));
	for (int i = 0; i < 5; i++)
		story_must(story, ON("03-03 09:00") + i * HOUR_MS, to_say(theo, "still on it"));
	assert_int_equal(story->ticket.tier, 2); /* 14 of 20 hours */
	story_pass(story, ON("03-03 14:00"));
	assert_int_equal(story->ticket.tier, 3);
	assert_non_null(strstr(story_why(story, "tier"), "75 %"));
}

static void x8_a_deploy_waits_for_the_supervisors_yes(void **state)
{
	struct story *story = *state;
	struct command move = {.kind = COMMAND_TRANSFER, .actor = dana, .to_tier = 2};

	story_must(story, ON("03-02 09:00"), to_open("we need an out-of-band deploy"));
	assert_int_equal(story->ticket.escalation.approval, APPROVAL_NEEDED);
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "X8");
	assert_int_equal(story->alerts[ALERT_NOTICE].notify, NOTIFY_SUPERVISOR);
	story_must(story, ON("03-02 09:01"), to_take(dana));
	story_must(story, ON("03-02 09:02"), to_say(dana, "I ask"));
	assert_int_equal(story_do(story, ON("03-02 09:03"), to_end(dana, RESOLUTION_FIXED)),
	                 ST_CONFLICT);
	assert_int_equal(story_do(story, ON("03-02 09:03"), to_act(dana, COMMAND_ESCALATE, "now")),
	                 ST_CONFLICT);
	assert_int_equal(story_do(story, ON("03-02 09:03"), move), ST_CONFLICT);
	assert_int_equal(story_do(story, ON("03-02 09:03"), to_answer(dana, COMMAND_APPROVE, true)),
	                 ST_FORBIDDEN);
	story_must(story, ON("03-02 09:10"), to_answer(lee, COMMAND_APPROVE, true));
	assert_int_equal(story->ticket.escalation.approval, APPROVAL_GRANTED);
	assert_int_equal(story_do(story, ON("03-02 09:10"), to_answer(lee, COMMAND_APPROVE, false)),
	                 ST_CONFLICT);
	story_pass(story, ON("03-02 09:10"));
	assert_int_equal(story->ticket.tier, 2);
	/* the postmortem is due, although it was done long ago */
	story_must(story, ON("03-02 11:00"), to_take(theo));
	story_must(story, ON("03-02 12:00"), to_end(theo, RESOLUTION_FIXED));
	story_pass(story, ON("03-04 09:10"));
	assert_int_equal(story_fired_at(story, policy_kit_slot(&story->kit, "X8", 1), 0),
	                 ON("03-04 09:10"));
}

static void x8_refused_it_stays_so_for_all_but_the_lead(void **state)
{
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("we need an out-of-band deploy"));
	story_must(story, ON("03-02 09:10"), to_answer(lee, COMMAND_APPROVE, false));
	assert_int_equal(story->ticket.escalation.approval, APPROVAL_REFUSED);
	assert_int_equal(story_do(story, ON("03-02 09:11"), to_end(dana, RESOLUTION_FIXED)),
	                 ST_CONFLICT);
	story_must(story, ON("03-02 09:12"), to_end(lee, RESOLUTION_FIXED));
}

static void x8_also_when_an_agent_finds_that_topic(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 09:10"),
	           (struct command){
			   .kind = COMMAND_SET,
			   .actor = dana,
			   .set = {.mask = SET_TOPIC, .topic = SPAN_LIT("off-cycle-deployment")}});
	assert_int_equal(story->ticket.escalation.approval, APPROVAL_NEEDED);
	assert_int_equal(story->ticket.escalation.needed_tier, 2);
}

/* --- acceptance and reports --- */

static void a_tier_accepts_in_its_time(void **state)
{
	struct story *story = *state;
	uint8_t slot = policy_kit_slot(&story->kit, "ACCEPT", 0);

	story_chat(story);
	story_must(story, ON("03-02 17:00"), to_act(dana, COMMAND_ESCALATE, "needs logs"));
	assert_int_equal(story->ticket.clocks.accepted_at, 0);
	story_pass(story, ON("03-03 08:59"));
	assert_int_equal(story_fired(story, slot), 0);
	story_pass(story, ON("03-03 09:00")); /* two business hours */
	assert_int_equal(story_fired(story, slot), 1);
	story_must(story, ON("03-03 09:10"), to_take(theo));
	assert_int_equal(story->ticket.clocks.accepted_at, ON("03-03 09:10"));
	/* the next tier has its own */
	story_must(story, ON("03-03 09:20"), to_act(theo, COMMAND_ESCALATE, "needs more"));
	story_pass(story, ON("03-03 11:20"));
	assert_int_equal(story_fired_at(story, slot, 1), ON("03-03 11:20"));
}

static void accepted_in_time_nobody_is_told(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 10:00"), to_act(dana, COMMAND_ESCALATE, "needs logs"));
	story_must(story, ON("03-02 11:59"), to_take(theo));
	story_pass(story, ON("03-02 13:00"));
	assert_int_equal(story_fired(story, policy_kit_slot(&story->kit, "ACCEPT", 0)), 0);
}

static void a_report_is_due_an_hour_after_the_emergency(void **state)
{
	struct story *story = *state;
	uint8_t slot = policy_kit_slot(&story->kit, "REPORT", 0);

	story_must(story, ON("03-07 23:00"), to_open("our key was leaked"));
	story_must(story, ON("03-07 23:10"), to_take(ines));
	story_must(story, ON("03-07 23:30"), to_end(ines, RESOLUTION_FIXED));
	story_pass(story, ON("03-08 00:00"));
	assert_int_equal(story_fired_at(story, slot, 0), ON("03-08 00:00"));
	assert_int_equal(story->alerts[ALERT_NOTICE].notify, NOTIFY_LEAD);
	assert_int_equal(story->ticket.status, TICKET_RESOLVED);
}

static void an_incident_has_children(void **state)
{
	struct story *story = *state;
	struct command child = {
		.kind = COMMAND_SET, .actor = dana, .set = {.mask = SET_PARENT, .parent = {42}}};

	story_chat(story);
	assert_int_equal(story_do(story, ON("03-02 10:00"), child), ST_BAD_REQUEST);
	child.set.parent.v = 40;
	story_must(story, ON("03-02 10:00"), child);
	assert_int_equal(story->ticket.escalation.parent.v, 40);
	assert_string_equal(story->effect.changes[0].field, "parent");
}

/* Several rules want it to go up: it goes once, as far as any of them wants. */
static void rules_that_agree_raise_it_once(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 10:00"), to_end(dana, RESOLUTION_ANSWERED));
	story_must(story, ON("03-02 10:10"), to_say(ana, "no"));
	story_must(story, ON("03-02 10:11"), to_take(dana));
	story_must(story, ON("03-02 10:20"), to_end(dana, RESOLUTION_ANSWERED));
	story_must(story, ON("03-02 10:30"),
	           with_exposed(with_stopped(to_say(ana, "no, and the site is down"))));
	story_is_emergency(story, ON("03-02 10:30"));
	assert_int_equal(story->effect.entries_count, 4);
	assert_int_equal(story->events[EVENT_ESCALATED], 1);
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "X4");
}

static void without_a_policy_there_is_nothing_to_say(void **state)
{
	static const enum command_kind kinds[] = {
		COMMAND_FIRE,        COMMAND_INCIDENT, COMMAND_CONFIRM, COMMAND_ACKNOWLEDGE,
		COMMAND_PAGE_FAILED, COMMAND_APPROVE,  COMMAND_HELPED};
	struct story *story = *state;

	story_must(story, ON("03-02 09:00"), to_open("hello"));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct command command = {.kind = kinds[i], .actor = lee};

		assert_int_equal(
			ticket_decide(&story->ticket, &command, &story->arena, &story->effect),
			ST_BAD_REQUEST);
	}
}

/* A rule of its own in place of the first one. */
static void put_rule(struct story *story, struct rule rule)
{
	story->kit.rules[0] = rule;
	policy_kit_slots(&story->kit);
}

static void a_rule_can_answer_to_some_words_only(void **state)
{
	static const char *const secrets[] = {"secrets"};
	struct story *story = *state;

	put_rule(story, (struct rule){.id = "S",
	                              .title = "secrets",
	                              .steps = {{.when = {{.event = WHEN_TRIGGER,
	                                                   .triggers = secrets,
	                                                   .triggers_count = 1}},
	                                         .when_count = 1,
	                                         .then = {.immediate = true}}},
	                              .steps_count = 1});
	story_chat(story);
	story_must(story, ON("03-02 09:10"), to_say(ana, "the site is down"));
	assert_false(story->ticket.escalation.immediate);
	story_must(story, ON("03-02 09:11"), to_say(ana, "and a key has leaked"));
	assert_true(story->ticket.escalation.immediate);
	assert_int_equal(story->ticket.tier, 3);
}

/* Words that are no emergency: what answers to any trigger does not answer to them. */
static void who_asks_whom_to_turn_to_is_heard(void **state)
{
	struct story *story = *state;

	story->kit.rules[1] = (struct rule){.id = "W",
	                                    .title = "whom to ask",
	                                    .steps = {{.when = {{.event = WHEN_ASKED}},
	                                               .when_count = 1,
	                                               .then = {.notify = NOTIFY_SUPERVISOR}}},
	                                    .steps_count = 1};
	put_rule(story, (struct rule){.id = "E",
	                              .title = "emergency",
	                              .steps = {{.when = {{.event = WHEN_TRIGGER}},
	                                         .when_count = 1,
	                                         .then = {.immediate = true}}},
	                              .steps_count = 1});
	story_chat(story);
	story_must(story, ON("03-02 09:10"), to_say(ana, "no word so far, whom do I turn to?"));
	assert_false(story->ticket.escalation.immediate);
	assert_false(story->ticket.escalation.possible_incident);
	assert_int_equal(story->alerts_count[ALERT_NOTICE], 1);
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "W");
	assert_string_equal(story_why(story, "told"),
	                    "W: whom to ask (the customer asks: \"whom do I turn to\")");
	story_must(story, ON("03-02 09:11"), to_say(ana, "whom do I turn to? the site is down"));
	assert_true(story->ticket.escalation.immediate);
	assert_int_equal(story->alerts_count[ALERT_NOTICE], 2);
}

static void a_rule_can_raise_the_priority_and_page(void **state)
{
	struct story *story = *state;

	put_rule(story, (struct rule){.id = "P",
	                              .criterion = "an outage in words",
	                              .steps = {{.when = {{.event = WHEN_TRIGGER}},
	                                         .when_count = 1,
	                                         .then = {.raises = true,
	                                                  .priority = PRIORITY_HIGH,
	                                                  .page = true}}},
	                              .steps_count = 1});
	story_must(story, ON("03-02 09:00"), to_open("how?"));
	story_must(story, ON("03-02 09:01"), to_say(ana, "the site is down"));
	assert_int_equal(story->ticket.priority, PRIORITY_HIGH);
	assert_int_equal(story->effect.route, ROUTE_QUEUE); /* its place there is another */
	assert_non_null(strstr(story_why(story, "priority"), "P: an outage in words"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 1);
	assert_string_equal(story->alerts[ALERT_PAGE].rule, "P");
	assert_int_equal(story->alerts[ALERT_PAGE].tier, 1);
	assert_int_equal(story->ticket.first_response_due, ON("03-02 09:05"));
	/* never down */
	story_must(story, ON("03-02 09:02"), to_rank(dana, PRIORITY_CRITICAL, NULL));
	story_must(story, ON("03-02 09:02"), to_say(ana, "the site is down"));
	assert_int_equal(story->ticket.priority, PRIORITY_CRITICAL);
}

static void a_rule_can_be_found_by_what_it_answers_to(void **state)
{
	struct story *story = *state;
	struct escalation found;

	assert_true(escalation_find(&story->kit.policy, WHEN_WORK, &found));
	assert_string_equal(found.rule->id, "X2");
	assert_int_equal(found.when->after.ms, 30 * MINUTE_MS);
	assert_false(escalation_find(&story->kit.policy, WHEN_PATTERN, &found));
	assert_string_equal(escalation_paging(&story->kit.policy, true), "X1");
	story->kit.policy.rules_count = 0;
	assert_string_equal(escalation_paging(&story->kit.policy, true), "");
}

static void what_an_agent_sets_is_in_the_audit(void **state)
{
	struct story *story = *state;

	story_chat(story);
	story_must(story, ON("03-02 09:10"),
	           (struct command){.kind = COMMAND_SET,
	                            .actor = dana,
	                            .set = {.mask = SET_TITLE | SET_TAGS,
	                                    .title = SPAN_LIT("A better title"),
	                                    .tags = {{"api"}, {"docs"}},
	                                    .tags_count = 2}});
	assert_int_equal(story->effect.changes_count, 2);
	assert_string_equal(story->effect.changes[0].field, "title");
	assert_string_equal(story->effect.changes[0].actor, "agent:Dana");
	assert_true(span_is(story->effect.changes[1].to, "api docs"));
	assert_string_equal(story->ticket.title, "A better title");
	assert_int_equal(story->ticket.clocks.agent_at, ON("03-02 09:10"));
}

#define IN_STORY(test) cmocka_unit_test_setup_teardown(test, story_set_up, story_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORY(x2_after_thirty_minutes_of_work_there_is_a_choice),
		IN_STORY(x4_two_answers_that_did_not_help),
		IN_STORY(x4_or_reopened_twice),
		IN_STORY(x5_not_picked_up),
		IN_STORY(x5_of_one_that_waits_is_first_from_then_on),
		IN_STORY(x6_silence_is_told_and_told_higher),
		IN_STORY(x6_waiting_for_the_customer_is_no_silence),
		IN_STORY(x7_high_without_progress_on_tier_2),
		IN_STORY(x7_or_three_quarters_of_its_time),
		IN_STORY(x8_a_deploy_waits_for_the_supervisors_yes),
		IN_STORY(x8_refused_it_stays_so_for_all_but_the_lead),
		IN_STORY(x8_also_when_an_agent_finds_that_topic),
		IN_STORY(a_tier_accepts_in_its_time),
		IN_STORY(accepted_in_time_nobody_is_told),
		IN_STORY(a_report_is_due_an_hour_after_the_emergency),
		IN_STORY(an_incident_has_children),
		IN_STORY(rules_that_agree_raise_it_once),
		IN_STORY(without_a_policy_there_is_nothing_to_say),
		IN_STORY(a_rule_can_answer_to_some_words_only),
		IN_STORY(who_asks_whom_to_turn_to_is_heard),
		IN_STORY(a_rule_can_raise_the_priority_and_page),
		IN_STORY(a_rule_can_be_found_by_what_it_answers_to),
		IN_STORY(what_an_agent_sets_is_in_the_audit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
