/* SPDX-License-Identifier: MIT */
/* When very many clocks are due at one moment, who leads the desk cannot read a line a ticket. So
 * many words a second (limit alerts_per_second) go out one by one; those beyond it are counted by
 * what they say and whom they are for, and told as numbers (OUT_ALERTS) when the second is over.
 * An emergency is never counted, and who has a ticket hears of each of his. */
#ifndef TB_APP_TALLY_H
#define TB_APP_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/frame.h"

#define TALLY_ROWS 16

struct app;
struct circle;
struct telling;

struct tally_row {
	struct alert_count said;
	struct agent_id contact; /* whom it is for, as in struct circle */
	int tier;
	bool leaders;
	bool admins;
	bool here;               /* not another node's: that one tells the others */
	struct telling *telling; /* for the notifier, NULL: nothing */
};

struct tally {
	mono_ms until;   /* of this second */
	unsigned single; /* words that went out by themselves in it */
	struct tally_row rows[TALLY_ROWS];
	size_t count;
};

/* Counts the word, or says that it goes out by itself (NULL). The row is good until the next call
 * of this module. */
struct tally_row *tally_take(const struct circle *circle);

/* Another node has counted so many of these. */
void tally_noticed(const struct circle *circle, uint64_t tickets);

/* Tells what was counted when the second is over. */
void tally_tick(struct app *app);

/* When that is; WALL_NEVER: nothing was counted. */
wall_ms tally_next(const struct app *app);

void tally_fini(struct app *app);

#endif
