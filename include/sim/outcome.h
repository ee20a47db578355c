/* SPDX-License-Identifier: MIT */
/* What came of a rehearsal, ticket by ticket, as the record says. Only who was busy how long, and
 * what a text needed, is from the rehearsal itself. */
#ifndef TB_SIM_OUTCOME_H
#define TB_SIM_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "core/ticket.h"

enum promise_state {
	PROMISE_NONE, /* nothing was promised, or it ended before anybody could keep it */
	PROMISE_OPEN, /* not due yet when the rehearsal ended */
	PROMISE_MET,
	PROMISE_MISSED,
};

/* One of a ticket's targets. Times are on the target's own clock. */
struct kept {
	enum promise_state state;
	int64_t took_ms;   /* -1: it has not come to it */
	int64_t target_ms; /* 0: none */
	bool business;
};

struct handover {
	int from, to;
	const char *why; /* "X7: ...", or what an agent said */
	bool by_hand;
	bool timed;   /* the tier promises to take it within a time */
	bool in_time; /* and somebody did; an open one that is not late yet counts as such */
};

struct fact {
	struct ticket ticket;
	struct kept first, resolution;
	struct kept milestones[MILESTONES_MAX]; /* by their place in the policy */
	struct handover *handovers;
	size_t handovers_count;
	const char *first_agent; /* who had it first; "": nobody */
	int64_t unowned_ms;      /* in the opening hours of its channel, all together */
	unsigned requeued;
	bool kept;               /* as a ticket, because nobody was free */
	int needed_tier;         /* of the text; 0: not said */
	int solved_tier;         /* the highest tier on which an agent had it */
	int64_t acknowledged_ms; /* since the emergency began; -1: nobody did */
};

struct staff {
	const char *name;
	int tier;
	int64_t duty_ms, busy_ms;
	unsigned tickets; /* that were given to it */
};

/* What the desk refused: a sentence and how often. */
struct refusal {
	const char *sentence;
	unsigned count;
};

struct outcome {
	struct arena arena; /* owns all of it */
	struct fact *facts; /* by number */
	size_t facts_count;
	struct staff *staff;
	size_t staff_count;
	struct refusal *refusals;
	size_t refusals_count;
	struct buf story;  /* of the ticket that was asked for; empty: there is none such */
	unsigned lost;     /* messages that were acknowledged and are not on record */
	unsigned unsaid;   /* messages that were not acknowledged when it ended */
	unsigned notified; /* words to people who were not at the console */
	wall_ms from, to;  /* it ran */
	uint64_t events;
};

void outcome_fini(struct outcome *outcome);

#endif
