/* SPDX-License-Identifier: MIT */
/* The policy file: what the desk promises, who answers and when a ticket goes up. JSON;
 * deploy/policy.json shows every member. */
#ifndef TB_PROTO_POLICY_H
#define TB_PROTO_POLICY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"
#include "core/policy.h"
#include "proto/tzif.h"

#define POLICY_BYTES_MAX 1048576

#define POLICY_MISTAKES_MAX 200 /* what is more is only counted */

/* What is wrong with a file, or only worth a word, in the order in which it was met. */
struct policy_mistake {
	const char *path;     /* "$.channels.chat.hours" */
	const char *sentence; /* for a person: what is wrong and what to write */
	bool warning;
};

/* The zero value is empty. */
struct policy_mistakes {
	struct arena arena; /* owns the texts */
	struct policy_mistake *items;
	size_t count;    /* warnings included */
	size_t mistakes; /* without them, also those that found no room in the list */
};

void policy_mistakes_fini(struct policy_mistakes *mistakes);
/* Takes the texts over as copies; control characters become "?". The same as the one before is not
 * said again. */
void policy_mistakes_add(struct policy_mistakes *mistakes, bool warning, const char *path,
                         const char *sentence);

/* Makes a policy of the text of its file, with one reference and the id 0. BAD_REQUEST: `mistakes`
 * (which may have some before) has all that is wrong, with its places. */
NODISCARD enum status policy_parse(struct span text, const struct zone_source *zones,
                                   struct policy **out, struct policy_mistakes *mistakes);

/* The same, and nothing of it is against what can be proven (core/policy_proof.h) as of `now`: what
 * was read wrong at one place does not hide what does not hold at another. */
NODISCARD enum status policy_check(struct span text, const struct zone_source *zones, wall_ms now,
                                   struct policy **out, struct policy_mistakes *mistakes);

/* The text of deploy/policy.json as it was when the program was built. */
struct span policy_default(void);

#endif
