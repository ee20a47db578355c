/* SPDX-License-Identifier: MIT */
/* What people say of emergencies and approvals. */
#include "core/decision.h"

static bool is_agent(const struct decision *d)
{
	return d->command->actor.role == ROLE_AGENT;
}

void decision_page_seen(struct decision *d, const char *why)
{
	d->effect->after.escalation.page_acked_at = d->command->now;
	decision_turn(d, "page_acknowledged", true, why);
}

/* Declared by a person: an emergency whether a rule says so or not. */
static void declare(struct decision *d, enum rule_event event, const char *why)
{
	struct plan plan = {0};

	plan.data = d->before->flags.data_exposed;
	plan_happened(&plan, d, &(struct happening){.event = event, .evidence = why});
	if (!plan.immediate)
		plan.immediate_why = why;
	plan.immediate = true;
	plan_carry_out(&plan, d);
}

enum status decide_incident(struct decision *d)
{
	if (!is_agent(d))
		return ST_FORBIDDEN;
	if (d->command->reason.len == 0)
		return ST_BAD_REQUEST;
	if (!ticket_is_live(d->before) || d->before->escalation.immediate)
		return ST_CONFLICT;
	declare(d, WHEN_INCIDENT, arena_span(d->arena, d->command->reason).ptr);
	return ST_OK;
}

enum status decide_confirm(struct decision *d)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;
	struct span reason = d->command->reason;

	if (!is_agent(d))
		return ST_FORBIDDEN;
	if (!ticket_is_live(d->before) || escalation->stopped != STOPPED_SAID)
		return ST_CONFLICT;
	escalation->stopped = d->command->yes ? STOPPED_CONFIRMED : STOPPED_REJECTED;
	decision_change(d, "stopped", span_of(stopped_name(STOPPED_SAID)),
	                span_of(stopped_name(escalation->stopped)), reason);
	if (d->command->yes && !escalation->immediate)
		declare(d, WHEN_STOPPED,
		        reason.len > 0 ? arena_span(d->arena, reason).ptr
		                       : "an agent confirms that production is stopped");
	return ST_OK;
}

enum status decide_acknowledge(struct decision *d)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;

	int tier = escalation->immediate ? TIER_MAX : d->before->tier;

	if (!is_agent(d) || (!decision_is_lead(d) && d->command->actor.tier < tier))
		return ST_FORBIDDEN;
	if (!ticket_is_live(d->before) || (!escalation->immediate && escalation->pages == 0))
		return ST_CONFLICT;
	if (escalation->page_acked_at == 0)
		decision_page_seen(d, NULL);
	return ST_OK;
}

static size_t people_of(const struct tier_policy *tier)
{
	return tier->rota.count > 0 ? tier->rota.count : tier->contacts_count;
}

/* The next one at once, until everybody was asked; then an emergency goes round again after the
 * usual time, and somebody who leads the desk knows that nobody could be reached. */
enum status decide_page_failed(struct decision *d)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;
	int tier = escalation->immediate ? TIER_MAX : d->before->tier;
	size_t people = people_of(&d->policy->tiers[tier - 1]);

	if (d->command->actor.role != ROLE_SYSTEM)
		return ST_FORBIDDEN;
	if (!ticket_is_paging(d->before))
		return ST_CONFLICT;
	if (people == 0 || escalation->pages % people == 0)
		decision_tell(d, NOTIFY_SUPERVISOR, "page", "nobody of the tier could be paged");
	else
		decision_page(d, tier, escalation_paging(d->policy, escalation->immediate),
		              "the page before could not be delivered");
	return ST_OK;
}

enum status decide_approve(struct decision *d)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;

	if (!is_agent(d) || !decision_is_lead(d))
		return ST_FORBIDDEN;
	if (escalation->approval != APPROVAL_NEEDED)
		return ST_CONFLICT;
	escalation->approval = d->command->yes ? APPROVAL_GRANTED : APPROVAL_REFUSED;
	if (d->command->yes)
		escalation->approved_at = d->command->now;
	decision_change(d, "approval", span_of(approval_name(APPROVAL_NEEDED)),
	                span_of(approval_name(escalation->approval)), d->command->reason);
	return ST_OK;
}
