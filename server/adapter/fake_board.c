/* SPDX-License-Identifier: MIT */
/* The same rules as switchboard.lua, on maps. */
#include "adapter/fake_board.h"

#include <stdlib.h>
#include <string.h>

#include "adapter/bus_check.h"
#include "adapter/fake_rows.h"
#include "base/mem.h"
#include "base/must.h"

/* A tick or a rebuild: what this node holds, or nobody. */
static void seats_renew(struct fake_board *board, const struct fake_caller *caller,
                        const struct bus_seat *seats, size_t count, wall_ms now)
{
	for (size_t i = 0; i < count; i++) {
		struct fake_agent_row *agent = fake_agent_get(board, seats[i].agent);

		if (seats[i].state == PRESENCE_OFFLINE)
			continue;
		if (!agent->seated || fake_seat_is_held_by(agent, caller, seats[i].conn))
			fake_seat_enter(agent, caller, &seats[i], now);
	}
}

static enum status do_presence(struct fake_board *board, const struct fake_caller *caller,
                               const struct bus_seat *seat, wall_ms now)
{
	struct fake_agent_row *agent = fake_agent_get(board, seat->agent);

	if (seat->state != PRESENCE_OFFLINE) {
		fake_seat_enter(agent, caller, seat, now);
		return ST_OK;
	}
	if (agent->seated && !fake_seat_is_held_by(agent, caller, seat->conn))
		return ST_CONFLICT;
	agent->seated = false;
	return ST_OK;
}

static enum status do_drop(struct fake_board *board, struct ticket_id id, wall_ms now)
{
	struct fake_row *ticket = fake_row_find(board, id);

	if (ticket == NULL)
		return ST_OK;
	fake_row_leave(ticket, now);
	HASH_DEL(board->tickets, ticket);
	free(ticket);
	return ST_OK;
}

static enum status do_accept(struct fake_board *board, const struct bus_call *call)
{
	struct fake_row *ticket = fake_row_find(board, call->u.answer.ticket);
	struct fake_agent_row *agent = fake_agent_get(board, call->u.answer.agent);

	if (board->epoch == 0)
		return ST_UNAVAILABLE;
	if (ticket != NULL && ticket->place == PLACE_BOUND && ticket->agent == agent)
		return ST_OK;
	if (ticket == NULL || !fake_row_is_offered_to(ticket, call->u.answer.agent, call->now))
		return ST_CONFLICT;
	fake_row_bind(ticket, agent, ticket->tier, call->now);
	return ST_OK;
}

static void offer_end(struct fake_board *board, struct fake_row *ticket, wall_ms now,
                      int64_t again_ms)
{
	fake_decline_put(board, ticket, now + again_ms);
	fake_row_queue(ticket, ticket->tier, ticket->score, now);
}

static enum status do_decline(struct fake_board *board, const struct bus_call *call)
{
	struct fake_row *ticket = fake_row_find(board, call->u.answer.ticket);

	if (board->epoch == 0)
		return ST_UNAVAILABLE;
	if (!fake_row_is_offered_to(ticket, call->u.answer.agent, call->now))
		return ST_CONFLICT;
	offer_end(board, ticket, call->now, call->u.answer.again_ms);
	return ST_OK;
}

/* --- lists in order --- */

static int order_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int order_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int order_queue(const void *left, const void *right)
{
	const struct fake_row *const *a = left;
	const struct fake_row *const *b = right;
	int order = order_i64((*a)->score, (*b)->score);

	return order != 0 ? order : order_u64((*a)->id, (*b)->id);
}

static int order_expiry(const void *left, const void *right)
{
	const struct fake_row *const *a = left;
	const struct fake_row *const *b = right;
	int order = order_i64((*a)->expires_at, (*b)->expires_at);

	return order != 0 ? order : order_u64((*a)->id, (*b)->id);
}

static int order_agent(const void *left, const void *right)
{
	const struct fake_agent_row *const *a = left;
	const struct fake_agent_row *const *b = right;

	return order_u64((*a)->id, (*b)->id);
}

