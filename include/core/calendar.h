/* SPDX-License-Identifier: MIT */
/* Opening hours, and time that counts only while they run ("business time"). Pure arithmetic over
 * a zone: days are walked, never minutes, and a horizon bounds every walk. */
#ifndef TB_CORE_CALENDAR_H
#define TB_CORE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/zone.h"

#define CALENDAR_SPANS_MAX    8   /* intervals of one day */
#define CALENDAR_HORIZON_DAYS 800 /* further ahead nothing is looked for */
#define WALL_NEVER            INT64_MAX

/* Local seconds of the day, from <= s < to. to may be up to 172800: it runs into the next day
 * (22:00 to 30:00 is overnight to 6). Ascending, without overlap in a day. */
struct day_span {
	int32_t from_s, to_s;
};

struct day_hours {
	struct day_span spans[CALENDAR_SPANS_MAX];
	unsigned count; /* 0: closed */
};

enum date_kind {
	DATE_HOLIDAY, /* closed, and it has a name */
	DATE_CLOSED,  /* closed once, for a reason */
	DATE_FREEZE,  /* open with limited support */
	DATE_SPECIAL, /* other hours than on that weekday */
};

/* One date, or a run of them. */
struct calendar_date {
	int64_t first_day, last_day; /* civil_days, both included */
	enum date_kind kind;
	const char *name;       /* "Thanksgiving" */
	struct day_hours hours; /* DATE_SPECIAL */
};

/* Borrowed; the policy owns it. What overnight hours of the day before have left over still
 * runs on a closed date. */
struct calendar {
	const char *id;
	const struct zone *zone;
	bool always;                       /* 24 hours, 7 days: the rest is not looked at */
	struct day_hours week[7];          /* 0 is Sunday */
	const struct calendar_date *dates; /* ascending by first_day; of one day the first counts,
	                                    * but a freeze never hides another kind */
	size_t dates_count;
	int64_t known_until_day; /* holidays are written down up to this day; 0: not said */
	int64_t business_day_ms; /* what "1 bd" is: the longest day of the week's hours */
};

bool calendar_is_open(const struct calendar *calendar, wall_ms at);

/* From `at` itself when it is open then; WALL_NEVER: not within the horizon. */
wall_ms calendar_next_open(const struct calendar *calendar, wall_ms at);

/* The end of the opening that `at` is in; `at` when closed; WALL_NEVER: always open. */
wall_ms calendar_next_close(const struct calendar *calendar, wall_ms at);

/* The first moment at which `ms` of business time have passed since `from` (for 0: the next
 * opening, or `from`). WALL_NEVER: not within the horizon. */
wall_ms calendar_add(const struct calendar *calendar, wall_ms from, int64_t ms);

/* Business time from `from` to `to`; 0 when to <= from. Both within the horizon of each other. */
int64_t calendar_between(const struct calendar *calendar, wall_ms from, wall_ms to);

/* The entry that rules the local date of `at`, NULL: an ordinary day. */
const struct calendar_date *calendar_date_at(const struct calendar *calendar, wall_ms at);

/* The desk is open that day with limited support. */
bool calendar_is_freeze(const struct calendar *calendar, wall_ms at);

#endif
