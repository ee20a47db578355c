/* SPDX-License-Identifier: MIT */
/* What is promised and when it runs out: the worked examples, pauses, priorities, reopening. */
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

static struct command request(enum channel channel, enum priority priority)
{
	return (struct command){.kind = COMMAND_OPEN,
	                        .actor = ana,
	                        .channel = channel,
	                        .text = SPAN_LIT("hello"),
	                        .set = {.mask = SET_PRIORITY, .priority = priority}};
}

static void targets_count_from_creation(void **state)
{
	static const struct {
		const char *claim;
		const char *opened;
		enum channel channel;
		enum priority priority;
		const char *first, *solved;
	} rows[] = {
		{"three business hours from Friday 17:30 end on Monday 10:30", "2026-03-06 17:30",
	         CHANNEL_PORTAL, PRIORITY_MEDIUM, "2026-03-09 10:30", "2026-03-13 17:30"},
		{"a holiday counts nothing", "2026-07-02 17:00", CHANNEL_PORTAL, PRIORITY_MEDIUM,
	         "2026-07-06 10:00", "2026-07-10 17:00"},
		{"on the holiday itself clocks start at the opening", "2026-07-03 12:00",
	         CHANNEL_PORTAL, PRIORITY_MEDIUM, "2026-07-06 11:00", "2026-07-10 18:00"},
		{"at night they start in the morning", "2026-03-02 03:00", CHANNEL_CHAT,
	         PRIORITY_HIGH, "2026-03-02 08:05", "2026-03-03 18:00"},
		{"critical runs around the clock", "2026-03-07 23:00", CHANNEL_CHAT,
	         PRIORITY_CRITICAL, "2026-03-07 23:02", "2026-03-08 23:00"},
		{"low is ten business days", "2026-03-02 08:00", CHANNEL_CHAT, PRIORITY_LOW,
	         "2026-03-02 08:15", "2026-03-13 18:00"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct story *story = story_create();

		story_must(story, kit_at(rows[i].opened),
		           request(rows[i].channel, rows[i].priority));
		if (story->ticket.first_response_due != kit_at(rows[i].first) ||
		    story->ticket.resolution_due != kit_at(rows[i].solved))
			fail_msg("%s: %lld %lld, wanted %lld %lld", rows[i].claim,
			         (long long)story->ticket.first_response_due,
			         (long long)story->ticket.resolution_due,
			         (long long)kit_at(rows[i].first),
			         (long long)kit_at(rows[i].solved));
		assert_int_equal(story->ticket.policy, 7);
		story_destroy(&story);
	}
}

static void a_target_warns_once_and_breaches_once(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_MEDIUM));
	story_pass(story, ENDS("03-30 00:00"));
	assert_int_equal(story_fired_at(story, TIMER_FIRST_WARN, 0), ENDS("03-02 11:15"));
	assert_int_equal(story_fired_at(story, TIMER_FIRST_BREACH, 0), ENDS("03-02 12:00"));
	assert_int_equal(story_fired_at(story, TIMER_RESOLUTION_WARN, 0), ENDS("03-05 16:30"));
	assert_int_equal(story_fired_at(story, TIMER_RESOLUTION_BREACH, 0), ENDS("03-09 09:00"));
	assert_int_equal(story_fired(story, TIMER_FIRST_BREACH), 1);
	assert_int_equal(story_fired(story, TIMER_RESOLUTION_BREACH), 1);
	assert_int_equal(story->alerts_count[ALERT_WARNED], 2);
	assert_int_equal(story->alerts_count[ALERT_BREACHED], 2);
	assert_int_equal(story->alerts[ALERT_BREACHED].due, ENDS("03-09 09:00"));
	assert_true(story->alerts[ALERT_BREACHED].resolution);
}

static void the_first_answer_ends_its_clock(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_MEDIUM));
	story_must(story, ENDS("03-02 09:05"), to_take(dana));
	story_must(story, ENDS("03-02 09:10"), to_say(dana, "hello"));
	assert_int_equal(story->ticket.first_response_at, ENDS("03-02 09:10"));
	assert_int_equal(story->ticket.first_response_due, ENDS("03-02 12:00"));
	story_pass(story, ENDS("03-02 18:00"));
	assert_int_equal(story_fired(story, TIMER_FIRST_WARN), 0);
	assert_int_equal(story_fired(story, TIMER_FIRST_BREACH), 0);
	/* what was promised then stays what was promised */
	story_must(story, ENDS("03-03 09:00"), to_rank(dana, PRIORITY_HIGH, NULL));
	assert_int_equal(story->ticket.first_response_due, ENDS("03-02 12:00"));
}

