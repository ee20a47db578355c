/* SPDX-License-Identifier: MIT */
#include "app/seats.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/act.h"
#include "app/deliver.h"
#include "app/routing.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

/* --- presence --- */

struct seating {
	struct app *app;
	struct conn_id conn; /* waits for the ack; 0: nobody does */
	char id[CLIENT_ID_MAX + 1];
	int tier;
	struct bus_call call;
};

static struct bus_seat seat_of(const struct app *app, const struct person *person)
{
	return (struct bus_seat){.agent = person->agent.id,
	                         .tier = person->agent.tier,
	                         .state = person->clients_count > 0 ? person->state
	                                                            : PRESENCE_OFFLINE,
	                         .capacity = person->capacity,
	                         .conn = person->seat,
	                         .lease_until = app->now + app->config.lease_ms};
}

/* The agent's word is kept here; a switchboard that is away is told by the rebuild. */
static void seating_done(struct op *op)
{
	struct seating *seating = container_of(op, struct seating, call.op);
	struct app *app = seating->app;

	routing_check(app, op->status);
	if (seating->conn.v != 0)
		app_ack(app, seating->conn, span_of(seating->id));
	routing_match(app, seating->tier);
	app->next_view = 0;
	arena_fini(&seating->call.arena);
	free(seating);
}

static void take_seat(struct app *app, struct person *person, struct conn_id conn, struct span id)
{
	struct seating *seating = xcalloc(1, sizeof(*seating));

	seating->app = app;
	seating->conn = conn;
	seating->tier = person->agent.tier;
	(void)span_copy(seating->id, sizeof(seating->id), id);
	seating->call.kind = BUS_PRESENCE;
	seating->call.now = app->now;
	seating->call.op.done = seating_done;
	seating->call.u.presence = seat_of(app, person);
	bus_submit(app->ports.bus, &seating->call);
}

static void tell_others(struct app *app, const struct person *person, const struct client *client)
{
	const struct frame_out frame = {.type = OUT_PRESENCE,
	                                .u.presence = {.state = person->state,
	                                               .reason = person->reason,
	                                               .since = person->since,
	                                               .capacity = person->capacity}};
	const struct client *other;

	LIST_FOREACH(other, &person->clients, peers) {
		if (other != client && other->greeted)
			app_send(app, other->conn, &frame);
	}
}

void seats_presence(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct person *person = client->person;

	if (person->since == 0 || person->state != frame->presence ||
	    !span_is(frame->reason, person->reason))
		person->since = app->now;
	person->state = frame->presence;
	(void)span_copy(person->reason, sizeof(person->reason), frame->reason);
	if (frame->capacity != 0)
		person->capacity = frame->capacity;
	if (person->state != PRESENCE_OFFLINE || person->seat.v == 0)
		person->seat = client->conn;
	log_info("presence.changed", "agent=%" PRIu64 " state=%s capacity=%d", person->agent.id.v,
	         presence_name(person->state), person->capacity);
	tell_others(app, person, client);
	if (person->state != PRESENCE_AVAILABLE)
		routing_give_back(app, person);
	take_seat(app, person, client->conn, frame->id);
}

void seats_client_came(struct app *app, struct person *person)
{
	bool was_absent = person->clients_count == 1;

	person->absent_since = 0;
	if (was_absent && person->state != PRESENCE_OFFLINE) {
		person->seat = LIST_FIRST(&person->clients)->conn;
		take_seat(app, person, (struct conn_id){0}, (struct span){0});
	}
}

void seats_client_went(struct app *app, struct person *person, struct conn_id conn)
{
	if (person->clients_count > 0) {
		if (person->seat.v != conn.v)
			return;
		person->seat = LIST_FIRST(&person->clients)->conn; /* another tab holds it now */
		if (person->state != PRESENCE_OFFLINE)
			take_seat(app, person, (struct conn_id){0}, (struct span){0});
		return;
	}
	person->absent_since = app->now;
	routing_give_back(app, person);
	if (person->state != PRESENCE_OFFLINE)
		take_seat(app, person, (struct conn_id){0}, (struct span){0});
}

void seats_start(struct app *app)
{
	struct chat *chat, *next;

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		struct person *person = people_find(&app->people, chat->agent);

		if (person != NULL) {
			person->chats++;
			person->absent_since = app->now;
		}
	}
}

/* --- grace --- */

static void requeue(struct app *app, const struct chat *chat)
{
	struct command command = {.kind = COMMAND_REQUEUE,
	                          .actor = actor_of_system(),
	                          .generation = chat->generation,
	                          .reason = SPAN_LIT("agent_gone")};

	act_start(app, &(struct act_origin){.why = "agent_gone"}, STORE_COMMAND, chat->number,
	          &command);
}

/* What waits for the customer can wait for its agent too. Returns how many were requeued. */
static unsigned requeue_chats(struct app *app, const struct person *person)
{
	struct chat *chat, *next;
	unsigned count = 0;

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		if (chat->agent.v != person->agent.id.v || chat->status == TICKET_PENDING)
			continue;
		requeue(app, chat);
		count++;
	}
	if (count > 0)
		log_info("agent.gone", "agent=%" PRIu64 " chats=%u", person->agent.id.v, count);
	return count;
}

void seats_got_chat(struct app *app, struct agent_id agent)
{
	struct person *person = people_find(&app->people, agent);

	if (person != NULL && person->clients_count == 0 && person->absent_since == 0)
		person->absent_since = app->now;
}

