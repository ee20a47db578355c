/* SPDX-License-Identifier: MIT */
/* A pattern is cut at its joins; each part is a row of items, each item one or several symbols.
 * What may be missing makes two productions of one. */
#include "core/pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/words.h"

#define OPTIONAL_MAX 4
#define NESTING_MAX  4

struct item {
	uint32_t symbol;
	bool optional;
};

struct row {
	struct item items[GRAMMAR_ROW_MAX];
	size_t count;
};

struct reader {
	struct grammar *grammar;
	struct span text;
	size_t at;
	int depth;
	struct pattern_wrong *why;
};

static bool wrong(struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool wrong(struct reader *reader, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(reader->why->text, PATTERN_WHY_SIZE, format, args);
	va_end(args);
	return false;
}

static char peek(const struct reader *reader)
{
	if (reader->at == reader->text.len)
		return '\0';
	return reader->text.ptr[reader->at];
}

static void skip_blanks(struct reader *reader)
{
	while (peek(reader) == ' ')
		reader->at++;
}

/* What an atom goes up to. */
static bool is_mark(char c)
{
	return c == '\0' || c == ' ' || c == '(' || c == ')' || c == '|' || c == '?' || c == '*';
}

static struct span atom_at(const struct reader *reader)
{
	size_t end = reader->at;

	while (end < reader->text.len && !is_mark(reader->text.ptr[end]))
		end++;
	return (struct span){.ptr = reader->text.ptr + reader->at, .len = end - reader->at};
}

static bool row_add(struct reader *reader, struct row *row, uint32_t symbol)
{
	if (row->count == GRAMMAR_ROW_MAX)
		return wrong(reader, "more than %d words in a row", GRAMMAR_ROW_MAX);
	row->items[row->count++] = (struct item){.symbol = symbol};
	return true;
}

/* The productions of a row: one for each choice of what is missing. */
static bool row_produce(struct reader *reader, uint32_t makes, const struct row *row)
{
	unsigned optional = 0;

	for (size_t i = 0; i < row->count; i++)
		optional += row->items[i].optional ? 1U : 0U;
	if (optional > OPTIONAL_MAX)
		return wrong(reader, "more than %d words that may be missing", OPTIONAL_MAX);
	for (unsigned missing = 0; missing < 1U << optional; missing++) {
		uint32_t symbols[GRAMMAR_ROW_MAX];
		unsigned seen = 0;
		size_t count = 0;

		for (size_t i = 0; i < row->count; i++) {
			if (row->items[i].optional && (missing >> seen++ & 1U) != 0)
				continue;
			symbols[count++] = row->items[i].symbol;
		}
		if (count == 0)
			return wrong(reader, "every word of it may be missing");
		if (symbols[0] == SYMBOL_ANY)
			return wrong(reader, "it must not begin with `_`");
		grammar_produce(reader->grammar, makes, symbols, count);
	}
	return true;
}

static bool read_set(struct reader *reader, struct span name, struct row *row)
{
	uint32_t set = grammar_find(reader->grammar, SYMBOL_SET,
	                            (struct span){.ptr = name.ptr + 1, .len = name.len - 1});

	if (set == SYMBOL_NONE)
		return wrong(reader, "there is no set `%.*s`", (int)name.len, name.ptr);
	return row_add(reader, row, set);
}

/* `out-of-band`, `deploy*`: the words of an atom; the last one may be only a beginning. */
static bool read_words(struct reader *reader, struct span atom, struct row *row)
{
	struct words words = words_of(atom);
	bool prefix = peek(reader) == '*';
	struct word word, next;
	bool more = words_next(&words, &word);

	if (!more || word.len == 0)
		return wrong(reader, "`%.*s` has no letters or digits", (int)atom.len, atom.ptr);
	while (more) {
		struct span name = {.ptr = word.fold, .len = word.len};
		enum symbol_kind kind;

		do
			more = words_next(&words, &next);
		while (more && next.len == 0);
		kind = prefix && !more ? SYMBOL_PREFIX : SYMBOL_WORD;
		if (kind == SYMBOL_PREFIX && name.len < 2)
			return wrong(reader, "`%.*s*` is too short for a beginning of words",
			             (int)atom.len, atom.ptr);
		if (!row_add(reader, row, grammar_symbol(reader->grammar, kind, name)))
			return false;
		word = next;
	}
	if (prefix)
		reader->at++;
	return true;
}

static bool read_atom(struct reader *reader, struct row *row)
{
	struct span atom = atom_at(reader);

	reader->at += atom.len;
	if (atom.len == 0)
		return wrong(reader, "a word is missing at byte %zu", reader->at + 1);
	if (span_is(atom, "_"))
		return row_add(reader, row, SYMBOL_ANY);
	if (span_is(atom, "#"))
		return row_add(reader, row, SYMBOL_NUMBER);
	if (atom.ptr[0] == '$')
		return read_set(reader, atom, row);
	return read_words(reader, atom, row);
}

static bool read_row(struct reader *reader, struct row *row, bool grouped);

/* The alternatives inside the parentheses, each a row. */
static bool read_phrases(struct reader *reader, uint32_t group, bool fresh)
{
	for (;;) {
		struct row row = {0};

		if (!read_row(reader, &row, true))
			return false;
		if (fresh && !row_produce(reader, group, &row))
			return false;
		if (peek(reader) != '|')
			break;
		reader->at++;
	}
	if (peek(reader) != ')')
		return wrong(reader, "a `)` is missing");
	reader->at++;
	return true;
}

/* Up to the `)` that belongs to the `(` at `at`. */
static size_t group_end(const struct reader *reader, size_t at)
{
	int depth = 0;

	for (; at < reader->text.len; at++) {
		depth += reader->text.ptr[at] == '(' ? 1 : 0;
		depth -= reader->text.ptr[at] == ')' ? 1 : 0;
		if (depth == 0)
			break;
	}
	return at;
}

/* The same group elsewhere is the same symbol, and made once. */
static uint32_t group_of(struct reader *reader, size_t start, size_t end, bool *fresh_out)
{
	struct span name = {.ptr = reader->text.ptr + start, .len = end - start};

	*fresh_out = grammar_find(reader->grammar, SYMBOL_GROUP, name) == SYMBOL_NONE;
	return grammar_symbol(reader->grammar, SYMBOL_GROUP, name);
}

static bool read_group(struct reader *reader, struct row *row)
{
	bool fresh;
	uint32_t group = group_of(reader, reader->at,
	                          group_end(reader, reader->at) + 1 > reader->text.len
	                                  ? reader->text.len
	                                  : group_end(reader, reader->at) + 1,
	                          &fresh);

	if (++reader->depth > NESTING_MAX)
		return wrong(reader, "parentheses in more than %d levels", NESTING_MAX);
	reader->at++;
	if (!read_phrases(reader, group, fresh))
		return false;
	reader->depth--;
	return row_add(reader, row, group);
}

/* `down|unresponsive|$slow`: alternatives that are one item. */
static bool read_choice(struct reader *reader, struct row *row)
{
	size_t start = reader->at, end = start;
	uint32_t choice;
	bool fresh;

	while (end < reader->text.len &&
	       (!is_mark(reader->text.ptr[end]) || reader->text.ptr[end] == '|' ||
	        reader->text.ptr[end] == '*'))
		end++;
	choice = group_of(reader, start, end, &fresh);
	for (;;) {
		struct row one = {0};

		if (!read_atom(reader, &one) || (fresh && !row_produce(reader, choice, &one)))
			return false;
		if (peek(reader) != '|')
			return row_add(reader, row, choice);
		reader->at++;
	}
}

static bool is_choice(const struct reader *reader)
{
	size_t end = reader->at + atom_at(reader).len;

	while (end < reader->text.len && reader->text.ptr[end] == '*')
		end++;
	return end < reader->text.len && reader->text.ptr[end] == '|';
}

static bool read_item(struct reader *reader, struct row *row, bool grouped)
{
	size_t before = row->count;
	bool ok;

	if (peek(reader) == '(')
		ok = read_group(reader, row);
	else if (!grouped && is_choice(reader))
		ok = read_choice(reader, row);
	else
		ok = read_atom(reader, row);
	if (!ok || peek(reader) != '?')
		return ok;
	if (row->count != before + 1)
		return wrong(reader, "put what may be missing in parentheses");
	row->items[before].optional = true;
	reader->at++;
	return true;
}

/* Items up to the end, or inside parentheses up to `|` or `)`. */
static bool read_row(struct reader *reader, struct row *row, bool grouped)
{
	for (skip_blanks(reader); reader->at < reader->text.len; skip_blanks(reader)) {
		if (grouped && (peek(reader) == '|' || peek(reader) == ')'))
			break;
		if (!read_item(reader, row, grouped))
			return false;
	}
	if (row->count == 0)
		return wrong(reader, "a word is missing at byte %zu", reader->at + 1);
	return true;
}

/* A part as one symbol: its own when it is one, else a group of its text. */
static bool read_part(struct reader *reader, uint32_t *symbol_out)
{
	struct row row = {0};
	bool fresh;

	if (span_is(reader->text, "\\?")) {
		*symbol_out = SYMBOL_ASKS;
		return true;
	}
	if (span_is(reader->text, "\\.")) {
		*symbol_out = SYMBOL_BREAK;
		return true;
	}
	if (!read_row(reader, &row, false))
		return false;
	if (row.count == 1 && !row.items[0].optional && row.items[0].symbol != SYMBOL_ANY) {
		*symbol_out = row.items[0].symbol;
		return true;
	}
	*symbol_out = group_of(reader, 0, reader->text.len, &fresh);
	return !fresh || row_produce(reader, *symbol_out, &row);
}

static struct span trimmed(struct span text)
{
	while (text.len > 0 && text.ptr[0] == ' ')
		text = (struct span){.ptr = text.ptr + 1, .len = text.len - 1};
	while (text.len > 0 && text.ptr[text.len - 1] == ' ')
		text.len--;
	return text;
}

static bool join_parse(struct span atom, enum pattern_join *join_out, struct span *rest_out)
{
	static const struct {
		const char *name;
		enum pattern_join join;
	} joins[] = {{"near", JOIN_NEAR},
	             {"before", JOIN_BEFORE},
	             {"without", JOIN_WITHOUT},
	             {"not-after", JOIN_NOT_AFTER}};

	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		size_t len = strlen(joins[i].name);

		if (atom.len < len || memcmp(atom.ptr, joins[i].name, len) != 0)
			continue;
		if (atom.len > len && atom.ptr[len] != '/')
			continue;
		*join_out = joins[i].join;
		*rest_out = (struct span){.ptr = atom.ptr + len, .len = atom.len - len};
		return true;
	}
	return false;
}

