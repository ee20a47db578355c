/* SPDX-License-Identifier: MIT */
/* The server's connection code without the desk, for conformance suites and e2e tests.
 *
 *   ws-echo [--listen HOST:PORT] [--limit NAME=VALUE]…
 *
 *   websocket /       echoes text and binary messages
 *   websocket /burst  answers "n" with n frames of 1,000 bytes
 *   POST /echo        the length of the body, as text
 *   GET /             200
 *   GET /later        200, one turn of the loop later
 *
 * Limits are raised so that suites may send what no visitor may; --limit sets them back. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "adapter/conn.h"
#include "adapter/listener.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/ws.h"

#define MESSAGE_BYTES (32U << 20)
#define BURST_BYTES   1000U
#define BURST_MAX     100000L

enum endpoint { ENDPOINT_ECHO = 1, ENDPOINT_BURST };

struct echo {
	struct net *net;
	uint32_t message_bytes;
	uv_signal_t term, interrupt;
};

struct later {
	uv_timer_t timer;
	struct net *net;
	struct conn_id id;
};

static void answer(struct net *net, struct conn_id id, unsigned status, const char *text)
{
	conn_respond(net, id,
	             &(struct http_response){.status = status,
	                                     .content_type = SPAN_LIT("text/plain; charset=utf-8"),
	                                     .body = span_of(text)});
}

static void on_later_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_later(uv_timer_t *timer)
{
	struct later *later = timer->data;

	answer(later->net, later->id, 200, "later");
	uv_close((uv_handle_t *)timer, on_later_closed);
}

static void answer_later(struct net *net, struct conn_id id, uv_loop_t *loop)
{
	struct later *later = xcalloc(1, sizeof(*later));

	later->net = net;
	later->id = id;
	MUST(uv_timer_init(loop, &later->timer) == 0);
	later->timer.data = later;
	MUST(uv_timer_start(&later->timer, on_later, 20, 0) == 0);
}

static void upgrade(struct echo *echo, struct conn_id id, enum endpoint endpoint)
{
	struct conn_upgrade opts = {.message_bytes = echo->message_bytes, .user = endpoint};

	(void)!conn_upgrade(echo->net, id, &opts);
}

static void on_request(void *ctx, struct conn_id id, const struct http_request *request)
{
	struct echo *echo = ctx;
	char text[32];

	if (span_is(request->path, "/burst")) {
		upgrade(echo, id, ENDPOINT_BURST);
	} else if (span_is(request->path, "/") && request->wants_websocket) {
		upgrade(echo, id, ENDPOINT_ECHO);
	} else if (span_is(request->path, "/echo") && request->method == METHOD_POST) {
		(void)snprintf(text, sizeof(text), "%zu", request->body.len);
		answer(echo->net, id, 200, text);
	} else if (span_is(request->path, "/later")) {
		answer_later(echo->net, id, echo->term.loop);
	} else if (span_is(request->path, "/")) {
		answer(echo->net, id, 200, "ws-echo");
	} else {
		answer(echo->net, id, 404, "not found");
	}
}

static void send_burst(struct echo *echo, struct conn_id id, struct span number)
{
	char text[16], bytes[BURST_BYTES];
	struct blob *frame;
	long count;

	(void)span_copy(text, sizeof(text), number);
	count = strtol(text, NULL, 10);
	memset(bytes, 'x', sizeof(bytes));
	frame = ws_frame(WS_TEXT, (struct span){.ptr = bytes, .len = sizeof(bytes)});
	for (long i = 0; i < count && i < BURST_MAX; i++)
		net_send(echo->net, id, frame);
	blob_unref(&frame);
}

static void on_message(void *ctx, struct conn_id id, bool binary, struct span payload)
{
	struct echo *echo = ctx;
	struct blob *frame;

	if (conn_user(echo->net, id) == ENDPOINT_BURST) {
		send_burst(echo, id, payload);
		return;
	}
	frame = ws_frame(binary ? WS_BINARY : WS_TEXT, payload);
	net_send(echo->net, id, frame);
	blob_unref(&frame);
}

static void on_ping(void *ctx, struct conn_id id)
{
	struct echo *echo = ctx;
	struct blob *frame = ws_frame(WS_PING, SPAN_LIT("alive?"));

	net_send(echo->net, id, frame);
	blob_unref(&frame);
}

static void on_closed(void *ctx, struct conn_id id, enum conn_end why)
{
	(void)ctx;
	(void)fprintf(stderr, "closed %llx %s\n", (unsigned long long)id.v, conn_end_name(why));
}

static void on_drained(void *ctx)
{
	struct echo *echo = ctx;

	net_destroy(&echo->net);
	uv_close((uv_handle_t *)&echo->term, NULL);
	uv_close((uv_handle_t *)&echo->interrupt, NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct echo *echo = handle->data;

	(void)number;
	(void)uv_signal_stop(&echo->term);
	(void)uv_signal_stop(&echo->interrupt);
	net_drain(echo->net, 1000, on_drained, echo);
}

static void set_defaults(struct net_limits *limits)
{
	net_limits_default(limits);
	limits->connections_per_address = 0;
	limits->body_bytes = 1 << 20;
	limits->message_ms = 120 * SEC_MS;
	limits->fragments = 0;
	limits->control_frames_per_10s = 0;
	limits->send_queue_soft_bytes = 64 << 20;
	limits->send_queue_bytes = 128 << 20;
}

static bool set_limit(struct net_limits *limits, struct echo *echo, const char *text)
{
	const char *equals = strchr(text, '=');
	char name[64];
	int64_t *limit;

	if (equals == NULL ||
	    !span_copy(name, sizeof(name), (struct span){text, (size_t)(equals - text)}))
		return false;
	if (strcmp(name, "message_bytes") == 0) {
		echo->message_bytes = (uint32_t)strtoul(equals + 1, NULL, 10);
		return true;
	}
	limit = net_limits_find(limits, name);
	if (limit != NULL)
		*limit = strtoll(equals + 1, NULL, 10);
	return limit != NULL;
}

static void raise_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static void watch_signals(uv_loop_t *loop, struct echo *echo)
{
	echo->term.data = echo->interrupt.data = echo;
	MUST(uv_signal_init(loop, &echo->term) == 0);
	MUST(uv_signal_init(loop, &echo->interrupt) == 0);
	MUST(uv_signal_start(&echo->term, on_signal, SIGTERM) == 0);
	MUST(uv_signal_start(&echo->interrupt, on_signal, SIGINT) == 0);
}

static int run(struct echo *echo, const struct net_limits *limits, const char *where)
{
	struct conn_handler handler = {.request = on_request,
	                               .message = on_message,
	                               .ping = on_ping,
	                               .closed = on_closed,
	                               .ctx = echo};
	struct listener_opts opts = {.where = where};
	char error[LISTENER_ERROR_SIZE];
	struct listener *listener;
	uv_loop_t loop;

	MUST(uv_loop_init(&loop) == 0);
	echo->net = net_create(&loop, limits, &handler);
	watch_signals(&loop, echo);
	if (listener_open(echo->net, &opts, error, &listener) != ST_OK) {
		(void)fprintf(stderr, "ws-echo: %s\n", error);
		return 1;
	}
	(void)printf("listening on %s\n", listener_address(listener));
	(void)fflush(stdout);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	MUST(uv_loop_close(&loop) == 0);
	return 0;
}

int main(int argc, char **argv)
{
	struct echo echo = {.message_bytes = MESSAGE_BYTES};
	const char *where = "127.0.0.1:0";
	struct net_limits limits;

	(void)signal(SIGPIPE, SIG_IGN);
	raise_files();
	set_defaults(&limits);
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 < argc && strcmp(argv[i], "--listen") == 0) {
			where = argv[i + 1];
		} else if (i + 1 >= argc || strcmp(argv[i], "--limit") != 0 ||
		           !set_limit(&limits, &echo, argv[i + 1])) {
			(void)fprintf(stderr, "usage: ws-echo [--listen HOST:PORT] "
			                      "[--limit NAME=VALUE]...\n");
			return 2;
		}
	}
	return run(&echo, &limits, where);
}
