/* SPDX-License-Identifier: MIT */
/* The record in plain memory, for scenarios in virtual time. Nothing happens by itself: calls
 * wait until fake_store_run(). Closing it cancels what waits. */
#ifndef TB_ADAPTER_FAKE_STORE_H
#define TB_ADAPTER_FAKE_STORE_H

#include <stddef.h>

#include "port/store.h"

struct store *fake_store_create(void);

/* One round: runs what is queued now and their `done`s; what those submit waits for the next
 * round. Reads go first, so they see only the writes of earlier rounds: the least that the
 * contract promises. Returns how many calls were done. */
size_t fake_store_run(struct store *store);

/* The next `rounds` rounds with a write fail to commit: their writes end with UNAVAILABLE and
 * leave no trace. */
void fake_store_fail_commits(struct store *store, unsigned rounds);

#endif
