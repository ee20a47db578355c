/* SPDX-License-Identifier: MIT */
/* A connection from accept to the last close callback.
 *
 *   HEAD > BODY > ANSWER > REPLY > IDLE > HEAD …      HTTP (conn_http.c)
 *                   '> OPEN <> PINGED, PARTIAL        websocket (conn_ws.c)
 *   any > CLOSING > CLOSED, or straight to CLOSED
 *
 * CLOSING: the last words are queued. When they are out and the peer has ended too, it is
 * CLOSED; with `last` our end is shut first, so that a peer that still sends gets to read them
 * (a close with unread bytes would reset the connection). */
#include <stdlib.h>
#include <sys/socket.h>

#include "adapter/net.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define NO_SLOT UINT32_MAX

static struct conn *conn_from_handle(uv_handle_t *handle)
{
	struct conn *conn = container_of(handle, struct conn, uv.handle);

	MUST(handle->data == conn->net);
	return conn;
}

/* --- ids --- */

static void slot_take(struct net *net, struct conn *conn)
{
	uint32_t index = net->free_slot;

	if (index == NO_SLOT) {
		if (net->slots_count == net->slots_size) {
			net->slots_size = net->slots_size > 0 ? net->slots_size * 2 : 64;
			net->slots = xrealloc(net->slots, net->slots_size * sizeof(*net->slots));
		}
		index = net->slots_count++;
		net->slots[index] = (struct conn_slot){.generation = 1};
	} else {
		net->free_slot = net->slots[index].next_free;
	}
	net->slots[index].conn = conn;
	conn->index = index;
}

static void slot_give(struct net *net, uint32_t index)
{
	net->slots[index].conn = NULL;
	net->slots[index].generation++;
	net->slots[index].next_free = net->free_slot;
	net->free_slot = index;
}

struct conn_id conn_id_of(const struct conn *conn)
{
	uint64_t generation = conn->net->slots[conn->index].generation;

	return (struct conn_id){.v = generation << 32 | conn->index};
}

/* Also one that is closed but not yet gone. */
static struct conn *slot_find(const struct net *net, struct conn_id id)
{
	uint32_t index = (uint32_t)(id.v & UINT32_MAX);

	if (index >= net->slots_count || net->slots[index].generation != id.v >> 32)
		return NULL;
	return net->slots[index].conn;
}

struct conn *conn_find(const struct net *net, struct conn_id id)
{
	struct conn *conn = slot_find(net, id);

	return conn != NULL && conn->state != CONN_CLOSED ? conn : NULL;
}

uint64_t conn_user(const struct net *net, struct conn_id id)
{
	const struct conn *conn = slot_find(net, id);

	return conn != NULL ? conn->user : 0;
}

/* --- states --- */

void conn_move(struct conn *conn, enum conn_state to)
{
	struct net *net = conn->net;

	MUST(conn->state != CONN_CLOSED && to != CONN_CLOSED);
	TAILQ_REMOVE(&net->lists[conn->state], conn, link);
	conn->state = (uint8_t)to;
	conn->since = net_mono(net);
	TAILQ_INSERT_TAIL(&net->lists[to], conn, link);
}

void conn_mark_dirty(struct conn *conn)
{
	struct net *net = conn->net;

	if (conn->dirty || conn->state == CONN_CLOSED)
		return;
	conn->dirty = true;
	conn->dirty_next = NULL;
	if (net->dirty_last != NULL)
		net->dirty_last->dirty_next = conn;
	else
		net->dirty_first = conn;
	net->dirty_last = conn;
}

static void on_closed(uv_handle_t *handle)
{
	struct conn *conn = conn_from_handle(handle);
	struct net *net = conn->net;

	conn_ws_tell(conn, (enum conn_end)conn->end);
	net->stats.ended[conn->end]++;
	net->stats.open--;
	if (conn->is_ws)
		net->stats.websockets--;
	log_debug("conn.closed", "conn=%u why=%s", conn->index,
	          conn_end_name((enum conn_end)conn->end));
	ws_release(&conn->ws);
	exchange_release(conn);
	outbox_put(&net->outboxes, &conn->outbox);
	places_leave(&net->places, &conn->place);
	slot_give(net, conn->index);
	free(conn);
	net_conn_gone(net);
}

