/* SPDX-License-Identifier: MIT */
/* What is promised between the first response and the resolution: of which tickets, from when on,
 * until when, and who hears of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/timer.h"
#include "support/story.h"

#define ENDS(text) kit_at("2026-" text)

#define MITIGATE_WARN   TIMER_MILESTONES
#define MITIGATE_BREACH (TIMER_MILESTONES + 1)
#define REPORT_WARN     (TIMER_MILESTONES + 2)
#define REPORT_BREACH   (TIMER_MILESTONES + 3)

#define LEAKED "a key was leaked"

static const char *const security[] = {"security"};

/* Critical ones are mitigated in 4 hours, and around the clock reported in one when a rule says
 * so or they are about security; those about security have 2 business hours for a look. */
static const struct milestone milestones[] = {
	{.id = "mitigate",
         .name = "Mitigation",
         .within = {.ms = 4 * HOUR_MS},
         .stands = true,
         .priorities = 1U << PRIORITY_CRITICAL,
         .notify = NOTIFY_LEAD},
	{.id = "report",
         .name = "Security report",
         .within = {.ms = HOUR_MS},
         .always = true,
         .stands = true,
         .priorities = 1U << PRIORITY_CRITICAL,
         .topics = security,
         .topics_count = 1},
	{.id = "look",
         .name = "A look at it",
         .within = {.ms = 2 * BUSINESS_HOUR_MS, .business = true}},
};

/* Words of "leaked" start the report, and the look. */
static const struct rule starts = {.id = "X13",
                                   .title = "data is out",
                                   .steps = {{.when = {{.event = WHEN_TRIGGER}},
                                              .when_count = 1,
                                              .then = {.milestones = 1U << 1 | 1U << 2}}},
                                   .steps_count = 1};

/* Missed mitigations page Tier 3, and the lead is told; reports do at three quarters. */
static const struct rule misses = {
	.id = "X14",
	.title = "not done",
	.steps = {{.when = {{.event = WHEN_MILESTONE, .milestone = 0, .percent = 100}},
                   .when_count = 1,
                   .then = {.tier = 3, .page = true, .notify = NOTIFY_LEAD}},
                  {.when = {{.event = WHEN_MILESTONE, .milestone = 1, .percent = 75}},
                   .when_count = 1,
                   .then = {.tier = 3, .page = true}}},
	.steps_count = 2};

static int set_up(void **state)
{
	struct story *story = story_create();
	struct policy *policy = &story->kit.policy;

	policy->milestones = milestones;
	policy->milestones_count = ARRAY_LEN(milestones);
	*state = story;
	return 0;
}

static int tear_down(void **state)
{
	struct story *story = *state;

	story_destroy(&story);
	return 0;
}

static void add(struct story *story, const struct rule *rule)
{
	struct policy_kit *kit = &story->kit;

	MUST(kit->policy.rules_count < KIT_RULES_MAX);
	kit->rules[kit->policy.rules_count++] = *rule;
	policy_kit_slots(kit);
}

static void add_rule(struct story *story)
{
	add(story, &starts);
}

static struct command request(enum priority priority)
{
	return (struct command){.kind = COMMAND_OPEN,
	                        .actor = ana,
	                        .channel = CHANNEL_PORTAL,
	                        .text = SPAN_LIT("nothing in particular"),
	                        .set = {.mask = SET_PRIORITY, .priority = priority}};
}

static struct command to_tell(struct actor who, const char *done, const char *reason)
{
	return (struct command){.kind = COMMAND_SET,
	                        .actor = who,
	                        .reason = span_of(reason),
	                        .set = {.mask = SET_DONE, .done = span_of(done)}};
}

static struct command to_take_back(struct actor who, const char *undone)
{
	return (struct command){.kind = COMMAND_SET,
	                        .actor = who,
	                        .set = {.mask = SET_UNDONE, .undone = span_of(undone)}};
}

static struct command to_topic(struct actor who, const char *topic)
{
	return (struct command){.kind = COMMAND_SET,
	                        .actor = who,
	                        .set = {.mask = SET_TOPIC, .topic = span_of(topic)}};
}

static wall_ms due(const struct story *story, const char *id)
{
	const struct ticket_milestone *own = milestone_find(&story->ticket, id);

	return own != NULL ? own->due : -1;
}

static wall_ms done(const struct story *story, const char *id)
{
	const struct ticket_milestone *own = milestone_find(&story->ticket, id);

	return own != NULL ? own->done_at : -1;
}

