/* SPDX-License-Identifier: MIT */
/* The record is read, ticket by ticket, when the rehearsal is over. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "core/timer.h"
#include "sim/world.h"

struct reading {
	struct world *world;
	struct outcome *out;
	struct fact *fact;
	const struct calendar *hours;
	const struct entry *entries;
	size_t entries_count;
};

static int64_t between(const struct reading *reading, bool business, wall_ms from, wall_ms to)
{
	if (to <= from)
		return 0;
	return business ? calendar_between(reading->hours, from, to) : to - from;
}

static bool has_fired(const struct ticket *ticket, size_t slot)
{
	return (ticket->clocks.fired >> slot & 1U) != 0;
}

/* --- promises --- */

static enum promise_state state_of(const struct reading *reading, wall_ms done, wall_ms due,
                                   size_t breach)
{
	const struct ticket *ticket = &reading->fact->ticket;

	if (has_fired(ticket, breach))
		return PROMISE_MISSED;
	if (done != 0)
		return PROMISE_MET;
	if (!ticket_is_live(ticket))
		return PROMISE_NONE;
	return due != 0 && due <= reading->world->now ? PROMISE_MISSED : PROMISE_OPEN;
}

static struct kept first_of(const struct reading *reading)
{
	const struct ticket *ticket = &reading->fact->ticket;
	const struct duration *promise =
		&reading->world->policy->promises[ticket->channel][ticket->priority].first_response;
	struct kept kept = {.took_ms = -1, .business = promise->business};

	if (ticket->first_response_at != 0)
		kept.took_ms = between(reading, promise->business, ticket->created_at,
		                       ticket->first_response_at);
	if (promise->ms == 0 || ticket->first_response_due == 0)
		return kept;
	kept.target_ms =
		between(reading, promise->business, ticket->created_at, ticket->first_response_due);
	kept.state = state_of(reading, ticket->first_response_at, ticket->first_response_due,
	                      TIMER_FIRST_BREACH);
	return kept;
}

static const struct duration *resolution_promise(const struct policy *policy,
                                                 const struct ticket *ticket)
{
	const struct topic *topic = policy_topic(policy, span_of(ticket->topic));

	if (ticket->priority != PRIORITY_CRITICAL && topic != NULL && topic->resolution.ms > 0)
		return &topic->resolution;
	return &policy->promises[ticket->channel][ticket->priority].resolution;
}

static struct kept resolution_of(const struct reading *reading)
{
	const struct ticket *ticket = &reading->fact->ticket;
	const struct duration *promise = resolution_promise(reading->world->policy, ticket);
	struct kept kept = {.took_ms = -1, .business = promise->business};
	int64_t paused =
		promise->business ? ticket->clocks.paused_open_ms : ticket->clocks.paused_wall_ms;
	wall_ms done = ticket_is_live(ticket) ? 0 : ticket->resolved_at;

	if (done != 0)
		kept.took_ms =
			between(reading, promise->business, ticket->created_at, done) - paused;
	if (done != 0 && kept.took_ms < 0)
		kept.took_ms = 0;
	if (promise->ms == 0)
		return kept;
	kept.target_ms = promise->ms;
	kept.state = state_of(reading, done, ticket->resolution_due, TIMER_RESOLUTION_BREACH);
	return kept;
}

/* What ends with the ticket was reached by its end; what runs always is open until it is done. */
static struct kept milestone_of(const struct reading *reading, size_t at)
{
	const struct ticket *ticket = &reading->fact->ticket;
	const struct milestone *milestone = &reading->world->policy->milestones[at];
	const struct ticket_milestone *own = milestone_find(ticket, milestone->id);
	bool business = milestone->within.business;
	struct kept kept = {.took_ms = -1, .business = business};
	wall_ms done;

	if (own == NULL)
		return kept;
	done = own->done_at;
	if (done == 0 && !milestone->always && !ticket_is_live(ticket))
		done = ticket->resolved_at;
	if (done != 0)
		kept.took_ms =
			between(reading, business,
		                own->asked_at != 0 ? own->asked_at : ticket->created_at, done);
	kept.target_ms = milestone->within.ms;
	kept.state = state_of(reading, done, own->due, TIMER_MILESTONES + 2 * at + 1);
	return kept;
}

/* --- the log --- */

static bool takes_away(enum event event)
{
	return event == EVENT_REQUEUED || event == EVENT_ESCALATED || event == EVENT_TRANSFERRED ||
	       event == EVENT_REOPENED;
}

static void read_event(struct reading *reading, const struct entry *entry)
{
	struct fact *fact = reading->fact;

	if (entry->event == EVENT_ASSIGNED && fact->first_agent == NULL)
		fact->first_agent = arena_strdup(&reading->out->arena, entry->agent_name);
	if (entry->event == EVENT_ASSIGNED && entry->tier > fact->solved_tier)
		fact->solved_tier = entry->tier;
	fact->requeued += entry->event == EVENT_REQUEUED ? 1 : 0;
	fact->kept = fact->kept || entry->event == EVENT_KEPT;
}

static void read_owner(struct reading *reading)
{
	struct fact *fact = reading->fact;
	wall_ms since = fact->ticket.created_at; /* 0: somebody has it, or it has ended */

	for (size_t i = 0; i < reading->entries_count; i++) {
		const struct entry *entry = &reading->entries[i];
		bool given = entry->event == EVENT_ASSIGNED || entry->event == EVENT_CLOSED;

		if (entry->kind != ENTRY_EVENT)
			continue;
		if (since != 0 && given) {
			fact->unowned_ms += between(reading, true, since, entry->at);
			since = 0;
		} else if (since == 0 && takes_away(entry->event)) {
			since = entry->at;
		}
		read_event(reading, entry);
	}
	if (since != 0)
		fact->unowned_ms += between(reading, true, since, reading->world->now);
	if (fact->first_agent == NULL)
		fact->first_agent = "";
}

