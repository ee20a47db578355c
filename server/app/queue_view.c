/* SPDX-License-Identifier: MIT */
#include "app/queue_view.h"

#include <stdlib.h>
#include <string.h>

#include "app/deliver.h"
#include "app/hours.h"
#include "app/routing.h"
#include "base/mem.h"
#include "base/must.h"

/* Counted anew only when a queue has changed. */
static const struct queue_count *counts(struct app *app)
{
	struct queue_count *count = app->counts;
	const struct chat *chat;

	if (app->counted == app->chats.moves)
		return count;
	app->counted = app->chats.moves;
	memset(count, 0, sizeof(app->counts));
	LIST_FOREACH(chat, &app->chats.waiting, in_waiting) {
		struct queue_count *of = &count[chat->tier - TIER_MIN];

		of->waiting++;
		if (of->oldest == 0 || chat->waiting_since < of->oldest)
			of->oldest = chat->waiting_since;
	}
	return count;
}

void queue_view_rows(struct app *app, struct queue_row rows[TIER_MAX])
{
	const struct queue_count *count = counts(app);

	for (int i = 0; i < TIER_MAX; i++) {
		int64_t waited_s = count[i].oldest != 0 ? (app->now - count[i].oldest) / SEC_MS : 0;

		rows[i] = (struct queue_row){.tier = i + TIER_MIN,
		                             .waiting = count[i].waiting,
		                             .oldest_wait_s = waited_s > 0 ? waited_s : 0,
		                             .agents_available = app->tiers[i].available};
	}
}

void queue_view_place(struct app *app, struct chat *chat)
{
	const struct tier_view *tier = &app->tiers[chat->tier - TIER_MIN];
	const struct chat *other;
	unsigned before = 0;

	LIST_FOREACH(other, &app->chats.waiting, in_waiting) {
		if (other->tier == chat->tier &&
		    (other->score < chat->score ||
		     (other->score == chat->score && other->number.v < chat->number.v)))
			before++;
	}
	chat->position = before + 1;
	chat->nobody = tier->available == 0;
	chat->eta_s = chat->nobody ? -1 : eta_seconds(&tier->eta, chat->position, tier->room);
	chat->opens_at = chat->nobody ? hours_opens_at(app) : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct chat *const *left = a;
	const struct chat *const *right = b;

	if ((*left)->tier != (*right)->tier)
		return (*left)->tier < (*right)->tier ? -1 : 1;
	if ((*left)->score != (*right)->score)
		return (*left)->score < (*right)->score ? -1 : 1;
	return (*left)->number.v < (*right)->number.v ? -1 : 1;
}

static void tell_place(struct app *app, struct chat *chat, unsigned position, wall_ms opens_at)
{
	const struct tier_view *tier = &app->tiers[chat->tier - TIER_MIN];
	bool nobody = tier->available == 0;
	int64_t eta_s = nobody ? -1 : eta_seconds(&tier->eta, position, tier->room);

	if (!nobody)
		opens_at = 0;
	if (chat->position == position && chat->nobody == nobody && chat->eta_s == eta_s &&
	    chat->opens_at == opens_at)
		return;
	chat->position = position;
	chat->nobody = nobody;
	chat->eta_s = eta_s;
	chat->opens_at = opens_at;
	deliver_status(app, chat);
}

/* All that a place in a queue hangs on. */
static bool view_moved(struct app *app, wall_ms opens_at)
{
	struct queue_view view = {.moves = app->chats.moves, .opens_at = opens_at};
	bool moved;

	for (int i = 0; i < TIER_MAX; i++) {
		view.available[i] = app->tiers[i].available;
		view.room[i] = app->tiers[i].room;
		view.picked_up[i] = app->tiers[i].eta.count;
	}
	moved = memcmp(&view, &app->viewed, sizeof(view)) != 0;
	app->viewed = view;
	return moved;
}