/* Nobody looked at the clock between the due second and the answer. */
static void a_late_answer_is_late_although_nobody_looked(void **state)
{
	struct story *story = *state;
	struct command reply = to_say(dana, "sorry");

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_CHAT, PRIORITY_MEDIUM));
	story->now = ENDS("03-02 09:10") + 1; /* past everything, without firing */
	reply.now = story->now;
	reply.book = &story->kit.book;
	assert_int_equal(ticket_decide(&story->ticket, &reply, &story->arena, &story->effect),
	                 ST_OK);
	assert_int_equal(story->effect.fired_count, 2);
	assert_int_equal(story->effect.fired[0].slot, TIMER_FIRST_WARN);
	assert_int_equal(story->effect.fired[1].slot, TIMER_FIRST_BREACH);
	assert_int_equal(story->effect.fired[1].due, ENDS("03-02 09:10"));
	assert_int_equal(story->effect.alerts_count, 2);
	/* a second earlier it is not: and then there is no warning of what is answered */
	reply.now = ENDS("03-02 09:10") - 1;
	assert_int_equal(ticket_decide(&story->ticket, &reply, &story->arena, &story->effect),
	                 ST_OK);
	assert_int_equal(story->effect.fired_count, 0);
}

static void waiting_for_the_customer_stops_the_clocks(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_HIGH));
	story_must(story, ENDS("03-02 09:05"), to_take(dana));
	story_must(story, ENDS("03-02 09:10"), to_say(dana, "which one?"));
	assert_int_equal(story->ticket.resolution_due, ENDS("03-04 09:00"));
	story_must(story, ENDS("03-02 16:00"), to_move(dana, TICKET_PENDING));
	assert_int_equal(story->ticket.resolution_due, 0);
	/* of 20 opening hours 7 are used; of 24 hours of critical, on the wall, 7 */
	assert_int_equal(story->ticket.resolution_left.clock, LEFT_BUSINESS);
	assert_int_equal(story->ticket.resolution_left.ms, 13 * HOUR_MS);
	assert_int_equal(story->ticket.first_response_left.clock, LEFT_UNKNOWN);
	story_must(story, ENDS("03-02 16:30"), to_rank(dana, PRIORITY_CRITICAL, NULL));
	assert_int_equal(story->ticket.resolution_left.clock, LEFT_WALL);
	assert_int_equal(story->ticket.resolution_left.ms, 17 * HOUR_MS);
	story_must(story, ENDS("03-02 16:40"), to_rank(dana, PRIORITY_HIGH, NULL));
	assert_int_equal(story->ticket.resolution_left.ms, 13 * HOUR_MS);
	story_must(story, ENDS("03-03 10:00"), to_say(ana, "that one"));
	assert_int_equal(story->ticket.resolution_left.clock, LEFT_UNKNOWN);
	assert_int_equal(story->ticket.status, TICKET_OPEN);
	assert_int_equal(story->ticket.clocks.paused_wall_ms, 18 * HOUR_MS);
	assert_int_equal(story->ticket.clocks.paused_open_ms, 4 * HOUR_MS);
	assert_int_equal(story->ticket.resolution_due, ENDS("03-04 13:00"));
	/* critical has its own clock, and its own pauses on it */
	story_must(story, ENDS("03-03 10:05"), to_rank(dana, PRIORITY_CRITICAL, NULL));
	assert_int_equal(story->ticket.resolution_due, ENDS("03-04 03:00"));
	story_must(story, ENDS("03-03 10:10"), to_rank(dana, PRIORITY_HIGH, NULL));
	assert_int_equal(story->ticket.resolution_due, ENDS("03-04 13:00"));
	story_must(story, ENDS("03-03 11:00"), to_move(dana, TICKET_PENDING));
	assert_int_equal(story->ticket.resolution_left.ms, 12 * HOUR_MS);
}

