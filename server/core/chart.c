/* SPDX-License-Identifier: MIT */
/* Bottom-up: at each place first the word itself, then whatever its symbols are the beginning of.
 * What a production needs behind its first symbol lies further right, and is there already. */
#include "core/chart.h"

#include <string.h>

#include "base/must.h"
#include "core/forms.h"
#include "core/words.h"

#define BREAK_WIDTH    3U
#define PLACE_ENTRIES  512U /* symbols that begin at one place */
#define ENTRIES_A_WORD 48U
#define JOINED_MAX     32U
#define FORMS_FIRST    16U

static void form_add(struct chart *chart, uint32_t symbol)
{
	if (chart->forms_count == chart->forms_size) {
		size_t size = chart->forms_size * 2;
		uint32_t *more = arena_alloc_raw(chart->arena, size * sizeof(*more));

		memcpy(more, chart->forms, chart->forms_count * sizeof(*more));
		chart->forms = more;
		chart->forms_size = size;
	}
	chart->forms[chart->forms_count++] = symbol;
}

static void on_form(void *ctx, uint32_t symbol)
{
	form_add(ctx, symbol);
}

static void break_forms(struct chart *chart, bool asks)
{
	form_add(chart, SYMBOL_BREAK);
	if (asks)
		form_add(chart, SYMBOL_ASKS);
}

static void read_words(struct chart *chart, struct span text, uint32_t *at)
{
	const struct forms_sink sink = {.found = on_form, .ctx = chart};
	struct words words = words_of(text);
	struct word word;

	while (words_next(&words, &word)) {
		chart->words[chart->words_count++] = (struct chart_word){
			.raw = word.len > 0 ? word.raw : (struct span){0},
			.at = *at,
			.forms = (uint32_t)chart->forms_count,
			.sentence = chart->sentences,
			.asks = word.asks,
		};
		if (word.len > 0)
			forms_of(chart->grammar, &word, &sink);
		else
			break_forms(chart, word.asks);
		*at += word.len > 0 ? 1 : BREAK_WIDTH;
		chart->sentences += word.len > 0 ? 0 : 1;
	}
	chart->words[chart->words_count++] = (struct chart_word){
		.at = *at, .forms = (uint32_t)chart->forms_count, .sentence = chart->sentences++};
	break_forms(chart, false);
	*at += BREAK_WIDTH;
}

/* false: the symbol does not begin here for sure. */
static bool may_begin(const struct chart_word *word, uint32_t symbol)
{
	return (word->seen[symbol % CHART_SEEN / 64] >> symbol % 64 & 1U) != 0;
}

/* It is known already that this symbol begins here and goes on up to `to`. */
static bool is_known(const struct chart *chart, uint32_t place, uint32_t symbol, uint32_t to)
{
	uint32_t i;

	if (!may_begin(&chart->words[place], symbol))
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

	if (is_known(chart, place, symbol, to))
		return false;
	if (chart->place_count == PLACE_ENTRIES || chart->entries_count == chart->entries_size) {
		chart->full = true;
		return false;
	}
	if (chart->words[place].first == 0)
		chart->words[place].first = id;
	else
		chart->entries[chart->last].next = id;
	chart->last = id;
	chart->place_count++;
	chart->words[place].seen[symbol % CHART_SEEN / 64] |= UINT64_C(1) << symbol % 64;
	chart->entries[chart->entries_count++] = (struct chart_entry){.symbol = symbol, .to = to};
	return true;
}

/* 0: none. Few of all that are watched have one, and what is told of the others is never set. */
static uint32_t first_hit(const struct chart *chart, uint32_t watch)
{
	bool is_hit = (chart->is_hit[watch / 64] >> watch % 64 & 1U) != 0;

	return is_hit ? chart->first_hit[watch] : 0;
}

