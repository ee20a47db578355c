/* SPDX-License-Identifier: MIT */
/* The record is asked each time, so nothing is forgotten over a restart:
 *
 *   how many lately --enough--> when was it said last --long ago--> put down that it is said now
 *                                                                     --> tell, tag the ticket
 *
 * What was said of a topic is a line of the record's settings: once in a window. The tag brings
 * the ticket that made it so into a list, and the reason of that change is the evidence. */
#include "app/systemic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/alerts.h"
#include "base/flow.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "core/escalation.h"

#define KEY_PREFIX  "pattern:"
#define PATTERN_TAG "possible-systemic"
#define WHY_SIZE    256
#define MOMENT_SIZE 24

struct systemic {
	struct flow flow;
	struct app *app;
	struct ticket ticket;
	struct ticket *next; /* came meanwhile: looked at afterwards; NULL: none */
	LIST_ENTRY(systemic) link;
	char rule[RULE_ID_SIZE];
	int count, people;
	int64_t window_ms;
	char moment[MOMENT_SIZE];
	char why[WHY_SIZE];
	struct store_call call;
};

static void call_done(struct op *op)
{
	flow_wake(&container_of(op, struct systemic, call.op)->flow);
}

static void systemic_free(struct flow *flow)
{
	struct systemic *systemic = container_of(flow, struct systemic, flow);
	struct app *app = systemic->app;
	struct ticket *next = systemic->next;

	LIST_REMOVE(systemic, link);
	arena_fini(&systemic->call.arena);
	free(systemic);
	if (next != NULL && !app->stopping)
		systemic_look(app, next);
	free(next);
}

static void begin_call(struct systemic *systemic, enum store_kind kind)
{
	arena_fini(&systemic->call.arena);
	systemic->call = (struct store_call){.op.done = call_done, .kind = kind};
}

static void name_topic(struct systemic *systemic)
{
	(void)snprintf(systemic->call.u.meta.key, STORE_KEY_SIZE, KEY_PREFIX "%s",
	               systemic->ticket.topic);
}

static bool has_tag(const struct ticket *ticket)
{
	for (unsigned i = 0; i < ticket->tags_count; i++) {
		if (strcmp(ticket->tags[i].text, PATTERN_TAG) == 0)
			return true;
	}
	return false;
}

static void tag_ticket(struct systemic *systemic)
{
	const struct ticket *ticket = &systemic->ticket;
	struct command command = {
		.kind = COMMAND_SET, .actor = actor_of_system(), .reason = span_of(systemic->why)};
	struct ticket_fields *set = &command.set;

	if (ticket->tags_count == TAGS_MAX || has_tag(ticket))
		return;
	memcpy(set->tags, ticket->tags, sizeof(set->tags));
	set->tags_count = ticket->tags_count + 1;
	(void)span_copy(set->tags[ticket->tags_count].text, TAG_SIZE, SPAN_LIT(PATTERN_TAG));
	set->mask = SET_TAGS;
	act_start(systemic->app, &(struct act_origin){.why = "pattern"}, STORE_COMMAND,
	          ticket->number, &command);
}

static enum flow_next say_it(struct flow *flow)
{
	struct systemic *systemic = container_of(flow, struct systemic, flow);

	if (systemic->call.op.status != ST_OK || systemic->app->stopping)
		return FLOW_DONE;
	log_info("pattern.seen", "ticket=%" PRIu64 " rule=%s topic=%s", systemic->ticket.number.v,
	         systemic->rule, systemic->ticket.topic);
	alerts_notice(systemic->app, &systemic->ticket, systemic->rule, systemic->why);
	tag_ticket(systemic);
	return FLOW_DONE;
}

static bool was_said(const struct systemic *systemic)
{
	struct span value = systemic->call.u.meta.value;
	char text[MOMENT_SIZE];

	if (systemic->call.op.status != ST_OK || !span_copy(text, sizeof(text), value))
		return false;
	return systemic->app->now - strtoll(text, NULL, 10) < systemic->window_ms;
}

