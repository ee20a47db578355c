/* SPDX-License-Identifier: MIT */
/* The HTTP calls of docs/PROTOCOL.md below /api/v1: who asks, may they, what do they say, what
 * comes of it. */
#ifndef TB_ADAPTER_API_H
#define TB_ADAPTER_API_H

#include <stdbool.h>

#include "adapter/conn.h"
#include "adapter/gate.h"
#include "port/desk.h"
#include "proto/http.h"

/* Borrowed. The gate is asked for at each call, since a reload changes it. */
struct api_ports {
	struct net *net;
	struct desk *desk;
	const struct gate *const *gate;
	size_t message_chars;
};

struct api;

struct api *api_create(const struct api_ports *ports);
void api_destroy(struct api **api); /* no call is under way */

/* true: the path is below /api/v1; it is answered, now or later. */
bool api_respond(struct api *api, struct conn_id conn, const struct http_request *request);

/* What a request says of who sends it. */
struct credential {
	struct span secret; /* absent: none */
	enum session_kind kind;
};

/* A bearer token, else the session cookie. */
struct credential api_credential(const struct gate *gate, const struct http_request *request);

#endif
