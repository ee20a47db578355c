/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

#define FRAME_MAX    (16 * 1024)
#define HEAD_MAX     14
#define OP_TEXT      1
#define OP_CLOSE     8
#define OP_PING      9
#define OP_PONG      10
#define REQUEST_SIZE 1024

struct write {
	uv_write_t req;
	char bytes[];
};

static void alloc_slab(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	static char slab[256 * 1024]; /* libuv reads and calls back before the next alloc */

	(void)handle;
	(void)suggested;
	*buf = uv_buf_init(slab, sizeof(slab));
}

static void write_done(uv_write_t *req, int status)
{
	(void)status; /* a broken connection shows in the read */
	free(container_of(req, struct write, req));
}

static void write_bytes(struct client *client, const char *bytes, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)len);
	int sent = uv_try_write((uv_stream_t *)&client->tcp, &buf, 1);
	size_t rest = len - (sent > 0 ? (size_t)sent : 0);
	struct write *write;

	if (rest == 0 || (sent < 0 && sent != UV_EAGAIN))
		return;
	write = xmalloc(sizeof(*write) + rest);
	memcpy(write->bytes, bytes + len - rest, rest);
	buf = uv_buf_init(write->bytes, (unsigned)rest);
	uv_write(&write->req, (uv_stream_t *)&client->tcp, &buf, 1, write_done);
}

static void send_frame(struct client *client, unsigned opcode, struct span payload)
{
	static uint32_t mask = 0x9e3779b9;
	unsigned char frame[HEAD_MAX + FRAME_MAX];
	unsigned char key[4];
	size_t head = 2;

	MUST(payload.len <= FRAME_MAX);
	mask = mask * 1664525U + 1013904223U;
	memcpy(key, &mask, sizeof(key));
	frame[0] = (unsigned char)(0x80U | opcode);
	if (payload.len < 126) {
		frame[1] = (unsigned char)(0x80U | payload.len);
	} else {
		frame[1] = 0x80U | 126U;
		frame[2] = (unsigned char)(payload.len >> 8);
		frame[3] = (unsigned char)(payload.len & 0xffU);
		head = 4;
	}
	memcpy(frame + head, key, sizeof(key));
	head += sizeof(key);
	for (size_t i = 0; i < payload.len; i++)
		frame[head + i] = (unsigned char)payload.ptr[i] ^ key[i & 3];
	write_bytes(client, (const char *)frame, head + payload.len);
}

void client_send(struct client *client, struct span text)
{
	if (client->open && !client->closing)
		send_frame(client, OP_TEXT, text);
}

static void on_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	free(client->request);
	free(client->part);
	client->request = NULL;
	client->part = NULL;
	client->open = false;
	client->events->closed(client);
}

void client_close(struct client *client)
{
	if (client->closing)
		return;
	client->closing = true;
	uv_close((uv_handle_t *)&client->tcp, on_closed);
}

static void handle_frame(struct client *client, unsigned opcode, struct span payload)
{
	if (opcode == OP_TEXT) {
		client->events->text(client, payload);
	} else if (opcode == OP_PING) {
		send_frame(client, OP_PONG, payload);
	} else if (opcode == OP_CLOSE) {
		if (payload.len >= 2)
			client->close_code = (uint16_t)((unsigned char)payload.ptr[0] << 8 |
			                                (unsigned char)payload.ptr[1]);
		client_close(client);
	}
}

/* Handles the frame that `bytes` begins with; its size, or 0 when its end is missing. */
static size_t take_frame(struct client *client, struct span bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.ptr;
	size_t head = 2;
	size_t len;

	if (bytes.len < 2)
		return 0;
	MUST(at[0] & 0x80U); /* the server does not fragment */
	len = at[1] & 0x7fU;
	if (len >= 126) {
		size_t extra = len == 126 ? 2 : 8;

		if (bytes.len < 2 + extra)
			return 0;
		len = 0;
		for (size_t i = 0; i < extra; i++)
			len = len << 8 | at[2 + i];
		head += extra;
	}
	if (bytes.len < head + len)
		return 0;
	handle_frame(client, at[0] & 0x0fU, (struct span){bytes.ptr + head, len});
	return head + len;
}

/* The end of the HTTP answer in `bytes`, or 0. Closes on anything but 101. */
static size_t take_answer(struct client *client, struct span bytes)
{
	const char *end = memmem(bytes.ptr, bytes.len, "\r\n\r\n", 4);

	if (!end)
		return 0;
	if (bytes.len < 12 || memcmp(bytes.ptr, "HTTP/1.1 101", 12) != 0) {
		fprintf(stderr, "refused: %.*s\n", (int)(bytes.len < 60 ? bytes.len : 60),
		        bytes.ptr);
		client_close(client);
		return 0;
	}
	client->open = true;
	free(client->request);
	client->request = NULL;
	client->events->opened(client);
	return (size_t)(end - bytes.ptr) + 4;
}

static void take_bytes(struct client *client, struct span bytes)
{
	while (bytes.len > 0 && !client->closing) {
		size_t taken =
			client->open ? take_frame(client, bytes) : take_answer(client, bytes);

		if (taken == 0)
			break;
		bytes.ptr += taken;
		bytes.len -= taken;
	}
	char *rest = NULL;

	if (bytes.len > 0 && !client->closing)
		rest = xmemdup0(bytes.ptr, bytes.len);
	free(client->part);
	client->part = rest;
	client->part_len = rest ? bytes.len : 0;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct client *client = stream->data;

	if (count < 0) {
		client_close(client);
		return;
	}
	if (!client->part) {
		take_bytes(client, (struct span){buf->base, (size_t)count});
		return;
	}
	size_t len = client->part_len + (size_t)count;

	client->part = xrealloc(client->part, len);
	memcpy(client->part + client->part_len, buf->base, (size_t)count);
	take_bytes(client, (struct span){client->part, len});
}

static void on_connect(uv_connect_t *req, int status)
{
	struct client *client = container_of(req, struct client, connect);

	if (status < 0) {
		fprintf(stderr, "connect: %s\n", uv_strerror(status));
		client_close(client);
		return;
	}
	uv_tcp_nodelay(&client->tcp, 1);
	uv_read_start((uv_stream_t *)&client->tcp, alloc_slab, on_read);
	write_bytes(client, client->request, strlen(client->request));
}

void client_start(struct client *client, const struct client_target *target,
                  const struct client_events *events, const char *path, const char *token)
{
	char request[REQUEST_SIZE];
	int len = snprintf(
		request, sizeof(request),
		"GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGllcmJlbGwgYmVuY2ggMQ==\r\nSec-WebSocket-Version: 13\r\n"
		"%s%s%s%s%s%s%s%s%s\r\n",
		path, target->host, target->subprotocol ? "Sec-WebSocket-Protocol: " : "",
		target->subprotocol ? target->subprotocol : "", target->subprotocol ? "\r\n" : "",
		target->origin ? "Origin: " : "", target->origin ? target->origin : "",
		target->origin ? "\r\n" : "", token ? "Authorization: Bearer " : "",
		token ? token : "", token ? "\r\n" : "");

	MUST(len > 0 && (size_t)len < sizeof(request));
	*client = (struct client){.target = target, .events = events, .request = xstrdup(request)};
	uv_tcp_init(target->loop, &client->tcp);
	client->tcp.data = client;
	uv_tcp_connect(&client->connect, &client->tcp, (const struct sockaddr *)&target->address,
	               on_connect);
}
