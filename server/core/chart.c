/* SPDX-License-Identifier: MIT */
/* Bottom-up: at each place first the word itself, then whatever its symbols are the beginning of.
 * What a production needs behind its first symbol lies further right, and is there already. */
#include "core/chart.h"

#include <string.h>

#include "base/must.h"
#include "core/words.h"

#define BREAK_WIDTH    3U
#define PLACE_ENTRIES  128U /* symbols that begin at one place */
#define ENTRIES_A_WORD 24U
#define JOINED_MAX     32U

static void read_words(struct chart *chart, struct span text, uint32_t *at)
{
	struct words words = words_of(text);
	struct word word;

	while (words_next(&words, &word)) {
		chart->words[chart->words_count++] = (struct chart_word){
			.raw = word.len > 0 ? word.raw : (struct span){0}, .at = *at};
		*at += word.len > 0 ? 1 : BREAK_WIDTH;
	}
	chart->words[chart->words_count++] = (struct chart_word){.at = *at};
	*at += BREAK_WIDTH;
}

/* It is known already that this symbol begins here and goes on up to `to`. */
static bool is_known(const struct chart *chart, uint32_t place, uint32_t symbol, uint32_t to)
{
	uint32_t i;

	if ((chart->seen[symbol % CHART_SEEN / 64] >> symbol % 64 & 1U) == 0)
		return false;
	for (i = chart->words[place].first; i != 0; i = chart->entries[i].next) {
		if (chart->entries[i].symbol == symbol && chart->entries[i].to == to)
			return true;
	}
	return false;
}

/* Something new begins at this place, the one that is being filled. false: it was there, or there
 * is no room. */
static bool entry_add(struct chart *chart, uint32_t place, uint32_t symbol, uint32_t to)
{
	uint32_t id = (uint32_t)chart->entries_count;

	if (is_known(chart, place, symbol, to) || chart->place_count == PLACE_ENTRIES ||
	    chart->entries_count == chart->entries_size)
		return false;
	if (chart->words[place].first == 0)
		chart->words[place].first = id;
	else
		chart->entries[chart->last].next = id;
	chart->last = id;
	chart->place_count++;
	chart->seen[symbol % CHART_SEEN / 64] |= UINT64_C(1) << symbol % 64;
	chart->entries[chart->entries_count++] = (struct chart_entry){.symbol = symbol, .to = to};
	return true;
}

static void hit_add(struct chart *chart, uint32_t symbol, uint32_t from, uint32_t to)
{
	uint32_t watch = chart->grammar->symbols[symbol].watch;

	if (watch == 0 || chart->hits_count == chart->hits_size)
		return;
	if (chart->first_hit[watch] == 0)
		chart->matched[chart->matched_count++] = symbol;
	chart->hits[chart->hits_count] =
		(struct chart_hit){.from = from, .to = to, .next = chart->first_hit[watch]};
	chart->first_hit[watch] = (uint32_t)chart->hits_count++;
}

static void symbol_add(struct chart *chart, uint32_t place, uint32_t symbol, uint32_t to)
{
	if (symbol != SYMBOL_NONE && entry_add(chart, place, symbol, to))
		hit_add(chart, symbol, place, to);
}

/* The word, its beginnings, and the word without the s of a plural. */
static void add_forms(struct chart *chart, uint32_t place, const char *fold, size_t len)
{
	const struct grammar *grammar = chart->grammar;
	struct span name = {.ptr = fold};
	uint32_t word = grammar_hash_begin(SYMBOL_WORD), start = grammar_hash_begin(SYMBOL_PREFIX);

	for (size_t i = 0; i < len; i++) {
		bool plural = i + 2 == len && len > 2 && fold[len - 1] == 's' && fold[i] != 's' &&
		              fold[i] != 'u' && fold[i] != 'i';

		word = grammar_hash_add(word, fold[i]);
		start = grammar_hash_add(start, fold[i]);
		name.len = i + 1;
		if ((grammar->prefix_lengths >> name.len & 1U) != 0)
			symbol_add(chart, place,
			           grammar_find_hashed(grammar, SYMBOL_PREFIX, start, name),
			           place + 1);
		if (plural || name.len == len)
			symbol_add(chart, place,
			           grammar_find_hashed(grammar, SYMBOL_WORD, word, name),
			           place + 1);
	}
}

static void add_word(struct chart *chart, uint32_t place)
{
	struct words words = words_of(chart->words[place].raw);
	char part[WORD_SIZE];
	struct word word;
	size_t at = 0, len;

	if (!words_next(&words, &word))
		return;
	add_forms(chart, place, word.fold, word.len);
	if (word.number)
		symbol_add(chart, place, SYMBOL_NUMBER, place + 1);
	while (word.humps && word_part(&word, &at, part, &len))
		add_forms(chart, place, part, len);
}

/* A production from its `done`-th symbol on, at `to`: adds what it makes at each end it finds. */
static void production_go(struct chart *chart, uint32_t place, const struct production *production,
                          uint32_t done, uint32_t to)
{
	uint32_t symbol;

	if (done == production->count) {
		symbol_add(chart, place, production->makes, to);
		return;
	}
	if (to >= chart->words_count || chart->words[to].raw.len == 0)
		return;
	symbol = chart->grammar->rows[production->row + done];
	if (symbol == SYMBOL_ANY) {
		production_go(chart, place, production, done + 1, to + 1);
		return;
	}
	for (uint32_t i = chart->words[to].first; i != 0; i = chart->entries[i].next) {
		if (chart->entries[i].symbol == symbol)
			production_go(chart, place, production, done + 1, chart->entries[i].to);
	}
}

