/* SPDX-License-Identifier: MIT */
/* A batch is one transaction:
 *
 *   BEGIN > every call > COMMIT (synced) > done
 *             |              '--fails--> nothing of it was done: UNAVAILABLE, all of them
 *             '--SQL fails--> ROLLBACK > again, each call under a savepoint of its own
 *
 * One that fires clocks goes on as long as nobody says anything, and then takes in whoever does:
 * one commit, and one sync, for both. So what is said waits for the ticket that is being fired, and
 * for a commit that has begun.
 *
 * A call that is refused (CONFLICT, NOT_FOUND ...) is refused before it writes, so savepoints
 * are needed only when SQLite itself refuses a statement; setting them every time would cost
 * as much as the message. */
#include "adapter/sqlite_lane.h"

#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define CACHE_TICKETS   2048
#define FIRE_LEAST_NS   (UINT64_C(500) * 1000)
#define INDEX_DOCS      256 /* in one go while somebody waits for it */
#define INDEX_DOCS_IDLE 128

static enum status (*const writes[])(struct writer *writer, struct store_call *call) = {
	[STORE_SAY] = record_say,
	[STORE_CREATE] = record_create,
	[STORE_COMMAND] = record_command,
	[STORE_AGENT_PUT] = record_agent_put,
	[STORE_SESSION_PUT] = record_session_put,
	[STORE_SESSION_END] = record_session_end,
	[STORE_TOKEN_SET] = record_token_set,
	[STORE_TOKEN_END] = record_token_end,
	[STORE_LIST_PUT] = record_list_put,
	[STORE_LIST_END] = record_list_end,
	[STORE_META_PUT] = record_meta_put,
	[STORE_FIRE] = record_fire,
	[STORE_POLICY_PUT] = record_policy_put,
	[STORE_FORGET] = record_forget,
};

static struct store_call *call_of(const struct lane_job *job)
{
	return container_of(job->op, struct store_call, op);
}

static bool is_write(const struct lane_job *job)
{
	enum store_kind kind = call_of(job)->kind;

	return (size_t)kind < ARRAY_LEN(writes) && writes[kind] != NULL;
}

static int count_frames(void *user, sqlite3 *handle, const char *name, int frames)
{
	struct batcher *batcher = user;

	(void)handle;
	(void)name;
	batcher->wal_frames = frames;
	return SQLITE_OK;
}

enum status batcher_open(struct batcher *batcher, const char *path, char *why, size_t why_size)
{
	enum status st = db_open_writer(&batcher->writer.db, path, why, why_size);

	if (st != ST_OK)
		return st;
	if (batcher->writer.cache == NULL)
		batcher->writer.cache = cache_create(CACHE_TICKETS);
	if (batcher->checkpoint_at == 0) {
		batcher->checkpoint_at = CHECKPOINT_AT;
		batcher->checkpoint_late = CHECKPOINT_LATE;
	}
	(void)sqlite3_wal_hook(batcher->writer.db.handle, count_frames, batcher);
	batcher->wal_frames = batcher->wal_checked = 0;
	st = writer_load(&batcher->writer);
	if (st != ST_OK) {
		(void)snprintf(why, why_size, "cannot read the record %s: %s", path,
		               sqlite3_errmsg(batcher->writer.db.handle));
		db_close(&batcher->writer.db);
		return st;
	}
	if (batcher->path == NULL)
		batcher->path = xstrdup(path);
	batcher->reopen = false;
	return ST_OK;
}

void batcher_close(struct batcher *batcher)
{
	sqlite3 *handle = batcher->writer.db.handle;

	if (handle != NULL) {
		(void)sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
		                                NULL);
	}
	db_close(&batcher->writer.db);
	cache_destroy(&batcher->writer.cache);
	free(batcher->path);
	batcher->path = NULL;
}

static bool ready(struct batcher *batcher)
{
	char why[160];

	if (batcher->writer.db.handle != NULL && !batcher->reopen)
		return true;
	db_close(&batcher->writer.db);
	if (batcher_open(batcher, batcher->path, why, sizeof(why)) == ST_OK) {
		log_debug("record.reopened", "frames=%d", batcher->wal_frames);
		return true;
	}
	if (atomic_exchange(&batcher->healthy, false))
		log_error("record.unavailable", "reason=\"%s\"", why);
	return false;
}

/* What the first attempt left in a call that is tried again, now or by the caller. */
static void forget(struct lane_job *job)
{
	struct store_call *call = call_of(job);

	if (call->kind == STORE_AGENT_PUT && job->mark != 0)
		call->u.agent_put.id.v = 0;
}

