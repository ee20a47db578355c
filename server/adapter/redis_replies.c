/* SPDX-License-Identifier: MIT */
/* What the functions answer, read with distrust: it may be another server's idea of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "adapter/redis_calls.h"
#include "base/must.h"

#define DECIMAL 10

/* Takes one element after the other; `bad` once something was not what it should be. */
struct reading {
	const redisReply *reply;
	size_t at;
	bool bad;
};

static const redisReply *take(struct reading *reading)
{
	if (reading->bad || reading->reply->type != REDIS_REPLY_ARRAY ||
	    reading->at >= reading->reply->elements) {
		reading->bad = true;
		return NULL;
	}
	return reading->reply->element[reading->at++];
}

static size_t left(const struct reading *reading)
{
	return reading->bad || reading->reply->type != REDIS_REPLY_ARRAY
	               ? 0
	               : reading->reply->elements - reading->at;
}

static struct span take_text(struct reading *reading)
{
	const redisReply *element = take(reading);

	if (element == NULL || element->type != REDIS_REPLY_STRING) {
		reading->bad = true;
		return SPAN_LIT("");
	}
	return (struct span){.ptr = element->str, .len = (size_t)element->len};
}

/* A number, or its digits; hiredis ends texts with a NUL. */
static int64_t take_i64(struct reading *reading)
{
	const redisReply *element = take(reading);
	char *end = NULL;
	long long value;

	if (element != NULL && element->type == REDIS_REPLY_INTEGER)
		return element->integer;
	if (element == NULL || element->type != REDIS_REPLY_STRING || element->len == 0) {
		reading->bad = true;
		return 0;
	}
	errno = 0;
	value = strtoll(element->str, &end, DECIMAL);
	if (errno != 0 || end != element->str + element->len) {
		reading->bad = true;
		return 0;
	}
	return value;
}

static uint64_t take_u64(struct reading *reading)
{
	struct span text = take_text(reading);
	char *end = NULL;
	unsigned long long value;

	if (reading->bad || text.len == 0 || text.ptr[0] < '0' || text.ptr[0] > '9') {
		reading->bad = true;
		return 0;
	}
	errno = 0;
	value = strtoull(text.ptr, &end, DECIMAL);
	if (errno != 0 || end != text.ptr + text.len) {
		reading->bad = true;
		return 0;
	}
	return value;
}

/* At most `most`, else it is no answer of ours. */
static size_t take_count(struct reading *reading, size_t most)
{
	int64_t value = take_i64(reading);

	if (value < 0 || (uint64_t)value > most) {
		reading->bad = true;
		return 0;
	}
	return (size_t)value;
}

static int take_int(struct reading *reading, int most)
{
	return (int)take_count(reading, (size_t)most);
}

static bool read_plain(const redisReply *reply, enum status *status_out)
{
	static const enum status statuses[] = {ST_OK, ST_CONFLICT, ST_UNAVAILABLE};

	if (reply->type != REDIS_REPLY_INTEGER || reply->integer < 0 ||
	    (size_t)reply->integer >= ARRAY_LEN(statuses))
		return false;
	*status_out = statuses[reply->integer];
	return true;
}

static void read_offer(struct reading *in, const struct bus_call *call, struct bus_offer *offer)
{
	*offer = (struct bus_offer){.tier = call->u.match.tier,
	                            .expires_at = call->now + call->u.match.offer_ms};
	offer->ticket.v = take_u64(in);
	offer->agent.v = take_u64(in);
	offer->candidates_count = take_count(in, CANDIDATES_MAX);
	for (size_t i = 0; i < offer->candidates_count; i++) {
		struct candidate *one = &offer->candidates[i];

		one->agent.v = take_u64(in);
		one->load = take_int(in, INT32_MAX);
		one->capacity = take_int(in, CAPACITY_MAX);
		one->idle_since = take_i64(in);
	}
	if (offer->candidates_count == 0 || offer->candidates[0].agent.v != offer->agent.v)
		in->bad = true;
}

static bool read_match(struct reading *in, struct bus_call *call)
{
	const unsigned limit = call->u.match.limit;

	if (in->reply->type != REDIS_REPLY_ARRAY)
		return false;
	call->u.match.offers = arena_alloc(&call->arena, limit * sizeof(struct bus_offer));
	call->u.match.count = 0;
	while (left(in) > 0 && call->u.match.count < limit)
		read_offer(in, call, &call->u.match.offers[call->u.match.count++]);
	return !in->bad && left(in) == 0;
}

/* Whether this node has something to add, by the epoch and by who is building one. */
static bool tick_is_lost(struct redis_caller *caller, struct span epoch, struct span builder,
                         bool stale)
{
	bool unasked = strcmp(caller->epoch, "*") == 0;

	if (epoch.len == 0) {
		caller->epoch[0] = '\0';
		return true;
	}
	if (builder.len > 0) {
		/* Whoever builds does not know what we have: we add it afterwards. */
		if (unasked)
			caller->epoch[0] = '\0';
		return stale || span_is(builder, caller->node); /* ours did not finish */
	}
	if (unasked)
		(void)span_copy(caller->epoch, sizeof(caller->epoch), epoch);
	return !span_is(epoch, caller->epoch);
}