static void fill_place(struct chart *chart, uint32_t place)
{
	const struct grammar *grammar = chart->grammar;

	if (chart->place_count > 0)
		memset(chart->seen, 0, sizeof(chart->seen));
	chart->place_count = 0;
	if (chart->words[place].raw.len == 0)
		return;
	add_word(chart, place);
	for (uint32_t i = chart->words[place].first; i != 0; i = chart->entries[i].next) {
		const struct chart_entry *entry = &chart->entries[i];
		uint32_t p = grammar->symbols[entry->symbol].first;

		for (; p != 0; p = grammar->productions[p].next)
			production_go(chart, place, &grammar->productions[p], 1, entry->to);
	}
}

void chart_make(struct chart *chart, const struct grammar *grammar, const struct span *texts,
                size_t texts_count, struct arena *arena)
{
	size_t bytes = 0, most;
	uint32_t at = 0;

	for (size_t i = 0; i < texts_count; i++)
		bytes += texts[i].len;
	most = bytes * 2 / 3 + 4 * texts_count + 2; /* "a. a. a.": two of three bytes */
	*chart = (struct chart){.grammar = grammar, .arena = arena};
	chart->words = arena_alloc_raw(arena, most * sizeof(*chart->words));
	for (size_t i = 0; i < texts_count; i++)
		read_words(chart, texts[i], &at);
	MUST(chart->words_count <= most);
	chart->entries_size = chart->words_count * ENTRIES_A_WORD + (size_t)4 * PLACE_ENTRIES;
	chart->entries = arena_alloc_raw(arena, chart->entries_size * sizeof(*chart->entries));
	chart->entries_count = 1; /* 0 is none */
	chart->hits_size = chart->entries_size;
	chart->hits = arena_alloc_raw(arena, chart->hits_size * sizeof(*chart->hits));
	chart->hits_count = 1;
	chart->first_hit =
		arena_alloc(arena, ((size_t)grammar->watched + 1) * sizeof(*chart->first_hit));
	chart->matched =
		arena_alloc_raw(arena, ((size_t)grammar->watched + 1) * sizeof(*chart->matched));
	for (size_t i = chart->words_count; i > 0; i--)
		fill_place(chart, (uint32_t)i - 1);
}

/* ------------------------------------------------------------ patterns of several parts */

struct joined {
	struct chart_hit hits[JOINED_MAX];
	size_t count;
};

static uint32_t hits_of(const struct chart *chart, uint32_t symbol)
{
	return chart->first_hit[chart->grammar->symbols[symbol].watch];
}

/* `b` stands behind `a`, with at most so many words between. */
static bool follows(const struct chart *chart, const struct chart_hit *a, const struct chart_hit *b,
                    uint32_t apart)
{
	if (b->from < a->to)
		return false;
	return chart->words[b->from].at - (chart->words[a->to - 1].at + 1) <= apart;
}

static bool overlaps(const struct chart_hit *a, const struct chart_hit *b)
{
	return a->from < b->to && b->from < a->to;
}

static bool joins(const struct chart *chart, const struct pattern_part *part,
                  const struct chart_hit *a, const struct chart_hit *b)
{
	if (follows(chart, a, b, part->apart))
		return true;
	if (part->join == JOIN_BEFORE)
		return false;
	return follows(chart, b, a, part->apart) || (part->join == JOIN_WITHOUT && overlaps(a, b));
}

/* Every pair of what matched so far and a hit of the next part, as one. */
static void join(const struct chart *chart, const struct pattern_part *part, struct joined *so_far)
{
	struct joined next = {.count = 0};

	for (size_t i = 0; i < so_far->count; i++) {
		const struct chart_hit *a = &so_far->hits[i];

		for (uint32_t h = hits_of(chart, part->symbol); h != 0; h = chart->hits[h].next) {
			const struct chart_hit *b = &chart->hits[h];

			if (next.count == JOINED_MAX || !joins(chart, part, a, b))
				continue;
			next.hits[next.count++] = (struct chart_hit){
				.from = a->from < b->from ? a->from : b->from,
				.to = a->to > b->to ? a->to : b->to,
			};
		}
	}
	*so_far = next;
}

static void leave_out(const struct chart *chart, const struct pattern_part *part,
                      struct joined *so_far)
{
	size_t kept = 0;

	for (size_t i = 0; i < so_far->count; i++) {
		uint32_t h = hits_of(chart, part->symbol);

		while (h != 0 && !joins(chart, part, &so_far->hits[i], &chart->hits[h]))
			h = chart->hits[h].next;
		if (h == 0)
			so_far->hits[kept++] = so_far->hits[i];
	}
	so_far->count = kept;
}

bool chart_matches(const struct chart *chart, const struct pattern *pattern, uint32_t *from_out,
                   uint32_t *to_out)
{
	struct joined so_far;

	so_far.count = 0;
	for (uint32_t h = hits_of(chart, pattern->parts[0].symbol);
	     h != 0 && so_far.count < JOINED_MAX; h = chart->hits[h].next)
		so_far.hits[so_far.count++] = chart->hits[h];
	for (size_t i = 1; i < pattern->parts_count && so_far.count > 0; i++) {
		if (pattern->parts[i].join == JOIN_WITHOUT)
			leave_out(chart, &pattern->parts[i], &so_far);
		else
			join(chart, &pattern->parts[i], &so_far);
	}
	if (so_far.count == 0)
		return false;
	*from_out = so_far.hits[0].from;
	*to_out = so_far.hits[0].to;
	return true;
}

struct span chart_text(const struct chart *chart, uint32_t from, uint32_t to)
{
	struct span text = chart->words[from].raw;

	for (uint32_t i = from + 1; i < to && chart->words[i].raw.len > 0; i++)
		text.len = (size_t)(chart->words[i].raw.ptr + chart->words[i].raw.len - text.ptr);
	return text;
}
