/* SPDX-License-Identifier: MIT */
/* The course of a rehearsal: from event to event. The desk is woken before each of them, and at
 * the moments that it names itself (desk_next_wake); between them nothing can happen. */
#include "sim/sim.h"

#include <stdlib.h>

#include "adapter/fake_bus.h"
#include "base/must.h"
#include "sim/world.h"

/* The desk's own calendar: that of the first channel that has hours, chat before all. */
static void find_zone(struct world *world)
{
	world->zone = &zone_utc;
	for (int i = 0; i < CHANNELS && world->hours == NULL; i++)
		world->hours = world->policy->channels[i].hours;
	if (world->hours != NULL)
		world->zone = world->hours->zone;
}

static wall_ms local(const struct world *world, const struct local_time *time)
{
	return zone_moment(world->zone, time->day, time->second);
}

static void plan_at(struct world *world, enum agenda_kind kind, size_t who, wall_ms at)
{
	agenda_add(&world->agenda,
	           &(struct agenda_item){.at = at, .kind = kind, .who = (uint32_t)who});
}

static void plan_trouble(struct world *world)
{
	const struct scenario *scenario = world->scenario;

	for (size_t i = 0; i < scenario->outages_count; i++) {
		plan_at(world, AGENDA_REDIS_LOST, 0, local(world, &scenario->outages[i].from));
		plan_at(world, AGENDA_REDIS_BACK, 0, local(world, &scenario->outages[i].to));
	}
	for (size_t i = 0; i < scenario->losses_count; i++) {
		const struct loss *loss = &scenario->losses[i];

		for (size_t j = 0; j < world->workers_count; j++) {
			if (!span_is(span_of(world->workers[j].name), loss->agent))
				continue;
			plan_at(world, AGENDA_LOST, j, local(world, &loss->at));
			if (loss->back.said)
				plan_at(world, AGENDA_SHIFT, j, local(world, &loss->back));
		}
	}
}

static void plan_leaving(struct world *world)
{
	const struct handling *handling = &world->scenario->handling;

	for (size_t i = 0; i < world->customers_count; i++) {
		struct customer *customer = &world->customers[i];

		if (customer->channel == CHANNEL_CHAT &&
		    rng_chance(&customer->rng, handling->leave))
			plan_at(world, AGENDA_LEAVE, i,
			        customer->at + world_draw(&customer->rng, &handling->leave_after));
	}
}

/* Everything has come to an end, and nobody is going to come. */
static bool is_quiet(struct world *world)
{
	struct desk_stats stats;

	world->desk->ops->stats(world->desk, &stats, world->now);
	if (stats.chats_waiting + stats.chats_offered + stats.chats_active + stats.chats_pending >
	    0)
		return false;
	for (size_t i = 0; i < world->customers_count; i++) {
		if (world->customers[i].due)
			return false;
	}
	return true;
}

static void a_day_begins(struct world *world, int64_t day)
{
	if (world->now >= world->arrivals_end && is_quiet(world))
		world->over = true;
	else
		workers_plan_day(world, day);
}

static void redis(struct world *world, bool lost)
{
	if (lost) {
		fake_bus_down(world->bus);
	} else {
		fake_bus_wipe(world->board);
		fake_bus_up(world->bus);
	}
}

static void happens_to_worker(struct world *world, const struct agenda_item *item)
{
	struct worker *worker = &world->workers[item->who];

	if (item->kind == AGENDA_SHIFT)
		worker_comes(world, worker);
	else if (item->kind == AGENDA_SHIFT_END && item->ticket != 0)
		worker_left(world, worker);
	else if (item->kind == AGENDA_SHIFT_END)
		worker_goes(world, worker);
	else if (item->kind == AGENDA_BREAK || item->kind == AGENDA_BREAK_END)
		worker_break(world, worker, item->kind == AGENDA_BREAK);
	else if (item->kind == AGENDA_LOST)
		worker_lost(world, worker);
	else if (item->kind == AGENDA_CALLED)
		worker_called(world, worker, item->ticket);
	else
		worker_does(world, item);
}

