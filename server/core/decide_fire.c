/* SPDX-License-Identifier: MIT */
/* Time passes. Each timer that is due has its effect, the soonest first; what it does can start or
 * stop others, so they are listed again unless it only left its mark. */
#include "base/must.h"
#include "core/decision.h"

/* What one timer adds at most. */
#define ROOM_ENTRIES 2
#define ROOM_CHANGES 13
#define ROOM_ALERTS  2

static bool has_room(const struct effect *effect)
{
	return effect->fired_count < EFFECT_FIRED_MAX &&
	       effect->entries_count + ROOM_ENTRIES <= EFFECT_ENTRIES_MAX &&
	       effect->changes_count + ROOM_CHANGES <= EFFECT_CHANGES_MAX &&
	       effect->alerts_count + ROOM_ALERTS <= EFFECT_ALERTS_MAX;
}

static void page(struct decision *d)
{
	const struct ticket *after = &d->effect->after;
	const struct ticket_escalation *escalation = &after->escalation;
	unsigned attempt = escalation->pages + 1;

	if (escalation->immediate)
		decision_page(d, TIER_MAX, escalation_paging(d->policy, true),
		              decision_text(d, "an emergency since %s, attempt %u",
		                            decision_moment(d, escalation->immediate_at), attempt));
	else
		decision_page(d, after->tier, escalation_paging(d->policy, false),
		              decision_text(d, "nobody has acknowledged the page of %s, attempt %u",
		                            decision_moment(d, escalation->paged_at), attempt));
}

static void keep(struct decision *d)
{
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_KEPT,
	                                        .tier = d->effect->after.tier});
}

static void remind(struct decision *d)
{
	const struct ticket *after = &d->effect->after;
	const char *text = "We are waiting for your answer.";

	if (d->policy->no_reply.ms > 0) {
		wall_ms at = policy_after(timer_hours(d->policy, after), after->clocks.paused_since,
		                          &d->policy->no_reply);

		text = decision_text(d,
		                     "We are waiting for your answer. Without one this ticket is "
		                     "closed on %s; a message from you keeps it open.",
		                     decision_moment(d, at));
	}
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_REMINDED,
	                                        .text = span_of(text)});
}

static void mark_stale(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	const char *why = "nobody did anything on it";

	after->escalation.stale = true;
	decision_turn(d, "stale", true, why);
	(void)decision_alert(
		d, &(struct alert){.kind = ALERT_NOTICE,
	                           .notify = after->agent.v != 0 ? NOTIFY_AGENT : NOTIFY_SUPERVISOR,
	                           .rule = "stale",
	                           .why = why});
}

static const char *milestone_evidence(struct decision *d, const struct rule_when *when,
                                      const char *moment)
{
	const char *name = d->policy->milestones[when->milestone].name;

	return when->percent == 100 ? arena_join(d->arena, name, " due ", moment, " passed", NULL)
	                            : decision_text(d, "%s at %d %% of its time: %s", name,
	                                            when->percent, moment);
}

/* "20 business hours" */
static const char *length_text(struct decision *d, const struct duration *length)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {{HOUR_MS, "hour"}, {MINUTE_MS, "minute"}, {SEC_MS, "second"}};
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(units) && length->ms % units[i].ms != 0)
		i++;
	return decision_text(d, "%d %s%s%s", (int)(length->ms / units[i].ms),
	                     length->business ? "business " : "", units[i].name,
	                     length->ms == units[i].ms ? "" : "s");
}

/* "approved at 2026-03-02 10:30 EST, and 20 business hours have passed" */
static const char *since_evidence(struct decision *d, const char *what, wall_ms since,
                                  const struct duration *after)
{
	const char *begun = arena_join(d->arena, what, decision_moment(d, since), NULL);

	return after->ms == 0 ? begun
	                      : arena_join(d->arena, begun, ", and ", length_text(d, after),
	                                   " have passed", NULL);
}

/* While the desk is closed there is nobody to ask: it is believed at once. */
static const char *stopped_evidence(struct decision *d, wall_ms at)
{
	const struct calendar *hours = timer_hours(d->policy, &d->effect->after);

	if (!calendar_is_open(hours, at))
		return "the customer says that production is stopped, and the desk is closed";
	return decision_text(d, "production stopped, nobody confirmed or rejected it by %s",
	                     decision_moment(d, at));
}

