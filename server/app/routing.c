/* SPDX-License-Identifier: MIT */
/* An offer:
 *
 *   match --> read the ticket --> offer --accept--> claim is a binding --> assign on record
 *                                   |'--decline---> back to its place, the next agent
 *                                   |'--hung up---> back to its place, whoever has room
 *                                   '--time-out---> as a decline, found by the tick
 *
 * A claim that is a binding and does not come to be on record is undone: nothing else would.
 *
 * A ticket that the record gives to somebody else meanwhile is dropped where it is noticed. */
#include "app/routing.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/act.h"
#include "app/deliver.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define MATCH_PIECE       32
#define OFFER_ENTRY_BYTES 256    /* of JSON around a text */
#define GONE_AGAIN_MS     SEC_MS /* of a seat that is claimed once more while it is being left */

struct routing_call *routing_call_create(struct app *app, enum bus_kind kind,
                                         void (*done)(struct op *op))
{
	struct routing_call *call = xcalloc(1, sizeof(*call));

	call->app = app;
	call->call.kind = kind;
	call->call.now = app->now;
	call->call.op.done = done;
	return call;
}

void routing_call_free(struct routing_call **call)
{
	arena_fini(&(*call)->call.arena);
	free(*call);
	*call = NULL;
}

void routing_check(struct app *app, enum status st)
{
	if (st != ST_UNAVAILABLE && st != ST_TIMEOUT)
		return;
	app->routing = false;
	app->rebuild_again = app->rebuilding;
}

/* Done of a call whose only answer is that it went through; then the queue is looked at. */
static void moved(struct op *op)
{
	struct routing_call *call = container_of(op, struct routing_call, call.op);
	struct app *app = call->app;
	int tier = call->tier;

	routing_check(app, op->status);
	routing_call_free(&call);
	if (tier != 0)
		routing_match(app, tier);
}

void routing_publish(struct app *app, const struct notice *notice)
{
	struct routing_call *call = routing_call_create(app, BUS_PUBLISH, moved);

	call->call.u.publish = *notice;
	bus_submit(app->ports.bus, &call->call);
}

static void drop(struct app *app, struct ticket_id ticket, int tier_with_room)
{
	struct routing_call *call = routing_call_create(app, BUS_DROP, moved);

	call->call.u.drop = ticket;
	call->tier = tier_with_room;
	bus_submit(app->ports.bus, &call->call);
}

static struct routing_call *queue_create(struct app *app, int tier, size_t room)
{
	struct routing_call *call = routing_call_create(app, BUS_QUEUE, moved);

	call->places = arena_alloc_raw(&call->call.arena, room * sizeof(*call->places));
	call->call.u.queue.places = call->places;
	call->tier = tier;
	return call;
}

static void queue(struct app *app, const struct bus_place *place)
{
	struct routing_call **held = &app->held[place->tier - TIER_MIN];
	struct routing_call *call = *held;

	if (call == NULL)
		call = queue_create(app, place->tier, app->holding ? BUS_QUEUE_MAX : 1);
	call->places[call->call.u.queue.count++] = *place;
	*held = app->holding && call->call.u.queue.count < BUS_QUEUE_MAX ? call : NULL;
	if (*held == NULL)
		bus_submit(app->ports.bus, &call->call);
}

void routing_hold(struct app *app)
{
	MUST(!app->holding);
	app->holding = true;
}

void routing_let_go(struct app *app)
{
	app->holding = false;
	for (size_t i = 0; i < ARRAY_LEN(app->held); i++) {
		struct routing_call *call = app->held[i];

		app->held[i] = NULL;
		if (call != NULL)
			bus_submit(app->ports.bus, &call->call);
	}
}

static void bind(struct app *app, const struct ticket *ticket)
{
	struct routing_call *call = routing_call_create(app, BUS_BIND, moved);

	call->call.u.bind = (struct bus_place){
		.ticket = ticket->number, .tier = ticket->tier, .agent = ticket->agent};
	bus_submit(app->ports.bus, &call->call);
}

