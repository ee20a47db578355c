/* SPDX-License-Identifier: MIT */
/* The words of a text, one after the other, in the form that rules are written in: ASCII in lower
 * case, Latin letters without their accents, those of other scripts as they are, `can't` as "cant",
 * `Login's` as "login", `out-of-band` as three words, `va.gov` and `api_key` as two. A break stands
 * for the end of a sentence, an empty line, and the edges of a link. */
#ifndef TB_CORE_WORDS_H
#define TB_CORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

#define WORD_SIZE 48 /* what is longer is cut */

struct word {
	struct span raw; /* in the text; a break has none */
	char fold[WORD_SIZE];
	size_t len;  /* of fold; 0: a break */
	bool number; /* begins with a digit */
	bool asks;   /* a break behind a question mark */
	bool humps;  /* CamelCase: raw has parts that may be words as well */
};

struct words {
	struct span text;
	size_t at;
	size_t link_end; /* inside a link that ends here; 0: not in one */
	bool was_break;  /* breaks do not follow each other, and none is at the beginning */
};

struct words words_of(struct span text);
bool words_next(struct words *words, struct word *out); /* false: the end */

/* The parts of a word with humps in turn ("ImagePull" has "image" and "pull"): *at starts at 0.
 * Parts below three letters are left out. false: no more. */
bool word_part(const struct word *word, size_t *at, char fold[WORD_SIZE], size_t *len_out);

#endif
