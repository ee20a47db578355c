/* SPDX-License-Identifier: MIT */
/* Work that blocks, off the loop: a queue in front of a few threads, and the way back. Jobs are
 * taken in the order of submission, by each thread as many as are there (up to batch_max),
 * and done on the loop thread. Patient jobs have a queue of their own: one is taken when no other
 * waits, and one between two batches of others, so that they go on in any case; others may join the
 * batch that it began. A turn of the loop does one of them at most, behind what else is finished: what
 * they bring can be much. The functions of the loop's side are for the loop thread only. */
#ifndef TB_ADAPTER_LANE_H
#define TB_ADAPTER_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "base/op.h"

struct lane;

struct lane_job {
	struct op *op;
	uint64_t submitted_ns; /* uv_hrtime */
	uint64_t mark;         /* the user's own, kept when the job comes again */
	bool again;            /* set by run: not finished, back to the end of the queue */
	bool patient;
};

struct lane_config {
	unsigned threads;
	size_t batch_max;
	size_t waiting_max; /* 0: no limit */
	unsigned idle_ms;   /* a thread without work for so long calls `idle` */
	unsigned close_ms;  /* what is queued at close has so long before it is canceled */
	void *user;
	/* On a thread: sets op->status of each job, or `again`, those that joined included. Their
	 * `done`s follow in the order in which it leaves them. */
	void (*run)(void *user, unsigned thread, struct lane_job *jobs, size_t count);
	/* On a thread, when the jobs of a run are on their way back. May be NULL. */
	void (*after)(void *user, unsigned thread);
	/* On a thread: does a piece; true: there is more. May be NULL. */
	bool (*idle)(void *user, unsigned thread);
	/* On the loop thread, before `done`. false: the user took the op and it is not done
	 * yet. May be NULL. */
	bool (*finished)(void *user, const struct lane_job *job, uint64_t now_ns);
};

/* NULL: no thread could be started. */
struct lane *lane_create(uv_loop_t *loop, const struct lane_config *config);

/* Ends with RATE_LIMITED when too many wait, with CANCELED when the lane closes. */
void lane_submit(struct lane *lane, struct op *op);

void lane_submit_patient(struct lane *lane, struct op *op);

/* Of both kinds. */
size_t lane_queued(struct lane *lane);

/* On a thread, in a run: others than patient jobs wait, so a patient one may give way. */
bool lane_is_pressed(struct lane *lane);

/* On a thread: patient jobs wait. */
bool lane_has_patient(struct lane *lane);

/* On a thread, in its run: whatever waits joins the batch behind its last job, as far as there is
 * room; when nothing does, and with `patient`, so does one patient job. Returns how many jobs the
 * batch has then. */
size_t lane_join(struct lane *lane, unsigned index, bool patient);

/* Finishes or cancels what is queued, runs all `done`s, ends the threads. The memory goes
 * with the next turn of the loop. Never from inside a `done` of this lane. */
void lane_close(struct lane **lane);

/* The same in steps, for who has lanes that feed each other: the threads end, and what is
 * submitted from now on is canceled; the `done`s that are due run (false: there were none);
 * the lane goes. */
void lane_stop(struct lane *lane);
bool lane_deliver(struct lane *lane);
void lane_free(struct lane **lane);

#endif
