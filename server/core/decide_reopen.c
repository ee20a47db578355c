/* SPDX-License-Identifier: MIT */
/* What has ended goes on: the same ticket, on the clocks that it had; by a word of the customer, or
 * because who closed it takes that back. */
#include "core/decision.h"
#include "core/timer.h"

bool ticket_may_reopen(const struct policy_book *book, const struct ticket *ticket, wall_ms now)
{
	const struct policy *policy;

	/* Who ended the chat without anybody's answer is done with it: the next question is new. */
	if (book == NULL || ticket->status != TICKET_RESOLVED || ticket->messages_count == 0 ||
	    ticket->resolution == RESOLUTION_NONE)
		return false;
	policy = policy_book_find(book, ticket->policy);
	if (policy == NULL || policy->reopen.ms == 0)
		return false;
	return now <
	       policy_after(timer_hours(policy, ticket), ticket->resolved_at, &policy->reopen);
}

void decision_reopen(struct decision *d, struct span id, struct plan *plan)
{
	struct ticket *after = &d->effect->after;
	bool had_agent = after->agent.v != 0;
	struct happening reopened = {.event = WHEN_REOPENED};

	decision_status(d, TICKET_OPEN, "reopened");
	if (after->resolution != RESOLUTION_NONE)
		decision_change(d, "resolution", span_of(resolution_name(after->resolution)),
		                SPAN_LIT(""), SPAN_LIT("reopened"));
	after->resolution = RESOLUTION_NONE;
	after->resolved_at = 0;
	after->closing = (struct ticket_closing){0};
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_REOPENED,
	                                        .id = id,
	                                        .tier = after->tier});
	decision_queue(d, after->tier, had_agent, SPAN_LIT("reopened"));
	/* The tier has to take it once more, in the time that it promises. */
	after->clocks.tier_since = d->command->now;
	after->clocks.accepted_at = 0;
	reopened.count = (int)++after->escalation.reopened;
	reopened.evidence = decision_text(d, "reopened %d times", reopened.count);
	plan_happened(plan, d, &reopened);
}

static enum status may_undo(const struct decision *d)
{
	const struct ticket_closing *closing = &d->before->closing;
	const struct command *command = d->command;

	if (command->actor.role != ROLE_AGENT)
		return ST_FORBIDDEN;
	if (d->before->status != TICKET_RESOLVED || closing->by.v == 0 || command->undo_ms == 0 ||
	    command->now - closing->at > command->undo_ms)
		return ST_CONFLICT;
	return closing->by.v == command->actor.agent.v ? ST_OK : ST_FORBIDDEN;
}

/* Where it was, with whom it was. */
static void resume(struct decision *d, const struct ticket_closing *closing)
{
	struct ticket *after = &d->effect->after;

	decision_status(d, closing->from, "the closing was taken back");
	after->resolved_at = 0;
	after->escalation.choice_due = closing->choice_due;
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_REOPENED,
	                                        .id = d->command->id,
	                                        .tier = after->tier,
	                                        .reason = SPAN_LIT("the closing was taken back")});
	if (after->agent.v == 0)
		decision_queue(d, after->tier, true, SPAN_LIT("the closing was taken back"));
	else
		d->effect->route = closing->from == TICKET_PENDING ? ROUTE_PARK : ROUTE_BIND;
}

/* No rule of what is opened again answers: nobody has asked again. */
enum status decide_undo(struct decision *d)
{
	const struct ticket_closing closing = d->before->closing;
	struct ticket *after = &d->effect->after;
	enum status st = may_undo(d);

	if (st != ST_OK)
		return st;
	decision_change(d, "resolution", span_of(resolution_name(after->resolution)), SPAN_LIT(""),
	                SPAN_LIT("the closing was taken back"));
	after->resolution = RESOLUTION_NONE;
	after->articles_count = 0;
	after->closing = (struct ticket_closing){0};
	/* Else its customer had ended it before, and it stays so. */
	if (closing.from != TICKET_RESOLVED)
		resume(d, &closing);
	return ST_OK;
}