/* "/20" or "/sentence" behind a join. */
static bool apart_parse(struct reader *reader, struct span text, uint32_t *out)
{
	uint32_t value = 0;

	if (text.len == 0)
		return true;
	if (span_is(text, "/sentence")) {
		*out = PATTERN_SENTENCE;
		return true;
	}
	if (text.len < 2 || text.len > 4)
		return wrong(reader, "a join is `near`, or `near/20` with a number of words");
	for (size_t i = 1; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return wrong(reader,
			             "a join is `near`, or `near/20` with a number of words");
		value = value * 10 + (uint32_t)(text.ptr[i] - '0');
	}
	if (value > PATTERN_APART_MAX)
		return wrong(reader, "at most %u words apart", PATTERN_APART_MAX);
	*out = value;
	return true;
}

/* Finds the join behind `reader->at`; the text up to it is `part`. false: there is none. */
static bool next_join(struct reader *reader, struct span *part, enum pattern_join *join,
                      struct span *rest)
{
	size_t start = reader->at;

	while (reader->at < reader->text.len) {
		struct span atom = atom_at(reader);
		size_t here = reader->at;
		bool alone = here == 0 || reader->text.ptr[here - 1] == ' ';

		reader->at += atom.len > 0 ? atom.len : 1;
		if (alone && (peek(reader) == ' ' || peek(reader) == '\0') &&
		    join_parse(atom, join, rest)) {
			*part = (struct span){.ptr = reader->text.ptr + start, .len = here - start};
			return true;
		}
	}
	*part = (struct span){.ptr = reader->text.ptr + start, .len = reader->text.len - start};
	return false;
}

