/* SPDX-License-Identifier: MIT */
/* Passwords, keys and tokens in what a visitor writes: they are taken out before anything is kept,
 * unless the visitor was asked and wants them sent. By how they begin (secret.def), as JWT, PEM
 * private key, credentials of a URL or of an Authorization header, or as the value of a setting
 * with such a name. Time is linear in the text, whatever is in it. */
#ifndef TB_CORE_SECRET_H
#define TB_CORE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

struct secret {
	size_t at, len;   /* where in the text */
	const char *what; /* "GitHub token": a literal */
};

/* Where a search is. Begins as {.text = …}. */
struct secret_search {
	struct span text;
	size_t at;
	size_t pem_end; /* the next end of a key, if it is not before `at` */
};

/* The next one, left to right, never overlapping. false: there is no other. */
bool secret_next(struct secret_search *search, struct secret *out);

/* `text` itself when nothing is in it, else a copy in the arena with "[removed: what]" in the place
 * of each. *count_out: how many. */
struct span secret_remove(struct arena *arena, struct span text, unsigned *count_out);

#endif
