/* SPDX-License-Identifier: MIT */
#include "adapter/health.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/answer.h"
#include "base/must.h"

static struct desk_stats desk_stats_of(const struct health *health)
{
	struct desk_stats stats = {0};

	health->desk->ops->stats(health->desk, &stats, net_now(health->net));
	return stats;
}

static struct bus_stats bus_stats_of(const struct health *health)
{
	struct bus_stats stats = {0};

	health->bus->ops->stats(health->bus, &stats);
	return stats;
}

static struct store_stats store_stats_of(const struct health *health)
{
	struct store_stats stats = {0};

	health->store->ops->stats(health->store, &stats);
	return stats;
}

#define LAG_MAX_MS MINUTE_MS /* clocks later than this are not kept: somebody has to look */

struct parts {
	bool store, redis, desk, clocks;
};

static bool are_all(const struct parts *parts)
{
	return parts->store && parts->redis && parts->desk && parts->clocks;
}

static struct parts look(const struct health *health)
{
	struct desk_stats desk = desk_stats_of(health);

	return (struct parts){
		.store = store_stats_of(health).healthy,
		.redis = bus_stats_of(health).up,
		.desk = desk.started && desk.routing && !health->closed,
		.clocks = desk.timer_lag_ms <= LAG_MAX_MS,
	};
}

bool health_is_ready(const struct health *health)
{
	struct parts parts = look(health);

	return are_all(&parts);
}

void health_alive(const struct health *health, struct conn_id conn)
{
	const struct answer answer = {
		.status = 200, .type = "text/plain; charset=utf-8", .body = SPAN_LIT("ok\n")};

	answer_send(health->net, conn, &answer);
}

static const char *truth(bool value)
{
	return value ? "true" : "false";
}

void health_ready(const struct health *health, struct conn_id conn)
{
	struct parts parts = look(health);
	bool ready = are_all(&parts);
	struct answer answer = {.status = ready ? 200 : 503};
	struct buf buf = {0};

	buf_fmt(&buf, "{\"ready\":%s,\"store\":%s,\"redis\":%s,\"desk\":%s,\"clocks\":%s}",
	        truth(ready), truth(parts.store), truth(parts.redis), truth(parts.desk),
	        truth(parts.clocks));
	answer.body = (struct span){.ptr = buf.ptr, .len = buf.len};
	answer_send(health->net, conn, &answer);
	buf_fini(&buf);
}

/* --- metrics --- */

