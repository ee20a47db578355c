/* SPDX-License-Identifier: MIT */
/* A call becomes a job: one or more commands that go out together, in the order of the
 * submissions, and whose last reply is the answer. Calls that end without Redis (refused,
 * not reachable) wait in `ended` for the loop's next turn. */
#include "adapter/redis_bus.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "adapter/redis_calls.h"
#include "adapter/redis_child.h"
#include "adapter/redis_library.h"
#include "adapter/redis_link.h"
#include "adapter/redis_notice.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define JOBS_MAX         8192U
#define DESK_SIZE        64U
#define PRIVATE_RETRY_MS 5U
#define PRIVATE_QUICK    60U /* attempts until it should be there */
#define SHARED_RETRY_MS  50U
#define PRIVATE_MAX_MS   1000U
#define SHARED_MAX_MS    5000U

struct job {
	struct redis_bus *owner;
	struct bus_call *call;
	enum status status;
	unsigned parts;
	uint64_t started_ns;
	TAILQ_ENTRY(job) link;
};

/* One command of a job. */
struct part {
	struct redis_request request;
	struct job *job;
};

TAILQ_HEAD(job_list, job);

struct redis_bus {
	struct bus bus;
	struct bus_events events;
	struct bus_stats stats;
	struct redis_caller caller;
	struct redis_link *calls;
	struct redis_link *notices;
	struct redis_child *child; /* NULL: shared */
	uv_idle_t turn;
	struct job_list ended;
	size_t jobs;
	unsigned handles;
	bool listening;
	bool told_up;
	bool closing;
};

static struct redis_bus *redis_from_bus(struct bus *bus)
{
	return container_of(bus, struct redis_bus, bus);
}

/* --- jobs --- */

static void job_finish(struct job *job, enum status status)
{
	struct redis_bus *owner = job->owner;
	struct bus_call *call = job->call;

	owner->jobs--;
	owner->stats.calls++;
	if (status == ST_UNAVAILABLE || status == ST_TIMEOUT)
		owner->stats.failures++;
	owner->stats.rtt_us_last = (int64_t)((uv_hrtime() - job->started_ns) / 1000);
	free(job);
	call->op.status = status;
	call->op.done(&call->op);
}

static void job_send(struct job *job, bool again);

static void job_read(struct job *job, const struct redisReply *reply)
{
	struct redis_bus *owner = job->owner;
	enum status status = ST_OK;
	bool again = false;

	if (!redis_call_read(&owner->caller, job->call, reply, &status, &again)) {
		redis_link_drop(owner->calls, "not what our functions answer");
		status = ST_UNAVAILABLE;
	}
	if (again && redis_link_is_up(owner->calls)) {
		job_send(job, true);
		return;
	}
	if (job->call->kind == BUS_TICK && status == ST_OK)
		redis_link_ping(owner->notices); /* nothing else is asked there */
	job_finish(job, status);
}

static void part_done(struct redis_request *request, enum status status,
                      const struct redisReply *reply)
{
	struct part *part = container_of(request, struct part, request);
	struct job *job = part->job;

	free(part);
	if (job->status == ST_OK)
		job->status = status;
	if (--job->parts > 0)
		return;
	if (job->status == ST_OK)
		job_read(job, reply);
	else
		job_finish(job, job->status);
}

static void part_send(void *ctx, const struct redis_words *words)
{
	struct job *job = ctx;
	struct part *part = xmalloc(sizeof(*part));

	*part = (struct part){.request.done = part_done, .job = job};
	job->parts++;
	redis_link_send(job->owner->calls, words, &part->request);
}

static void job_send(struct job *job, bool again)
{
	const struct redis_sender sender = {.ctx = job, .send = part_send};

	redis_call_send(&job->owner->caller, job->call, again, &sender);
}

/* --- turns --- */

static void up_tell(struct redis_bus *owner)
{
	if (owner->told_up || !owner->stats.up || !owner->listening)
		return;
	owner->told_up = true;
	owner->events.up(owner->events.ctx);
}

