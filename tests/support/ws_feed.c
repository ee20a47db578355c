/* SPDX-License-Identifier: MIT */
#include "ws_feed.h"

#include "base/must.h"

struct feed {
	struct ws ws;
	const struct ws_feed_opts *opts;
	struct buf *out;
};

static struct feed *feed_of(struct ws *ws)
{
	return container_of(ws, struct feed, ws);
}

static void on_message(struct ws *ws, bool binary, struct span payload)
{
	struct feed *feed = feed_of(ws);

	MUST(payload.len <= feed->opts->message_bytes);
	buf_text(feed->out, binary ? "binary " : "text ");
	if (feed->opts->lengths_only)
		buf_u64(feed->out, payload.len);
	else
		buf_json(feed->out, payload);
	buf_char(feed->out, '\n');
}

static void on_pong(struct ws *ws, struct blob *frame)
{
	struct feed *feed = feed_of(ws);

	MUST(frame->len >= 2 && (uint8_t)frame->bytes[0] == 0x8A);
	MUST(frame->len == 2U + (uint8_t)frame->bytes[1]);
	buf_text(feed->out, "pong ");
	buf_json(feed->out, (struct span){.ptr = frame->bytes + 2, .len = frame->len - 2});
	buf_char(feed->out, '\n');
	blob_unref(&frame);
}

void ws_feed_all(const struct ws_feed_opts *opts, struct span bytes, struct buf *out)
{
	static const struct ws_events events = {.message = on_message, .pong = on_pong};
	struct ws_pool *pool = ws_pool_create(&opts->limits, &events);
	struct feed feed = {.opts = opts, .out = out};
	enum ws_state state = WS_OPEN;
	size_t len = opts->first > 0 ? opts->first : opts->step;
	uint16_t code = 0;

	ws_init(&feed.ws, opts->message_bytes);
	while (state == WS_OPEN && bytes.len > 0) {
		if (len == 0 || len > bytes.len)
			len = bytes.len;
		state = ws_feed(&feed.ws, pool, (struct span){.ptr = bytes.ptr, .len = len}, 0,
		                &code);
		bytes.ptr += len;
		bytes.len -= len;
		len = opts->step;
	}
	if (state == WS_OPEN)
		buf_text(out, ws_is_partial(&feed.ws) ? "partial\n" : "open\n");
	else
		buf_fmt(out, "%s %u\n", state == WS_CLOSED ? "closed" : "failed", code);
	ws_release(&feed.ws);
	ws_pool_destroy(&pool);
}

void ws_put_frame(struct buf *out, uint8_t first, struct span payload)
{
	static const uint8_t mask[4] = {0x11, 0x52, 0x93, 0xD4};
	unsigned bytes = payload.len < 126 ? 0 : payload.len <= UINT16_MAX ? 2 : 8;
	size_t small = bytes == 0 ? payload.len : bytes == 2 ? 126 : 127;

	buf_char(out, (char)first);
	buf_char(out, (char)(0x80U | small));
	for (unsigned i = 0; i < bytes; i++)
		buf_char(out, (char)((uint64_t)payload.len >> (8 * (bytes - 1 - i))));
	buf_add(out, mask, sizeof(mask));
	for (size_t i = 0; i < payload.len; i++)
		buf_char(out, (char)((uint8_t)payload.ptr[i] ^ mask[i % 4]));
}
