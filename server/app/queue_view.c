/* SPDX-License-Identifier: MIT */
#include "app/queue_view.h"

#include <stdlib.h>

#include "app/deliver.h"
#include "app/hours.h"
#include "app/routing.h"
#include "base/mem.h"
#include "base/must.h"

static bool waits_on(const struct chat *chat, int tier)
{
	return chat->tier == tier && chat_is_waiting(chat);
}

void queue_view_rows(struct app *app, struct queue_row rows[TIER_MAX])
{
	struct chat *chat, *next;

	for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
		rows[tier - TIER_MIN] = (struct queue_row){
			.tier = tier, .agents_available = app->tiers[tier - TIER_MIN].available};
	HASH_ITER(hh, app->chats.by_number, chat, next) {
		struct queue_row *row = &rows[chat->tier - TIER_MIN];
		int64_t waited_s = (app->now - chat->waiting_since) / SEC_MS;

		if (!chat_is_waiting(chat))
			continue;
		row->waiting++;
		if (waited_s > row->oldest_wait_s)
			row->oldest_wait_s = waited_s;
	}
}

void queue_view_place(struct app *app, struct chat *chat)
{
	const struct tier_view *tier = &app->tiers[chat->tier - TIER_MIN];
	struct chat *other, *next;
	unsigned before = 0;

	HASH_ITER(hh, app->chats.by_number, other, next) {
		if (waits_on(other, chat->tier) &&
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

/* Visitors hear of their place when it changes. */
static void tell_visitors(struct app *app)
{
	size_t count = HASH_COUNT(app->chats.by_number), waiting = 0;
	struct chat **order = xmalloc((count + 1) * sizeof(struct chat *));
	struct chat *chat, *next;
	unsigned position = 0;
	wall_ms opens_at = hours_opens_at(app);

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		if (chat_is_waiting(chat))
			order[waiting++] = chat;
	}
	qsort(order, waiting, sizeof(struct chat *), by_place);
	for (size_t i = 0; i < waiting; i++) {
		if (i > 0 && order[i]->tier != order[i - 1]->tier)
			position = 0;
		tell_place(app, order[i], ++position, opens_at);
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
