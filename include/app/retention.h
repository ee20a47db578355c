/* SPDX-License-Identifier: MIT */
/* What the policy keeps for so many months and no longer goes, a little at a time. */
#ifndef TB_APP_RETENTION_H
#define TB_APP_RETENTION_H

#include "base/clock.h"
#include "port/store.h"

struct app;

struct retention {
	mono_ms look_at; /* the next call */
	bool started;
	bool under_way;
	struct store_call call;
	/* Of the round that runs, and since the start. */
	uint64_t round[3], total[3]; /* tickets, entries, logins */
};

void retention_tick(struct app *app);

/* The clock was put forward: nothing goes before it is known to be right. */
void retention_hold(struct app *app);

/* The moment `months` before: the same day of the month, or its last one, at the same time. */
wall_ms retention_before(wall_ms now, int months);

#endif
