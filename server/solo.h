/* SPDX-License-Identifier: MIT */
/* A desk without sockets, for one question: the record and the vault are real, nobody is
 * connected, nothing is routed. The caller holds the folder's lock. */
#ifndef TB_SOLO_H
#define TB_SOLO_H

#include "base/buf.h"
#include "config.h"

NODISCARD enum status solo_ask(const struct config *config, const char *line, struct buf *answer,
                               char *why);

#endif