/* Taken is: somebody had it, it went further up, or it ended. */
static wall_ms taken_at(const struct reading *reading, size_t from)
{
	for (size_t i = from; i < reading->entries_count; i++) {
		const struct entry *entry = &reading->entries[i];

		if (entry->kind == ENTRY_EVENT &&
		    (entry->event == EVENT_ASSIGNED || entry->event == EVENT_ESCALATED ||
		     entry->event == EVENT_CLOSED))
			return entry->at;
	}
	return 0;
}

static void read_handover(struct reading *reading, size_t at)
{
	const struct entry *entry = &reading->entries[at];
	struct fact *fact = reading->fact;
	struct handover *handover = &fact->handovers[fact->handovers_count++];
	const struct duration *promise = &reading->world->policy->tiers[entry->tier - TIER_MIN]
	                                          .acceptance[fact->ticket.priority];
	wall_ms taken = taken_at(reading, at + 1);
	wall_ms due = policy_after(reading->hours, entry->at, promise);

	*handover = (struct handover){.from = entry->tier_from,
	                              .to = entry->tier,
	                              .why = arena_span(&reading->out->arena, entry->reason).ptr,
	                              .by_hand = entry->from == ROLE_AGENT,
	                              .timed = promise->ms > 0};
	if (handover->why == NULL)
		handover->why = "";
	handover->in_time = (taken != 0 ? taken : reading->world->now) <= due;
}

static void read_log(struct reading *reading, unsigned *texts)
{
	struct fact *fact = reading->fact;
	size_t count = 0;

	for (size_t i = 0; i < reading->entries_count; i++) {
		const struct entry *entry = &reading->entries[i];

		count += entry->kind == ENTRY_EVENT && entry->event == EVENT_ESCALATED ? 1 : 0;
		if (entry->kind == ENTRY_TEXT && entry->from == ROLE_VISITOR)
			++*texts;
	}
	fact->handovers = arena_alloc(&reading->out->arena, (count + 1) * sizeof(struct handover));
	for (size_t i = 0; i < reading->entries_count; i++) {
		const struct entry *entry = &reading->entries[i];

		if (entry->kind == ENTRY_EVENT && entry->event == EVENT_ESCALATED)
			read_handover(reading, i);
	}
	read_owner(reading);
}

/* --- all of it --- */

static void call_done(struct op *op)
{
	op->done = NULL;
}

/* The call that began the emergency: a later one, for what was promised of it, is not meant. */
static int64_t acknowledged_of(const struct store_call *call)
{
	wall_ms since = call->u.ticket.ticket.escalation.immediate_at;

	for (size_t i = 0; since != 0 && i < call->u.ticket.changes_count; i++) {
		const struct change *change = &call->u.ticket.changes[i];

		if (strcmp(change->field, "page_acknowledged") == 0 && change->at >= since)
			return change->at - since;
	}
	return -1;
}

static bool read_one(struct world *world, struct outcome *out, uint64_t number, unsigned *texts)
{
	struct store_call call = {.op.done = call_done, .kind = STORE_TICKET};
	struct reading reading = {.world = world, .out = out};
	struct fact *fact = &out->facts[out->facts_count];
	const struct ticket *ticket = &fact->ticket;
	uint32_t who = number <= world->tickets_count ? world->customer_of[number - 1] : NOBODY;

	call.u.ticket.number.v = number;
	store_submit(world->store, &call);
	world_settle(world);
	if (call.op.status != ST_OK) {
		arena_fini(&call.arena);
		return false;
	}
	*fact = (struct fact){.ticket = call.u.ticket.ticket};
	reading.fact = fact;
	reading.hours = timer_hours(world->policy, ticket);
	reading.entries = call.u.ticket.entries;
	reading.entries_count = call.u.ticket.entries_count;
	if (number == world->setup->story)
		story_tell(world, &call, &out->story);
	fact->first = first_of(&reading);
	fact->resolution = resolution_of(&reading);
	for (size_t i = 0; i < world->policy->milestones_count; i++)
		fact->milestones[i] = milestone_of(&reading, i);
	read_log(&reading, who != NOBODY ? &texts[who] : &texts[world->customers_count]);
	fact->acknowledged_ms = acknowledged_of(&call);
	if (who != NOBODY)
		fact->needed_tier = world->customers[who].text->tier;
	arena_fini(&call.arena);
	out->facts_count++;
	return true;
}

/* What was acknowledged and cannot be found on any ticket of the customer; of one who has none,
 * on no ticket at all. */
static void count_lost(const struct world *world, struct outcome *out, const unsigned *texts)
{
	for (size_t i = 0; i < world->customers_count; i++) {
		const struct customer *customer = &world->customers[i];

		if (customer->acked > texts[i])
			out->lost += customer->acked - texts[i];
		if (customer->said > customer->acked)
			out->unsaid += customer->said - customer->acked;
	}
}

void facts_read(struct world *world, struct outcome *out)
{
	unsigned *texts = xcalloc(world->customers_count + 1, sizeof(*texts));
	uint64_t number = 1;

	do {
		if ((out->facts_count & (out->facts_count + 1)) == 0)
			out->facts = xrealloc(out->facts,
			                      (out->facts_count + 1) * 2 * sizeof(*out->facts));
	} while (read_one(world, out, number++, texts));
	count_lost(world, out, texts);
	free(texts);
}
