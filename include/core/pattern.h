/* SPDX-License-Identifier: MIT */
/* One pattern of a rule. The language:
 *
 *   deploy failed            these words in a row (plurals too: `deploys failed`)
 *   deploy* failed           words that begin with "deploy"
 *   deploy|release failed    either word; `(deploy|content release) failed`: either phrase
 *   deploy has? failed       the word may be missing;  `_` is any one word, `#` a number
 *   $login                   one of the words of a set
 *   A near B                 both, in any order, at most 8 words apart; `near/20`: at most 20
 *   A before B               the same, in this order
 *   A without B              A, and no B so near to it
 *   A not-after B            A, and no B so near in front of it
 *   A near/sentence B        both in one sentence; so with the other joins
 *   \?                       the end of a question, as a part of its own
 *
 * Joins bind from left to right; `\near` is the word itself. Neither phrases nor sets go over the
 * end of a sentence, which counts as 3 words between. */
#ifndef TB_CORE_PATTERN_H
#define TB_CORE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/grammar.h"

#define PATTERN_BYTES_MAX 1000
#define PATTERN_PARTS_MAX 8
#define PATTERN_APART     8U /* words between, when a pattern does not say */
#define PATTERN_APART_MAX 400U
#define PATTERN_SENTENCE  UINT32_MAX /* in the same sentence, however far */
#define PATTERN_WHY_SIZE  192

enum pattern_join { JOIN_FIRST, JOIN_NEAR, JOIN_BEFORE, JOIN_WITHOUT, JOIN_NOT_AFTER };

struct pattern_part {
	uint32_t symbol;
	enum pattern_join join;
	uint32_t apart;
};

/* What must not be there, in place of what must. */
static inline bool part_is_left_out(const struct pattern_part *part)
{
	return part->join == JOIN_WITHOUT || part->join == JOIN_NOT_AFTER;
}

struct pattern {
	const struct pattern_part *parts;
	size_t parts_count;
};

/* What is wrong with one, as the end of a sentence. */
struct pattern_wrong {
	char text[PATTERN_WHY_SIZE];
};

/* Reads `text` into the grammar. false: `why` says what is wrong. */
bool pattern_compile(struct grammar *grammar, struct span text, struct pattern *out,
                     struct pattern_wrong *why);

/* A member of the set: a pattern of one part. */
bool pattern_member(struct grammar *grammar, uint32_t set, struct span text,
                    struct pattern_wrong *why);

#endif
