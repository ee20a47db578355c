/* SPDX-License-Identifier: MIT */
/* Two lanes in front of one file: one thread writes, two read. A search first passes through the
 * writing lane, which brings the index up to date, and then reads. */
#include "adapter/sqlite_store.h"

#include <stdlib.h>
#include <string.h>

#include "adapter/sqlite_lane.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define READERS   2
#define BATCH_MAX 512
#define IDLE_MS   500
#define CLOSE_MS  10000
#define LATENCIES 1024
#define NS_PER_US 1000

struct sqlite_store {
	struct store store;
	struct lane *writing;
	struct lane *reading;
	struct batcher batcher;
	struct db readers[READERS];
	char *path;
	/* Loop thread only. */
	uint64_t calls;
	uint32_t latencies_us[LATENCIES]; /* a ring */
};

static enum status (*const reads[])(struct db *db, struct store_call *call) = {
	[STORE_TICKET] = read_ticket,       [STORE_ENTRIES] = read_entries,
	[STORE_TICKETS] = read_tickets,     [STORE_LIVE] = read_live,
	[STORE_LAST] = read_last,           [STORE_AGENT] = read_agent,
	[STORE_AGENTS] = read_agents,       [STORE_SESSION] = read_session,
	[STORE_META_GET] = read_meta,       [STORE_POLICIES] = read_policies,
	[STORE_SIMILAR] = read_similar,     [STORE_FILE] = read_file,
	[STORE_CUSTOMERS] = read_customers, [STORE_TOKENS] = read_tokens,
	[STORE_LISTS] = read_lists,
};

static struct sqlite_store *store_of(struct store *store)
{
	return container_of(store, struct sqlite_store, store);
}

static struct store_call *call_of(const struct lane_job *job)
{
	return container_of(job->op, struct store_call, op);
}

static bool is_search(const struct store_call *call)
{
	return call->kind == STORE_TICKETS && call->u.tickets.filter.query.ptr != NULL;
}

static void store_submit_call(struct store *store, struct store_call *call)
{
	struct sqlite_store *sqlite = store_of(store);
	bool reads_only = call->kind > STORE_FORGET && !is_search(call);

	MUST((size_t)call->kind < ARRAY_LEN(reads));
	if (call->kind == STORE_FIRE) { /* what somebody says goes first */
		lane_submit_patient(sqlite->writing, &call->op);
		return;
	}
	lane_submit(reads_only ? sqlite->reading : sqlite->writing, &call->op);
}

static void write_run(void *user, unsigned thread, struct lane_job *jobs, size_t count)
{
	struct sqlite_store *sqlite = user;

	(void)thread;
	batcher_run(&sqlite->batcher, jobs, count);
}

static void write_after(void *user, unsigned thread)
{
	struct sqlite_store *sqlite = user;

	(void)thread;
	batcher_after(&sqlite->batcher);
}

static bool write_idle(void *user, unsigned thread)
{
	struct sqlite_store *sqlite = user;

	(void)thread;
	return batcher_idle(&sqlite->batcher);
}

static bool write_finished(void *user, const struct lane_job *job, uint64_t now_ns)
{
	struct sqlite_store *sqlite = user;
	struct store_call *call = call_of(job);

	if (is_search(call)) {
		if (call->op.status != ST_OK)
			return true;
		lane_submit(sqlite->reading, &call->op);
		return false;
	}
	sqlite->latencies_us[sqlite->calls++ % LATENCIES] =
		(uint32_t)((now_ns - job->submitted_ns) / NS_PER_US);
	return true;
}

/* One snapshot a call. A connection that fails is opened anew for the next one. */
static enum status read_one(struct db *db, struct store_call *call)
{
	enum status st = db_exec(db, SQL_BEGIN_READ);
	bool broken;

	if (st == ST_OK)
		st = reads[call->kind](db, call);
	if (st == ST_UNAVAILABLE)
		log_warn("record.unreadable", "kind=%d code=%d text=\"%s\"", (int)call->kind,
		         db->error, sqlite3_errstr(db->error));
	broken = sqlite3_get_autocommit(db->handle) == 0 && db_exec(db, SQL_COMMIT) != ST_OK;
	if (broken || st == ST_UNAVAILABLE)
		db_close(db);
	return st;
}

