/* SPDX-License-Identifier: MIT */
/* The sieve of a grammar: what triggers need is numbered, and each rule put to the rarest fact that
 * it needs. */
#include <string.h>

#include "base/must.h"
#include "core/sieve.h"

#define USUAL_MOST 1000U
#define ROW_MAX    (GRAMMAR_ROW_MAX > PATTERN_PARTS_MAX ? GRAMMAR_ROW_MAX : PATTERN_PARTS_MAX)

struct maker {
	struct sieve *sieve;
	const struct grammar *grammar;
	struct arena scratch;
	bool *needed;   /* by symbol */
	uint32_t *todo; /* symbols that are needed, and whose productions were not looked at */
	size_t todo_count;
	uint32_t *makers;  /* by symbol: the newest production that makes it; 0: none */
	unsigned *usual;   /* by symbol: of a thousand texts, by guess; 0: not known yet */
	uint32_t *follows; /* facts that one alone makes, beginning at first_follows[it] */
	uint32_t *first_follows;
	bool *learned; /* by fact: it is a word, or what a rule makes */
	size_t rows_count;
};

/* Words, and what is a fact by itself; all else is made. */
static bool is_given(const struct grammar *grammar, uint32_t symbol)
{
	enum symbol_kind kind = grammar->symbols[symbol].kind;

	return kind != SYMBOL_SET && kind != SYMBOL_GROUP;
}

static void need(struct maker *maker, uint32_t symbol)
{
	if (symbol == SYMBOL_ANY || maker->needed[symbol])
		return;
	maker->needed[symbol] = true;
	maker->todo[maker->todo_count++] = symbol;
}

static void find_makers(struct maker *maker)
{
	const struct grammar *grammar = maker->grammar;

	for (uint32_t p = 1; p < grammar->productions_count; p++) {
		uint32_t *first = &maker->makers[grammar->productions[p].makes];

		maker->sieve->next_maker[p] = *first;
		*first = p;
	}
}

static void find_needed(struct maker *maker)
{
	const struct grammar *grammar = maker->grammar;
	const struct sieve *sieve = maker->sieve;

	for (size_t i = 0; i < sieve->patterns_count; i++) {
		const struct pattern *pattern = sieve->patterns[i].pattern;

		for (size_t k = 0; k < pattern->parts_count; k++) {
			if (!part_is_left_out(&pattern->parts[k]))
				need(maker, pattern->parts[k].symbol);
		}
	}
	while (maker->todo_count > 0) {
		uint32_t symbol = maker->todo[--maker->todo_count];

		for (uint32_t p = maker->makers[symbol]; p != 0; p = sieve->next_maker[p]) {
			const struct production *production = &grammar->productions[p];

			for (uint32_t k = 0; k < production->count; k++)
				need(maker, grammar->rows[production->row + k]);
		}
	}
}

static void number_facts(struct maker *maker, bool given)
{
	struct sieve *sieve = maker->sieve;

	for (uint32_t i = 1; i < maker->grammar->symbols_count; i++) {
		if (maker->needed[i] && is_given(maker->grammar, i) == given)
			sieve->fact_of[i] = sieve->facts_count++;
	}
}

/* Short words are in nearly every sentence, long ones in few. */
static unsigned usual_given(const struct grammar *grammar, uint32_t symbol)
{
	static const unsigned by_letters[] = {100, 100, 100, 40, 12, 4, 2};
	size_t letters = grammar->symbols[symbol].name.len;

	if (symbol < SYMBOL_NAMED)
		return 50;
	return letters < ARRAY_LEN(by_letters) ? by_letters[letters] : 1;
}

static unsigned usual_of(struct maker *maker, uint32_t symbol);

/* As usual as the rarest of its row. */
static unsigned usual_row(struct maker *maker, const struct production *production)
{
	unsigned least = USUAL_MOST;

	for (uint32_t i = 0; i < production->count; i++) {
		uint32_t symbol = maker->grammar->rows[production->row + i];
		unsigned usual = symbol != SYMBOL_ANY ? usual_of(maker, symbol) : USUAL_MOST;

		least = usual < least ? usual : least;
	}
	return least;
}

/* What is made is as usual as all that it is made of together. What needs itself never is. */
static unsigned usual_of(struct maker *maker, uint32_t symbol)
{
	unsigned usual = 1;

	if (maker->usual[symbol] != 0)
		return maker->usual[symbol];
	if (is_given(maker->grammar, symbol))
		return maker->usual[symbol] = usual_given(maker->grammar, symbol);
	maker->usual[symbol] = USUAL_MOST;
	for (uint32_t p = maker->makers[symbol]; p != 0; p = maker->sieve->next_maker[p])
		usual += usual_row(maker, &maker->grammar->productions[p]);
	return maker->usual[symbol] = usual < USUAL_MOST ? usual : USUAL_MOST;
}

