/* SPDX-License-Identifier: MIT */
#include "adapter/effect.h"

#include "core/timer.h"

void effect_own(struct effect *effect, struct arena *arena)
{
	for (unsigned i = 0; i < effect->changes_count; i++) {
		struct change *change = &effect->changes[i];

		change->from = arena_span(arena, change->from);
		change->to = arena_span(arena, change->to);
		change->why = arena_span(arena, change->why);
	}
}

unsigned effect_entry_of(const struct effect *effect, struct span id)
{
	for (unsigned i = 0; id.len > 0 && i < effect->entries_count; i++)
		if (span_eq(effect->entries[i].id, id))
			return i;
	return 0;
}

void effect_put_off(const struct ticket *before, wall_ms now, struct effect *effect)
{
	effect->after = *before;
	effect->after.clocks.next_due = now + FIRE_AGAIN_MS;
	effect->entries_count = 0;
	effect->changes_count = 0;
	effect->alerts_count = 0;
	effect->fired_count = 0;
	effect->route = ROUTE_KEEP;
	effect->released = (struct agent_id){0};
}

void effect_learn(const struct ticket *before, const struct command *command,
                  const wall_ms fired_at[EFFECT_FIRED_MAX], struct effect *effect)
{
	const struct policy *policy = policy_book_find(command->book, before->policy);
	struct ticket *after = &effect->after;
	unsigned count = effect->fired_count;

	effect_put_off(before, command->now, effect);
	for (unsigned i = 0; i < count; i++) {
		if (fired_at[i] == 0)
			continue;
		if (effect->fired[i].slot == TIMER_PAGE) { /* each attempt is one */
			after->escalation.pages++;
			after->escalation.paged_at = fired_at[i];
		} else {
			after->clocks.fired |= UINT64_C(1) << effect->fired[i].slot;
		}
	}
	timer_settle(policy, after);
}

bool effect_is_empty(const struct effect *effect)
{
	return effect->fired_count == 0 && effect->entries_count == 0 &&
	       effect->changes_count == 0 && effect->alerts_count == 0;
}

/* A timer that fired cannot fire again, so a ticket that is still due then has others. */
static bool goes_on(const struct effect *effect, wall_ms now)
{
	return effect->fired_count > 0 || effect->after.clocks.next_due == 0 ||
	       effect->after.clocks.next_due > now;
}

enum status effect_fire(const struct ticket *before, const struct command *command,
                        struct arena *arena, struct effect *effect)
{
	enum status st = ticket_decide(before, command, arena, effect);

	if (st == ST_OK && !goes_on(effect, command->now))
		st = ST_CONFLICT;
	if (st != ST_OK)
		effect_put_off(before, command->now, effect);
	return st;
}