static void roll_back(struct batcher *batcher)
{
	struct db *db = &batcher->writer.db;

	if (sqlite3_get_autocommit(db->handle) == 0 && db_exec(db, SQL_ROLLBACK) != ST_OK)
		batcher->reopen = true;
	if ((db->error & 0xff) == SQLITE_IOERR || (db->error & 0xff) == SQLITE_CORRUPT)
		batcher->reopen = true;
	if (!batcher->reopen && writer_load(&batcher->writer) != ST_OK)
		batcher->reopen = true;
}

static void fail_all(struct batcher *batcher, struct lane_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_write(&jobs[i]))
			continue;
		forget(&jobs[i]);
		jobs[i].op->status = ST_UNAVAILABLE;
	}
	if (atomic_exchange(&batcher->healthy, false))
		log_error("record.unavailable", "code=%d text=\"%s\"", batcher->writer.db.error,
		          sqlite3_errstr(batcher->writer.db.error));
}

static enum status run_one(struct batcher *batcher, struct lane_job *job)
{
	struct store_call *call = call_of(job);

	job->mark = call->kind == STORE_AGENT_PUT && call->u.agent_put.id.v == 0 ? 1 : 0;
	call->op.status = writes[call->kind](&batcher->writer, call);
	return call->op.status;
}

/* UNAVAILABLE: SQLite refused something of the call, and all of it is undone. */
static enum status run_one_apart(struct batcher *batcher, struct lane_job *job)
{
	struct db *db = &batcher->writer.db;
	enum status st = db_exec(db, SQL_SAVEPOINT);

	if (st != ST_OK)
		return st;
	if (run_one(batcher, job) == ST_UNAVAILABLE) {
		forget(job);
		if (db_error_is_storage(db))
			return ST_UNAVAILABLE;
		log_error("record.refused", "kind=%d code=%d text=\"%s\"", (int)call_of(job)->kind,
		          db->error, sqlite3_errstr(db->error));
		st = db_exec(db, SQL_ROLLBACK_TO);
		if (st == ST_OK)
			st = writer_load(&batcher->writer);
		if (st != ST_OK)
			return st;
	}
	return db_exec(db, SQL_RELEASE);
}

/* Who joins a batch that fires; nobody when it is done again. */
static size_t join(struct batcher *batcher, const struct lane_job *job, size_t count)
{
	struct writer *writer = &batcher->writer;

	if (call_of(job)->kind != STORE_FIRE)
		return count;
	batcher->fires = true;
	if (writer->apart || writer->lane == NULL)
		return count;
	return lane_join(writer->lane, 0, uv_hrtime() < writer->fire_until);
}

/* As long as the newest commit took: on a slow disk half of the time is work all the same. */
static void begin_firing(struct batcher *batcher)
{
	uint64_t took = batcher->commit_ns;

	memset(batcher->writer.fired, 0, sizeof(batcher->writer.fired));
	batcher->fires = false;
	batcher->writer.fire_until = uv_hrtime() + (took > FIRE_LEAST_NS ? took : FIRE_LEAST_NS);
}

static enum status commit(struct batcher *batcher)
{
	uint64_t begin = uv_hrtime();
	enum status st = db_exec(&batcher->writer.db, SQL_COMMIT);

	batcher->commit_ns = uv_hrtime() - begin;
	return st;
}

static enum status run_calls(struct batcher *batcher, struct lane_job *jobs, size_t *count,
                             bool apart)
{
	enum status st = db_exec(&batcher->writer.db, SQL_BEGIN_WRITE);

	batcher->writer.apart = apart;
	begin_firing(batcher);
	for (size_t i = 0; st == ST_OK && i < *count; i++) {
		if (!is_write(&jobs[i]))
			continue;
		st = apart ? run_one_apart(batcher, &jobs[i]) : run_one(batcher, &jobs[i]);
		if (!apart && st != ST_UNAVAILABLE)
			st = ST_OK; /* refused, nothing written */
		if (st == ST_OK)
			*count = join(batcher, &jobs[i], *count);
	}
	return st == ST_OK ? commit(batcher) : st;
}

static bool may_have_fired(const struct batcher *batcher, const struct lane_job *job)
{
	const struct store_call *call = call_of(job);
	uint64_t number;

	if (call->op.status != ST_OK ||
	    (call->kind != STORE_SAY && call->kind != STORE_COMMAND && call->kind != STORE_CREATE))
		return false;
	number = call->u.command.effect.after.number.v;
	return (batcher->writer.fired[number / 64 % FIRED_WORDS] >> number % 64 & 1) != 0;
}

/* Who said something is answered before all that fired is told, unless the one follows from the
 * other: the effects of one ticket stay in their order. */
