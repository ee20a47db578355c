/* SPDX-License-Identifier: MIT */
/* The agents' days: who is hired, when they come and go, and what takes them away. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "sim/world.h"

#define STREAM     UINT64_C(500000) /* of the first worker */
#define NOON_S     43200
#define INTAKE     "intake@example.gov"
#define ON_CALL_MS HOUR_MS /* somebody who was called looks again whether it can go */

/* --- hiring --- */

static void put_on_record(struct world *world, struct agent *agent)
{
	struct desk_call call = {.kind = CALL_AGENT_ADD, .trusted = true};

	call.u.agent_add.agent = *agent;
	call.u.agent_add.password = SPAN_LIT("a password that nobody uses");
	world_call(world, &call);
	MUST(call.op.status == ST_OK);
	*agent = call.u.agent_add.agent;
	arena_fini(&call.arena);
}

static void hire(struct world *world, const struct crew *crew, const char *name)
{
	size_t index = world->workers_count++;
	struct worker *worker = &world->workers[index];

	*worker = (struct worker){.crew = crew};
	rng_seed(&worker->rng, world->setup->seed, STREAM + index);
	(void)span_copy(worker->name, sizeof(worker->name), span_of(name));
	worker->agent.tier = crew->tier;
	worker->agent.role = crew->role;
	(void)span_copy(worker->agent.name, sizeof(worker->agent.name), span_of(name));
	(void)snprintf(worker->agent.email, sizeof(worker->agent.email), "agent-%zu@example.gov",
	               index + 1);
	put_on_record(world, &worker->agent);
}

/* The n-th of those who work on the tier; further ones are like the first ones again. */
static void hire_nth(struct world *world, int tier, int n)
{
	const struct scenario *scenario = world->scenario;
	int at = 0, size = 0;
	char name[NAME_SIZE];

	for (size_t i = 0; i < scenario->crews_count; i++)
		size += scenario->crews[i].tier == tier ? scenario->crews[i].count : 0;
	MUST(size > 0); /* nobody is wanted on a tier where nobody works */
	for (size_t i = 0; i < scenario->crews_count; i++) {
		const struct crew *crew = &scenario->crews[i];
		int place = n % size - at; /* within the crew */

		if (crew->tier != tier)
			continue;
		at += crew->count;
		if (place >= crew->count)
			continue;
		place += n / size * crew->count;
		if (place == 0)
			(void)snprintf(name, sizeof(name), "%s", crew->name);
		else
			(void)snprintf(name, sizeof(name), "%s %d", crew->name, place + 1);
		hire(world, crew, name);
		return;
	}
}

void workers_hire(struct world *world)
{
	const struct scenario *scenario = world->scenario;
	struct agent intake = {
		.tier = TIER_MIN, .role = AGENT_ROLE_SUPERVISOR, .email = INTAKE, .name = "Intake"};
	int wanted[TIER_MAX] = {0}, there[TIER_MAX] = {0}, all = 0;

	for (size_t i = 0; i < scenario->crews_count; i++)
		there[scenario->crews[i].tier - TIER_MIN] += scenario->crews[i].count;
	for (int i = 0; i < TIER_MAX; i++) {
		wanted[i] = world->setup->agents[i] >= 0 && there[i] > 0 ? world->setup->agents[i]
		                                                         : there[i];
		all += wanted[i];
	}
	world->workers = xcalloc((size_t)all + 1, sizeof(*world->workers));
	for (int i = 0; i < TIER_MAX; i++) {
		for (int n = 0; n < wanted[i]; n++)
			hire_nth(world, i + TIER_MIN, n);
	}
	put_on_record(world, &intake);
	world->intake = (struct identity){.agent = intake, .kind = SESSION_TOKEN};
}

/* --- days --- */

static bool is_holiday(const struct world *world, int64_t day)
{
	const struct calendar_date *date;

	if (world->hours == NULL)
		return false;
	date = calendar_date_at(world->hours, zone_moment(world->zone, day, NOON_S));
	return date != NULL && (date->kind == DATE_HOLIDAY || date->kind == DATE_CLOSED);
}

static wall_ms moment(const struct world *world, int64_t day, int second)
{
	return zone_moment(world->zone, day + second / 86400, second % 86400);
}

static void plan_at(struct world *world, enum agenda_kind kind, size_t who, wall_ms at)
{
	if (at >= world->now)
		agenda_add(&world->agenda,
		           &(struct agenda_item){.at = at, .kind = kind, .who = (uint32_t)who});
}

static void plan_shift(struct world *world, size_t who, const struct shift *shift, int64_t day)
{
	plan_at(world, AGENDA_SHIFT, who, moment(world, day, shift->from_s));
	plan_at(world, AGENDA_SHIFT_END, who, moment(world, day, shift->to_s));
	if (shift->break_s < 0)
		return;
	plan_at(world, AGENDA_BREAK, who, moment(world, day, shift->break_s));
	plan_at(world, AGENDA_BREAK_END, who, moment(world, day, shift->break_s) + shift->break_ms);
}

