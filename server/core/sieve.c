/* SPDX-License-Identifier: MIT */
/* A production without its order is a rule: when all of its row are facts, so is what it makes. So
 * is a pattern, which makes its owner one. What follows from one fact alone is known before; a rule is
 * looked at when its rarest fact is known, so that most rules never are, and again as long as it
 * misses one that is made. */
#include "core/sieve.h"

#include <string.h>

struct sifting {
	const struct sieve *sieve;
	uint64_t *known;
	uint64_t *looked; /* bits by fact: its rules were looked at */
	uint32_t *open;   /* rules that miss a fact which may still be made */
	size_t open_count;
};

static inline bool has(const uint64_t *bits, uint32_t fact)
{
	return (bits[fact / 64] >> fact % 64 & 1U) != 0;
}

static inline void learn(struct sifting *sifting, uint32_t fact)
{
	const struct sieve *sieve = sifting->sieve;
	const uint32_t *end = &sieve->sure[sieve->facts[fact + 1].sure];

	if (has(sifting->known, fact))
		return;
	for (const uint32_t *sure = &sieve->sure[sieve->facts[fact].sure]; sure < end; sure++)
		sifting->known[*sure / 64] |= UINT64_C(1) << *sure % 64;
}

/* All words are known by then: a rule that misses one is done with. true: it stays open. */
static inline bool look_at(struct sifting *sifting, uint32_t id)
{
	const struct sieve *sieve = sifting->sieve;
	const struct sieve_rule *rule = &sieve->rules[id];

	if (!has(sifting->known, rule->next))
		return rule->next >= sieve->first_made;
	for (uint32_t i = 0; i < rule->count; i++) {
		uint32_t fact = sieve->rows[rule->row + i];

		if (!has(sifting->known, fact))
			return fact >= sieve->first_made;
	}
	learn(sifting, rule->makes);
	return false;
}

static void look_at_rules(struct sifting *sifting, uint32_t fact)
{
	const struct sieve_fact *here = &sifting->sieve->facts[fact], *next = here + 1;

	for (uint32_t id = here->rules; id < next->rules; id++) {
		if (look_at(sifting, id))
			sifting->open[sifting->open_count++] = id;
	}
}

/* Of the facts that came since: whether there were any. */
static bool follow_new(struct sifting *sifting)
{
	size_t words = sifting->sieve->facts_count / 64 + 1;
	bool any = false;

	for (size_t i = 0; i < words; i++) {
		uint64_t fresh;

		while ((fresh = sifting->known[i] & sifting->sieve->ruled[i] &
		                ~sifting->looked[i]) != 0) {
			uint32_t bit = (uint32_t)__builtin_ctzll(fresh);

			sifting->looked[i] |= UINT64_C(1) << bit;
			look_at_rules(sifting, (uint32_t)i * 64 + bit);
			any = true;
		}
	}
	return any;
}

static void follow_open(struct sifting *sifting)
{
	size_t left = 0;

	for (size_t i = 0; i < sifting->open_count; i++) {
		uint32_t id = sifting->open[i];

		if (look_at(sifting, id))
			sifting->open[left++] = id;
	}
	sifting->open_count = left;
}

void sieve_words(struct sieved *out, const struct sieve *sieve, const uint32_t *symbols,
                 size_t symbols_count, struct arena *arena)
{
	size_t bytes = (sieve->facts_count / 64 + 1) * sizeof(uint64_t);
	struct sifting sifting = {.sieve = sieve};

	sifting.known = arena_alloc(arena, bytes);
	sifting.looked = arena_alloc(arena, bytes);
	sifting.open = arena_alloc_raw(arena, (sieve->rules_count + 1) * sizeof(*sifting.open));
	for (size_t i = 0; i < symbols_count; i++) {
		uint32_t fact = sieve->fact_of[symbols[i]];

		if (fact != 0)
			learn(&sifting, fact);
	}
	while (follow_new(&sifting))
		follow_open(&sifting);
	*out = (struct sieved){.sieve = sieve, .known = sifting.known};
}

static bool has_symbol(const struct sieved *sieved, uint32_t symbol)
{
	return symbol == SYMBOL_ANY || has(sieved->known, sieved->sieve->fact_of[symbol]);
}

bool sieved_pattern(const struct sieved *sieved, size_t pattern)
{
	const struct pattern *which = sieved->sieve->patterns[pattern].pattern;

	for (size_t i = 0; i < which->parts_count; i++) {
		if (!part_is_left_out(&which->parts[i]) &&
		    !has_symbol(sieved, which->parts[i].symbol))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------ what is alive */

struct reviving {
	const struct sieved *sieved;
	const struct grammar *grammar;
	struct arena *arena;
	struct live *live;
	uint64_t *wanted; /* bits by fact */
	uint32_t *todo;   /* symbols whose productions were not looked at */
	size_t todo_count;
};

static void want(struct reviving *reviving, uint32_t symbol)
{
	uint32_t fact = reviving->sieved->sieve->fact_of[symbol];

	if (symbol == SYMBOL_ANY || has(reviving->wanted, fact))
		return;
	reviving->wanted[fact / 64] |= UINT64_C(1) << fact % 64;
	reviving->todo[reviving->todo_count++] = symbol;
}

static void revive(struct reviving *reviving, uint32_t id)
{
	const struct production *production = &reviving->grammar->productions[id];
	const uint32_t *row = &reviving->grammar->rows[production->row];

	for (uint32_t i = 0; i < production->count; i++) {
		if (!has_symbol(reviving->sieved, row[i]))
			return;
	}
	live_add(reviving->live, reviving->grammar, id, reviving->arena);
	for (uint32_t i = 0; i < production->count; i++)
		want(reviving, row[i]);
}

const struct live *sieved_live(const struct sieved *sieved, const struct grammar *grammar,
                               const bool *wanted, struct arena *arena)
{
	const struct sieve *sieve = sieved->sieve;
	struct reviving reviving = {
		.sieved = sieved, .grammar = grammar, .arena = arena, .live = live_create(arena)};

	reviving.wanted =
		arena_alloc(arena, (sieve->facts_count / 64 + 1) * sizeof(*reviving.wanted));
	reviving.todo = arena_alloc_raw(arena, sieve->facts_count * sizeof(*reviving.todo));
	for (size_t i = 0; i < sieve->patterns_count; i++) {
		const struct pattern *pattern = sieve->patterns[i].pattern;

		for (size_t k = 0; wanted[i] && k < pattern->parts_count; k++) {
			if (!part_is_left_out(&pattern->parts[k]))
				want(&reviving, pattern->parts[k].symbol);
		}
	}
	while (reviving.todo_count > 0) {
		uint32_t symbol = reviving.todo[--reviving.todo_count];

		for (uint32_t p = sieve->makers[sieve->fact_of[symbol]]; p != 0;
		     p = sieve->next_maker[p])
			revive(&reviving, p);
	}
	return reviving.live;
}