void routing_follow(struct app *app, const struct effect *effect)
{
	const struct person *freed = people_find(&app->people, effect->released);
	const struct person *keeper;

	if (effect->route == ROUTE_KEEP)
		return;
	/* The next rebuild says it all. One that is under way may have listed us already: what is
	 * asked now comes behind it. */
	if (!app->routing && !app->rebuilding)
		return;
	switch (effect->route) {
	case ROUTE_KEEP:
		break;
	case ROUTE_QUEUE:
		queue(app, &(struct bus_place){.ticket = effect->after.number,
		                               .tier = effect->after.tier,
		                               .score = ticket_queue_score(&effect->after)});
		if (freed != NULL && freed->agent.tier != effect->after.tier)
			routing_match(app, freed->agent.tier);
		break;
	case ROUTE_BIND:
		bind(app, &effect->after);
		break;
	case ROUTE_PARK:
		keeper = people_find(&app->people, effect->after.agent);
		drop(app, effect->after.number,
		     keeper != NULL ? keeper->agent.tier : effect->after.tier);
		break;
	case ROUTE_RELEASE:
		drop(app, effect->after.number,
		     freed != NULL ? freed->agent.tier : effect->after.tier);
		break;
	}
}

/* --- offers --- */

void routing_withdraw(struct app *app, struct chat *chat, const char *reason)
{
	struct person *person = people_find(&app->people, chat->offered_to);
	struct ticket shell = {.number = chat->number};
	struct client *client;

	if (person != NULL) {
		deliver_to_person(
			app, person,
			&(struct frame_out){.type = OUT_UNASSIGNED,
		                            .u.assigned = {.ticket = &shell, .reason = reason}});
		LIST_FOREACH(client, &person->clients, peers) {
			struct sub *sub = client_sub(client, chat->number);

			if (sub != NULL && !sub->live)
				client_unsubscribe(client, chat->number);
		}
	}
	chat_offer_clear(chat);
}

/* "least loaded of 2 on tier 1: Dana 0/3, Sam 1/3": kept as the why of the assignment. */
static char *why_of(struct app *app, const struct bus_offer *offer)
{
	struct buf text = {0};
	char *why;

	buf_fmt(&text, "least loaded of %zu available on tier %d:", offer->candidates_count,
	        offer->tier);
	for (size_t i = 0; i < offer->candidates_count; i++) {
		const struct candidate *candidate = &offer->candidates[i];
		const struct person *person = people_find(&app->people, candidate->agent);

		buf_fmt(&text, "%s %s %d/%d", i > 0 ? "," : "",
		        person != NULL ? person->agent.name : "?", candidate->load,
		        candidate->capacity);
		if (candidate->idle_since > 0)
			buf_fmt(&text, " idle %" PRId64 " s",
			        (app->now - candidate->idle_since) / SEC_MS);
	}
	why = xstrdup(buf_cstr(&text));
	buf_fini(&text);
	return why;
}

struct ringing {
	struct app *app;
	struct agent_id agent;
	struct conn_id conn; /* 0: all clients of the agent */
	struct store_call call;
};

/* The newest entries whose texts fit the queue of a connection; *first_out is their index. */
static bool fits_whole(const struct ringing *ringing, size_t *first_out)
{
	const struct entry *entries = ringing->call.u.ticket.entries;
	size_t first = ringing->call.u.ticket.entries_count, bytes = 0;

	while (first > 0 && bytes < ringing->app->ports.outlet->soft_limit) {
		first--;
		bytes += entries[first].text.len + OFFER_ENTRY_BYTES;
	}
	*first_out = first;
	return first == 0;
}

static void ring_client(struct ringing *ringing, struct client *client, const struct chat *chat)
{
	const struct ticket *ticket = &ringing->call.u.ticket.ticket;
	struct sub *sub;
	struct frame_out frame = {.type = OUT_OFFER};
	size_t first;
	bool whole = fits_whole(ringing, &first);

	if (!client->greeted || (ringing->conn.v != 0 && ringing->conn.v != client->conn.v))
		return;
	frame.u.offer.ticket = ticket;
	frame.u.offer.entries = ringing->call.u.ticket.entries + first;
	frame.u.offer.entries_count = ringing->call.u.ticket.entries_count - first;
	frame.u.offer.expires_at = chat->offer_until;
	app_send(ringing->app, client->conn, &frame);
	sub = client_subscribe(client, ticket->number);
	if (!sub->live && !sub->replaying)
		sub->cursor = whole ? ticket->last_seq : 0; /* 0: all of it with the accept */
}

