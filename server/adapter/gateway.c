/* SPDX-License-Identifier: MIT */
#include "adapter/gateway.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/wire.h"
#include "proto/ws.h"

#define SEATS_FIRST    64
#define FAREWELL_STEPS 20 /* a second, at one step in 50 ms */
#define FAREWELL_LEAST 100
#define FAREWELL_PAUSE 5 /* steps between the last bye and the first close */
#define COME_BACK_MS   500
#define COME_BACK_EACH 10 /* ms a websocket: those who come back are spread */
#define COME_BACK_MOST 5000

/* One websocket. conn_user() is its place in the table, plus one. */
struct seat {
	struct conn_id conn; /* 0: free */
	mono_ms opened_at;
	uint32_t next_free;
	uint8_t audience;
	bool greeted;
};

struct gateway {
	struct outlet outlet; /* first */
	struct gateway_limits limits;
	struct net *net;
	struct desk *desk;
	struct seat *seats;
	uint32_t seats_count, seats_size;
	uint32_t free_seat; /* place + 1; 0: none */
	size_t taken;
	struct buf text; /* of one frame */
	struct wire_said said;
	uint32_t step; /* of the farewell */
	uint32_t told, closed;
};

static struct gateway *gateway_of(struct outlet *outlet)
{
	return container_of(outlet, struct gateway, outlet);
}

/* --- out --- */

static struct blob *encode(struct gateway *gateway, const struct frame_out *frame)
{
	wire_say(&gateway->text, frame, &gateway->said);
	return ws_frame(WS_TEXT, (struct span){.ptr = gateway->text.ptr, .len = gateway->text.len});
}

/* What its reader knows already: that it was heard, and its own words. */
static bool may_wait(const struct frame_out *frame)
{
	return frame->type == OUT_ACK || (frame->type == OUT_MESSAGE && frame->u.message.show_id);
}

static void outlet_send(struct outlet *outlet, const struct conn_id *to, size_t count,
                        const struct frame_out *frame)
{
	struct gateway *gateway = gateway_of(outlet);
	struct blob *blob;

	if (count == 0)
		return;
	blob = encode(gateway, frame);
	for (size_t i = 0; i < count; i++) {
		if (may_wait(frame))
			net_send_later(gateway->net, to[i], blob);
		else
			net_send(gateway->net, to[i], blob);
	}
	blob_unref(&blob);
}

static size_t outlet_queued(struct outlet *outlet, struct conn_id conn)
{
	return net_queued(gateway_of(outlet)->net, conn);
}

static void outlet_hangup(struct outlet *outlet, struct conn_id conn, enum hangup why)
{
	static const struct {
		uint16_t code;
		const char *text;
	} rows[] = {
#define HANGUP_ROW(name, code, text) {code, text},
		HANGUP_TABLE(HANGUP_ROW)
#undef HANGUP_ROW
	};

	MUST((size_t)why < ARRAY_LEN(rows));
	net_close(gateway_of(outlet)->net, conn, rows[why].code, rows[why].text);
}

static const struct outlet_ops outlet_ops = {
	.send = outlet_send,
	.queued = outlet_queued,
	.hangup = outlet_hangup,
};

struct gateway *gateway_create(const struct gateway_limits *limits, size_t soft_limit)
{
	struct gateway *gateway = xcalloc(1, sizeof(*gateway));

	gateway->outlet = (struct outlet){.ops = &outlet_ops, .soft_limit = soft_limit};
	gateway->limits = *limits;
	return gateway;
}

void gateway_destroy(struct gateway **gateway)
{
	if (*gateway == NULL)
		return;
	free((*gateway)->seats);
	buf_fini(&(*gateway)->text);
	free(*gateway);
	*gateway = NULL;
}

void gateway_connect(struct gateway *gateway, struct net *net, struct desk *desk)
{
	gateway->net = net;
	gateway->desk = desk;
}

struct outlet *gateway_outlet(struct gateway *gateway)
{
	return &gateway->outlet;
}

/* --- seats --- */

static uint32_t seat_take(struct gateway *gateway)
{
	uint32_t at;

	if (gateway->free_seat != 0) {
		at = gateway->free_seat - 1;
		gateway->free_seat = gateway->seats[at].next_free;
	} else {
		if (gateway->seats_count == gateway->seats_size) {
			gateway->seats_size =
				gateway->seats_size > 0 ? gateway->seats_size * 2 : SEATS_FIRST;
			gateway->seats = xrealloc(gateway->seats,
			                          gateway->seats_size * sizeof(*gateway->seats));
		}
		at = gateway->seats_count++;
	}
	gateway->seats[at] = (struct seat){0};
	gateway->taken++;
	return at;
}

static void seat_leave(struct gateway *gateway, uint32_t at)
{
	gateway->seats[at] = (struct seat){.next_free = gateway->free_seat};
	gateway->free_seat = at + 1;
	gateway->taken--;
}

/* NULL: gone. */
static struct seat *seat_of(struct gateway *gateway, struct conn_id conn)
{
	uint64_t user = conn_user(gateway->net, conn);

	if (user == 0 || user > gateway->seats_count || gateway->seats[user - 1].conn.v != conn.v)
		return NULL;
	return &gateway->seats[user - 1];
}