/* Before anybody answered, late already, and again: a pause knows those before it. */
static void what_is_left_when_it_pauses(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_HIGH));
	story_must(story, ENDS("03-02 09:05"), to_take(dana));
	story_must(story, ENDS("03-02 09:20"), to_move(dana, TICKET_PENDING));
	assert_int_equal(story->ticket.first_response_left.clock, LEFT_BUSINESS);
	assert_int_equal(story->ticket.first_response_left.ms, 40 * MINUTE_MS);
	story_must(story, ENDS("03-02 09:50"), to_say(ana, "hm"));
	story_must(story, ENDS("03-02 10:10"), to_move(dana, TICKET_PENDING));
	assert_int_equal(story->ticket.first_response_left.ms, 20 * MINUTE_MS);
	story_must(story, ENDS("03-02 10:11"), to_say(dana, "which one?"));
	assert_int_equal(story->ticket.first_response_left.clock, LEFT_UNKNOWN);
	story_must(story, ENDS("03-02 10:12"), to_say(ana, "that one"));
	assert_int_equal(story->ticket.resolution_due, ENDS("03-04 09:32"));
	story_pass(story, ENDS("03-04 10:00"));
	if (story->ticket.agent.v != dana.agent.v)
		story_must(story, ENDS("03-04 10:01"), to_take(dana));
	story_must(story, ENDS("03-04 10:32"), to_move(dana, TICKET_PENDING));
	assert_int_equal(story->ticket.resolution_left.ms, -HOUR_MS);
	story_must(story, ENDS("03-04 10:33"), to_end(dana, RESOLUTION_ANSWERED));
	assert_int_equal(story->ticket.resolution_left.clock, LEFT_UNKNOWN);
}

static void another_priority_counts_from_creation(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_MEDIUM));
	story_must(story, ENDS("03-02 11:00"), to_rank(dana, PRIORITY_HIGH, NULL));
	assert_int_equal(story->ticket.first_response_due, ENDS("03-02 10:00"));
	story_pass(story, ENDS("03-02 11:00"));
	/* it is late at once, and once: also when it goes back and the old time comes */
	assert_int_equal(story_fired_at(story, TIMER_FIRST_BREACH, 0), ENDS("03-02 11:00"));
	story_must(story, ENDS("03-02 11:01"), to_rank(dana, PRIORITY_MEDIUM, NULL));
	story_pass(story, ENDS("03-02 18:00"));
	assert_int_equal(story_fired(story, TIMER_FIRST_BREACH), 1);
	assert_int_equal(story_fired(story, TIMER_FIRST_WARN), 1);
}

static void a_topic_can_promise_more(void **state)
{
	struct story *story = *state;
	struct command ask_review = to_open("please look at my pull request");

	ask_review.channel = CHANNEL_PORTAL;
	story_must(story, ENDS("03-02 09:00"), ask_review);
	assert_string_equal(story->ticket.topic, "pr-review");
	assert_int_equal(story->ticket.resolution_due, ENDS("03-03 09:00"));
	story_must(story, ENDS("03-02 09:01"),
	           (struct command){.kind = COMMAND_SET,
	                            .actor = dana,
	                            .set = {.mask = SET_TOPIC, .topic = SPAN_LIT("security")}});
	assert_int_equal(story->ticket.resolution_due, ENDS("03-09 09:00"));
	story_must(story, ENDS("03-02 09:02"),
	           (struct command){.kind = COMMAND_SET,
	                            .actor = dana,
	                            .set = {.mask = SET_TOPIC, .topic = SPAN_LIT("pr-review")}});
	story_must(story, ENDS("03-02 09:03"), to_rank(dana, PRIORITY_CRITICAL, NULL));
	assert_int_equal(story->ticket.resolution_due, ENDS("03-03 09:00")); /* 24 hours */
}

static void who_does_not_answer_is_reminded_and_then_it_ends(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_MEDIUM));
	story_must(story, ENDS("03-02 09:05"), to_take(dana));
	story_must(story, ENDS("03-02 10:00"), to_move(dana, TICKET_PENDING));
	story_pass(story, ENDS("03-04 09:59"));
	assert_int_equal(story->events[EVENT_REMINDED], 0);
	story_pass(story, ENDS("03-04 10:00"));
	assert_int_equal(story->events[EVENT_REMINDED], 1);
	assert_string_equal(story->event_text[EVENT_REMINDED],
	                    "We are waiting for your answer. Without one this ticket is closed on "
	                    "2026-03-09 10:00 UTC; a message from you keeps it open.");
	/* an answer starts both again */
	story_must(story, ENDS("03-04 11:00"), to_say(ana, "wait"));
	story_must(story, ENDS("03-04 12:00"), to_move(dana, TICKET_PENDING));
	story_pass(story, ENDS("03-11 11:59"));
	assert_int_equal(story->events[EVENT_REMINDED], 2);
	assert_int_equal(story->ticket.status, TICKET_PENDING);
	story_pass(story, ENDS("03-11 12:00"));
	assert_int_equal(story->ticket.status, TICKET_RESOLVED);
	assert_int_equal(story->ticket.resolution, RESOLUTION_NO_REPLY);
	assert_int_equal(story->events[EVENT_CLOSED], 1);
	assert_int_equal(story->effect.route, ROUTE_RELEASE);
	assert_int_equal(story->effect.released.v, 1);
	story_pass(story, ENDS("03-18 11:59"));
	assert_int_equal(story->ticket.status, TICKET_RESOLVED);
	story_pass(story, ENDS("03-18 12:00"));
	assert_int_equal(story->ticket.status, TICKET_CLOSED);
	assert_int_equal(story->ticket.clocks.next_due, 0);
}

