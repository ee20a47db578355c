/* SPDX-License-Identifier: MIT */
/* Times in tests as people write them: "2026-07-03 17:30" on the clocks of a zone. */
#ifndef TB_TESTS_WHEN_H
#define TB_TESTS_WHEN_H

#include "core/zone.h"

/* Fails the test where the text is not a time. "24:00" is the end of the day. */
wall_ms when(const struct zone *zone, const char *text);
int64_t when_day(const char *text); /* "2026-07-03" as civil_days */

#define WHEN_TEXT_SIZE 40

/* "2026-07-03 17:30:00 EDT", or "never". Returns `out`. */
const char *when_text(const struct zone *zone, wall_ms at, char out[WHEN_TEXT_SIZE]);

/* A zone of this machine, which lives until the process ends. Fails the test when it is not there. */
const struct zone *when_zone(const char *name);

#endif
