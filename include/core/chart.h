/* SPDX-License-Identifier: MIT */
/* Where the symbols of a grammar match in a text: one walk over its words, from the last to the
 * first. Memory and time are bounded for any text of TRIAGE_TEXT_MAX bytes. */
#ifndef TB_CORE_CHART_H
#define TB_CORE_CHART_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "core/grammar.h"
#include "core/pattern.h"

/* A match: words from `from` up to, not with, `to`. */
struct chart_hit {
	uint32_t from, to;
	uint32_t next; /* of the same symbol, further back in the text; 0: no more */
};

struct chart_word {
	struct span raw; /* in the text; len 0: a break */
	uint32_t at;     /* its place as distances count: a break is several words long */
	uint32_t first;  /* entries of what begins here */
};

struct chart_entry {
	uint32_t symbol, to, next;
};

#define CHART_SEEN 4096U

struct chart {
	const struct grammar *grammar;
	struct arena *arena;
	struct chart_word *words;
	size_t words_count;
	struct chart_entry *entries;
	size_t entries_count, entries_size;
	uint32_t last, place_count;     /* of the place that is being filled */
	uint64_t seen[CHART_SEEN / 64]; /* bits of its symbols, by their numbers' remainders */
	struct chart_hit *hits;
	size_t hits_count, hits_size;
	uint32_t *first_hit; /* of each watched symbol; 0: none */
	uint32_t *matched;   /* the watched symbols that have a hit, as they were found */
	size_t matched_count;
};

/* `texts` are read as one, with a break between. They are borrowed by the chart. */
void chart_make(struct chart *chart, const struct grammar *grammar, const struct span *texts,
                size_t texts_count, struct arena *arena);

/* The pattern matches: *from_out up to *to_out are the words of a match. */
bool chart_matches(const struct chart *chart, const struct pattern *pattern, uint32_t *from_out,
                   uint32_t *to_out);

/* The text of these words, as it was written. A break ends it. */
struct span chart_text(const struct chart *chart, uint32_t from, uint32_t to);

#endif