/* Least loaded first; ties: the longest idle. */
static int order_claim(const void *left, const void *right)
{
	const struct candidate *a = left;
	const struct candidate *b = right;
	int order = order_i64(a->load, b->load);

	if (order == 0)
		order = order_i64(a->idle_since, b->idle_since);
	return order != 0 ? order : order_u64(a->agent.v, b->agent.v);
}

/* Pointers in `arena`: the tickets of a tier (0: any) in one of two places, in order. */
static struct fake_row **tickets_list(struct fake_board *board, struct arena *arena, int tier,
                                      enum fake_place one, enum fake_place two, size_t *count_out)
{
	struct fake_row **list;
	struct fake_row *ticket, *next;
	size_t count = 0;

	list = arena_alloc(arena, (HASH_COUNT(board->tickets) + 1) * sizeof(struct fake_row *));
	HASH_ITER(hh, board->tickets, ticket, next) {
		if ((tier == 0 || ticket->tier == tier) &&
		    (ticket->place == one || ticket->place == two))
			list[count++] = ticket;
	}
	qsort(list, count, sizeof(struct fake_row *), order_queue);
	*count_out = count;
	return list;
}

static struct candidate candidate_of(const struct fake_agent_row *agent)
{
	return (struct candidate){.agent = {agent->id},
	                          .load = agent->load,
	                          .capacity = agent->seat.capacity,
	                          .idle_since = agent->idle_since};
}

/* --- match --- */

struct claim {
	struct fake_board *board;
	struct candidate *free; /* those with room, in the order of the claim */
	size_t free_count;
	wall_ms now;
};

static void claim_collect(struct claim *claim, struct arena *arena, int tier)
{
	struct fake_agent_row *agent, *next;

	claim->free = arena_alloc(arena, (HASH_COUNT(claim->board->agents) + 1) *
	                                         sizeof(struct candidate));
	HASH_ITER(hh, claim->board->agents, agent, next) {
		if (fake_seat_is_running(agent, claim->now) && agent->seat.tier == tier &&
		    agent->seat.state == PRESENCE_AVAILABLE && agent->load < agent->seat.capacity)
			claim->free[claim->free_count++] = candidate_of(agent);
	}
	qsort(claim->free, claim->free_count, sizeof(struct candidate), order_claim);
}

/* Counts the new load of the one who was chosen. */
static void claim_charge(struct claim *claim, struct agent_id id)
{
	for (size_t i = 0; i < claim->free_count; i++) {
		if (claim->free[i].agent.v != id.v)
			continue;
		if (++claim->free[i].load >= claim->free[i].capacity)
			claim->free[i] = claim->free[--claim->free_count];
		break;
	}
	qsort(claim->free, claim->free_count, sizeof(struct candidate), order_claim);
}

static bool claim_offer(struct claim *claim, struct fake_row *ticket, struct bus_offer *offer)
{
	for (size_t i = 0; i < claim->free_count && offer->candidates_count < CANDIDATES_MAX; i++) {
		const struct candidate *one = &claim->free[i];

		if (!fake_decline_is_fresh(claim->board, ticket->id, one->agent.v, claim->now))
			offer->candidates[offer->candidates_count++] = *one;
	}
	if (offer->candidates_count == 0)
		return false;
	offer->ticket = (struct ticket_id){ticket->id};
	offer->agent = offer->candidates[0].agent;
	offer->tier = ticket->tier;
	fake_row_leave(ticket, claim->now);
	fake_row_take(ticket, PLACE_OFFERED, fake_agent_get(claim->board, offer->agent));
	ticket->expires_at = offer->expires_at;
	claim_charge(claim, offer->agent);
	return true;
}

static enum status do_match(struct fake_board *board, struct bus_call *call)
{
	struct claim claim = {.board = board, .now = call->now};
	const unsigned limit = call->u.match.limit;
	struct fake_row **queue;
	size_t waiting;