static void happens(struct world *world, const struct agenda_item *item)
{
	world->events++;
	switch (item->kind) {
	case AGENDA_ARRIVE:
		customer_comes(world, item->who);
		break;
	case AGENDA_WRITE:
		customer_writes(world, item->who);
		break;
	case AGENDA_LEAVE:
		customer_leaves(world, item->who);
		break;
	case AGENDA_DAY:
		a_day_begins(world, item->who);
		break;
	case AGENDA_REDIS_LOST:
	case AGENDA_REDIS_BACK:
		redis(world, item->kind == AGENDA_REDIS_LOST);
		break;
	case AGENDA_SHIFT:
	case AGENDA_SHIFT_END:
	case AGENDA_BREAK:
	case AGENDA_BREAK_END:
	case AGENDA_LOST:
	case AGENDA_CALLED:
	case AGENDA_ACCEPT:
	case AGENDA_BEGIN:
	case AGENDA_WORK:
	case AGENDA_CONFIRM:
	case AGENDA_ACKNOWLEDGE:
	case AGENDA_APPROVE:
		happens_to_worker(world, item);
		break;
	}
	world_settle(world);
}

/* The next moment at which something can happen. */
static wall_ms next_moment(const struct world *world)
{
	const struct agenda_item *first = agenda_first(&world->agenda);
	wall_ms next = first != NULL ? first->at : WALL_NEVER;
	wall_ms wake = desk_next_wake(world->desk);

	if (wake <= world->now)
		wake = world->now + SEC_MS;
	if (world->setup->tick_ms > 0 && wake > world->now + world->setup->tick_ms)
		wake = world->now + world->setup->tick_ms;
	return wake < next ? wake : next;
}

static void go_through(struct world *world)
{
	struct agenda_item item;

	while (!world->over) {
		wall_ms next = next_moment(world);

		if (next > world->end)
			break;
		world_go(world, next > world->now ? next : world->now);
		while (!world->over && agenda_take(&world->agenda, world->now, &item))
			happens(world, &item);
	}
	if (!world->over)
		world_go(world, world->end);
}

static void list_staff(struct world *world, struct outcome *out)
{
	out->staff = arena_alloc(&out->arena, (world->workers_count + 1) * sizeof(*out->staff));
	for (size_t i = 0; i < world->workers_count; i++) {
		const struct worker *worker = &world->workers[i];
		int64_t on = worker->on_duty ? worker_counted(world, worker->duty_since) : 0;

		out->staff[out->staff_count++] =
			(struct staff){.name = arena_strdup(&out->arena, worker->name),
		                       .tier = worker->crew->tier,
		                       .duty_ms = worker->duty_ms + on,
		                       .busy_ms = worker->busy_ms,
		                       .tickets = worker->taken};
	}
}

void sim_run(const struct sim_setup *setup, struct outcome *out)
{
	struct world world = {.setup = setup,
	                      .scenario = setup->scenario,
	                      .policy = setup->policy,
	                      .outcome = out};

	*out = (struct outcome){0};
	find_zone(&world);
	out->from = zone_moment(world.zone, setup->scenario->from_day, 0);
	world.now = out->from - MINUTE_MS;
	world.arrivals_end = zone_moment(world.zone, setup->scenario->to_day + 1, 0);
	world.end = world.arrivals_end + setup->scenario->tail_ms;
	world_open(&world);
	workers_hire(&world);
	customers_plan(&world);
	plan_leaving(&world);
	plan_trouble(&world);
	workers_plan_day(&world, setup->scenario->from_day);
	go_through(&world);
	out->to = world.now;
	out->events = world.events;
	out->notified = world.notified;
	facts_read(&world, out);
	list_staff(&world, out);
	world_close(&world);
}

void outcome_fini(struct outcome *outcome)
{
	buf_fini(&outcome->story);
	free(outcome->facts);
	free(outcome->refusals);
	arena_fini(&outcome->arena);
	*outcome = (struct outcome){0};
}