static void read_expired(struct reading *in, struct bus_call *call)
{
	const size_t before = call->u.tick.expired_count;
	const size_t more = left(in) / 4;
	struct bus_offer *all = arena_alloc(&call->arena, (before + more + 1) * sizeof(*all));

	if (before > 0)
		memcpy(all, call->u.tick.expired, before * sizeof(*all));
	for (size_t i = before; i < before + more; i++) {
		all[i].ticket.v = take_u64(in);
		all[i].agent.v = take_u64(in);
		all[i].tier = take_int(in, TIER_MAX);
		all[i].expires_at = take_i64(in);
	}
	call->u.tick.expired = all;
	call->u.tick.expired_count = before + more;
}

static bool read_tick(struct reading *in, struct redis_caller *caller, struct bus_call *call,
                      bool *again_out)
{
	struct span epoch = take_text(in);
	struct span builder = take_text(in);
	bool stale = take_i64(in) <= call->now - BUS_NODE_ALIVE;

	call->u.tick.nodes = (unsigned)take_count(in, UINT32_MAX);
	*again_out = take_i64(in) > 0;
	if (in->bad || left(in) % 4 != 0)
		return false;
	call->u.tick.lost = tick_is_lost(caller, epoch, builder, stale);
	read_expired(in, call);
	return !in->bad;
}

struct seated {
	struct candidate agent;
	enum presence state;
};

static int seated_order(const void *left_one, const void *right_one)
{
	const struct seated *a = left_one;
	const struct seated *b = right_one;

	return (a->agent.agent.v > b->agent.agent.v) - (a->agent.agent.v < b->agent.agent.v);
}

static void read_seated(struct reading *in, struct seated *one)
{
	one->agent.agent.v = take_u64(in);
	one->state = (enum presence)take_int(in, PRESENCE_BUSY);
	one->agent.load = take_int(in, INT32_MAX);
	one->agent.capacity = take_int(in, CAPACITY_MAX);
	one->agent.idle_since = take_i64(in);
}

static bool read_agents(struct reading *in, struct bus_call *call)
{
	const size_t count = left(in) / 5;
	struct seated *seated = arena_alloc(&call->arena, (count + 1) * sizeof(*seated));
	struct candidate *agents = arena_alloc(&call->arena, (count + 1) * sizeof(*agents));
	enum presence *states = arena_alloc(&call->arena, (count + 1) * sizeof(*states));

	if (left(in) % 5 != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		read_seated(in, &seated[i]);
	qsort(seated, count, sizeof(*seated), seated_order);
	call->u.overview.available = 0;
	for (size_t i = 0; i < count; i++) {
		agents[i] = seated[i].agent;
		states[i] = seated[i].state;
		call->u.overview.available += states[i] == PRESENCE_AVAILABLE;
	}
	call->u.overview.agents = agents;
	call->u.overview.states = states;
	call->u.overview.agents_count = count;
	return !in->bad;
}

static bool read_overview(struct reading *in, struct bus_call *call)
{
	size_t count;

	call->u.overview.waiting = take_count(in, UINT32_MAX);
	count = take_count(in, BUS_ORDER_MAX);
	if (in->bad)
		return false;
	call->u.overview.order = arena_alloc(&call->arena, (count + 1) * sizeof(struct ticket_id));
	call->u.overview.order_count = count;
	for (size_t i = 0; i < count; i++)
		call->u.overview.order[i].v = take_u64(in);
	return !in->bad && read_agents(in, call);
}

static bool read_finish(struct reading *in, struct redis_caller *caller)
{
	struct span epoch = take_text(in);

	if (in->bad)
		return false;
	(void)span_copy(caller->epoch, sizeof(caller->epoch), epoch);
	return true;
}

bool redis_call_read(struct redis_caller *caller, struct bus_call *call, const redisReply *reply,
                     enum status *status_out, bool *again_out)
{
	struct reading in = {.reply = reply};

	*status_out = ST_OK;
	*again_out = false;
	switch (call->kind) {
	case BUS_PRESENCE:
	case BUS_QUEUE:
	case BUS_DROP:
	case BUS_BIND:
	case BUS_ACCEPT:
	case BUS_DECLINE:
		return read_plain(reply, status_out);
	case BUS_MATCH:
		return read_match(&in, call);
	case BUS_TICK:
		return read_tick(&in, caller, call, again_out);
	case BUS_OVERVIEW:
		return read_overview(&in, call);
	case BUS_REBUILD:
		return read_finish(&in, caller);
	case BUS_PUBLISH:
		return reply->type == REDIS_REPLY_INTEGER;
	}
	MUST(0);
}
