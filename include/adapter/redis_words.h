/* SPDX-License-Identifier: MIT */
/* A Redis command as it goes over the wire: words by length, never a format with data. */
#ifndef TB_ADAPTER_REDIS_WORDS_H
#define TB_ADAPTER_REDIS_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "core/ids.h"

/* The zero value is an empty command. */
struct redis_words {
	struct buf body;
	size_t count;
};

void redis_words_fini(struct redis_words *words);
void redis_words_reset(struct redis_words *words);
void redis_words_span(struct redis_words *words, struct span word);
void redis_words_text(struct redis_words *words, const char *word);
void redis_words_u64(struct redis_words *words, uint64_t value);
void redis_words_i64(struct redis_words *words, int64_t value);
/* With leading zeros, so that Redis' order of equal scores is the order of numbers. */
void redis_words_ticket(struct redis_words *words, struct ticket_id id);

/* The whole command, at the end of `out`. */
void redis_words_write(const struct redis_words *words, struct buf *out);

#endif
