/* SPDX-License-Identifier: MIT */
/* How a ticket stands against what was promised, as people are shown it (widget/shared/sla.js says
 * the same of each ticket). */
#ifndef TB_CORE_TARGET_H
#define TB_CORE_TARGET_H

#include "base/clock.h"
#include "core/ticket.h"

/* The one that counts next. */
struct target {
	wall_ms from, due; /* due 0: nothing is promised, or its clock stands still */
};

enum standing { STANDING_CALM, STANDING_AT_RISK, STANDING_BREACHED };

/* Of a ticket that lives: the first response until there is one, then the resolution; a milestone
 * that is due before. */
struct target target_of(const struct ticket *ticket);

/* At risk: a quarter of its time is left, of a long one a quarter of an hour. */
enum standing target_standing(const struct target *target, wall_ms now);

#endif
