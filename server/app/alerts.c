/* SPDX-License-Identifier: MIT */
/* A page:
 *
 *   whose turn it is --> notifier --OK-------> waits for `acknowledge`, the record's clock goes on
 *                            '----not so-----> COMMAND_PAGE_FAILED: the next of the tier at once,
 *                                              as long as the record finds one               */
#include "app/alerts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/act.h"
#include "app/book.h"
#include "app/deliver.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "core/escalation.h"

/* --- who is meant --- */

struct circle {
	struct app *app;
	const struct frame_out *frame;
	struct agent_id agent; /* whoever has the ticket */
	int tier;              /* all of this tier; 0: none */
	bool leaders;          /* supervisors and administrators */
	bool admins;
	const char *email; /* and this one; NULL: none */
};

static bool is_in(const struct circle *circle, const struct person *person)
{
	const struct agent *agent = &person->agent;

	return (circle->agent.v != 0 && agent->id.v == circle->agent.v) ||
	       agent->tier == circle->tier ||
	       (circle->leaders && agent->role != AGENT_ROLE_AGENT) ||
	       (circle->admins && agent->role == AGENT_ROLE_ADMIN) ||
	       (circle->email != NULL && strcasecmp(circle->email, agent->email) == 0);
}

static void tell(const struct circle *circle)
{
	struct person *person, *next;

	HASH_ITER(hh, circle->app->people.by_id, person, next) {
		if (person->clients_count > 0 && is_in(circle, person))
			deliver_to_person(circle->app, person, circle->frame);
	}
}

/* Who reads along and was not told yet. */
static void tell_watchers(const struct circle *circle, const struct chat *chat)
{
	for (size_t i = 0; chat != NULL && i < chat->watchers_count; i++) {
		struct client *client = hub_find(&circle->app->hub, chat->watchers[i]);

		if (client != NULL && client->greeted && client->person != NULL &&
		    !is_in(circle, client->person))
			app_send(circle->app, client->conn, circle->frame);
	}
}

/* --- targets --- */

static void send_due(struct app *app, const struct ticket *ticket, const struct alert *alert)
{
	struct frame_out frame = {.type = OUT_DUE};
	struct circle circle = {.app = app, .frame = &frame, .agent = ticket->agent};

	frame.u.due.ticket = ticket->number;
	frame.u.due.resolution = alert->resolution;
	frame.u.due.breached = alert->kind == ALERT_BREACHED;
	frame.u.due.at = alert->due;
	circle.tier = ticket->agent.v == 0 ? ticket->tier : 0;
	circle.leaders = frame.u.due.breached;
	tell(&circle);
	tell_watchers(&circle, chats_find(&app->chats, ticket->number));
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

static const char *skill_of(const struct policy *policy, const struct ticket *ticket, int tier)
{
	const struct topic *topic = policy_topic(policy, span_of(ticket->topic));

	return topic != NULL && topic->tier == tier ? topic->skill : NULL;
}

static struct frame_out page_frame(const struct ticket *ticket, const char *rule,
                                   const struct contact *contact, const char *why)
{
	struct frame_out frame = {.type = OUT_ALERT};

	frame.u.alert.ticket = ticket->number;
	frame.u.alert.page = true;
	frame.u.alert.rule = rule;
	frame.u.alert.to = contact != NULL ? contact->name : "";
	frame.u.alert.why = why;
	return frame;
}

static void page(struct app *app, const struct ticket *ticket, const struct alert *alert)
{
	const struct policy *policy = book_of(app, ticket->policy);
	const char *skill = skill_of(policy, ticket, alert->tier);
	const struct contact *contact =
		policy_contact(policy, alert->tier, skill, app->now, alert->attempt);
	struct frame_out frame = page_frame(ticket, alert->rule, contact, alert->why);
	struct circle circle = {.app = app, .frame = &frame, .tier = alert->tier, .leaders = true};

	app->sweep.pages++;
	if (contact == NULL)
		log_error("page.nobody", "ticket=%" PRIu64 " tier=%d", ticket->number.v,
		          alert->tier);
	else
		circle.email = contact->email;
	tell(&circle);
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

	put(alert.rule, sizeof(alert.rule), escalation_paging(book_of(app, ticket->policy)));
	return alert;
}

void alerts_start(struct app *app, const struct ticket *tickets, size_t count)
{
	for (size_t i = 0; app->book != NULL && i < count; i++) {
		const struct ticket_escalation *up = &tickets[i].escalation;
		struct alert alert;

		if (!up->immediate || up->pages == 0 || up->page_acked_at != 0)
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
		struct ticket shell = {.number = chat->number};
		const struct contact *contact;
		struct frame_out frame;
		struct circle circle = {.app = app, .tier = chat->tier, .leaders = true};

		if (chat->pages == 0)
			continue;
		contact = policy_contact(book_of(app, chat->policy), chat->tier, NULL, app->now,
		                         chat->pages - 1);
		circle.email = contact != NULL ? contact->email : NULL;
		frame = page_frame(&shell, escalation_paging(book_of(app, chat->policy)), contact,
		                   STILL_PAGED);
		if (is_in(&circle, client->person))
			app_send(app, client->conn, &frame);
	}
}

/* --- notices --- */

static bool is_here(struct app *app, const struct contact *contact)
{
	return contact != NULL && contact->email != NULL &&
	       people_by_email(&app->people, span_of(contact->email)) != NULL;
}

static void notify(struct app *app, const struct ticket *ticket, enum rule_notify whom,
                   const char *rule, const char *why)
{
	const struct policy *policy = book_of(app, ticket->policy);
	const struct contact *contact = NULL;
	struct frame_out frame = {.type = OUT_ALERT};
	struct circle circle = {.app = app, .frame = &frame};

	frame.u.alert.ticket = ticket->number;
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
		circle.admins = !is_here(app, contact);
	}
	if (contact != NULL) {
		circle.email = contact->email;
		frame.u.alert.to = contact->name;
	}
	tell(&circle);
	if (contact != NULL && app->ports.notifier != NULL)
		telling_submit(telling_create(app, NOTIFIER_NOTICE, ticket, rule, contact));
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
