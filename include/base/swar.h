/* SPDX-License-Identifier: MIT */
/* Eight bytes of text at once (SIMD within a register), for the loops that look at every byte of
 * every message. The tests say of a word whether any of its bytes is so, not which. */
#ifndef TB_BASE_SWAR_H
#define TB_BASE_SWAR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SWAR_SIZE  sizeof(uint64_t)
#define SWAR_ONES  UINT64_C(0x0101010101010101)
#define SWAR_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t swar_at(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	return word;
}

/* limit: at most 128 */
static inline bool swar_has_below(uint64_t word, unsigned char limit)
{
	return ((word - SWAR_ONES * limit) & ~word & SWAR_HIGHS) != 0;
}

static inline bool swar_has(uint64_t word, unsigned char byte)
{
	return swar_has_below(word ^ (SWAR_ONES * byte), 1);
}

static inline bool swar_is_ascii(uint64_t word)
{
	return (word & SWAR_HIGHS) == 0;
}

#endif
