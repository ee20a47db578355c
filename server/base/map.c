/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include "base/swar.h"

/* Odd, without a pattern: the golden ratio. uthash looks at the low bits, which a product only
 * has from the low bits of its factors: hence the shift after each step. */
#define FACTOR UINT64_C(0x9E3779B97F4A7C15)

static uint64_t step(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * FACTOR;
	return hash ^ hash >> 32;
}

unsigned map_hash(const void *key, size_t len)
{
	const char *bytes = key;
	uint64_t hash = len, rest = 0;

	for (; len >= SWAR_SIZE; len -= SWAR_SIZE, bytes += SWAR_SIZE)
		hash = step(hash, swar_at(bytes));
	if (len > 0)
		memcpy(&rest, bytes, len);
	return (unsigned)step(hash, rest);
}
