/* SPDX-License-Identifier: MIT */
/* The cheap questions before the dear one: can any trigger fire for these texts at all? The first
 * goes by which words are there, not by where: what needs a word that is nowhere cannot match. Signs
 * count as far as they could, so that a trigger whose points cannot add up is not searched for,
 * either. The second one goes by where, but only for the patterns that the first one left. */
#ifndef TB_CORE_SIEVE_H
#define TB_CORE_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/grammar.h"
#include "core/live.h"
#include "core/pattern.h"

/* Where what is known of a fact begins; it ends where the next one's begins. */
struct sieve_fact {
	uint32_t sure;  /* all that is a fact when it is: itself, and what follows from one alone */
	uint32_t rules; /* those that need others beside it, and it is the rarest */
};

struct sieve_rule {
	uint32_t makes;
	uint32_t next;       /* the rarest of the others: most rules miss it */
	uint32_t row, count; /* what is left, in `rows` */
};

/* What one owner, a trigger or a sign, is known by. `without` parts do not count. */
struct sieve_pattern {
	const struct pattern *pattern;
	uint32_t owner;
};

/* Facts, from 1 on: first the words that triggers need, then the symbols that are made of them,
 * then the owners of patterns. */
struct sieve {
	uint32_t facts_count, first_made, first_owner;
	struct sieve_fact *facts;
	uint64_t *ruled; /* bits by fact: it has rules */
	uint32_t *sure;
	struct sieve_rule *rules;
	size_t rules_count;
	uint32_t *rows;
	uint32_t *fact_of;                    /* by symbol; 0: no trigger needs it */
	uint32_t *makers, *next_maker;        /* by fact, by production: what makes it; 0: none */
	const struct sieve_pattern *patterns; /* by owner */
	size_t patterns_count;
};

/* The grammar is whole: sets and groups have all of their members. `patterns` are sorted by owner,
 * and borrowed with what they are made of; `out` lives in `arena`. */
void sieve_make(struct sieve *out, const struct grammar *grammar,
                const struct sieve_pattern *patterns, size_t patterns_count, uint32_t owners,
                struct arena *arena);

/* What is known of texts, as bits by fact. */
struct sieved {
	const struct sieve *sieve;
	uint64_t *known;
};

/* `symbols` are those of all words of the texts. */
void sieve_words(struct sieved *out, const struct sieve *sieve, const uint32_t *symbols,
                 size_t symbols_count, struct arena *arena);

/* A pattern of his may match in one of the texts; false: none does. */
static inline bool sieved_owner(const struct sieved *sieved, uint32_t owner)
{
	uint32_t fact = sieved->sieve->first_owner + owner;

	return (sieved->known[fact / 64] >> fact % 64 & 1U) != 0;
}

/* The same of one pattern, by its place in sieve.patterns. */
bool sieved_pattern(const struct sieved *sieved, size_t pattern);

/* The productions that the patterns with wanted[pattern] may match by. In `arena`. */
const struct live *sieved_live(const struct sieved *sieved, const struct grammar *grammar,
                               const bool *wanted, struct arena *arena);

#endif
