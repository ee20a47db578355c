/* SPDX-License-Identifier: MIT */
/* All connections of a loop: limits, the one timer, the flush at the end of a turn, the way
 * down. */
#include "adapter/net.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/mem.h"
#include "base/must.h"
#include "proto/view.h"

#define SPARE_FILES ((rlim_t)64) /* descriptors for the record, the switchboard, the log */
#define TRIM_PEAK   1000         /* connections, of which at least half have gone */

void net_limits_default(struct net_limits *out)
{
#define NET_LIMIT_DEFAULT(name, value, help) out->name = (value);
	NET_LIMIT_TABLE(NET_LIMIT_DEFAULT)
#undef NET_LIMIT_DEFAULT
}

int64_t *net_limits_find(struct net_limits *limits, const char *name)
{
	const struct {
		const char *name;
		int64_t *value;
	} rows[] = {
#define NET_LIMIT_PLACE(field, value, help) {#field, &limits->field},
		NET_LIMIT_TABLE(NET_LIMIT_PLACE)
#undef NET_LIMIT_PLACE
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(name, rows[i].name) == 0)
			return rows[i].value;
	}
	return NULL;
}

const char *conn_end_name(enum conn_end end)
{
	static const char *const names[] = {
#define CONN_END_NAME(name, text) [name] = (text),
		CONN_END_TABLE(CONN_END_NAME)
#undef CONN_END_NAME
	};

	MUST(end < CONN_END_COUNT);
	return names[end];
}

mono_ms net_mono(const struct net *net)
{
	return (mono_ms)uv_now(net->loop);
}

static void read_clock(struct net *net)
{
	struct timespec now;

	if (net->wall_at == net_mono(net) && net->wall != 0)
		return;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	net->wall = (wall_ms)now.tv_sec * SEC_MS + now.tv_nsec / 1000000;
	net->wall_at = net_mono(net);
}

wall_ms net_now(struct net *net)
{
	read_clock(net);
	return net->wall;
}

const char *net_date(struct net *net)
{
	int64_t second = net_now(net) / SEC_MS;
	time_t at = (time_t)second;
	struct tm utc;

	if (second != net->date_second) {
		(void)gmtime_r(&at, &utc);
		(void)strftime(net->date, sizeof(net->date), "%a, %d %b %Y %H:%M:%S GMT", &utc);
		net->date_second = second;
	}
	return net->date;
}

static mono_ms deadline_of(const struct net *net, enum conn_state state)
{
	const struct net_limits *limits = &net->limits;

	switch (state) {
	case CONN_HEAD:
		return limits->header_ms;
	case CONN_IDLE:
		return limits->idle_ms;
	case CONN_BODY:
		return BODY_LOOK_MS(net);
	case CONN_ANSWER:
		return limits->response_ms;
	case CONN_REPLY:
		return limits->write_ms;
	case CONN_OPEN:
		return limits->ping_ms;
	case CONN_PINGED:
		return limits->silence_ms - limits->ping_ms;
	case CONN_PARTIAL:
		return limits->message_ms;
	case CONN_CLOSING:
		return limits->linger_ms;
	case CONN_CLOSED:
		break;
	}
	MUST(0);
	return 0;
}

static void flush_all(struct net *net)
{
	struct conn *conn;

	later_end_turn(net);
	while ((conn = net->dirty_first) != NULL) {
		net->dirty_first = conn->dirty_next;
		if (net->dirty_first == NULL)
			net->dirty_last = NULL;
		conn->dirty = false;
		conn_flush(conn);
	}
}

/* Timers and what they caused, before the loop sleeps. */
static void on_prepare(uv_prepare_t *prepare)
{
	flush_all(prepare->data);
}

/* What the events of this turn caused. */
static void on_check(uv_check_t *check)
{
	flush_all(check->data);
}

static void close_list(struct net *net, enum conn_state state, enum conn_end why)
{
	struct conn *conn, *next;

	for (conn = TAILQ_FIRST(&net->lists[state]); conn != NULL; conn = next) {
		next = TAILQ_NEXT(conn, link);
		conn_close(conn, why);
	}
}

static void drain_check(struct net *net)
{
	void (*done)(void *ctx) = net->drain_done;

	if (!net->draining || done == NULL)
		return;
	if (net->stats.open == 0) {
		net->drain_done = NULL;
		done(net->drain_ctx);
		return;
	}
	if (net_mono(net) < net->drain_at)
		return;
	for (unsigned state = 0; state < CONN_STATES; state++)
		close_list(net, (enum conn_state)state, CONN_END_DRAINED);
}

static void expire_list(struct net *net, enum conn_state state)
{
	mono_ms deadline = deadline_of(net, state);
	struct conn *conn;

	if (deadline <= 0)
		return;
	while ((conn = TAILQ_FIRST(&net->lists[state])) != NULL &&
	       net_mono(net) - conn->since >= deadline)
		conn_expire(conn);
}

