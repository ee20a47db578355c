/* SPDX-License-Identifier: MIT */
/* Who has a ticket: assignment, loss of the agent, transfer and escalation. */
#include "base/must.h"
#include "core/decision.h"

static bool generation_holds(const struct decision *d)
{
	return d->command->generation == 0 || d->command->generation == d->before->generation;
}

static void give(struct decision *d, struct agent_id agent, const char *name, struct span why)
{
	struct ticket *after = &d->effect->after;

	decision_change(d, "agent", span_of(d->before->agent_name), span_of(d->command->to_name),
	                why);
	if (d->before->agent.v != agent.v)
		after->agent_read_seq = 0; /* whoever has it now has read nothing */
	after->agent = agent;
	(void)span_copy(after->agent_name, sizeof(after->agent_name), span_of(name));
	after->generation++;
	after->waiting_since = 0;
	after->queue_head = false;
	if (after->status == TICKET_NEW)
		decision_status(d, TICKET_OPEN, "somebody has it");
	(void)decision_entry(
		d,
		&(struct entry){.kind = ENTRY_EVENT, .event = EVENT_ASSIGNED, .tier = after->tier});
	(void)span_copy(d->effect->entries[d->effect->entries_count - 1].agent_name, NAME_SIZE,
	                span_of(name));
	d->effect->route = ROUTE_BIND;
	if (d->before->agent.v != agent.v)
		d->effect->released = d->before->agent;
}

void decision_queue(struct decision *d, int tier, bool head, struct span why)
{
	struct ticket *after = &d->effect->after;

	if (after->agent.v != 0) {
		decision_change(d, "agent", arena_span(d->arena, span_of(after->agent_name)),
		                SPAN_LIT(""), why);
		d->effect->released = after->agent;
	}
	after->agent = (struct agent_id){0};
	after->agent_name[0] = '\0';
	after->generation++;
	after->tier = tier;
	after->waiting_since = d->command->now;
	after->queue_head = head;
	if (after->status == TICKET_PENDING)
		decision_status(d, TICKET_OPEN, "it is with nobody");
	d->effect->route = ROUTE_QUEUE;
}

/* Whoever takes it has seen the page: of an emergency, on the highest tier. */
static bool acknowledges(const struct decision *d)
{
	const struct ticket *after = &d->effect->after;
	const struct actor *actor = &d->command->actor;

	if (!after->escalation.immediate)
		return ticket_is_paging(after);
	if (after->escalation.page_acked_at != 0 || after->tier != TIER_MAX)
		return false;
	return actor->role != ROLE_AGENT || actor->agent.v != d->command->to_agent.v ||
	       actor->tier == TIER_MAX;
}

enum status decide_assign(struct decision *d)
{
	if (!ticket_is_live(d->before) || !generation_holds(d))
		return ST_CONFLICT;
	d->effect->route = ROUTE_BIND;
	if (d->before->agent.v == d->command->to_agent.v)
		return ST_OK;
	give(d, d->command->to_agent, d->command->to_name, d->command->reason);
	if (d->policy != NULL && acknowledges(d))
		decision_page_seen(d, "taken");
	return ST_OK;
}

enum status decide_requeue(struct decision *d)
{
	if (!ticket_is_live(d->before) || !generation_holds(d))
		return ST_CONFLICT;
	d->effect->route = ROUTE_QUEUE;
	if (d->before->agent.v == 0)
		return ST_OK;
	decision_queue(d, d->before->tier, true, d->command->reason);
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_REQUEUED,
	                                        .tier = d->before->tier,
	                                        .reason = d->command->reason});
	return ST_OK;
}

static const char *tier_text(int tier)
{
	static const char *const names[] = {"1", "2", "3"};

	MUST(tier >= TIER_MIN && tier <= TIER_MAX);
	return names[tier - TIER_MIN];
}

static void change_tier(struct decision *d, int tier, struct span why)
{
	if (tier != d->effect->after.tier)
		decision_change(d, "tier", span_of(tier_text(d->effect->after.tier)),
		                span_of(tier_text(tier)), why);
}

void decision_escalate(struct decision *d, int tier, struct span id, struct span why)
{
	struct ticket *after = &d->effect->after;

	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_ESCALATED,
	                                        .id = id,
	                                        .tier_from = after->tier,
	                                        .tier = tier,
	                                        .reason = why});
	change_tier(d, tier, why);
	decision_queue(d, tier, false, SPAN_LIT("escalated"));
	after->escalation.choice_due = false;
}

/* Without a supervisor's yes it goes no further up. */
static bool is_held(const struct decision *d, int tier)
{
	enum approval approval = d->before->escalation.approval;

	return d->policy != NULL && tier > d->before->tier && !decision_is_lead(d) &&
	       (approval == APPROVAL_NEEDED || approval == APPROVAL_REFUSED);
}

enum status decide_transfer(struct decision *d)
{
	const struct command *command = d->command;
	bool to_agent = command->to_agent.v != 0;
	int tier = command->to_tier != 0 ? command->to_tier : d->before->tier;

	if (tier < TIER_MIN || tier > TIER_MAX || (!to_agent && command->to_tier == 0))
		return ST_BAD_REQUEST;
	if (!decision_is_owner(d))
		return ST_FORBIDDEN;
	if (!ticket_is_live(d->before) || is_held(d, tier) ||
	    (to_agent && command->to_agent.v == d->before->agent.v))
		return ST_CONFLICT;
	if (command->text.len > 0)
		(void)decision_entry(d, &(struct entry){.kind = ENTRY_NOTE,
		                                        .id = command->id,
		                                        .text = command->text});
	(void)decision_entry(
		d, &(struct entry){.kind = ENTRY_EVENT,
	                           .event = EVENT_TRANSFERRED,
	                           .id = command->text.len > 0 ? (struct span){0} : command->id,
	                           .tier_from = d->before->tier,
	                           .tier = tier});
	change_tier(d, tier, SPAN_LIT("transferred"));
	if (tier > d->before->tier)
		d->effect->after.escalation.choice_due = false;
	if (to_agent) {
		d->effect->after.tier = tier;
		give(d, command->to_agent, command->to_name, SPAN_LIT("transferred"));
	} else {
		decision_queue(d, tier, false, SPAN_LIT("transferred"));
	}
	return ST_OK;
}

enum status decide_escalate(struct decision *d)
{
	const struct command *command = d->command;
	int tier = command->to_tier != 0 ? command->to_tier : d->before->tier + 1;

	if (command->to_tier != 0 && (tier < TIER_MIN || tier > TIER_MAX))
		return ST_BAD_REQUEST;
	if (command->reason.len == 0)
		return ST_BAD_REQUEST;
	if (!decision_is_owner(d))
		return ST_FORBIDDEN;
	if (!ticket_is_live(d->before) || tier <= d->before->tier || tier > TIER_MAX ||
	    is_held(d, tier))
		return ST_CONFLICT;
	if (command->text.len > 0)
		(void)decision_entry(d, &(struct entry){.kind = ENTRY_NOTE,
		                                        .id = command->id,
		                                        .text = command->text});
	decision_escalate(d, tier, command->text.len > 0 ? (struct span){0} : command->id,
	                  command->reason);
	return ST_OK;
}
