/* SPDX-License-Identifier: MIT */
/* What rules do to a ticket. Several can answer to one message: their wishes are put together
 * first, so that it goes up once, as far as any of them wants. */
#include "core/decision.h"
#include "core/rulebook.h"

/* How long somebody may have had a ticket before a rule gives it to the others. */
#define REQUEUE_HELD_MS (2 * MINUTE_MS)

static int max_of(int a, int b)
{
	return a > b ? a : b;
}

/* Who has to act is told, if the step itself names nobody. */
static enum rule_notify whom(const struct rule_then *then)
{
	if (then->notify != NOTIFY_NOBODY)
		return then->notify;
	if (then->approval)
		return NOTIFY_SUPERVISOR;
	return then->choose ? NOTIFY_AGENT : NOTIFY_NOBODY;
}

static void plan_take(struct plan *plan, const struct rule_then *then, const char *why)
{
	if (then->raises && (!plan->raises || then->priority > plan->priority)) {
		plan->raises = true;
		plan->priority = then->priority;
		plan->priority_why = why;
	}
	if (then->tier > plan->tier) {
		plan->tier = then->tier;
		plan->tier_why = why;
	}
	if (then->immediate && !plan->immediate) {
		plan->immediate = true;
		plan->immediate_why = why;
	}
	if (then->requeue && !plan->requeue) {
		plan->requeue = true;
		plan->requeue_why = why;
	}
	if (then->choose && !plan->choose) {
		plan->choose = true;
		plan->choose_why = why;
	}
	if ((then->milestones & ~plan->milestones) != 0) {
		plan->milestones |= then->milestones;
		plan->milestones_why = why;
	}
	if (then->approval && !plan->approval) {
		plan->approval = true;
		plan->approval_why = why;
	}
}

/* An emergency is paged by a clock of its own, until somebody acknowledges it. What was promised of
 * it and does not come is a reason to page again. */
static bool may_page(const struct decision *d, const struct rule_when *when)
{
	const struct ticket_escalation *escalation = &d->effect->after.escalation;

	return !escalation->immediate ||
	       (when->event == WHEN_MILESTONE && escalation->page_acked_at != 0);
}

void plan_add(struct plan *plan, struct decision *d, const struct escalation *escalation,
              const char *evidence)
{
	const struct rule_then *then = &escalation->step->then;
	const char *why = escalation_why(escalation, evidence, d->arena);
	int tier = max_of(then->tier, d->effect->after.tier);

	if (ticket_is_live(&d->effect->after))
		plan_take(plan, then, why);
	if (then->page && !then->immediate && may_page(d, escalation->when))
		decision_page(d, tier, escalation->rule->id, why);
	if (whom(then) != NOTIFY_NOBODY)
		decision_tell(d, whom(then), escalation->rule->id, why);
}

void plan_happened(struct plan *plan, struct decision *d, const struct happening *happening)
{
	struct escalation found[RULES_MAX];
	size_t count = escalation_match(d->policy, &d->effect->after, happening, found);

	for (size_t i = 0; i < count; i++)
		plan_add(plan, d, &found[i], happening->evidence);
}

static void need_tier(struct decision *d, int tier, const char *why)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;

	if (tier <= escalation->needed_tier)
		return;
	decision_change(d, "needed_tier",
	                span_of(escalation->needed_tier == 0
	                                ? ""
	                                : decision_text(d, "%d", escalation->needed_tier)),
	                span_of(decision_text(d, "%d", tier)), span_of(why));
	escalation->needed_tier = tier;
}

/* A new ticket begins where it belongs; what is somewhere goes up. */
static void raise_tier(struct decision *d, int tier, struct span id, const char *why)
{
	struct ticket *after = &d->effect->after;

	need_tier(d, tier, why);
	if (tier <= after->tier)
		return;
	if (d->command->kind == COMMAND_OPEN)
		after->tier = tier;
	else
		decision_escalate(d, tier, id, span_of(why));
}

