/* SPDX-License-Identifier: MIT */
#include "adapter/api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapter/api_call.h"
#include "base/mem.h"
#include "base/must.h"

#define API_PREFIX "/api/v1"

struct api *api_create(const struct api_ports *ports)
{
	struct api *api = xcalloc(1, sizeof(*api));

	api->ports = *ports;
	return api;
}

void api_destroy(struct api **api)
{
	free(*api);
	*api = NULL;
}

bool api_call_fail(struct api_call *call, enum status st, const char *message)
{
	call->problem = (struct problem){.status = st, .message = message};
	return false;
}

struct fields api_call_fields(struct api_call *call)
{
	return (struct fields){.arena = &call->arena,
	                       .message_chars = call->api->ports.message_chars};
}

const char *api_cookie_name(const struct gate *gate)
{
	return gate_is_secure(gate) ? "__Host-tierbell_session" : "tierbell_session";
}

struct credential api_credential(const struct gate *gate, const struct http_request *request)
{
	static const char scheme[] = "bearer ";
	const size_t len = sizeof(scheme) - 1;
	struct span header = http_header(request, "authorization");

	if (header.len > len && strncasecmp(header.ptr, scheme, len) == 0) {
		header.ptr += len;
		header.len -= len;
		while (header.len > 0 && *header.ptr == ' ') {
			header.ptr++;
			header.len--;
		}
		return (struct credential){.secret = header, .kind = SESSION_TOKEN};
	}
	return (struct credential){.secret = http_cookie(request, api_cookie_name(gate)),
	                           .kind = SESSION_LOGIN};
}

/* --- the end of a call --- */

static void call_free(struct api_call *call)
{
	arena_fini(&call->arena);
	arena_fini(&call->call.arena);
	buf_fini(&call->text);
	buf_fini(&call->header);
	explicit_bzero(&call->call, sizeof(call->call));
	free(call);
}

static void call_fail(struct api_call *call)
{
	answer_problem(call->api->ports.net, call->conn, &call->problem);
	call_free(call);
}

static void call_done(struct op *op)
{
	struct api_call *call = container_of(op, struct api_call, call.op);
	struct answer answer = {.status = 200};

	if (op->status != ST_OK) {
		call->problem = (struct problem){.status = op->status,
		                                 .message = call->call.message,
		                                 .retry_after_ms = call->call.retry_after_ms};
		call_fail(call);
		return;
	}
	call->route->finish(call, &answer);
	answer.body = (struct span){.ptr = call->text.ptr, .len = call->text.len};
	answer_send(call->api->ports.net, call->conn, &answer);
	call_free(call);
}

static void desk_ask(struct api_call *call, void (*done)(struct op *op))
{
	struct desk *desk = call->api->ports.desk;

	call->call.op.done = done;
	desk->ops->call(desk, &call->call, net_now(call->api->ports.net));
}

static void call_start(struct api_call *call)
{
	if (strchr(call->route->path, '#') != NULL && call->number == 0) {
		(void)api_call_fail(call, ST_NOT_FOUND, NULL);
		call_fail(call);
		return;
	}
	if (call->route->start == NULL)
		call_done(&call->call.op);
	else if (!call->route->start(call))
		call_fail(call);
	else
		desk_ask(call, call_done);
}

static void auth_done(struct op *op)
{
	struct api_call *call = container_of(op, struct api_call, call.op);
	struct identity who;

	if (op->status != ST_OK) {
		(void)api_call_fail(call, op->status, call->call.message);
		call_fail(call);
		return;
	}
	who = call->call.u.auth.identity;
	arena_fini(&call->call.arena);
	memset(&call->call.u, 0, sizeof(call->call.u));
	call->call.who = who;
	call->call.message = NULL;
	call_start(call);
}

/* --- the beginning --- */

static bool is_write(enum http_method method)
{
	return method != METHOD_GET && method != METHOD_HEAD;
}

static bool is_json(const struct http_request *request)
{
	static const char json[] = "application/json";
	struct span type = http_header(request, "content-type");

	return type.len >= sizeof(json) - 1 && strncasecmp(type.ptr, json, sizeof(json) - 1) == 0 &&
	       (type.len == sizeof(json) - 1 || strchr("; \t", type.ptr[sizeof(json) - 1]) != NULL);
}

/* A page elsewhere can make a browser send the cookie, but not our Origin with it, nor JSON
 * without asking first. */
static bool may_write(struct api_call *call, const struct http_request *request,
                      enum session_kind kind)
{
	const struct gate *gate = *call->api->ports.gate;
	struct conn_peer peer;

	if (!is_write(request->method))
		return true;
	if (kind == SESSION_TOKEN)
		return true;
	if ((request->body.len > 0 || request->method == METHOD_POST) && !is_json(request)) {
		call->problem = (struct problem){
			.status = ST_BAD_REQUEST,
			.http = 415,
			.message = "The body must be JSON (Content-Type: application/json)."};
		return false;
	}
	if (call->route->open && http_header_count(request, "origin") == 0)
		return true;
	if (conn_peer(call->api->ports.net, call->conn, &peer) != ST_OK)
		return api_call_fail(call, ST_CANCELED, NULL);
	if (gate_is_own(gate, request, peer.https))
		return true;
	if (http_header_count(request, "origin") == 0 &&
	    span_is(http_header(request, "sec-fetch-site"), "same-origin"))
		return true;
	return api_call_fail(call, ST_FORBIDDEN, "This call must come from our own pages.");
}

/* Bare, or as the string of a structured field (RFC 8941), which some clients send. */
static struct span key_of(const struct http_request *request)
{
	struct span key = http_header(request, "idempotency-key");

