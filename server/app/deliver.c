/* SPDX-License-Identifier: MIT */
/* An effect goes out in this order: the new owner hears `assigned`, every reader gets the
 * entries, readers hear what else changed, the visitor hears the new state, whoever lost it
 * hears `unassigned`, and the switchboard follows. */
#include "app/deliver.h"

#include <stdlib.h>
#include <string.h>

#include "app/alerts.h"
#include "app/hours.h"
#include "app/queue_view.h"
#include "app/routing.h"
#include "app/seats.h"
#include "base/mem.h"
#include "base/must.h"
#include "core/decision.h"

#define BATCH_MAX 32

/* Connections that get the very same frame. */
struct batch {
	struct app *app;
	const struct frame_out *frame;
	struct conn_id to[BATCH_MAX];
	size_t count;
};

static void batch_flush(struct batch *batch)
{
	struct outlet *outlet = batch->app->ports.outlet;

	if (batch->count > 0)
		outlet->ops->send(outlet, batch->to, batch->count, batch->frame);
	batch->count = 0;
}

static void batch_add(struct batch *batch, struct conn_id conn)
{
	batch->to[batch->count++] = conn;
	if (batch->count == BATCH_MAX)
		batch_flush(batch);
}

static void batch_list(struct batch *batch, const struct client_list *clients)
{
	struct client *client;

	LIST_FOREACH(client, clients, peers) {
		if (client->greeted)
			batch_add(batch, client->conn);
	}
}

void deliver_to_person(struct app *app, struct person *person, const struct frame_out *frame)
{
	struct batch batch = {.app = app, .frame = frame};

	batch_list(&batch, &person->clients);
	batch_flush(&batch);
}

void deliver_to_guest(struct app *app, struct guest *guest, const struct frame_out *frame)
{
	struct batch batch = {.app = app, .frame = frame};

	batch_list(&batch, &guest->clients);
	batch_flush(&batch);
}

void deliver_to_agents(struct app *app, const struct chat *chat, const struct frame_out *frame)
{
	struct person *person = people_find(&app->people, chat->agent);
	struct batch batch = {.app = app, .frame = frame};

	if (person != NULL)
		batch_list(&batch, &person->clients);
	for (size_t i = 0; i < chat->watchers_count; i++) {
		struct client *client = hub_find(&app->hub, chat->watchers[i]);

		if (client != NULL && client->person != person)
			batch_add(&batch, client->conn);
	}
	batch_flush(&batch);
}

void deliver_notice(struct app *app, const struct notice *notice)
{
	if (app->nodes > 1)
		routing_publish(app, notice);
}

/* true: the client takes this entry now, and its cursor has moved on. */
static bool takes(struct app *app, struct client *client, const struct entry *entry)
{
	struct sub *sub = client->greeted ? client_sub(client, entry->ticket) : NULL;
	uint64_t prev = client->audience == AUDIENCE_VISITOR ? entry->prev_public : entry->seq - 1;

	if (sub == NULL || !sub->live || sub->cursor >= entry->seq)
		return false;
	if (sub->replaying) {
		sub->missed = true;
		return false;
	}
	if (sub->cursor != prev) {
		deliver_replay(app, client, entry->ticket);
		return false;
	}
	sub->cursor = entry->seq;
	return true;
}

static struct frame_out entry_frame(const struct entry *entry, enum audience audience, bool own)
{
	return (struct frame_out){
		.type = OUT_MESSAGE,
		.u.message = {.entry = entry, .audience = audience, .show_id = own}};
}

static void entry_to_guest(struct app *app, struct guest *guest, const struct entry *entry)
{
	struct frame_out frame = entry_frame(entry, AUDIENCE_VISITOR, entry->from == ROLE_VISITOR);
	struct batch batch = {.app = app, .frame = &frame};
	struct client *client;

	if (!entry_is_public(entry))
		return;
	LIST_FOREACH(client, &guest->clients, peers) {
		if (takes(app, client, entry))
			batch_add(&batch, client->conn);
	}
	batch_flush(&batch);
}

static void entry_to_person(struct app *app, struct person *person, const struct entry *entry)
{
	bool own = entry->from == ROLE_AGENT && entry->from_agent.v == person->agent.id.v;
	struct frame_out frame = entry_frame(entry, AUDIENCE_AGENT, own);
	struct batch batch = {.app = app, .frame = &frame};
	struct client *client;

	LIST_FOREACH(client, &person->clients, peers) {
		if (takes(app, client, entry))
			batch_add(&batch, client->conn);
	}
	batch_flush(&batch);
}

