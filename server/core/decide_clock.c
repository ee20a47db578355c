/* SPDX-License-Identifier: MIT */
/* The clocks follow what a command made of the ticket: nobody else touches them. */
#include <string.h>

#include "base/must.h"
#include "core/decision.h"

/* --- what had its effect --- */

void decision_fired(struct decision *d, const struct due *due)
{
	MUST(d->effect->fired_count < EFFECT_FIRED_MAX);
	d->effect->fired[d->effect->fired_count++] =
		(struct fired){.slot = due->slot, .due = due->at};
	if (due->slot != TIMER_PAGE) /* there is always a next attempt */
		d->effect->after.clocks.fired |= UINT64_C(1) << due->slot;
}

static wall_ms target_due(const struct ticket *ticket, const struct milestone *milestone,
                          bool resolution)
{
	const struct ticket_milestone *own;

	if (milestone == NULL)
		return resolution ? ticket->resolution_due : ticket->first_response_due;
	own = milestone_find(ticket, milestone->id);
	return own != NULL ? own->due : 0;
}

/* Its agent hears of it as of any target. */
static void tell_besides(struct decision *d, const struct milestone *milestone, const char *why)
{
	if (milestone->notify != NOTIFY_NOBODY && milestone->notify != NOTIFY_AGENT)
		decision_tell(d, milestone->notify, milestone->id, why);
}

void decision_target(struct decision *d, const struct due *due)
{
	const struct milestone *milestone = timer_milestone(d->policy, due->slot);
	bool resolution = milestone == NULL && due->slot >= TIMER_RESOLUTION_WARN;
	bool warns = due->slot % 2 == 0;
	const char *name = milestone != NULL ? milestone->name
	                   : resolution      ? "resolution"
	                                     : "first response";
	struct alert alert = {
		.kind = warns ? ALERT_WARNED : ALERT_BREACHED,
		.resolution = resolution,
		.milestone = milestone != NULL ? milestone->id : NULL,
		.due = warns ? target_due(&d->effect->after, milestone, resolution) : due->at,
	};

	alert.why = arena_join(d->arena, name, " due ", decision_moment(d, alert.due),
	                       warns ? "" : " passed", NULL);
	decision_fired(d, due);
	(void)decision_alert(d, &alert);
	if (milestone != NULL)
		tell_besides(d, milestone, alert.why);
}

static bool is_missed(const struct due *list, size_t count, uint8_t breach, wall_ms now)
{
	for (size_t i = 0; i < count && list[i].at <= now; i++)
		if (list[i].slot == breach)
			return true;
	return false;
}

/* An answer that comes behind its time, but before anybody looked at the clock, is late all the
 * same. The warning goes with its breach. */
void decision_catch_up(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	wall_ms now = d->command->now;
	struct due list[TIMER_SLOTS];
	size_t count;

	if (after->clocks.next_due == 0 || after->clocks.next_due > now)
		return;
	count = timer_list(d->policy, after, list);
	for (size_t i = 0; i < count && list[i].at <= now; i++) {
		uint8_t breach = list[i].slot | 1U;

		if (timer_is_target(breach) && is_missed(list, count, breach, now))
			decision_target(d, &list[i]);
	}
}
_Static_assert(TIMER_FIRST_WARN == 0 && TIMER_FIRST_BREACH == 1 && TIMER_RESOLUTION_WARN == 2 &&
                       TIMER_RESOLUTION_BREACH == 3 && TIMER_MILESTONES % 2 == 0,
               "each warning stands before its breach");

/* --- what is so --- */

static void follow_pause(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	struct ticket_clocks *clocks = &after->clocks;
	wall_ms now = d->command->now;
	bool paused = !ticket_is_live(after) || after->status == TICKET_PENDING;

	if (paused && clocks->paused_since == 0) {
		clocks->paused_since = now;
	} else if (!paused && clocks->paused_since != 0) {
		if (now > clocks->paused_since)
			clocks->paused_wall_ms += now - clocks->paused_since;
		clocks->paused_open_ms +=
			calendar_between(timer_hours(d->policy, after), clocks->paused_since, now);
		clocks->paused_since = 0;
		clocks->resumed_at = now;
	}
}

static void follow_work(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	struct ticket_clocks *clocks = &after->clocks;
	bool works = after->agent.v != 0 && after->status == TICKET_OPEN;

	if (works && clocks->work_since == 0) {
		clocks->work_since = d->command->now;
	} else if (!works && clocks->work_since != 0) {
		clocks->work_ms += calendar_between(timer_hours(d->policy, after),
		                                    clocks->work_since, d->command->now);
		clocks->work_since = 0;
	}
}

static void follow_people(struct decision *d)
{
	const struct actor *actor = &d->command->actor;
	struct ticket *after = &d->effect->after;
	enum command_kind kind = d->command->kind;
	bool customer =
		kind == COMMAND_OPEN || (kind == COMMAND_SAY && actor->role == ROLE_VISITOR);

	if (actor->role == ROLE_AGENT)
		after->clocks.agent_at = d->command->now;
	if (customer)
		after->clocks.visitor_at = d->command->now;
	if (customer || actor->role == ROLE_AGENT)
		after->escalation.stale = false;
}

void decision_follow(struct decision *d, const struct ticket *from)
{
	struct ticket *after = &d->effect->after;
	struct ticket_clocks *clocks = &after->clocks;

	if (after->policy == 0)
		after->policy = d->policy->id; /* of before there was a policy */
	follow_people(d);
	follow_pause(d);
	follow_work(d);
	if (from == NULL || after->tier != from->tier) {
		clocks->tier_since = d->command->now;
		clocks->accepted_at = 0;
	}
	if (after->agent.v != 0 && clocks->accepted_at == 0)
		clocks->accepted_at = d->command->now;
	if (from != NULL && clocks->fired != 0)
		(void)timer_rearm(d->policy, from, after);
}

/* Messages and notes only move moments ahead that timers count from: the old next_due is early
 * then, which costs one look, while writing a new one would cost every message. */
static bool is_unsettled(const struct ticket *from, const struct ticket *after)
{
	const struct ticket_clocks *a = &from->clocks, *b = &after->clocks;
	const struct ticket_escalation *c = &from->escalation, *e = &after->escalation;

	return from->policy != after->policy || from->status != after->status ||
	       from->priority != after->priority || from->tier != after->tier ||
	       from->agent.v != after->agent.v || from->waiting_since != after->waiting_since ||
	       from->first_response_at != after->first_response_at || a->fired != b->fired ||
	       a->paused_since != b->paused_since || a->accepted_at != b->accepted_at ||
	       c->immediate != e->immediate || c->stopped != e->stopped || c->pages != e->pages ||
	       c->page_acked_at != e->page_acked_at || c->approval != e->approval ||
	       from->resolution != after->resolution || !milestones_are_same(from, after) ||
	       strcmp(from->topic, after->topic) != 0;
}

void decision_settle(struct decision *d, const struct ticket *from)
{
	struct ticket *after = &d->effect->after;

	if (from == NULL || is_unsettled(from, after))
		timer_settle(d->policy, after);
}
