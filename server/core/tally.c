/* SPDX-License-Identifier: MIT */
#include "core/tally.h"

#include "core/rulebook.h"

#define SEEN_MAX 4

struct tally *tally_create(struct arena *arena, size_t count)
{
	return arena_alloc(arena, (count + 1) * sizeof(struct tally));
}

static void add_weight(struct tally *tally, int weight)
{
	tally->sum += weight;
	if (weight < 0)
		tally->against += weight;
	for (size_t i = 0; i < TALLY_STRONGEST && weight > 0; i++) {
		int weaker = tally->strongest[i];

		if (weight <= weaker)
			continue;
		tally->strongest[i] = (int16_t)weight; /* at most RULEBOOK_WEIGHT_MAX */
		weight = weaker;
	}
}

void tally_match(struct tally *tally, int weight, struct span seen, struct arena *arena)
{
	tally->matched++;
	if (weight != 0)
		add_weight(tally, weight);
	if (tally->seen_count == SEEN_MAX || weight < 0)
		return;
	if (tally->seen == NULL)
		tally->seen = arena_alloc_raw(arena, SEEN_MAX * sizeof(*tally->seen));
	tally->seen[tally->seen_count++] = seen;
}

bool tally_holds(const struct tally *tally)
{
	return tally->matched > 0 && tally->unless == 0;
}

/* What takes a topic back is strong, but a word in passing among many of the topic. */
int tally_score(const struct tally *tally)
{
	int unless = tally->unless < RULEBOOK_UNLESS_MOST ? tally->unless : RULEBOOK_UNLESS_MOST;
	int score = (tally->against - unless * RULEBOOK_UNLESS_WEIGHT) * TALLY_POINT;

	for (unsigned i = 0; i < TALLY_STRONGEST; i++)
		score += tally->strongest[i] * TALLY_POINT / (1 << i);
	return score;
}

void tally_why(const struct tally *tally, struct why *why)
{
	for (unsigned i = 0; i < tally->seen_count; i++) {
		why_text(why, i > 0 ? ", " : "");
		why_quote(why, tally->seen[i]);
	}
	if (tally->matched > tally->seen_count && tally->seen_count == SEEN_MAX)
		why_text(why, " and more");
}
