/* SPDX-License-Identifier: MIT */
/* The record in one SQLite file: one thread that writes and checkpoints, two that read. The
 * caller holds the lock of the data folder; a backup is `sqlite3 FILE ".backup COPY"` or
 * `VACUUM INTO`, at any time. */
#ifndef TB_ADAPTER_SQLITE_STORE_H
#define TB_ADAPTER_SQLITE_STORE_H

#include <stddef.h>

#include <uv.h>

#include "port/store.h"

/* Opens or creates the file (mode 0600) and brings it to this version's layout. UNAVAILABLE:
 * `why` is a sentence for a person. After close the loop has to turn once more before it can
 * be closed itself. */
NODISCARD enum status sqlite_store_open(uv_loop_t *loop, const char *path, struct store **store_out,
                                        char *why, size_t why_size);

#endif
