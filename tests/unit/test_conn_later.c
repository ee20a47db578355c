/* SPDX-License-Identifier: MIT */
/* What may wait for company: never long, never out of its place, and never when there is little of
 * it. */
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
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

#define FROM    3  /* frames of one turn */
#define WAIT_MS 40 /* of the test that lets it pass */
#define EVER_MS (1000 * 1000)

struct seen {
	struct loopback loopback;
	struct conn_id last;
	unsigned closed, drained;
};

static void on_request(void *ctx, struct conn_id id, const struct http_request *request)
{
	struct seen *seen = ctx;
	struct conn_upgrade opts = {.message_bytes = 1000, .user = 1};

	(void)request;
	seen->last = id;
	MUST(conn_upgrade(seen->loopback.net, id, &opts) == ST_OK);
}

static void on_message(void *ctx, struct conn_id id, bool binary, struct span payload)
{
	(void)ctx;
	(void)id;
	(void)binary;
	(void)payload;
}

static void on_drained(void *ctx, struct conn_id id)
{
	struct seen *seen = ctx;

	(void)id;
	seen->drained++;
}

static void on_ping(void *ctx, struct conn_id id)
{
	(void)ctx;
	(void)id;
}

static void on_closed(void *ctx, struct conn_id id, enum conn_end why)
{
	struct seen *seen = ctx;

	(void)id;
	(void)why;
	seen->closed++;
}

static int setup(void **state, int64_t gather_ms)
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
	limits.ack_gather_ms = gather_ms;
	limits.ack_gather_from = FROM;
	limits.linger_ms = 300;
	limits.send_queue_soft_bytes = 4096;
	limits.send_queue_bytes = 8192;
	loopback_init(&seen->loopback, &limits, &handler);
	*state = seen;
	return 0;
}

static int setup_never(void **state)
{
	return setup(state, 0);
}

static int setup_short(void **state)
{
	return setup(state, WAIT_MS);
}

static int setup_long(void **state)
{
	return setup(state, EVER_MS);
}

static int teardown(void **state)
{
	struct seen *seen = *state;

	loopback_fini(&seen->loopback);
	free(seen);
	return 0;
}

static struct conn_id open_websocket(struct seen *seen, struct client *client)
{
	client_open(client, &seen->loopback);
	client_text(client, UPGRADE);
	assert_true(client_await(client, &seen->loopback, "\r\n\r\n"));
	buf_reset(&client->in);
	return seen->last;
}

static void say(struct seen *seen, struct conn_id to, const char *text, bool later)
{
	struct blob *frame = ws_frame(WS_TEXT, span_of(text));

	if (later)
		net_send_later(seen->loopback.net, to, frame);
	else
		net_send(seen->loopback.net, to, frame);
	blob_unref(&frame);
}

static void say_later(struct seen *seen, struct conn_id to, unsigned count)
{
	static const char *const names[] = {"one", "two", "three", "four"};

	MUST(count <= ARRAY_LEN(names));
	for (unsigned i = 0; i < count; i++)
		say(seen, to, names[i], true);
}

static uint64_t writes(const struct seen *seen)
{
	struct net_stats stats;

	net_stats(seen->loopback.net, &stats);
	return stats.writes;
}

static void turns(struct seen *seen, int count)
{
	while (count-- > 0)
		loopback_turn(&seen->loopback);
}

/* Nothing but what was said, in this order. */
static void assert_reads(struct seen *seen, struct client *client, const char *const *texts,
                         size_t count)
{
	struct buf all = {0};

	for (size_t i = 0; i < count; i++) {
		buf_char(&all, (char)0x81);
		buf_char(&all, (char)strlen(texts[i]));
		buf_text(&all, texts[i]);
	}
	assert_true(client_await(client, &seen->loopback, texts[count - 1]));
	assert_int_equal(client->in.len, all.len);
	assert_memory_equal(client->in.ptr, all.ptr, all.len);
	buf_fini(&all);
}

static void few_go_at_the_end_of_the_turn(void **state)
{
	struct seen *seen = *state;
	struct client client;
	struct conn_id conn = open_websocket(seen, &client);

	say_later(seen, conn, FROM - 1);
	turns(seen, 1);
	assert_int_equal(net_queued(seen->loopback.net, conn), 0);
	assert_reads(seen, &client, (const char *const[]){"one", "two"}, 2);
	client_close(&client);
}

static void none_waits_when_that_is_off(void **state)
{
	struct seen *seen = *state;
	struct client client;
	struct conn_id conn = open_websocket(seen, &client);

	say_later(seen, conn, FROM + 1);
	turns(seen, 1);
	assert_int_equal(net_queued(seen->loopback.net, conn), 0);
	assert_reads(seen, &client, (const char *const[]){"one", "two", "three", "four"}, 4);
	client_close(&client);
}

/* Of all connections together: that is what says that the server is busy. */
static void many_wait_for_other_output_and_go_with_it(void **state)
{
	struct seen *seen = *state;
	struct client first, second;
	struct conn_id a = open_websocket(seen, &first), b = open_websocket(seen, &second);
	uint64_t before = writes(seen);

	say_later(seen, a, FROM - 1);
	say_later(seen, b, 1);
	turns(seen, 20);
	assert_int_equal(writes(seen), before);
	assert_true(net_queued(seen->loopback.net, a) > 0);
	say(seen, a, "now", false);
	turns(seen, 1);
	assert_int_equal(writes(seen), before + 1);
	assert_reads(seen, &first, (const char *const[]){"one", "two", "now"}, 3);
	assert_true(net_queued(seen->loopback.net, b) > 0);
	client_close(&first);
	client_close(&second);
}

