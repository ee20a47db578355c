/* SPDX-License-Identifier: MIT */
/* The figures of the wall: how the desk stands, in counts alone. Nobody is named in it, neither who
 * asks nor who answers, and nothing of what was written. */
#ifndef TB_PORT_WALLBOARD_H
#define TB_PORT_WALLBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/ticket.h"

struct wallboard_tier {
	size_t waiting;
	int64_t longest_wait_s;
	bool known; /* the switchboard said who is there */
	size_t available, busy, away;
	size_t load,
		capacity; /* chats that agents have; of those who are available or busy, room */
};

struct wallboard {
	wall_ms at;
	size_t by_priority[PRIORITY_CRITICAL +
	                   1];    /* tickets that are neither resolved nor closed */
	size_t at_risk, breached; /* of them, against the target that is next */
	size_t emergencies;
	struct wallboard_tier tiers[TIER_MAX];
};

#endif
