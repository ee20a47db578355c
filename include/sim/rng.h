/* SPDX-License-Identifier: MIT */
/* Chance that is the same on every machine: xoshiro256** seeded by splitmix64, and whole numbers
 * only, so that no library and no compiler has a say in it. */
#ifndef TB_SIM_RNG_H
#define TB_SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

#define MILLION 1000000

struct rng {
	uint64_t state[4];
};

/* Streams of one seed know nothing of each other: what one draws more changes no other. */
void rng_seed(struct rng *rng, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t n);                /* 0 to n - 1; n > 0 */
int64_t rng_between(struct rng *rng, int64_t from, int64_t to); /* both included */
bool rng_chance(struct rng *rng, uint32_t millionths);
/* Exponential with the mean 1, in millionths: the gap between events of a Poisson process. */
int64_t rng_gap(struct rng *rng);

#endif