/* Of who is connected: nobody else has to know. */
static size_t waiting_here(struct app *app, struct chat **out)
{
	struct guest *guest, *next;
	size_t count = 0;

	HASH_ITER(hh, app->hub.guests, guest, next) {
		struct chat *chat = chats_of_visitor(&app->chats, &guest->id);

		if (chat != NULL && chat_is_waiting(chat))
			out[count++] = chat;
	}
	return count;
}

/* How many come between each of `order` and the one before it, which is at most all that wait. */
static void count_between(struct app *app, struct chat *const *order, size_t count,
                          unsigned *between)
{
	struct chat *other;

	LIST_FOREACH(other, &app->chats.waiting, in_waiting) {
		size_t low = 0, high = count;

		while (low < high) {
			size_t middle = (low + high) / 2;

			if (by_place(&other, &order[middle]) < 0)
				high = middle;
			else
				low = middle + 1;
		}
		if (low < count && order[low]->tier == other->tier)
			between[low]++;
	}
}

/* Visitors hear of their place when it changes. */
static void tell_visitors(struct app *app)
{
	wall_ms opens_at = hours_opens_at(app);
	unsigned position = 0, *between;
	struct chat **order;
	size_t count;

	if (!view_moved(app, opens_at))
		return;
	order = xmalloc((HASH_COUNT(app->hub.guests) + 1) * sizeof(struct chat *));
	count = waiting_here(app, order);
	if (count > 0) {
		between = xcalloc(count, sizeof(*between));
		qsort(order, count, sizeof(struct chat *), by_place);
		count_between(app, order, count, between);
		for (size_t i = 0; i < count; i++) {
			if (i == 0 || order[i]->tier != order[i - 1]->tier)
				position = 1;
			position += between[i];
			tell_place(app, order[i], position, opens_at);
		}
		free(between);
	}
	free(order);
}

static bool same_rows(const struct queue_row *a, const struct queue_row *b)
{
	for (int i = 0; i < TIER_MAX; i++) {
		if (a[i].waiting != b[i].waiting || a[i].oldest_wait_s != b[i].oldest_wait_s ||
		    a[i].agents_available != b[i].agents_available)
			return false;
	}
	return true;
}

static void tell_agents(struct app *app)
{
	struct frame_out frame = {.type = OUT_QUEUE};
	struct person *person, *next;

	queue_view_rows(app, frame.u.queue.rows);
	if (same_rows(frame.u.queue.rows, app->told))
		return;
	for (int i = 0; i < TIER_MAX; i++)
		app->told[i] = frame.u.queue.rows[i];
	HASH_ITER(hh, app->people.by_id, person, next) {
		if (person->clients_count > 0)
			deliver_to_person(app, person, &frame);
	}
}

/* --- who is available, as the switchboard of all nodes says --- */

static void overview_done(struct op *op)
{
	struct routing_call *call = container_of(op, struct routing_call, call.op);
	struct app *app = call->app;
	struct tier_view *tier = &app->tiers[call->call.u.overview.tier - TIER_MIN];

	routing_check(app, op->status);
	tier->available = 0;
	tier->room = 0;
	for (size_t i = 0; op->status == ST_OK && i < call->call.u.overview.agents_count; i++) {
		const struct candidate *agent = &call->call.u.overview.agents[i];

		if (call->call.u.overview.states[i] != PRESENCE_AVAILABLE)
			continue;
		tier->available++;
		tier->room +=
			agent->load < agent->capacity ? (size_t)(agent->capacity - agent->load) : 0;
	}
	if (call->call.u.overview.tier == TIER_MAX) {
		tell_visitors(app);
		tell_agents(app);
	}
	routing_call_free(&call);
}

void queue_view_tick(struct app *app)
{
	if (app->now < app->next_view || app->stopping)
		return;
	app->next_view = app->now + SEC_MS;
	for (int tier = TIER_MIN; tier <= TIER_MAX; tier++) {
		struct routing_call *call = routing_call_create(app, BUS_OVERVIEW, overview_done);

		call->call.u.overview.tier = tier;
		bus_submit(app->ports.bus, &call->call);
	}
}
