/* SPDX-License-Identifier: MIT */
#include "support/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/must.h"
#include "core/timer.h"

const struct actor ana = {.role = ROLE_VISITOR, .visitor = {.v = {1}}, .name = "Ana"};
const struct actor dana = {.role = ROLE_AGENT, .agent = {1}, .tier = 1, .name = "Dana"};
const struct actor theo = {.role = ROLE_AGENT, .agent = {2}, .tier = 2, .name = "Theo"};
const struct actor ines = {.role = ROLE_AGENT, .agent = {3}, .tier = 3, .name = "Ines"};
const struct actor lee = {.role = ROLE_AGENT,
                          .agent = {4},
                          .agent_role = AGENT_ROLE_SUPERVISOR,
                          .tier = 1,
                          .name = "Lee"};

struct story *story_create(void)
{
	struct story *story = xcalloc(1, sizeof(*story));

	policy_kit_init(&story->kit);
	story->ticket.number.v = 42;
	return story;
}

void story_destroy(struct story **story)
{
	policy_kit_fini(&(*story)->kit);
	arena_fini(&(*story)->arena);
	free(*story);
	*story = NULL;
}

int story_set_up(void **state)
{
	*state = story_create();
	return 0;
}

int story_tear_down(void **state)
{
	struct story *story = *state;

	story_destroy(&story);
	return 0;
}

static void note_entries(struct story *story)
{
	for (unsigned i = 0; i < story->effect.entries_count; i++) {
		const struct entry *entry = &story->effect.entries[i];

		assert_int_equal(entry->seq, story->ticket.last_seq + 1 + i);
		story->events[entry->event]++;
		(void)span_copy(story->event_text[entry->event], 512, entry->text);
		(void)span_copy(story->event_reason[entry->event], 512, entry->reason);
	}
	for (unsigned i = 0; i < story->effect.alerts_count; i++) {
		const struct alert *alert = &story->effect.alerts[i];

		assert_non_null(alert->why);
		story->alerts[alert->kind] = *alert;
		story->alerts[alert->kind].why = NULL; /* lies in the arena of then */
		story->alerts_count[alert->kind]++;
	}
}

static void note_changes(struct story *story)
{
	for (unsigned i = 0; i < story->effect.changes_count; i++) {
		const struct change *change = &story->effect.changes[i];
		char *text = story->why[story->why_count++ % ARRAY_LEN(story->why)];
		size_t len = strlen(change->field);

		memcpy(text, change->field, len);
		memcpy(text + len, ": ", 3);
		(void)span_copy(text + len + 2, sizeof(story->why[0]) - len - 2, change->why);
	}
}

static void note_fired(struct story *story, wall_ms now)
{
	for (unsigned i = 0; i < story->effect.fired_count; i++) {
		const struct fired *fired = &story->effect.fired[i];

		if (fired->due > now)
			fail_msg("slot %u early", fired->slot);
		for (size_t j = 0; j < story->fired_count; j++) {
			const struct fired *other = &story->fired[j].fired;

			if (other->slot == fired->slot &&
			    (other->due == fired->due || fired->slot <= TIMER_RESOLUTION_BREACH))
				fail_msg("slot %u twice", fired->slot);
		}
		assert_true(story->fired_count < STORY_FIRED_MAX);
		story->fired[story->fired_count].fired = *fired;
		story->fired[story->fired_count++].at = now;
	}
}

/* Whatever happened: no timer is due before the moment at which somebody will look. */
static void check_clocks(const struct story *story, wall_ms now)
{
	struct due list[TIMER_SLOTS];
	size_t count = timer_list(&story->kit.policy, &story->ticket, list);

	for (size_t i = 1; i < count; i++)
		assert_true(list[i - 1].at <= list[i].at);
	if (count > 0 &&
	    (story->ticket.clocks.next_due == 0 || story->ticket.clocks.next_due > list[0].at))
		fail_msg("next_due %lld is later than slot %u, now %lld",
		         (long long)story->ticket.clocks.next_due, list[0].slot, (long long)now);
}

static enum status decide(struct story *story, wall_ms at, struct command *command)
{
	enum status st;

	arena_fini(&story->arena);
	command->now = at;
	command->book = &story->kit.book;
	st = ticket_decide(&story->ticket, command, &story->arena, &story->effect);
	if (st != ST_OK)
		return st;
	note_entries(story);
	note_changes(story);
	note_fired(story, at);
	story->ticket = story->effect.after;
	check_clocks(story, at);
	return ST_OK;
}