static bool is_plain(struct reader *reader)
{
	for (size_t i = 0; i < reader->text.len; i++) {
		if ((unsigned char)reader->text.ptr[i] < 0x20)
			return wrong(reader, "it has control characters");
	}
	if (reader->text.len > PATTERN_BYTES_MAX)
		return wrong(reader, "longer than %d bytes", PATTERN_BYTES_MAX);
	return true;
}

bool pattern_compile(struct grammar *grammar, struct span text, struct pattern *out,
                     struct pattern_wrong *why)
{
	struct reader reader = {.grammar = grammar, .text = text, .why = why};
	struct pattern_part parts[PATTERN_PARTS_MAX];
	enum pattern_join join = JOIN_FIRST, next = JOIN_FIRST;
	struct span rest = {0}, piece;
	size_t count = 0;
	bool more = true;

	if (!is_plain(&reader))
		return false;
	while (more) {
		uint32_t apart = PATTERN_APART;
		struct reader part = {.grammar = grammar, .why = why};

		if (count == PATTERN_PARTS_MAX)
			return wrong(&reader, "more than %d parts", PATTERN_PARTS_MAX);
		if (!apart_parse(&reader, rest, &apart))
			return false;
		more = next_join(&reader, &piece, &next, &rest);
		part.text = trimmed(piece);
		parts[count] = (struct pattern_part){.join = join, .apart = apart};
		if (!read_part(&part, &parts[count].symbol))
			return false;
		count++;
		join = next;
	}
	for (size_t i = 0; i < count; i++)
		grammar_watch(grammar, parts[i].symbol);
	out->parts = memcpy(arena_alloc(grammar->arena, count * sizeof(parts[0])), parts,
	                    count * sizeof(parts[0]));
	out->parts_count = count;
	return true;
}

bool pattern_member(struct grammar *grammar, uint32_t set, struct span text,
                    struct pattern_wrong *why)
{
	struct reader reader = {.grammar = grammar, .text = trimmed(text), .why = why};
	enum pattern_join join;
	struct span piece, rest;
	struct row row = {0};

	if (!is_plain(&reader))
		return false;
	if (next_join(&reader, &piece, &join, &rest))
		return wrong(&reader,
		             "a member of a set has no near, before, without or not-after");
	reader.at = 0;
	return read_row(&reader, &row, false) && row_produce(&reader, set, &row);
}
