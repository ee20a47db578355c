/* SPDX-License-Identifier: MIT */
/* Words on a ticket: messages, notes, read marks, whether an answer helped, which page was opened. */
#include "base/must.h"
#include "core/decision.h"
#include "core/file.h"
#include "core/sent_pages.h"
#include "core/triage.h"

/* Whether the address is proven is what the desk found, not what the visitor says. */
static void take_verified(struct decision *d)
{
	bool verified = d->command->visitor_verified;
	bool by_system = d->by_system;

	if (d->command->kind != COMMAND_OPEN && d->effect->after.visitor_verified != verified) {
		d->by_system = true;
		decision_turn(d, "verified", verified,
		              verified ? "the page signed the address"
		                       : "the address came unsigned");
		d->by_system = by_system;
	}
	d->effect->after.visitor_verified = verified;
}

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
		take_verified(d);
	}
}

enum status decide_identify(struct decision *d)
{
	if (d->command->actor.role != ROLE_VISITOR)
		return ST_FORBIDDEN;
	if (!ticket_is_live(d->before))
		return ST_CONFLICT;
	decision_take_visitor(d);
	return ST_OK;
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
	if (!after->escalation.immediate && ticket_is_paging(after))
		decision_page_seen(d, "answered");
	after->last_reply_seq = before->last_seq + 1;
	after->last_reply_agent = command->actor.agent;
	after->agent_read_seq = before->last_seq + 1;
	return ST_OK;
}

struct entry *decision_message(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;
	struct entry draft = {.kind = command->entry_kind,
	                      .id = command->id,
	                      .text = command->text,
	                      .removed = command->removed};

	if (command->entry_kind != ENTRY_TEXT) {
		draft.url = command->url;
		draft.title = command->title;
	}
	if (command->entry_kind == ENTRY_FILE) {
		draft.size = (uint32_t)command->file.len;
		draft.lines = file_lines(command->file);
		after->files_count++;
	}
	after->messages_count++;
	return decision_entry(d, &draft);
}

enum status decide_say(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;
	struct plan plan = {0};
	enum status st;
	bool again = false;

	MUST(command->entry_kind <= ENTRY_FILE);
	if (!ticket_is_live(d->before)) {
		again = command->actor.role == ROLE_VISITOR && !command->fresh &&
		        ticket_may_reopen(command->book, d->before, command->now);
		if (!again)
			return ST_CONFLICT;
	}
	if (command->text.len == 0 && command->url.len == 0)
		return ST_BAD_REQUEST;
	if (!file_has_room(d->before, command))
		return ST_TOO_LARGE;
	st = command->actor.role == ROLE_AGENT ? say_agent(d) : say_visitor(d);
	if (st != ST_OK)
		return st;
	(void)decision_message(d);
	if (command->actor.role == ROLE_AGENT && command->entry_kind == ENTRY_ARTICLE)
		sent_pages_add(&after->sent_pages, after->last_seq);
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
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_NOTE,
	                                        .id = command->id,
	                                        .text = command->yes ? SPAN_LIT(HELPED_TEXT)
	                                                             : SPAN_LIT(FAILED_TEXT)});
	if (command->yes)
		return ST_OK;
	escalation->failed_answers++;
	failed.count = (int)escalation->failed_answers;
	failed.evidence = decision_text(d, "did not help, %u times", escalation->failed_answers);
	plan_happened(&plan, d, &failed);
	plan_carry_out(&plan, d);
	return ST_OK;
}

/* Also when it has ended: what was sent last is often read then. Each page once. */
enum status decide_page_opened(struct decision *d)
{
	const struct command *command = d->command;
	enum status st;

	if (command->actor.role != ROLE_VISITOR)
		return ST_FORBIDDEN;
	st = sent_pages_open(&d->effect->after.sent_pages, command->seen);
	if (st == ST_OK)
		(void)decision_entry(d, &(struct entry){.kind = ENTRY_EVENT,
		                                        .event = EVENT_PAGE_OPENED,
		                                        .id = command->id,
		                                        .page = command->seen});
	return st;
}
