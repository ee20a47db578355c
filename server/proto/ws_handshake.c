/* SPDX-License-Identifier: MIT */
/* RFC 6455 4.2: is it a good opening handshake, and the answer to it. */
#include <string.h>

#include "proto/sha1.h"
#include "proto/ws.h"

#define KEY_LEN 24U /* base64 of 16 bytes */

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool key_is_sane(struct span key)
{
	if (key.len != KEY_LEN || memcmp(key.ptr + KEY_LEN - 2, "==", 2) != 0)
		return false;
	for (size_t i = 0; i < KEY_LEN - 2; i++) {
		if (key.ptr[i] == '\0' || strchr(base64, key.ptr[i]) == NULL)
			return false;
	}
	return true;
}

/* 20 bytes to 28 characters, the last of them "=". */
static void put_base64(const uint8_t digest[SHA1_SIZE], char out[WS_ACCEPT_SIZE])
{
	uint8_t padded[SHA1_SIZE + 1] = {0};
	size_t at = 0;

	memcpy(padded, digest, SHA1_SIZE);
	for (size_t i = 0; i < sizeof(padded); i += 3) {
		uint32_t three =
			(uint32_t)padded[i] << 16 | (uint32_t)padded[i + 1] << 8 | padded[i + 2];

		for (unsigned shift = 24; shift > 0; shift -= 6)
			out[at++] = base64[(three >> (shift - 6)) & 63U];
	}
	out[at - 1] = '=';
	out[at] = '\0';
}

static void put_accept(struct span key, char out[WS_ACCEPT_SIZE])
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char text[KEY_LEN + sizeof(magic) - 1];
	uint8_t digest[SHA1_SIZE];

	memcpy(text, key.ptr, KEY_LEN);
	memcpy(text + KEY_LEN, magic, sizeof(magic) - 1);
	sha1(text, sizeof(text), digest);
	put_base64(digest, out);
}

static bool protocol_is_offered(const struct http_request *request)
{
	for (size_t i = 0; i < request->headers_count; i++) {
		if (span_is(request->headers[i].name, "sec-websocket-protocol") &&
		    http_list_has(request->headers[i].value, WS_PROTOCOL))
			return true;
	}
	return false;
}

void ws_handshake_check(const struct http_request *request, struct ws_handshake *out)
{
	struct span key = http_header(request, "sec-websocket-key");

	*out = (struct ws_handshake){0};
	if (!request->wants_websocket || http_header_count(request, "sec-websocket-version") != 1 ||
	    !span_is(http_header(request, "sec-websocket-version"), "13")) {
		out->refusal = 426;
		return;
	}
	if (http_header_count(request, "sec-websocket-key") != 1 || !key_is_sane(key)) {
		out->refusal = 400;
		return;
	}
	put_accept(key, out->accept);
	out->protocol = protocol_is_offered(request);
}

void ws_handshake_reply(struct buf *buf, const struct ws_handshake *handshake)
{
	buf_text(buf, "HTTP/1.1 101 Switching Protocols\r\n"
	              "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
	buf_text(buf, handshake->accept);
	buf_text(buf, handshake->protocol ? "\r\nSec-WebSocket-Protocol: " WS_PROTOCOL "\r\n\r\n"
	                                  : "\r\n\r\n");
}