static void ended_finish(struct redis_bus *owner, struct job_list *list)
{
	struct job *job;

	while ((job = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, job, link);
		job_finish(job, owner->closing ? ST_CANCELED : job->status);
	}
}

static void on_turn(uv_idle_t *idle)
{
	struct redis_bus *owner = idle->data;
	struct job *last = TAILQ_LAST(&owner->ended, job_list);
	struct job *job;
	bool was_last = last == NULL;

	(void)uv_idle_stop(idle);
	up_tell(owner);
	/* What a `done` submits ends in another turn, else one that insists would hold us. */
	while (!was_last && (job = TAILQ_FIRST(&owner->ended)) != NULL) {
		was_last = job == last;
		TAILQ_REMOVE(&owner->ended, job, link);
		job_finish(job, job->status);
	}
}

static void turn_start(struct redis_bus *owner)
{
	if (!owner->closing)
		MUST(uv_idle_start(&owner->turn, on_turn) == 0);
}

static enum status job_check(const struct redis_bus *owner, const struct bus_call *call)
{
	if (owner->closing)
		return ST_CANCELED;
	if (!redis_link_is_up(owner->calls) || owner->jobs > JOBS_MAX)
		return ST_UNAVAILABLE;
	return bus_call_check(call);
}

static void redis_submit(struct bus *bus, struct bus_call *call)
{
	struct redis_bus *owner = redis_from_bus(bus);
	struct job *job = xmalloc(sizeof(*job));

	MUST(call->op.done != NULL);
	*job = (struct job){.owner = owner, .call = call, .started_ns = uv_hrtime()};
	owner->jobs++;
	job->status = job_check(owner, call);
	if (job->status == ST_OK) {
		job_send(job, false);
		return;
	}
	TAILQ_INSERT_TAIL(&owner->ended, job, link);
	turn_start(owner);
}

/* --- what the links say --- */

static void on_link_up(void *ctx)
{
	struct redis_bus *owner = ctx;

	owner->stats.up = redis_link_is_up(owner->calls) && redis_link_is_up(owner->notices);
	up_tell(owner);
}

static void on_link_down(void *ctx)
{
	struct redis_bus *owner = ctx;

	owner->stats.up = false;
	if (!owner->told_up || owner->closing)
		return;
	owner->told_up = false;
	owner->events.down(owner->events.ctx);
}

static void on_message(void *ctx, struct span payload)
{
	struct redis_bus *owner = ctx;
	char node[BUS_NODE_ID_SIZE];
	struct notice notice;

	if (owner->listening && redis_notice_decode(payload, node, &notice) &&
	    strcmp(node, owner->caller.node) != 0)
		owner->events.notice(owner->events.ctx, &notice);
}

static void on_child_started(void *ctx)
{
	struct redis_bus *owner = ctx;

	owner->stats.restarts++;
	redis_link_hurry(owner->calls);
	redis_link_hurry(owner->notices);
}

/* --- life --- */

static void owner_release(struct redis_bus *owner)
{
	if (--owner->handles == 0)
		free(owner);
}

static void on_part_closed(void *ctx)
{
	owner_release(ctx);
}

static void on_turn_closed(uv_handle_t *handle)
{
	owner_release(handle->data);
}

static void redis_listen(struct bus *bus, const struct bus_events *events)
{
	struct redis_bus *owner = redis_from_bus(bus);

	owner->events = *events;
	owner->listening = true;
	if (owner->stats.up)
		turn_start(owner);
}

static void redis_stats(struct bus *bus, struct bus_stats *out)
{
	*out = redis_from_bus(bus)->stats;
}

static void redis_close(struct bus *bus)
{
	struct redis_bus *owner = redis_from_bus(bus);

	owner->closing = true;
	(void)uv_idle_stop(&owner->turn);
	redis_link_close(owner->calls);
	redis_link_close(owner->notices);
	ended_finish(owner, &owner->ended);
	MUST(owner->jobs == 0);
	if (owner->child != NULL)
		redis_child_close(owner->child);
	uv_close((uv_handle_t *)&owner->turn, on_turn_closed);
}

