/* SPDX-License-Identifier: MIT */
/* Arrays that double in the arena, and are left behind there when all is known. */
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

	if (!grammar_may_have(grammar, hash))
		return SYMBOL_NONE;
	for (size_t at = hash & mask; grammar->slots[at].symbol != 0; at = (at + 1) & mask) {
		const struct symbol *symbol = &grammar->symbols[grammar->slots[at].symbol];

		if (grammar->slots[at].hash == hash && symbol->kind == kind &&
		    span_eq(symbol->name, name))
			return grammar->slots[at].symbol;
	}
	return SYMBOL_NONE;
}

uint32_t grammar_find(const struct grammar *grammar, enum symbol_kind kind, struct span name)
{
	return grammar_find_hashed(grammar, kind, hash_of(kind, name), name);
}

static void slot_put(struct grammar *grammar, uint32_t id)
{
	uint32_t hash = grammar->symbols[id].hash;
	size_t mask = grammar->slots_size - 1;
	size_t at = hash & mask;

	while (grammar->slots[at].symbol != 0)
		at = (at + 1) & mask;
	grammar->slots[at] = (struct grammar_slot){.hash = hash, .symbol = id};
	grammar->filter[hash % GRAMMAR_FILTER / 64] |= UINT64_C(1) << hash % 64;
}

/* At most half of the slots are taken: a search ends soon, and always. */
static void slots_grow(struct grammar *grammar)
{
	if (grammar->symbols_count * 2 < grammar->slots_size)
		return;
	grammar->slots_size = grammar->slots_size > 0 ? grammar->slots_size * 2 : FIRST_SIZE;
	grammar->slots = arena_alloc(grammar->arena, grammar->slots_size * sizeof(*grammar->slots));
	for (uint32_t i = SYMBOL_NAMED; i < grammar->symbols_count; i++)
		slot_put(grammar, i);
}

void grammar_init(struct grammar *grammar, struct arena *arena)
{
	*grammar = (struct grammar){.arena = arena};
	grammar->filter = arena_alloc(arena, GRAMMAR_FILTER / 8);
	grammar->symbols = grown(arena, NULL, 0, &grammar->symbols_size, sizeof(*grammar->symbols));
	for (uint32_t i = 0; i < SYMBOL_NAMED; i++)
		grammar->symbols[i] = (struct symbol){.kind = SYMBOL_OWN};
	grammar->symbols_count = SYMBOL_NAMED;
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
		grammar->symbols[row[i]].inner = true;
	}
}

static void *settled(struct arena *arena, const void *items, size_t count, size_t item)
{
	return memcpy(arena_alloc_raw(arena, count * item), items, count * item);
}

/* One after the other: an allocation each would round them up. */
static void settle_names(struct grammar *grammar, struct arena *arena)
{
	size_t bytes = 0;
	char *at;

	for (size_t i = SYMBOL_NAMED; i < grammar->symbols_count; i++)
		bytes += grammar->symbols[i].name.len;
	at = arena_alloc_raw(arena, bytes + 1);
	for (size_t i = SYMBOL_NAMED; i < grammar->symbols_count; i++) {
		struct span *name = &grammar->symbols[i].name;

		name->ptr = memcpy(at, name->ptr, name->len);
		at += name->len;
	}
}

void grammar_settle(struct grammar *grammar, struct arena *arena)
{
	grammar->symbols =
		settled(arena, grammar->symbols, grammar->symbols_count, sizeof(*grammar->symbols));
	grammar->symbols_size = grammar->symbols_count;
	settle_names(grammar, arena);
	grammar->productions = settled(arena, grammar->productions, grammar->productions_count,
	                               sizeof(*grammar->productions));
	grammar->productions_size = grammar->productions_count;
	if (grammar->rows_count > 0)
		grammar->rows =
			settled(arena, grammar->rows, grammar->rows_count, sizeof(*grammar->rows));
	grammar->rows_size = grammar->rows_count;
	grammar->slots =
		settled(arena, grammar->slots, grammar->slots_size, sizeof(*grammar->slots));
	grammar->filter =
		settled(arena, grammar->filter, GRAMMAR_FILTER / 64, sizeof(*grammar->filter));
	grammar->arena = arena;
}

void grammar_watch(struct grammar *grammar, uint32_t symbol)
{
	if (grammar->symbols[symbol].watch == 0)
		grammar->symbols[symbol].watch = ++grammar->watched;
}