void conn_close(struct conn *conn, enum conn_end why)
{
	if (conn->state == CONN_CLOSED)
		return;
	if (conn->state != CONN_CLOSING)
		conn->end = (uint8_t)why;
	conn_later_leave(conn);
	TAILQ_REMOVE(&conn->net->lists[conn->state], conn, link);
	conn->state = CONN_CLOSED;
	uv_close(&conn->uv.handle, on_closed);
}

void conn_begin_closing(struct conn *conn, enum conn_end why)
{
	conn->end = (uint8_t)why;
	conn_move(conn, CONN_CLOSING);
	conn_mark_dirty(conn);
	/* What the peer says now decides when it is over: listen, whatever paused us. */
	conn_read(conn, true);
}

/* CLOSING, and everything is out. */
static void closing_step(struct conn *conn)
{
	uv_os_fd_t fd;

	if (conn->peer_ended) {
		conn_close(conn, (enum conn_end)conn->end);
		return;
	}
	if (!conn->last || conn->shut)
		return;
	conn->shut = true;
	if (uv_fileno(&conn->uv.handle, &fd) != 0 || shutdown(fd, SHUT_WR) != 0)
		conn_close(conn, (enum conn_end)conn->end);
}

void conn_expire(struct conn *conn)
{
	switch ((enum conn_state)conn->state) {
	case CONN_HEAD:
	case CONN_IDLE:
	case CONN_BODY:
	case CONN_ANSWER:
	case CONN_REPLY:
		conn_http_expire(conn);
		return;
	case CONN_OPEN:
	case CONN_PINGED:
	case CONN_PARTIAL:
		conn_ws_expire(conn);
		return;
	case CONN_CLOSING:
		conn_close(conn, (enum conn_end)conn->end);
		return;
	case CONN_CLOSED:
		break;
	}
	MUST(0);
}

/* --- reading --- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct conn *conn = conn_from_handle(handle);

	(void)suggested;
	*out = uv_buf_init(conn->net->slab, READ_SLAB);
}

static void peer_ended(struct conn *conn, ssize_t error)
{
	bool busy = conn->outbox != NULL || conn->state == CONN_ANSWER;

	if (error != UV_EOF || !busy || (conn->is_ws && conn->state != CONN_CLOSING)) {
		conn_close(conn, error == UV_EOF ? CONN_END_PEER : CONN_END_ERROR);
		return;
	}
	/* It only shut its end, and may still read: it gets what it is owed. */
	conn_read(conn, false);
	conn->peer_ended = true;
}

static void take_bytes(struct conn *conn, struct span bytes)
{
	if (conn->state == CONN_CLOSING && (conn->last || conn->peer_ended))
		return;
	if (conn->is_ws)
		conn_ws_feed(conn, bytes);
	else
		conn_http_feed(conn, bytes);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	struct conn *conn = conn_from_handle((uv_handle_t *)stream);

	if (len == 0)
		return;
	if (len < 0) {
		peer_ended(conn, len);
		return;
	}
	conn->net->stats.bytes_in += (uint64_t)len;
	take_bytes(conn, (struct span){.ptr = buf->base, .len = (size_t)len});
}

void conn_read(struct conn *conn, bool on)
{
	if (conn->reading == on || conn->state == CONN_CLOSED || conn->peer_ended)
		return;
	conn->reading = on;
	if (!on)
		(void)uv_read_stop(&conn->uv.stream);
	else if (uv_read_start(&conn->uv.stream, on_alloc, on_read) != 0)
		conn_close(conn, CONN_END_ERROR);
}

/* --- writing --- */

static void on_written(struct outbox *outbox, int error)
{
	struct conn *conn = outbox->owner;

	if (conn->state == CONN_CLOSED)
		return;
	if (error != 0) {
		conn_close(conn, CONN_END_ERROR);
		return;
	}
	if (conn->state == CONN_REPLY)
		conn_move(conn, CONN_REPLY); /* progress */
	conn_mark_dirty(conn);
}

/* Everything is out. */
static void emptied(struct conn *conn)
{
	bool was_above = conn->above_soft;

	outbox_put(&conn->net->outboxes, &conn->outbox);
	conn->above_soft = false;
	if (conn->state == CONN_CLOSING) {
		closing_step(conn);
		return;
	}
	if (!conn->is_ws) {
		conn_http_flushed(conn);
		return;
	}
	conn_read(conn, true);
	if (was_above && conn->state != CONN_CLOSED && conn->net->handler.drained != NULL)
		conn->net->handler.drained(conn->net->handler.ctx, conn_id_of(conn));
}

