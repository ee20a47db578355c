/* SPDX-License-Identifier: MIT */
/* Weeks of whatever people do to a ticket, in random order, beside a slow clock that counts in
 * steps of half a minute and knows nothing of due times. What fires has to be what it says: never
 * early, never late, never twice, nothing more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/timer.h"
#include "support/story.h"

#define STEP_MS (30 * SEC_MS)
#define STORIES 40
#define DAYS    40

/* Time that has passed on both clocks, while they ran. */
struct stretch {
	int64_t wall, open;
};

struct walk {
	struct story *story;
	uint64_t random;
	wall_ms now;
	struct stretch run;    /* since creation */
	struct stretch silent; /* since an agent did something, or the pause ended */
	struct stretch asked;  /* pending on the customer */
	bool expect[4];        /* targets that have ever been due */
	unsigned silences[2];  /* that have to be on record */
	bool is_silent[2];     /* in this stretch */
	unsigned reminders;
	bool is_reminded;
	uint8_t slots[2];
};

static uint64_t draw(struct walk *walk, uint64_t below)
{
	walk->random ^= walk->random << 13;
	walk->random ^= walk->random >> 7;
	walk->random ^= walk->random << 17;
	return walk->random % below;
}

static bool is_open_at(wall_ms at)
{
	int64_t day = at / DAY_MS, hour = at % DAY_MS / HOUR_MS;
	int64_t weekday = (day + 4) % 7;

	return weekday >= 1 && weekday <= 5 && hour >= 8 && hour < 18 &&
	       day != civil_days(2026, 7, 3);
}

static bool runs(const struct ticket *ticket)
{
	return ticket_is_live(ticket) && ticket->status != TICKET_PENDING;
}

static void count(struct stretch *stretch, bool open)
{
	stretch->wall += STEP_MS;
	stretch->open += open ? STEP_MS : 0;
}

static bool is_over(const struct stretch *stretch, const struct duration *target, int percent)
{
	return (target->business ? stretch->open : stretch->wall) >= target->ms * percent / 100;
}

/* What should be on record by now, from how much time has passed. */
static void expect(struct walk *walk)
{
	const struct ticket *ticket = &walk->story->ticket;
	const struct promise *promise =
		&walk->story->kit.policy.promises[ticket->channel][ticket->priority];

	if (ticket->status == TICKET_PENDING && walk->asked.open >= 2 * BUSINESS_DAY_MS &&
	    !walk->is_reminded) {
		walk->is_reminded = true;
		walk->reminders++;
	}
	if (!runs(ticket))
		return;
	if (ticket->first_response_at == 0) {
		walk->expect[0] |= is_over(&walk->run, &promise->first_response, 75);
		walk->expect[1] |= is_over(&walk->run, &promise->first_response, 100);
	}
	walk->expect[2] |= is_over(&walk->run, &promise->resolution, 75);
	walk->expect[3] |= is_over(&walk->run, &promise->resolution, 100);
	for (int i = 0; i < 2; i++) {
		if (walk->is_silent[i] || walk->silent.open < (i + 1) * BUSINESS_DAY_MS)
			continue;
		walk->is_silent[i] = true;
		walk->silences[i]++;
	}
}

static void compare(const struct walk *walk, const char *when)
{
	const struct story *story = walk->story;

	for (uint8_t slot = 0; slot < 4; slot++)
		if (story_fired(story, slot) != (walk->expect[slot] ? 1U : 0U))
			fail_msg("%s at %lld: slot %u fired %u times", when, (long long)walk->now,
			         slot, story_fired(story, slot));
	for (int i = 0; i < 2; i++)
		if (story_fired(story, walk->slots[i]) != walk->silences[i])
			fail_msg("%s at %lld: silence %d told %u times, not %u", when,
			         (long long)walk->now, i, story_fired(story, walk->slots[i]),
			         walk->silences[i]);
	if (story->events[EVENT_REMINDED] != walk->reminders)
		fail_msg("%s at %lld: reminded %u times, not %u", when, (long long)walk->now,
		         story->events[EVENT_REMINDED], walk->reminders);
}

/* A message, a note, a hand-over, an end ... whatever comes to somebody's mind. */
static struct command whatever(struct walk *walk)
{
	static const struct actor *const agents[] = {&dana, &theo, &ines, &lee};
	const struct actor *agent = agents[draw(walk, ARRAY_LEN(agents))];
	struct command command = {.actor = *agent, .reason = SPAN_LIT("because")};

