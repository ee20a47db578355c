/* SPDX-License-Identifier: MIT */
/* What the pairs say: sentences of support chats, as a server that reads them has other work with
 * words than with filler. None is an emergency. ASCII, and nothing that JSON has to escape. */
#ifndef TB_LOAD_SAID_H
#define TB_LOAD_SAID_H

#include <stddef.h>

#define SAID_MAX 8000 /* bytes of a message */

struct said {
	char text[SAID_MAX * 2]; /* all sentences, again and again */
};

void said_init(struct said *said);

/* SAID_MAX bytes from the beginning of a sentence, another one for each `i`. Not terminated. */
const char *said_at(const struct said *said, size_t i);

#endif