static void write_out(struct conn *conn)
{
	struct outbox *outbox = conn->outbox;
	size_t before;
	int error;

	if (outbox == NULL) {
		if (conn->state == CONN_CLOSING)
			closing_step(conn);
		return;
	}
	if (outbox->running > 0)
		return;
	before = outbox->bytes;
	outbox->owner = conn;
	error = outbox_try(outbox, &conn->uv.stream);
	conn->net->stats.writes++;
	conn->net->stats.bytes_out += before - outbox->bytes;
	if (error == 0 && outbox->bytes == 0) {
		emptied(conn);
		return;
	}
	if (error == 0) {
		error = outbox_start(outbox, &conn->uv.stream, on_written);
		conn->net->stats.bytes_out += outbox->running;
	}
	if (error != 0)
		conn_close(conn, CONN_END_ERROR);
}

void conn_flush(struct conn *conn)
{
	if (conn->state == CONN_CLOSED)
		return;
	conn_later_leave(conn);
	if (conn->slow && conn->state != CONN_CLOSING)
		conn_ws_end(conn, CONN_END_SLOW, 1013, "try again later");
	if (conn->is_ws)
		conn_ws_adopt(conn);
	else
		conn_http_resume(conn);
	if (conn->state == CONN_CLOSING)
		conn_ws_tell(conn, (enum conn_end)conn->end);
	if (conn->state != CONN_CLOSED)
		write_out(conn);
}

/* --- accepting --- */

static int handle_open(struct net *net, struct conn *conn, uv_stream_t *server)
{
	int error = server->type == UV_TCP ? uv_tcp_init(net->loop, &conn->uv.tcp)
	                                   : uv_pipe_init(net->loop, &conn->uv.pipe, 0);

	MUST(error == 0);
	conn->uv.handle.data = net;
	return uv_accept(server, &conn->uv.stream);
}

/* Counts it by its address, unless it is a proxy or local. false: too many. */
static bool enter_place(struct conn *conn)
{
	struct net *net = conn->net;
	struct sockaddr_storage name;
	struct address address;
	int len = sizeof(name);

	if (conn->uv.handle.type != UV_TCP || net->limits.connections_per_address == 0)
		return true;
	if (uv_tcp_getpeername(&conn->uv.tcp, (struct sockaddr *)&name, &len) != 0)
		return false;
	address_from_socket((struct sockaddr *)&name, &address);
	if (places_is_proxy(&net->places, &address))
		return true;
	conn->place = places_enter(&net->places, &address, net->limits.connections_per_address);
	return conn->place != NULL;
}

static bool is_welcome(struct conn *conn)
{
	static const char sorry[] = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n"
				    "Retry-After: 10\r\nConnection: close\r\n\r\n";
	struct net *net = conn->net;
	union {
		const char *in;
		char *out;
	} text = {.in = sorry};
	uv_buf_t buf = uv_buf_init(text.out, sizeof(sorry) - 1);

	if (net->draining || net->stats.open > (uint64_t)net->limits.connections)
		return false;
	if (enter_place(conn))
		return true;
	(void)uv_try_write(&conn->uv.stream, &buf, 1);
	return false;
}

void conn_accept(struct net *net, uv_stream_t *server, unsigned tag)
{
	struct conn *conn = xcalloc(1, sizeof(*conn));
	int error;

	conn->net = net;
	conn->tag = (uint8_t)tag;
	error = handle_open(net, conn, server);
	slot_take(net, conn);
	conn->state = CONN_HEAD;
	conn->since = net_mono(net);
	TAILQ_INSERT_TAIL(&net->lists[CONN_HEAD], conn, link);
	net->stats.open++;
	if (net->stats.open > net->peak)
		net->peak = net->stats.open;
	if (error != 0) {
		conn_close(conn, CONN_END_ERROR);
		return;
	}
	net->stats.accepted++;
	if (!is_welcome(conn)) {
		net->stats.refused++;
		conn_close(conn, CONN_END_REFUSED);
		return;
	}
	conn_read(conn, true);
}
