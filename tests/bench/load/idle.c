/* SPDX-License-Identifier: MIT */
/* Many visitors connect, say hello, and stay. What one costs: CPU to let it in, memory to
 * keep it. */
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/must.h"
#include "json.h"

#define WARM_CONNECTIONS 200 /* pools and lazily bound code, paid for by the first ones */

struct guest {
	struct client client;
	struct idle *idle;
	bool ready;
};

struct idle {
	struct load *load;
	struct guest *guests;
	size_t started, ready, gone;
	size_t target; /* connections wanted now */
	uint64_t began_ns;
	uv_timer_t timer;
	bool warm;
	bool ended;
	bool failed;
};

static void start_next(struct idle *idle);

static void on_ready(struct guest *guest)
{
	struct idle *idle = guest->idle;

	if (guest->ready)
		return;
	guest->ready = true;
	idle->ready++;
	start_next(idle);
}

static void on_opened(struct client *client)
{
	struct guest *guest = container_of(client, struct guest, client);

	if (guest->idle->load->relay)
		on_ready(guest);
	else
		client_send(client, SPAN_LIT("{\"type\":\"hello\",\"after\":0,\"page\":{\"url\":"
		                             "\"https://docs.example.gov/start\",\"title\":"
		                             "\"Start\"},\"locale\":\"en\"}"));
}

static void on_text(struct client *client, struct span frame)
{
	struct span type = json_find(frame, "type");

	if (span_is(type, "welcome"))
		on_ready(container_of(client, struct guest, client));
	else
		answer_ping(client, type);
}

static void end_idle(struct idle *idle)
{
	if (idle->ended)
		return;
	idle->ended = true;
	uv_close((uv_handle_t *)&idle->timer, NULL);
	for (size_t i = 0; i < idle->started; i++)
		client_close(&idle->guests[i].client);
}

static void on_gone(struct client *client)
{
	struct guest *guest = container_of(client, struct guest, client);

	guest->idle->gone++;
	if (guest->idle->ended)
		return;
	fprintf(stderr, "closed with %u at %zu connections\n", client->close_code,
	        guest->idle->ready);
	guest->idle->failed = true;
	end_idle(guest->idle);
}

static const struct client_events events = {on_opened, on_text, on_gone};

static void on_rested(uv_timer_t *timer)
{
	struct idle *idle = timer->data;

	printf(",\"pss\":");
	watch_print_pss(&idle->load->watch);
	printf("}\n");
	end_idle(idle);
}

static void on_warm(uv_timer_t *timer)
{
	struct idle *idle = timer->data;

	idle->warm = true;
	idle->target = idle->load->connections + WARM_CONNECTIONS;
	watch_mark_pss(&idle->load->watch);
	watch_mark(&idle->load->watch);
	idle->began_ns = uv_hrtime();
	start_next(idle);
}

/* All that were wanted are there. */
static void on_all_ready(struct idle *idle)
{
	double seconds;

	if (!idle->warm) {
		uv_timer_start(&idle->timer, on_warm, 500, 0);
		return;
	}
	seconds = (double)(uv_hrtime() - idle->began_ns) / 1e9;
	printf("{\"scenario\":\"idle\",\"connections\":%zu,\"seconds\":%.3f,\"per_second\":%.0f,"
	       "\"cpu\":",
	       idle->load->connections, seconds, (double)idle->load->connections / seconds);
	watch_print_cpu(&idle->load->watch);
	uv_timer_start(&idle->timer, on_rested, idle->load->hold * 1000ULL, 0);
}

static void start_next(struct idle *idle)
{
	if (idle->ready == idle->target) {
		on_all_ready(idle);
		return;
	}
	while (idle->started < idle->target &&
	       idle->started - idle->ready < idle->load->in_flight) {
		struct guest *guest = &idle->guests[idle->started];
		char path[64];

		guest->idle = idle;
		if (idle->load->relay)
			snprintf(path, sizeof(path), "/v/%zu", idle->started);
		else
			snprintf(path, sizeof(path), "/ws/visitor");
		idle->started++;
		client_start(&guest->client, &idle->load->visitor_target, &events, path, NULL);
	}
}

int idle_run(struct load *load)
{
	struct idle idle = {.load = load, .target = WARM_CONNECTIONS};

	idle.guests = xcalloc(load->connections + WARM_CONNECTIONS, sizeof(idle.guests[0]));
	uv_timer_init(&load->loop, &idle.timer);
	idle.timer.data = &idle;
	start_next(&idle);
	uv_run(&load->loop, UV_RUN_DEFAULT);
	free(idle.guests);
	return idle.failed ? 1 : 0;
}
