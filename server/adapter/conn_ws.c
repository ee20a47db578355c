/* SPDX-License-Identifier: MIT */
/* A connection as a websocket. */
#include "adapter/net.h"
#include "base/must.h"

static bool is_live(const struct conn *conn)
{
	return conn->is_ws && conn->state != CONN_CLOSING && conn->state != CONN_CLOSED;
}

static struct conn *conn_of(struct ws *ws)
{
	return container_of(ws, struct conn, ws);
}

/* Adds a frame; over the hard limit the peer is given up at the flush. false: it is. */
static bool add(struct conn *conn, struct blob *frame)
{
	size_t hard = (size_t)conn->net->limits.send_queue_bytes;
	struct outbox *outbox = conn->outbox;

	if (conn->slow)
		return false;
	if (outbox == NULL)
		outbox = conn->outbox = outbox_get(&conn->net->outboxes);
	if (hard > 0 && outbox->bytes > 0 && outbox->bytes + frame->len > hard) {
		/* Perhaps it is only this turn that was rich; an error shows again at the flush. */
		(void)outbox_try(outbox, &conn->uv.stream);
		conn->slow = outbox->bytes > 0 && outbox->bytes + frame->len > hard;
	}
	if (conn->slow)
		return false;
	outbox_add_blob(outbox, frame);
	conn->net->stats.frames_out++;
	if (outbox->bytes > (size_t)conn->net->limits.send_queue_soft_bytes)
		conn->above_soft = true;
	return true;
}

static void queue(struct conn *conn, struct blob *frame)
{
	(void)add(conn, frame);
	conn_mark_dirty(conn);
}

static void on_message(struct ws *ws, bool binary, struct span payload)
{
	struct conn *conn = conn_of(ws);
	struct net *net = conn->net;

	net->stats.messages_in++;
	net->handler.message(net->handler.ctx, conn_id_of(conn), binary, payload);
}

static void on_pong(struct ws *ws, struct blob *frame)
{
	queue(conn_of(ws), frame);
	blob_unref(&frame);
}

const struct ws_events conn_ws_events = {.message = on_message, .pong = on_pong};

/* On which list is a websocket that was just heard? */
static void heard(struct conn *conn, bool had_message)
{
	if (ws_is_partial(&conn->ws)) {
		if (conn->state != CONN_PARTIAL || had_message)
			conn_move(conn, CONN_PARTIAL);
		return;
	}
	/* To move it each time would touch its neighbours' memory for nothing. */
	if (conn->state != CONN_OPEN || net_mono(conn->net) - conn->since >= LIST_GRAIN)
		conn_move(conn, CONN_OPEN);
}

static void ended(struct conn *conn, enum ws_state state, uint16_t code)
{
	if (conn->state == CONN_CLOSING) {
		/* The answer to our close, or nonsense instead of it. */
		conn->peer_ended = true;
		conn_mark_dirty(conn);
		return;
	}
	if (state == WS_CLOSED)
		conn->peer_ended = true;
	else
		conn->last = true;
	conn_ws_end(conn, state == WS_CLOSED ? CONN_END_PEER : CONN_END_PROTOCOL, code, "");
}

static void feed(struct conn *conn, struct span bytes)
{
	struct net *net = conn->net;
	uint64_t messages = net->stats.messages_in;
	uint16_t code = 0;
	enum ws_state state;

	if (conn->slow)
		return;
	state = ws_feed(&conn->ws, net->ws_pool, bytes, net_mono(net), &code);
	if (state != WS_OPEN) {
		ended(conn, state, code);
		return;
	}
	if (!is_live(conn))
		return;
	heard(conn, net->stats.messages_in != messages);
	/* A peer that does not read what it asks for is not read either. */
	if (conn->above_soft)
		conn_read(conn, false);
}

void conn_ws_adopt(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;

	if (exchange == NULL)
		return;
	MUST(!exchange->handling);
	conn->exchange = NULL;
	feed(conn, (struct span){.ptr = exchange->pending.ptr, .len = exchange->pending.len});
	exchange_give(conn->net, exchange);
	if (!conn->above_soft)
		conn_read(conn, true);
}

void conn_ws_feed(struct conn *conn, struct span bytes)
{
	conn_ws_adopt(conn);
	if (conn->state != CONN_CLOSED && !(conn->state == CONN_CLOSING && conn->last))
		feed(conn, bytes);
}

void conn_ws_tell(struct conn *conn, enum conn_end why)
{
	struct net *net = conn->net;

	if (!conn->is_ws || conn->told)
		return;
	conn->told = true;
	net->handler.closed(net->handler.ctx, conn_id_of(conn), why);
}

void conn_ws_end(struct conn *conn, enum conn_end why, uint16_t code, const char *reason)
{
	struct blob *frame = ws_close_frame(code, span_of(reason));

	ws_stop(&conn->ws);
	if (conn->outbox == NULL)
		conn->outbox = outbox_get(&conn->net->outboxes);
	if (why == CONN_END_SLOW)
		outbox_cut(conn->outbox);
	outbox_add_blob(conn->outbox, frame);
	blob_unref(&frame);
	conn_begin_closing(conn, why);
}

void conn_ws_expire(struct conn *conn)
{
	struct net *net = conn->net;

	if (conn->state == CONN_OPEN) {
		conn_move(conn, CONN_PINGED);
		net->handler.ping(net->handler.ctx, conn_id_of(conn));
	} else if (conn->state == CONN_PARTIAL) {
		conn->last = true;
		conn_ws_end(conn, CONN_END_TIMEOUT, 1008, "message took too long");
	} else {
		conn_ws_end(conn, CONN_END_TIMEOUT, 1001, "no sign of life");
	}
}

void net_send(struct net *net, struct conn_id id, struct blob *frame)
{
	struct conn *conn = conn_find(net, id);

	if (conn != NULL && is_live(conn))
		queue(conn, frame);
}

void net_send_later(struct net *net, struct conn_id id, struct blob *frame)
{
	struct conn *conn = conn_find(net, id);

	if (conn == NULL || !is_live(conn))
		return;
	if (add(conn, frame))
		conn_later(conn);
	else
		conn_mark_dirty(conn);
}

size_t net_queued(const struct net *net, struct conn_id id)
{
	const struct conn *conn = conn_find(net, id);

	return conn != NULL && conn->outbox != NULL ? conn->outbox->bytes : 0;
}

void net_close(struct net *net, struct conn_id id, uint16_t code, const char *reason)
{
	struct conn *conn = conn_find(net, id);

	if (conn != NULL && is_live(conn) && !conn->slow)
		conn_ws_end(conn, CONN_END_OWNER, code, reason);
}