static void it_is_promised_with_the_first_message(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	assert_int_equal(due(story, "mitigate"), ENDS("03-02 13:00"));
	assert_int_equal(due(story, "report"), -1); /* it is not about security */
	assert_int_equal(due(story, "look"), -1);
}

static void what_is_not_promised_has_none(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_HIGH));
	story_pass(story, ENDS("03-03 09:00"));
	assert_string_equal(story->ticket.milestones[0].id, "");
	assert_int_equal(story_fired(story, MITIGATE_BREACH), 0);
}

static void it_warns_once_and_is_missed_once(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_pass(story, ENDS("03-02 12:00"));
	assert_int_equal(story_fired_at(story, MITIGATE_WARN, 0), ENDS("03-02 12:00"));
	assert_string_equal(story->alerts[ALERT_WARNED].milestone, "mitigate");
	assert_int_equal(story->alerts[ALERT_WARNED].due, ENDS("03-02 13:00"));
	assert_int_equal(story->alerts[ALERT_NOTICE].notify, NOTIFY_LEAD);
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "mitigate");
	story_pass(story, ENDS("03-02 13:00"));
	assert_string_equal(story->alerts[ALERT_BREACHED].milestone, "mitigate");
	assert_int_equal(story->alerts[ALERT_BREACHED].due, ENDS("03-02 13:00"));
	story_pass(story, ENDS("03-05 13:00"));
	assert_int_equal(story_fired(story, MITIGATE_WARN), 1);
	assert_int_equal(story_fired(story, MITIGATE_BREACH), 1);
}

static void what_is_done_in_time_is_not_missed(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 10:00"), to_tell(ines, "mitigate", "rolled back"));
	assert_string_equal(story_why(story, "done"), "rolled back");
	assert_int_equal(done(story, "mitigate"), ENDS("03-02 10:00"));
	story_pass(story, ENDS("03-03 09:00"));
	assert_int_equal(story_fired(story, MITIGATE_WARN), 0);
	assert_int_equal(story_fired(story, MITIGATE_BREACH), 0);
	assert_int_equal(due(story, "mitigate"), ENDS("03-02 13:00")); /* kept, to compare */
	/* a second time changes nothing */
	story_must(story, ENDS("03-03 09:01"), to_tell(dana, "mitigate", NULL));
	assert_int_equal(done(story, "mitigate"), ENDS("03-02 10:00"));
	assert_int_equal(story->effect.changes_count, 0);
}

static void what_is_taken_back_runs_on(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 10:00"), to_tell(ines, "mitigate", NULL));
	story_must(story, ENDS("03-02 10:01"), to_take_back(ines, "mitigate"));
	assert_int_equal(done(story, "mitigate"), 0);
	assert_int_equal(due(story, "mitigate"), ENDS("03-02 13:00"));
	story_pass(story, ENDS("03-02 14:00"));
	assert_int_equal(story_fired_at(story, MITIGATE_BREACH, 0), ENDS("03-02 13:00"));
}

/* Whoever looked at the clock last, the word came too late. */
static void what_is_done_late_is_missed(void **state)
{
	struct story *story = *state;
	struct command late = to_tell(ines, "mitigate", NULL);

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_pass(story, ENDS("03-02 09:30"));
	late.now = ENDS("03-02 13:00") + 1; /* without firing */
	late.book = &story->kit.book;
	assert_int_equal(ticket_decide(&story->ticket, &late, &story->arena, &story->effect),
	                 ST_OK);
	assert_true((story->effect.after.clocks.fired >> MITIGATE_BREACH & 1U) != 0);
	late.now = ENDS("03-02 13:00") - 1;
	assert_int_equal(ticket_decide(&story->ticket, &late, &story->arena, &story->effect),
	                 ST_OK);
	assert_true((story->effect.after.clocks.fired >> MITIGATE_BREACH & 1U) == 0);
}

static void another_priority_counts_from_creation(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_HIGH));
	story_must(story, ENDS("03-02 11:00"), to_rank(dana, PRIORITY_CRITICAL, NULL));
	assert_int_equal(due(story, "mitigate"), ENDS("03-02 13:00"));
	story_must(story, ENDS("03-02 11:30"), to_rank(dana, PRIORITY_HIGH, NULL));
	assert_int_equal(due(story, "mitigate"), -1);
	story_pass(story, ENDS("03-02 14:00"));
	assert_int_equal(story_fired(story, MITIGATE_BREACH), 0);
	/* and what was missed meanwhile is missed at once, and once */
	story_must(story, ENDS("03-02 15:00"), to_rank(dana, PRIORITY_CRITICAL, NULL));
	story_pass(story, ENDS("03-02 15:00"));
	story_must(story, ENDS("03-02 15:01"), to_rank(dana, PRIORITY_HIGH, NULL));
	story_must(story, ENDS("03-02 15:02"), to_rank(dana, PRIORITY_CRITICAL, NULL));
	story_pass(story, ENDS("03-02 16:00"));
	assert_int_equal(story_fired(story, MITIGATE_BREACH), 1);
}

