/* SPDX-License-Identifier: MIT */
#include "app/calls.h"

#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/routing.h"
#include "base/mem.h"
#include "base/must.h"

/* A read of the record for a call. */
struct reading {
	struct desk_call *call;
	struct store_call store;
};

static struct reading *reading_create(struct desk_call *call, enum store_kind kind,
                                      void (*done)(struct op *op))
{
	struct reading *reading = xcalloc(1, sizeof(*reading));

	reading->call = call;
	reading->store.kind = kind;
	reading->store.op.done = done;
	return reading;
}

/* The results lie in the read's arena: it becomes the call's. */
static void reading_end(struct reading *reading)
{
	struct desk_call *call = reading->call;
	struct arena arguments = call->arena;

	call->op.status = reading->store.op.status;
	call->arena = reading->store.arena;
	arena_fini(&arguments);
	free(reading);
	call->op.done(&call->op);
}

static void tickets_done(struct op *op)
{
	struct reading *reading = container_of(op, struct reading, store.op);
	struct desk_call *call = reading->call;

	call->u.tickets.items = reading->store.u.tickets.items;
	call->u.tickets.count = reading->store.u.tickets.count;
	call->u.tickets.next = reading->store.u.tickets.next;
	reading_end(reading);
}

void calls_tickets(struct app *app, struct desk_call *call)
{
	struct reading *reading = reading_create(call, STORE_TICKETS, tickets_done);

	reading->store.u.tickets.filter = call->u.tickets.filter;
	store_submit(app->ports.store, &reading->store);
}

static void customers_done(struct op *op)
{
	struct reading *reading = container_of(op, struct reading, store.op);
	struct desk_call *call = reading->call;

	call->u.customers.items = reading->store.u.customers.items;
	call->u.customers.count = reading->store.u.customers.count;
	call->u.customers.next = reading->store.u.customers.next;
	reading_end(reading);
}

void calls_customers(struct app *app, struct desk_call *call)
{
	struct reading *reading = reading_create(call, STORE_CUSTOMERS, customers_done);

	reading->store.u.customers.filter = call->u.customers.filter;
	store_submit(app->ports.store, &reading->store);
}

static void ticket_done(struct op *op)
{
	struct reading *reading = container_of(op, struct reading, store.op);
	struct desk_call *call = reading->call;

	call->u.ticket.ticket = reading->store.u.ticket.ticket;
	call->u.ticket.entries = reading->store.u.ticket.entries;
	call->u.ticket.entries_count = reading->store.u.ticket.entries_count;
	call->u.ticket.changes = reading->store.u.ticket.changes;
	call->u.ticket.changes_count = reading->store.u.ticket.changes_count;
	call->u.ticket.context = reading->store.u.ticket.context;
	reading_end(reading);
}

void calls_ticket(struct app *app, struct desk_call *call)
{
	struct reading *reading = reading_create(call, STORE_TICKET, ticket_done);

	reading->store.u.ticket.number = call->u.ticket.number;
	store_submit(app->ports.store, &reading->store);
}

void calls_create(struct app *app, struct desk_call *call)
{
	call->u.command.command.kind = COMMAND_OPEN;
	call->u.command.command.actor = actor_of_agent(&call->who.agent);
	act_start(app, &(struct act_origin){.call = call}, STORE_CREATE, (struct ticket_id){0},
	          &call->u.command.command);
}

void calls_command(struct app *app, struct desk_call *call)
{
	if (call->kind == CALL_TICKET_SET)
		call->u.command.command.kind = COMMAND_SET;
	call->u.command.command.actor = actor_of_agent(&call->who.agent);
	act_start(app, &(struct act_origin){.call = call}, STORE_COMMAND, call->u.command.number,
	          &call->u.command.command);
}

/* --- who is on each tier now: the tiers one after the other --- */

struct roll {
	struct app *app;
	struct desk_call *call;
	int tier;
	struct bus_call bus;
};

static void roll_ask(struct roll *roll);

static struct online_agent online_of(struct app *app, const struct roll *roll, size_t at)
{
	const struct candidate *agent = &roll->bus.u.overview.agents[at];
	const struct person *person = people_find(&app->people, agent->agent);
	struct online_agent online = {.id = agent->agent,
	                              .tier = roll->tier,
	                              .state = roll->bus.u.overview.states[at],
	                              .load = agent->load,
	                              .capacity = agent->capacity};

	if (person != NULL) {
		(void)span_copy(online.name, sizeof(online.name), span_of(person->agent.name));
		(void)span_copy(online.reason, sizeof(online.reason), span_of(person->reason));
		online.since = person->since;
	}
	return online;
}

static void roll_add(struct roll *roll)
{
	struct desk_call *call = roll->call;
	size_t more = roll->bus.u.overview.agents_count;
	struct online_agent *all =
		arena_alloc(&call->arena, (call->u.online.count + more) * sizeof(*all));

	if (call->u.online.count > 0)
		memcpy(all, call->u.online.items, call->u.online.count * sizeof(*all));
	for (size_t i = 0; i < more; i++)
		all[call->u.online.count + i] = online_of(roll->app, roll, i);
	call->u.online.items = all;
	call->u.online.count += more;
}

static void roll_done(struct op *op)
{
	struct roll *roll = container_of(op, struct roll, bus.op);
	struct desk_call *call = roll->call;

	call->op.status = op->status;
	if (op->status == ST_OK) {
		roll_add(roll);
		if (++roll->tier <= TIER_MAX) {
			roll_ask(roll);
			return;
		}
	}
	arena_fini(&roll->bus.arena);
	free(roll);
	call->op.done(&call->op);
}

static void roll_ask(struct roll *roll)
{
	arena_fini(&roll->bus.arena);
	roll->bus = (struct bus_call){
		.op.done = roll_done, .kind = BUS_OVERVIEW, .now = roll->app->now};
	roll->bus.u.overview.tier = roll->tier;
	bus_submit(roll->app->ports.bus, &roll->bus);
}

void calls_online(struct app *app, struct desk_call *call)
{
	struct roll *roll = xcalloc(1, sizeof(*roll));

	roll->app = app;
	roll->call = call;
	roll->tier = TIER_MIN;
	call->u.online.items = NULL;
	call->u.online.count = 0;
	roll_ask(roll);
}
