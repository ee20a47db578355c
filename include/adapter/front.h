/* SPDX-License-Identifier: MIT */
/* The front door: every request comes here first, and every event of a websocket passes. */
#ifndef TB_ADAPTER_FRONT_H
#define TB_ADAPTER_FRONT_H

#include "adapter/api.h"
#include "adapter/conn.h"
#include "adapter/gate.h"
#include "adapter/gateway.h"
#include "adapter/guide_site.h"
#include "adapter/health.h"
#include "adapter/static.h"

/* Borrowed; all but the net are there before the first request. */
struct front {
	struct net *net;
	struct desk *desk;
	const struct gate *gate;
	struct gateway *gateway;
	struct api *api;
	struct health *health;
	struct guide_site *guide;
	const struct static_site *site;
	bool closing; /* no new websockets */
};

/* For net_create. */
struct conn_handler front_handler(struct front *front);

/* For struct static_site: pages that may load the widget. */
bool front_origin_allowed(void *ctx, struct span origin);

/* --- file_site.c: text files of tickets, for visitors (from other origins) and agents ---
 * false: it is another path. */
bool file_site_respond(struct front *front, struct conn_id conn,
                       const struct http_request *request);

/* --- upgrade.c: from a request to a websocket --- */

void upgrade_visitor(struct front *front, struct conn_id conn, const struct http_request *request);
void upgrade_agent(struct front *front, struct conn_id conn, const struct http_request *request);

#endif
