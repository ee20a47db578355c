/* SPDX-License-Identifier: MIT */
/* Feeds bytes to a websocket in pieces and writes down what came out. Used by unit tests and
 * the fuzz target. */
#ifndef TB_TESTS_WS_FEED_H
#define TB_TESTS_WS_FEED_H

#include "base/buf.h"
#include "proto/ws.h"

struct ws_feed_opts {
	struct ws_limits limits;
	uint32_t message_bytes;
	size_t first, step; /* cut behind `first` bytes, then every `step` (0: never) */
	bool lengths_only;  /* of messages */
};

/* Appends "text "…"", "binary …", "pong …", then "closed 1000", "failed 1002", "open" or
 * "partial". */
void ws_feed_all(const struct ws_feed_opts *opts, struct span bytes, struct buf *out);

/* A masked frame as a client sends it; `first` is the first byte (FIN, RSV, opcode). */
void ws_put_frame(struct buf *out, uint8_t first, struct span payload);

#endif
