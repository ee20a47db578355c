/* SPDX-License-Identifier: MIT */
/* Eight bytes of text at once: the loops that look at every byte of every message. The tests
 * say of a word whether any of its bytes is so, not which. */
#ifndef TB_BASE_WORD_H
#define TB_BASE_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WORD_SIZE  sizeof(uint64_t)
#define WORD_ONES  UINT64_C(0x0101010101010101)
#define WORD_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t word_at(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	return word;
}

/* limit: at most 128 */
static inline bool word_has_below(uint64_t word, unsigned char limit)
{
	return ((word - WORD_ONES * limit) & ~word & WORD_HIGHS) != 0;
}

static inline bool word_has(uint64_t word, unsigned char byte)
{
	return word_has_below(word ^ (WORD_ONES * byte), 1);
}

static inline bool word_is_ascii(uint64_t word)
{
	return (word & WORD_HIGHS) == 0;
}

#endif