static void waiting_for_the_customer_stops_one_clock_and_not_the_other(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_topic(dana, "security"));
	story_must(story, ENDS("03-02 09:02"), to_take(dana));
	story_must(story, ENDS("03-02 09:10"), to_say(dana, "which key?"));
	story_must(story, ENDS("03-02 09:20"), to_move(dana, TICKET_PENDING));
	assert_int_equal(due(story, "mitigate"), 0);
	assert_int_equal(due(story, "report"), ENDS("03-02 10:00"));
	story_pass(story, ENDS("03-02 10:00"));
	assert_int_equal(story_fired_at(story, REPORT_BREACH, 0), ENDS("03-02 10:00"));
	story_must(story, ENDS("03-02 11:20"), to_say(ana, "this one"));
	assert_int_equal(due(story, "mitigate"), ENDS("03-02 15:00"));
}

static void the_end_stops_one_clock_and_not_the_other(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_topic(dana, "security"));
	story_must(story, ENDS("03-02 09:02"), to_take(dana));
	story_must(story, ENDS("03-02 09:20"), to_end(dana, RESOLUTION_ANSWERED));
	assert_int_equal(due(story, "mitigate"), 0);
	story_pass(story, ENDS("03-02 18:00"));
	assert_int_equal(story_fired(story, MITIGATE_BREACH), 0);
	assert_int_equal(story_fired_at(story, REPORT_BREACH, 0), ENDS("03-02 10:00"));
	story_must(story, ENDS("03-02 18:01"), to_tell(dana, "report", "by phone"));
	assert_int_equal(done(story, "report"), ENDS("03-02 18:01"));
}

static void spam_is_reported_to_nobody(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_topic(dana, "security"));
	story_must(story, ENDS("03-02 09:02"), to_take(dana));
	story_must(story, ENDS("03-02 09:20"), to_end(dana, RESOLUTION_SPAM));
	story_pass(story, ENDS("03-02 18:00"));
	assert_int_equal(story_fired(story, REPORT_WARN), 0);
	assert_int_equal(story_fired(story, REPORT_BREACH), 0);
}

/* What a rule starts counts from there, and stays whatever the ticket becomes. */
static void a_rule_starts_it(void **state)
{
	struct story *story = *state;

	add_rule(story);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_LOW));
	story_must(story, ENDS("03-02 09:30"), to_say(ana, LEAKED));
	assert_int_equal(due(story, "report"), ENDS("03-02 10:30"));
	assert_int_equal(due(story, "look"), ENDS("03-02 11:30"));
	assert_int_equal(strncmp(story_why(story, "milestone"), "X13: ", 5), 0);
	story_must(story, ENDS("03-02 09:31"), to_topic(dana, "pr-review"));
	assert_int_equal(due(story, "report"), ENDS("03-02 10:30"));
	/* more of such words do not start it again */
	story_must(story, ENDS("03-02 09:40"), to_say(ana, LEAKED));
	assert_int_equal(due(story, "report"), ENDS("03-02 10:30"));
}

static void pauses_before_it_was_started_do_not_count(void **state)
{
	struct story *story = *state;

	add_rule(story);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_LOW));
	story_must(story, ENDS("03-02 09:01"), to_take(dana));
	story_must(story, ENDS("03-02 09:02"), to_move(dana, TICKET_PENDING));
	story_must(story, ENDS("03-02 12:02"), to_say(ana, "here I am"));
	story_must(story, ENDS("03-02 13:00"), to_say(ana, LEAKED));
	assert_int_equal(due(story, "look"), ENDS("03-02 15:00"));
	story_must(story, ENDS("03-02 13:10"), to_take(ines));
	story_must(story, ENDS("03-02 13:30"), to_move(ines, TICKET_PENDING));
	story_must(story, ENDS("03-02 14:00"), to_say(ana, "back again"));
	assert_int_equal(due(story, "look"), ENDS("03-02 15:30"));
}

static void no_emergency_no_report(void **state)
{
	struct story *story = *state;

	add_rule(story);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_LOW));
	story_must(story, ENDS("03-02 09:30"), to_say(ana, LEAKED));
	assert_true(story->ticket.escalation.immediate);
	story_must(story, ENDS("03-02 09:40"), to_rank(ines, PRIORITY_LOW, "a test key"));
	assert_int_equal(due(story, "report"), -1);
	story_pass(story, ENDS("03-03 09:00"));
	assert_int_equal(story_fired(story, REPORT_BREACH), 0);
}