static const struct bus_ops redis_ops = {
	.listen = redis_listen,
	.submit = redis_submit,
	.stats = redis_stats,
	.close = redis_close,
};

static bool names_set(struct redis_caller *caller, const struct redis_bus_options *options,
                      char *error, size_t size)
{
	struct span desk = span_of(options->desk);
	struct span node = span_of(options->node);

	(void)snprintf(error, size, "the desk's or the node's name cannot be part of a Redis key");
	if (desk.len == 0 || desk.len >= DESK_SIZE || strpbrk(desk.ptr, "{}\r\n") != NULL ||
	    !redis_node_is_valid(node))
		return false;
	MUST(span_copy(caller->node, sizeof(caller->node), node));
	(void)snprintf(caller->prefix, sizeof(caller->prefix), "tierbell:{%s}:", desk.ptr);
	(void)snprintf(caller->channel, sizeof(caller->channel), "tierbell:{%s}:notices", desk.ptr);
	(void)snprintf(caller->epoch, sizeof(caller->epoch), "*");
	return true;
}

static bool child_start(struct redis_bus *owner, uv_loop_t *loop,
                        const struct redis_bus_options *options, char *error, size_t size)
{
	const struct redis_child_config config = {.data_dir = options->data_dir,
	                                          .lock_fd = options->lock_fd,
	                                          .ctx = owner,
	                                          .started = on_child_started,
	                                          .closed = on_part_closed};

	return redis_child_create(loop, &config, &owner->child, error, size);
}

static void links_start(struct redis_bus *owner, uv_loop_t *loop,
                        const struct redis_address *address, unsigned timeout_ms)
{
	bool private = owner->child != NULL;
	struct redis_link_config config = {
		.name = "calls",
		.address = *address,
		.timeout_ms = timeout_ms > 0 ? timeout_ms : REDIS_TIMEOUT_MS,
		.retry_ms = private ? PRIVATE_RETRY_MS : SHARED_RETRY_MS,
		.retry_max_ms = private ? PRIVATE_MAX_MS : SHARED_MAX_MS,
		.retry_quick = private ? PRIVATE_QUICK : 0,
		.library = redis_library(),
		.ctx = owner,
		.up = on_link_up,
		.down = on_link_down,
		.message = on_message,
		.closed = on_part_closed,
	};

	owner->calls = redis_link_create(loop, &config);
	config.name = "notices";
	config.library = (struct span){.ptr = NULL, .len = 0};
	config.channel = span_of(owner->caller.channel);
	owner->notices = redis_link_create(loop, &config);
}

bool redis_bus_open(uv_loop_t *loop, const struct redis_bus_options *options, struct bus **out,
                    char *error, size_t size)
{
	struct redis_bus *owner = xcalloc(1, sizeof(*owner));
	struct redis_address address = {.path = ""};

	owner->bus.ops = &redis_ops;
	TAILQ_INIT(&owner->ended);
	if (!names_set(&owner->caller, options, error, size) ||
	    (options->url != NULL && !redis_url_parse(options->url, &address, error, size)) ||
	    (options->url == NULL && !child_start(owner, loop, options, error, size))) {
		free(owner);
		return false;
	}
	if (owner->child != NULL)
		(void)span_copy(address.path, sizeof(address.path),
		                span_of(redis_child_path(owner->child)));
	else if (address.host[0] != '\0' && address.password[0] == '\0')
		log_warn("redis.no_password", "host=%s", address.host);
	links_start(owner, loop, &address, options->timeout_ms);
	MUST(uv_idle_init(loop, &owner->turn) == 0);
	owner->turn.data = owner;
	owner->handles = owner->child != NULL ? 4 : 3;
	error[0] = '\0';
	*out = &owner->bus;
	return true;
}

int redis_bus_child_pid(struct bus *bus)
{
	const struct redis_bus *owner = redis_from_bus(bus);

	return owner->child != NULL ? redis_child_pid(owner->child) : 0;
}