static void within_five_days_it_is_the_same_ticket(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_HIGH));
	story_must(story, ENDS("03-02 09:05"), to_take(dana));
	story_must(story, ENDS("03-02 09:06"), to_say(dana, "so and so"));
	story_must(story, ENDS("03-02 12:00"), to_end(dana, RESOLUTION_ANSWERED));
	assert_int_equal(story->ticket.resolution_due, 0);
	assert_true(ticket_may_reopen(&story->kit.book, &story->ticket, ENDS("03-09 11:59")));
	assert_false(ticket_may_reopen(&story->kit.book, &story->ticket, ENDS("03-09 12:00")));
	assert_false(ticket_may_reopen(NULL, &story->ticket, ENDS("03-03 12:00")));

	story_must(story, ENDS("03-03 12:00"), to_say(ana, "it does not work"));
	assert_int_equal(story->effect.entries_count, 2);
	assert_int_equal(story->effect.entries[0].kind, ENTRY_TEXT); /* whose seq is answered */
	assert_int_equal(story->effect.entries[1].event, EVENT_REOPENED);
	assert_int_equal(story->effect.route, ROUTE_QUEUE);
	assert_int_equal(story->ticket.status, TICKET_OPEN);
	assert_int_equal(story->ticket.resolution, RESOLUTION_NONE);
	assert_int_equal(story->ticket.resolved_at, 0);
	assert_int_equal(story->ticket.agent.v, 0);
	assert_true(story->ticket.queue_head);
	assert_int_equal(story->ticket.escalation.reopened, 1);
	assert_int_equal(story->ticket.resolution_due, ENDS("03-05 09:00")); /* a day later */
	assert_int_equal(story->ticket.first_response_at, ENDS("03-02 09:06"));
}

static void later_or_as_a_new_one_it_is_another(void **state)
{
	struct story *story = *state;
	struct command fresh = to_say(ana, "something else");

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_HIGH));
	story_must(story, ENDS("03-02 12:00"), to_end(dana, RESOLUTION_ANSWERED));
	fresh.fresh = true;
	assert_int_equal(story_do(story, ENDS("03-02 13:00"), fresh), ST_CONFLICT);
	assert_int_equal(story_do(story, ENDS("03-02 13:00"), to_say(dana, "also")), ST_CONFLICT);
	assert_int_equal(story_do(story, ENDS("03-09 12:00"), to_say(ana, "again")), ST_CONFLICT);
	assert_int_equal(story->ticket.status, TICKET_CLOSED);
}

static void an_agent_opens_it_again(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_HIGH));
	story_must(story, ENDS("03-02 12:00"), to_end(dana, RESOLUTION_ANSWERED));
	story_must(story, ENDS("03-02 13:00"), to_move(dana, TICKET_OPEN));
	assert_int_equal(story->ticket.status, TICKET_OPEN);
	assert_int_equal(story->events[EVENT_REOPENED], 1);
	assert_false(story->ticket.queue_head);
	assert_int_equal(story->ticket.resolution_due, ENDS("03-04 10:00"));
}

static void who_waits_long_is_told_and_then_let_go(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_CHAT, PRIORITY_LOW));
	story_pass(story, ENDS("03-02 09:20"));
	assert_int_equal(story_fired_at(story, TIMER_OFFER_TICKET, 0), ENDS("03-02 09:03"));
	assert_int_equal(story_fired_at(story, TIMER_KEEP_TICKET, 0), ENDS("03-02 09:15"));
	assert_int_equal(story->events[EVENT_KEPT], 1);
	/* a new wait is a new one */
	story_must(story, ENDS("03-02 09:30"), to_take(dana));
	story_must(story, ENDS("03-02 10:00"),
	           (struct command){.kind = COMMAND_REQUEUE, .reason = SPAN_LIT("agent_gone")});
	story_pass(story, ENDS("03-02 10:14"));
	assert_int_equal(story_fired(story, TIMER_OFFER_TICKET), 2);
	assert_int_equal(story->events[EVENT_KEPT], 1);
}