/* Sorted by how usual they are, each once, as facts. */
static size_t row_of(struct maker *maker, const uint32_t *symbols, size_t count,
                     uint32_t row[ROW_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned usual = symbols[i] != SYMBOL_ANY ? usual_of(maker, symbols[i]) : 0;
		size_t at = len;

		if (symbols[i] == SYMBOL_ANY)
			continue;
		while (at > 0 && usual_of(maker, row[at - 1]) > usual)
			at--;
		if (at > 0 && row[at - 1] == symbols[i])
			continue;
		memmove(&row[at + 1], &row[at], (len - at) * sizeof(*row));
		row[at] = symbols[i];
		len++;
	}
	MUST(len >= 1);
	for (size_t i = 0; i < len; i++)
		row[i] = maker->sieve->fact_of[row[i]];
	return len;
}

/* Productions that are needed, and behind them the patterns. 0: it is not needed. */
static size_t row_of_thing(struct maker *maker, size_t what, uint32_t row[ROW_MAX],
                           uint32_t *makes_out)
{
	const struct grammar *grammar = maker->grammar;
	const struct sieve_pattern *pattern;
	uint32_t symbols[PATTERN_PARTS_MAX];
	size_t count = 0;

	if (what < grammar->productions_count) {
		const struct production *production = &grammar->productions[what];

		*makes_out = maker->sieve->fact_of[production->makes];
		if (*makes_out == 0)
			return 0;
		return row_of(maker, &grammar->rows[production->row], production->count, row);
	}
	pattern = &maker->sieve->patterns[what - grammar->productions_count];
	*makes_out = maker->sieve->first_owner + pattern->owner;
	for (size_t i = 0; i < pattern->pattern->parts_count; i++) {
		if (!part_is_left_out(&pattern->pattern->parts[i]))
			symbols[count++] = pattern->pattern->parts[i].symbol;
	}
	return row_of(maker, symbols, count, row);
}

/* How much begins with each fact, then where it begins. The number of others in all rows. */
static size_t count_rules(struct maker *maker)
{
	struct sieve *sieve = maker->sieve;
	size_t things = maker->grammar->productions_count + sieve->patterns_count, others = 0;
	uint32_t follows = 0, rules = 0;

	for (size_t what = 1; what < things; what++) {
		uint32_t row[ROW_MAX], makes;
		size_t len = row_of_thing(maker, what, row, &makes);

		if (len == 1)
			maker->first_follows[row[0]]++;
		if (len <= 1)
			continue;
		sieve->facts[row[0]].rules++;
		sieve->ruled[row[0] / 64] |= UINT64_C(1) << row[0] % 64;
		maker->learned[makes] = true;
		others += len - 2;
	}
	for (uint32_t i = 0; i <= sieve->facts_count; i++) {
		uint32_t count = maker->first_follows[i];

		maker->first_follows[i] = follows;
		follows += count;
		count = sieve->facts[i].rules;
		sieve->facts[i].rules = rules;
		rules += count;
	}
	sieve->rules_count = rules;
	return others;
}

static void put_rules(struct maker *maker)
{
	struct sieve *sieve = maker->sieve;
	size_t things = maker->grammar->productions_count + sieve->patterns_count;
	uint32_t *rules = arena_alloc(&maker->scratch, sieve->facts_count * sizeof(*rules));
	uint32_t *follows = arena_alloc(&maker->scratch, sieve->facts_count * sizeof(*follows));

	for (size_t what = 1; what < things; what++) {
		uint32_t row[ROW_MAX], makes;
		size_t len = row_of_thing(maker, what, row, &makes);

		if (len == 1)
			maker->follows[maker->first_follows[row[0]] + follows[row[0]]++] = makes;
		if (len <= 1)
			continue;
		sieve->rules[sieve->facts[row[0]].rules + rules[row[0]]++] =
			(struct sieve_rule){.makes = makes,
		                            .next = row[1],
		                            .row = (uint32_t)maker->rows_count,
		                            .count = (uint32_t)len - 2};
		memcpy(&sieve->rows[maker->rows_count], &row[2], (len - 2) * sizeof(*row));
		maker->rows_count += len - 2;
	}
}

/* The fact and all that follows from it alone, to `out`: how many. `seen` by fact: the newest that
 * came to it. */
