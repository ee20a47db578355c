/* SPDX-License-Identifier: MIT */
/* The sending half; redis_replies.c reads. */
#include "adapter/redis_calls.h"

#include <inttypes.h>
#include <stdio.h>

#include "adapter/redis_notice.h"
#include "base/must.h"

#define FUNCTION_PREFIX "tierbell1_"
#define PLACES_CHUNK    500U
#define SEATS_CHUNK     200U

static void call_begin(struct redis_words *words, const struct redis_caller *caller,
                       const char *function)
{
	redis_words_reset(words);
	redis_words_text(words, "FCALL");
	redis_words_text(words, function);
	redis_words_text(words, "1");
	redis_words_text(words, caller->prefix);
}

/* Most functions begin with now. */
static void call_at(struct redis_words *words, const struct redis_caller *caller,
                    const char *function, wall_ms now)
{
	call_begin(words, caller, function);
	redis_words_i64(words, now);
}

static void seat_add(struct redis_words *words, const struct redis_caller *caller,
                     const struct bus_seat *seat)
{
	char conn[BUS_NODE_ID_SIZE + 24];

	(void)snprintf(conn, sizeof(conn), "%s:%" PRIu64, caller->node, seat->conn.v);
	redis_words_u64(words, seat->agent.v);
	redis_words_i64(words, seat->tier);
	redis_words_u64(words, (uint64_t)seat->state);
	redis_words_i64(words, seat->capacity);
	redis_words_text(words, conn);
	redis_words_i64(words, seat->lease_until);
}

static void place_add(struct redis_words *words, const struct bus_place *place)
{
	redis_words_ticket(words, place->ticket);
	redis_words_i64(words, place->tier);
	redis_words_i64(words, place->score);
	if (place->agent.v != 0)
		redis_words_u64(words, place->agent.v);
	else
		redis_words_text(words, "");
}

static void send_presence(struct redis_words *words, const struct redis_caller *caller,
                          const struct bus_call *call)
{
	call_at(words, caller, FUNCTION_PREFIX "presence", call->now);
	seat_add(words, caller, &call->u.presence);
}

static void send_queue(struct redis_words *words, const struct redis_caller *caller,
                       const struct bus_call *call)
{
	call_at(words, caller, FUNCTION_PREFIX "queue", call->now);
	for (size_t i = 0; i < call->u.queue.count; i++) {
		const struct bus_place *place = &call->u.queue.places[i];

		redis_words_ticket(words, place->ticket);
		redis_words_i64(words, place->tier);
		redis_words_i64(words, place->score);
	}
}

static void send_drop(struct redis_words *words, const struct redis_caller *caller,
                      const struct bus_call *call)
{
	call_at(words, caller, FUNCTION_PREFIX "drop", call->now);
	redis_words_ticket(words, call->u.drop);
}

static void send_bind(struct redis_words *words, const struct redis_caller *caller,
                      const struct bus_call *call)
{
	call_at(words, caller, FUNCTION_PREFIX "bind", call->now);
	redis_words_ticket(words, call->u.bind.ticket);
	redis_words_i64(words, call->u.bind.tier);
	redis_words_u64(words, call->u.bind.agent.v);
}

static void send_match(struct redis_words *words, const struct redis_caller *caller,
                       const struct bus_call *call)
{
	call_at(words, caller, FUNCTION_PREFIX "match", call->now);
	redis_words_i64(words, call->u.match.tier);
	redis_words_u64(words, call->u.match.limit);
	redis_words_i64(words, call->now + call->u.match.offer_ms);
}

static void send_answer(struct redis_words *words, const struct redis_caller *caller,
                        const struct bus_call *call)
{
	bool accepts = call->kind == BUS_ACCEPT;

	call_at(words, caller, accepts ? FUNCTION_PREFIX "accept" : FUNCTION_PREFIX "decline",
	        call->now);
	redis_words_ticket(words, call->u.answer.ticket);
	redis_words_u64(words, call->u.answer.agent.v);
	if (!accepts)
		redis_words_i64(words, call->now + call->u.answer.again_ms);
}

static void send_tick(struct redis_words *words, const struct redis_caller *caller,
                      const struct bus_call *call)
{
	call_at(words, caller, FUNCTION_PREFIX "tick", call->now);
	redis_words_text(words, caller->node);
	redis_words_i64(words, call->now - BUS_NODE_ALIVE);
	redis_words_i64(words, call->now + call->u.tick.again_ms);
}

