/* SPDX-License-Identifier: MIT */
/* The server's side of a websocket (RFC 6455), without sockets: the handshake, frames to
 * messages, messages to frames. Receiving is wslay's; its contexts (9 KB each) are lent from a
 * pool only while a frame or a message is incomplete, so an idle websocket costs struct ws. */
#ifndef TB_PROTO_WS_H
#define TB_PROTO_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blob.h"
#include "base/clock.h"
#include "base/span.h"
#include "proto/http.h"

#define WS_PROTOCOL    "tierbell.v1"
#define WS_ACCEPT_SIZE 29  /* 28 characters of base64 and NUL */
#define WS_CONTROL_MAX 125 /* bytes of a control frame's payload (RFC 6455, 5.5) */
#define WS_REASON_MAX  (WS_CONTROL_MAX - 2)

/* What the request's handshake comes to. */
struct ws_handshake {
	unsigned refusal; /* 0: good; 400, 405 or 426 (then Sec-WebSocket-Version: 13 belongs in) */
	char accept[WS_ACCEPT_SIZE];
	bool protocol; /* WS_PROTOCOL was offered: echo it */
};

void ws_handshake_check(const struct http_request *request, struct ws_handshake *out);
/* The 101 response, whole. */
void ws_handshake_reply(struct buf *buf, const struct ws_handshake *handshake);

enum ws_kind { WS_TEXT, WS_BINARY, WS_CLOSE, WS_PING, WS_PONG };

/* One unmasked frame; one reference, yours. Control payloads have at most 125 bytes. */
struct blob *ws_frame(enum ws_kind kind, struct span payload);
/* A close frame; code 0: empty; the reason is cut to fit. */
struct blob *ws_close_frame(uint16_t code, struct span reason);

struct ws_limits {
	unsigned fragments;        /* of a message; 0: any */
	unsigned control_frames;   /* per control_window_ms; 0: any */
	mono_ms control_window_ms; /* */
};

struct ws;
struct ws_loan;

struct ws_events {
	/* A whole message; text is valid UTF-8. Borrowed for the call. */
	void (*message)(struct ws *ws, bool binary, struct span payload);
	/* A ping came: this frame goes out before anything queued later. The reference passes. */
	void (*pong)(struct ws *ws, struct blob *frame);
};

struct ws_pool;
struct ws_pool *ws_pool_create(const struct ws_limits *limits, const struct ws_events *events);
void ws_pool_destroy(struct ws_pool **pool); /* every ws is released before */

/* Embedded by the connection; fields are private. */
struct ws {
	struct ws_loan *loan;
	uint32_t message_bytes;
	uint16_t control_count;
	bool stopped;
	mono_ms control_since;
};

enum ws_state {
	WS_OPEN,   /* go on */
	WS_CLOSED, /* the peer sent a close frame: answer with close_code, then end */
	WS_FAILED, /* the peer broke the protocol: send a close frame with close_code, then end */
};

void ws_init(struct ws *ws, uint32_t message_bytes);
void ws_release(struct ws *ws); /* frees what is lent */

/* Takes all bytes; not called again after CLOSED or FAILED. *close_code_out: the peer's own (0:
 * it gave none), or 1002, 1007, 1008 (limits), 1009. Inside the events ws_stop may be called. */
NODISCARD enum ws_state ws_feed(struct ws *ws, struct ws_pool *pool, struct span bytes, mono_ms now,
                                uint16_t *close_code_out);
/* No further event for this websocket; what it sends is dropped. */
void ws_stop(struct ws *ws);
/* A frame or message is incomplete (its deadline is the connection's business). */
bool ws_is_partial(const struct ws *ws);

#endif