void workers_plan_day(struct world *world, int64_t day)
{
	bool holiday = is_holiday(world, day);
	struct civil date;

	civil_from_days(day, &date);
	for (size_t i = 0; i < world->workers_count; i++) {
		const struct crew *crew = world->workers[i].crew;

		for (size_t j = 0; j < crew->shifts_count; j++) {
			if ((crew->shifts[j].days >> date.weekday & 1U) != 0 &&
			    (!holiday || crew->holidays))
				plan_shift(world, i, &crew->shifts[j], day);
		}
	}
	agenda_add(&world->agenda, &(struct agenda_item){.at = moment(world, day + 1, 0),
	                                                 .kind = AGENDA_DAY,
	                                                 .who = (uint32_t)(day + 1)});
}

/* --- coming and going --- */

static void present(struct world *world, struct worker *worker, enum presence presence)
{
	char id[32];
	struct frame_in frame = {
		.type = IN_PRESENCE, .presence = presence, .capacity = worker->crew->capacity};

	(void)snprintf(id, sizeof(id), "p%" PRIu64, ++worker->ids);
	frame.id = span_of(id);
	world_frame(world, worker->conn, &frame);
}

static void connect(struct world *world, struct worker *worker)
{
	struct desk_peer peer = {.audience = AUDIENCE_AGENT, .address = "192.0.2.1"};
	struct frame_in hello = {.type = IN_HELLO};

	if (worker->conn.v != 0)
		return;
	peer.identity = (struct identity){.agent = worker->agent, .kind = SESSION_LOGIN};
	worker->conn = world_connect(world, &peer, (uint32_t)(worker - world->workers));
	world_frame(world, worker->conn, &hello);
}

void worker_comes(struct world *world, struct worker *worker)
{
	connect(world, worker);
	worker->called = false;
	worker->on_break = false;
	if (!worker->on_duty) {
		worker->on_duty = true;
		worker->duty_since = world->now;
	}
	present(world, worker, PRESENCE_AVAILABLE);
	worker_begin(world, worker);
}

int64_t worker_counted(const struct world *world, wall_ms since)
{
	wall_ms to = world->now < world->arrivals_end ? world->now : world->arrivals_end;

	return to > since ? to - since : 0;
}

static void end_duty(struct world *world, struct worker *worker)
{
	if (!worker->on_duty)
		return;
	worker->on_duty = false;
	worker->called = false;
	worker->duty_ms += worker_counted(world, worker->duty_since);
}

/* The console stays open: what the agent has is still its own tomorrow. */
void worker_goes(struct world *world, struct worker *worker)
{
	if (!worker->on_duty)
		return;
	end_duty(world, worker);
	present(world, worker, PRESENCE_AWAY);
}

void worker_break(struct world *world, struct worker *worker, bool begins)
{
	if (!worker->on_duty || worker->called)
		return;
	worker->on_break = begins;
	present(world, worker, begins ? PRESENCE_AWAY : PRESENCE_AVAILABLE);
	worker_begin(world, worker);
}

void worker_lost(struct world *world, struct worker *worker)
{
	if (worker->conn.v == 0)
		return;
	end_duty(world, worker);
	if (worker->busy)
		worker->busy_ms += worker_counted(world, worker->busy_since);
	worker->busy = false;
	worker->stamp++;
	worker->jobs_count = 0;
	while (worker->tickets_count > 0)
		worker_drop(world, worker, worker->tickets[worker->tickets_count - 1]);
	world_hang_up(world, &worker->conn);
}

uint32_t workers_on_call(const struct world *world, const char *name, unsigned attempt)
{
	uint32_t on_call[16];
	size_t count = 0;

	for (size_t i = 0; i < world->workers_count && count < ARRAY_LEN(on_call); i++) {
		const struct worker *worker = &world->workers[i];

		if (strcmp(worker->name, name) == 0)
			return (uint32_t)i;
		if (worker->crew->on_call)
			on_call[count++] = (uint32_t)i;
	}
	return count > 0 ? on_call[(attempt > 0 ? attempt - 1 : 0) % count] : NOBODY;
}

/* Comes for an emergency, and goes when there is nothing left to do. */
void worker_called(struct world *world, struct worker *worker, uint64_t number)
{
	uint32_t who = (uint32_t)(worker - world->workers);
	struct ticket ticket;

	if (!world_ticket(world, number, &ticket) || !ticket.escalation.immediate)
		return;
	if (!worker->on_duty) {
		worker_comes(world, worker);
		worker->called = true;
		world_plan(world, AGENDA_SHIFT_END, who, 1, ON_CALL_MS);
	}
	world_plan(world, AGENDA_ACKNOWLEDGE, who, number, 0);
}

void worker_left(struct world *world, struct worker *worker)
{
	if (!worker->called)
		return;
	if (worker->tickets_count > 0)
		world_plan(world, AGENDA_SHIFT_END, (uint32_t)(worker - world->workers), 1,
		           ON_CALL_MS);
	else
		worker_goes(world, worker);
}
