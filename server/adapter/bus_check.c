/* SPDX-License-Identifier: MIT */
#include "adapter/bus_check.h"

#include "base/must.h"

static bool tier_is_valid(int tier)
{
	return tier >= TIER_MIN && tier <= TIER_MAX;
}

static bool seat_is_valid(const struct bus_seat *seat)
{
	return seat->agent.v != 0 && tier_is_valid(seat->tier) && seat->capacity >= 0 &&
	       seat->capacity <= CAPACITY_MAX && seat->conn.v != 0;
}

static bool seats_are_valid(const struct bus_seat *seats, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!seat_is_valid(&seats[i]))
			return false;
	return true;
}

static bool place_is_valid(const struct bus_place *place)
{
	return place->ticket.v != 0 && tier_is_valid(place->tier);
}

static bool places_are_valid(const struct bus_place *places, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!place_is_valid(&places[i]))
			return false;
	return true;
}

static bool call_is_valid(const struct bus_call *call)
{
	switch (call->kind) {
	case BUS_PRESENCE:
		return seat_is_valid(&call->u.presence);
	case BUS_QUEUE:
		return call->u.queue.count >= 1 && call->u.queue.count <= BUS_QUEUE_MAX &&
		       places_are_valid(call->u.queue.places, call->u.queue.count);
	case BUS_DROP:
		return call->u.drop.v != 0;
	case BUS_BIND:
		return place_is_valid(&call->u.bind) && call->u.bind.agent.v != 0;
	case BUS_MATCH:
		return tier_is_valid(call->u.match.tier) && call->u.match.offer_ms >= 0 &&
		       call->u.match.limit >= 1 && call->u.match.limit <= BUS_MATCH_MAX;
	case BUS_ACCEPT:
	case BUS_DECLINE:
		return call->u.answer.ticket.v != 0 && call->u.answer.agent.v != 0 &&
		       call->u.answer.again_ms >= 0;
	case BUS_TICK:
		return call->u.tick.again_ms >= 0 &&
		       seats_are_valid(call->u.tick.seats, call->u.tick.seats_count);
	case BUS_OVERVIEW:
		return tier_is_valid(call->u.overview.tier);
	case BUS_REBUILD:
		return seats_are_valid(call->u.rebuild.seats, call->u.rebuild.seats_count) &&
		       places_are_valid(call->u.rebuild.places, call->u.rebuild.places_count);
	case BUS_PUBLISH:
		return call->u.publish.kind <= NOTICE_LAST;
	}
	MUST(0);
}

enum status bus_call_check(const struct bus_call *call)
{
	return call_is_valid(call) ? ST_OK : ST_BAD_REQUEST;
}