static void a_form_does_not_wait_on_a_page(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_LOW));
	story_pass(story, ENDS("03-03 09:00"));
	assert_int_equal(story_fired(story, TIMER_OFFER_TICKET), 0);
	assert_int_equal(story->events[EVENT_KEPT], 0);
}

static void what_nobody_touches_is_stale_until_somebody_does(void **state)
{
	struct story *story = *state;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_LOW));
	story_must(story, ENDS("03-02 09:04"), to_take(dana));
	story_must(story, ENDS("03-02 09:05"), to_say(dana, "on it"));
	story_pass(story, ENDS("03-03 09:04"));
	assert_false(story->ticket.escalation.stale);
	story_pass(story, ENDS("03-03 09:05"));
	assert_true(story->ticket.escalation.stale);
	story_must(story, ENDS("03-03 10:00"), to_say(ana, "hello?"));
	assert_false(story->ticket.escalation.stale);
	story_pass(story, ENDS("03-04 10:00"));
	assert_true(story->ticket.escalation.stale);
	assert_int_equal(story_fired(story, TIMER_STALE), 2);
	assert_string_equal(story->alerts[ALERT_NOTICE].rule, "stale");
	assert_int_equal(story->alerts[ALERT_NOTICE].notify, NOTIFY_AGENT);
}

/* The row is written for every message; what is indexed by it is not. */
static void a_message_does_not_move_next_due(void **state)
{
	struct story *story = *state;
	wall_ms due;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_LOW));
	story_must(story, ENDS("03-02 09:05"), to_take(dana));
	story_must(story, ENDS("03-02 09:06"), to_say(dana, "hello"));
	due = story->ticket.clocks.next_due;
	for (int i = 0; i < 20; i++)
		story_must(story, ENDS("03-02 09:07") + i * SEC_MS,
		           to_say(i % 2 == 0 ? ana : dana, "and so on"));
	assert_int_equal(story->ticket.clocks.next_due, due);
}

static void a_look_without_cause_only_puts_next_due_right(void **state)
{
	struct story *story = *state;
	const struct command look = {.kind = COMMAND_FIRE};
	wall_ms due;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_PORTAL, PRIORITY_LOW));
	due = story->ticket.clocks.next_due;
	story->ticket.clocks.next_due = ENDS("03-02 09:30");
	story_must(story, ENDS("03-02 09:31"), look);
	assert_int_equal(story->effect.fired_count, 0);
	assert_int_equal(story->effect.entries_count, 0);
	assert_int_equal(story->effect.changes_count, 0);
	assert_int_equal(story->ticket.clocks.next_due, due);
}

static void a_ticket_of_before_gets_its_promises_with_the_next_word(void **state)
{
	struct story *story = *state;

	story->ticket = (struct ticket){.number = {42},
	                                .status = TICKET_OPEN,
	                                .visitor = ana.visitor,
	                                .agent = {1},
	                                .tier = 1,
	                                .topic = "something-else",
	                                .created_at = ENDS("03-02 09:00")};
	assert_int_equal(story->ticket.clocks.next_due, 0);
	story_must(story, ENDS("03-02 09:05"), to_say(ana, "still there?"));
	assert_int_equal(story->ticket.policy, 7);
	assert_int_equal(story->ticket.first_response_due, ENDS("03-02 09:15"));
	assert_int_equal(story->ticket.clocks.work_since, ENDS("03-02 09:05"));
}

/* After a night without a server everything is still due, some at a time. */
static void what_was_missed_is_made_up_in_order(void **state)
{
	struct story *story = *state;
	wall_ms last = 0;
	unsigned rounds = 0;

	story_must(story, ENDS("03-02 09:00"), request(CHANNEL_CHAT, PRIORITY_CRITICAL));
	story->now = ENDS("03-12 09:00");
	while (story->ticket.clocks.next_due != 0 &&
	       story->ticket.clocks.next_due <= ENDS("03-12 09:00")) {
		size_t from = story->fired_count;

		assert_int_equal(story_do(story, ENDS("03-12 09:00"),
		                          (struct command){.kind = COMMAND_FIRE}),
		                 ST_OK);
		for (size_t i = from; i < story->fired_count; i++) {
			assert_true(story->fired[i].fired.due >= last ||
			            story->fired[i].fired.slot >= TIMER_STALE);
			last = story->fired[i].fired.due;
		}
		assert_true(++rounds < 20);
	}
	assert_int_equal(story_fired(story, TIMER_FIRST_BREACH), 1);
	assert_int_equal(story_fired(story, TIMER_RESOLUTION_BREACH), 1);
	assert_int_equal(story->ticket.tier, 2); /* 200 % of its first response */
}

