/* SPDX-License-Identifier: MIT */
/* Connections of this node: each begins as HTTP and may become a websocket. `struct net` owns
 * them all; everybody else has a conn_id, and a call for one that is gone does nothing.
 *
 * Everything runs on the loop thread. What is sent during a turn of the loop goes out at its
 * end in one call a socket. No callback runs inside net_send, net_close or conn_respond. */
#ifndef TB_ADAPTER_CONN_H
#define TB_ADAPTER_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/blob.h"
#include "base/clock.h"
#include "base/span.h"
#include "base/status.h"
#include "core/ids.h"
#include "proto/http.h"

#define CONN_ADDRESS_SIZE 48

/* X(name, default, what it is). 0 switches a limit off where that makes sense. */
#define NET_LIMIT_TABLE(X)                                                                         \
	X(connections, 0, "open connections; 0: the limit of open files less 64")                  \
	X(connections_per_address, 256, "open connections of one address (IPv6: one /64)")         \
	X(header_bytes, 16384, "request line and headers of a request")                            \
	X(headers, 64, "headers of a request")                                                     \
	X(body_bytes, 65536, "body of a request")                                                  \
	X(file_bytes, 262144, "a text file of a visitor")                                          \
	X(header_ms, 10000, "from the first wait to the end of a request's headers")               \
	X(body_bytes_per_s, 1024, "slowest body that is waited for")                               \
	X(idle_ms, 60000, "between two requests of a kept connection")                             \
	X(response_ms, 30000, "until the server answers 503 by itself")                            \
	X(write_ms, 30000, "a response that makes no progress")                                    \
	X(ping_ms, 25000, "silence of a websocket before it is asked for a sign of life")          \
	X(silence_ms, 60000, "silence of a websocket before it is given up")                       \
	X(message_ms, 15000, "an incomplete websocket message")                                    \
	X(linger_ms, 5000, "a close handshake that the peer does not finish")                      \
	X(fragments, 16, "fragments of a websocket message")                                       \
	X(control_frames_per_10s, 10, "pings and pongs that a websocket may send")                 \
	X(send_queue_soft_bytes, 65536,                                                            \
	  "waiting to be sent: above it nothing is read from the peer")                            \
	X(send_queue_bytes, 262144, "waiting to be sent: above it the peer is closed (1013)")      \
	X(socket_send_bytes, 262144, "the kernel's send buffer; 0: the system's choice")           \
	X(user_timeout_ms, 30000, "sent data that the peer's machine does not acknowledge")        \
	X(ack_gather_ms, 20, "an ack that may wait for other output to its socket; 0: none waits") \
	X(ack_gather_from, 8, "acks of one turn of the loop from which on they may wait")

struct net_limits {
#define NET_LIMIT_FIELD(name, value, help) int64_t name;
	NET_LIMIT_TABLE(NET_LIMIT_FIELD)
#undef NET_LIMIT_FIELD
};

void net_limits_default(struct net_limits *out);
/* By name, as on the command line. NULL: no such limit. */
int64_t *net_limits_find(struct net_limits *limits, const char *name);

/* Why a connection ended. X(enumerator, text for logs and metrics) */
#define CONN_END_TABLE(X)                                  \
	X(CONN_END_PEER, "peer")         /* it closed */   \
	X(CONN_END_ERROR, "error")       /* reset, … */  \
	X(CONN_END_OWNER, "owner")       /* net_close */   \
	X(CONN_END_PROTOCOL, "protocol") /* 1002-1009 */   \
	X(CONN_END_REFUSED, "refused")   /* 4xx */         \
	X(CONN_END_DONE, "done")         /* HTTP served */ \
	X(CONN_END_TIMEOUT, "timeout")                     \
	X(CONN_END_SLOW, "slow")       /* 1013 */          \
	X(CONN_END_DRAINED, "drained") /* net_drain */

enum conn_end {
#define CONN_END_ROW(name, text) name,
	CONN_END_TABLE(CONN_END_ROW)
#undef CONN_END_ROW
		CONN_END_COUNT
};

const char *conn_end_name(enum conn_end end);