static size_t put_sure(const struct maker *maker, uint32_t fact, uint32_t *seen, uint32_t *out)
{
	size_t count = 0;

	seen[fact] = fact;
	out[count++] = fact;
	for (size_t i = 0; i < count; i++) {
		uint32_t end = maker->first_follows[out[i] + 1];

		for (uint32_t at = maker->first_follows[out[i]]; at < end; at++) {
			uint32_t next = maker->follows[at];

			if (seen[next] == fact)
				continue;
			seen[next] = fact;
			out[count++] = next;
		}
	}
	return count;
}

/* Only for facts that are learned by themselves: all others come with one of those. */
static void make_sure(struct maker *maker, struct arena *arena)
{
	struct sieve *sieve = maker->sieve;
	uint32_t *seen = arena_alloc(&maker->scratch, sieve->facts_count * sizeof(*seen));
	uint32_t *one = arena_alloc_raw(&maker->scratch, sieve->facts_count * sizeof(*one));
	size_t size = sieve->facts_count, count = 0;
	uint32_t *all = arena_alloc_raw(&maker->scratch, size * sizeof(*all));

	for (uint32_t fact = 1; fact <= sieve->facts_count; fact++) {
		size_t len = 0;

		sieve->facts[fact].sure = (uint32_t)count;
		if (fact < sieve->facts_count && (fact < sieve->first_made || maker->learned[fact]))
			len = put_sure(maker, fact, seen, one);
		if (count + len > size) {
			uint32_t *more =
				arena_alloc_raw(&maker->scratch, (size * 2 + len) * sizeof(*more));

			memcpy(more, all, count * sizeof(*all));
			all = more;
			size = size * 2 + len;
		}
		memcpy(all + count, one, len * sizeof(*all));
		count += len;
	}
	sieve->sure = arena_alloc_raw(arena, (count + 1) * sizeof(*sieve->sure));
	memcpy(sieve->sure, all, count * sizeof(*all));
}

/* Of symbols that are needed. */
static void keep_makers(struct maker *maker)
{
	for (uint32_t i = 1; i < maker->grammar->symbols_count; i++) {
		if (maker->needed[i])
			maker->sieve->makers[maker->sieve->fact_of[i]] = maker->makers[i];
	}
}

static void make(struct maker *maker, uint32_t owners, struct arena *arena)
{
	struct sieve *sieve = maker->sieve;
	size_t others;

	find_makers(maker);
	find_needed(maker);
	number_facts(maker, true);
	sieve->first_made = sieve->facts_count;
	number_facts(maker, false);
	sieve->first_owner = sieve->facts_count;
	sieve->facts_count += owners;
	sieve->ruled = arena_alloc(arena, (sieve->facts_count / 64 + 1) * sizeof(*sieve->ruled));
	sieve->facts = arena_alloc(arena, (sieve->facts_count + 1) * sizeof(*sieve->facts));
	sieve->makers = arena_alloc(arena, sieve->first_owner * sizeof(*sieve->makers));
	maker->first_follows = arena_alloc(&maker->scratch, (sieve->facts_count + 1) *
	                                                            sizeof(*maker->first_follows));
	maker->learned = arena_alloc(&maker->scratch, sieve->facts_count);
	others = count_rules(maker);
	maker->follows =
		arena_alloc_raw(&maker->scratch, (maker->first_follows[sieve->facts_count] + 1) *
	                                                 sizeof(*maker->follows));
	sieve->rules = arena_alloc(arena, (sieve->rules_count + 1) * sizeof(*sieve->rules));
	sieve->rows = arena_alloc(arena, (others + 1) * sizeof(*sieve->rows));
	put_rules(maker);
	make_sure(maker, arena);
	keep_makers(maker);
}

void sieve_make(struct sieve *out, const struct grammar *grammar,
                const struct sieve_pattern *patterns, size_t patterns_count, uint32_t owners,
                struct arena *arena)
{
	struct maker maker = {.sieve = out, .grammar = grammar};
	size_t symbols = grammar->symbols_count;

	*out = (struct sieve){
		.facts_count = 1, .patterns = patterns, .patterns_count = patterns_count};
	maker.needed = arena_alloc(&maker.scratch, symbols * sizeof(*maker.needed));
	maker.todo = arena_alloc(&maker.scratch, symbols * sizeof(*maker.todo));
	maker.makers = arena_alloc(&maker.scratch, symbols * sizeof(*maker.makers));
	maker.usual = arena_alloc(&maker.scratch, symbols * sizeof(*maker.usual));
	out->fact_of = arena_alloc(arena, symbols * sizeof(*out->fact_of));
	out->next_maker = arena_alloc(arena, grammar->productions_count * sizeof(*out->next_maker));
	make(&maker, owners, arena);
	arena_fini(&maker.scratch);
}
