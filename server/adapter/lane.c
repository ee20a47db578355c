/* SPDX-License-Identifier: MIT */
/*   submit > waiting [mutex] > run on a thread > finished [mutex] > uv_async > done
 * The lock is held for moving jobs between lists only. One wake-up a batch, both ways: the
 * threads are woken when the loop has done its turn, so that what it submitted in one turn is
 * one batch, and not its first call alone and then the others. An idle handle does that, not a
 * prepare one: while it is started the loop does not sleep, whoever submitted in which phase. */
#include "adapter/lane.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

#define LANE_THREADS_MAX 8
#define LANE_STACK       ((size_t)512 * 1024)
#define MS_NS            UINT64_C(1000000)

/* Jobs in a ring; its size is a power of two. */
struct lane_list {
	struct lane_job *jobs;
	size_t size;
	size_t head;
	size_t count;
};

struct lane_thread {
	struct lane *lane;
	unsigned index;
	uv_thread_t thread;
	struct lane_job *batch;
	size_t count; /* of the batch */
};

struct lane {
	struct lane_config config;
	uv_async_t async;
	uv_idle_t turn;   /* started when there is somebody to wake */
	unsigned handles; /* not closed yet */
	bool waking;      /* turn is started */
	uv_mutex_t lock;
	uv_cond_t work;    /* there are jobs, or the lane closes */
	uv_cond_t stopped; /* a thread ended */
	struct lane_list waiting;
	struct lane_list patient;
	bool patient_next; /* one of them waited while the newest batch of others was taken */
	struct lane_list finished;
	struct lane_list delivered; /* loop thread only: changes places with finished when empty */
	struct lane_thread threads[LANE_THREADS_MAX];
	unsigned threads_count;
	unsigned running;
	unsigned sleeping;
	bool closing;
	bool delivering; /* loop thread only */
};

static void list_grow(struct lane_list *list)
{
	size_t size = list->size == 0 ? 64 : list->size * 2;
	struct lane_job *jobs = xcalloc(size, sizeof(*jobs));

	for (size_t i = 0; i < list->count; i++)
		jobs[i] = list->jobs[(list->head + i) & (list->size - 1)];
	free(list->jobs);
	list->jobs = jobs;
	list->size = size;
	list->head = 0;
}

static void list_put(struct lane_list *list, const struct lane_job *job)
{
	if (list->count == list->size)
		list_grow(list);
	list->jobs[(list->head + list->count++) & (list->size - 1)] = *job;
}

static size_t list_take(struct lane_list *list, struct lane_job *out, size_t max)
{
	size_t count = list->count < max ? list->count : max;

	for (size_t i = 0; i < count; i++)
		out[i] = list->jobs[(list->head + i) & (list->size - 1)];
	if (count > 0)
		list->head = (list->head + count) & (list->size - 1);
	list->count -= count;
	return count;
}

/* With the lock. */
static bool has_work(const struct lane *lane)
{
	return lane->waiting.count > 0 || lane->patient.count > 0;
}

static size_t take_batch(struct lane *lane, struct lane_job *out)
{
	if (lane->waiting.count > 0 && !(lane->patient_next && lane->patient.count > 0)) {
		lane->patient_next = lane->patient.count > 0;
		return list_take(&lane->waiting, out, lane->config.batch_max);
	}
	lane->patient_next = false;
	return list_take(&lane->patient, out, 1);
}

/* Waits until there is work. false: nothing came for idle_ms, or the lane closes. */
static bool wait_for_work(struct lane *lane, bool idle_due)
{
	bool came = true;

	lane->sleeping++;
	while (!has_work(lane) && !lane->closing && came) {
		if (idle_due)
			came = uv_cond_timedwait(&lane->work, &lane->lock,
			                         lane->config.idle_ms * MS_NS) == 0;
		else
			uv_cond_wait(&lane->work, &lane->lock);
	}
	lane->sleeping--;
	return has_work(lane);
}

/* With the lock. Puts back what is to come again, hands over the rest. */
static bool give_back(struct lane *lane, const struct lane_job *jobs, size_t count)
{
	bool first = lane->finished.count == 0;

	for (size_t i = 0; i < count; i++) {
		if (jobs[i].again && !lane->closing) {
			struct lane_job job = jobs[i];

			job.again = false;
			list_put(&lane->waiting, &job);
			continue;
		}
		if (jobs[i].again)
			jobs[i].op->status = ST_CANCELED;
		list_put(&lane->finished, &jobs[i]);
	}
	return first && lane->finished.count > 0;
}