static void entry_to_watchers(struct app *app, const struct chat *chat, const struct entry *entry)
{
	for (size_t i = 0; i < chat->watchers_count; i++) {
		struct client *client = hub_find(&app->hub, chat->watchers[i]);
		struct frame_out frame;

		if (client == NULL || client->person == NULL || !takes(app, client, entry))
			continue;
		frame = entry_frame(entry, AUDIENCE_AGENT,
		                    entry->from == ROLE_AGENT &&
		                            entry->from_agent.v == client->person->agent.id.v);
		app_send(app, client->conn, &frame);
	}
}

/* Every client of the visitor reads the visitor's newest ticket. */
static void seat_guest(struct guest *guest, const struct ticket *ticket)
{
	struct client *client;

	if (guest->ticket.v > ticket->number.v)
		return;
	guest->ticket = ticket->number;
	LIST_FOREACH(client, &guest->clients, peers) {
		if (client->greeted && client->sub.ticket.v != ticket->number.v)
			client->sub = (struct sub){.ticket = ticket->number, .live = true};
	}
}

static void send_assigned(struct app *app, struct person *person, const struct ticket *ticket,
                          const char *why)
{
	struct client *client;

	deliver_to_person(app, person,
	                  &(struct frame_out){.type = OUT_ASSIGNED,
	                                      .u.assigned = {.ticket = ticket, .reason = why}});
	LIST_FOREACH(client, &person->clients, peers) {
		if (client->greeted)
			client_subscribe(client, ticket->number)->live = true;
	}
}

/* What the agent was sent with an offer, or as the owner, it is not sent any more. */
static void end_reading(struct app *app, struct person *person, const struct ticket *ticket,
                        const char *why)
{
	const struct chat *chat = chats_find(&app->chats, ticket->number);
	struct client *client;

	deliver_to_person(app, person,
	                  &(struct frame_out){.type = OUT_UNASSIGNED,
	                                      .u.assigned = {.ticket = ticket, .reason = why}});
	LIST_FOREACH(client, &person->clients, peers) {
		bool watches = false;

		for (size_t i = 0; chat != NULL && i < chat->watchers_count; i++)
			watches = watches || chat->watchers[i].v == client->conn.v;
		if (!watches)
			client_unsubscribe(client, ticket->number);
	}
}

struct chat_status chat_status_of(struct app *app, const struct chat *chat)
{
	const struct person *person = people_find(&app->people, chat->agent);
	const struct chat_promise *promise = &chat->promise;
	struct chat_status status = {.ticket = chat->number,
	                             .state = chat->agent.v != 0 ? CHAT_ACTIVE : CHAT_WAITING,
	                             .tier = chat->tier,
	                             .eta_s = -1,
	                             .first_response_due = promise->first_response_due,
	                             .resolution_due = promise->resolution_due,
	                             .priority = (enum priority)promise->priority,
	                             .immediate = promise->immediate,
	                             .may_leave = promise->may_leave,
	                             .kept = promise->kept};

	if (status.state == CHAT_WAITING) {
		status.position = chat->position;
		status.eta_s = chat->eta_s;
		status.nobody = chat->nobody;
		status.opens_at = chat->nobody ? hours_opens_at(app) : 0;
	} else if (person != NULL) {
		(void)span_copy(status.agent_name, sizeof(status.agent_name),
		                span_of(person->agent.name));
	}
	return status;
}

void deliver_status(struct app *app, const struct chat *chat)
{
	struct guest *guest = hub_guest(&app->hub, &chat->visitor);
	struct frame_out frame = {.type = OUT_STATUS};

	if (guest == NULL)
		return;
	frame.u.status = chat_status_of(app, chat);
	deliver_to_guest(app, guest, &frame);
}

static void status_ended(struct app *app, struct guest *guest, const struct ticket *ticket)
{
	guest->tier = ticket->tier;
	guest->survey = ticket->rating == 0;
	guest->survey_until = ticket->resolved_at + SURVEY_MS;
	deliver_to_guest(app, guest,
	                 &(struct frame_out){.type = OUT_STATUS,
	                                     .u.status = {.ticket = ticket->number,
	                                                  .state = CHAT_CLOSED,
	                                                  .tier = ticket->tier,
	                                                  .survey = guest->survey}});
}

