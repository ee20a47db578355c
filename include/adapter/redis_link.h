/* SPDX-License-Identifier: MIT */
/* A connection to Redis that is kept: greets (password, database, version, functions, channel),
 * pairs replies with requests, gives up on a server that is silent, and connects again with a
 * growing, jittered delay. */
#ifndef TB_ADAPTER_REDIS_LINK_H
#define TB_ADAPTER_REDIS_LINK_H

#include <stdbool.h>
#include <sys/queue.h>

#include <uv.h>

#include "adapter/redis_url.h"
#include "adapter/redis_words.h"
#include "base/status.h"

struct redisReply;
struct redis_link;

struct redis_link_config {
	const char *name; /* for the log */
	struct redis_address address;
	uint64_t timeout_ms; /* a server that owes a reply and says nothing for so long is left */
	uint64_t retry_ms;   /* the first delay */
	uint64_t retry_max_ms;
	unsigned retry_quick; /* so many times before the delay grows */
	struct span library;  /* loaded at every connect; absent: none. Borrowed for its life */
	struct span channel;  /* subscribed to; absent: none. Borrowed for its life */
	void *ctx;
	void (*up)(void *ctx);
	void (*down)(void *ctx); /* it was up */
	void (*message)(void *ctx, struct span payload);
	void (*closed)(void *ctx);
};

/* Done exactly once, never inside redis_link_send; the memory is the link's until then. */
struct redis_request {
	/* OK: with the reply. TIMEOUT: it was sent, and the connection ended before the reply.
	 * UNAVAILABLE: Redis refused. CANCELED: the link was closed. */
	void (*done)(struct redis_request *request, enum status status,
	             const struct redisReply *reply);
	STAILQ_ENTRY(redis_request) link;
};

/* Starts to connect when the loop runs. */
struct redis_link *redis_link_create(uv_loop_t *loop, const struct redis_link_config *config);
bool redis_link_is_up(const struct redis_link *link);

/* MUST be up. */
void redis_link_send(struct redis_link *link, const struct redis_words *words,
                     struct redis_request *request);

/* Asks for a sign of life, where nothing else does; silence ends the connection. */
void redis_link_ping(struct redis_link *link);

/* Its server was started just now: connect without waiting. */
void redis_link_hurry(struct redis_link *link);

/* The server cannot be believed: connect anew. Not inside redis_link_send. */
void redis_link_drop(struct redis_link *link, const char *why);

/* Pending requests are done before this returns; `closed` comes when the loop has let go. */
void redis_link_close(struct redis_link *link);

#endif
