/* SPDX-License-Identifier: MIT */
/* The words of rules as a grammar. A symbol is a word, the beginning of words (`fail*`), a named
 * set (`$login`) or a group of alternatives; a production says which symbols in a row are a set or
 * group. Made while rules are compiled, then never changed; lives in one arena. */
#ifndef TB_CORE_GRAMMAR_H
#define TB_CORE_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "core/spelling.h"

#define GRAMMAR_ROW_MAX 16 /* symbols of a production */

/* Symbols with a meaning of their own. */
#define SYMBOL_NONE   0U
#define SYMBOL_ANY    1U /* `_`: one word, whichever */
#define SYMBOL_NUMBER 2U /* `#`: a word that begins with a digit */
#define SYMBOL_ASKS   3U /* `\?`: the end of a question; only as a whole part of a pattern */
#define SYMBOL_BREAK  4U /* `\.`: where sentences end and begin; only as a whole part, too */
#define SYMBOL_NAMED  5U /* from here on they have names */

enum symbol_kind { SYMBOL_WORD, SYMBOL_PREFIX, SYMBOL_SET, SYMBOL_GROUP, SYMBOL_OWN };

struct symbol {
	struct span name;
	uint32_t hash;
	enum symbol_kind kind;
	uint32_t first;    /* the newest production that begins with it; 0: none */
	uint32_t watch;    /* what it is matched for is kept: 1 + its place among the watched */
	uint32_t patterns; /* rulebook: the newest pattern whose first part it is; 0: none */
	bool defined;      /* of a set: it was introduced */
	bool inner;        /* productions need it; else it is only a part of patterns */
};

struct production {
	uint32_t makes;
	uint32_t row; /* in `rows` */
	uint32_t count;
	uint32_t next; /* with the same first symbol; 0: no more */
};

struct grammar_slot {
	uint32_t hash, symbol; /* 0: free */
};

#define GRAMMAR_FILTER 65536U /* bits */

struct grammar {
	struct arena *arena;
	struct symbol *symbols;
	size_t symbols_count, symbols_size;
	struct production *productions;
	size_t productions_count, productions_size;
	uint32_t *rows;
	size_t rows_count, rows_size;
	struct grammar_slot *slots; /* open hash of kind and name */
	size_t slots_size;
	uint64_t *filter; /* the bits of all hashes there are: most of what is looked for is not */
	uint32_t watched;
	uint64_t prefix_lengths;  /* bit n: there is a prefix of n bytes */
	struct spelling spelling; /* made last; without it misspelt words are none */
};

void grammar_init(struct grammar *grammar, struct arena *arena);

/* The symbol of this name, made when it is new. */
uint32_t grammar_symbol(struct grammar *grammar, enum symbol_kind kind, struct span name);
/* SYMBOL_NONE: there is none. */
uint32_t grammar_find(const struct grammar *grammar, enum symbol_kind kind, struct span name);

/* `count` symbols of `row` in a row make `makes`. 1 to GRAMMAR_ROW_MAX; the first is not ANY. */
void grammar_produce(struct grammar *grammar, uint32_t makes, const uint32_t *row, size_t count);

/* No more is added: all that it holds moves to `arena`, without the room to grow. What was made of
 * its own arena before, patterns too, stays there. */
void grammar_settle(struct grammar *grammar, struct arena *arena);

/* From now on where it matches is kept. */
void grammar_watch(struct grammar *grammar, uint32_t symbol);

/* Hashes (FNV-1a) for grammar_find_hashed: of a kind, then byte by byte. */
static inline uint32_t grammar_hash_begin(enum symbol_kind kind)
{
	return UINT32_C(2166136261) ^ (uint32_t)kind;
}
static inline uint32_t grammar_hash_add(uint32_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT32_C(16777619);
}
/* false: there is none of this hash, as of most that is looked for. */
static inline bool grammar_may_have(const struct grammar *grammar, uint32_t hash)
{
	return (grammar->filter[hash % GRAMMAR_FILTER / 64] >> hash % 64 & 1U) != 0;
}
uint32_t grammar_find_hashed(const struct grammar *grammar, enum symbol_kind kind, uint32_t hash,
                             struct span name);

#endif
