/* SPDX-License-Identifier: MIT */
/* A ticket of the record, lived through once more under another policy: what people wrote and did
 * comes as it came then, what triage, clocks and rules do is decided anew. */
#ifndef TB_REPLAY_H
#define TB_REPLAY_H

#include <jansson.h>

#include "core/command.h"

#define REPLAY_ACTIONS_MAX 40

/* What the policy did by itself. Texts are the replay's arena's. */
struct replay_action {
	wall_ms at;
	char rule[RULE_ID_SIZE]; /* "" for a response or a resolution that is late */
	const char *what;        /* a sentence */
};

struct replay {
	struct arena arena;
	struct ticket ticket;   /* as it stands in the end */
	enum priority priority; /* as triage said at first */
	char topic[TOPIC_SIZE];
	int needed_tier;
	bool immediate;                                       /* at any time */
	const char *topic_why, *priority_why, *immediate_why; /* never NULL */
	bool first_late, resolution_late;
	int64_t milestones_late;
	struct replay_action actions[REPLAY_ACTIONS_MAX];
	size_t actions_count;
};

/* `past` is one of the tickets of adapter/control_past.h. Clocks run until `now`. false: there is
 * no first message to begin with. Always to be followed by replay_fini. */
bool replay_run(struct replay *replay, const struct policy_book *book, const json_t *past,
                wall_ms now);
void replay_fini(struct replay *replay);

#endif
