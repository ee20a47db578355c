/* SPDX-License-Identifier: MIT */
/* A line of evidence that grows piece by piece, and ends with an ellipsis when it is full. */
#ifndef TB_CORE_WHY_H
#define TB_CORE_WHY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

#define WHY_SIZE 400

/* The zero value is empty. */
struct why {
	char text[WHY_SIZE];
	size_t len;
	bool full;
};

void why_text(struct why *why, const char *text);
/* What somebody wrote, in quotes: white space becomes one blank, what is long is cut. */
void why_quote(struct why *why, struct span written);
const char *why_done(const struct why *why, struct arena *arena);

#endif
