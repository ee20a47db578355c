/* SPDX-License-Identifier: MIT */
/* Which symbols of a grammar one written word is. */
#ifndef TB_CORE_FORMS_H
#define TB_CORE_FORMS_H

#include <stdint.h>

#include "core/grammar.h"
#include "core/words.h"

struct forms_sink {
	void (*found)(void *ctx, uint32_t symbol);
	void *ctx;
};

/* The word, its beginnings, the word without the s of a plural, and SYMBOL_NUMBER; the same of the
 * parts of a CamelCase word. What rules do not know may be one of their words with an ending, or
 * misspelt. A symbol may be told several times. */
void forms_of(const struct grammar *grammar, const struct word *word,
              const struct forms_sink *sink);

#endif
