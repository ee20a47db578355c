/* SPDX-License-Identifier: MIT */
/* Between the websockets and the desk: text becomes frames for the desk, frames of the desk
 * become text, encoded once for all who get it. The outlet of port/outlet.h. */
#ifndef TB_ADAPTER_GATEWAY_H
#define TB_ADAPTER_GATEWAY_H

#include <stdbool.h>

#include "adapter/conn.h"
#include "port/desk.h"
#include "port/outlet.h"

struct gateway_limits {
	int64_t message_chars;
	int64_t visitor_frame_bytes;
	int64_t agent_frame_bytes;
	int64_t hello_s;
};

struct gateway;

struct gateway *gateway_create(const struct gateway_limits *limits, size_t soft_limit);
void gateway_destroy(struct gateway **gateway);

/* Before anything else is called. Both are borrowed. */
void gateway_connect(struct gateway *gateway, struct net *net, struct desk *desk);
struct outlet *gateway_outlet(struct gateway *gateway);

/* Makes the waiting request a websocket of this peer, or answers it. */
void gateway_upgrade(struct gateway *gateway, struct conn_id conn, const struct desk_peer *peer);

/* For struct conn_handler. */
void gateway_message(struct gateway *gateway, struct conn_id conn, bool binary,
                     struct span payload);
void gateway_drained(struct gateway *gateway, struct conn_id conn);
void gateway_ping(struct gateway *gateway, struct conn_id conn);
void gateway_closed(struct gateway *gateway, struct conn_id conn);

/* Every second or less: who has not said hello in time goes. */
void gateway_tick(struct gateway *gateway);

/* A stop, in steps: call it every 50 ms or so until it says true. All websockets hear `bye`,
 * spread over a second, and a moment later, when their acks are out, they are closed (1012). */
bool gateway_farewell(struct gateway *gateway);

#endif
