/* SPDX-License-Identifier: MIT */
#include "adapter/redis_words.h"

#include <inttypes.h>
#include <stdio.h>

void redis_words_fini(struct redis_words *words)
{
	buf_fini(&words->body);
}

void redis_words_reset(struct redis_words *words)
{
	buf_reset(&words->body);
	words->count = 0;
}

void redis_words_span(struct redis_words *words, struct span word)
{
	buf_char(&words->body, '$');
	buf_u64(&words->body, word.len);
	buf_text(&words->body, "\r\n");
	buf_span(&words->body, word);
	buf_text(&words->body, "\r\n");
	words->count++;
}

void redis_words_text(struct redis_words *words, const char *word)
{
	redis_words_span(words, span_of(word));
}

void redis_words_u64(struct redis_words *words, uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, value);
	redis_words_text(words, text);
}

void redis_words_i64(struct redis_words *words, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	redis_words_text(words, text);
}

void redis_words_ticket(struct redis_words *words, struct ticket_id id)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%016" PRIu64, id.v);
	redis_words_text(words, text);
}

void redis_words_write(const struct redis_words *words, struct buf *out)
{
	buf_char(out, '*');
	buf_u64(out, words->count);
	buf_text(out, "\r\n");
	buf_add(out, words->body.ptr, words->body.len);
}
