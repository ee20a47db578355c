/* SPDX-License-Identifier: MIT */
/* What a request is called until somebody calls it better. */
#ifndef TB_CORE_TITLE_H
#define TB_CORE_TITLE_H

#include <stddef.h>

#include "base/span.h"

#define TITLE_CHARS 80 /* bytes; a longer line is cut at a word, and ends with TITLE_MORE */
#define TITLE_MORE  "\xE2\x80\xA6"

/* The first line of `text` that says something: neither "Hello team," nor the fence of a code block,
 * unless there is no other. Plain text, without the marks of code and strong emphasis, and without
 * what only leads on to the next line (":", ","). Terminated; `size` is more than TITLE_CHARS and
 * TITLE_MORE. */
void title_make(char *out, size_t size, struct span text);

#endif