static enum flow_next put_it_down(struct flow *flow)
{
	static const struct flow_step step_say = {"say_it", say_it};
	struct systemic *systemic = container_of(flow, struct systemic, flow);
	enum status st = systemic->call.op.status;

	if ((st != ST_OK && st != ST_NOT_FOUND) || was_said(systemic))
		return FLOW_DONE;
	(void)snprintf(systemic->moment, sizeof(systemic->moment), "%" PRId64, systemic->app->now);
	begin_call(systemic, STORE_META_PUT);
	name_topic(systemic);
	systemic->call.u.meta.value = span_of(systemic->moment);
	store_submit(systemic->app->ports.store, &systemic->call);
	return flow_wait(flow, &step_say);
}

static enum flow_next was_it_said(struct flow *flow)
{
	static const struct flow_step step_put = {"put_it_down", put_it_down};
	struct systemic *systemic = container_of(flow, struct systemic, flow);
	unsigned tickets = systemic->call.u.similar.tickets;
	unsigned people = systemic->call.u.similar.people;

	if (systemic->call.op.status != ST_OK || tickets < (unsigned)systemic->count ||
	    people < (unsigned)systemic->people)
		return FLOW_DONE;
	(void)snprintf(systemic->why, sizeof(systemic->why),
	               "%s: possible systemic problem, %u tickets about %s from %u people in %d "
	               "minutes",
	               systemic->rule, tickets, systemic->ticket.topic, people,
	               (int)(systemic->window_ms / MINUTE_MS));
	begin_call(systemic, STORE_META_GET);
	name_topic(systemic);
	store_submit(systemic->app->ports.store, &systemic->call);
	return flow_wait(flow, &step_put);
}

static enum flow_next how_many(struct flow *flow)
{
	static const struct flow_step step_was = {"was_it_said", was_it_said};
	struct systemic *systemic = container_of(flow, struct systemic, flow);

	begin_call(systemic, STORE_SIMILAR);
	systemic->call.u.similar.topic = span_of(systemic->ticket.topic);
	systemic->call.u.similar.since = systemic->app->now - systemic->window_ms;
	store_submit(systemic->app->ports.store, &systemic->call);
	return flow_wait(flow, &step_was);
}

/* Two at a time could both find that nothing was said yet. */
static bool is_running(struct app *app, const struct ticket *ticket)
{
	struct systemic *systemic;

	LIST_FOREACH(systemic, &app->systemics, link) {
		if (strcmp(systemic->ticket.topic, ticket->topic) != 0)
			continue;
		if (systemic->next == NULL)
			systemic->next = xmalloc(sizeof(*systemic->next));
		*systemic->next = *ticket;
		return true;
	}
	return false;
}

void systemic_look(struct app *app, const struct ticket *ticket)
{
	static const struct flow_step step_many = {"how_many", how_many};
	struct escalation found;
	struct systemic *systemic;

	if (app->book == NULL || app->stopping || ticket->topic[0] == '\0' ||
	    !escalation_find(policy_book_find(app->book, ticket->policy), WHEN_PATTERN, &found) ||
	    !escalation_applies(found.when, ticket) || strcmp(ticket->topic, TOPIC_OTHER) == 0 ||
	    is_running(app, ticket))
		return;
	systemic = xcalloc(1, sizeof(*systemic));
	systemic->app = app;
	systemic->ticket = *ticket;
	(void)span_copy(systemic->rule, sizeof(systemic->rule), span_of(found.rule->id));
	systemic->count = found.when->count;
	systemic->people = found.when->people;
	systemic->window_ms = found.when->after.ms;
	LIST_INSERT_HEAD(&app->systemics, systemic, link);
	flow_start(&systemic->flow, &step_many, systemic_free);
}
