/* SPDX-License-Identifier: MIT */
/* The way out to connected people: the desk says a frame to some connections. Implemented by
 * the connections (adapter/gateway), which encode a frame once for all who get it, and by the
 * scenario tests, which collect it. */
#ifndef TB_PORT_OUTLET_H
#define TB_PORT_OUTLET_H

#include <stddef.h>

#include "core/frame.h"
#include "core/ids.h"

/* Why the desk ends a connection. X(enumerator, websocket close code, reason on the wire) */
#define HANGUP_TABLE(X)                                  \
	X(HANGUP_REVOKED, 1008, "revoked")               \
	X(HANGUP_TOO_MANY, 1008, "too many connections") \
	X(HANGUP_NO_HELLO, 1008, "hello expected")       \
	X(HANGUP_SLOW, 1013, "try again later")          \
	X(HANGUP_RESTART, 1012, "service restart")

enum hangup {
#define HANGUP_ROW(name, code, text) name,
	HANGUP_TABLE(HANGUP_ROW)
#undef HANGUP_ROW
};

struct outlet;

struct outlet_ops {
	/* Says `frame` to each of the connections, in the order of the calls; a connection that is
	 * gone is passed over. What the frame points at is borrowed for the call. */
	void (*send)(struct outlet *outlet, const struct conn_id *to, size_t count,
	             const struct frame_out *frame);
	/* Bytes that wait to be written to it (0 when it is gone). Above the soft limit,
	 * desk_ops.drained is called once it is below again; above the hard limit the connection
	 * ends with 1013 by itself. */
	size_t (*queued)(struct outlet *outlet, struct conn_id conn);
	/* Ends it after what is queued; desk_ops.closed comes later, never inside this call. */
	void (*hangup)(struct outlet *outlet, struct conn_id conn, enum hangup why);
};

struct outlet {
	const struct outlet_ops *ops;
	size_t soft_limit; /* bytes: the desk pauses replays above it */
};

#endif
