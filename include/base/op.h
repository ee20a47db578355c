/* SPDX-License-Identifier: MIT */
/* One asynchronous operation of a port.
 *
 * The contract of every port, checked by its contract suite on every implementation:
 * `done` runs exactly once, on the loop thread, and never inside the submitting call; the
 * memory of the operation is the port's from the submit until `done` runs, and the
 * caller's before and after. When the port is closed, what is still queued is done with
 * ST_CANCELED. ST_TIMEOUT on a write means "unknown": operations are idempotent, repeat. */
#ifndef TB_BASE_OP_H
#define TB_BASE_OP_H

#include "base/status.h"

struct op {
	void (*done)(struct op *op);
	enum status status; /* set before done */
};

#endif