/* A requeue that the record refused for now is tried again after another second. */
static void check_grace(struct app *app)
{
	struct person *person, *next;

	HASH_ITER(hh, app->people.by_id, person, next) {
		if (person->absent_since == 0 ||
		    app->now - person->absent_since < app->config.grace_ms)
			continue;
		person->state = PRESENCE_OFFLINE;
		if (person->chats > 0 && requeue_chats(app, person) > 0) {
			person->absent_since = app->now - app->config.grace_ms + SEC_MS;
		} else {
			person->absent_since = 0;
		}
	}
}

/* --- rebuild --- */

static size_t list_seats(struct app *app, struct arena *arena, const struct bus_seat **seats_out)
{
	struct bus_seat *seats =
		arena_alloc(arena, (HASH_COUNT(app->people.by_id) + 1) * sizeof(*seats));
	struct person *person, *next;
	size_t count = 0;

	HASH_ITER(hh, app->people.by_id, person, next) {
		if (person->clients_count > 0 && person->state != PRESENCE_OFFLINE)
			seats[count++] = seat_of(app, person);
	}
	*seats_out = seats;
	return count;
}

static size_t list_places(struct app *app, struct arena *arena, const struct bus_place **places_out)
{
	struct bus_place *places =
		arena_alloc(arena, (HASH_COUNT(app->chats.by_number) + 1) * sizeof(*places));
	struct chat *chat, *next;
	size_t count = 0;

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		if (chat->agent.v == 0 ? !chat_is_waiting(chat) : chat->status == TICKET_PENDING)
			continue;
		places[count++] = (struct bus_place){.ticket = chat->number,
		                                     .tier = chat->tier,
		                                     .score = chat->score,
		                                     .agent = chat->agent};
	}
	*places_out = places;
	return count;
}

/* Offers live in the switchboard only: with it they are over, and made anew. */
static void forget_offers(struct app *app)
{
	struct chat *chat, *next;

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		if (chat->offered_to.v != 0)
			routing_withdraw(app, chat, "offer_over");
	}
}

static void rebuild_done(struct op *op)
{
	struct routing_call *call = container_of(op, struct routing_call, call.op);
	struct app *app = call->app;

	app->rebuilding = false;
	if (op->status == ST_OK && !app->stopping) {
		log_info("routing.rebuilt", "seats=%zu places=%zu",
		         call->call.u.rebuild.seats_count, call->call.u.rebuild.places_count);
		app->routing = !app->rebuild_again;
		forget_offers(app);
		for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
			routing_match(app, tier);
	}
	routing_call_free(&call);
	if (app->rebuild_again && !app->stopping)
		app->next_tick = 0;
}

static void rebuild(struct app *app)
{
	struct routing_call *call = routing_call_create(app, BUS_REBUILD, rebuild_done);

	app->rebuilding = true;
	app->rebuild_again = false;
	call->call.u.rebuild.wipe = app->nodes <= 1;
	call->call.u.rebuild.seats_count =
		list_seats(app, &call->call.arena, &call->call.u.rebuild.seats);
	call->call.u.rebuild.places_count =
		list_places(app, &call->call.arena, &call->call.u.rebuild.places);
	bus_submit(app->ports.bus, &call->call);
}

/* --- once a second --- */

static void tick_done(struct op *op)
{
	struct routing_call *call = container_of(op, struct routing_call, call.op);
	struct app *app = call->app;

	app->ticking = false;
	routing_check(app, op->status);
	if (op->status == ST_OK) {
		app->nodes = call->call.u.tick.nodes;
		for (size_t i = 0; i < call->call.u.tick.expired_count; i++) {
			const struct bus_offer *offer = &call->call.u.tick.expired[i];
			struct chat *chat = chats_find(&app->chats, offer->ticket);

			if (chat == NULL || chat->offered_to.v != offer->agent.v)
				continue;
			app->counters.offers_expired++;
			routing_withdraw(app, chat, "timeout");
		}
		if (call->call.u.tick.lost)
			app->routing = false;
	}
	routing_call_free(&call);
	for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
		routing_match(app, tier);
}

static void tick_bus(struct app *app)
{
	struct routing_call *call = routing_call_create(app, BUS_TICK, tick_done);

	app->ticking = true;
	call->call.u.tick.seats_count =
		list_seats(app, &call->call.arena, &call->call.u.tick.seats);
	call->call.u.tick.again_ms = app->config.again_ms;
	bus_submit(app->ports.bus, &call->call);
}

static void save_read_marks(struct app *app)
{
	struct chat *chat;

	while ((chat = LIST_FIRST(&app->chats.unsaved)) != NULL) {
		struct command command = {.kind = COMMAND_READ, .actor = {.role = ROLE_VISITOR}};

		LIST_REMOVE(chat, in_unsaved);
		chat->read_dirty = false;
		command.actor.visitor = chat->visitor;
		command.seen = chat->read_visitor;
		if (chat->read_visitor > 0)
			act_start(app, &(struct act_origin){0}, STORE_COMMAND, chat->number,
			          &command);
		command.actor = (struct actor){.role = ROLE_AGENT, .agent = chat->agent};
		command.seen = chat->read_agent;
		if (chat->read_agent > 0)
			act_start(app, &(struct act_origin){0}, STORE_COMMAND, chat->number,
			          &command);
	}
}

void seats_tick(struct app *app)
{
	check_grace(app);
	if (app->now < app->next_tick)
		return;
	app->next_tick = app->now + SEC_MS;
	if (!app->routing && !app->rebuilding)
		rebuild(app);
	else if (app->routing && !app->ticking)
		tick_bus(app);
	save_read_marks(app);
}
