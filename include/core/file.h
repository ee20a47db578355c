/* SPDX-License-Identifier: MIT */
/* Text files on a ticket: pasted code and logs that are too long for a message. */
#ifndef TB_CORE_FILE_H
#define TB_CORE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "core/command.h"
#include "core/ticket.h"

#define FILE_PREVIEW_LINES 6
#define FILE_PREVIEW_BYTES 400

/* Something to read, and no control bytes but line breaks, tabs, form feeds and the escapes of
 * coloured logs. The caller has checked that it is UTF-8. */
bool file_is_text(struct span body);

/* How it begins: a few whole lines, or as much of a long one as fits, cut at a character. A piece
 * of `body`, without the empty lines in front. */
struct span file_preview(struct span body);

/* The last line counts without a line break, too. */
uint32_t file_lines(struct span body);

/* The command brings no file, or one that the ticket can still hold. */
bool file_has_room(const struct ticket *ticket, const struct command *command);

#endif
