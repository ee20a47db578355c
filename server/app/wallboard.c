/* SPDX-License-Identifier: MIT */
/* Tickets are counted from what is live here; who is there, the switchboard says, the tiers one
 * after the other. Without it the rest is told all the same. */
#include "app/wallboard.h"

#include <stdlib.h>

#include "app/queue_view.h"
#include "base/mem.h"
#include "base/must.h"

struct count {
	struct app *app;
	struct desk_call *call;
	int tier; /* the switchboard is asked for */
	struct bus_call bus;
};

static void count_tickets(struct app *app, struct wallboard *wall)
{
	const struct chat *chat;

	for (chat = app->chats.by_number; chat != NULL; chat = chat->hh.next) {
		enum standing standing = target_standing(&chat->target, app->now);

		MUST(chat->promise.priority < ARRAY_LEN(wall->by_priority));
		wall->by_priority[chat->promise.priority]++;
		wall->at_risk += standing == STANDING_AT_RISK;
		wall->breached += standing == STANDING_BREACHED;
		wall->emergencies += chat->promise.immediate;
	}
}

static void count_queues(struct app *app, struct wallboard *wall)
{
	struct queue_row rows[TIER_MAX];

	queue_view_rows(app, rows);
	for (int i = 0; i < TIER_MAX; i++) {
		wall->tiers[i].waiting = rows[i].waiting;
		wall->tiers[i].longest_wait_s = rows[i].oldest_wait_s;
	}
}

static void count_agent(struct wallboard_tier *tier, enum presence state,
                        const struct candidate *agent)
{
	tier->load += (size_t)agent->load;
	switch (state) {
	case PRESENCE_AVAILABLE:
		tier->available++;
		tier->capacity += (size_t)agent->capacity;
		return;
	case PRESENCE_BUSY:
		tier->busy++;
		tier->capacity += (size_t)agent->capacity;
		return;
	case PRESENCE_AWAY:
		tier->away++;
		return;
	case PRESENCE_OFFLINE:
		return;
	}
	MUST(0);
}

static void ask(struct count *count);

static void tier_done(struct op *op)
{
	struct count *count = container_of(op, struct count, bus.op);
	struct desk_call *call = count->call;
	struct wallboard_tier *tier = &call->u.wall.tiers[count->tier - TIER_MIN];

	tier->known = op->status == ST_OK;
	for (size_t i = 0; tier->known && i < count->bus.u.overview.agents_count; i++)
		count_agent(tier, count->bus.u.overview.states[i],
		            &count->bus.u.overview.agents[i]);
	if (++count->tier <= TIER_MAX) {
		ask(count);
		return;
	}
	arena_fini(&count->bus.arena);
	free(count);
	call->op.status = ST_OK;
	call->op.done(&call->op);
}

static void ask(struct count *count)
{
	arena_fini(&count->bus.arena);
	count->bus = (struct bus_call){
		.op.done = tier_done, .kind = BUS_OVERVIEW, .now = count->app->now};
	count->bus.u.overview.tier = count->tier;
	bus_submit(count->app->ports.bus, &count->bus);
}

void wallboard_read(struct app *app, struct desk_call *call)
{
	struct count *count = xcalloc(1, sizeof(*count));

	count->app = app;
	count->call = call;
	count->tier = TIER_MIN;
	call->u.wall = (struct wallboard){.at = app->now};
	count_tickets(app, &call->u.wall);
	count_queues(app, &call->u.wall);
	ask(count);
}
