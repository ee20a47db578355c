/* SPDX-License-Identifier: MIT */
/* One connection to a Redis: words go out, replies come in. It reads with hiredis' reader and
 * does the rest on libuv itself: hiredis' asynchronous half asserts on what a server says (a
 * reply nobody asked for ends the process) and its libuv adapter loses errors. */
#ifndef TB_ADAPTER_REDIS_WIRE_H
#define TB_ADAPTER_REDIS_WIRE_H

#include <uv.h>

#include "adapter/redis_url.h"
#include "adapter/redis_words.h"

struct redisReply;
struct redis_wire;

/* Never called inside redis_wire_open or redis_wire_write. */
struct redis_wire_events {
	void *ctx;
	void (*connected)(void *ctx);
	void (*reply)(void *ctx, const struct redisReply *reply); /* borrowed for the call */
	void (*ended)(void *ctx, const char *why);                /* once, then nothing more */
};

/* `attempt` grows with each: a host with several addresses is tried at all of them. */
struct redis_wire *redis_wire_open(uv_loop_t *loop, const struct redis_address *address,
                                   unsigned attempt, const struct redis_wire_events *events);

/* What is written in one turn of the loop leaves in one call. */
void redis_wire_write(struct redis_wire *wire, const struct redis_words *words);

/* No event comes after it; the memory goes with the last handle. NULL inside is fine. */
void redis_wire_close(struct redis_wire **wire);

#endif