	call->u.match.offers = arena_alloc(&call->arena, limit * sizeof(struct bus_offer));
	call->u.match.count = 0;
	if (board->epoch == 0)
		return ST_OK;
	claim_collect(&claim, &call->arena, call->u.match.tier);
	queue = tickets_list(board, &call->arena, call->u.match.tier, PLACE_WAITS, PLACE_WAITS,
	                     &waiting);
	for (size_t i = 0; i < waiting && i < BUS_SCAN_MAX && claim.free_count > 0; i++) {
		struct bus_offer *offer = &call->u.match.offers[call->u.match.count];

		*offer = (struct bus_offer){.expires_at = call->now + call->u.match.offer_ms};
		if (claim_offer(&claim, queue[i], offer) && ++call->u.match.count == limit)
			break;
	}
	return ST_OK;
}

/* --- tick, overview, rebuild --- */

static unsigned node_tick(struct fake_board *board, const struct fake_caller *caller, wall_ms now)
{
	struct fake_node_row *node, *next;
	unsigned alive = 0;

	HASH_FIND_STR(board->nodes, caller->node, node);
	if (node == NULL) {
		node = xcalloc(1, sizeof(*node));
		memcpy(node->name, caller->node, sizeof(node->name));
		HASH_ADD_STR(board->nodes, name, node);
	}
	node->ticked_at = now;
	HASH_ITER(hh, board->nodes, node, next) {
		if (node->ticked_at > now - BUS_NODE_ALIVE)
			alive++;
	}
	return alive;
}

static bool epoch_is_lost(const struct fake_board *board, struct fake_caller *caller)
{
	if (!caller->knows || board->epoch == 0)
		caller->epoch = board->epoch;
	caller->knows = true;
	return board->epoch == 0 || board->epoch != caller->epoch;
}

static void leases_end(struct fake_board *board, wall_ms now)
{
	struct fake_agent_row *agent, *next_agent;
	struct fake_decline_row *decline, *next_decline;

	HASH_ITER(hh, board->agents, agent, next_agent) {
		if (!fake_seat_is_running(agent, now))
			agent->seated = false;
	}
	HASH_ITER(hh, board->declines, decline, next_decline) {
		if (decline->until > now)
			continue;
		HASH_DEL(board->declines, decline);
		free(decline);
	}
}

static void offers_end(struct fake_board *board, struct bus_call *call)
{
	struct fake_row **offered;
	struct bus_offer *out;
	size_t count;

	offered = tickets_list(board, &call->arena, 0, PLACE_OFFERED, PLACE_OFFERED, &count);
	qsort(offered, count, sizeof(struct fake_row *), order_expiry);
	out = arena_alloc(&call->arena, (count + 1) * sizeof(*out));
	call->u.tick.expired = out;
	call->u.tick.expired_count = 0;
	for (size_t i = 0; i < count && offered[i]->expires_at <= call->now; i++) {
		out[call->u.tick.expired_count++] =
			(struct bus_offer){.ticket = {offered[i]->id},
		                           .agent = {offered[i]->agent->id},
		                           .tier = offered[i]->tier,
		                           .expires_at = offered[i]->expires_at};
		offer_end(board, offered[i], call->now, call->u.tick.again_ms);
	}
}

static enum status do_tick(struct fake_board *board, struct fake_caller *caller,
                           struct bus_call *call)
{
	call->u.tick.nodes = node_tick(board, caller, call->now);
	call->u.tick.lost = epoch_is_lost(board, caller);
	seats_renew(board, caller, call->u.tick.seats, call->u.tick.seats_count, call->now);
	leases_end(board, call->now);
	offers_end(board, call);
	return ST_OK;
}

static void overview_agents(struct fake_board *board, struct bus_call *call)
{
	struct fake_agent_row **seated;
	struct fake_agent_row *agent, *next;
	size_t count = 0;

	seated = arena_alloc(&call->arena,
	                     (HASH_COUNT(board->agents) + 1) * sizeof(struct fake_agent_row *));
	HASH_ITER(hh, board->agents, agent, next) {
		if (fake_seat_is_running(agent, call->now) &&
		    agent->seat.tier == call->u.overview.tier)
			seated[count++] = agent;
	}
	qsort(seated, count, sizeof(struct fake_agent_row *), order_agent);
	call->u.overview.agents = arena_alloc(&call->arena, (count + 1) * sizeof(struct candidate));
	call->u.overview.states = arena_alloc(&call->arena, (count + 1) * sizeof(enum presence));
	call->u.overview.agents_count = count;
	call->u.overview.available = 0;
	for (size_t i = 0; i < count; i++) {
		call->u.overview.agents[i] = candidate_of(seated[i]);
		call->u.overview.states[i] = seated[i]->seat.state;
		if (seated[i]->seat.state == PRESENCE_AVAILABLE)
			call->u.overview.available++;
	}
}

