/* SPDX-License-Identifier: MIT */
/* What the users of the connections rely on: ids, answers that come late, callbacks that come
 * once and never inside a call, clients behind a proxy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/loopback.h"
#include "../support/ws_feed.h"
#include "base/must.h"

#define UPGRADE                                                 \
	"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n" \
	"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"  \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

/* What the handler was told; it answers nothing by itself. */
struct seen {
	struct loopback loopback;
	struct conn_id last;
	unsigned requests, messages, closed, pings, drained;
	enum conn_end why;
	struct conn_peer peer;
	bool upgrade; /* upgrade every request */
	bool calling; /* inside a call into the net */
};

static void on_request(void *ctx, struct conn_id id, const struct http_request *request)
{
	struct seen *seen = ctx;
	struct conn_upgrade opts = {.message_bytes = 1000, .user = 7};

	(void)request;
	MUST(!seen->calling);
	seen->requests++;
	seen->last = id;
	MUST(conn_peer(seen->loopback.net, id, &seen->peer) == ST_OK);
	if (seen->upgrade)
		(void)!conn_upgrade(seen->loopback.net, id, &opts);
}

static void on_message(void *ctx, struct conn_id id, bool binary, struct span payload)
{
	struct seen *seen = ctx;

	(void)binary;
	(void)payload;
	MUST(!seen->calling && id.v == seen->last.v);
	seen->messages++;
}

static void on_drained(void *ctx, struct conn_id id)
{
	struct seen *seen = ctx;

	(void)id;
	MUST(!seen->calling);
	seen->drained++;
}

static void on_ping(void *ctx, struct conn_id id)
{
	struct seen *seen = ctx;

	(void)id;
	seen->pings++;
}

static void on_closed(void *ctx, struct conn_id id, enum conn_end why)
{
	struct seen *seen = ctx;

	MUST(!seen->calling && id.v == seen->last.v);
	MUST(conn_user(seen->loopback.net, id) != 0);
	seen->closed++;
	seen->why = why;
}

static int setup(void **state)
{
	struct seen *seen = calloc(1, sizeof(*seen));
	struct conn_handler handler = {.request = on_request,
	                               .message = on_message,
	                               .drained = on_drained,
	                               .ping = on_ping,
	                               .closed = on_closed,
	                               .ctx = seen};
	struct net_limits limits;

	MUST(seen != NULL);
	net_limits_default(&limits);
	limits.linger_ms = 300;
	limits.send_queue_soft_bytes = 1 << 20;
	limits.send_queue_bytes = 16 << 20;
	loopback_init(&seen->loopback, &limits, &handler);
	*state = seen;
	return 0;
}

static int teardown(void **state)
{
	struct seen *seen = *state;

	loopback_fini(&seen->loopback);
	free(seen);
	return 0;
}

static void await_requests(struct seen *seen, unsigned count)
{
	for (int turn = 0; turn < 20000 && seen->requests < count; turn++)
		loopback_turn(&seen->loopback);
	assert_int_equal(seen->requests, count);
}

static void await_closed(struct seen *seen)
{
	for (int turn = 0; turn < 20000 && seen->closed == 0; turn++)
		loopback_turn(&seen->loopback);
	assert_int_equal(seen->closed, 1);
}

static void open_websocket(struct seen *seen, struct client *client)
{
	seen->upgrade = true;
	client_open(client, &seen->loopback);
	client_text(client, UPGRADE "\r\n");
	assert_true(client_await(client, &seen->loopback, "\r\n\r\n"));
}

static void respond(struct seen *seen, struct conn_id id, const char *body)
{
	seen->calling = true;
	conn_respond(seen->loopback.net, id,
	             &(struct http_response){.status = 200, .body = span_of(body)});
	seen->calling = false;
}

