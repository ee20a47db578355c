/* SPDX-License-Identifier: MIT */
/* Receiving. wslay parses, unmasks and checks UTF-8 (but for the plain case, which is in
 * ws_plain.c); messages are put together here, because its own buffering costs up to 96 times
 * the payload. What it would send (pongs, closes) is
 * caught in `out` and goes the way of all frames.
 *
 * A context is lent while bytes were fed that no complete frame accounts for, or a message is
 * open: wslay insists on the shortest length form, so each frame's size on the wire is known
 * from its payload. */
#include "proto/ws.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <wslay/wslay.h>

#include "base/mem.h"
#include "base/must.h"
#include "proto/utf8.h"
#include "proto/ws_plain.h"

#define FREE_MAX   64U    /* contexts that wait in the pool */
#define KEEP_BYTES 16384U /* of a message buffer in the pool */
#define HEADER_MAX 14U
#define OUT_MAX    (2U + WS_CONTROL_MAX)

#define CODE_NONE     0
#define CODE_PROTOCOL 1002
#define CODE_UTF8     1007
#define CODE_POLICY   1008
#define CODE_TOO_BIG  1009

struct ws_loan {
	LIST_ENTRY(ws_loan) free;
	wslay_event_context_ptr wslay;
	struct ws_pool *pool;
	struct ws *ws; /* whose it is now */
	struct span input;
	uint64_t fed, framed; /* bytes of this loan: given to wslay, in frames that it began */
	mono_ms now;
	uint8_t header[HEADER_MAX]; /* what came of one that wslay has not begun yet */
	size_t header_len;
	/* the message */
	struct buf text;
	struct span whole; /* the payload in one piece: not copied */
	unsigned fragments;
	bool open, last;
	/* the frame */
	uint8_t opcode;
	uint64_t payload;
	uint8_t control[WS_CONTROL_MAX];
	size_t control_len;
	/* the end */
	bool ending, peer_closed;
	uint16_t code;
	uint8_t out[OUT_MAX];
	size_t out_len;
};

LIST_HEAD(ws_loans, ws_loan);

struct ws_pool {
	struct ws_limits limits;
	struct ws_events events;
	struct ws_loans free;
	unsigned free_count;
	bool reading; /* `plain` is in use */
	char plain[WS_PLAIN_MAX];
};

static void loan_end(struct ws_loan *loan, uint16_t code)
{
	if (!loan->ending) {
		loan->ending = true;
		loan->code = code;
	}
}

static struct ws_loan *loan_of(void *user_data)
{
	return user_data;
}