static enum status do_overview(struct fake_board *board, struct bus_call *call)
{
	struct fake_row **list;
	size_t count;

	list = tickets_list(board, &call->arena, call->u.overview.tier, PLACE_WAITS, PLACE_OFFERED,
	                    &count);
	call->u.overview.waiting = count;
	if (count > BUS_ORDER_MAX)
		count = BUS_ORDER_MAX;
	call->u.overview.order = arena_alloc(&call->arena, (count + 1) * sizeof(struct ticket_id));
	call->u.overview.order_count = count;
	for (size_t i = 0; i < count; i++)
		call->u.overview.order[i] = (struct ticket_id){list[i]->id};
	overview_agents(board, call);
	return ST_OK;
}

/* What the record says. An offer that runs is a way of waiting: it stays. */
static void place_put(struct fake_board *board, const struct bus_place *place, wall_ms now)
{
	struct fake_row *ticket = fake_row_get(board, place->ticket);

	if (place->agent.v != 0)
		fake_row_bind(ticket, fake_agent_get(board, place->agent), place->tier, now);
	else if (ticket->place == PLACE_OFFERED && ticket->tier == place->tier)
		ticket->score = place->score;
	else
		fake_row_queue(ticket, place->tier, place->score, now);
}

/* Wipes what this node knew. What another node rebuilt since is only added to: when two
 * nodes find the same loss, the second does not undo the work of the first. */
static enum status do_rebuild(struct fake_board *board, struct fake_caller *caller,
                              const struct bus_call *call)
{
	bool mine = !caller->knows || board->epoch == 0 || caller->epoch == board->epoch;

	if (call->u.rebuild.wipe && mine)
		fake_board_forget(board);
	if (board->epoch == 0)
		board->epoch = ++board->epochs;
	caller->knows = true;
	caller->epoch = board->epoch;
	for (size_t i = 0; i < call->u.rebuild.places_count; i++)
		place_put(board, &call->u.rebuild.places[i], call->now);
	seats_renew(board, caller, call->u.rebuild.seats, call->u.rebuild.seats_count, call->now);
	return ST_OK;
}

static enum status do_queue(struct fake_board *board, const struct bus_call *call)
{
	for (size_t i = 0; i < call->u.queue.count; i++) {
		const struct bus_place *place = &call->u.queue.places[i];

		fake_row_queue(fake_row_get(board, place->ticket), place->tier, place->score,
		               call->now);
	}
	return ST_OK;
}

enum status fake_board_do(struct fake_board *board, struct fake_caller *caller,
                          struct bus_call *call)
{
	switch (call->kind) {
	case BUS_PRESENCE:
		return do_presence(board, caller, &call->u.presence, call->now);
	case BUS_QUEUE:
		return do_queue(board, call);
	case BUS_DROP:
		return do_drop(board, call->u.drop, call->now);
	case BUS_BIND:
		fake_row_bind(fake_row_get(board, call->u.bind.ticket),
		              fake_agent_get(board, call->u.bind.agent), call->u.bind.tier,
		              call->now);
		return ST_OK;
	case BUS_MATCH:
		return do_match(board, call);
	case BUS_ACCEPT:
		return do_accept(board, call);
	case BUS_DECLINE:
		return do_decline(board, call);
	case BUS_TICK:
		return do_tick(board, caller, call);
	case BUS_OVERVIEW:
		return do_overview(board, call);
	case BUS_REBUILD:
		return do_rebuild(board, caller, call);
	case BUS_PUBLISH:
		break;
	}
	MUST(0);
}