void story_pass(struct story *story, wall_ms until)
{
	while (story->ticket.clocks.next_due != 0 && story->ticket.clocks.next_due <= until) {
		wall_ms due = story->ticket.clocks.next_due;
		struct command command = {.kind = COMMAND_FIRE};

		if (due > story->now)
			story->now = due;
		assert_int_equal(decide(story, story->now, &command), ST_OK);
		if (story->effect.fired_count == 0 && story->ticket.clocks.next_due != 0 &&
		    story->ticket.clocks.next_due <= due)
			fail_msg("nothing fired and next_due stayed");
	}
	if (until > story->now)
		story->now = until;
}

enum status story_do(struct story *story, wall_ms at, struct command command)
{
	story_pass(story, at);
	return decide(story, at, &command);
}

void story_must(struct story *story, wall_ms at, struct command command)
{
	enum status st = story_do(story, at, command);

	if (st != ST_OK)
		fail_msg("command %d: %s", (int)command.kind, status_name(st));
}

wall_ms story_fired_at(const struct story *story, uint8_t slot, unsigned n)
{
	for (size_t i = 0; i < story->fired_count; i++)
		if (story->fired[i].fired.slot == slot && n-- == 0)
			return story->fired[i].at;
	return 0;
}

unsigned story_fired(const struct story *story, uint8_t slot)
{
	unsigned n = 0;

	while (story_fired_at(story, slot, n) != 0)
		n++;
	return n;
}

const char *story_why(const struct story *story, const char *field)
{
	size_t len = strlen(field);

	for (size_t i = story->why_count; i > 0 && story->why_count - i < ARRAY_LEN(story->why);
	     i--) {
		const char *text = story->why[(i - 1) % ARRAY_LEN(story->why)];

		if (strncmp(text, field, len) == 0 && text[len] == ':')
			return text + len + 2;
	}
	return NULL;
}

struct command to_open(const char *text)
{
	return (struct command){.kind = COMMAND_OPEN, .actor = ana, .text = span_of(text)};
}

struct command to_say(struct actor who, const char *text)
{
	return (struct command){.kind = COMMAND_SAY, .actor = who, .text = span_of(text)};
}

struct command to_take(struct actor who)
{
	struct command command = {.kind = COMMAND_ASSIGN, .actor = who, .to_agent = who.agent};

	(void)span_copy(command.to_name, sizeof(command.to_name), span_of(who.name));
	return command;
}

struct command to_move(struct actor who, enum ticket_status status)
{
	return (struct command){
		.kind = COMMAND_SET, .actor = who, .set = {.mask = SET_STATUS, .status = status}};
}

struct command to_rank(struct actor who, enum priority priority, const char *reason)
{
	return (struct command){.kind = COMMAND_SET,
	                        .actor = who,
	                        .set = {.mask = SET_PRIORITY, .priority = priority},
	                        .reason = span_of(reason)};
}

struct command to_end(struct actor who, enum resolution resolution)
{
	return (struct command){.kind = COMMAND_CLOSE, .actor = who, .resolution = resolution};
}

struct command to_act(struct actor who, enum command_kind kind, const char *reason)
{
	return (struct command){.kind = kind, .actor = who, .reason = span_of(reason)};
}

struct command to_answer(struct actor who, enum command_kind kind, bool yes)
{
	return (struct command){.kind = kind, .actor = who, .yes = yes};
}

struct command with_stopped(struct command command)
{
	command.flags.production_stopped = true;
	return command;
}

struct command with_exposed(struct command command)
{
	command.flags.data_exposed = true;
	return command;
}

void story_chat(struct story *story)
{
	story_must(story, kit_at("2026-03-02 09:00"), to_open("how do I do this?"));
	story_must(story, kit_at("2026-03-02 09:01"), to_take(dana));
	story_must(story, kit_at("2026-03-02 09:02"), to_say(dana, "let me see"));
}

void story_is_emergency(const struct story *story, wall_ms since)
{
	assert_true(story->ticket.escalation.immediate);
	assert_int_equal(story->ticket.escalation.immediate_at, since);
	assert_int_equal(story->ticket.priority, PRIORITY_CRITICAL);
	assert_int_equal(story->ticket.tier, 3);
	assert_int_equal(story->ticket.escalation.needed_tier, 3);
	assert_int_equal(story->events[EVENT_INCIDENT], 1);
}
