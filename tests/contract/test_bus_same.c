/* SPDX-License-Identifier: MIT */
/* The fake and Redis are the same switchboard: whatever two nodes say, in whatever order, both
 * answer alike. The scenarios of the desk rest on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/bus_rig.h"
#include "base/buf.h"
#include "base/must.h"

#define STEPS   1000U
#define TICKETS 12U
#define AGENTS  5U
#define TIERS   2U
#define T0      INT64_C(1772000000000)

struct story {
	uint64_t random;
	wall_ms now;
	struct bus_offer offer; /* one of the last that were made: most answers are to it */
	unsigned offers, accepts, expired;
};

static uint64_t pick(struct story *story, uint64_t below)
{
	story->random = story->random * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (story->random >> 33) % below;
}

static struct bus_seat some_seat(struct story *story)
{
	static const enum presence states[] = {PRESENCE_AVAILABLE, PRESENCE_AVAILABLE,
	                                       PRESENCE_AVAILABLE, PRESENCE_AVAILABLE,
	                                       PRESENCE_AWAY,      PRESENCE_OFFLINE};

	return (struct bus_seat){.agent = {1 + pick(story, AGENTS)},
	                         .tier = 1 + (int)pick(story, TIERS),
	                         .state = states[pick(story, ARRAY_LEN(states))],
	                         .capacity = (int)pick(story, 5),
	                         .conn = {1 + pick(story, 2)},
	                         .lease_until = story->now + (int64_t)pick(story, 40000)};
}

static struct bus_place some_place(struct story *story)
{
	return (struct bus_place){.ticket = {1 + pick(story, TICKETS)},
	                          .tier = 1 + (int)pick(story, TIERS),
	                          .score = (int64_t)pick(story, 6)};
}

struct lists {
	struct bus_seat seats[3];
	struct bus_place places[TICKETS];
};

static struct bus_call some_rebuild(struct story *story, struct lists *lists)
{
	struct bus_call call = {.kind = BUS_REBUILD,
	                        .u.rebuild = {.wipe = pick(story, 2) == 0,
	                                      .seats = lists->seats,
	                                      .seats_count = pick(story, 4),
	                                      .places = lists->places,
	                                      .places_count = pick(story, TICKETS)}};

	for (size_t i = 0; i < call.u.rebuild.places_count; i++) {
		lists->places[i] = some_place(story);
		lists->places[i].agent.v = pick(story, 3) == 0 ? 1 + pick(story, AGENTS) : 0;
	}
	return call;
}

static struct bus_call some_call(struct story *story, struct lists *lists)
{
	/* How often each kind comes; the desk matches and answers most. */
	static const enum bus_kind kinds[] = {
		BUS_PRESENCE, BUS_PRESENCE, BUS_QUEUE,   BUS_QUEUE,   BUS_QUEUE,  BUS_DROP,
		BUS_BIND,     BUS_MATCH,    BUS_MATCH,   BUS_MATCH,   BUS_ACCEPT, BUS_ACCEPT,
		BUS_ACCEPT,   BUS_DECLINE,  BUS_DECLINE, BUS_DECLINE, BUS_TICK,   BUS_TICK,
		BUS_OVERVIEW, BUS_OVERVIEW, BUS_REBUILD,
	};
	struct bus_call call = {.kind = kinds[pick(story, ARRAY_LEN(kinds))]};

	for (size_t i = 0; i < ARRAY_LEN(lists->seats); i++)
		lists->seats[i] = some_seat(story);
	switch (call.kind) {
	case BUS_PRESENCE:
		call.u.presence = some_seat(story);
		break;
	case BUS_QUEUE:
		for (size_t i = 0; i < ARRAY_LEN(lists->places); i++)
			lists->places[i] = some_place(story);
		call.u.queue.places = lists->places;
		call.u.queue.count = 1 + pick(story, ARRAY_LEN(lists->places));
		break;
	case BUS_DROP:
		call.u.drop.v = 1 + pick(story, TICKETS);
		break;
	case BUS_BIND:
		call.u.bind = some_place(story);
		call.u.bind.agent.v = 1 + pick(story, AGENTS);
		break;
	case BUS_MATCH:
		call.u.match.tier = 1 + (int)pick(story, TIERS);
		call.u.match.limit = 1 + (unsigned)pick(story, 4);
		call.u.match.offer_ms = (int64_t)pick(story, 20000);
		break;
	case BUS_ACCEPT:
	case BUS_DECLINE:
		call.u.answer.ticket.v = 1 + pick(story, TICKETS);
		call.u.answer.agent.v = 1 + pick(story, AGENTS);
		if (pick(story, 4) > 0) {
			call.u.answer.ticket = story->offer.ticket;
			call.u.answer.agent = story->offer.agent;
		}
		call.u.answer.again_ms = (int64_t)pick(story, 20000);
		break;
	case BUS_TICK:
		call.u.tick.seats = lists->seats;
		call.u.tick.seats_count = pick(story, 4);
		call.u.tick.again_ms = (int64_t)pick(story, 20000);
		break;
	case BUS_OVERVIEW:
		call.u.overview.tier = 1 + (int)pick(story, TIERS);
		break;
	case BUS_REBUILD:
		call = some_rebuild(story, lists);
		break;
	case BUS_PUBLISH:
		break;
	}
	call.now = story->now;
	return call;
}