static void timers_have_names(void **state)
{
	struct story *story = *state;
	const struct policy *policy = &story->kit.policy;

	assert_string_equal(timer_name(policy, TIMER_FIRST_BREACH), "first_response_breach");
	assert_string_equal(timer_name(policy, TIMER_STALE), "stale");
	assert_string_equal(timer_name(policy, policy_kit_slot(&story->kit, "X5", 1)), "X5");
	assert_string_equal(timer_name(policy, TIMER_SLOTS - 1), "");
	assert_string_equal(timer_name(policy, TIMER_STALE + 1), "");
}

/* Whoever fires lists the timers again only where this says so. */
static void timers_hang_on_these_moments(void **state)
{
#define MOMENT(name)                                 \
	{                                            \
		offsetof(struct ticket, name), #name \
	}
	static const struct {
		size_t at;
		const char *name;
	} moments[] = {
		MOMENT(waiting_since),          MOMENT(created_at),
		MOMENT(first_response_at),      MOMENT(resolved_at),
		MOMENT(clocks.paused_since),    MOMENT(clocks.resumed_at),
		MOMENT(clocks.paused_wall_ms),  MOMENT(clocks.paused_open_ms),
		MOMENT(clocks.tier_since),      MOMENT(clocks.accepted_at),
		MOMENT(clocks.agent_at),        MOMENT(clocks.visitor_at),
		MOMENT(clocks.work_since),      MOMENT(clocks.work_ms),
		MOMENT(escalation.stopped_at),  MOMENT(escalation.immediate_at),
		MOMENT(escalation.paged_at),    MOMENT(escalation.page_acked_at),
		MOMENT(escalation.approved_at),
	};
#undef MOMENT
	static struct ticket a, b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		wall_ms moved = 1;

		memcpy(&b, &a, sizeof(a));
		memcpy((char *)&b + moments[i].at, &moved, sizeof(moved));
		if (timer_is_same(&a, &b))
			fail_msg("%s is not looked at", moments[i].name);
	}
	memcpy(&b, &a, sizeof(a));
	b.clocks.fired = 5;
	b.clocks.next_due = b.first_response_due = b.resolution_due = 7;
	b.last_seq = b.generation = 3;
	assert_true(timer_is_same(&a, &b));
	b.topic[0] = 'x';
	assert_false(timer_is_same(&a, &b));
	memcpy(&b, &a, sizeof(a));
	b.escalation.approval = APPROVAL_GRANTED;
	assert_false(timer_is_same(&a, &b));
	memcpy(&b, &a, sizeof(a));
	b.tier = 2;
	assert_false(timer_is_same(&a, &b));
}

#define IN_STORY(test) cmocka_unit_test_setup_teardown(test, story_set_up, story_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_count_from_creation),
		cmocka_unit_test(timers_hang_on_these_moments),
		IN_STORY(a_target_warns_once_and_breaches_once),
		IN_STORY(the_first_answer_ends_its_clock),
		IN_STORY(a_late_answer_is_late_although_nobody_looked),
		IN_STORY(waiting_for_the_customer_stops_the_clocks),
		IN_STORY(what_is_left_when_it_pauses),
		IN_STORY(another_priority_counts_from_creation),
		IN_STORY(a_topic_can_promise_more),
		IN_STORY(who_does_not_answer_is_reminded_and_then_it_ends),
		IN_STORY(within_five_days_it_is_the_same_ticket),
		IN_STORY(later_or_as_a_new_one_it_is_another),
		IN_STORY(an_agent_opens_it_again),
		IN_STORY(who_waits_long_is_told_and_then_let_go),
		IN_STORY(a_form_does_not_wait_on_a_page),
		IN_STORY(what_nobody_touches_is_stale_until_somebody_does),
		IN_STORY(a_message_does_not_move_next_due),
		IN_STORY(a_look_without_cause_only_puts_next_due_right),
		IN_STORY(a_ticket_of_before_gets_its_promises_with_the_next_word),
		IN_STORY(what_was_missed_is_made_up_in_order),
		IN_STORY(timers_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
