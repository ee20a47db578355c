/* SPDX-License-Identifier: MIT */
/* How long a visitor will wait: the median of the last pick-ups, times the place in the
 * queue, over the chats that can be taken at once. */
#ifndef TB_CORE_ETA_H
#define TB_CORE_ETA_H

#include <stddef.h>
#include <stdint.h>

#define ETA_SAMPLES     20
#define ETA_SAMPLES_MIN 5 /* below, nothing is said */

/* The zero value knows nothing. */
struct eta {
	int64_t waits_ms[ETA_SAMPLES];
	size_t count; /* pick-ups so far; the ring holds the last ETA_SAMPLES */
};

void eta_add(struct eta *eta, int64_t waited_ms);

/* Seconds for the one at `position` (1 is next); -1: not known. */
int64_t eta_seconds(const struct eta *eta, unsigned position, size_t room);

#endif
