/* SPDX-License-Identifier: MIT */
/* A connection as HTTP: one request at a time. What comes behind it waits in `pending` until
 * the answer is queued, so answers keep the order of the requests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/net.h"
#include "base/mem.h"
#include "base/must.h"

#define FREE_MAX   64U
#define KEEP_BYTES 4096U

void exchange_free(struct exchange **exchange)
{
	http_parser_destroy(&(*exchange)->parser);
	buf_fini(&(*exchange)->pending);
	free(*exchange);
	*exchange = NULL;
}

static struct exchange *exchange_take(struct net *net)
{
	struct exchange *exchange = SLIST_FIRST(&net->exchanges);

	if (exchange != NULL) {
		SLIST_REMOVE_HEAD(&net->exchanges, free);
		net->exchanges_count--;
		return exchange;
	}
	exchange = xcalloc(1, sizeof(*exchange));
	exchange->parser = http_parser_create(&net->http_limits);
	return exchange;
}

void exchange_give(struct net *net, struct exchange *exchange)
{
	if (net->exchanges_count == FREE_MAX) {
		exchange_free(&exchange);
		return;
	}
	http_parser_reset(exchange->parser);
	if (exchange->pending.size > KEEP_BYTES)
		buf_fini(&exchange->pending);
	buf_reset(&exchange->pending);
	SLIST_INSERT_HEAD(&net->exchanges, exchange, free);
	net->exchanges_count++;
}

void exchange_release(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;

	conn->exchange = NULL;
	if (exchange != NULL)
		exchange_give(conn->net, exchange);
}

static struct outbox *outbox_of(struct conn *conn)
{
	if (conn->outbox == NULL)
		conn->outbox = outbox_get(&conn->net->outboxes);
	conn_mark_dirty(conn);
	return conn->outbox;
}

static bool above_soft(const struct conn *conn)
{
	return conn->outbox != NULL &&
	       conn->outbox->bytes > (size_t)conn->net->limits.send_queue_soft_bytes;
}

/* Head and copied body in one blob, a static body behind it. */
static void queue_response(struct conn *conn, const struct http_response *response,
                           const struct exchange *exchange)
{
	struct http_reply_opts opts = {.http_1_0 = exchange != NULL && exchange->http_1_0,
	                               .close = conn->last,
	                               .date = net_date(conn->net)};
	bool with_body = exchange == NULL || !exchange->head_only;
	struct buf *scratch = &conn->net->scratch;
	struct blob *blob;

	buf_reset(scratch);
	http_response_head(scratch, response, &opts);
	if (with_body && !response->body_is_static)
		buf_span(scratch, response->body);
	blob = blob_create(scratch->ptr, scratch->len);
	outbox_add_blob(outbox_of(conn), blob);
	blob_unref(&blob);
	if (with_body && response->body_is_static)
		outbox_add_static(conn->outbox, response->body);
}

static const char *code_of(unsigned status)
{
	if (status == 413 || status == 431)
		return status_code(ST_TOO_LARGE);
	if (status == 429)
		return status_code(ST_RATE_LIMITED);
	return status_code(status >= 500 ? ST_UNAVAILABLE : ST_BAD_REQUEST);
}

/* A problem of RFC 9457, as all errors of the API are. */
void conn_http_refuse(struct conn *conn, unsigned status)
{
	char body[160];
	int len = snprintf(body, sizeof(body),
	                   "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,"
	                   "\"code\":\"%s\"}",
	                   http_reason(status), status, code_of(status));
	struct http_response response = {.status = status,
	                                 .content_type = SPAN_LIT("application/problem+json"),
	                                 .body = {.ptr = body, .len = (size_t)len}};

	MUST(len > 0 && (size_t)len < sizeof(body));
	conn->last = true;
	queue_response(conn, &response, NULL);
	conn_begin_closing(conn, CONN_END_REFUSED);
}

/* Who is behind the proxy, if it is one of ours? */
static void find_client(struct conn *conn, const struct http_request *request)
{
	struct exchange *exchange = conn->exchange;
	struct net *net = conn->net;
	struct sockaddr_storage name;
	int len = sizeof(name);
	struct address peer;

	exchange->proxied = false;
	exchange->https = false;
	if (net->places.proxies_count == 0 || conn->uv.handle.type != UV_TCP)
		return;
	if (uv_tcp_getpeername(&conn->uv.tcp, (struct sockaddr *)&name, &len) != 0)
		return;
	address_from_socket((struct sockaddr *)&name, &peer);
	if (!places_is_proxy(&net->places, &peer))
		return;
	exchange->proxied = places_client(&net->places, http_header(request, "x-forwarded-for"),
	                                  &exchange->client);
	exchange->https = span_is(http_header(request, "x-forwarded-proto"), "https");
}