static void say_candidate(struct buf *out, const struct candidate *one)
{
	buf_fmt(out, " %u=%d/%d@%lld", (unsigned)one->agent.v, one->load, one->capacity,
	        (long long)one->idle_since);
}

static void say_offer(struct buf *out, const struct bus_offer *offer)
{
	buf_fmt(out, " [%u to %u on %d until %lld:", (unsigned)offer->ticket.v,
	        (unsigned)offer->agent.v, offer->tier, (long long)offer->expires_at);
	for (size_t i = 0; i < offer->candidates_count; i++)
		say_candidate(out, &offer->candidates[i]);
	buf_char(out, ']');
}

/* All that a call answered, as text. */
static void say_answer(struct buf *out, const struct bus_call *call)
{
	buf_fmt(out, "kind %d %s", call->kind, status_name(call->op.status));
	if (call->kind == BUS_MATCH) {
		for (size_t i = 0; i < call->u.match.count; i++)
			say_offer(out, &call->u.match.offers[i]);
	} else if (call->kind == BUS_TICK) {
		buf_fmt(out, " nodes %u lost %d", call->u.tick.nodes, call->u.tick.lost);
		for (size_t i = 0; i < call->u.tick.expired_count; i++)
			say_offer(out, &call->u.tick.expired[i]);
	} else if (call->kind == BUS_OVERVIEW) {
		buf_fmt(out, " waiting %zu available %zu:", call->u.overview.waiting,
		        call->u.overview.available);
		for (size_t i = 0; i < call->u.overview.order_count; i++)
			buf_fmt(out, " %u", (unsigned)call->u.overview.order[i].v);
		for (size_t i = 0; i < call->u.overview.agents_count; i++) {
			say_candidate(out, &call->u.overview.agents[i]);
			buf_fmt(out, "(%d)", call->u.overview.states[i]);
		}
	}
}

static void remember(struct story *story, const struct bus_call *call)
{
	if (call->kind == BUS_MATCH && call->op.status == ST_OK && call->u.match.count > 0) {
		story->offers += (unsigned)call->u.match.count;
		story->offer = call->u.match.offers[pick(story, call->u.match.count)];
	}
	if (call->kind == BUS_ACCEPT && call->op.status == ST_OK)
		story->accepts++;
	if (call->kind == BUS_TICK && call->op.status == ST_OK)
		story->expired += (unsigned)call->u.tick.expired_count;
}

static void expect_same(struct bus_rig *rigs[2], struct story *story, const struct bus_call *call,
                        unsigned step)
{
	const unsigned node = (unsigned)pick(story, RIG_NODES);

	struct buf said[2] = {{.ptr = NULL}, {.ptr = NULL}};

	for (size_t i = 0; i < 2; i++) {
		struct bus_call copy = *call;

		(void)bus_rig_do(rigs[i], node, &copy);
		say_answer(&said[i], &copy);
		if (i == 0)
			remember(story, &copy);
		arena_fini(&copy.arena);
	}
	if (strcmp(buf_cstr(&said[0]), buf_cstr(&said[1])) != 0)
		fail_msg("step %u: the fake says\n%s\nand Redis\n%s", step, buf_cstr(&said[0]),
		         buf_cstr(&said[1]));
	buf_fini(&said[0]);
	buf_fini(&said[1]);
}

static void story_tell(uint64_t seed)
{
	struct bus_rig *rigs[2] = {bus_rig_create(RIG_FAKE), bus_rig_create(RIG_REDIS)};
	struct story story = {.random = seed, .now = T0, .offer = {.ticket = {1}, .agent = {1}}};
	struct lists lists;

	for (unsigned step = 0; step < STEPS; step++) {
		struct bus_call call = some_call(&story, &lists);

		expect_same(rigs, &story, &call, step);
		story.now += (int64_t)pick(&story, 1500);
		if (pick(&story, 200) == 0) {
			bus_rig_flush(rigs[0]);
			bus_rig_flush(rigs[1]);
		}
	}
	bus_rig_destroy(&rigs[0]);
	bus_rig_destroy(&rigs[1]);
	print_message("seed %u: %u offers, %u accepts, %u ran out\n", (unsigned)seed, story.offers,
	              story.accepts, story.expired);
	assert_true(story.offers >= 30 && story.accepts >= 8 && story.expired > 0);
}

static void fake_and_redis_answer_alike(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++)
		story_tell(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fake_and_redis_answer_alike),
	};

	return cmocka_run_group_tests_name("bus_same", tests, NULL, NULL);
}
