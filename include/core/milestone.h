/* SPDX-License-Identifier: MIT */
/* Milestones: what the desk promises of some tickets between the first response and the resolution
 * ("mitigated within 4 hours", "reported within 1 hour"). Each is a target like those two, with a
 * due time, a warning and a breach; an agent says when it is done. When they are due is told by
 * core/timer. */
#ifndef TB_CORE_MILESTONE_H
#define TB_CORE_MILESTONE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/rule.h"
#include "core/ticket.h"

/* As the policy has it. */
struct milestone {
	const char *id;    /* "mitigate" */
	const char *name;  /* "Mitigation" */
	const char *about; /* what counts as done, a sentence; NULL: not said */
	struct duration within;
	bool around_the_clock; /* kept while the channel is closed, too: said on purpose */
	bool always;           /* neither waiting for the customer nor the end stops its clock */
	bool stands;           /* promised by what a ticket is; else only when a rule starts it */
	unsigned priorities;   /* 1U << enum priority; 0: any */
	const char *const *topics; /* NULL: any */
	size_t topics_count;
	enum rule_notify notify; /* told of the warning and of the breach besides its agent */
};

/* The ticket's own of this name. NULL: it has none. */
const struct ticket_milestone *milestone_find(const struct ticket *ticket, const char *id);

/* The same to write, added when it is not there. NULL: there is no room. */
struct ticket_milestone *milestone_put(struct ticket *ticket, const char *id);

void milestone_drop(struct ticket *ticket, const char *id);

/* It is promised of the ticket as it is now, done or not. */
bool milestone_is_promised(const struct milestone *milestone, const struct ticket *ticket);

/* Its clock runs: promised, not done, and not paused. `running`: those of the ticket do. */
bool milestone_runs(const struct milestone *milestone, const struct ticket *ticket, bool running);

/* All that due times hang on is the same on both. */
bool milestones_are_same(const struct ticket *a, const struct ticket *b);

#endif