static void ringing_done(struct op *op)
{
	struct ringing *ringing = container_of(op, struct ringing, call.op);
	struct app *app = ringing->app;
	struct chat *chat = chats_find(&app->chats, ringing->call.u.ticket.number);
	struct person *person = people_find(&app->people, ringing->agent);
	struct client *client;

	if (op->status == ST_OK && chat != NULL && person != NULL &&
	    chat->offered_to.v == ringing->agent.v) {
		LIST_FOREACH(client, &person->clients, peers)
			ring_client(ringing, client, chat);
	}
	arena_fini(&ringing->call.arena);
	free(ringing);
}

static void ring(struct app *app, const struct chat *chat, struct conn_id conn)
{
	struct ringing *ringing = xcalloc(1, sizeof(*ringing));

	ringing->app = app;
	ringing->agent = chat->offered_to;
	ringing->conn = conn;
	ringing->call.op.done = ringing_done;
	ringing->call.kind = STORE_TICKET;
	ringing->call.u.ticket.number = chat->number;
	store_submit(app->ports.store, &ringing->call);
}

void routing_repeat_offers(struct app *app, struct client *client)
{
	struct chat *chat, *next;

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		if (chat->offered_to.v != 0 && chat->offered_to.v == client->person->agent.id.v)
			ring(app, chat, client->conn);
	}
}

/* `again_ms`: who does not want it is not asked again so soon, who was cut off may be. */
static void send_back(struct app *app, const struct bus_offer *offer, int64_t again_ms)
{
	struct routing_call *call = routing_call_create(app, BUS_DECLINE, moved);

	call->call.u.answer.ticket = offer->ticket;
	call->call.u.answer.agent = offer->agent;
	call->call.u.answer.again_ms = again_ms;
	call->tier = offer->tier;
	bus_submit(app->ports.bus, &call->call);
}

static struct bus_offer offer_of(const struct chat *chat)
{
	return (struct bus_offer){
		.ticket = chat->number, .agent = chat->offered_to, .tier = chat->tier};
}

static void offered(struct app *app, const struct bus_offer *offer)
{
	struct chat *chat = chats_find(&app->chats, offer->ticket);
	struct person *person = people_find(&app->people, offer->agent);

	if (chat == NULL || !chat_is_waiting(chat)) {
		drop(app, offer->ticket, offer->tier);
		return;
	}
	app->counters.offers++;
	chat_offer_clear(chat);
	chat->offered_to = offer->agent;
	chat->offer_until = offer->expires_at;
	chat->why = why_of(app, offer);
	if (person != NULL && person->clients_count > 0) {
		ring(app, chat, (struct conn_id){0});
	} else if (app->nodes > 1) {
		routing_publish(app, &(struct notice){.kind = NOTICE_OFFER,
		                                      .ticket = offer->ticket,
		                                      .agent = offer->agent,
		                                      .at = offer->expires_at});
	} else { /* left between the claim and now */
		chat_offer_clear(chat);
		send_back(app, offer, GONE_AGAIN_MS);
	}
}

void routing_offer_here(struct app *app, struct chat *chat, const struct notice *notice)
{
	chat_offer_clear(chat);
	chat->offered_to = notice->agent;
	chat->offer_until = notice->at;
	ring(app, chat, (struct conn_id){0});
}

static void match_done(struct op *op)
{
	struct routing_call *call = container_of(op, struct routing_call, call.op);
	struct app *app = call->app;
	int tier = call->call.u.match.tier;
	bool again = app->match_again[tier - TIER_MIN];

	app->match_running[tier - TIER_MIN] = false;
	app->match_again[tier - TIER_MIN] = false;
	routing_check(app, op->status);
	if (op->status == ST_OK) {
		for (size_t i = 0; i < call->call.u.match.count; i++)
			offered(app, &call->call.u.match.offers[i]);
		again = again || call->call.u.match.count == MATCH_PIECE;
	}
	routing_call_free(&call);
	if (again)
		routing_match(app, tier);
}

void routing_match(struct app *app, int tier)
{
	struct routing_call *call;

	if (!app->routing || app->stopping)
		return;
	if (app->match_running[tier - TIER_MIN]) {
		app->match_again[tier - TIER_MIN] = true;
		return;
	}
	app->match_running[tier - TIER_MIN] = true;
	call = routing_call_create(app, BUS_MATCH, match_done);
	call->call.u.match.tier = tier;
	call->call.u.match.limit = MATCH_PIECE;
	call->call.u.match.offer_ms = app->config.offer_ms;
	bus_submit(app->ports.bus, &call->call);
}

/* --- answers --- */