/* Who uses the connections. */
struct conn_handler {
	/* A request is complete; borrowed for the call. Answer it, now or later, exactly once with
	 * conn_respond or conn_upgrade; requests behind it on the connection wait for that. */
	void (*request)(void *ctx, struct conn_id id, const struct http_request *request);
	/* A message on a websocket. Text is valid UTF-8. Borrowed for the call. */
	void (*message)(void *ctx, struct conn_id id, bool binary, struct span payload);
	/* The websocket's write queue was above the soft limit and is empty again. May be NULL. */
	void (*drained)(void *ctx, struct conn_id id);
	/* The websocket was silent for ping_ms: send it the application's ping. */
	void (*ping)(void *ctx, struct conn_id id);
	/* The websocket is gone (or past saving: nothing that is sent arrives). Last word about
	 * it; never for a connection that was not upgraded. */
	void (*closed)(void *ctx, struct conn_id id, enum conn_end why);
	void *ctx;
};

struct net;

/* Limits and handler are copied. */
struct net *net_create(uv_loop_t *loop, const struct net_limits *limits,
                       const struct conn_handler *handler);
/* Everything must be drained before. Memory goes when the loop has run its close callbacks. */
void net_destroy(struct net **net);

/* Stops listening, ends idle and unfinished HTTP, lets running requests be answered.
 * Websockets stay: say bye and net_close them (1012). What is left after deadline_ms is cut;
 * `done` runs once, when no connection is left, never inside this call. */
void net_drain(struct net *net, int64_t deadline_ms, void (*done)(void *ctx), void *ctx);

/* The time of this turn of the loop. */
wall_ms net_now(struct net *net);
mono_ms net_mono(const struct net *net);

/* Answers the request that waits on this connection; the response is copied (but for a static
 * body). HEAD is answered without the body by itself. */
void conn_respond(struct net *net, struct conn_id id, const struct http_response *response);

struct conn_upgrade {
	uint32_t message_bytes; /* the longest message it may send: longer ends it with 1009 */
	uint64_t user;          /* yours: conn_user() */
};

/* Makes the waiting request a websocket. OK: it is one (frames may be sent at once).
 * BAD_REQUEST: not a good handshake; answered with 400 or 426. NOT_FOUND: gone.
 * RATE_LIMITED: too many from the address behind a proxy; answered with 429. */
NODISCARD enum status conn_upgrade(struct net *net, struct conn_id id,
                                   const struct conn_upgrade *upgrade);
/* What was given with the upgrade, also inside `closed`. 0: gone. */
uint64_t conn_user(const struct net *net, struct conn_id id);

struct conn_peer {
	char address[CONN_ADDRESS_SIZE]; /* "" on a Unix socket; of the client behind a proxy */
	bool proxied;                    /* came through a listed proxy */
	bool https;                      /* …which says that the client speaks TLS with it */
	unsigned tag;                    /* of the listener */
};

/* Good while its request waits, and for websockets. NOT_FOUND: gone. */
NODISCARD enum status conn_peer(const struct net *net, struct conn_id id, struct conn_peer *out);

/* Peers whose X-Forwarded-For and X-Forwarded-Proto are believed and who are not counted by
 * address: "10.0.0.0/8", "::1". false: not an address. */
NODISCARD bool net_trust_proxy(struct net *net, const char *cidr);

/* Queues a frame (proto/ws.h); takes a reference of its own. */
void net_send(struct net *net, struct conn_id id, struct blob *frame);
/* The same for what nobody misses for ack_gather_ms: it goes out with whatever else goes to the
 * socket, in its place. It waits only while many of its kind come at once. */
void net_send_later(struct net *net, struct conn_id id, struct blob *frame);
/* Bytes that wait to be written; 0 when gone. */
size_t net_queued(const struct net *net, struct conn_id id);
/* Ends a websocket with a close frame after what is queued; `closed` comes later. */
void net_close(struct net *net, struct conn_id id, uint16_t code, const char *reason);

struct net_stats {
	size_t open, websockets;
	uint64_t accepted, refused; /* refused: over a limit of connections */
	uint64_t requests, upgrades;
	uint64_t messages_in, frames_out, bytes_in, bytes_out, writes;
	uint64_t ended[CONN_END_COUNT];
};

void net_stats(const struct net *net, struct net_stats *out);

#endif
