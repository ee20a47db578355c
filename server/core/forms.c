/* SPDX-License-Identifier: MIT */
/* A word that rules know is taken as it stands. Any other may be one of theirs with an ending, or
 * misspelt. */
#include "core/forms.h"

#include <string.h>

#define STEM_MIN 3

static bool tell(const struct forms_sink *sink, uint32_t symbol)
{
	if (symbol != SYMBOL_NONE)
		sink->found(sink->ctx, symbol);
	return symbol != SYMBOL_NONE;
}

/* Of a last letter: "status" is no plural. */
static bool takes_s(char last)
{
	return last != 's' && last != 'u' && last != 'i';
}

static bool is_plural(struct span fold)
{
	return fold.len > 2 && fold.ptr[fold.len - 1] == 's' && takes_s(fold.ptr[fold.len - 2]);
}

/* true: rules know it. */
static bool tell_forms(const struct grammar *grammar, struct span fold,
                       const struct forms_sink *sink)
{
	struct span name = {.ptr = fold.ptr};
	uint32_t word = grammar_hash_begin(SYMBOL_WORD), start = grammar_hash_begin(SYMBOL_PREFIX);
	size_t single = fold.len - (is_plural(fold) ? 1 : 0);
	bool known = false;

	for (size_t i = 0; i < fold.len; i++) {
		word = grammar_hash_add(word, fold.ptr[i]);
		start = grammar_hash_add(start, fold.ptr[i]);
		name.len = i + 1;
		if ((grammar->prefix_lengths >> name.len & 1U) != 0 &&
		    grammar_may_have(grammar, start))
			known |= tell(sink,
			              grammar_find_hashed(grammar, SYMBOL_PREFIX, start, name));
		if (name.len >= single && grammar_may_have(grammar, word))
			known |= tell(sink, grammar_find_hashed(grammar, SYMBOL_WORD, word, name));
	}
	return known;
}

/* `fold` with its last `less` letters replaced. */
static bool tell_ending(const struct grammar *grammar, struct span fold, size_t less,
                        const char *ending, const struct forms_sink *sink)
{
	size_t stem = fold.len - less, len = strlen(ending);
	char word[WORD_SIZE + 1];

	memcpy(word, fold.ptr, stem);
	memcpy(word + stem, ending, len + 1);
	return tell(sink, grammar_find(grammar, SYMBOL_WORD,
	                               (struct span){.ptr = word, .len = stem + len}));
}

static bool ends_in(struct span fold, const char *ending)
{
	size_t len = strlen(ending);

	return fold.len >= len + STEM_MIN && memcmp(fold.ptr + fold.len - len, ending, len) == 0;
}

/* "retried": "retry", "shared": "share", "planning": "plan", "boxes": "box", "option": "options". */
static bool tell_base(const struct grammar *grammar, struct span fold,
                      const struct forms_sink *sink)
{
	static const struct {
		const char *ending, *instead;
	} rows[] = {{"ies", "y"}, {"ied", "y"}, {"es", ""},   {"ed", ""},
	            {"ed", "e"},  {"ing", ""},  {"ing", "e"}, {"", "s"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t less = strlen(rows[i].ending);
		size_t stem = fold.len - less;

		if (!ends_in(fold, rows[i].ending) || (less == 0 && !takes_s(fold.ptr[stem - 1])))
			continue;
		if (tell_ending(grammar, fold, less, rows[i].instead, sink))
			return true;
		if (less > 1 && stem > STEM_MIN && fold.ptr[stem - 1] == fold.ptr[stem - 2] &&
		    tell_ending(grammar, fold, less + 1, "", sink))
			return true;
	}
	return false;
}

static void tell_meant(const struct grammar *grammar, struct span fold,
                       const struct forms_sink *sink)
{
	uint32_t symbol = spelling_find(&grammar->spelling, grammar, fold);

	if (symbol == SYMBOL_NONE && fold.len > STEM_MIN && fold.ptr[fold.len - 1] == 's')
		symbol = spelling_find(&grammar->spelling, grammar,
		                       (struct span){.ptr = fold.ptr, .len = fold.len - 1});
	if (symbol != SYMBOL_NONE)
		(void)tell_forms(grammar, grammar->symbols[symbol].name, sink);
}

void forms_of(const struct grammar *grammar, const struct word *word, const struct forms_sink *sink)
{
	struct span fold = {.ptr = word->fold, .len = word->len};
	char part[WORD_SIZE];
	size_t at = 0, len;
	bool known = tell_forms(grammar, fold, sink);

	if (word->number)
		known |= tell(sink, SYMBOL_NUMBER);
	while (word->humps && word_part(word, &at, part, &len))
		known |= tell_forms(grammar, (struct span){.ptr = part, .len = len}, sink);
	if (!known && !tell_base(grammar, fold, sink))
		tell_meant(grammar, fold, sink);
}
