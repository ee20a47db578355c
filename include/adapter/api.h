/* SPDX-License-Identifier: MIT */
/* The HTTP calls of docs/PROTOCOL.md below /api/v1: who asks, may they, what do they say, what
 * comes of it. */
#ifndef TB_ADAPTER_API_H
#define TB_ADAPTER_API_H

#include <stdbool.h>

#include "adapter/conn.h"
#include "adapter/gate.h"
#include "base/clock.h"
#include "port/desk.h"
#include "proto/http.h"
#include "proto/policy.h"

#define RELOAD_WHY_SIZE 512

/* What came of reading policy and options again. */
struct reload_report {
	wall_ms at; /* 0: not since the start */
	bool ok;
	char why[RELOAD_WHY_SIZE]; /* not ok: a sentence */
	struct policy_mistakes mistakes;
};

/* Borrowed. The gate is asked for at each call, since a reload changes it. */
struct api_ports {
	struct net *net;
	struct desk *desk;
	const struct gate *const *gate;
	size_t message_chars;
	const struct reload_report *reload; /* for administrators */
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