	switch (draw(walk, 14)) {
	case 0:
	case 1:
	case 2:
		return to_say(ana, draw(walk, 20) == 0 ? "the site is down" : "and then?");
	case 3:
		return to_say(*agent, "so");
	case 4:
		return to_take(*agent);
	case 5:
		return to_move(*agent, TICKET_PENDING);
	case 6:
		return to_move(*agent, TICKET_OPEN);
	case 7:
		return to_rank(*agent, (enum priority)draw(walk, PRIORITIES), "because");
	case 8:
		return to_end(*agent, RESOLUTION_ANSWERED);
	case 9:
		command.kind = COMMAND_ESCALATE;
		return command;
	case 10:
		command = (struct command){.kind = COMMAND_REQUEUE, .reason = SPAN_LIT("gone")};
		return command;
	case 11:
		command.kind = draw(walk, 6) == 0 ? COMMAND_INCIDENT : COMMAND_ACKNOWLEDGE;
		return command;
	case 12:
		command = to_say(ana, "it has stopped");
		command.flags.production_stopped = draw(walk, 4) == 0;
		return command;
	default:
		return (struct command){.kind = COMMAND_HELPED, .actor = ana};
	}
}

static void hear_from_us(struct walk *walk)
{
	walk->silent = (struct stretch){0};
	memset(walk->is_silent, 0, sizeof(walk->is_silent));
}

static void do_something(struct walk *walk)
{
	struct story *story = walk->story;
	struct command command = whatever(walk);
	bool ran = runs(&story->ticket), pended = story->ticket.status == TICKET_PENDING;

	if (story_do(story, walk->now, command) != ST_OK)
		return;
	if (command.actor.role == ROLE_AGENT || (!ran && runs(&story->ticket)))
		hear_from_us(walk);
	if (!pended && story->ticket.status == TICKET_PENDING) {
		walk->asked = (struct stretch){0};
		walk->is_reminded = false;
	}
	story_pass(story, walk->now);
	expect(walk);
	compare(walk, "after a command");
}

static void step(struct walk *walk)
{
	bool open = is_open_at(walk->now);
	size_t fired = walk->story->fired_count;
	unsigned silences = walk->silences[0] + walk->silences[1];
	bool expected[4], ran;

	memcpy(expected, walk->expect, sizeof(expected));
	if (runs(&walk->story->ticket)) {
		count(&walk->run, open);
		count(&walk->silent, open);
	} else if (walk->story->ticket.status == TICKET_PENDING) {
		count(&walk->asked, open);
	}
	walk->now += STEP_MS;
	expect(walk);
	ran = runs(&walk->story->ticket);
	story_pass(walk->story, walk->now);
	if (!ran && runs(&walk->story->ticket)) /* an emergency by the clock */
		hear_from_us(walk);
	expect(walk);
	if (fired != walk->story->fired_count ||
	    silences != walk->silences[0] + walk->silences[1] ||
	    memcmp(expected, walk->expect, sizeof(expected)) != 0)
		compare(walk, "after a step");
}

static void walk_through(uint64_t seed)
{
	struct walk walk = {.story = story_create(),
	                    .random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1,
	                    .now = kit_at("2026-06-15 00:00") + (wall_ms)seed * 7 * HOUR_MS};
	wall_ms end = walk.now + DAYS * DAY_MS;
	struct command open = to_open("how?");
	uint64_t pace = 20 + seed % 5 * 1200; /* some are left alone for days */

	open.channel = seed % 2 == 0 ? CHANNEL_CHAT : CHANNEL_PORTAL;
	walk.story->kit.policy.page_again.ms = HOUR_MS; /* or all that happens is pages */
	walk.slots[0] = policy_kit_slot(&walk.story->kit, "X6", 0);
	walk.slots[1] = policy_kit_slot(&walk.story->kit, "X6", 1);
	story_must(walk.story, walk.now, open);
	while (walk.now < end && walk.story->ticket.status != TICKET_CLOSED) {
		step(&walk);
		if (draw(&walk, pace) == 0)
			do_something(&walk);
	}
	compare(&walk, "in the end");
	story_destroy(&walk.story);
}

static void what_fires_is_what_a_slow_clock_says(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= STORIES; seed++)
		walk_through(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fires_is_what_a_slow_clock_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