static ssize_t on_recv(wslay_event_context_ptr wslay, uint8_t *buf, size_t len, int flags,
                       void *user_data)
{
	struct ws_loan *loan = loan_of(user_data);

	(void)flags;
	if (loan->input.len == 0 || loan->ending) {
		wslay_event_set_error(wslay, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	if (len > loan->input.len)
		len = loan->input.len;
	memcpy(buf, loan->input.ptr, len);
	loan->input.ptr += len;
	loan->input.len -= len;
	loan->fed += len;
	return (ssize_t)len;
}

static ssize_t on_send(wslay_event_context_ptr wslay, const uint8_t *data, size_t len, int flags,
                       void *user_data)
{
	struct ws_loan *loan = loan_of(user_data);

	(void)wslay;
	(void)flags;
	MUST(len <= OUT_MAX - loan->out_len);
	if (len > 0)
		memcpy(loan->out + loan->out_len, data, len);
	loan->out_len += len;
	return (ssize_t)len;
}

static uint64_t wire_size(uint64_t payload)
{
	return payload + (payload < 126 ? 6 : payload <= UINT16_MAX ? 8 : 14);
}

/* Pings and pongs cost an answer or a look each, and a close is followed by nothing. */
static void control_begins(struct ws_loan *loan)
{
	const struct ws_limits *limits = &loan->pool->limits;
	struct ws *ws = loan->ws;

	loan->control_len = 0;
	if (limits->control_frames == 0 || loan->opcode == WSLAY_CONNECTION_CLOSE)
		return;
	if (ws->control_count == 0 || loan->now - ws->control_since >= limits->control_window_ms) {
		ws->control_since = loan->now;
		ws->control_count = 0;
	}
	if (++ws->control_count > limits->control_frames)
		loan_end(loan, CODE_POLICY);
}

static void data_begins(struct ws_loan *loan)
{
	unsigned max = loan->pool->limits.fragments;

	if (loan->opcode != WSLAY_CONTINUATION_FRAME) {
		buf_reset(&loan->text);
		loan->fragments = 0;
		loan->open = true;
	}
	loan->whole = (struct span){0};
	if (loan->payload > loan->ws->message_bytes - loan->text.len)
		loan_end(loan, CODE_TOO_BIG);
	else if (++loan->fragments > max && max > 0)
		loan_end(loan, CODE_POLICY);
}

static void on_frame(wslay_event_context_ptr wslay,
                     const struct wslay_event_on_frame_recv_start_arg *arg, void *user_data)
{
	struct ws_loan *loan = loan_of(user_data);

	(void)wslay;
	loan->framed += wire_size(arg->payload_length);
	loan->opcode = arg->opcode;
	loan->payload = arg->payload_length;
	if (wslay_is_ctrl_frame(arg->opcode)) {
		control_begins(loan);
		return;
	}
	loan->last = arg->fin != 0;
	data_begins(loan);
}

static void on_chunk(wslay_event_context_ptr wslay,
                     const struct wslay_event_on_frame_recv_chunk_arg *arg, void *user_data)
{
	struct ws_loan *loan = loan_of(user_data);
	struct span chunk = {.ptr = (const char *)arg->data, .len = arg->data_length};

	(void)wslay;
	if (loan->ending || chunk.len == 0)
		return;
	if (wslay_is_ctrl_frame(loan->opcode)) {
		MUST(chunk.len <= WS_CONTROL_MAX - loan->control_len);
		memcpy(loan->control + loan->control_len, chunk.ptr, chunk.len);
		loan->control_len += chunk.len;
	} else if (loan->last && loan->fragments == 1 && chunk.len == loan->payload) {
		loan->whole = chunk;
	} else if (!loan->ws->stopped) {
		buf_span(&loan->text, chunk);
	}
}

static void ping_came(struct ws_loan *loan)
{
	struct ws *ws = loan->ws;

	/* wslay has queued the pong; it is caught, so that its queue stays empty. */
	loan->out_len = 0;
	(void)wslay_event_send(loan->wslay);
	if (!ws->stopped)
		loan->pool->events.pong(ws, blob_create(loan->out, loan->out_len));
}

static void message_came(struct ws_loan *loan, bool binary)
{
	struct ws *ws = loan->ws;
	struct span payload = loan->whole;

	if (payload.ptr == NULL)
		payload = (struct span){.ptr = loan->text.ptr, .len = loan->text.len};
	if (payload.ptr == NULL)
		payload = SPAN_LIT("");
	loan->open = false;
	if (!ws->stopped)
		loan->pool->events.message(ws, binary, payload);
	buf_reset(&loan->text);
}

static void on_message(wslay_event_context_ptr wslay, const struct wslay_event_on_msg_recv_arg *arg,
                       void *user_data)
{
	struct ws_loan *loan = loan_of(user_data);

	(void)wslay;
	if (loan->ending)
		return;
	if (arg->opcode == WSLAY_PING)
		ping_came(loan);
	else if (!wslay_is_ctrl_frame(arg->opcode))
		message_came(loan, arg->opcode == WSLAY_BINARY_FRAME);
}

static struct ws_loan *loan_create(struct ws_pool *pool)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_recv,
		.send_callback = on_send,
		.on_frame_recv_start_callback = on_frame,
		.on_frame_recv_chunk_callback = on_chunk,
		.on_msg_recv_callback = on_message,
	};
	struct ws_loan *loan = xcalloc(1, sizeof(*loan));

	loan->pool = pool;
	MUST(wslay_event_context_server_init(&loan->wslay, &callbacks, loan) == 0);
	wslay_event_config_set_no_buffering(loan->wslay, 1);
	/* The limit is ours and counts the whole message; wslay's looks at single frames. */
	wslay_event_config_set_max_recv_msg_length(loan->wslay, INT64_MAX);
	return loan;
}