	if (key.len >= 2 && key.ptr[0] == '"' && key.ptr[key.len - 1] == '"')
		return (struct span){.ptr = key.ptr + 1, .len = key.len - 2};
	return key;
}

/* What is needed later; the request itself is good for this call only. */
static void keep(struct api_call *call, const struct http_request *request)
{
	call->request = (struct http_request){
		.method = request->method,
		.path = arena_span(&call->arena, request->path),
		.query = arena_span(&call->arena, request->query),
		.body = arena_span(&call->arena, request->body),
	};
	call->key = arena_span(&call->arena, key_of(request));
}

static bool begin(struct api_call *call, const struct http_request *request)
{
	struct credential credential = api_credential(*call->api->ports.gate, request);
	struct conn_peer peer = {0};

	keep(call, request);
	if (conn_peer(call->api->ports.net, call->conn, &peer) == ST_OK)
		(void)span_copy(call->call.address, sizeof(call->call.address),
		                span_of(peer.address));
	if (!call->route->open && credential.secret.len == 0)
		return api_call_fail(call, ST_UNAUTHORIZED, NULL);
	if (!may_write(call, request, credential.kind))
		return false;
	if (call->key.len > 0 && !client_id_is_valid(call->key))
		return api_call_fail(call, ST_BAD_REQUEST,
		                     "Idempotency-Key must be 1 to 64 characters of A-Z, a-z, "
		                     "0-9, _ and -.");
	if (call->route->open) {
		call_start(call);
		return true;
	}
	call->call.kind = CALL_AUTH;
	call->call.u.auth.secret = arena_span(&call->arena, credential.secret);
	call->call.u.auth.kind = credential.kind;
	call->call.u.auth.wall = call->route->wall;
	desk_ask(call, auth_done);
	return true;
}

/* --- routes --- */

/* The number of a ticket: decimal, no sign, no leading zero. 0: it is none, and names nothing. */
static uint64_t number_of(struct span text)
{
	uint64_t number = 0;

	if (text.len == 0 || text.len > 18 || text.ptr[0] == '0')
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return 0;
		number = number * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	return number;
}

/* "#" takes what stands up to the next slash, number or not: who is not logged in learns nothing
 * of what there is. */
static bool matches(const char *pattern, struct span path, uint64_t *number)
{
	size_t at = 0;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '#') {
			size_t start = at;

			while (at < path.len && path.ptr[at] != '/')
				at++;
			*number = number_of(
				(struct span){.ptr = path.ptr + start, .len = at - start});
		} else if (at == path.len || path.ptr[at++] != *pattern) {
			return false;
		}
	}
	return at == path.len;
}

static const char *method_name(enum http_method method)
{
	switch (method) {
	case METHOD_GET:
		return "GET, HEAD";
	case METHOD_POST:
		return "POST";
	case METHOD_PATCH:
		return "PATCH";
	case METHOD_DELETE:
		return "DELETE";
	case METHOD_HEAD:
	case METHOD_PUT:
	case METHOD_OPTIONS:
	case METHOD_OTHER:
		break;
	}
	MUST(0);
}

struct lookup {
	const struct api_route *route; /* NULL: none for this method */
	uint64_t number;
	struct buf allow; /* the methods of the path */
};

static void look_in(struct lookup *lookup, const struct api_route *routes, size_t count,
                    struct span path, enum http_method method)
{
	uint64_t number = 0;

	for (size_t i = 0; i < count; i++) {
		if (!matches(routes[i].path, path, &number))
			continue;
		if (lookup->allow.len > 0)
			buf_text(&lookup->allow, ", ");
		buf_text(&lookup->allow, method_name(routes[i].method));
		if (routes[i].method == method ||
		    (routes[i].method == METHOD_GET && method == METHOD_HEAD)) {
			lookup->route = &routes[i];
			lookup->number = number;
		}
	}
}

static void refuse(struct api *api, struct conn_id conn, struct lookup *lookup)
{
	struct problem problem = {.status = ST_NOT_FOUND};

	if (lookup->allow.len > 0)
		problem = (struct problem){.status = ST_BAD_REQUEST,
		                           .http = 405,
		                           .message = "This path does not take this method.",
		                           .allow = buf_cstr(&lookup->allow)};
	answer_problem(api->ports.net, conn, &problem);
}

bool api_respond(struct api *api, struct conn_id conn, const struct http_request *request)
{
	struct span path = http_path_after(request, API_PREFIX);
	struct lookup lookup = {0};
	struct api_call *call;

	if (path.len == 0 || path.ptr[0] != '/')
		return false;
	look_in(&lookup, API_SESSION_ROUTES, API_SESSION_ROUTES_COUNT, path, request->method);
	look_in(&lookup, API_AGENT_ROUTES, API_AGENT_ROUTES_COUNT, path, request->method);
	look_in(&lookup, API_TOKEN_ROUTES, API_TOKEN_ROUTES_COUNT, path, request->method);
	look_in(&lookup, API_LIST_ROUTES, API_LIST_ROUTES_COUNT, path, request->method);
	look_in(&lookup, API_CUSTOMER_ROUTES, API_CUSTOMER_ROUTES_COUNT, path, request->method);
	look_in(&lookup, API_WALL_ROUTES, API_WALL_ROUTES_COUNT, path, request->method);
	look_in(&lookup, API_TICKET_ROUTES, API_TICKET_ROUTES_COUNT, path, request->method);
	if (lookup.route == NULL) {
		refuse(api, conn, &lookup);
	} else {
		call = xcalloc(1, sizeof(*call));
		call->api = api;
		call->conn = conn;
		call->route = lookup.route;
		call->number = lookup.number;
		if (!begin(call, request))
			call_fail(call);
	}
	buf_fini(&lookup.allow);
	return true;
}
