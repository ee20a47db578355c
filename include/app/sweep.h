/* SPDX-License-Identifier: MIT */
/* Clocks that are due have their effect. The record knows them all; here is only the soonest of
 * them, so that nothing is asked while nothing is due, and open clocks cost nothing. */
#ifndef TB_APP_SWEEP_H
#define TB_APP_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/timer.h"

struct app;
struct firing;

struct sweep {
	wall_ms next_due;     /* the soonest that has not fired; 0: none is known */
	unsigned under_way;   /* calls that fire */
	struct firing *spare; /* calls that were, with their room, while there is more */
	bool more;            /* one of them said that there is more */
	unsigned wide;        /* so many at a time while there is more, 0: not known */
	mono_ms wide_until;
	mono_ms look_at;    /* asks the record whatever is known */
	mono_ms hold_until; /* nothing fires before: the clock was put forward, or a try failed */
	wall_ms tick_wall;  /* of the last tick */
	mono_ms tick_mono;
	uint64_t fired[TIMER_RULES + 2]; /* since the start; the last: of rules, of milestones */
	uint64_t pages, pages_failed;
};

/* A ticket's soonest timer, as its newest effect has it (0: none). Fires at once when it is due. */
void sweep_note(struct app *app, wall_ms next_due);

void sweep_tick(struct app *app);

/* How late the soonest one is. */
int64_t sweep_lag_ms(const struct app *app, wall_ms now);

#endif
