/* SPDX-License-Identifier: MIT */
/* People's text as it comes in: lengths in characters, no control bytes, no tricks with the
 * direction of writing where a single line is shown beside others. Input is valid UTF-8
 * (Jansson and the websocket check it). */
#ifndef TB_PROTO_TEXT_H
#define TB_PROTO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"

/* Unicode code points. */
size_t text_chars(struct span text);

/* Several lines, as in a message: CR LF and CR become LF. OK: *out is `text` itself or a copy
 * in the arena. BAD_REQUEST: nothing visible, or a control byte other than LF and TAB.
 * TOO_LARGE: more than max_chars. */
NODISCARD enum status text_message(struct arena *arena, struct span text, size_t max_chars,
                                   struct span *out);

/* One line, as a name or a title: control characters become blanks, direction controls go,
 * blanks at both ends go. What is longer than `size` - 1 bytes is cut at a character. */
struct span text_line(struct arena *arena, struct span text, size_t size);

/* An absolute http or https URL without blanks, control bytes, quotes, <, > or a user name,
 * below `size` bytes. */
bool text_is_url(struct span text, size_t size);

#endif
