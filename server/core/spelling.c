/* SPDX-License-Identifier: MIT */
/* One slip leaves one half of a word as it is, or stands on the border of both. So a word is kept
 * under each of its halves, and few have to be compared. */
#include "core/spelling.h"

#include <stdbool.h>
#include <string.h>

#include "core/grammar.h"

struct spelling_half {
	uint32_t symbol;
	uint32_t next; /* with the same hash; 0: no more */
};

/* How much of a slip it is. */
enum slip { SLIP_NONE, SLIP_OTHER, SLIP_COUNT, SLIP_PLACES };

static bool is_spelt(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.ptr[i] < 'a' || word.ptr[i] > 'z')
			return false;
	return true;
}

/* Of a part of a word of `len` letters. */
static uint32_t hash_half(struct span part, size_t len, bool front)
{
	uint32_t hash = (uint32_t)len * 2 + (front ? 1 : 0);

	for (size_t i = 0; i < part.len; i++)
		hash = (hash ^ (unsigned char)part.ptr[i]) * UINT32_C(16777619);
	return hash ^ hash >> 15;
}

static struct span front_of(struct span word, size_t len)
{
	return (struct span){.ptr = word.ptr, .len = len / 2};
}

static struct span back_of(struct span word, size_t len)
{
	size_t back = len - len / 2;

	return (struct span){.ptr = word.ptr + word.len - back, .len = back};
}

static bool is_kept(const struct symbol *symbol)
{
	return symbol->kind == SYMBOL_WORD && symbol->name.len >= SPELLING_SLIP &&
	       is_spelt(symbol->name);
}

static void keep(struct spelling *spelling, uint32_t half, uint32_t symbol, uint32_t hash)
{
	uint32_t *slot = &spelling->slots[hash & (spelling->slots_size - 1)];

	spelling->halves[half] = (struct spelling_half){.symbol = symbol, .next = *slot};
	*slot = half;
}

void spelling_make(struct spelling *out, const struct grammar *grammar, struct arena *arena)
{
	size_t words = 0;
	uint32_t half = 1;

	for (size_t i = SYMBOL_NAMED; i < grammar->symbols_count; i++)
		words += is_kept(&grammar->symbols[i]) ? 1 : 0;
	*out = (struct spelling){.slots_size = 1};
	while (out->slots_size < words * 2)
		out->slots_size *= 2;
	out->slots = arena_alloc(arena, out->slots_size * sizeof(*out->slots));
	out->halves = arena_alloc(arena, (words * 2 + 1) * sizeof(*out->halves));
	for (uint32_t i = SYMBOL_NAMED; i < grammar->symbols_count; i++) {
		const struct span name = grammar->symbols[i].name;

		if (!is_kept(&grammar->symbols[i]))
			continue;
		keep(out, half++, i, hash_half(front_of(name, name.len), name.len, true));
		keep(out, half++, i, hash_half(back_of(name, name.len), name.len, false));
	}
}

static bool same_from(struct span a, size_t i, struct span b, size_t k)
{
	return a.len - i == b.len - k && memcmp(a.ptr + i, b.ptr + k, a.len - i) == 0;
}

/* `a` has one letter more than `b`, at `at`. */
static enum slip count_slip(struct span a, struct span b, size_t at, size_t letters)
{
	if (!same_from(a, at + 1, b, at))
		return SLIP_NONE;
	if (a.ptr[at] == a.ptr[at - 1])
		return SLIP_PLACES;
	return letters >= SPELLING_COUNT ? SLIP_COUNT : SLIP_NONE;
}

static enum slip slip_between(struct span word, struct span meant)
{
	size_t at = 0, least = word.len < meant.len ? word.len : meant.len;

	while (at < least && word.ptr[at] == meant.ptr[at])
		at++;
	if (at == 0)
		return SLIP_NONE;
	if (word.len == meant.len + 1)
		return count_slip(word, meant, at, meant.len);
	if (word.len + 1 == meant.len)
		return count_slip(meant, word, at, meant.len);
	if (word.len != meant.len || at == least)
		return SLIP_NONE;
	if (at + 1 < least && word.ptr[at] == meant.ptr[at + 1] &&
	    word.ptr[at + 1] == meant.ptr[at] && same_from(word, at + 2, meant, at + 2))
		return SLIP_PLACES;
	if (meant.len >= SPELLING_OTHER && same_from(word, at + 1, meant, at + 1))
		return SLIP_OTHER;
	return SLIP_NONE;
}

struct guess {
	const struct grammar *grammar;
	struct span word;
	uint32_t symbol;
	enum slip slip;
};

static void guess_half(const struct spelling *spelling, uint32_t hash, struct guess *guess)
{
	uint32_t half = spelling->slots[hash & (spelling->slots_size - 1)];

	for (; half != 0; half = spelling->halves[half].next) {
		uint32_t symbol = spelling->halves[half].symbol;
		enum slip slip = slip_between(guess->word, guess->grammar->symbols[symbol].name);

		if (slip > guess->slip) {
			guess->slip = slip;
			guess->symbol = symbol;
		}
	}
}

/* The letters on both sides of the border changed places: no half is left as it was. */
static void guess_border(struct guess *guess)
{
	char letters[SPELLING_LONGEST];
	size_t border = guess->word.len / 2;
	uint32_t symbol;

	memcpy(letters, guess->word.ptr, guess->word.len);
	letters[border - 1] = guess->word.ptr[border];
	letters[border] = guess->word.ptr[border - 1];
	symbol = grammar_find(guess->grammar, SYMBOL_WORD,
	                      (struct span){.ptr = letters, .len = guess->word.len});
	if (symbol == SYMBOL_NONE)
		return;
	guess->slip = SLIP_PLACES;
	guess->symbol = symbol;
}

uint32_t spelling_find(const struct spelling *spelling, const struct grammar *grammar,
                       struct span word)
{
	struct guess guess = {.grammar = grammar, .word = word, .symbol = SYMBOL_NONE};

	if (spelling->slots_size == 0 || word.len + 1 < SPELLING_SLIP ||
	    word.len > SPELLING_LONGEST || !is_spelt(word))
		return SYMBOL_NONE;
	for (size_t len = word.len - 1; len <= word.len + 1; len++) {
		guess_half(spelling, hash_half(front_of(word, len), len, true), &guess);
		guess_half(spelling, hash_half(back_of(word, len), len, false), &guess);
	}
	if (guess.slip < SLIP_PLACES && word.len >= SPELLING_SLIP)
		guess_border(&guess);
	return guess.symbol;
}
