/* SPDX-License-Identifier: MIT */
/* The long words of rules, to be found again by somebody who misspells them. */
#ifndef TB_CORE_SPELLING_H
#define TB_CORE_SPELLING_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/* How many letters a word of a rule needs for a slip to be forgiven. The shorter it is and the more
 * usual such a slip is between two words of the language, the likelier another word is meant. */
#define SPELLING_SLIP    6  /* two letters changed places, or a letter is doubled or not */
#define SPELLING_COUNT   7  /* a letter is missing, or one too many */
#define SPELLING_OTHER   9  /* another letter */
#define SPELLING_LONGEST 32 /* a longer word is taken as it stands */

struct grammar;

struct spelling {
	struct spelling_half *halves; /* from 1 on: two of each word */
	uint32_t *slots;              /* by the hash of a half: the newest of its halves; 0: none */
	size_t slots_size;            /* a power of two; 0: nothing is found */
};

/* Of all words that the grammar has by now. */
void spelling_make(struct spelling *out, const struct grammar *grammar, struct arena *arena);

/* The word of a rule that `word` is but for one slip, never in its first letter; SYMBOL_NONE: none.
 * `word` is in lower case, and no word of a rule itself. */
uint32_t spelling_find(const struct spelling *spelling, const struct grammar *grammar,
                       struct span word);

#endif
