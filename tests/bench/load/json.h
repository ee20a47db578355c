/* SPDX-License-Identifier: MIT */
/* Just enough JSON for a load generator: values of top-level keys, found in one pass. The
 * server's frames are trusted to be valid here; the tests check that they are. */
#ifndef TB_BENCH_JSON_H
#define TB_BENCH_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* The raw value of `key` in `object` (a string without its quotes), or the absent span. */
struct span json_find(struct span object, const char *key);
uint64_t json_find_u64(struct span object, const char *key); /* 0 when absent */

#endif
