/* SPDX-License-Identifier: MIT */
/* Where the symbols of a grammar match in a text: one walk over its words, from the last to the
 * first. Memory and time are bounded for any text of TRIAGE_TEXT_MAX bytes. */
#ifndef TB_CORE_CHART_H
#define TB_CORE_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "core/grammar.h"
#include "core/live.h"
#include "core/pattern.h"

/* A match: words from `from` up to, not with, `to`. */
struct chart_hit {
	uint32_t from, to;
	uint32_t next; /* of the same symbol, further back in the text; 0: no more */
};

#define CHART_SEEN 512U

struct chart_word {
	struct span raw; /* in the text; len 0: a break */
	uint32_t at;     /* its place as distances count: a break is several words long */
	uint32_t forms;  /* the first of its symbols; those of the next word come behind them */
	uint32_t first;  /* entries of what begins here */
	uint32_t sentence;
	bool asks;                      /* a break behind a question mark */
	uint64_t seen[CHART_SEEN / 64]; /* bits of what begins here, by the symbols' remainders */
};

struct chart_entry {
	uint32_t symbol, to, next;
};

struct chart {
	const struct grammar *grammar;
	struct arena *arena;
	struct chart_word *words;
	size_t words_count;
	uint32_t *forms; /* the symbols that words are by themselves; SYMBOL_ASKS of a break */
	size_t forms_count, forms_size;
	uint32_t sentences;
	struct chart_entry *entries;
	size_t entries_count, entries_size;
	uint32_t last, place_count; /* of the place that is being filled */
	struct chart_hit *hits;
	size_t hits_count, hits_size;
	uint64_t *is_hit;    /* bits of the watched symbols that have a hit */
	uint32_t *first_hit; /* of each of those */
	uint32_t *matched;   /* the watched symbols that have a hit, as they were found */
	size_t matched_count;
	bool full; /* more begins in the text than there is room for: not all of it was found */
};

/* The words of `texts`, which are read as one, with a break between, and borrowed by the chart. */
void chart_read(struct chart *chart, const struct grammar *grammar, const struct span *texts,
                size_t texts_count, struct arena *arena);

/* What matches, once the words are read. `live` has all productions that may; NULL: all do. */
void chart_fill(struct chart *chart, const struct live *live);

/* The pattern matches: *from_out up to *to_out are the words of a match. */
bool chart_matches(const struct chart *chart, const struct pattern *pattern, uint32_t *from_out,
                   uint32_t *to_out);

/* The text of these words, as it was written. A break ends it. */
struct span chart_text(const struct chart *chart, uint32_t from, uint32_t to);

#endif