static void hit_add(struct chart *chart, uint32_t symbol, uint32_t from, uint32_t to)
{
	uint32_t watch = chart->grammar->symbols[symbol].watch, next;

	if (watch == 0)
		return;
	if (chart->hits_count == chart->hits_size) {
		chart->full = true;
		return;
	}
	next = first_hit(chart, watch);
	if (next == 0) {
		chart->matched[chart->matched_count++] = symbol;
		chart->is_hit[watch / 64] |= UINT64_C(1) << watch % 64;
	}
	chart->hits[chart->hits_count] = (struct chart_hit){.from = from, .to = to, .next = next};
	chart->first_hit[watch] = (uint32_t)chart->hits_count++;
}

/* What is only a part of patterns is not looked for again, and so has no entry. */
static void symbol_add(struct chart *chart, uint32_t place, uint32_t symbol, uint32_t to)
{
	if (!chart->grammar->symbols[symbol].inner || entry_add(chart, place, symbol, to))
		hit_add(chart, symbol, place, to);
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
	if (!may_begin(&chart->words[to], symbol))
		return;
	for (uint32_t i = chart->words[to].first; i != 0; i = chart->entries[i].next) {
		if (chart->entries[i].symbol == symbol)
			production_go(chart, place, production, done + 1, chart->entries[i].to);
	}
}

/* The word itself. */
static void forms_go(struct chart *chart, uint32_t place)
{
	uint32_t end = place + 1 < chart->words_count ? chart->words[place + 1].forms
	                                              : (uint32_t)chart->forms_count;

	for (uint32_t i = chart->words[place].forms; i < end; i++)
		symbol_add(chart, place, chart->forms[i], place + 1);
}

/* All that this symbol is the beginning of. */
static void symbol_go(struct chart *chart, const struct live *live, uint32_t place, uint32_t symbol,
                      uint32_t to)
{
	const struct production *productions = chart->grammar->productions;
	uint32_t p = live == NULL ? chart->grammar->symbols[symbol].first : 0;

	for (; p != 0; p = productions[p].next)
		production_go(chart, place, &productions[p], 1, to);
	if (live == NULL)
		return;
	for (uint32_t i = live_first(live, symbol); i != 0; i = live_next(live, i))
		production_go(chart, place, &productions[live->items[i].production], 1, to);
}

static void fill_place(struct chart *chart, const struct live *live, uint32_t place)
{
	chart->place_count = 0;
	chart->words[place].first = 0;
	if (chart->words[place].raw.len == 0) {
		if (chart->words[place].asks)
			hit_add(chart, SYMBOL_ASKS, place, place + 1);
		hit_add(chart, SYMBOL_BREAK, place, place + 1);
		return;
	}
	forms_go(chart, place);
	for (uint32_t i = chart->words[place].first; i != 0; i = chart->entries[i].next)
		symbol_go(chart, live, place, chart->entries[i].symbol, chart->entries[i].to);
}

void chart_read(struct chart *chart, const struct grammar *grammar, const struct span *texts,
                size_t texts_count, struct arena *arena)
{
	size_t bytes = 0, most;
	uint32_t at = 0;

	for (size_t i = 0; i < texts_count; i++)
		bytes += texts[i].len;
	most = bytes * 2 / 3 + 4 * texts_count + 2; /* "a. a. a.": two of three bytes */
	*chart = (struct chart){.grammar = grammar, .arena = arena};
	chart->words = arena_alloc_raw(arena, most * sizeof(*chart->words));
	chart->forms_size = bytes / 2 + FORMS_FIRST;
	chart->forms = arena_alloc_raw(arena, chart->forms_size * sizeof(*chart->forms));
	for (size_t i = 0; i < texts_count; i++)
		read_words(chart, texts[i], &at);
	MUST(chart->words_count <= most);
}