/* Pages begin with the timer that is due now (core/timer). */
static void go_immediate(struct decision *d, const struct plan *plan)
{
	struct ticket *after = &d->effect->after;
	struct ticket_escalation *escalation = &after->escalation;
	struct span id = d->by_system ? (struct span){0} : d->command->id;
	const char *facts = plan->data ? d->policy->incident_facts_data : d->policy->incident_facts;
	struct entry *entry;

	decision_turn(d, "immediate", true, plan->immediate_why);
	escalation->immediate = true;
	escalation->immediate_at = d->command->now;
	escalation->possible_incident = false;
	escalation->choice_due = false;
	escalation->pages = 0;
	escalation->paged_at = 0;
	escalation->page_acked_at = 0;
	decision_priority(d, PRIORITY_CRITICAL, plan->immediate_why);
	raise_tier(d, TIER_MAX, id, plan->immediate_why);
	entry = decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                          .event = EVENT_INCIDENT,
	                                          .text = span_of(facts),
	                                          .tier = after->tier});
	if (d->effect->entries_count == 1)
		entry->id = id;
	if (ticket_is_waiting(after))
		d->effect->route = ROUTE_QUEUE;
}

static void requeue(struct decision *d, const char *why)
{
	struct ticket *after = &d->effect->after;

	if (after->agent.v == 0) {
		after->queue_head = true; /* it waits already: before the others from now on */
		d->effect->route = ROUTE_QUEUE;
		return;
	}
	/* Who took it a moment ago is writing: it is taken away from nobody but who let it lie. */
	if (after->clocks.work_since != 0 &&
	    d->command->now - after->clocks.work_since < REQUEUE_HELD_MS)
		return;
	decision_queue(d, after->tier, true, span_of(why));
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_REQUEUED,
	                                        .tier = after->tier,
	                                        .reason = span_of(why)});
}

static void ask_approval(struct decision *d, const char *why)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;

	if (escalation->approval != APPROVAL_NONE)
		return;
	decision_change(d, "approval", SPAN_LIT(""), span_of(approval_name(APPROVAL_NEEDED)),
	                span_of(why));
	escalation->approval = APPROVAL_NEEDED;
}

/* What is promised already counts from where it did; that a rule wants it stays when the ticket
 * becomes another. false: it was asked for before, or has been reached. */
static bool ask_milestone(struct decision *d, const struct milestone *milestone)
{
	struct ticket *after = &d->effect->after;
	const struct ticket_clocks *clocks = &after->clocks;
	bool stands = milestone_is_promised(milestone, after);
	struct ticket_milestone *own = milestone_put(after, milestone->id);

	if (own == NULL || own->done_at != 0 || own->asked_at != 0)
		return false;
	own->asked_at = stands ? after->created_at : d->command->now;
	if (!stands)
		own->paused_ms = milestone->within.business ? clocks->paused_open_ms
		                                            : clocks->paused_wall_ms;
	return true;
}

static void ask_milestones(struct decision *d, const struct plan *plan)
{
	const char *names = "";

	for (size_t i = 0; i < d->policy->milestones_count; i++) {
		const struct milestone *milestone = &d->policy->milestones[i];

		if ((plan->milestones >> i & 1U) == 0 || !ask_milestone(d, milestone))
			continue;
		names = decision_text(d, "%s%s%s", names, names[0] != '\0' ? " " : "",
		                      milestone->id);
	}
	if (names[0] != '\0')
		decision_change(d, "milestone", SPAN_LIT(""), span_of(names),
		                span_of(plan->milestones_why));
}

void decision_stop_milestones(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	const char *names = "";

	for (unsigned i = 0; i < MILESTONES_MAX; i++) {
		struct ticket_milestone *own = &after->milestones[i];

		if (own->asked_at == 0 || own->done_at != 0)
			continue;
		own->asked_at = 0;
		own->paused_ms = 0;
		names = decision_text(d, "%s%s%s", names, names[0] != '\0' ? " " : "", own->id);
	}
	if (names[0] != '\0')
		decision_change(d, "milestone", span_of(names), SPAN_LIT(""), d->command->reason);
}

