/* SPDX-License-Identifier: MIT */
/* The rule that looks at several tickets at once, over the tickets of the record as they came. */
#ifndef TB_REPLAY_PATTERN_H
#define TB_REPLAY_PATTERN_H

#include "base/span.h"
#include "core/escalation.h"

struct pattern_seen;

struct replay_pattern {
	bool any; /* the policy has such a rule */
	struct escalation rule;
	struct pattern_seen *seen; /* tickets of one topic within the window, in order */
	size_t count, room;
};

void replay_pattern_init(struct replay_pattern *pattern, const struct policy *policy);
void replay_pattern_fini(struct replay_pattern *pattern);

/* A ticket was opened at its created_at by `person` ("": who cannot be told from others). true:
 * the rule sees a pattern, and has not seen the same one lately; tickets and people of it. */
bool replay_pattern_look(struct replay_pattern *pattern, const struct ticket *ticket,
                         struct span person, unsigned *tickets_out, unsigned *people_out);

#endif