static void loan_destroy(struct ws_loan *loan)
{
	wslay_event_context_free(loan->wslay);
	buf_fini(&loan->text);
	free(loan);
}

static void lend(struct ws_pool *pool, struct ws *ws)
{
	struct ws_loan *loan = LIST_FIRST(&pool->free);

	if (loan != NULL) {
		LIST_REMOVE(loan, free);
		pool->free_count--;
	} else {
		loan = loan_create(pool);
	}
	loan->ws = ws;
	loan->fed = 0;
	loan->framed = 0;
	loan->header_len = 0;
	loan->open = false;
	loan->opcode = 0;
	ws->loan = loan;
}

/* Only a context between two messages can serve another connection. */
static void give_back(struct ws_pool *pool, struct ws *ws)
{
	struct ws_loan *loan = ws->loan;

	ws->loan = NULL;
	loan->ws = NULL;
	if (loan->text.size > KEEP_BYTES)
		buf_fini(&loan->text);
	if (pool->free_count == FREE_MAX) {
		loan_destroy(loan);
		return;
	}
	LIST_INSERT_HEAD(&pool->free, loan, free);
	pool->free_count++;
}

/* RFC 6455 7.4 and the registry: wslay's list ends at 1011. */
static bool code_is_valid(unsigned code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
	       (code >= 3000 && code <= 4999);
}

/* A close frame came: the code to answer it with. */
static uint16_t close_answer(const struct ws_loan *loan)
{
	unsigned code;

	if (loan->control_len == 0)
		return CODE_NONE;
	if (loan->control_len == 1)
		return CODE_PROTOCOL;
	code = (unsigned)loan->control[0] << 8 | loan->control[1];
	if (!code_is_valid(code))
		return CODE_PROTOCOL;
	if (!utf8_is_valid((struct span){.ptr = (const char *)loan->control + 2,
	                                 .len = loan->control_len - 2}))
		return CODE_UTF8;
	return (uint16_t)code;
}

/* wslay has stopped reading: was it a close frame, and if not, what does it say? */
static uint16_t stop_code(struct ws_loan *loan)
{
	unsigned code;

	if (loan->opcode == WSLAY_CONNECTION_CLOSE && loan->control_len == loan->payload) {
		loan->peer_closed = true;
		return close_answer(loan);
	}
	loan->out_len = 0;
	(void)wslay_event_send(loan->wslay);
	code = loan->out_len >= 4 ? (unsigned)loan->out[2] << 8 | loan->out[3] : CODE_PROTOCOL;
	return code == CODE_UTF8 ? CODE_UTF8 : CODE_PROTOCOL;
}

/* wslay begins a frame with the first byte of its payload. Until then the header is all there is of
 * what was fed and not framed. */
static void keep_header(struct ws_loan *loan, struct span bytes)
{
	size_t len = loan->fed > loan->framed ? (size_t)(loan->fed - loan->framed) : 0;
	size_t fresh = len < bytes.len ? len : bytes.len;

	MUST(len <= HEADER_MAX);
	if (len <= bytes.len)
		loan->header_len = 0;
	memcpy(loan->header + loan->header_len, bytes.ptr + bytes.len - fresh, fresh);
	loan->header_len += fresh;
}

/* The payload that a header announces; 0: that part of it has not come yet, or is not in the
 * shortest form, which wslay refuses (RFC 6455, 5.2). */
static uint64_t announced(const struct ws_loan *loan)
{
	unsigned base = loan->header_len >= 2 ? loan->header[1] & 0x7FU : 0;
	size_t bytes = base == 126 ? 2 : base == 127 ? 8 : 0;
	uint64_t size = 0;

	if (bytes == 0 || loan->header_len < 2 + bytes)
		return base < 126 ? base : 0;
	for (size_t i = 0; i < bytes; i++)
		size = size << 8 | loan->header[2 + i];
	return size >= (bytes == 2 ? 126U : 65536U) && size <= INT64_MAX ? size : 0;
}

