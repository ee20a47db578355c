/* SPDX-License-Identifier: MIT */
/* The desk and its fakes, and the time that goes by. */
#include "sim/world.h"

#include <stdlib.h>

#include "adapter/fake_bus.h"
#include "adapter/fake_store.h"
#include "adapter/fake_vault.h"
#include "base/mem.h"
#include "base/must.h"

#define SOFT_LIMIT ((size_t)1024 * 1024)
#define TRIES      20

/* --- what the desk says --- */

static void outlet_send(struct outlet *outlet, const struct conn_id *to, size_t count,
                        const struct frame_out *frame)
{
	struct world *world = container_of(outlet, struct world, outlet);

	for (size_t i = 0; i < count; i++) {
		const struct seat *seat = &world->seats[to[i].v - 1];

		if (!seat->open)
			continue;
		if (seat->audience == AUDIENCE_VISITOR)
			customer_hears(world, seat->who, frame);
		else
			worker_hears(world, seat->who, frame);
	}
}

static size_t outlet_queued(struct outlet *outlet, struct conn_id conn)
{
	(void)outlet;
	(void)conn;
	return 0; /* everybody reads as fast as it comes */
}

static void outlet_hangup(struct outlet *outlet, struct conn_id conn, enum hangup why)
{
	(void)conn;
	(void)why;
	world_refused(container_of(outlet, struct world, outlet), "a connection was ended");
}

static void notifier_submit(struct notifier *notifier, struct notifier_call *call)
{
	struct world *world = container_of(notifier, struct world, notifier);

	world->pages = xrealloc(world->pages, (world->pages_count + 1) * sizeof(*world->pages));
	world->pages[world->pages_count++] = call;
}

static void notifier_close(struct notifier *notifier)
{
	(void)notifier;
}

/* Whoever is paged comes to the console, unless somebody is there who reads it. */
static size_t hand_over_pages(struct world *world)
{
	struct notifier_call **calls = world->pages;
	size_t count = world->pages_count;

	world->pages = NULL;
	world->pages_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct notifier_call *call = calls[i];
		uint32_t who = NOBODY;

		world->notified++;
		if (call->kind == NOTIFIER_PAGE)
			who = workers_on_call(world, call->to_name, call->attempt);
		if (who != NOBODY)
			world_plan(world, AGENDA_CALLED, who, call->ticket.v,
			           world_draw(&world->workers[who].rng,
			                      &world->workers[who].crew->handling.acknowledge));
		call->op.status = ST_OK;
		call->op.done(&call->op);
	}
	free(calls);
	return count;
}

/* --- time --- */

void world_settle(struct world *world)
{
	size_t moved = 1;

	while (moved > 0) {
		moved = fake_store_run(world->store);
		moved += fake_bus_run(world->board);
		moved += fake_vault_run(world->vault);
		moved += hand_over_pages(world);
	}
}

void world_go(struct world *world, wall_ms to)
{
	world->now = to;
	world->last_tick = to;
	desk_tick(world->desk, to, to);
	world_settle(world);
}

void world_plan(struct world *world, enum agenda_kind kind, uint32_t who, uint64_t ticket,
                int64_t after)
{
	agenda_add(&world->agenda,
	           &(struct agenda_item){
			   .at = world->now + after, .kind = kind, .who = who, .ticket = ticket});
}

int64_t world_draw(struct rng *rng, const struct wait *wait)
{
	int64_t gap;

	if (wait->mean_ms == 0)
		return rng_between(rng, wait->from_ms, wait->to_ms);
	gap = rng_gap(rng);
	if (gap > INT64_C(10) * MILLION)
		gap = INT64_C(10) * MILLION;
	return wait->mean_ms / 1000 * gap / 1000;
}

/* --- connections and calls --- */

struct conn_id world_connect(struct world *world, const struct desk_peer *peer, uint32_t who)
{
	struct conn_id conn = {.v = world->seats_count + 1};

	if ((world->seats_count & (world->seats_count + 1)) == 0)
		world->seats = xrealloc(world->seats,
		                        (world->seats_count + 1) * 2 * sizeof(*world->seats));
	world->seats[world->seats_count++] =
		(struct seat){.audience = peer->audience, .who = who, .open = true};
	MUST(world->desk->ops->opened(world->desk, conn, peer, world->now) == ST_OK);
	return conn;
}

void world_hang_up(struct world *world, struct conn_id *conn)
{
	if (conn->v == 0)
		return;
	world->seats[conn->v - 1].open = false;
	world->desk->ops->closed(world->desk, *conn, world->now);
	conn->v = 0;
	world_settle(world);
}

