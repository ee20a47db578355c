/* SPDX-License-Identifier: MIT */
/* The links of a ticket: pages, pull requests and other things that were named in it, as one
 * text with a line each. */
#ifndef TB_CORE_LINKS_H
#define TB_CORE_LINKS_H

#include <stdbool.h>

#include "base/span.h"
#include "core/ticket.h"

/* The next line of what is left; false: there is none. `*rest` begins as the whole text. */
bool links_next(struct span *rest, struct span *out);

bool links_has(const char links[LINKS_SIZE], struct span link);

/* Puts a line at the end. false: it does not fit (LINKS_MAX lines, LINKS_SIZE bytes). One that is
 * there already stays where it is. */
bool links_add(char links[LINKS_SIZE], struct span link);

/* Takes a line out; one that is not there is none. */
void links_remove(char links[LINKS_SIZE], struct span link);

#endif
