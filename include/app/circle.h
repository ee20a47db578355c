/* SPDX-License-Identifier: MIT */
/* Who is meant by a word about a ticket, wherever they are connected: here, or on another node. */
#ifndef TB_APP_CIRCLE_H
#define TB_APP_CIRCLE_H

#include "app/app.h"

struct circle {
	struct app *app;
	const struct frame_out *frame; /* OUT_DUE or OUT_ALERT */
	struct agent_id agent;         /* whoever has the ticket */
	struct agent_id contact;       /* and this one; 0: nobody of ours */
	int tier;                      /* all of this tier; 0: none */
	bool leaders;                  /* supervisors and administrators */
	bool admins;
	bool watchers; /* and who reads along */
};

bool circle_has(const struct circle *circle, const struct person *person);

/* To those who are connected here, and by the switchboard to those who are elsewhere. NULL; else
 * very many are told something now: only who has the ticket or looks at it was, and the others hear
 * the number of this row (app/tally). */
struct tally_row;
struct tally_row *circle_tell(const struct circle *circle);

/* To those who are elsewhere: this of so many tickets. */
void circle_tell_count(const struct circle *circle, uint64_t tickets);

/* Another node's word: to those who are connected here. */
void circle_noticed(struct app *app, const struct notice *notice);

#endif