static void on_tick(uv_timer_t *timer)
{
	struct net *net = timer->data;

	for (unsigned state = 0; state < CONN_STATES; state++)
		expire_list(net, (enum conn_state)state);
	/* glibc keeps what many connections have left behind. */
	if (net->peak >= TRIM_PEAK && net->stats.open < net->peak / 2) {
		net->peak = net->stats.open;
		(void)malloc_trim(0);
	}
	drain_check(net);
}

void net_conn_gone(struct net *net)
{
	if (net->stats.open == 0)
		drain_check(net);
}

static int64_t files_for_connections(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY)
		return INT64_C(1) << 20;
	return files.rlim_cur > 2 * SPARE_FILES ? (int64_t)(files.rlim_cur - SPARE_FILES)
	                                        : (int64_t)files.rlim_cur / 2;
}

static struct ws_pool *create_ws_pool(const struct net_limits *limits)
{
	struct ws_limits ws = {.fragments = (unsigned)limits->fragments,
	                       .control_frames = (unsigned)limits->control_frames_per_10s,
	                       .control_window_ms = 10 * SEC_MS};

	return ws_pool_create(&ws, &conn_ws_events);
}

static void start_handles(struct net *net)
{
	MUST(uv_timer_init(net->loop, &net->timer) == 0);
	MUST(uv_prepare_init(net->loop, &net->prepare) == 0);
	MUST(uv_check_init(net->loop, &net->check) == 0);
	net->timer.data = net->prepare.data = net->check.data = net;
	MUST(uv_timer_start(&net->timer, on_tick, TICK_MS, TICK_MS) == 0);
	MUST(uv_prepare_start(&net->prepare, on_prepare) == 0);
	MUST(uv_check_start(&net->check, on_check) == 0);
	later_start(net);
	net->handles = 4;
}

struct net *net_create(uv_loop_t *loop, const struct net_limits *limits,
                       const struct conn_handler *handler)
{
	struct net *net = xcalloc(1, sizeof(*net));

	net->loop = loop;
	net->limits = *limits;
	net->handler = *handler;
	net->free_slot = UINT32_MAX;
	if (net->limits.connections == 0)
		net->limits.connections = files_for_connections();
	net->http_limits = (struct http_limits){.header_bytes = (size_t)limits->header_bytes,
	                                        .headers = (size_t)limits->headers,
	                                        .body_bytes = (size_t)limits->body_bytes,
	                                        .large_path = VIEW_FILES_PATH,
	                                        .large_bytes = (size_t)limits->file_bytes};
	for (unsigned state = 0; state < CONN_STATES; state++)
		TAILQ_INIT(&net->lists[state]);
	TAILQ_INIT(&net->ports);
	net->ws_pool = create_ws_pool(limits);
	start_handles(net);
	return net;
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct net *net = handle->data;
	struct exchange *exchange;

	if (--net->handles > 0)
		return;
	while ((exchange = SLIST_FIRST(&net->exchanges)) != NULL) {
		SLIST_REMOVE_HEAD(&net->exchanges, free);
		exchange_free(&exchange);
	}
	ws_pool_destroy(&net->ws_pool);
	outbox_pool_fini(&net->outboxes);
	places_fini(&net->places);
	buf_fini(&net->scratch);
	free(net->slots);
	free(net);
}

void net_destroy(struct net **net)
{
	if (*net == NULL)
		return;
	MUST((*net)->stats.open == 0 && TAILQ_EMPTY(&(*net)->ports));
	uv_close((uv_handle_t *)&(*net)->timer, on_handle_closed);
	uv_close((uv_handle_t *)&(*net)->prepare, on_handle_closed);
	uv_close((uv_handle_t *)&(*net)->check, on_handle_closed);
	uv_close((uv_handle_t *)&(*net)->later.timer, on_handle_closed);
	*net = NULL;
}

void net_drain(struct net *net, int64_t deadline_ms, void (*done)(void *ctx), void *ctx)
{
	struct net_port *port;

	net->draining = true;
	net->drain_at = net_mono(net) + deadline_ms;
	net->drain_done = done;
	net->drain_ctx = ctx;
	while ((port = TAILQ_FIRST(&net->ports)) != NULL) {
		TAILQ_REMOVE(&net->ports, port, link);
		port->close(port);
	}
	close_list(net, CONN_IDLE, CONN_END_DRAINED);
	close_list(net, CONN_HEAD, CONN_END_DRAINED);
	close_list(net, CONN_BODY, CONN_END_DRAINED);
}

void net_port_add(struct net *net, struct net_port *port)
{
	TAILQ_INSERT_TAIL(&net->ports, port, link);
}

bool net_trust_proxy(struct net *net, const char *cidr)
{
	return places_trust(&net->places, cidr);
}

void net_stats(const struct net *net, struct net_stats *out)
{
	*out = net->stats;
}