/* The request is complete. true: it was answered, and the next one may be read. */
static bool handle(struct conn *conn, struct span rest)
{
	struct exchange *exchange = conn->exchange;
	const struct http_request *request = http_parser_request(exchange->parser);
	struct net *net = conn->net;

	exchange->head_only = request->method == METHOD_HEAD;
	exchange->http_1_0 = request->http_1_0;
	exchange->keep_alive = request->keep_alive;
	ws_handshake_check(request, &exchange->handshake);
	find_client(conn, request);
	conn_move(conn, CONN_ANSWER);
	net->stats.requests++;
	exchange->handling = true;
	net->handler.request(net->handler.ctx, conn_id_of(conn), request);
	exchange->handling = false;
	http_parser_reset(exchange->parser);
	if (conn->is_ws || conn->state == CONN_ANSWER || above_soft(conn)) {
		buf_span(&exchange->pending, rest);
		return false;
	}
	return conn->state == CONN_REPLY && !conn->last;
}

static void between_requests(struct conn *conn)
{
	exchange_release(conn);
	if (conn->outbox == NULL && conn->state != CONN_IDLE)
		conn_move(conn, CONN_IDLE);
}

static void incomplete(struct conn *conn, size_t used)
{
	struct exchange *exchange = conn->exchange;

	if (!http_parser_in_body(exchange->parser))
		return;
	if (conn->state != CONN_BODY) {
		conn_move(conn, CONN_BODY);
		exchange->rate_bytes = 0;
	}
	exchange->rate_bytes += used;
}

/* One step of the parser. true: there may be more to do with what is left of `bytes`. */
static bool parse(struct conn *conn, struct span *bytes)
{
	struct exchange *exchange = conn->exchange;
	enum http_progress progress;
	size_t used;

	progress = http_parser_feed(exchange->parser, *bytes, &used);
	bytes->ptr += used;
	bytes->len -= used;
	switch (progress) {
	case HTTP_MORE:
		incomplete(conn, used);
		return false;
	case HTTP_CONTINUE:
		outbox_add_static(outbox_of(conn), SPAN_LIT("HTTP/1.1 100 Continue\r\n\r\n"));
		return true;
	case HTTP_READY:
		return handle(conn, *bytes);
	case HTTP_REFUSED:
		conn_http_refuse(conn, http_parser_refusal(exchange->parser));
		return false;
	}
	MUST(0);
	return false;
}

static void run(struct conn *conn, struct span bytes)
{
	if (conn->exchange == NULL)
		conn->exchange = exchange_take(conn->net);
	do {
		bool empty = http_parser_is_empty(conn->exchange->parser);

		if (empty && bytes.len == 0) {
			between_requests(conn);
			return;
		}
		if (empty && conn->state != CONN_HEAD)
			conn_move(conn, CONN_HEAD);
	} while (parse(conn, &bytes));
}

void conn_http_feed(struct conn *conn, struct span bytes)
{
	bool waits = conn->exchange != NULL && conn->exchange->pending.len > 0;

	if (conn->last)
		return;
	if (conn->state == CONN_ANSWER || waits) {
		buf_span(&conn->exchange->pending, bytes);
		conn_read(conn, false);
		return;
	}
	run(conn, bytes);
}

void conn_http_resume(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	struct buf pending;

	if (exchange == NULL || conn->state != CONN_REPLY || conn->last || above_soft(conn))
		return;
	pending = exchange->pending;
	exchange->pending = (struct buf){0};
	run(conn, (struct span){.ptr = pending.ptr, .len = pending.len});
	buf_fini(&pending);
	if (conn->state == CONN_CLOSING || conn->state == CONN_CLOSED || conn->last)
		return;
	if (conn->peer_ended && conn->outbox == NULL && conn->state != CONN_ANSWER)
		conn_close(conn, CONN_END_DONE);
	else if (conn->exchange == NULL || conn->exchange->pending.len == 0)
		conn_read(conn, true);
}

void conn_http_flushed(struct conn *conn)
{
	bool waits = conn->exchange != NULL && conn->state == CONN_REPLY;

	if (conn->state == CONN_ANSWER)
		return;
	if (conn->last || conn->net->draining) {
		conn->last = true;
		conn_begin_closing(conn, CONN_END_DONE);
	} else if (waits) {
		conn_mark_dirty(conn); /* the flush resumes it */
	} else if (conn->peer_ended) {
		conn_begin_closing(conn, CONN_END_DONE);
	} else if (conn->state == CONN_REPLY) {
		conn_move(conn, CONN_IDLE);
	}
}

