/* SPDX-License-Identifier: MIT */
#include "sim/rng.h"

#include "base/must.h"

#define LN2_MILLIONTHS 693147

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void rng_seed(struct rng *rng, uint64_t seed, uint64_t stream)
{
	uint64_t state = seed;
	uint64_t mixed = splitmix(&state) ^ stream;

	for (size_t i = 0; i < ARRAY_LEN(rng->state); i++)
		rng->state[i] = splitmix(&mixed);
}

static uint64_t rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t rng_next(struct rng *rng)
{
	uint64_t *s = rng->state;
	uint64_t result = rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

/* Without the small preference of a plain remainder. */
uint64_t rng_below(struct rng *rng, uint64_t n)
{
	uint64_t least = (0 - n) % n; /* 2^64 mod n */
	uint64_t value;

	MUST(n > 0);
	do {
		value = rng_next(rng);
	} while (value < least);
	return value % n;
}

int64_t rng_between(struct rng *rng, int64_t from, int64_t to)
{
	MUST(from <= to);
	return from + (int64_t)rng_below(rng, (uint64_t)(to - from) + 1);
}

bool rng_chance(struct rng *rng, uint32_t millionths)
{
	return rng_below(rng, MILLION) < millionths;
}

/* log2 of x with 24 binary places: the next bit is whether the square is 2 or more. */
static uint64_t log2_q24(uint32_t x)
{
	unsigned whole = 31U - (unsigned)__builtin_clz(x);
	uint64_t y = (uint64_t)x << (31U - whole); /* 1 <= y < 2, 31 binary places */
	uint64_t result = whole;

	for (int i = 0; i < 24; i++) {
		y = (y * y) >> 31;
		result = result << 1 | (y >> 32 != 0 ? 1U : 0U);
		y >>= y >> 32 != 0 ? 1 : 0;
	}
	return result;
}

int64_t rng_gap(struct rng *rng)
{
	uint32_t x = (uint32_t)(rng_next(rng) >> 32) | 1U; /* never 0 */
	uint64_t bits = (UINT64_C(32) << 24) - log2_q24(x);

	return (int64_t)((bits * LN2_MILLIONTHS) >> 24);
}
