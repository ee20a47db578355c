/* SPDX-License-Identifier: MIT */
/* What waits for an agent: one thing is done at a time. */
#include "base/mem.h"
#include "sim/world.h"

void worker_add(struct world *world, struct worker *worker, const struct job *job)
{
	if (worker->jobs_count == worker->jobs_size) {
		worker->jobs_size = worker->jobs_size == 0 ? 8 : worker->jobs_size * 2;
		worker->jobs = xrealloc(worker->jobs, worker->jobs_size * sizeof(*worker->jobs));
	}
	worker->jobs[worker->jobs_count] = *job;
	worker->jobs[worker->jobs_count++].order = world->jobs++;
	/* Begun by a turn of the agenda: the desk may be in the middle of something now. */
	if (!worker->busy && worker->on_duty && !worker->on_break)
		world_plan(world, AGENDA_BEGIN, (uint32_t)(worker - world->workers), 0, 0);
}

bool worker_has_job(const struct worker *worker, uint64_t ticket)
{
	if (worker->busy && worker->job.ticket == ticket)
		return true;
	for (size_t i = 0; i < worker->jobs_count; i++) {
		if (worker->jobs[i].ticket == ticket)
			return true;
	}
	return false;
}

void worker_take(struct world *world, struct worker *worker, uint64_t ticket)
{
	uint32_t who = (uint32_t)(worker - world->workers);

	world_note(world, ticket);
	if (world->owner_of[ticket - 1] == who)
		return;
	if (world->owner_of[ticket - 1] != NOBODY)
		worker_drop(world, &world->workers[world->owner_of[ticket - 1]], ticket);
	world->owner_of[ticket - 1] = who;
	if (worker->tickets_count == worker->tickets_size) {
		worker->tickets_size = worker->tickets_size == 0 ? 8 : worker->tickets_size * 2;
		worker->tickets =
			xrealloc(worker->tickets, worker->tickets_size * sizeof(*worker->tickets));
	}
	worker->tickets[worker->tickets_count++] = ticket;
	worker->taken++;
}

/* What is in hand goes on, and comes to nothing. */
void worker_drop(struct world *world, struct worker *worker, uint64_t ticket)
{
	size_t kept = 0;

	if (ticket <= world->tickets_count &&
	    world->owner_of[ticket - 1] == (uint32_t)(worker - world->workers))
		world->owner_of[ticket - 1] = NOBODY;
	for (size_t i = 0; i < worker->tickets_count; i++) {
		if (worker->tickets[i] != ticket)
			worker->tickets[kept++] = worker->tickets[i];
	}
	worker->tickets_count = kept;
	kept = 0;
	for (size_t i = 0; i < worker->jobs_count; i++) {
		if (worker->jobs[i].ticket != ticket)
			worker->jobs[kept++] = worker->jobs[i];
	}
	worker->jobs_count = kept;
}

/* By the guide: the most pressing first, of those whoever waits for a first answer. */
static bool comes_before(const struct job *a, const struct job *b, bool guide)
{
	if (guide && a->priority != b->priority)
		return a->priority > b->priority;
	if (guide && a->first != b->first)
		return a->first;
	return a->order < b->order;
}

static int64_t length(const struct job *job, struct worker *worker)
{
	const struct handling *handling = &worker->crew->handling;

	if (job->kind == JOB_ESCALATE)
		return world_draw(&worker->rng, &handling->diagnose);
	return world_draw(&worker->rng, job->first ? &handling->first_answer : &handling->answer);
}

void worker_begin(struct world *world, struct worker *worker)
{
	size_t best = 0;

	if (worker->busy || !worker->on_duty || worker->on_break || worker->jobs_count == 0)
		return;
	for (size_t i = 1; i < worker->jobs_count; i++) {
		if (comes_before(&worker->jobs[i], &worker->jobs[best], worker->crew->guide))
			best = i;
	}
	worker->job = worker->jobs[best];
	worker->jobs_count--;
	for (size_t i = best; i < worker->jobs_count; i++)
		worker->jobs[i] = worker->jobs[i + 1];
	worker->busy = true;
	worker->busy_since = world->now;
	agenda_add(&world->agenda,
	           &(struct agenda_item){.at = world->now + length(&worker->job, worker),
	                                 .kind = AGENDA_WORK,
	                                 .who = (uint32_t)(worker - world->workers),
	                                 .stamp = ++worker->stamp});
}