static const char *evidence(struct decision *d, const struct rule_when *when, wall_ms at)
{
	const char *moment = decision_moment(d, at);

	switch (when->event) {
	case WHEN_STOPPED:
		return stopped_evidence(d, at);
	case WHEN_WORK:
		return decision_text(d, "%d minutes of work by %s",
		                     (int)(when->after.ms / MINUTE_MS), moment);
	case WHEN_FIRST_RESPONSE:
		return when->percent == 100
		               ? arena_join(d->arena, "first response due ", moment, " passed",
		                            NULL)
		               : decision_text(d, "first response at %d %% of its target: %s",
		                               when->percent, moment);
	case WHEN_RESOLUTION:
		return when->percent == 100
		               ? arena_join(d->arena, "resolution due ", moment, " passed", NULL)
		               : decision_text(d, "resolution at %d %% of its target: %s",
		                               when->percent, moment);
	case WHEN_SILENCE:
		return decision_text(d, "no activity of an agent by %s", moment);
	case WHEN_NO_PROGRESS:
		return decision_text(d, "no reply or note by %s", moment);
	case WHEN_NOT_ACCEPTED:
		return decision_text(d, "not taken on tier %d by %s", d->effect->after.tier,
		                     moment);
	case WHEN_APPROVED:
		return since_evidence(d, "approved at ", d->effect->after.escalation.approved_at,
		                      &when->after);
	case WHEN_IMMEDIATE:
		return since_evidence(d, "an emergency since ",
		                      d->effect->after.escalation.immediate_at, &when->after);
	case WHEN_MILESTONE:
		return milestone_evidence(d, when, moment);
	case WHEN_TRIGGER:
	case WHEN_ASKED:
	case WHEN_DATA_EXPOSED:
	case WHEN_INCIDENT:
	case WHEN_ANSWER_FAILED:
	case WHEN_REOPENED:
	case WHEN_TOPIC:
	case WHEN_PATTERN:
	case WHEN_BY_HAND:
		return "";
	}
	MUST(0);
}

static void run_rule(struct decision *d, const struct due *due)
{
	struct escalation escalation;
	struct plan plan = {0};

	if (!escalation_of_slot(d->policy, due->slot, &escalation))
		return;
	plan_add(&plan, d, &escalation, evidence(d, escalation.when, due->at));
	plan_carry_out(&plan, d);
}

static void fire(struct decision *d, const struct due *due)
{
	if (timer_is_target(due->slot)) {
		decision_target(d, due);
		return;
	}
	decision_fired(d, due);
	if (due->slot >= TIMER_RULES) {
		run_rule(d, due);
		return;
	}
	switch ((enum timer)due->slot) {
	case TIMER_PAGE:
		page(d);
		return;
	case TIMER_KEEP_TICKET:
		keep(d);
		return;
	case TIMER_REMIND:
		remind(d);
		return;
	case TIMER_NO_REPLY:
		decision_end(d, RESOLUTION_NO_REPLY, (struct span){0},
		             "no reply from the customer");
		return;
	case TIMER_FINISH:
		decision_status(d, TICKET_CLOSED, "it can no longer be reopened");
		return;
	case TIMER_STALE:
		mark_stale(d);
		return;
	case TIMER_OFFER_TICKET: /* the customer is told: that it fired says so */
	case TIMER_FIRST_WARN:
	case TIMER_FIRST_BREACH:
	case TIMER_RESOLUTION_WARN:
	case TIMER_RESOLUTION_BREACH:
		return;
	}
}

enum status decide_fire(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	struct due list[TIMER_SLOTS];
	size_t count, next = 0;
	struct ticket from;

	if (d->command->actor.role != ROLE_SYSTEM)
		return ST_FORBIDDEN;
	count = timer_list(d->policy, after, list);
	while (has_room(d->effect) && next < count && list[next].at <= d->command->now) {
		ticket_copy(&from, after);
		fire(d, &list[next++]);
		decision_follow(d, &from);
		if (timer_is_same(&from, after))
			continue;
		count = timer_list(d->policy, after, list);
		next = 0;
	}
	timer_settle_from(d->policy, list + next, count - next, after);
	return ST_OK;
}
