/* SPDX-License-Identifier: MIT */
/* Eight bytes of text at once (SIMD within a register), for the loops that look at every byte of
 * every message. */
#ifndef TB_BASE_SWAR_H
#define TB_BASE_SWAR_H

#include <stdbool.h>
#include <stddef.h>
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

/* The first byte is the lowest of the word, whatever the machine. */
static inline uint64_t swar_in_order(const char *text)
{
	uint64_t word = swar_at(text);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Marks of the bytes below `limit` (at most 128); 0: there are none. The lowest mark is right; above
 * it a borrow may have left another, so several of these may be or'ed for the lowest of all. */
static inline uint64_t swar_below(uint64_t word, unsigned char limit)
{
	return (word - SWAR_ONES * limit) & ~word & SWAR_HIGHS;
}

static inline uint64_t swar_is(uint64_t word, unsigned char byte)
{
	return swar_below(word ^ (SWAR_ONES * byte), 1);
}

/* How many bytes are before the lowest mark; marks: not 0. */
static inline size_t swar_before(uint64_t marks)
{
	return (size_t)__builtin_ctzll(marks) / 8;
}

static inline bool swar_has_below(uint64_t word, unsigned char limit)
{
	return swar_below(word, limit) != 0;
}

static inline bool swar_has(uint64_t word, unsigned char byte)
{
	return swar_is(word, byte) != 0;
}

static inline bool swar_is_ascii(uint64_t word)
{
	return (word & SWAR_HIGHS) == 0;
}

#endif