static void send_overview(struct redis_words *words, const struct redis_caller *caller,
                          const struct bus_call *call)
{
	call_at(words, caller, FUNCTION_PREFIX "overview", call->now);
	redis_words_i64(words, call->u.overview.tier);
}

static void send_finish(struct redis_words *words, const struct redis_caller *caller,
                        const struct bus_call *call)
{
	(void)call;
	call_begin(words, caller, FUNCTION_PREFIX "finish");
	redis_words_text(words, caller->node);
}

static void send_publish(struct redis_words *words, const struct redis_caller *caller,
                         const struct bus_call *call)
{
	struct buf line = {0};

	redis_notice_encode(caller->node, &call->u.publish, &line);
	redis_words_reset(words);
	redis_words_text(words, "PUBLISH");
	redis_words_text(words, caller->channel);
	redis_words_span(words, (struct span){.ptr = line.ptr, .len = line.len});
	buf_fini(&line);
}

/* --- in pieces --- */

static void send_seats(struct redis_words *words, const struct redis_caller *caller, wall_ms now,
                       const struct bus_seat *seats, size_t count,
                       const struct redis_sender *sender)
{
	for (size_t i = 0; i < count; i++) {
		if (i % SEATS_CHUNK == 0)
			call_at(words, caller, FUNCTION_PREFIX "renew", now);
		seat_add(words, caller, &seats[i]);
		if (i + 1 == count || (i + 1) % SEATS_CHUNK == 0)
			sender->send(sender->ctx, words);
	}
}

static void send_begin(struct redis_words *words, struct redis_caller *caller,
                       const struct bus_call *call, const struct redis_sender *sender)
{
	char epoch[REDIS_EPOCH_SIZE];

	/* Never the same twice: the node is one process, and it counts. */
	(void)snprintf(epoch, sizeof(epoch), "%s.%" PRId64 ".%" PRIu64, caller->node, call->now,
	               ++caller->rebuilds);
	call_at(words, caller, FUNCTION_PREFIX "begin", call->now);
	redis_words_text(words, caller->node);
	redis_words_text(words, epoch);
	redis_words_text(words, caller->epoch);
	redis_words_text(words, call->u.rebuild.wipe ? "1" : "0");
	redis_words_i64(words, call->now - BUS_NODE_ALIVE);
	sender->send(sender->ctx, words);
}

static void send_rebuild(struct redis_words *words, struct redis_caller *caller,
                         const struct bus_call *call, const struct redis_sender *sender)
{
	const size_t count = call->u.rebuild.places_count;

	send_begin(words, caller, call, sender);
	for (size_t i = 0; i < count; i++) {
		if (i % PLACES_CHUNK == 0) {
			call_at(words, caller, FUNCTION_PREFIX "places", call->now);
			redis_words_text(words, caller->node);
		}
		place_add(words, &call->u.rebuild.places[i]);
		if (i + 1 == count || (i + 1) % PLACES_CHUNK == 0)
			sender->send(sender->ctx, words);
	}
	send_seats(words, caller, call->now, call->u.rebuild.seats, call->u.rebuild.seats_count,
	           sender);
}

/* What goes before the last command. */
static void send_pieces(struct redis_words *words, struct redis_caller *caller,
                        struct bus_call *call, const struct redis_sender *sender)
{
	if (call->kind == BUS_REBUILD)
		send_rebuild(words, caller, call, sender);
	if (call->kind == BUS_TICK) {
		call->u.tick.expired = NULL;
		call->u.tick.expired_count = 0;
		send_seats(words, caller, call->now, call->u.tick.seats, call->u.tick.seats_count,
		           sender);
	}
}

static void (*const LAST[])(struct redis_words *words, const struct redis_caller *caller,
                            const struct bus_call *call) = {
	[BUS_PRESENCE] = send_presence, [BUS_QUEUE] = send_queue,
	[BUS_DROP] = send_drop,         [BUS_BIND] = send_bind,
	[BUS_MATCH] = send_match,       [BUS_ACCEPT] = send_answer,
	[BUS_DECLINE] = send_answer,    [BUS_TICK] = send_tick,
	[BUS_OVERVIEW] = send_overview, [BUS_REBUILD] = send_finish,
	[BUS_PUBLISH] = send_publish,
};

void redis_call_send(struct redis_caller *caller, struct bus_call *call, bool again,
                     const struct redis_sender *sender)
{
	struct redis_words words = {0};

	MUST(call->kind < ARRAY_LEN(LAST));
	if (!again)
		send_pieces(&words, caller, call, sender);
	LAST[call->kind](&words, caller, call);
	sender->send(sender->ctx, &words);
	redis_words_fini(&words);
}