/* With the lock before and after. */
static void run_batch(struct lane_thread *thread)
{
	struct lane *lane = thread->lane;
	bool wake;

	uv_mutex_unlock(&lane->lock);
	lane->config.run(lane->config.user, thread->index, thread->batch, thread->count);
	uv_mutex_lock(&lane->lock);
	wake = give_back(lane, thread->batch, thread->count);
	uv_mutex_unlock(&lane->lock);
	if (wake)
		(void)uv_async_send(&lane->async);
	if (lane->config.after != NULL)
		lane->config.after(lane->config.user, thread->index);
	uv_mutex_lock(&lane->lock);
}

static bool run_idle(struct lane_thread *thread)
{
	struct lane *lane = thread->lane;
	bool more;

	uv_mutex_unlock(&lane->lock);
	more = lane->config.idle(lane->config.user, thread->index);
	uv_mutex_lock(&lane->lock);
	return more;
}

static void thread_main(void *arg)
{
	struct lane_thread *thread = arg;
	struct lane *lane = thread->lane;
	bool idle_due = lane->config.idle != NULL; /* also once after the start */

	uv_mutex_lock(&lane->lock);
	for (;;) {
		if (!wait_for_work(lane, idle_due)) {
			if (lane->closing)
				break;
			do
				idle_due = run_idle(thread);
			/* cppcheck-suppress knownConditionTrueFalse ; run_idle() unlocks */
			while (idle_due && !has_work(lane) && !lane->closing);
			continue;
		}
		thread->count = take_batch(lane, thread->batch);
		run_batch(thread);
		idle_due = lane->config.idle != NULL;
	}
	lane->running--;
	uv_cond_broadcast(&lane->stopped);
	uv_mutex_unlock(&lane->lock);
}

static bool is_waited_in(struct lane *lane, const struct lane_list *list)
{
	bool waited;

	uv_mutex_lock(&lane->lock);
	waited = list->count > 0;
	uv_mutex_unlock(&lane->lock);
	return waited;
}

/* What is next for the loop; NULL: nothing. */
static const struct lane_job *next_finished(struct lane *lane)
{
	struct lane_list *list = &lane->delivered, empty = *list;

	if (list->count == 0) {
		uv_mutex_lock(&lane->lock);
		*list = lane->finished;
		lane->finished = empty;
		uv_mutex_unlock(&lane->lock);
	}
	return list->count > 0 ? &list->jobs[list->head] : NULL;
}

bool lane_deliver(struct lane *lane)
{
	uint64_t now = uv_hrtime();
	const struct lane_job *next = next_finished(lane);
	bool any = next != NULL, patient = false;
	struct lane_job job;

	MUST(!lane->delivering);
	lane->delivering = true;
	while (next != NULL && !patient) {
		patient = next->patient;
		(void)list_take(&lane->delivered, &job, 1);
		if (lane->config.finished == NULL ||
		    lane->config.finished(lane->config.user, &job, now))
			job.op->done(job.op);
		next = lane->delivered.count > 0 ? &lane->delivered.jobs[lane->delivered.head]
		                                 : NULL;
		if (next != NULL && next->patient)
			break;
	}
	lane->delivering = false;
	/* Word of what finished since may have been taken by this call, which was about others. */
	if (next != NULL || is_waited_in(lane, &lane->finished))
		(void)uv_async_send(&lane->async);
	return any;
}

static void on_turn(uv_idle_t *turn)
{
	struct lane *lane = container_of(turn, struct lane, turn);

	lane->waking = false;
	(void)uv_idle_stop(turn);
	if (lane->threads_count == 1)
		uv_cond_signal(&lane->work);
	else
		uv_cond_broadcast(&lane->work);
}

static void on_async(uv_async_t *async)
{
	(void)lane_deliver(container_of(async, struct lane, async));
}

/* With the lock. An op that is not taken is finished already, but not done in this call. */
static bool take_in(struct lane *lane, struct lane_list *list, const struct lane_job *job)
{
	bool full =
		lane->config.waiting_max != 0 && lane->waiting.count >= lane->config.waiting_max;

	if (!full && !lane->closing) {
		list_put(list, job);
		return true;
	}
	job->op->status = full ? ST_RATE_LIMITED : ST_CANCELED;
	list_put(&lane->finished, job);
	return false;
}

static void submit(struct lane *lane, struct lane_list *list, struct op *op)
{
	struct lane_job job = {
		.op = op, .submitted_ns = uv_hrtime(), .patient = list == &lane->patient};
	bool taken, wake;

	uv_mutex_lock(&lane->lock);
	wake = lane->sleeping > 0;
	taken = take_in(lane, list, &job);
	uv_mutex_unlock(&lane->lock);
	if (!taken) {
		(void)uv_async_send(&lane->async);
	} else if (wake && !lane->waking) {
		lane->waking = true;
		(void)uv_idle_start(&lane->turn, on_turn);
	}
}

void lane_submit(struct lane *lane, struct op *op)
{
	submit(lane, &lane->waiting, op);
}

