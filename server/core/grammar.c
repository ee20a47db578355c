/* SPDX-License-Identifier: MIT */
/* Arrays that double in the arena: what is left behind is at most what is kept. */
#include "core/grammar.h"

#include <string.h>

#include "base/must.h"

#define FIRST_SIZE 64U

/* Room for `more` elements behind `count`. */
static void *grown(struct arena *arena, void *items, size_t count, size_t *size, size_t item)
{
	void *next;

	if (count < *size)
		return items;
	*size = *size > 0 ? *size * 2 : FIRST_SIZE;
	next = arena_alloc(arena, *size * item);
	if (count > 0)
		memcpy(next, items, count * item);
	return next;
}

uint32_t grammar_hash_begin(enum symbol_kind kind)
{
	return UINT32_C(2166136261) ^ (uint32_t)kind;
}

uint32_t grammar_hash_add(uint32_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT32_C(16777619);
}

static uint32_t hash_of(enum symbol_kind kind, struct span name)
{
	uint32_t hash = grammar_hash_begin(kind);

	for (size_t i = 0; i < name.len; i++)
		hash = grammar_hash_add(hash, name.ptr[i]);
	return hash;
}

uint32_t grammar_find_hashed(const struct grammar *grammar, enum symbol_kind kind, uint32_t hash,
                             struct span name)
{
	size_t mask = grammar->slots_size - 1;

	for (size_t at = hash & mask; grammar->slots[at] != 0; at = (at + 1) & mask) {
		const struct symbol *symbol = &grammar->symbols[grammar->slots[at]];

		if (symbol->hash == hash && symbol->kind == kind && span_eq(symbol->name, name))
			return grammar->slots[at];
	}
	return SYMBOL_NONE;
}

uint32_t grammar_find(const struct grammar *grammar, enum symbol_kind kind, struct span name)
{
	return grammar_find_hashed(grammar, kind, hash_of(kind, name), name);
}

static void slot_put(struct grammar *grammar, uint32_t id)
{
	size_t mask = grammar->slots_size - 1;
	size_t at = grammar->symbols[id].hash & mask;

	while (grammar->slots[at] != 0)
		at = (at + 1) & mask;
	grammar->slots[at] = id;
}

/* At most half of the slots are taken: a search ends soon, and always. */
static void slots_grow(struct grammar *grammar)
{
	if (grammar->symbols_count * 2 < grammar->slots_size)
		return;
	grammar->slots_size = grammar->slots_size > 0 ? grammar->slots_size * 2 : FIRST_SIZE;
	grammar->slots = arena_alloc(grammar->arena, grammar->slots_size * sizeof(*grammar->slots));
	for (uint32_t i = SYMBOL_NUMBER + 1; i < grammar->symbols_count; i++)
		slot_put(grammar, i);
}

void grammar_init(struct grammar *grammar, struct arena *arena)
{
	*grammar = (struct grammar){.arena = arena};
	grammar->symbols = grown(arena, NULL, 0, &grammar->symbols_size, sizeof(*grammar->symbols));
	for (uint32_t i = 0; i <= SYMBOL_NUMBER; i++)
		grammar->symbols[i] = (struct symbol){.kind = SYMBOL_OWN};
	grammar->symbols_count = SYMBOL_NUMBER + 1;
	grammar->productions =
		grown(arena, NULL, 0, &grammar->productions_size, sizeof(*grammar->productions));
	grammar->productions_count = 1; /* 0 is none */
	slots_grow(grammar);
}

uint32_t grammar_symbol(struct grammar *grammar, enum symbol_kind kind, struct span name)
{
	uint32_t hash = hash_of(kind, name);
	uint32_t id = grammar_find_hashed(grammar, kind, hash, name);

	if (id != SYMBOL_NONE)
		return id;
	grammar->symbols = grown(grammar->arena, grammar->symbols, grammar->symbols_count,
	                         &grammar->symbols_size, sizeof(*grammar->symbols));
	id = (uint32_t)grammar->symbols_count++;
	grammar->symbols[id] = (struct symbol){
		.name = arena_span(grammar->arena, name), .hash = hash, .kind = kind};
	if (kind == SYMBOL_PREFIX && name.len < 64)
		grammar->prefix_lengths |= UINT64_C(1) << name.len;
	slots_grow(grammar);
	if (grammar_find_hashed(grammar, kind, hash, name) == SYMBOL_NONE)
		slot_put(grammar, id);
	return id;
}

void grammar_produce(struct grammar *grammar, uint32_t makes, const uint32_t *row, size_t count)
{
	struct symbol *first = &grammar->symbols[row[0]];
	uint32_t id = (uint32_t)grammar->productions_count;

	MUST(count >= 1 && count <= GRAMMAR_ROW_MAX && row[0] != SYMBOL_ANY);
	grammar->productions =
		grown(grammar->arena, grammar->productions, grammar->productions_count,
	              &grammar->productions_size, sizeof(*grammar->productions));
	grammar->productions[id] = (struct production){
		.makes = makes,
		.row = (uint32_t)grammar->rows_count,
		.count = (uint32_t)count,
		.next = first->first,
	};
	grammar->productions_count++;
	first->first = id;
	for (size_t i = 0; i < count; i++) {
		grammar->rows = grown(grammar->arena, grammar->rows, grammar->rows_count,
		                      &grammar->rows_size, sizeof(*grammar->rows));
		grammar->rows[grammar->rows_count++] = row[i];
	}
}

void grammar_watch(struct grammar *grammar, uint32_t symbol)
{
	if (grammar->symbols[symbol].watch == 0)
		grammar->symbols[symbol].watch = ++grammar->watched;
}
