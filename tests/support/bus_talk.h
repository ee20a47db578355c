/* SPDX-License-Identifier: MIT */
/* The verbs of the switchboard's contract tests, which run on every implementation. Each says
 * a call for the node that speaks now and checks what every such call must answer. */
#ifndef TB_SUPPORT_BUS_TALK_H
#define TB_SUPPORT_BUS_TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "bus_rig.h"
#include "port/bus.h"

#define T0       INT64_C(1772000000000)
#define LEASE_MS (30 * SEC_MS)
#define OFFER_MS (20 * SEC_MS)
#define AGAIN_MS (60 * SEC_MS)

struct test {
	struct bus_rig *rig;
	wall_ms now;
	unsigned node; /* who speaks */
};

/* --- what the tests say --- */

static inline enum status present(struct test *t, uint64_t agent, uint64_t conn,
                                  enum presence state, int capacity)
{
	struct bus_call call = {.kind = BUS_PRESENCE,
	                        .now = t->now,
	                        .u.presence = {.agent = {agent},
	                                       .tier = 1,
	                                       .state = state,
	                                       .capacity = capacity,
	                                       .conn = {conn},
	                                       .lease_until = t->now + LEASE_MS}};

	return bus_rig_do(t->rig, t->node, &call);
}

static inline void arrive(struct test *t, uint64_t agent, int capacity)
{
	assert_int_equal(ST_OK, present(t, agent, agent, PRESENCE_AVAILABLE, capacity));
}

static inline enum status queue_at(struct test *t, uint64_t ticket, int tier, int64_t score)
{
	const struct bus_place place = {.ticket = {ticket}, .tier = tier, .score = score};
	struct bus_call call = {
		.kind = BUS_QUEUE, .now = t->now, .u.queue = {.places = &place, .count = 1}};

	return bus_rig_do(t->rig, t->node, &call);
}

static inline void queue(struct test *t, uint64_t ticket)
{
	assert_int_equal(ST_OK, queue_at(t, ticket, 1, (int64_t)ticket * 1000));
}

static inline enum status drop(struct test *t, uint64_t ticket)
{
	struct bus_call call = {.kind = BUS_DROP, .now = t->now, .u.drop = {ticket}};

	return bus_rig_do(t->rig, t->node, &call);
}

static inline enum status bind(struct test *t, uint64_t ticket, uint64_t agent)
{
	struct bus_call call = {.kind = BUS_BIND,
	                        .now = t->now,
	                        .u.bind = {.ticket = {ticket}, .tier = 1, .agent = {agent}}};

	return bus_rig_do(t->rig, t->node, &call);
}

static inline enum status answer(struct test *t, enum bus_kind kind, uint64_t ticket,
                                 uint64_t agent)
{
	struct bus_call call = {
		.kind = kind,
		.now = t->now,
		.u.answer = {.ticket = {ticket}, .agent = {agent}, .again_ms = AGAIN_MS}};

	return bus_rig_do(t->rig, t->node, &call);
}

static inline struct bus_call match_tier(struct test *t, int tier, unsigned limit)
{
	struct bus_call call = {.kind = BUS_MATCH,
	                        .now = t->now,
	                        .u.match = {.tier = tier, .limit = limit, .offer_ms = OFFER_MS}};

	assert_int_equal(ST_OK, bus_rig_do(t->rig, t->node, &call));
	return call;
}

/* "1:7 2:8": ticket 1 to agent 7, ticket 2 to agent 8. */
static inline void expect_match(struct test *t, unsigned limit, const char *expected)
{
	struct bus_call call = match_tier(t, 1, limit);
	char text[1024] = "";

	for (size_t i = 0; i < call.u.match.count; i++) {
		const struct bus_offer *offer = &call.u.match.offers[i];
		size_t used = strlen(text);

		assert_int_equal(1, offer->tier);
		assert_int_equal(t->now + OFFER_MS, offer->expires_at);
		assert_in_range(offer->candidates_count, 1, CANDIDATES_MAX);
		assert_int_equal(offer->agent.v, offer->candidates[0].agent.v);
		(void)snprintf(text + used, sizeof(text) - used, "%s%u:%u", i > 0 ? " " : "",
		               (unsigned)offer->ticket.v, (unsigned)offer->agent.v);
	}
	arena_fini(&call.arena);
	assert_string_equal(expected, text);
}