/* One that the visitor's status may have moved with. */
static bool has_event(const struct effect *effect)
{
	for (unsigned i = 0; i < effect->entries_count; i++) {
		if (effect->entries[i].kind == ENTRY_EVENT &&
		    effect->entries[i].event != EVENT_PAGE_OPENED)
			return true;
	}
	return false;
}

/* Escalations are told to who lost the ticket, to who reads along and to who leads. */
static void tell_escalated(struct app *app, const struct effect *effect)
{
	const struct entry *entry = NULL;
	struct frame_out frame = {.type = OUT_ESCALATED};
	struct person *person, *next;

	for (unsigned i = 0; i < effect->entries_count && entry == NULL; i++)
		entry = effect->entries[i].event == EVENT_ESCALATED ? &effect->entries[i] : NULL;
	if (entry == NULL)
		return;
	app->counters.escalations++;
	frame.u.escalated.ticket = entry->ticket;
	frame.u.escalated.from = entry->tier_from;
	frame.u.escalated.to = entry->tier;
	frame.u.escalated.reason = entry->reason;
	HASH_ITER(hh, app->people.by_id, person, next) {
		if (person->agent.role != AGENT_ROLE_AGENT ||
		    person->agent.id.v == effect->released.v)
			deliver_to_person(app, person, &frame);
	}
}

/* An agent has it who did not have it before. */
static bool gives(const struct effect *effect, const struct chat *before)
{
	return (effect->route == ROUTE_BIND || effect->route == ROUTE_PARK) &&
	       (before == NULL || before->agent.v != effect->after.agent.v);
}

static void count_effect(struct app *app, const struct effect *effect, const struct chat *before)
{
	const struct ticket *after = &effect->after;
	struct person *person;

	if (gives(effect, before)) {
		person = people_find(&app->people, after->agent);
		if (person != NULL)
			person->chats++;
		if (before != NULL && before->waiting_since != 0)
			eta_add(&app->tiers[before->tier - TIER_MIN].eta,
			        app->now - before->waiting_since);
	}
	person = people_find(&app->people, effect->released);
	if (person != NULL && person->chats > 0)
		person->chats--;
	for (unsigned i = 0; i < effect->entries_count; i++) {
		if (effect->entries[i].kind != ENTRY_EVENT)
			app->counters.messages++;
		if (effect->entries[i].event == EVENT_REQUEUED)
			app->counters.requeues++;
	}
}

/* The first answer is no change of a field, but it ends a clock that agents look at. */
static bool is_first_answer(const struct effect *effect)
{
	return effect->entries_count > 0 && effect->after.first_response_at != 0 &&
	       effect->entries[0].at == effect->after.first_response_at;
}

static void tell_agents(struct app *app, const struct effect *effect, const struct chat *chat)
{
	struct person *owner = people_find(&app->people, effect->after.agent);
	struct frame_out frame = {.type = OUT_TICKET, .u.ticket = {.ticket = &effect->after}};

	if (effect->changes_count == 0 && !is_first_answer(effect))
		return;
	if (chat != NULL)
		deliver_to_agents(app, chat, &frame);
	else if (owner != NULL)
		deliver_to_person(app, owner, &frame);
}

static void tell_entries(struct app *app, const struct effect *effect, const struct chat *chat)
{
	struct guest *guest = hub_guest(&app->hub, &effect->after.visitor);
	struct person *owner = people_find(&app->people, effect->after.agent);
	struct person *released = people_find(&app->people, effect->released);

	if (guest != NULL)
		seat_guest(guest, &effect->after);
	for (unsigned i = 0; i < effect->entries_count; i++) {
		const struct entry *entry = &effect->entries[i];

		if (guest != NULL)
			entry_to_guest(app, guest, entry);
		if (owner != NULL)
			entry_to_person(app, owner, entry);
		if (released != NULL && released != owner)
			entry_to_person(app, released, entry);
		if (chat != NULL)
			entry_to_watchers(app, chat, entry);
	}
}