static void an_answer_may_come_late(void **state)
{
	struct seen *seen = *state;
	struct client client;

	client_open(&client, &seen->loopback);
	client_text(&client,
	            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
	await_requests(seen, 1);
	for (int i = 0; i < 20; i++)
		loopback_turn(&seen->loopback);
	assert_int_equal(seen->requests, 1); /* the second waits for the first answer */
	respond(seen, seen->last, "first");
	respond(seen, seen->last, "nobody asked");
	await_requests(seen, 2);
	respond(seen, seen->last, "second");
	assert_true(client_await(&client, &seen->loopback, "second"));
	assert_true(strstr(buf_cstr(&client.in), "first") < strstr(buf_cstr(&client.in), "second"));
	assert_null(strstr(buf_cstr(&client.in), "nobody"));
	client_close(&client);
}

static void calls_for_one_that_is_gone_do_nothing(void **state)
{
	struct seen *seen = *state;
	struct blob *frame = ws_frame(WS_TEXT, SPAN_LIT("x"));
	struct net *net = seen->loopback.net;
	struct client client, other;
	struct conn_peer peer;
	struct conn_id gone;
	struct net_stats stats;

	client_open(&client, &seen->loopback);
	client_text(&client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	await_requests(seen, 1);
	gone = seen->last;
	client_text(&client, "x");
	client_close(&client);
	conn_respond(net, gone, &(struct http_response){.status = 200, .close = true});
	for (int turn = 0; turn < 20000; turn++) {
		net_stats(net, &stats);
		if (stats.open == 0)
			break;
		loopback_turn(&seen->loopback);
	}
	assert_int_equal(stats.open, 0);
	/* Its place is taken by another; the id still means nobody. */
	client_open(&other, &seen->loopback);
	client_text(&other, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	await_requests(seen, 2);
	assert_true(seen->last.v != gone.v);
	respond(seen, gone, "wrong");
	net_send(net, gone, frame);
	net_close(net, gone, 1000, "");
	assert_int_equal(net_queued(net, gone), 0);
	assert_int_equal(conn_user(net, gone), 0);
	assert_int_equal(conn_peer(net, gone, &peer), ST_NOT_FOUND);
	assert_int_equal(conn_upgrade(net, gone, &(struct conn_upgrade){0}), ST_NOT_FOUND);
	assert_int_equal(conn_peer(net, (struct conn_id){0}, &peer), ST_NOT_FOUND);
	assert_int_equal(conn_peer(net, (struct conn_id){UINT64_MAX}, &peer), ST_NOT_FOUND);
	respond(seen, seen->last, "right");
	assert_true(client_await(&other, &seen->loopback, "right"));
	assert_null(strstr(buf_cstr(&other.in), "wrong"));
	client_close(&other);
	blob_unref(&frame);
}

static void an_upgrade_may_come_late_too(void **state)
{
	struct seen *seen = *state;
	struct conn_upgrade opts = {.message_bytes = 1000, .user = 9};
	struct client client;
	struct buf bytes = {0};

	client_open(&client, &seen->loopback);
	buf_text(&bytes, UPGRADE "Sec-WebSocket-Protocol: tierbell.v1\r\n\r\n");
	ws_put_frame(&bytes, 0x81, SPAN_LIT("early"));
	client_send(&client, (struct span){bytes.ptr, bytes.len});
	await_requests(seen, 1);
	seen->calling = true;
	assert_int_equal(conn_upgrade(seen->loopback.net, seen->last, &opts), ST_OK);
	seen->calling = false;
	assert_true(client_await(&client, &seen->loopback, "tierbell.v1\r\n\r\n"));
	assert_int_equal(seen->messages, 1);
	assert_int_equal(conn_user(seen->loopback.net, seen->last), 9);
	client_close(&client);
	await_closed(seen);
	buf_fini(&bytes);
}

static void a_websocket_on_a_plain_request_is_refused(void **state)
{
	struct seen *seen = *state;
	struct client client;

	seen->upgrade = true;
	client_open(&client, &seen->loopback);
	client_text(&client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_true(client_await(&client, &seen->loopback, "HTTP/1.1 426 "));
	client_await_end(&client, &seen->loopback);
	assert_int_equal(seen->closed, 0);
	client_close(&client);
}

static void closed_is_told_once_and_why(void **state)
{
	struct seen *seen = *state;
	struct client client;
	struct buf bytes = {0};

	open_websocket(seen, &client);
	seen->calling = true;
	net_close(seen->loopback.net, seen->last, 1012, "service restart");
	net_close(seen->loopback.net, seen->last, 1000, "again");
	seen->calling = false;
	assert_true(client_await(&client, &seen->loopback, "service restart"));
	await_closed(seen);
	assert_int_equal(seen->why, CONN_END_OWNER);
	ws_put_frame(&bytes, 0x88, SPAN_LIT("\x03\xF4"));
	client_send(&client, (struct span){bytes.ptr, bytes.len});
	client_await_end(&client, &seen->loopback);
	loopback_turn(&seen->loopback);
	assert_int_equal(seen->closed, 1);
	client_close(&client);
	buf_fini(&bytes);
}

static void drained_comes_when_the_queue_is_empty_again(void **state)
{
	struct seen *seen = *state;
	struct net *net = seen->loopback.net;
	char *payload = calloc(1, 1 << 20);
	struct blob *frame = ws_frame(WS_BINARY, (struct span){payload, 1 << 20});
	struct client client;

	open_websocket(seen, &client);
	seen->calling = true;
	for (int i = 0; i < 8; i++)
		net_send(net, seen->last, frame);
	seen->calling = false;
	assert_true(net_queued(net, seen->last) > 1 << 20);
	assert_int_equal(seen->drained, 0);
	while (seen->drained == 0 && client_await(&client, &seen->loopback, "\x7F"))
		buf_reset(&client.in);
	assert_int_equal(seen->drained, 1);
	assert_int_equal(net_queued(net, seen->last), 0);
	assert_int_equal(seen->closed, 0);
	client_close(&client);
	blob_unref(&frame);
	free(payload);
}

static void too_much_for_a_peer_that_does_not_read(void **state)
{
	struct seen *seen = *state;
	char *payload = calloc(1, 1 << 20);
	struct blob *frame = ws_frame(WS_BINARY, (struct span){payload, 1 << 20});
	struct client client;

	open_websocket(seen, &client);
	seen->calling = true;
	for (int i = 0; i < 40; i++)
		net_send(seen->loopback.net, seen->last, frame);
	assert_true(net_queued(seen->loopback.net, seen->last) <= 16 << 20);
	seen->calling = false;
	await_closed(seen);
	assert_int_equal(seen->why, CONN_END_SLOW);
	client_close(&client);
	blob_unref(&frame);
	free(payload);
}

static void a_client_behind_a_proxy(void **state)
{
	struct seen *seen = *state;
	struct client client;

	assert_true(net_trust_proxy(seen->loopback.net, "127.0.0.0/8"));
	assert_false(net_trust_proxy(seen->loopback.net, "127.0.0.0/x"));
	seen->upgrade = true;
	client_open(&client, &seen->loopback);
	client_text(&client, UPGRADE "X-Forwarded-For: 192.0.2.1, 198.51.100.7\r\n"
	                             "X-Forwarded-Proto: https\r\n\r\n");
	assert_true(client_await(&client, &seen->loopback, "\r\n\r\n"));
	assert_string_equal(seen->peer.address, "198.51.100.7");
	assert_true(seen->peer.proxied && seen->peer.https);
	assert_int_equal(conn_peer(seen->loopback.net, seen->last, &seen->peer), ST_OK);
	assert_string_equal(seen->peer.address, "198.51.100.7");
	client_close(&client);
}

static void a_header_of_anybody_else_is_not_believed(void **state)
{
	struct seen *seen = *state;
	struct client client;

	client_open(&client, &seen->loopback);
	client_text(&client, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n"
	                     "X-Forwarded-Proto: https\r\n\r\n");
	await_requests(seen, 1);
	assert_string_equal(seen->peer.address, "127.0.0.1");
	assert_false(seen->peer.proxied || seen->peer.https);
	respond(seen, seen->last, "");
	client_close(&client);
}

static void limits_have_names(void **state)
{
	struct net_limits limits;

	(void)state;
	net_limits_default(&limits);
	assert_int_equal(*net_limits_find(&limits, "send_queue_bytes"), 262144);
	*net_limits_find(&limits, "header_ms") = 5;
	assert_int_equal(limits.header_ms, 5);
	assert_null(net_limits_find(&limits, "no_such_limit"));
}

static void listeners_say_what_is_wrong(void **state)
{
	struct seen *seen = *state;
	struct listener_opts taken = {.where = listener_address(seen->loopback.listener)};
	struct listener_opts nonsense = {.where = "nonsense"};
	struct listener_opts port = {.where = "127.0.0.1:99999"};
	char error[LISTENER_ERROR_SIZE];
	struct listener *out;

	assert_int_equal(listener_open(seen->loopback.net, &taken, error, &out), ST_CONFLICT);
	assert_non_null(strstr(error, "another program"));
	assert_int_equal(listener_open(seen->loopback.net, &nonsense, error, &out), ST_BAD_REQUEST);
	assert_int_equal(listener_open(seen->loopback.net, &port, error, &out), ST_BAD_REQUEST);
}

#define WITH_NET(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_NET(an_answer_may_come_late),
		WITH_NET(calls_for_one_that_is_gone_do_nothing),
		WITH_NET(an_upgrade_may_come_late_too),
		WITH_NET(a_websocket_on_a_plain_request_is_refused),
		WITH_NET(closed_is_told_once_and_why),
		WITH_NET(drained_comes_when_the_queue_is_empty_again),
		WITH_NET(too_much_for_a_peer_that_does_not_read),
		WITH_NET(a_client_behind_a_proxy),
		WITH_NET(a_header_of_anybody_else_is_not_believed),
		WITH_NET(listeners_say_what_is_wrong),
		cmocka_unit_test(limits_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
