/* SPDX-License-Identifier: MIT */
/* Inside of the connections: for net.c, conn*.c, outbox.c, address.c and listener.c only.
 * Everybody else includes adapter/conn.h. */
#ifndef TB_ADAPTER_NET_H
#define TB_ADAPTER_NET_H

#include <sys/queue.h>

#include "adapter/address.h"
#include "adapter/conn.h"
#include "adapter/outbox.h"
#include "proto/ws.h"

#define READ_SLAB  65536 /* bytes: libuv reads and calls back at once, so a loop needs one */
#define TICK_MS    250
#define LIST_GRAIN 250 /* ms: a websocket that was heard is moved on its list no more often */

/* How often the rate of a body is looked at. */
#define BODY_LOOK_MS(net) ((net)->limits.header_ms / 2)

/* The state of a connection is the list that it is on; each list is in the order of `since` and
 * has one deadline, so one timer looks at the heads of all. */
enum conn_state {
	CONN_HEAD,    /* a request's head is awaited; since: accepted, or its first byte */
	CONN_IDLE,    /* between two requests */
	CONN_BODY,    /* a body is awaited; since: the last look at its rate */
	CONN_ANSWER,  /* the handler has the request */
	CONN_REPLY,   /* a response waits to be written */
	CONN_OPEN,    /* websocket; since: last heard */
	CONN_PINGED,  /* websocket that was silent */
	CONN_PARTIAL, /* websocket with half a message; since: its first byte */
	CONN_CLOSING, /* last words are written, the peer's end is awaited */
	CONN_CLOSED,  /* uv_close was called: on no list */
	CONN_STATES = CONN_CLOSED
};

struct conn;

/* Whether a connection's output waits for company (conn_later.c). */
enum later_state { LATER_NO, LATER_TURN, LATER_HELD };

/* HTTP's memory of a connection: there while a request is on its way. */
struct exchange {
	SLIST_ENTRY(exchange) free;
	struct http_parser *parser;
	struct buf pending; /* came behind the request that waits for its answer */
	struct ws_handshake handshake;
	struct address client; /* behind a proxy */
	bool proxied, https;
	bool head_only; /* HEAD */
	bool http_1_0, keep_alive;
	bool handling;     /* inside handler.request */
	size_t rate_bytes; /* of the body since the last look */
};

struct conn {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv; /* first */
	struct net *net;
	TAILQ_ENTRY(conn) link;
	struct conn *dirty_next;
	mono_ms since;
	uint64_t user;
	struct outbox *outbox;     /* NULL: nothing to send */
	struct exchange *exchange; /* NULL: no request on its way */
	struct place *place;       /* where it is counted by address, or NULL */
	struct ws ws;
	uint32_t index;
	uint8_t state;
	uint8_t end;
	uint8_t tag;
	uint8_t later;
	bool dirty : 1;
	bool reading : 1;
	bool is_ws : 1;
	bool told : 1;       /* handler.closed was called */
	bool slow : 1;       /* over the hard limit: to be ended at the flush */
	bool above_soft : 1; /* drained is owed */
	bool peer_ended : 1; /* EOF, or its close frame */
	bool shut : 1;       /* our end is shut */
	bool proxied : 1;
	bool https : 1;
	bool last : 1; /* HTTP: close after what is queued */
};

TAILQ_HEAD(conn_list, conn);
SLIST_HEAD(exchange_list, exchange);

/* Output that may wait, of connections whose `later` says so; in the order of later_since. */
struct later {
	struct outbox_queue turn, held;
	size_t count; /* frames that came to this in this turn */
	uv_timer_t timer;
};

struct conn_slot {
	struct conn *conn; /* NULL: free */
	uint32_t generation;
	uint32_t next_free;
};

/* What net_drain closes: a listener. */
struct net_port {
	TAILQ_ENTRY(net_port) link;
	void (*close)(struct net_port *port);
};

TAILQ_HEAD(net_port_list, net_port);

struct net {
	uv_loop_t *loop;
	uv_timer_t timer;
	uv_prepare_t prepare;
	uv_check_t check;
	struct later later;
	unsigned handles; /* of the four that are open */
	struct net_limits limits;
	struct http_limits http_limits;
	struct conn_handler handler;
	struct conn_list lists[CONN_STATES];
	struct conn *dirty_first, *dirty_last;
	struct conn_slot *slots;
	uint32_t slots_count, slots_size, free_slot;
	struct ws_pool *ws_pool;
	struct outbox_pool outboxes;
	struct exchange_list exchanges;
	unsigned exchanges_count;
	struct places places;
	struct net_port_list ports;
	struct net_stats stats;
	size_t peak; /* connections since memory was given back */
	bool draining;
	mono_ms drain_at;
	void (*drain_done)(void *ctx);
	void *drain_ctx;
	mono_ms wall_at; /* the turn whose wall clock is in `wall` */
	wall_ms wall;
	struct buf scratch; /* of one response */
	int64_t date_second;
	char date[32];
	char slab[READ_SLAB];
};

/* conn.c */
void conn_accept(struct net *net, uv_stream_t *server, unsigned tag);
struct conn *conn_find(const struct net *net, struct conn_id id); /* NULL: gone */
struct conn_id conn_id_of(const struct conn *conn);
void conn_move(struct conn *conn, enum conn_state to);
void conn_mark_dirty(struct conn *conn);
void conn_read(struct conn *conn, bool on);
/* Ends what was begun, without last words. */
void conn_close(struct conn *conn, enum conn_end why);
/* Last words are queued: the rest of the way to the end. */
void conn_begin_closing(struct conn *conn, enum conn_end why);
void conn_expire(struct conn *conn);
/* At the end of a turn of the loop. */
void conn_flush(struct conn *conn);

/* conn_http.c */
void conn_http_feed(struct conn *conn, struct span bytes);
/* Goes on with what came while an answer was awaited. */
void conn_http_resume(struct conn *conn);
void conn_http_flushed(struct conn *conn);
void conn_http_expire(struct conn *conn);
/* Answers by itself and closes. */
void conn_http_refuse(struct conn *conn, unsigned status);
void exchange_release(struct conn *conn);
void exchange_give(struct net *net, struct exchange *exchange);
void exchange_free(struct exchange **exchange);

/* conn_later.c */
void later_start(struct net *net);
/* A frame was queued that may wait. */
void conn_later(struct conn *conn);
/* It waits no longer: it is flushed, or closed. */
void conn_later_leave(struct conn *conn);
/* What does not wait any longer is marked dirty. */
void later_end_turn(struct net *net);

/* conn_ws.c */
extern const struct ws_events conn_ws_events;
/* After the upgrade: HTTP's memory goes, and what came behind the request is fed. */
void conn_ws_adopt(struct conn *conn);
void conn_ws_feed(struct conn *conn, struct span bytes);
void conn_ws_expire(struct conn *conn);
void conn_ws_tell(struct conn *conn, enum conn_end why);
void conn_ws_end(struct conn *conn, enum conn_end why, uint16_t code, const char *reason);

/* net.c */
void net_port_add(struct net *net, struct net_port *port);
void net_conn_gone(struct net *net);
const char *net_date(struct net *net);

#endif
