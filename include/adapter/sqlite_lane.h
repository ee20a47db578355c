/* SPDX-License-Identifier: MIT */
/* Inside the SQLite store: the writing thread's work, a batch at a time. */
#ifndef TB_ADAPTER_SQLITE_LANE_H
#define TB_ADAPTER_SQLITE_LANE_H

#include <stdatomic.h>
#include <stdint.h>

#include "adapter/lane.h"
#include "adapter/sqlite_record.h"

/* Frames of the WAL, of 4 KB each: behind so many more it is moved into the file. While clocks fire
 * that waits, as moving them takes longer than many commits, but however long they do the WAL is
 * no longer than the second of these and a transaction. */
#define CHECKPOINT_AT   2000
#define CHECKPOINT_LATE 65536

struct batcher {
	struct writer writer;
	char *path;
	int checkpoint_at, checkpoint_late; /* the two above; tests have smaller ones */
	bool reopen;        /* after an I/O error: this connection's view may be wrong */
	int wal_frames;     /* in the file after the last commit */
	int wal_checked;    /* as many when the last checkpoint ended */
	bool fires;         /* the newest batch fired clocks: others are likely to come */
	uint64_t commit_ns; /* the newest one's, with its sync */
	atomic_uint_fast64_t commits;
	atomic_bool healthy;
};

NODISCARD enum status batcher_open(struct batcher *batcher, const char *path, char *why,
                                   size_t why_size);
/* After the thread ended. */
void batcher_close(struct batcher *batcher);

/* lane_config's run, after and idle, on the writing thread. */
void batcher_run(struct batcher *batcher, struct lane_job *jobs, size_t count);
void batcher_after(struct batcher *batcher);
bool batcher_idle(struct batcher *batcher);

#endif