void world_frame(struct world *world, struct conn_id conn, const struct frame_in *frame)
{
	if (conn.v == 0)
		return;
	world->desk->ops->frame(world->desk, conn, frame, world->now);
	world_settle(world);
}

static void call_done(struct op *op)
{
	op->done = NULL;
}

void world_call(struct world *world, struct desk_call *call)
{
	call->op.done = call_done;
	world->desk->ops->call(world->desk, call, world->now);
	world_settle(world);
	MUST(call->op.done == NULL);
	if (call->op.status != ST_OK)
		world_refused(world,
		              call->message != NULL ? call->message : status_code(call->op.status));
}

bool world_ticket(struct world *world, uint64_t number, struct ticket *out)
{
	struct store_call call = {.op.done = call_done, .kind = STORE_TICKET};
	bool found;

	call.u.ticket.number.v = number;
	store_submit(world->store, &call);
	world_settle(world);
	found = call.op.status == ST_OK;
	if (found)
		*out = call.u.ticket.ticket;
	arena_fini(&call.arena);
	return found;
}

void world_note(struct world *world, uint64_t ticket)
{
	size_t count = ticket + ticket / 2 + 64;

	if (ticket <= world->tickets_count)
		return;
	world->customer_of = xrealloc(world->customer_of, count * sizeof(uint32_t));
	world->owner_of = xrealloc(world->owner_of, count * sizeof(uint32_t));
	for (size_t i = world->tickets_count; i < count; i++) {
		world->customer_of[i] = NOBODY;
		world->owner_of[i] = NOBODY;
	}
	world->tickets_count = count;
}

void world_refused(struct world *world, const char *sentence)
{
	struct outcome *outcome = world->outcome;

	for (size_t i = 0; i < outcome->refusals_count; i++) {
		if (span_is(span_of(sentence), outcome->refusals[i].sentence)) {
			outcome->refusals[i].count++;
			return;
		}
	}
	outcome->refusals = xrealloc(outcome->refusals,
	                             (outcome->refusals_count + 1) * sizeof(*outcome->refusals));
	outcome->refusals[outcome->refusals_count++] =
		(struct refusal){.sentence = arena_strdup(&outcome->arena, sentence), .count = 1};
}

/* --- life --- */

void world_open(struct world *world)
{
	static const struct outlet_ops outlet = {
		.send = outlet_send, .queued = outlet_queued, .hangup = outlet_hangup};
	static const struct notifier_ops notifier = {.submit = notifier_submit,
	                                             .close = notifier_close};
	struct desk_config config;
	struct desk_ports ports;

	desk_config_init(&config);
	config.keep_all = true;              /* what happened is looked at in the end */
	config.limits.alerts_per_second = 0; /* workers hear each page */
	world->outlet = (struct outlet){.ops = &outlet, .soft_limit = SOFT_LIMIT};
	world->notifier = (struct notifier){.ops = &notifier};
	world->store = fake_store_create();
	world->board = fake_bus_board_create();
	world->bus = fake_bus_open(world->board, config.node);
	world->vault = fake_vault_create(world->setup->seed);
	ports = (struct desk_ports){.store = world->store,
	                            .bus = world->bus,
	                            .vault = world->vault,
	                            .outlet = &world->outlet,
	                            .notifier = &world->notifier,
	                            .policy_reader = world->setup->reader};
	world->desk = desk_create(&config, &ports, world->now);
	world_settle(world);
	desk_adopt(world->desk, world->setup->policy, world->setup->policy_text, world->now);
	world_settle(world);
	for (int i = 0; i < TRIES && !desk_is_ready(world->desk); i++)
		world_go(world, world->now + SEC_MS);
	MUST(desk_is_ready(world->desk));
	world_go(world, world->now + SEC_MS);
}

void world_close(struct world *world)
{
	desk_stop(world->desk, world->now);
	world->store->ops->close(world->store);
	world->bus->ops->close(world->bus);
	world->vault->ops->close(world->vault);
	(void)hand_over_pages(world);
	fake_bus_board_destroy(&world->board);
	desk_destroy(&world->desk);
	for (size_t i = 0; i < world->workers_count; i++) {
		free(world->workers[i].jobs);
		free(world->workers[i].tickets);
	}
	free(world->workers);
	free(world->customers);
	free(world->customer_of);
	free(world->owner_of);
	free(world->seats);
	free(world->pages);
	agenda_fini(&world->agenda);
}