static void expect_paged(const struct story *story, unsigned times, const char *rule)
{
	assert_int_equal(story->alerts_count[ALERT_PAGE], times);
	if (times > 0)
		assert_string_equal(story->alerts[ALERT_PAGE].rule, rule);
}

static void who_is_on_duty_is_paged_when_it_is_missed(void **state)
{
	struct story *story = *state;

	add(story, &misses);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_take(dana));
	story_must(story, ENDS("03-02 09:02"), to_say(dana, "I look into it"));
	story_pass(story, ENDS("03-02 12:59"));
	expect_paged(story, 0, "");
	story_pass(story, ENDS("03-02 13:00"));
	expect_paged(story, 1, "X14");
	assert_int_equal(story->alerts[ALERT_PAGE].tier, 3);
	assert_int_equal(story->ticket.tier, 3);
	assert_int_equal(story->alerts[ALERT_NOTICE].notify, NOTIFY_LEAD);
	assert_string_equal(story->event_reason[EVENT_ESCALATED],
	                    "X14: not done (Mitigation due 2026-03-02 13:00 UTC passed)");
	story_pass(story, ENDS("03-02 13:05")); /* nobody acknowledged: the next one */
	assert_int_equal(story->alerts_count[ALERT_PAGE], 2);
	assert_int_equal(story->alerts[ALERT_PAGE].attempt, 1);
	story_must(story, ENDS("03-02 13:06"), to_tell(dana, "mitigate", "rolled back"));
	assert_string_equal(story_why(story, "page_acknowledged"), "done");
	story_pass(story, ENDS("03-05 13:00"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 2);
}

static void what_is_done_in_time_pages_nobody(void **state)
{
	struct story *story = *state;

	add(story, &misses);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_take(dana));
	story_must(story, ENDS("03-02 09:02"), to_say(dana, "I look into it"));
	story_must(story, ENDS("03-02 12:00"), to_tell(dana, "mitigate", NULL));
	story_pass(story, ENDS("03-02 14:00"));
	expect_paged(story, 0, "");
	story_must(story, ENDS("03-02 14:01"), to_take_back(dana, "mitigate")); /* late then */
	story_pass(story, ENDS("03-02 14:01"));
	expect_paged(story, 1, "X14");
}

/* Nobody is asked twice at a time; somebody who acknowledged it is asked again. */
static void an_emergency_is_paged_again_for_what_was_promised(void **state)
{
	struct story *story = *state;
	unsigned pages;

	add(story, &misses);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_act(ines, COMMAND_INCIDENT, "down"));
	story_must(story, ENDS("03-02 09:02"), to_act(ines, COMMAND_ACKNOWLEDGE, NULL));
	pages = story->alerts_count[ALERT_PAGE];
	story_pass(story, ENDS("03-02 12:59"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], pages);
	story_pass(story, ENDS("03-02 13:00"));
	expect_paged(story, pages + 1, "X14");
	assert_int_equal(story->alerts[ALERT_PAGE].attempt, 0);
	story_must(story, ENDS("03-02 13:01"), to_tell(dana, "mitigate", NULL)); /* of Tier 1 */
	assert_int_equal(story->ticket.escalation.page_acked_at, 0);
	story_pass(story, ENDS("03-02 13:05"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], pages + 2);
	story_must(story, ENDS("03-02 13:06"), to_take_back(dana, "mitigate"));
	story_must(story, ENDS("03-02 13:07"), to_tell(ines, "mitigate", NULL));
	assert_true(story->ticket.escalation.page_acked_at != 0);
}

static void an_emergency_that_is_paged_already_is_paged_once(void **state)
{
	struct story *story = *state;

	add(story, &misses);
	story->kit.policy.page_again = (struct duration){.ms = 24 * HOUR_MS};
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_act(ines, COMMAND_INCIDENT, "down"));
	story_pass(story, ENDS("03-02 13:00"));
	assert_int_equal(story_fired(story, MITIGATE_BREACH), 1);
	assert_int_equal(story->alerts_count[ALERT_PAGE], 1);
}