static void tell_visitor(struct app *app, const struct effect *effect, struct chat *chat,
                         bool promise_moved)
{
	struct guest *guest = hub_guest(&app->hub, &effect->after.visitor);

	if (guest == NULL || (!has_event(effect) && effect->route == ROUTE_KEEP && !promise_moved))
		return;
	if (ticket_is_live(&effect->after)) {
		MUST(chat != NULL);
		if (chat_is_waiting(chat))
			queue_view_place(app, chat);
		deliver_status(app, chat);
	} else if (guest->ticket.v == effect->after.number.v) {
		status_ended(app, guest, &effect->after);
	}
}

static void tell_effect(struct app *app, const struct effect *effect, const char *why)
{
	const struct ticket *after = &effect->after;
	struct chat *chat = chats_find(&app->chats, after->number);
	struct person *owner = people_find(&app->people, after->agent);
	struct person *released = people_find(&app->people, effect->released);
	struct chat_promise promised = chat != NULL ? chat->promise : (struct chat_promise){0};
	bool fresh = gives(effect, chat);

	count_effect(app, effect, chat);
	if (chat != NULL && chat->offered_to.v != 0 && effect->route != ROUTE_KEEP) {
		if (effect->route == ROUTE_BIND && chat->offered_to.v == after->agent.v)
			chat_offer_clear(chat); /* accepted */
		else
			routing_withdraw(app, chat, why);
	}
	if (ticket_is_live(after))
		chat = chats_put(&app->chats, after);
	if (fresh && owner != NULL)
		send_assigned(app, owner, after, why);
	tell_entries(app, effect, chat);
	tell_agents(app, effect, chat);
	tell_escalated(app, effect);
	tell_visitor(app, effect, chat,
	             chat != NULL && !chat_promise_eq(&promised, &chat->promise));
	if (released != NULL)
		end_reading(app, released, after, why);
	if (!ticket_is_live(after))
		(void)chats_put(&app->chats, after);
	sweep_note(app, after->clocks.next_due);
}

/* In pieces of an effect's size; the last one brings the new state. Only the node that wrote
 * it has it routed. */
void deliver_foreign(struct app *app, const struct ticket *ticket, const struct entry *entries,
                     size_t count, uint64_t after)
{
	const struct chat *chat = chats_find(&app->chats, ticket->number);
	struct effect *effect = xcalloc(1, sizeof(*effect));
	bool moved = chat == NULL || chat->generation != ticket->generation;

	effect->after = *ticket;
	if (moved && chat != NULL && chat->agent.v != ticket->agent.v)
		effect->released = chat->agent;
	effect->route = !ticket_is_live(ticket)            ? ROUTE_RELEASE
	                : ticket->agent.v == 0             ? ROUTE_KEEP
	                : ticket->status == TICKET_PENDING ? ROUTE_PARK
	                                                   : ROUTE_BIND;
	for (size_t i = 0; i < count; i++) {
		if (entries[i].seq <= after)
			continue;
		effect->entries[effect->entries_count++] = entries[i];
		if (effect->entries_count == EFFECT_ENTRIES_MAX) {
			tell_effect(app, effect, "another node");
			effect->entries_count = 0;
			effect->released = (struct agent_id){0};
		}
	}
	if (effect->entries_count > 0)
		tell_effect(app, effect, "another node");
	free(effect);
}

static void count_fired(struct app *app, const struct effect *effect)
{
	for (unsigned i = 0; i < effect->fired_count; i++) {
		uint8_t slot = effect->fired[i].slot;

		app->sweep.fired[slot < TIMER_RULES        ? slot
		                 : slot < TIMER_MILESTONES ? TIMER_RULES
		                                           : TIMER_RULES + 1]++;
	}
}

/* A clock that left no entry: other nodes have the log already, its alerts go by themselves, and
 * very many clocks can be due at one moment. */
static bool is_news(const struct effect *effect)
{
	return effect->entries_count > 0 || effect->fired_count == 0;
}

void deliver_effect(struct app *app, const struct effect *effect, const char *why)
{
	tell_effect(app, effect, why);
	alerts_send(app, effect);
	count_fired(app, effect);
	if (effect->route == ROUTE_BIND)
		seats_got_chat(app, effect->after.agent);
	routing_follow(app, effect);
	if (is_news(effect))
		deliver_notice(app, &(struct notice){.kind = NOTICE_ENTRY,
		                                     .ticket = effect->after.number,
		                                     .seq = effect->after.last_seq});
}