void lane_submit_patient(struct lane *lane, struct op *op)
{
	submit(lane, &lane->patient, op);
}

bool lane_is_pressed(struct lane *lane)
{
	return is_waited_in(lane, &lane->waiting);
}

bool lane_has_patient(struct lane *lane)
{
	return is_waited_in(lane, &lane->patient);
}

size_t lane_join(struct lane *lane, unsigned index, bool patient)
{
	struct lane_thread *thread = &lane->threads[index];
	struct lane_job *out = thread->batch + thread->count;
	size_t room = lane->config.batch_max - thread->count;

	uv_mutex_lock(&lane->lock);
	if (lane->waiting.count > 0)
		thread->count += list_take(&lane->waiting, out, room);
	else if (patient && room > 0)
		thread->count += list_take(&lane->patient, out, 1);
	uv_mutex_unlock(&lane->lock);
	return thread->count;
}

size_t lane_queued(struct lane *lane)
{
	size_t count;

	uv_mutex_lock(&lane->lock);
	count = lane->waiting.count + lane->patient.count;
	uv_mutex_unlock(&lane->lock);
	return count;
}

/* Signals are the loop's business. */
static bool start_thread(struct lane *lane, struct lane_thread *thread)
{
	const uv_thread_options_t options = {.flags = UV_THREAD_HAS_STACK_SIZE,
	                                     .stack_size = LANE_STACK};
	sigset_t all, old;
	int rc;

	thread->lane = lane;
	thread->batch = xcalloc(lane->config.batch_max, sizeof(*thread->batch));
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &old);
	rc = uv_thread_create_ex(&thread->thread, &options, thread_main, thread);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc != 0)
		free(thread->batch);
	return rc == 0;
}

struct lane *lane_create(uv_loop_t *loop, const struct lane_config *config)
{
	struct lane *lane = xcalloc(1, sizeof(*lane));

	MUST(config->threads >= 1 && config->threads <= LANE_THREADS_MAX);
	MUST(config->batch_max >= 1);
	lane->config = *config;
	MUST(uv_mutex_init(&lane->lock) == 0);
	MUST(uv_cond_init(&lane->work) == 0 && uv_cond_init(&lane->stopped) == 0);
	MUST(uv_async_init(loop, &lane->async, on_async) == 0);
	MUST(uv_idle_init(loop, &lane->turn) == 0);
	uv_unref((uv_handle_t *)&lane->turn);
	lane->handles = 2;
	lane->async.data = lane->turn.data = lane;
	uv_mutex_lock(&lane->lock);
	while (lane->threads_count < config->threads) {
		struct lane_thread *thread = &lane->threads[lane->threads_count];

		thread->index = lane->threads_count;
		if (!start_thread(lane, thread))
			break;
		lane->threads_count++;
		lane->running++;
	}
	uv_mutex_unlock(&lane->lock);
	if (lane->threads_count < config->threads)
		lane_close(&lane);
	return lane;
}

/* Waits for the threads; cancels what still waits when their time is over. */
void lane_stop(struct lane *lane)
{
	uint64_t until = uv_hrtime() + lane->config.close_ms * MS_NS;
	struct lane_job job;

	MUST(!lane->delivering);
	uv_mutex_lock(&lane->lock);
	lane->closing = true;
	uv_cond_broadcast(&lane->work);
	while (lane->running > 0) {
		uint64_t now = uv_hrtime();

		if (now < until) {
			(void)uv_cond_timedwait(&lane->stopped, &lane->lock, until - now);
			continue;
		}
		while (list_take(&lane->waiting, &job, 1) > 0 ||
		       list_take(&lane->patient, &job, 1) > 0) {
			job.op->status = ST_CANCELED;
			list_put(&lane->finished, &job);
		}
		uv_cond_wait(&lane->stopped, &lane->lock);
	}
	uv_mutex_unlock(&lane->lock);
	for (unsigned i = 0; i < lane->threads_count; i++) {
		(void)uv_thread_join(&lane->threads[i].thread);
		free(lane->threads[i].batch);
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct lane *lane = handle->data;

	if (--lane->handles > 0)
		return;
	uv_mutex_destroy(&lane->lock);
	uv_cond_destroy(&lane->work);
	uv_cond_destroy(&lane->stopped);
	free(lane->waiting.jobs);
	free(lane->patient.jobs);
	free(lane->finished.jobs);
	free(lane->delivered.jobs);
	free(lane);
}

void lane_free(struct lane **lane)
{
	uv_close((uv_handle_t *)&(*lane)->async, on_closed);
	uv_close((uv_handle_t *)&(*lane)->turn, on_closed);
	*lane = NULL;
}

void lane_close(struct lane **lane)
{
	lane_stop(*lane);
	while (lane_deliver(*lane))
		;
	lane_free(lane);
}
