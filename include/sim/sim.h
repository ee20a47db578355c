/* SPDX-License-Identifier: MIT */
/* A rehearsal: the desk of server/app on the fakes, in virtual time, with the customers and
 * agents of a scenario. The same setup gives the same outcome, on every machine. */
#ifndef TB_SIM_SIM_H
#define TB_SIM_SIM_H

#include "app/desk.h"
#include "core/policy.h"
#include "sim/outcome.h"
#include "sim/scenario.h"

struct sim_setup {
	const struct scenario *scenario;
	struct policy *policy;
	struct span policy_text; /* its file */
	const struct policy_reader *reader;
	uint64_t seed;
	int agents[TIER_MAX]; /* so many on each tier instead; -1: as the scenario says */
	uint64_t story;       /* the ticket whose log is told; 0: none */
	int64_t tick_ms;      /* 0: from event to event; else the desk ticks at least so often */
};

/* Fills *out; outcome_fini frees it. */
void sim_run(const struct sim_setup *setup, struct outcome *out);

#endif
