/* SPDX-License-Identifier: MIT */
/* From a request to a websocket: who is it, and from which page? Both are known before the
 * upgrade, so that nobody else gets a socket at all. */
#include <stdlib.h>

#include "adapter/answer.h"
#include "adapter/front.h"
#include "base/mem.h"
#include "base/must.h"

#define RETRY_MS 1000

static void refuse(struct front *front, struct conn_id conn, enum status st, const char *message)
{
	const struct problem problem = {
		.status = st,
		.message = message,
		.retry_after_ms = st == ST_UNAVAILABLE ? RETRY_MS : 0,
	};

	answer_problem(front->net, conn, &problem);
}

/* false: it is answered. */
static bool may_enter(struct front *front, struct conn_id conn, const struct http_request *request)
{
	const struct problem plain = {
		.status = ST_BAD_REQUEST, .http = 426, .message = "This path speaks websocket."};

	if (!request->wants_websocket) {
		answer_problem(front->net, conn, &plain);
		return false;
	}
	if (front->closing) {
		refuse(front, conn, ST_UNAVAILABLE, "The server restarts.");
		return false;
	}
	return true;
}

void upgrade_visitor(struct front *front, struct conn_id conn, const struct http_request *request)
{
	struct desk_peer peer = {.audience = AUDIENCE_VISITOR};
	struct conn_peer from = {0};

	if (!may_enter(front, conn, request) || conn_peer(front->net, conn, &from) != ST_OK)
		return;
	if (!gate_is_welcome(front->gate, request, from.https)) {
		refuse(front, conn, ST_FORBIDDEN,
		       "Pages of this origin may not open chats here (see --origin).");
		return;
	}
	(void)span_copy(peer.address, sizeof(peer.address), span_of(from.address));
	(void)span_copy(peer.origin, sizeof(peer.origin), http_header(request, "origin"));
	gateway_upgrade(front->gateway, conn, &peer);
}

/* An agent whose credential is looked up. */
struct entrant {
	struct desk_call call;
	struct front *front;
	struct conn_id conn;
	struct arena arena;
};

static void auth_done(struct op *op)
{
	struct entrant *entrant = container_of(op, struct entrant, call.op);
	struct front *front = entrant->front;
	struct desk_peer peer = {.audience = AUDIENCE_AGENT};

	if (op->status != ST_OK) {
		refuse(front, entrant->conn, op->status, entrant->call.message);
	} else if (front->closing) {
		refuse(front, entrant->conn, ST_UNAVAILABLE, "The server restarts.");
	} else {
		peer.identity = entrant->call.u.auth.identity;
		(void)span_copy(peer.address, sizeof(peer.address), span_of(entrant->call.address));
		gateway_upgrade(front->gateway, entrant->conn, &peer);
	}
	arena_fini(&entrant->arena);
	arena_fini(&entrant->call.arena);
	free(entrant);
}

void upgrade_agent(struct front *front, struct conn_id conn, const struct http_request *request)
{
	struct credential credential = api_credential(front->gate, request);
	struct conn_peer from = {0};
	struct entrant *entrant;

	if (!may_enter(front, conn, request) || conn_peer(front->net, conn, &from) != ST_OK)
		return;
	if (credential.secret.len == 0) {
		refuse(front, conn, ST_UNAUTHORIZED, NULL);
		return;
	}
	/* A browser sends the cookie from wherever: only our own pages may use it. */
	if (credential.kind == SESSION_LOGIN && !gate_is_own(front->gate, request, from.https)) {
		refuse(front, conn, ST_UNAUTHORIZED,
		       "The console must be opened from this server.");
		return;
	}
	entrant = xcalloc(1, sizeof(*entrant));
	entrant->front = front;
	entrant->conn = conn;
	entrant->call.op.done = auth_done;
	entrant->call.kind = CALL_AUTH;
	entrant->call.u.auth.secret = arena_span(&entrant->arena, credential.secret);
	entrant->call.u.auth.kind = credential.kind;
	(void)span_copy(entrant->call.address, sizeof(entrant->call.address),
	                span_of(from.address));
	front->desk->ops->call(front->desk, &entrant->call, net_now(front->net));
}