/* Of a message, as far as it can be told; wslay refuses the others when it begins them. */
static bool header_is_good(const struct ws_loan *loan)
{
	unsigned opcode = loan->header[0] & 0x0FU;

	return loan->header_len >= 2 && (loan->header[0] & 0x70U) == 0 &&
	       (loan->header[1] & 0x80U) != 0 && opcode <= WSLAY_BINARY_FRAME &&
	       (opcode == WSLAY_CONTINUATION_FRAME) == loan->open;
}

/* Who announces more than may come is not waited for. */
static void look_ahead(struct ws_loan *loan, struct span bytes)
{
	size_t held = loan->open ? loan->text.len : 0;

	keep_header(loan, bytes);
	if (header_is_good(loan) && announced(loan) > loan->ws->message_bytes - held)
		loan_end(loan, CODE_TOO_BIG);
}

struct ws_pool *ws_pool_create(const struct ws_limits *limits, const struct ws_events *events)
{
	struct ws_pool *pool = xcalloc(1, sizeof(*pool));

	pool->limits = *limits;
	pool->events = *events;
	LIST_INIT(&pool->free);
	return pool;
}

void ws_pool_destroy(struct ws_pool **pool)
{
	struct ws_loan *loan;

	if (*pool == NULL)
		return;
	while ((loan = LIST_FIRST(&(*pool)->free)) != NULL) {
		LIST_REMOVE(loan, free);
		loan_destroy(loan);
	}
	free(*pool);
	*pool = NULL;
}

void ws_init(struct ws *ws, uint32_t message_bytes)
{
	*ws = (struct ws){.message_bytes = message_bytes};
}

void ws_release(struct ws *ws)
{
	if (ws->loan == NULL)
		return;
	loan_destroy(ws->loan);
	ws->loan = NULL;
}

void ws_stop(struct ws *ws)
{
	ws->stopped = true;
}

bool ws_is_partial(const struct ws *ws)
{
	return ws->loan != NULL;
}

/* What can be had without a context; the rest of the bytes. */
static struct span feed_plain(struct ws *ws, struct ws_pool *pool, struct span bytes)
{
	size_t size, len;

	if (pool->reading)
		return bytes;
	while (ws->loan == NULL && !ws->stopped &&
	       (size = ws_plain_take(bytes, ws->message_bytes, pool->plain, &len)) > 0) {
		bytes.ptr += size;
		bytes.len -= size;
		pool->reading = true;
		pool->events.message(ws, false, (struct span){.ptr = pool->plain, .len = len});
		pool->reading = false;
	}
	return bytes;
}

enum ws_state ws_feed(struct ws *ws, struct ws_pool *pool, struct span bytes, mono_ms now,
                      uint16_t *close_code_out)
{
	struct ws_loan *loan;
	int error = 0;

	bytes = feed_plain(ws, pool, bytes);
	if (bytes.len == 0)
		return WS_OPEN;
	if (ws->loan == NULL)
		lend(pool, ws);
	loan = ws->loan;
	loan->input = bytes;
	loan->now = now;
	while (error == 0 && loan->input.len > 0 && !loan->ending &&
	       wslay_event_want_read(loan->wslay))
		error = wslay_event_recv(loan->wslay);
	if (!loan->ending && (error != 0 || !wslay_event_want_read(loan->wslay)))
		loan_end(loan, stop_code(loan));
	if (!loan->ending)
		look_ahead(loan, bytes);
	if (loan->ending) {
		enum ws_state state = loan->peer_closed ? WS_CLOSED : WS_FAILED;

		*close_code_out = loan->code;
		ws_release(ws);
		return state;
	}
	if (loan->fed == loan->framed && !loan->open)
		give_back(pool, ws);
	return WS_OPEN;
}