void gateway_upgrade(struct gateway *gateway, struct conn_id conn, const struct desk_peer *peer)
{
	uint32_t at = seat_take(gateway);
	const struct conn_upgrade upgrade = {
		.message_bytes = (uint32_t)(peer->audience == AUDIENCE_VISITOR
	                                            ? gateway->limits.visitor_frame_bytes
	                                            : gateway->limits.agent_frame_bytes),
		.user = (uint64_t)at + 1,
	};

	if (conn_upgrade(gateway->net, conn, &upgrade) != ST_OK) {
		seat_leave(gateway, at);
		return;
	}
	gateway->seats[at] = (struct seat){
		.conn = conn,
		.opened_at = net_mono(gateway->net),
		.audience = (uint8_t)peer->audience,
	};
	if (gateway->desk->ops->opened(gateway->desk, conn, peer, net_now(gateway->net)) != ST_OK)
		outlet_hangup(&gateway->outlet, conn, HANGUP_TOO_MANY);
}

/* --- in --- */

static void refuse(struct gateway *gateway, struct conn_id conn, enum status st,
                   const struct wire_refusal *refusal)
{
	const struct frame_out frame = {
		.type = OUT_ERROR,
		.u.error = {.id = refusal->id, .status = st, .message = refusal->message},
	};

	outlet_send(&gateway->outlet, &conn, 1, &frame);
}

void gateway_message(struct gateway *gateway, struct conn_id conn, bool binary, struct span payload)
{
	struct seat *seat = seat_of(gateway, conn);
	struct arena arena = {0};
	struct wire_refusal refusal;
	struct frame_in frame;
	enum status st;

	if (seat == NULL)
		return;
	const struct wire_reader reader = {
		.audience = (enum audience)seat->audience,
		.message_chars = (size_t)gateway->limits.message_chars,
		.arena = &arena,
	};
	if (binary)
		payload.len = 0; /* no frame is binary: as what is no JSON */
	st = wire_decode(&reader, payload, &frame, &refusal);
	if (st != ST_OK) {
		refuse(gateway, conn, st, &refusal);
	} else if (frame.type != IN_PONG || frame.id.len > 0) {
		seat->greeted = seat->greeted || frame.type == IN_HELLO;
		gateway->desk->ops->frame(gateway->desk, conn, &frame, net_now(gateway->net));
	}
	arena_fini(&arena);
}

void gateway_drained(struct gateway *gateway, struct conn_id conn)
{
	gateway->desk->ops->drained(gateway->desk, conn);
}

void gateway_ping(struct gateway *gateway, struct conn_id conn)
{
	const struct frame_out frame = {
		.type = OUT_PING,
		.u.ping = {gateway->desk->ops->newest_seq(gateway->desk, conn)},
	};

	outlet_send(&gateway->outlet, &conn, 1, &frame);
}

void gateway_closed(struct gateway *gateway, struct conn_id conn)
{
	struct seat *seat = seat_of(gateway, conn);

	MUST(seat != NULL);
	seat_leave(gateway, (uint32_t)(seat - gateway->seats));
	gateway->desk->ops->closed(gateway->desk, conn, net_now(gateway->net));
}

void gateway_tick(struct gateway *gateway)
{
	mono_ms late = net_mono(gateway->net) - gateway->limits.hello_s * SEC_MS;

	if (gateway->limits.hello_s == 0)
		return;
	for (uint32_t i = 0; i < gateway->seats_count; i++) {
		const struct seat *seat = &gateway->seats[i];

		if (seat->conn.v != 0 && !seat->greeted && seat->opened_at <= late)
			outlet_hangup(&gateway->outlet, seat->conn, HANGUP_NO_HELLO);
	}
}

/* --- the end --- */

/* Spread by the multiplicative hash of the id: as good as chance here. */
static int64_t come_back_ms(const struct gateway *gateway, struct conn_id conn)
{
	uint64_t hash = (conn.v * UINT64_C(0x9E3779B97F4A7C15)) >> 33;
	int64_t spread = (int64_t)gateway->taken * COME_BACK_EACH;

	if (spread > COME_BACK_MOST)
		spread = COME_BACK_MOST;
	return COME_BACK_MS + (spread > 0 ? (int64_t)(hash % (uint64_t)spread) : 0);
}

static void bye(struct gateway *gateway, struct conn_id conn)
{
	const struct frame_out frame = {
		.type = OUT_BYE,
		.u.bye = {come_back_ms(gateway, conn)},
	};

	outlet_send(&gateway->outlet, &conn, 1, &frame);
}

static uint32_t stride(const struct gateway *gateway)
{
	uint32_t share = gateway->seats_count / FAREWELL_STEPS;

	return share > FAREWELL_LEAST ? share : FAREWELL_LEAST;
}

bool gateway_farewell(struct gateway *gateway)
{
	uint32_t count = gateway->seats_count;

	for (uint32_t i = stride(gateway); i > 0 && gateway->told < count; i--) {
		struct conn_id conn = gateway->seats[gateway->told++].conn;

		if (conn.v != 0)
			bye(gateway, conn);
	}
	if (gateway->told < count || gateway->step++ < FAREWELL_PAUSE)
		return gateway->taken == 0;
	for (uint32_t i = stride(gateway); i > 0 && gateway->closed < count; i--) {
		struct conn_id conn = gateway->seats[gateway->closed++].conn;

		if (conn.v != 0)
			outlet_hangup(&gateway->outlet, conn, HANGUP_RESTART);
	}
	return gateway->closed == count;
}
