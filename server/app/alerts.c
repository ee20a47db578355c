/* SPDX-License-Identifier: MIT */
/* A page:
 *
 *   whose turn it is --> notifier --OK-------> waits for `acknowledge`, the record's clock goes on
 *                            '----not so-----> COMMAND_PAGE_FAILED: the next of the tier at once,
 *                                              as long as the record finds one               */
#include "app/alerts.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/book.h"
#include "app/circle.h"
#include "app/tally.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "core/escalation.h"

/* 0: not one of those who log in here. */
static struct agent_id agent_of(struct app *app, const struct contact *contact)
{
	const struct person *person =
		contact != NULL && contact->email != NULL
			? people_by_email(&app->people, span_of(contact->email))
			: NULL;

	return person != NULL ? person->agent.id : (struct agent_id){0};
}

/* --- targets --- */

static void send_due(struct app *app, const struct ticket *ticket, const struct alert *alert)
{
	struct frame_out frame = {.type = OUT_DUE};
	struct circle circle = {.app = app, .frame = &frame, .agent = ticket->agent};

	frame.u.due.ticket = ticket->number;
	frame.u.due.resolution = alert->resolution;
	frame.u.due.milestone = alert->milestone;
	frame.u.due.breached = alert->kind == ALERT_BREACHED;
	frame.u.due.at = alert->due;
	circle.tier = ticket->agent.v == 0 ? ticket->tier : 0;
	circle.leaders = frame.u.due.breached;
	circle.watchers = true;
	(void)circle_tell(&circle);
}

/* --- the notifier --- */

struct telling {
	struct app *app;
	struct notifier_call call;
};

static void page_failed(struct app *app, struct ticket_id number)
{
	struct command command = {.kind = COMMAND_PAGE_FAILED, .actor = actor_of_system()};

	act_start(app, &(struct act_origin){.why = "page_failed"}, STORE_COMMAND, number, &command);
}

static void telling_done(struct op *op)
{
	struct telling *telling = container_of(op, struct telling, call.op);
	struct app *app = telling->app;
	bool failed = op->status != ST_OK && op->status != ST_CANCELED;

	if (failed) {
		log_warn("notifier.failed", "ticket=%" PRIu64 " rule=%s status=%s",
		         telling->call.ticket.v, telling->call.rule, status_name(op->status));
		if (telling->call.kind == NOTIFIER_PAGE)
			app->sweep.pages_failed++;
	}
	if (failed && telling->call.kind == NOTIFIER_PAGE && !app->stopping)
		page_failed(app, telling->call.ticket);
	free(telling);
}

static const char *title_of(const struct policy *policy, const char *rule)
{
	for (size_t i = 0; i < policy->rules_count; i++) {
		if (strcmp(policy->rules[i].id, rule) == 0)
			return policy->rules[i].title;
	}
	for (size_t i = 0; i < policy->milestones_count; i++) {
		if (strcmp(policy->milestones[i].id, rule) == 0)
			return policy->milestones[i].name;
	}
	return NULL;
}

static void put(char *to, size_t size, const char *text)
{
	(void)span_copy(to, size, span_of(text));
}

/* What the ticket says stays in the house: the summary has its priority, topic and rule only. */
static struct telling *telling_create(struct app *app, enum notifier_kind kind,
                                      const struct ticket *ticket, const char *rule,
                                      const struct contact *contact)
{
	const struct policy *policy = book_of(app, ticket->policy);
	struct telling *telling = xcalloc(1, sizeof(*telling));
	struct notifier_call *call = &telling->call;
	const char *title = title_of(policy, rule);

	telling->app = app;
	call->op.done = telling_done;
	call->kind = kind;
	call->ticket = ticket->number;
	call->tickets = 1;
	put(call->rule, sizeof(call->rule), rule);
	put(call->to_name, sizeof(call->to_name), contact->name);
	put(call->to_email, sizeof(call->to_email), contact->email);
	put(call->to_phone, sizeof(call->to_phone), contact->phone);
	(void)snprintf(call->summary, sizeof(call->summary), "%s, %s: %s",
	               priority_name(ticket->priority), ticket->topic,
	               title != NULL ? title : rule);
	return telling;
}

static void telling_submit(struct telling *telling)
{
	struct notifier *notifier = telling->app->ports.notifier;

	notifier->ops->submit(notifier, &telling->call);
}

/* --- pages --- */

static struct frame_out page_frame(const struct ticket *ticket, const char *rule,
                                   const struct contact *contact, const char *why)
{
	struct frame_out frame = {.type = OUT_ALERT};

	frame.u.alert.ticket = ticket->number;
	frame.u.alert.page = true;
	frame.u.alert.emergency = ticket->escalation.immediate;
	frame.u.alert.rule = rule;
	frame.u.alert.to = contact != NULL ? contact->name : "";
	frame.u.alert.why = why;
	return frame;
}

static void page(struct app *app, const struct ticket *ticket, const struct alert *alert)
{
	const struct policy *policy = book_of(app, ticket->policy);
	const struct contact *contact =
		escalation_contact(policy, ticket, alert->tier, app->now, alert->attempt);
	struct frame_out frame = page_frame(ticket, alert->rule, contact, alert->why);
	struct circle circle = {.app = app, .frame = &frame, .tier = alert->tier, .leaders = true};

	app->sweep.pages++;
	if (contact == NULL)
		log_error("page.nobody", "ticket=%" PRIu64 " tier=%d", ticket->number.v,
		          alert->tier);
	else
		circle.contact = agent_of(app, contact);
	(void)circle_tell(&circle);
	if (contact != NULL && app->ports.notifier != NULL) {
		struct telling *telling =
			telling_create(app, NOTIFIER_PAGE, ticket, alert->rule, contact);

		telling->call.attempt = alert->attempt + 1;
		telling_submit(telling);
	}
}

