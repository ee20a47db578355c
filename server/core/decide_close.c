/* SPDX-License-Identifier: MIT */
/* How a ticket ends, and what the visitor says of it afterwards. */
#include <string.h>

#include "core/decision.h"

static void stop(struct decision *d, const char *why)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;

	decision_status(d, TICKET_RESOLVED, why);
	after->resolved_at = command->now;
	after->waiting_since = 0;
	after->queue_head = false;
	after->escalation.choice_due = false;
	after->closing = (struct ticket_closing){0};
	d->effect->route = ROUTE_RELEASE;
	d->effect->released = after->agent;
}

static void put_resolution(struct decision *d, enum resolution resolution)
{
	struct ticket *after = &d->effect->after;

	decision_change(d, "resolution", span_of(resolution_name(after->resolution)),
	                span_of(resolution_name(resolution)), (struct span){0});
	after->resolution = resolution;
}

static void resolve(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;

	put_resolution(d, command->resolution);
	decision_set_words(d);
	memcpy(after->articles, command->articles, sizeof(after->articles));
	after->articles_count = command->articles_count;
}

/* A visitor ends a chat without a resolution, or by "this page answered my question". The
 * agent who had it says the resolution afterwards. */
static enum status close_visitor(struct decision *d)
{
	if (d->command->resolution != RESOLUTION_NONE &&
	    d->command->resolution != RESOLUTION_DOCS_SELF)
		return ST_BAD_REQUEST;
	if (!ticket_is_live(&d->effect->after))
		return ST_CONFLICT;
	stop(d, "the visitor ended the chat");
	if (d->command->resolution != RESOLUTION_NONE)
		resolve(d);
	return ST_OK;
}

/* What is needed to take it back. */
static void remember(struct decision *d)
{
	if (d->command->actor.role == ROLE_AGENT)
		d->effect->after.closing =
			(struct ticket_closing){.by = d->command->actor.agent,
		                                .at = d->command->now,
		                                .from = d->before->status,
		                                .choice_due = d->before->escalation.choice_due};
}

static enum status close_agent(struct decision *d)
{
	const struct command *command = d->command;
	const struct actor *actor = &command->actor;

	if (command->resolution == RESOLUTION_NONE)
		return ST_BAD_REQUEST;
	if (command->resolution == RESOLUTION_DOCS_SENT && command->articles_count == 0)
		return ST_BAD_REQUEST;
	if (!decision_is_owner(d))
		return ST_FORBIDDEN;
	/* An incident is closed by those who handle incidents, or by who leads the desk. */
	if (actor->role == ROLE_AGENT && actor->agent_role == AGENT_ROLE_AGENT &&
	    d->before->tier == TIER_MAX && actor->tier < TIER_MAX - 1)
		return ST_FORBIDDEN;
	/* What a supervisor has to approve is not done before the yes. */
	if (d->policy != NULL && command->resolution == RESOLUTION_FIXED && !decision_is_lead(d) &&
	    (d->before->escalation.approval == APPROVAL_NEEDED ||
	     d->before->escalation.approval == APPROVAL_REFUSED))
		return ST_CONFLICT;
	if (!ticket_is_live(d->before)) {
		if (d->before->resolution != RESOLUTION_NONE)
			return ST_CONFLICT;
		resolve(d);
		remember(d);
		return ST_OK;
	}
	stop(d, "closed with a resolution");
	resolve(d);
	remember(d);
	return ST_OK;
}

static void log_end(struct decision *d, enum resolution resolution, struct span id)
{
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_CLOSED,
	                                        .id = id,
	                                        .resolution = resolution,
	                                        .tier = d->effect->after.tier});
}

void decision_end(struct decision *d, enum resolution resolution, struct span id, const char *why)
{
	stop(d, why);
	put_resolution(d, resolution);
	log_end(d, resolution, id);
}

enum status decide_close(struct decision *d)
{
	const struct command *command = d->command;
	enum status st;

	st = command->actor.role == ROLE_VISITOR ? close_visitor(d) : close_agent(d);
	if (st != ST_OK)
		return st;
	log_end(d, command->resolution,
	        command->kind == COMMAND_CLOSE ? command->id : (struct span){0});
	return ST_OK;
}

enum status decide_rate(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;

	if (command->actor.role != ROLE_VISITOR)
		return ST_FORBIDDEN;
	if (command->score < 1 || command->score > 5)
		return ST_BAD_REQUEST;
	if (ticket_is_live(d->before) || command->now - d->before->resolved_at > SURVEY_MS)
		return ST_CONFLICT;
	after->rating = command->score;
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
	                                        .event = EVENT_RATED,
	                                        .id = command->id,
	                                        .text = command->text,
	                                        .score = command->score});
	return ST_OK;
}