static void read_run(void *user, unsigned thread, struct lane_job *jobs, size_t count)
{
	struct sqlite_store *sqlite = user;
	struct db *db = &sqlite->readers[thread];

	MUST(count == 1);
	if (db->handle == NULL && db_open_reader(db, sqlite->path) != ST_OK)
		jobs[0].op->status = ST_UNAVAILABLE;
	else
		jobs[0].op->status = read_one(db, call_of(&jobs[0]));
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static void store_stats_get(struct store *store, struct store_stats *out)
{
	struct sqlite_store *sqlite = store_of(store);
	size_t count = sqlite->calls < LATENCIES ? (size_t)sqlite->calls : LATENCIES;
	uint32_t sorted[LATENCIES];

	*out = (struct store_stats){.queued = lane_queued(sqlite->writing),
	                            .commits = atomic_load(&sqlite->batcher.commits),
	                            .calls = sqlite->calls,
	                            .healthy = atomic_load(&sqlite->batcher.healthy)};
	if (count == 0)
		return;
	memcpy(sorted, sqlite->latencies_us, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare_u32);
	out->latency_us[0] = sorted[count / 2];
	out->latency_us[1] = sorted[count * 99 / 100];
	out->latency_us[2] = sorted[count - 1];
}

static void free_store(struct sqlite_store *sqlite)
{
	for (size_t i = 0; i < READERS; i++)
		db_close(&sqlite->readers[i]);
	batcher_close(&sqlite->batcher); /* the last to close: the WAL goes into the file */
	free(sqlite->path);
	free(sqlite);
}

static void store_close(struct store *store)
{
	struct sqlite_store *sqlite = store_of(store);

	lane_stop(sqlite->writing); /* its searches go on to the readers */
	(void)lane_deliver(sqlite->writing);
	lane_stop(sqlite->reading);
	while (lane_deliver(sqlite->writing) || lane_deliver(sqlite->reading))
		;
	lane_free(&sqlite->writing);
	lane_free(&sqlite->reading);
	free_store(sqlite);
}

static bool start_lanes(struct sqlite_store *sqlite, uv_loop_t *loop)
{
	const struct lane_config writing = {.threads = 1,
	                                    .batch_max = BATCH_MAX,
	                                    .idle_ms = IDLE_MS,
	                                    .close_ms = CLOSE_MS,
	                                    .user = sqlite,
	                                    .run = write_run,
	                                    .after = write_after,
	                                    .idle = write_idle,
	                                    .finished = write_finished};
	const struct lane_config reading = {.threads = READERS,
	                                    .batch_max = 1,
	                                    .close_ms = CLOSE_MS,
	                                    .user = sqlite,
	                                    .run = read_run};

	sqlite->writing = lane_create(loop, &writing);
	if (sqlite->writing == NULL)
		return false;
	sqlite->batcher.writer.lane = sqlite->writing;
	sqlite->reading = lane_create(loop, &reading);
	if (sqlite->reading != NULL)
		return true;
	lane_close(&sqlite->writing);
	return false;
}

enum status sqlite_store_open(uv_loop_t *loop, const char *path, struct store **store_out,
                              char *why, size_t why_size)
{
	static const struct store_ops ops = {
		.submit = store_submit_call, .stats = store_stats_get, .close = store_close};
	struct sqlite_store *sqlite = xcalloc(1, sizeof(*sqlite));
	enum status st;

	/* Counting its memory costs SQLite a lock an allocation. Refused once it is in use. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite->store.ops = &ops;
	sqlite->path = xstrdup(path);
	atomic_init(&sqlite->batcher.commits, 0);
	atomic_init(&sqlite->batcher.healthy, true);
	st = batcher_open(&sqlite->batcher, path, why, why_size);
	if (st != ST_OK)
		goto free_store;
	if (!start_lanes(sqlite, loop)) {
		(void)span_copy(why, why_size, SPAN_LIT("cannot start the record's threads"));
		st = ST_UNAVAILABLE;
		goto free_store;
	}
	*store_out = &sqlite->store;
	return ST_OK;
free_store:
	free_store(sqlite);
	return st;
}