static inline struct bus_call tick_seats(struct test *t, const struct bus_seat *seats, size_t count)
{
	struct bus_call call = {
		.kind = BUS_TICK,
		.now = t->now,
		.u.tick = {.seats = seats, .seats_count = count, .again_ms = AGAIN_MS}};

	assert_int_equal(ST_OK, bus_rig_do(t->rig, t->node, &call));
	return call;
}

/* A tick of a node without seats; "3:7" when the offer of ticket 3 to agent 7 ran out. */
static inline void expect_tick(struct test *t, const char *expired)
{
	struct bus_call call = tick_seats(t, NULL, 0);
	char text[1024] = "";

	for (size_t i = 0; i < call.u.tick.expired_count; i++) {
		const struct bus_offer *offer = &call.u.tick.expired[i];
		size_t used = strlen(text);

		assert_int_equal(1, offer->tier);
		(void)snprintf(text + used, sizeof(text) - used, "%s%u:%u", i > 0 ? " " : "",
		               (unsigned)offer->ticket.v, (unsigned)offer->agent.v);
	}
	arena_fini(&call.arena);
	assert_string_equal(expired, text);
}

static inline bool tick_says_lost(struct test *t)
{
	struct bus_call call = tick_seats(t, NULL, 0);

	arena_fini(&call.arena);
	return call.u.tick.lost;
}

static inline struct bus_call overview(struct test *t, int tier)
{
	struct bus_call call = {.kind = BUS_OVERVIEW, .now = t->now, .u.overview = {.tier = tier}};

	assert_int_equal(ST_OK, bus_rig_do(t->rig, t->node, &call));
	return call;
}

static inline void expect_order(struct test *t, int tier, const char *expected)
{
	struct bus_call call = overview(t, tier);
	char text[1024] = "";

	assert_int_equal(call.u.overview.waiting, call.u.overview.order_count);
	for (size_t i = 0; i < call.u.overview.order_count; i++) {
		size_t used = strlen(text);

		(void)snprintf(text + used, sizeof(text) - used, "%s%u", i > 0 ? " " : "",
		               (unsigned)call.u.overview.order[i].v);
	}
	arena_fini(&call.arena);
	assert_string_equal(expected, text);
}

/* "7=available 1/2": state, load, capacity, of those in the set of tier 1. */
static inline void expect_agents(struct test *t, const char *expected)
{
	struct bus_call call = overview(t, 1);
	size_t available = 0;
	char text[1024] = "";

	for (size_t i = 0; i < call.u.overview.agents_count; i++) {
		const struct candidate *agent = &call.u.overview.agents[i];
		size_t used = strlen(text);

		(void)snprintf(text + used, sizeof(text) - used, "%s%u=%s %d/%d", i > 0 ? ", " : "",
		               (unsigned)agent->agent.v, presence_name(call.u.overview.states[i]),
		               agent->load, agent->capacity);
		available += call.u.overview.states[i] == PRESENCE_AVAILABLE;
	}
	assert_int_equal(available, call.u.overview.available);
	arena_fini(&call.arena);
	assert_string_equal(expected, text);
}

static inline enum status rebuild(struct test *t, bool wipe, const struct bus_seat *seats,
                                  size_t seats_n, const struct bus_place *places, size_t places_n)
{
	struct bus_call call = {.kind = BUS_REBUILD,
	                        .now = t->now,
	                        .u.rebuild = {.wipe = wipe,
	                                      .seats = seats,
	                                      .seats_count = seats_n,
	                                      .places = places,
	                                      .places_count = places_n}};

	return bus_rig_do(t->rig, t->node, &call);
}

/* --- the rig of a test --- */

static inline int setup_kind(void **state, enum rig_kind kind)
{
	struct test *t = calloc(1, sizeof(*t));

	t->now = T0;
	t->rig = bus_rig_create(kind);
	assert_true(tick_says_lost(t));
	assert_int_equal(ST_OK, rebuild(t, true, NULL, 0, NULL, 0));
	assert_false(tick_says_lost(t));
	*state = t;
	return 0;
}

static inline int setup_fake(void **state)
{
	return setup_kind(state, RIG_FAKE);
}

static inline int setup_redis(void **state)
{
	return setup_kind(state, RIG_REDIS);
}

static inline int teardown(void **state)
{
	struct test *t = *state;

	bus_rig_destroy(&t->rig);
	free(t);
	return 0;
}

/* A row of the table for each implementation. */
#define ON_ALL(test)                                                \
	{#test " (fake)", test, setup_fake, teardown, NULL},        \
	{                                                           \
#test " (redis)", test, setup_redis, teardown, NULL \
	}

#endif