void plan_carry_out(const struct plan *plan, struct decision *d)
{
	struct ticket *after = &d->effect->after;
	int tier = after->tier;
	bool by_system = d->by_system;

	if (!ticket_is_live(after))
		return;
	/* A person who declares it is who did it; all else is the rule's doing. */
	d->by_system = d->command->kind != COMMAND_INCIDENT && d->command->kind != COMMAND_CONFIRM;
	if (plan->immediate && !after->escalation.immediate)
		go_immediate(d, plan);
	if (plan->raises && plan->priority > after->priority) {
		decision_priority(d, plan->priority, plan->priority_why);
		if (ticket_is_waiting(after))
			d->effect->route = ROUTE_QUEUE;
	}
	if (plan->milestones != 0)
		ask_milestones(d, plan);
	if (plan->approval)
		ask_approval(d, plan->approval_why);
	if (plan->tier != 0)
		raise_tier(d, plan->tier, (struct span){0}, plan->tier_why);
	if (plan->requeue && after->tier == tier)
		requeue(d, plan->requeue_why);
	if (plan->choose && after->tier == tier && !after->escalation.choice_due) {
		decision_turn(d, "choice_due", true, plan->choose_why);
		after->escalation.choice_due = true;
	}
	d->by_system = by_system;
}

/* --- the customer --- */

static void say_stopped(struct decision *d)
{
	struct ticket *after = &d->effect->after;

	after->escalation.stopped = STOPPED_SAID;
	after->escalation.stopped_at = d->command->now;
	decision_change(d, "stopped", SPAN_LIT(""), span_of(stopped_name(STOPPED_SAID)),
	                SPAN_LIT("the visitor says that production is stopped"));
	if (ticket_is_waiting(after)) {
		after->queue_head = true;
		d->effect->route = ROUTE_QUEUE;
	}
}

/* What was declared to be none is not declared again by words; people are shown them. */
static bool was_downgraded(const struct ticket *ticket)
{
	return ticket->escalation.immediate_at != 0 && !ticket->escalation.immediate;
}

static void take_words(struct decision *d, struct plan *plan, const struct triage *triage)
{
	struct ticket *after = &d->effect->after;
	bool fires = triage->immediate && triage->trigger != NULL;
	bool possible = triage->possible_incident || (fires && was_downgraded(after));

	if (fires && !was_downgraded(after)) {
		plan->data =
			plan->data || rulebook_is_of_data(d->policy->rulebook, triage->trigger);
		plan_happened(plan, d,
		              &(struct happening){.event = WHEN_TRIGGER,
		                                  .trigger = triage->trigger,
		                                  .evidence = triage->immediate_why});
	}
	if (triage->asked != NULL)
		plan_happened(
			plan, d,
			&(struct happening){.event = WHEN_ASKED,
		                            .trigger = triage->asked,
		                            .evidence = arena_join(d->arena, "the customer asks: ",
		                                                   triage->asked_why, NULL)});
	if (possible && !plan->immediate && !after->escalation.possible_incident) {
		after->escalation.possible_incident = true;
		decision_turn(d, "possible_incident", true, triage->immediate_why);
	}
}

void decision_customer(struct decision *d, struct plan *plan, const struct triage *triage)
{
	struct ticket *after = &d->effect->after;
	bool exposed = after->flags.data_exposed;

	if (decision_flags(d) && ticket_is_waiting(after))
		d->effect->route = ROUTE_QUEUE; /* its place in the queue changes */
	if (d->command->flags.production_stopped && after->escalation.stopped == STOPPED_NOT_SAID)
		say_stopped(d);
	if (after->flags.data_exposed && !exposed) {
		plan->data = true;
		plan_happened(
			plan, d,
			&(struct happening){.event = WHEN_DATA_EXPOSED,
		                            .evidence = "the visitor says that data is exposed"});
	}
	take_words(d, plan, triage);
}