#define STILL_PAGED "Nobody has acknowledged the page yet."

/* The newest attempt once more. */
static struct alert standing_page(struct app *app, const struct ticket *ticket)
{
	struct alert alert = {.kind = ALERT_PAGE,
	                      .tier = ticket->tier,
	                      .attempt = ticket->escalation.pages - 1,
	                      .why = STILL_PAGED};

	put(alert.rule, sizeof(alert.rule),
	    escalation_paging(book_of(app, ticket->policy), ticket->escalation.immediate));
	return alert;
}

void alerts_start(struct app *app, const struct ticket *tickets, size_t count)
{
	for (size_t i = 0; app->book != NULL && i < count; i++) {
		struct alert alert;

		if (!ticket_is_paging(&tickets[i]))
			continue;
		alert = standing_page(app, &tickets[i]);
		page(app, &tickets[i], &alert);
	}
}

void alerts_repeat(struct app *app, struct client *client)
{
	struct chat *chat, *next;

	if (app->book == NULL)
		return;
	HASH_ITER(hh, app->chats.by_number, chat, next) {
		struct ticket shell = {.number = chat->number,
		                       .escalation.immediate = chat->promise.immediate};
		const struct contact *contact;
		struct frame_out frame;
		struct circle circle = {.app = app, .tier = chat->tier, .leaders = true};

		if (chat->pages == 0)
			continue;
		put(shell.topic, sizeof(shell.topic), chat->topic);
		contact = escalation_contact(book_of(app, chat->policy), &shell, chat->tier,
		                             app->now, chat->pages - 1);
		circle.contact = agent_of(app, contact);
		frame = page_frame(
			&shell,
			escalation_paging(book_of(app, chat->policy), chat->promise.immediate),
			contact, STILL_PAGED);
		if (circle_has(&circle, client->person))
			app_send(app, client->conn, &frame);
	}
}

/* --- notices --- */

void alerts_telling_send(struct telling **telling, uint64_t tickets)
{
	struct notifier_call *call = &(*telling)->call;
	char one[sizeof(call->summary)];

	if (tickets > 1) {
		put(one, sizeof(one), call->summary);
		call->tickets = tickets < UINT_MAX ? (unsigned)tickets : UINT_MAX;
		(void)snprintf(call->summary, sizeof(call->summary),
		               "%u tickets, one of them %.200s", call->tickets, one);
	}
	telling_submit(*telling);
	*telling = NULL;
}

void alerts_telling_free(struct telling **telling)
{
	free(*telling);
	*telling = NULL;
}

/* `row`: it is counted with others, who are told of together. */
static void notify_contact(struct app *app, struct tally_row *row, const struct ticket *ticket,
                           const char *rule, const struct contact *contact)
{
	if (contact == NULL || app->ports.notifier == NULL)
		return;
	if (row == NULL)
		telling_submit(telling_create(app, NOTIFIER_NOTICE, ticket, rule, contact));
	else if (row->telling == NULL)
		row->telling = telling_create(app, NOTIFIER_NOTICE, ticket, rule, contact);
}

static void notify(struct app *app, const struct ticket *ticket, enum rule_notify whom,
                   const char *rule, const char *why)
{
	const struct policy *policy = book_of(app, ticket->policy);
	const struct contact *contact = NULL;
	struct frame_out frame = {.type = OUT_ALERT};
	struct circle circle = {.app = app, .frame = &frame};

	frame.u.alert.ticket = ticket->number;
	frame.u.alert.emergency = ticket->escalation.immediate;
	frame.u.alert.rule = rule;
	frame.u.alert.to = "";
	frame.u.alert.why = why;
	if (whom == NOTIFY_AGENT) {
		circle.agent = ticket->agent;
		circle.tier = ticket->agent.v == 0 ? ticket->tier : 0;
	} else if (whom == NOTIFY_SUPERVISOR) {
		contact = policy->supervisor;
		circle.leaders = true;
	} else {
		contact = policy->lead;
		circle.admins = agent_of(app, contact).v == 0;
	}
	if (contact != NULL) {
		circle.contact = agent_of(app, contact);
		frame.u.alert.to = contact->name;
	}
	notify_contact(app, circle_tell(&circle), ticket, rule, contact);
}

void alerts_notice(struct app *app, const struct ticket *ticket, const char *rule, const char *why)
{
	notify(app, ticket, NOTIFY_SUPERVISOR, rule, why);
}

/* --- an effect's --- */

void alerts_send(struct app *app, const struct effect *effect)
{
	const struct ticket *ticket = &effect->after;

	for (unsigned i = 0; app->book != NULL && i < effect->alerts_count; i++) {
		const struct alert *alert = &effect->alerts[i];

		switch (alert->kind) {
		case ALERT_WARNED:
		case ALERT_BREACHED:
			send_due(app, ticket, alert);
			break;
		case ALERT_PAGE:
			page(app, ticket, alert);
			break;
		case ALERT_NOTICE:
			if (alert->notify != NOTIFY_NOBODY)
				notify(app, ticket, alert->notify, alert->rule, alert->why);
			break;
		}
	}
}