static void answer_first(const struct batcher *batcher, struct lane_job *jobs, size_t count)
{
	size_t fires = 0;

	while (fires < count && jobs[fires].patient)
		fires++;
	for (size_t i = fires; fires > 0 && i < count; i++) {
		if (jobs[i].patient || may_have_fired(batcher, &jobs[i]))
			return;
	}
	for (size_t i = fires; fires > 0 && i < count; i++) {
		struct lane_job job = jobs[i];

		memmove(&jobs[i - fires + 1], &jobs[i - fires], fires * sizeof(*jobs));
		jobs[i - fires] = job;
	}
}

static void run_writes(struct batcher *batcher, struct lane_job *jobs, size_t *joined)
{
	enum status st = run_calls(batcher, jobs, joined, false);
	size_t count = *joined;

	if (st != ST_OK && !db_error_is_storage(&batcher->writer.db)) {
		for (size_t i = 0; i < count; i++)
			forget(&jobs[i]);
		roll_back(batcher);
		if (!batcher->reopen)
			st = run_calls(batcher, jobs, joined, true);
	}
	if (st != ST_OK) {
		roll_back(batcher);
		fail_all(batcher, jobs, count);
		return;
	}
	answer_first(batcher, jobs, count);
	atomic_fetch_add(&batcher->commits, 1);
	if (!atomic_exchange(&batcher->healthy, true))
		log_info("record.available", "commits=%" PRIuFAST64,
		         atomic_load(&batcher->commits));
}

static enum status run_index(struct batcher *batcher, const struct search_goal *goal, unsigned docs,
                             bool *done)
{
	enum status st = search_index(&batcher->writer, goal, docs, done);

	if (st != ST_OK)
		roll_back(batcher);
	return st;
}

/* STORE_INDEX keeps its place among the writes and so holds the lane; a search that has to see
 * everything goes to the end of the queue after each piece. */
static void run_search_job(struct batcher *batcher, struct lane_job *job)
{
	struct search_goal goal = {.queued = batcher->writer.next_queued};
	bool wait = call_of(job)->kind == STORE_INDEX;
	bool done = false;
	enum status st;

	if (job->mark == 0)
		job->mark = batcher->writer.next_entry;
	goal.entry = job->mark;
	do
		st = run_index(batcher, &goal, INDEX_DOCS, &done);
	while (wait && st == ST_OK && !done);
	job->op->status = st;
	job->again = st == ST_OK && !done;
}

void batcher_run(struct batcher *batcher, struct lane_job *jobs, size_t count)
{
	size_t writes_count = 0;
	bool open = ready(batcher);

	for (size_t i = 0; i < count; i++)
		writes_count += is_write(&jobs[i]) ? 1 : 0;
	if (!open)
		fail_all(batcher, jobs, count);
	else if (writes_count > 0)
		run_writes(batcher, jobs, &count);
	for (size_t i = 0; i < count; i++) {
		if (is_write(&jobs[i]))
			continue;
		jobs[i].op->status = ST_UNAVAILABLE;
		if (open && !batcher->reopen)
			run_search_job(batcher, &jobs[i]);
	}
}

/* A batch of messages in between is no end of firing. */
static int checkpoint_at(const struct batcher *batcher)
{
	bool fires = batcher->fires ||
	             (batcher->writer.lane != NULL && lane_has_patient(batcher->writer.lane));

	return fires ? batcher->checkpoint_late : batcher->checkpoint_at;
}

/* The `done`s are on their way: now there is time to move the WAL into the file. */
void batcher_after(struct batcher *batcher)
{
	sqlite3 *handle = batcher->writer.db.handle;
	int moved = 0, frames = 0;

	/* Firing takes all of a CPU: whoever else wants this one would wait for milliseconds. */
	if (batcher->fires)
		(void)sched_yield();
	if (batcher->wal_frames < batcher->wal_checked)
		batcher->wal_checked = 0; /* it began anew */
	if (handle == NULL || batcher->wal_frames - batcher->wal_checked < checkpoint_at(batcher))
		return;
	if (sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved) !=
	    SQLITE_OK)
		log_warn("record.checkpoint", "text=\"%s\"", sqlite3_errmsg(handle));
	batcher->wal_checked = batcher->wal_frames;
}

bool batcher_idle(struct batcher *batcher)
{
	const struct search_goal all = {.entry = INT64_MAX, .queued = INT64_MAX};
	bool done = true;
	enum status st;

	if (!ready(batcher))
		return false;
	batcher->fires = false;
	st = run_index(batcher, &all, INDEX_DOCS_IDLE, &done);
	if (st == ST_OK)
		batcher_after(batcher);
	return st == ST_OK && !done;
}
