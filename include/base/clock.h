/* SPDX-License-Identifier: MIT */
/* Times are values that are handed down; nothing below main and the loop reads a clock. */
#ifndef TB_BASE_CLOCK_H
#define TB_BASE_CLOCK_H

#include <stdint.h>

typedef int64_t wall_ms; /* milliseconds since the Unix epoch, UTC */
typedef int64_t mono_ms; /* milliseconds on the monotonic clock */

#define SEC_MS    INT64_C(1000)
#define MINUTE_MS (INT64_C(60) * SEC_MS)
#define HOUR_MS   (INT64_C(60) * MINUTE_MS)
#define DAY_MS    (INT64_C(24) * HOUR_MS)

#endif
