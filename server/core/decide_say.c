/* SPDX-License-Identifier: MIT */
/* Words on a ticket: messages, notes, read marks, and whether an answer helped. */
#include "base/must.h"
#include "core/decision.h"
#include "core/triage.h"

void decision_take_visitor(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;

	if (command->visitor_name.len > 0)
		(void)span_copy(after->visitor_name, sizeof(after->visitor_name),
		                command->visitor_name);
	if (command->visitor_email.len > 0) {
		(void)span_copy(after->visitor_email, sizeof(after->visitor_email),
		                command->visitor_email);
		after->visitor_verified = command->visitor_verified;
	}
}

/* An emergency that shows up in a later message is one. */
static void weigh(struct decision *d, struct plan *plan)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;
	const struct request request = {.text = command->text,
	                                .title = command->title,
	                                .page_url = span_of(after->page_url),
	                                .page_title = span_of(after->page_title)};
	struct triage found;

	if (after->escalation.immediate) {
		(void)decision_flags(d);
		return;
	}
	triage_urgent(d->policy, &request, d->arena, &found);
	decision_customer(d, plan, &found);
}

static enum status say_visitor(struct decision *d)
{
	struct ticket *after = &d->effect->after;

	decision_take_visitor(d);
	if (after->status == TICKET_PENDING)
		decision_status(d, TICKET_OPEN, "the customer replied");
	if (d->policy == NULL && decision_flags(d) && ticket_is_waiting(after))
		d->effect->route = ROUTE_QUEUE; /* its place in the queue changes */
	return ST_OK;
}

static enum status say_agent(struct decision *d)
{
	const struct command *command = d->command;
	const struct ticket *before = d->before;
	struct ticket *after = &d->effect->after;

	if (command->has_seen && before->last_reply_seq > command->seen &&
	    before->last_reply_agent.v != command->actor.agent.v)
		return ST_CONFLICT;
	if (after->first_response_at == 0)
		after->first_response_at = command->now;
	after->last_reply_seq = before->last_seq + 1;
	after->last_reply_agent = command->actor.agent;
	after->agent_read_seq = before->last_seq + 1;
	return ST_OK;
}

enum status decide_say(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;
	struct plan plan = {0};
	enum status st;
	bool again = false;

	MUST(command->entry_kind == ENTRY_TEXT || command->entry_kind == ENTRY_ARTICLE);
	if (!ticket_is_live(d->before)) {
		again = command->actor.role == ROLE_VISITOR && !command->fresh &&
		        ticket_may_reopen(command->book, d->before, command->now);
		if (!again)
			return ST_CONFLICT;
	}
	if (command->text.len == 0 && command->url.len == 0)
		return ST_BAD_REQUEST;
	st = command->actor.role == ROLE_AGENT ? say_agent(d) : say_visitor(d);
	if (st != ST_OK)
		return st;
	(void)decision_entry(d, &(struct entry){.kind = command->entry_kind,
	                                        .id = command->id,
	                                        .text = command->text,
	                                        .url = command->url,
	                                        .title = command->title});
	after->messages_count++;
	if (command->actor.role != ROLE_VISITOR)
		return ST_OK;
	after->visitor_read_seq = after->last_seq;
	if (again)
		decision_reopen(d, (struct span){0}, &plan);
	if (d->policy != NULL) {
		weigh(d, &plan);
		plan_carry_out(&plan, d);
	}
	return ST_OK;
}

enum status decide_note(struct decision *d)
{
	if (d->command->actor.role != ROLE_AGENT)
		return ST_FORBIDDEN;
	if (d->command->text.len == 0)
		return ST_BAD_REQUEST;
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_NOTE,
	                                        .id = d->command->id,
	                                        .text = d->command->text});
	return ST_OK;
}

enum status decide_read(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	uint64_t *mark = d->command->actor.role == ROLE_VISITOR ? &after->visitor_read_seq
	                                                        : &after->agent_read_seq;
	uint64_t seen = d->command->seen < after->last_seq ? d->command->seen : after->last_seq;

	if (seen > *mark)
		*mark = seen;
	return ST_OK;
}

/* A note of the visitor: agents see it, and a repeated one is known by its id. */
enum status decide_helped(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket_escalation *escalation = &d->effect->after.escalation;
	struct plan plan = {0};
	struct happening failed = {.event = WHEN_ANSWER_FAILED};

	if (command->actor.role != ROLE_VISITOR)
		return ST_FORBIDDEN;
	if (!ticket_is_live(d->before))
		return ST_CONFLICT;
	(void)decision_entry(d,
	                     &(struct entry){.kind = ENTRY_NOTE,
	                                     .id = command->id,
	                                     .text = command->yes ? SPAN_LIT("The answer helped.")
	                                                          : SPAN_LIT("The answer did not "
	                                                                     "help.")});
	if (command->yes)
		return ST_OK;
	escalation->failed_answers++;
	failed.count = (int)escalation->failed_answers;
	failed.evidence = decision_text(d, "did not help, %u times", escalation->failed_answers);
	plan_happened(&plan, d, &failed);
	plan_carry_out(&plan, d);
	return ST_OK;
}
