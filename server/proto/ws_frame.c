/* SPDX-License-Identifier: MIT */
/* Messages to frames (RFC 6455 5.2): a server's frame has no mask, so it is encoded once for
 * all who read it. */
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "proto/ws.h"

#define HEADER_MAX 10U

static uint8_t opcode(enum ws_kind kind)
{
	switch (kind) {
	case WS_TEXT:
		return 0x1;
	case WS_BINARY:
		return 0x2;
	case WS_CLOSE:
		return 0x8;
	case WS_PING:
		return 0x9;
	case WS_PONG:
		return 0xA;
	}
	MUST(0);
	return 0;
}

static size_t put_header(uint8_t out[HEADER_MAX], enum ws_kind kind, size_t len)
{
	unsigned bytes = len < 126 ? 0 : len <= UINT16_MAX ? 2 : 8;

	out[0] = (uint8_t)(0x80U | opcode(kind));
	if (bytes == 0)
		out[1] = (uint8_t)len;
	else
		out[1] = bytes == 2 ? 126 : 127;
	for (unsigned i = 0; i < bytes; i++)
		out[2 + i] = (uint8_t)((uint64_t)len >> (8 * (bytes - 1 - i)));
	return 2 + (size_t)bytes;
}

struct blob *ws_frame(enum ws_kind kind, struct span payload)
{
	uint8_t header[HEADER_MAX];
	size_t header_len = put_header(header, kind, payload.len);
	struct blob *blob;

	MUST(payload.len <= WS_CONTROL_MAX || kind == WS_TEXT || kind == WS_BINARY);
	blob = xmalloc(sizeof(*blob) + header_len + payload.len);
	blob->refs = 1;
	blob->len = header_len + payload.len;
	memcpy(blob->bytes, header, header_len);
	if (payload.len > 0)
		memcpy(blob->bytes + header_len, payload.ptr, payload.len);
	return blob;
}

struct blob *ws_close_frame(uint16_t code, struct span reason)
{
	char payload[2 + WS_REASON_MAX + 1];

	if (code == 0)
		return ws_frame(WS_CLOSE, (struct span){0});
	payload[0] = (char)(code >> 8);
	payload[1] = (char)(code & 0xFFU);
	(void)span_copy(payload + 2, WS_REASON_MAX + 1, reason);
	return ws_frame(WS_CLOSE, (struct span){.ptr = payload, .len = 2 + strlen(payload + 2)});
}
