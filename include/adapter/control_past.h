/* SPDX-License-Identifier: MIT */
/* The control socket's way to what is on record, for those who try another policy on it:
 *
 *   {"call":"past","cursor":…}
 *   {"ok":true,"tickets":[{"ticket":{…},"entries":[…],"changes":[…]}],"next":…}
 *
 * Oldest first. What agents wrote is left out: nothing is decided by it. */
#ifndef TB_ADAPTER_CONTROL_PAST_H
#define TB_ADAPTER_CONTROL_PAST_H

#include "base/span.h"
#include "port/desk.h"

#define CONTROL_PAST "past"

/* `done` runs once with the answer, borrowed for the call; never within this one. */
void control_past_start(struct desk *desk, struct span cursor, wall_ms now,
                        void (*done)(void *ctx, struct span answer), void *ctx);

#endif
