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

#define GRAMMAR_ROW_MAX 16 /* symbols of a production */

/* Symbols with a meaning of their own. */
#define SYMBOL_NONE   0U
#define SYMBOL_ANY    1U /* `_`: one word, whichever */
#define SYMBOL_NUMBER 2U /* `#`: a word that begins with a digit */

enum symbol_kind { SYMBOL_WORD, SYMBOL_PREFIX, SYMBOL_SET, SYMBOL_GROUP, SYMBOL_OWN };

struct symbol {
	struct span name;
	uint32_t hash;
	enum symbol_kind kind;
	uint32_t first;    /* the newest production that begins with it; 0: none */
	uint32_t watch;    /* what it is matched for is kept: 1 + its place among the watched */
	uint32_t patterns; /* rulebook: the newest pattern whose first part it is; 0: none */
	bool defined;      /* of a set: it was introduced */
};

struct production {
	uint32_t makes;
	uint32_t row; /* in `rows` */
	uint32_t count;
	uint32_t next; /* with the same first symbol; 0: no more */
};

struct grammar {
	struct arena *arena;
	struct symbol *symbols;
	size_t symbols_count, symbols_size;
	struct production *productions;
	size_t productions_count, productions_size;
	uint32_t *rows;
	size_t rows_count, rows_size;
	uint32_t *slots; /* open hash of kind and name: symbols */
	size_t slots_size;
	uint32_t watched;
	uint64_t prefix_lengths; /* bit n: there is a prefix of n bytes */
};

void grammar_init(struct grammar *grammar, struct arena *arena);

/* The symbol of this name, made when it is new. */
uint32_t grammar_symbol(struct grammar *grammar, enum symbol_kind kind, struct span name);
/* SYMBOL_NONE: there is none. */
uint32_t grammar_find(const struct grammar *grammar, enum symbol_kind kind, struct span name);

/* `count` symbols of `row` in a row make `makes`. 1 to GRAMMAR_ROW_MAX; the first is not ANY. */
void grammar_produce(struct grammar *grammar, uint32_t makes, const uint32_t *row, size_t count);

/* From now on where it matches is kept. */
void grammar_watch(struct grammar *grammar, uint32_t symbol);

/* Hashes for grammar_find_hashed: of a kind, then byte by byte. */
uint32_t grammar_hash_begin(enum symbol_kind kind);
uint32_t grammar_hash_add(uint32_t hash, char c);
uint32_t grammar_find_hashed(const struct grammar *grammar, enum symbol_kind kind, uint32_t hash,
                             struct span name);

#endif