static void a_warned_one_pages_while_there_is_time(void **state)
{
	struct story *story = *state;

	add(story, &misses);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_topic(dana, "security"));
	story_must(story, ENDS("03-02 09:02"), to_take(dana));
	story_must(story, ENDS("03-02 09:03"), to_say(dana, "I look into it"));
	story_pass(story, ENDS("03-02 09:45"));
	expect_paged(story, 1, "X14");
	assert_string_equal(
		story->event_reason[EVENT_ESCALATED],
		"X14: not done (Security report at 75 % of its time: 2026-03-02 09:45 UTC)");
}

/* The report is owed after the end, too: the call is made, once. */
static void what_is_owed_after_the_end_pages_once(void **state)
{
	struct story *story = *state;

	add(story, &misses);
	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	story_must(story, ENDS("03-02 09:01"), to_topic(dana, "security"));
	story_must(story, ENDS("03-02 09:10"), to_end(dana, RESOLUTION_FIXED));
	story_pass(story, ENDS("03-02 09:44"));
	expect_paged(story, 0, "");
	story_pass(story, ENDS("03-02 09:45"));
	expect_paged(story, 1, "X14");
	story_pass(story, ENDS("03-02 12:00"));
	assert_int_equal(story->alerts_count[ALERT_PAGE], 1);
}

static void only_agents_say_so_and_only_of_what_there_is(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(PRIORITY_CRITICAL));
	assert_int_equal(story_do(story, ENDS("03-02 09:01"), to_tell(ana, "mitigate", NULL)),
	                 ST_FORBIDDEN);
	assert_int_equal(story_do(story, ENDS("03-02 09:02"), to_tell(dana, "report", NULL)),
	                 ST_BAD_REQUEST);
	assert_int_equal(story_do(story, ENDS("03-02 09:03"), to_tell(dana, "", NULL)),
	                 ST_BAD_REQUEST);
	assert_int_equal(story_do(story, ENDS("03-02 09:04"), to_take_back(dana, "report")),
	                 ST_BAD_REQUEST);
}

static void each_slot_has_its_milestone(void **state)
{
	const struct policy *policy = &((struct story *)*state)->kit.policy;

	assert_string_equal(timer_name(policy, REPORT_BREACH), "report");
	assert_ptr_equal(timer_milestone(policy, MITIGATE_WARN), &milestones[0]);
	assert_null(timer_milestone(policy, TIMER_SLOTS - 1));
	assert_null(timer_milestone(policy, TIMER_FIRST_WARN));
	assert_true(timer_is_target(MITIGATE_WARN));
	assert_false(timer_is_target(TIMER_RULES));
}

static void a_list_of_them_has_no_holes(void **state)
{
	struct ticket ticket = {0}, copy;

	(void)state;
	milestone_put(&ticket, "one")->due = 1;
	milestone_put(&ticket, "two")->due = 2;
	milestone_put(&ticket, "three")->due = 3;
	milestone_put(&ticket, "four")->due = 4;
	assert_null(milestone_put(&ticket, "five"));
	copy = ticket;
	milestone_drop(&ticket, "two");
	assert_null(milestone_find(&ticket, "two"));
	assert_int_equal(milestone_find(&ticket, "four")->due, 4);
	assert_string_equal(ticket.milestones[3].id, "");
	assert_false(milestones_are_same(&ticket, &copy));
	milestone_put(&ticket, "two")->due = 2;
	assert_int_equal(milestone_find(&ticket, "two")->due, 2);
}

int main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CLAIM(it_is_promised_with_the_first_message),
		CLAIM(what_is_not_promised_has_none),
		CLAIM(it_warns_once_and_is_missed_once),
		CLAIM(what_is_done_in_time_is_not_missed),
		CLAIM(what_is_taken_back_runs_on),
		CLAIM(what_is_done_late_is_missed),
		CLAIM(another_priority_counts_from_creation),
		CLAIM(waiting_for_the_customer_stops_one_clock_and_not_the_other),
		CLAIM(the_end_stops_one_clock_and_not_the_other),
		CLAIM(spam_is_reported_to_nobody),
		CLAIM(a_rule_starts_it),
		CLAIM(pauses_before_it_was_started_do_not_count),
		CLAIM(no_emergency_no_report),
		CLAIM(who_is_on_duty_is_paged_when_it_is_missed),
		CLAIM(what_is_done_in_time_pages_nobody),
		CLAIM(an_emergency_is_paged_again_for_what_was_promised),
		CLAIM(an_emergency_that_is_paged_already_is_paged_once),
		CLAIM(a_warned_one_pages_while_there_is_time),
		CLAIM(what_is_owed_after_the_end_pages_once),
		CLAIM(only_agents_say_so_and_only_of_what_there_is),
		CLAIM(each_slot_has_its_milestone),
		CLAIM(a_list_of_them_has_no_holes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
