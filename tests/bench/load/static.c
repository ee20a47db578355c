/* SPDX-License-Identifier: MIT */
/* One static file over keep-alive connections: requests a second and what one costs. */
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

#define HEAD_MAX 4096
#define WARM_MS  500

struct getter {
	uv_tcp_t tcp;
	uv_connect_t connect;
	struct fetch *fetch;
	uint64_t began_ns;
	char head[HEAD_MAX];
	size_t head_len;
	uint64_t body_left; /* once the head is complete */
	bool in_body;
};

struct fetch {
	struct load *load;
	struct getter *getters;
	char request[512];
	size_t request_len;
	uv_timer_t timer;
	struct samples samples;
	uint64_t done;
	uint64_t body_bytes; /* of the last answer */
	uint64_t began_ns;
	bool measuring;
	bool ended;
	bool failed;
};

static void alloc_slab(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	static char slab[256 * 1024];

	(void)handle;
	(void)suggested;
	*buf = uv_buf_init(slab, sizeof(slab));
}

static void fail(struct fetch *fetch, const char *why)
{
	if (!fetch->failed && !fetch->ended)
		fprintf(stderr, "static: %s\n", why);
	fetch->failed = true;
}

static void ask(struct getter *getter)
{
	uv_buf_t buf = uv_buf_init(getter->fetch->request, (unsigned)getter->fetch->request_len);

	getter->head_len = 0;
	getter->in_body = false;
	getter->began_ns = uv_hrtime();
	if (uv_try_write((uv_stream_t *)&getter->tcp, &buf, 1) != (int)buf.len)
		fail(getter->fetch, "short write of a request");
}

/* The body's length from a complete head; false: not a good answer. */
static bool read_head(struct getter *getter)
{
	const char *length;

	if (strncmp(getter->head, "HTTP/1.1 200", 12) != 0)
		return false;
	length = strcasestr(getter->head, "\r\ncontent-length:");
	if (!length)
		return false;
	getter->body_left = strtoull(length + 17, NULL, 10);
	getter->fetch->body_bytes = getter->body_left;
	return true;
}

/* How many of the bytes belong to the head. */
static size_t take_head(struct getter *getter, const char *bytes, size_t len)
{
	size_t before = getter->head_len;
	size_t room = HEAD_MAX - 1 - before;
	size_t take = len < room ? len : room;
	const char *end;

	memcpy(getter->head + before, bytes, take);
	getter->head[before + take] = '\0';
	getter->head_len += take;
	end = strstr(getter->head, "\r\n\r\n");
	if (!end)
		return take;
	getter->in_body = true;
	if (!read_head(getter))
		fail(getter->fetch, getter->head);
	return (size_t)(end - getter->head) + 4 - before;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct getter *getter = stream->data;
	struct fetch *fetch = getter->fetch;
	size_t used = 0;

	if (count < 0) {
		fail(fetch, "connection ended");
		uv_read_stop(stream);
		return;
	}
	if (!getter->in_body)
		used = take_head(getter, buf->base, (size_t)count);
	if (!getter->in_body || fetch->failed)
		return;
	getter->body_left -= (uint64_t)count - used;
	if (getter->body_left > 0)
		return;
	if (fetch->measuring) {
		fetch->done++;
		samples_add(&fetch->samples, uv_hrtime() - getter->began_ns);
	}
	ask(getter);
}

static void on_connect(uv_connect_t *req, int status)
{
	struct getter *getter = container_of(req, struct getter, connect);

	if (status < 0) {
		fail(getter->fetch, uv_strerror(status));
		return;
	}
	uv_read_start((uv_stream_t *)&getter->tcp, alloc_slab, on_read);
	ask(getter);
}

static void report(struct fetch *fetch)
{
	double seconds = (double)(uv_hrtime() - fetch->began_ns) / 1e9;

	printf("{\"scenario\":\"static\",\"connections\":%zu,\"bytes\":%" PRIu64
	       ",\"requests\":%" PRIu64 ",\"per_second\":%.0f,\"latency\":",
	       fetch->load->connections, fetch->body_bytes, fetch->done,
	       (double)fetch->done / seconds);
	samples_print(&fetch->samples);
	printf(",\"cpu\":");
	watch_print_cpu(&fetch->load->watch);
	printf("}\n");
}

static void end_fetch(struct fetch *fetch)
{
	fetch->ended = true;
	uv_close((uv_handle_t *)&fetch->timer, NULL);
	for (size_t i = 0; i < fetch->load->connections; i++)
		uv_close((uv_handle_t *)&fetch->getters[i].tcp, NULL);
}

static void on_timer(uv_timer_t *timer)
{
	struct fetch *fetch = timer->data;

	if (fetch->failed) {
		end_fetch(fetch);
	} else if (!fetch->measuring) {
		fetch->measuring = true;
		fetch->began_ns = uv_hrtime();
		watch_mark(&fetch->load->watch);
		uv_timer_start(timer, on_timer, fetch->load->seconds * 1000ULL, 0);
	} else {
		report(fetch);
		end_fetch(fetch);
	}
}

int static_run(struct load *load)
{
	struct fetch fetch = {.load = load};

	fetch.request_len = (size_t)snprintf(fetch.request, sizeof(fetch.request),
	                                     "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", load->path,
	                                     load->target.host);
	fetch.getters = xcalloc(load->connections, sizeof(fetch.getters[0]));
	for (size_t i = 0; i < load->connections; i++) {
		struct getter *getter = &fetch.getters[i];

		getter->fetch = &fetch;
		uv_tcp_init(&load->loop, &getter->tcp);
		getter->tcp.data = getter;
		uv_tcp_connect(&getter->connect, &getter->tcp,
		               (const struct sockaddr *)&load->target.address, on_connect);
	}
	uv_timer_init(&load->loop, &fetch.timer);
	fetch.timer.data = &fetch;
	uv_timer_start(&fetch.timer, on_timer, WARM_MS, 0);
	uv_run(&load->loop, UV_RUN_DEFAULT);
	samples_fini(&fetch.samples);
	free(fetch.getters);
	return fetch.failed ? 1 : 0;
}
