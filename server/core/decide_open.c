/* SPDX-License-Identifier: MIT */
/* The first message: a ticket, what triage makes of it, and what is promised. */
#include <string.h>

#include "base/must.h"
#include "core/decision.h"
#include "core/title.h"
#include "core/triage.h"

/* A request that somebody else writes down (a call, a form) is still the customer's word. */
static void log_request(struct decision *d)
{
	const struct command *command = d->command;
	struct entry *entry;

	if (command->text.len == 0)
		return;
	entry = decision_message(d);
	entry->from = ROLE_VISITOR;
	entry->from_agent = (struct agent_id){0};
	(void)span_copy(entry->from_name, sizeof(entry->from_name),
	                span_of(d->effect->after.visitor_name));
	d->effect->after.visitor_read_seq = entry->seq;
}

static void triage(struct decision *d, struct triage *out)
{
	const struct command *command = d->command;
	const struct request request = {
		.text = command->text,
		.title = (command->set.mask & SET_TITLE) != 0 ? command->set.title : command->title,
		.page_url = command->page_url,
		.page_title = command->page_title,
		.flags = command->flags,
	};

	triage_decide(d->policy, &request, d->arena, out);
}

static bool has_tag(const struct ticket *ticket, const struct tag *tag)
{
	for (unsigned i = 0; i < ticket->tags_count; i++) {
		if (strcmp(ticket->tags[i].text, tag->text) == 0)
			return true;
	}
	return false;
}

/* An agent's tags are the whole list. Those of a page are only where the visitor was: what
 * triage found is added as far as there is room. */
static void take_tags(struct ticket *after, const struct triage *triage, bool listed)
{
	if (listed)
		return;
	for (unsigned i = 0; i < triage->tags_count && after->tags_count < TAGS_MAX; i++) {
		if (!has_tag(after, &triage->tags[i]))
			after->tags[after->tags_count++] = triage->tags[i];
	}
}

/* What triage says holds where nobody said otherwise. */
static void take_triage(struct decision *d, const struct triage *triage)
{
	struct ticket *after = &d->effect->after;
	unsigned mask = d->command->set.mask;

	d->by_system = true;
	if ((mask & SET_TOPIC) == 0 && triage->topic != NULL) {
		(void)span_copy(after->topic, sizeof(after->topic), span_of(triage->topic->id));
		decision_change(d, "topic", SPAN_LIT(""), span_of(triage->topic->id),
		                span_of(triage->topic_why));
	}
	take_tags(after, triage, (mask & SET_TAGS) != 0 && d->command->actor.role != ROLE_VISITOR);
	if ((mask & SET_PRIORITY) == 0) {
		decision_change(d, "priority", SPAN_LIT(""),
		                span_of(priority_name(triage->priority)),
		                span_of(triage->priority_why));
		after->priority = triage->priority;
	}
	after->escalation.needed_tier = triage->tier;
	decision_change(d, "needed_tier", SPAN_LIT(""),
	                span_of(decision_text(d, "%d", triage->tier)), span_of(triage->tier_why));
	if (!d->policy->front_door && triage->tier >= TIER_MIN)
		after->tier = triage->tier;
	d->by_system = false;
}

/* What the policy makes of a new ticket. `solved`: it has ended already, so nothing presses. */
static void promise(struct decision *d, bool solved)
{
	struct ticket *after = &d->effect->after;
	struct plan plan = {0};
	struct triage found;

	after->policy = d->policy->id;
	after->escalation.previous = d->command->previous;
	triage(d, &found);
	take_triage(d, &found);
	if (solved)
		return;
	decision_customer(d, &plan, &found);
	plan_happened(&plan, d, &(struct happening){.event = WHEN_TOPIC, .evidence = after->topic});
	plan_carry_out(&plan, d);
}

static void start(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;

	*after = (struct ticket){
		.number = d->before->number,
		.status = TICKET_NEW,
		.priority = PRIORITY_LOW,
		.channel = command->channel,
		.tier = TIER_MIN,
		.waiting_since = command->now,
		.created_at = command->now,
		.topic = TOPIC_OTHER,
	};
	if (command->actor.role == ROLE_VISITOR)
		after->visitor = command->actor.visitor;
	decision_take_visitor(d);
	(void)span_copy(after->page_url, sizeof(after->page_url), command->page_url);
	(void)span_copy(after->page_title, sizeof(after->page_title), command->page_title);
	title_make(after->title, sizeof(after->title), command->text);
	decision_take_fields(d);
}

enum status decide_open(struct decision *d)
{
	const struct command *command = d->command;
	bool solved = command->resolution == RESOLUTION_DOCS_SELF;
	enum status st = ST_OK;

	if (command->text.len == 0 && !solved)
		return ST_BAD_REQUEST;
	start(d);
	decision_change(d, "status", SPAN_LIT(""), SPAN_LIT("new"),
	                span_of(channel_name(command->channel)));
	if ((command->set.mask & SET_PRIORITY) != 0)
		decision_priority(d, command->set.priority, "set when it was opened");
	log_request(d);
	d->effect->route = ROUTE_QUEUE;
	if (d->policy != NULL)
		promise(d, solved);
	else
		(void)decision_flags(d);
	if (solved)
		st = decide_close(d);
	if (st == ST_OK && d->policy != NULL) {
		decision_follow(d, NULL);
		decision_settle(d, NULL);
	}
	return st;
}
