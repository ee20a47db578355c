/* SPDX-License-Identifier: MIT */
/* What matched of one list of a policy, and how much that is. */
#ifndef TB_CORE_TALLY_H
#define TB_CORE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "core/why.h"

/* Of a topic's words that matched so many count: the strongest in full, the next half, and so on.
 * Many patterns are told by the same few words, which says nothing more the fourth time. */
#define TALLY_STRONGEST 4
#define TALLY_POINT     (1 << (TALLY_STRONGEST - 1)) /* a score is in parts of a point */

struct tally {
	int32_t sum;                        /* of the weights */
	int32_t against;                    /* of those below 0 */
	uint16_t matched, unless;           /* a list is shorter than that */
	int16_t strongest[TALLY_STRONGEST]; /* of the weights above 0, falling */
	uint8_t seen_count;
	struct span *seen; /* for evidence: the first few; NULL: none yet */
};

/* `count` of them, empty. */
struct tally *tally_create(struct arena *arena, size_t count);

/* One pattern more; `seen` is what it matched. What counts against it is no evidence for it. */
void tally_match(struct tally *tally, int weight, struct span seen, struct arena *arena);

/* Something matched, and nothing that takes it back. */
bool tally_holds(const struct tally *tally);

/* In parts of a point: of the strongest, of what counts against it and of what takes it back. */
int tally_score(const struct tally *tally);

void tally_why(const struct tally *tally, struct why *why);

#endif