static void what_is_said_first_takes_it_along(void **state)
{
	struct seen *seen = *state;
	struct client client;
	struct conn_id conn = open_websocket(seen, &client);

	say(seen, conn, "now", false);
	say_later(seen, conn, FROM);
	turns(seen, 1);
	assert_int_equal(net_queued(seen->loopback.net, conn), 0);
	assert_reads(seen, &client, (const char *const[]){"now", "one", "two", "three"}, 4);
	client_close(&client);
}

static void none_waits_longer_than_that(void **state)
{
	struct seen *seen = *state;
	struct net *net = seen->loopback.net;
	struct client first, second;
	struct conn_id a = open_websocket(seen, &first), b = open_websocket(seen, &second);
	mono_ms since = net_mono(net);
	bool waited = false;

	say_later(seen, a, FROM);
	say_later(seen, b, FROM);
	for (;;) {
		/* A turn reads the clock once more behind its timers: what counts is where it began. */
		mono_ms begun = net_mono(net);

		turns(seen, 1);
		if (net_queued(net, a) == 0 || net_queued(net, b) == 0)
			break;
		waited = true;
		assert_true(begun - since < WAIT_MS);
	}
	/* A machine that slept over the wait itself proves nothing, and is no mistake. */
	assert_true(waited || net_mono(net) - since >= WAIT_MS);
	assert_true(net_mono(net) - since >= WAIT_MS);
	assert_reads(seen, &first, (const char *const[]){"one", "two", "three"}, 3);
	assert_reads(seen, &second, (const char *const[]){"one", "two", "three"}, 3);
	client_close(&first);
	client_close(&second);
}

/* Nothing else wakes the loop: it sleeps until then and no longer, not until the next tick of the net. */
static void the_loop_wakes_for_it(void **state)
{
	struct seen *seen = *state;
	struct net *net = seen->loopback.net;
	uv_loop_t *loop = &seen->loopback.loop;
	struct client client;
	struct conn_id conn = open_websocket(seen, &client);

	say_later(seen, conn, FROM);
	(void)uv_run(loop, UV_RUN_NOWAIT);
	while (net_queued(net, conn) > 0) {
		assert_in_range(uv_backend_timeout(loop), 0, WAIT_MS);
		(void)uv_run(loop, UV_RUN_ONCE);
	}
	assert_reads(seen, &client, (const char *const[]){"one", "two", "three"}, 3);
	client_close(&client);
}

static void the_end_comes_behind_it(void **state)
{
	struct seen *seen = *state;
	struct client client;
	struct conn_id conn = open_websocket(seen, &client);

	say_later(seen, conn, FROM);
	turns(seen, 2);
	net_close(seen->loopback.net, conn, 1012, "service restart");
	assert_true(client_await(&client, &seen->loopback, "service restart"));
	assert_non_null(memmem(client.in.ptr, client.in.len, "\x81\x05three\x88", 8));
	client_close(&client);
}

static void one_that_leaves_takes_it_along(void **state)
{
	struct seen *seen = *state;
	struct client first, second;
	struct conn_id a = open_websocket(seen, &first), b = open_websocket(seen, &second);

	say_later(seen, a, FROM);
	say_later(seen, b, FROM);
	turns(seen, 2);
	client_close(&first);
	for (int turn = 0; turn < 20000 && seen->closed == 0; turn++)
		turns(seen, 1);
	assert_int_equal(seen->closed, 1);
	assert_int_equal(net_queued(seen->loopback.net, a), 0);
	say_later(seen, a, FROM); /* gone */
	say(seen, b, "now", false);
	assert_reads(seen, &second, (const char *const[]){"one", "two", "three", "now"}, 4);
	client_close(&second);
}

/* The limits of a queue hold for what waits, too. */
static void too_much_of_it_ends_the_connection(void **state)
{
	struct seen *seen = *state;
	struct client client;
	struct conn_id conn = open_websocket(seen, &client);
	char text[1001];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 100000 && seen->closed == 0; i++) {
		for (int k = 0; k < 9; k++)
			say(seen, conn, text, true);
		assert_true(net_queued(seen->loopback.net, conn) <= 8192);
		turns(seen, 1);
	}
	assert_int_equal(seen->closed, 1);
	client_close(&client);
}

#define WITH(begin, test) cmocka_unit_test_setup_teardown(test, begin, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(setup_long, few_go_at_the_end_of_the_turn),
		WITH(setup_never, none_waits_when_that_is_off),
		WITH(setup_long, many_wait_for_other_output_and_go_with_it),
		WITH(setup_long, what_is_said_first_takes_it_along),
		WITH(setup_short, none_waits_longer_than_that),
		WITH(setup_short, the_loop_wakes_for_it),
		WITH(setup_long, the_end_comes_behind_it),
		WITH(setup_long, one_that_leaves_takes_it_along),
		WITH(setup_long, too_much_of_it_ends_the_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