static void head(struct buf *buf, const char *name, const char *type, const char *help)
{
	buf_fmt(buf, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(struct buf *buf, const char *name, const char *help, uint64_t value)
{
	head(buf, name, "gauge", help);
	buf_fmt(buf, "%s %" PRIu64 "\n", name, value);
}

static void counter(struct buf *buf, const char *name, const char *help, uint64_t value)
{
	head(buf, name, "counter", help);
	buf_fmt(buf, "%s %" PRIu64 "\n", name, value);
}

static void write_desk(struct buf *buf, const struct desk_stats *desk)
{
	head(buf, "tierbell_connections", "gauge", "Open websockets.");
	buf_fmt(buf, "tierbell_connections{audience=\"visitor\"} %zu\n", desk->visitor_sockets);
	buf_fmt(buf, "tierbell_connections{audience=\"agent\"} %zu\n", desk->agent_sockets);
	head(buf, "tierbell_people", "gauge", "Visitors and agents who are connected.");
	buf_fmt(buf, "tierbell_people{audience=\"visitor\"} %zu\n", desk->visitors);
	buf_fmt(buf, "tierbell_people{audience=\"agent\"} %zu\n", desk->agents);
	head(buf, "tierbell_chats", "gauge", "Live tickets by state.");
	buf_fmt(buf, "tierbell_chats{state=\"waiting\"} %zu\n", desk->chats_waiting);
	buf_fmt(buf, "tierbell_chats{state=\"offered\"} %zu\n", desk->chats_offered);
	buf_fmt(buf, "tierbell_chats{state=\"active\"} %zu\n", desk->chats_active);
	buf_fmt(buf, "tierbell_chats{state=\"pending\"} %zu\n", desk->chats_pending);
	counter(buf, "tierbell_messages_total", "Messages put on record.", desk->messages);
	counter(buf, "tierbell_acks_total", "Acknowledgements sent.", desk->acks);
	counter(buf, "tierbell_duplicates_total", "Messages that were sent again.",
	        desk->duplicates);
	counter(buf, "tierbell_refused_total", "Frames answered with an error.", desk->refused);
	head(buf, "tierbell_identities_total", "counter",
	     "Signed identities by what the check said.");
	buf_fmt(buf, "tierbell_identities_total{result=\"right\"} %" PRIu64 "\n",
	        desk->identities_right);
	buf_fmt(buf, "tierbell_identities_total{result=\"wrong\"} %" PRIu64 "\n",
	        desk->identities_wrong);
	counter(buf, "tierbell_tickets_opened_total", "Tickets opened.", desk->tickets_opened);
	counter(buf, "tierbell_offers_total", "Chats offered to agents.", desk->offers);
	counter(buf, "tierbell_offers_expired_total", "Offers that ran out.", desk->offers_expired);
	counter(buf, "tierbell_requeues_total", "Chats whose agent was gone.", desk->requeues);
	counter(buf, "tierbell_escalations_total", "Chats that went up a tier.", desk->escalations);
}

static void write_queues(struct buf *buf, const struct desk_stats *desk)
{
	head(buf, "tierbell_queue_waiting", "gauge", "Chats that wait, by tier.");
	for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
		buf_fmt(buf, "tierbell_queue_waiting{tier=\"%d\"} %zu\n", tier,
		        desk->waiting[tier - 1]);
	head(buf, "tierbell_queue_oldest_wait_seconds", "gauge", "Longest wait, by tier.");
	for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
		buf_fmt(buf, "tierbell_queue_oldest_wait_seconds{tier=\"%d\"} %.3f\n", tier,
		        (double)desk->oldest_wait_ms[tier - 1] / 1e3);
	head(buf, "tierbell_agents_available", "gauge", "Agents who take chats, by tier.");
	for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
		buf_fmt(buf, "tierbell_agents_available{tier=\"%d\"} %zu\n", tier,
		        desk->available[tier - 1]);
}

static void write_clocks(struct buf *buf, const struct desk_stats *desk)
{
	static const char *const kinds[] = {
#define TIMER_ROW(name, text) text,
		TIMER_TABLE(TIMER_ROW)
#undef TIMER_ROW
	};

	head(buf, "tierbell_timer_lag_seconds", "gauge",
	     "How late the soonest clock is that has not fired.");
	buf_fmt(buf, "tierbell_timer_lag_seconds %.3f\n", (double)desk->timer_lag_ms / 1e3);
	gauge(buf, "tierbell_overdue_unfired", "Live tickets with a clock that is overdue.",
	      desk->overdue);
	head(buf, "tierbell_timers_fired_total", "counter", "Clocks that had their effect.");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		buf_fmt(buf, "tierbell_timers_fired_total{kind=\"%s\"} %" PRIu64 "\n", kinds[i],
		        desk->fired[i]);
	buf_fmt(buf, "tierbell_timers_fired_total{kind=\"rule\"} %" PRIu64 "\n",
	        desk->fired[TIMER_RULES]);
	buf_fmt(buf, "tierbell_timers_fired_total{kind=\"milestone\"} %" PRIu64 "\n",
	        desk->fired[TIMER_RULES + 1]);
	gauge(buf, "tierbell_pages_open", "Pages that nobody has acknowledged.", desk->pages_open);
	counter(buf, "tierbell_pages_total", "Attempts to page somebody.", desk->pages);
	counter(buf, "tierbell_pages_failed_total", "Pages that could not be handed over.",
	        desk->pages_failed);
	gauge(buf, "tierbell_policy_version", "The version of the policy that holds, 0: none.",
	      desk->policy);
}

static void write_retention(struct buf *buf, const struct desk_stats *desk)
{
	static const char *const what[] = {"tickets", "entries", "logins"};

	_Static_assert(sizeof(desk->forgotten) / sizeof(desk->forgotten[0]) == ARRAY_LEN(what),
	               "one name each");
	head(buf, "tierbell_forgotten_total", "counter",
	     "What was deleted because its time was over.");
	for (size_t i = 0; i < ARRAY_LEN(what); i++)
		buf_fmt(buf, "tierbell_forgotten_total{what=\"%s\"} %" PRIu64 "\n", what[i],
		        desk->forgotten[i]);
}

static void write_store(struct buf *buf, const struct store_stats *store)
{
	static const char *const quantiles[] = {"0.5", "0.99", "1"};

	gauge(buf, "tierbell_store_healthy", "1: the last transaction could be written.",
	      store->healthy ? 1 : 0);
	gauge(buf, "tierbell_store_queue", "Writes that wait for the record.", store->queued);
	counter(buf, "tierbell_store_commits_total", "Transactions.", store->commits);
	counter(buf, "tierbell_store_writes_total", "Writes.", store->calls);
	head(buf, "tierbell_store_latency_seconds", "gauge",
	     "From submit to durable, quantiles of the last 1,024 writes.");
	for (int i = 0; i < 3; i++)
		buf_fmt(buf, "tierbell_store_latency_seconds{quantile=\"%s\"} %.6f\n", quantiles[i],
		        (double)store->latency_us[i] / 1e6);
}

static void write_redis(struct buf *buf, const struct bus_stats *bus)
{
	gauge(buf, "tierbell_redis_up", "1: Redis can be reached.", bus->up ? 1 : 0);
	counter(buf, "tierbell_redis_calls_total", "Calls to Redis.", bus->calls);
	counter(buf, "tierbell_redis_failures_total", "Calls that failed.", bus->failures);
	counter(buf, "tierbell_redis_restarts_total", "Restarts of the private Redis.",
	        bus->restarts);
	head(buf, "tierbell_redis_rtt_seconds", "gauge", "Round trip of the last call.");
	buf_fmt(buf, "tierbell_redis_rtt_seconds %.6f\n", (double)bus->rtt_us_last / 1e6);
}

static void write_net(struct buf *buf, const struct net_stats *net)
{
	gauge(buf, "tierbell_net_open", "Open connections, HTTP included.", net->open);
	counter(buf, "tierbell_net_accepted_total", "Connections accepted.", net->accepted);
	counter(buf, "tierbell_net_refused_total", "Connections over a limit.", net->refused);
	counter(buf, "tierbell_http_requests_total", "HTTP requests.", net->requests);
	counter(buf, "tierbell_upgrades_total", "Websockets opened.", net->upgrades);
	counter(buf, "tierbell_net_read_bytes_total", "Bytes read.", net->bytes_in);
	counter(buf, "tierbell_net_written_bytes_total", "Bytes written.", net->bytes_out);
	counter(buf, "tierbell_net_writes_total", "Calls that wrote.", net->writes);
	counter(buf, "tierbell_frames_received_total", "Websocket messages read.",
	        net->messages_in);
	counter(buf, "tierbell_frames_sent_total", "Websocket frames written.", net->frames_out);
	head(buf, "tierbell_closed_total", "counter", "Connections by how they ended.");
	for (int why = 0; why < CONN_END_COUNT; why++)
		buf_fmt(buf, "tierbell_closed_total{why=\"%s\"} %" PRIu64 "\n",
		        conn_end_name((enum conn_end)why), net->ended[why]);
}

/* Pages, the second number of the file. 0: not known. */
static uint64_t resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	uint64_t pages = 0;
	char line[128];
	char *second;

	if (file == NULL)
		return 0;
	if (fgets(line, sizeof(line), file) != NULL && (second = strchr(line, ' ')) != NULL)
		pages = strtoull(second, NULL, 10);
	(void)fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void health_write(const struct health *health, struct buf *buf)
{
	struct desk_stats desk = desk_stats_of(health);
	struct store_stats store = store_stats_of(health);
	struct bus_stats bus = bus_stats_of(health);
	struct net_stats net = {0};

	net_stats(health->net, &net);
	head(buf, "tierbell_build_info", "gauge", "The version that runs.");
	buf_fmt(buf, "tierbell_build_info{version=\"%s\"} 1\n", health->version);
	head(buf, "tierbell_uptime_seconds", "gauge", "Since the start.");
	buf_fmt(buf, "tierbell_uptime_seconds %.3f\n",
	        (double)(net_mono(health->net) - health->started_at) / 1e3);
	gauge(buf, "tierbell_resident_bytes", "Resident memory of the process.", resident_bytes());
	gauge(buf, "tierbell_ready", "1: ready to take traffic.", health_is_ready(health) ? 1 : 0);
	write_desk(buf, &desk);
	write_queues(buf, &desk);
	write_clocks(buf, &desk);
	write_retention(buf, &desk);
	write_store(buf, &store);
	write_redis(buf, &bus);
	write_net(buf, &net);
}

void health_metrics(const struct health *health, struct conn_id conn)
{
	struct answer answer = {.status = 200, .type = "text/plain; version=0.0.4; charset=utf-8"};
	struct buf buf = {0};

	health_write(health, &buf);
	answer.body = (struct span){.ptr = buf.ptr, .len = buf.len};
	answer_send(health->net, conn, &answer);
	buf_fini(&buf);
}
