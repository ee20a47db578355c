/* SPDX-License-Identifier: MIT */
/* A time zone of the IANA database as data: what a TZif file (RFC 9636) says, without a file or
 * a clock. proto/tzif makes one from bytes. */
#ifndef TB_CORE_ZONE_H
#define TB_CORE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

#define ZONE_NAME_SIZE 64

/* One of the zone's local time types. */
struct zone_type {
	int32_t offset_s; /* east of Greenwich */
	bool dst;
	char abbreviation[8]; /* "EST"; for people */
};

/* When a change of the yearly rule takes place: the n-th weekday of a month (Mm.w.d), or a day of
 * the year (Jn, or n from 0). time_s is the local time, which may be below 0 or above 24 hours. */
enum zone_day { ZONE_DAY_MONTH, ZONE_DAY_JULIAN, ZONE_DAY_ZERO };

struct zone_change {
	enum zone_day day;
	int month, week, weekday; /* ZONE_DAY_MONTH: 1-12, 1-5 (5: the last), 0 is Sunday */
	int number;               /* the others */
	int32_t time_s;
};

/* No zone is further from Greenwich than this (RFC 9636, section 3.2). */
#define ZONE_OFFSET_MAX 93599
#define ZONE_OFFSET_MIN (-89999)

/* What holds behind the last transition (the footer): one type, or two that alternate. */
struct zone_rule {
	bool changes;
	struct zone_type standard, daylight;
	struct zone_change to_daylight, to_standard;
};

/* Borrowed arrays; whoever made the zone owns them. */
struct zone {
	char name[ZONE_NAME_SIZE]; /* "America/New_York" */
	const int64_t *at_s;       /* transitions, ascending, seconds UTC */
	const uint8_t *type_at;    /* the type from there on */
	size_t count;
	const struct zone_type *types;
	size_t types_count;
	const struct zone_type *before; /* the type before the first transition */
	struct zone_rule rule;
};

/* A date and a time of day on the wall there. */
struct civil {
	int year, month, day; /* 1-12, 1-31 */
	int second;           /* of the day, 0-86399 */
	int weekday;          /* 0 is Sunday; an output only */
};

/* The proleptic Gregorian calendar: days since 1970-01-01, and back. */
int64_t civil_days(int year, int month, int day);
void civil_from_days(int64_t days, struct civil *out);

const struct zone_type *zone_type_at(const struct zone *zone, int64_t utc_s);

/* The stretch of time around `utc_s` in which one type holds, from <= t < until. INT64_MIN and
 * INT64_MAX: without end. Neighbours may be of types that differ in name alone. */
struct zone_stretch {
	int64_t from_s, until_s;
	const struct zone_type *type;
};

void zone_stretch_at(const struct zone *zone, int64_t utc_s, struct zone_stretch *out);
void zone_local(const struct zone *zone, wall_ms at, struct civil *out);

/* The moment when the clocks there show the date `days` (civil_days) and `second` (0 to 86400: the
 * end of the day). A time that is skipped is the first one behind the gap; of a time that comes
 * twice it is the first. */
wall_ms zone_moment(const struct zone *zone, int64_t days, int second);

/* The zone without changes: for the clock that always runs, and for tests. */
extern const struct zone zone_utc;

#endif