struct accepting {
	struct app *app;
	struct conn_id conn;
	char id[CLIENT_ID_MAX + 1];
	struct bus_call call;
};

static void assign(struct app *app, const struct accepting *accepting, const struct agent *agent,
                   const struct chat *chat)
{
	struct command command = {.kind = COMMAND_ASSIGN,
	                          .actor = actor_of_agent(agent),
	                          .id = span_of(accepting->id),
	                          .to_agent = agent->id,
	                          .generation = chat->generation};

	command.reason = span_of(chat->why);
	(void)span_copy(command.to_name, sizeof(command.to_name), span_of(agent->name));
	act_start(app, &(struct act_origin){.conn = accepting->conn}, STORE_COMMAND, chat->number,
	          &command);
}

void routing_unaccept(struct app *app, struct ticket_id number)
{
	struct chat *chat = chats_find(&app->chats, number);

	if (app->stopping)
		return;
	if (chat == NULL) {
		drop(app, number, 0);
		return;
	}
	if (!chat_is_waiting(chat)) /* whoever has it is bound by the effect that said so */
		return;
	if (chat->offered_to.v != 0)
		routing_withdraw(app, chat, "offer_over");
	queue(app, &(struct bus_place){.ticket = number, .tier = chat->tier, .score = chat->score});
}

/* Whoever said yes has it, over whichever connection is left; nobody does, if none is. Without a
 * switchboard the record alone decides: its generation lets only one accept win. */
static void accepting_done(struct op *op)
{
	struct accepting *accepting = container_of(op, struct accepting, call.op);
	struct app *app = accepting->app;
	struct ticket_id number = accepting->call.u.answer.ticket;
	struct agent_id agent = accepting->call.u.answer.agent;
	struct chat *chat = chats_find(&app->chats, number);
	struct person *person = people_find(&app->people, agent);
	bool stands = chat != NULL && chat->offered_to.v == agent.v;

	routing_check(app, op->status);
	if (op->status != ST_CONFLICT && stands && person != NULL && person->clients_count > 0) {
		assign(app, accepting, &person->agent, chat);
	} else {
		app_error_text(app, accepting->conn, span_of(accepting->id), ST_CONFLICT,
		               "The offer is over.", 0);
		if (op->status == ST_OK)
			routing_unaccept(app, number);
		else if (stands)
			routing_withdraw(app, chat, "offer_over");
	}
	arena_fini(&accepting->call.arena);
	free(accepting);
}

/* Not offered: said at once. Mine already: nothing to do. true: go on. */
static bool is_offered(struct app *app, struct client *client, const struct frame_in *frame)
{
	const struct chat *chat = chats_find(&app->chats, frame->ticket);
	struct agent_id me = client->person->agent.id;

	if (chat != NULL && chat->offered_to.v == me.v)
		return true;
	if (chat != NULL && chat->agent.v == me.v && frame->type == IN_ACCEPT)
		app_ack(app, client->conn, frame->id);
	else
		app_error_text(app, client->conn, frame->id,
		               chat == NULL ? ST_NOT_FOUND : ST_CONFLICT,
		               "This chat is not offered to you.", 0);
	return false;
}

void routing_accept(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct accepting *accepting;

	if (!is_offered(app, client, frame))
		return;
	accepting = xcalloc(1, sizeof(*accepting));
	accepting->app = app;
	accepting->conn = client->conn;
	(void)span_copy(accepting->id, sizeof(accepting->id), frame->id);
	accepting->call.kind = BUS_ACCEPT;
	accepting->call.now = app->now;
	accepting->call.op.done = accepting_done;
	accepting->call.u.answer.ticket = frame->ticket;
	accepting->call.u.answer.agent = client->person->agent.id;
	bus_submit(app->ports.bus, &accepting->call);
}

void routing_decline(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct chat *chat = chats_find(&app->chats, frame->ticket);
	struct bus_offer offer;

	if (!is_offered(app, client, frame))
		return;
	offer = offer_of(chat);
	send_back(app, &offer, app->config.again_ms);
	app_ack(app, client->conn, frame->id);
	routing_withdraw(app, chat, "declined");
}

void routing_give_back(struct app *app, struct person *person)
{
	struct chat *chat, *next;

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		struct bus_offer offer = offer_of(chat);

		if (offer.agent.v != person->agent.id.v)
			continue;
		chat_offer_clear(chat);
		send_back(app, &offer, 0);
	}
}