void chart_fill(struct chart *chart, const struct live *live)
{
	const struct grammar *grammar = chart->grammar;
	struct arena *arena = chart->arena;

	chart->entries_size = chart->words_count * ENTRIES_A_WORD + (size_t)4 * PLACE_ENTRIES;
	chart->entries = arena_alloc_raw(arena, chart->entries_size * sizeof(*chart->entries));
	chart->entries_count = 1; /* 0 is none */
	chart->hits_size = chart->entries_size;
	chart->hits = arena_alloc_raw(arena, chart->hits_size * sizeof(*chart->hits));
	chart->hits_count = 1;
	chart->is_hit =
		arena_alloc(arena, ((size_t)grammar->watched / 64 + 1) * sizeof(*chart->is_hit));
	chart->first_hit =
		arena_alloc_raw(arena, ((size_t)grammar->watched + 1) * sizeof(*chart->first_hit));
	chart->matched =
		arena_alloc_raw(arena, ((size_t)grammar->watched + 1) * sizeof(*chart->matched));
	for (size_t i = chart->words_count; i > 0; i--)
		fill_place(chart, live, (uint32_t)i - 1);
}

/* ------------------------------------------------------------ patterns of several parts */

struct joined {
	struct chart_hit hits[JOINED_MAX];
	size_t count;
};

static uint32_t hits_of(const struct chart *chart, uint32_t symbol)
{
	return first_hit(chart, chart->grammar->symbols[symbol].watch);
}

/* `b` stands in the sentence of `a`, or in one of its sentences. */
static bool in_sentence(const struct chart *chart, const struct chart_hit *a,
                        const struct chart_hit *b)
{
	uint32_t sentence = chart->words[b->from].sentence;

	return chart->words[a->from].sentence <= sentence &&
	       sentence <= chart->words[a->to - 1].sentence;
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

/* `b` stands between parts of `a`. */
static bool is_between(const struct chart_hit *a, const struct chart_hit *b)
{
	return a->from < b->from && b->to < a->to;
}

static bool joins(const struct chart *chart, const struct pattern_part *part,
                  const struct chart_hit *a, const struct chart_hit *b)
{
	if (part->apart == PATTERN_SENTENCE && !in_sentence(chart, a, b))
		return false;
	if (part->join != JOIN_NOT_AFTER && follows(chart, a, b, part->apart))
		return true;
	if (part->join == JOIN_BEFORE)
		return false;
	return follows(chart, b, a, part->apart) || (part->join == JOIN_WITHOUT && overlaps(a, b));
}

/* Every pair of what matched so far and a hit of the next part, as one. */
static void join(const struct chart *chart, const struct pattern *pattern, size_t nth,
                 struct joined *so_far)
{
	const struct pattern_part *part = &pattern->parts[nth];
	struct joined next = {.count = 0};

	for (size_t i = 0; i < so_far->count; i++) {
		const struct chart_hit *a = &so_far->hits[i];
		bool several = part->join == JOIN_NEAR && nth > 1;

		for (uint32_t h = hits_of(chart, part->symbol); h != 0; h = chart->hits[h].next) {
			const struct chart_hit *b = &chart->hits[h];

			if (next.count == JOINED_MAX ||
			    !(joins(chart, part, a, b) || (several && is_between(a, b))))
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
		if (part_is_left_out(&pattern->parts[i]))
			leave_out(chart, &pattern->parts[i], &so_far);
		else
			join(chart, pattern, i, &so_far);
	}
	if (so_far.count == 0)
		return false;
	*from_out = so_far.hits[0].from;
	*to_out = so_far.hits[0].to;
	return true;
}

struct span chart_text(const struct chart *chart, uint32_t from, uint32_t to)
{
	struct span text;

	if (chart->words[from].asks && to == from + 1)
		return span_of("?");
	while (from + 1 < to && chart->words[from].raw.len == 0)
		from++;
	text = chart->words[from].raw;
	for (uint32_t i = from + 1; i < to && chart->words[i].raw.len > 0; i++)
		text.len = (size_t)(chart->words[i].raw.ptr + chart->words[i].raw.len - text.ptr);
	return text;
}