static void look_at_rate(struct conn *conn)
{
	int64_t least = conn->net->limits.body_bytes_per_s * BODY_LOOK_MS(conn->net) / SEC_MS;

	if ((int64_t)conn->exchange->rate_bytes < least) {
		conn_http_refuse(conn, 408);
		return;
	}
	conn->exchange->rate_bytes = 0;
	conn_move(conn, CONN_BODY);
}

void conn_http_expire(struct conn *conn)
{
	if (conn->state == CONN_BODY)
		look_at_rate(conn);
	else if (conn->state == CONN_ANSWER)
		conn_http_refuse(conn, 503);
	else if (conn->state == CONN_HEAD && conn->exchange != NULL && conn->outbox == NULL)
		conn_http_refuse(conn, 408);
	else
		conn_close(conn, CONN_END_TIMEOUT);
}

static struct conn *waiting(struct net *net, struct conn_id id)
{
	struct conn *conn = conn_find(net, id);

	return conn != NULL && conn->state == CONN_ANSWER ? conn : NULL;
}

void conn_respond(struct net *net, struct conn_id id, const struct http_response *response)
{
	struct conn *conn = waiting(net, id);

	if (conn == NULL)
		return;
	conn->last |= response->close || !conn->exchange->keep_alive || net->draining;
	queue_response(conn, response, conn->exchange);
	conn_move(conn, CONN_REPLY);
}

static void refuse_upgrade(struct net *net, struct conn_id id, unsigned status)
{
	static const struct http_header headers[] = {
		HTTP_HEADER("Upgrade", "websocket"),
		HTTP_HEADER("Sec-WebSocket-Version", "13"),
		HTTP_HEADER("Cache-Control", "no-store"),
	};

	conn_respond(net, id,
	             &(struct http_response){.status = status,
	                                     .content_type = SPAN_LIT("text/plain; charset=utf-8"),
	                                     .headers = status == 426 ? headers : headers + 2,
	                                     .headers_count = status == 426 ? 3 : 1,
	                                     .body = span_of(http_reason(status)),
	                                     .close = true});
}

enum status conn_upgrade(struct net *net, struct conn_id id, const struct conn_upgrade *upgrade)
{
	struct conn *conn = waiting(net, id);
	struct exchange *exchange;
	struct blob *reply;

	if (conn == NULL)
		return ST_NOT_FOUND;
	if (conn->peer_ended) {
		conn_close(conn, CONN_END_PEER);
		return ST_NOT_FOUND;
	}
	exchange = conn->exchange;
	if (exchange->handshake.refusal != 0) {
		refuse_upgrade(net, id, exchange->handshake.refusal);
		return ST_BAD_REQUEST;
	}
	if (exchange->proxied && conn->place == NULL) {
		conn->place = places_enter(&net->places, &exchange->client,
		                           net->limits.connections_per_address);
		if (conn->place == NULL) {
			refuse_upgrade(net, id, 429);
			return ST_RATE_LIMITED;
		}
	}
	conn->proxied = exchange->proxied;
	conn->https = exchange->https;
	conn->is_ws = true;
	conn->user = upgrade->user;
	ws_init(&conn->ws, upgrade->message_bytes);
	buf_reset(&net->scratch);
	ws_handshake_reply(&net->scratch, &exchange->handshake);
	reply = blob_create(net->scratch.ptr, net->scratch.len);
	outbox_add_blob(outbox_of(conn), reply);
	blob_unref(&reply);
	conn_move(conn, CONN_OPEN);
	net->stats.upgrades++;
	net->stats.websockets++;
	return ST_OK;
}

enum status conn_peer(const struct net *net, struct conn_id id, struct conn_peer *out)
{
	const struct conn *conn = conn_find(net, id);
	const struct address *client = NULL; /* of a proxy */
	struct address address = {0};
	struct sockaddr_storage name;
	int len = sizeof(name);

	if (conn == NULL)
		return ST_NOT_FOUND;
	*out = (struct conn_peer){.tag = conn->tag, .proxied = conn->proxied, .https = conn->https};
	if (conn->is_ws) {
		client = place_address(conn->place);
	} else if (conn->exchange != NULL) {
		client = &conn->exchange->client;
		out->proxied = conn->exchange->proxied;
		out->https = conn->exchange->https;
	}
	if (out->proxied && client != NULL)
		address = *client;
	else if (conn->uv.handle.type == UV_TCP &&
	         uv_tcp_getpeername(&conn->uv.tcp, (struct sockaddr *)&name, &len) == 0)
		address_from_socket((struct sockaddr *)&name, &address);
	address_print(&address, out->address);
	return ST_OK;
}
