/* SPDX-License-Identifier: MIT */
/* A zone is a row of stretches of time, each with one offset: first those between the transitions
 * of the file, behind them those that the yearly rule makes. All else follows from the stretch. */
#include "core/zone.h"

#include "base/must.h"

#define DAY_S INT64_C(86400)

/* 400 years of the Gregorian calendar, and from 0000-03-01 to 1970-01-01. */
#define ERA_DAYS  INT64_C(146097)
#define EPOCH_DAY INT64_C(719468)

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* The year begins in March here, so that the leap day is its last one. */
int64_t civil_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - EPOCH_DAY;
}

void civil_from_days(int64_t days, struct civil *out)
{
	int64_t shifted = days + EPOCH_DAY;
	int64_t era = floor_div(shifted, ERA_DAYS);
	int64_t day_of_era = shifted - era * ERA_DAYS;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
	                       day_of_era / (ERA_DAYS - 1)) /
	                      365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153; /* 0 is March */

	out->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	out->month = (int)(month < 10 ? month + 3 : month - 9);
	out->year = (int)(year_of_era + era * 400 + (out->month <= 2));
	out->second = 0;
	out->weekday = (int)(days + 4 - floor_div(days + 4, 7) * 7); /* 1970-01-01: Thursday */
}

static int weekday_of(int64_t days)
{
	return (int)(days + 4 - floor_div(days + 4, 7) * 7);
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month)
{
	static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

static int64_t change_day(const struct zone_change *change, int year)
{
	switch (change->day) {
	case ZONE_DAY_MONTH: {
		int64_t first = civil_days(year, change->month, 1);
		int day =
			1 + (change->weekday - weekday_of(first) + 7) % 7 + (change->week - 1) * 7;

		return first - 1 + (day > month_length(year, change->month) ? day - 7 : day);
	}
	case ZONE_DAY_JULIAN: /* 1 to 365: the 29th of February is not counted */
		return civil_days(year, 1, 1) + change->number - 1 +
		       (is_leap(year) && change->number >= 60);
	case ZONE_DAY_ZERO:
		return civil_days(year, 1, 1) + change->number;
	}
	MUST(0);
}

/* A change is told in the local time that holds until it. */
static int64_t change_at(const struct zone_change *change, int year, const struct zone_type *until)
{
	return change_day(change, year) * DAY_S + change->time_s - until->offset_s;
}

struct turn {
	int64_t at_s;
	const struct zone_type *type;
};

#define TURN_YEARS 3

/* The changes of the years around, ascending. Of two at one moment the later of the row counts:
 * that is how a rule says "daylight saving all the year". */
static void rule_turns(const struct zone_rule *rule, int year, struct turn turns[2 * TURN_YEARS])
{
	size_t next = 0;

	for (int i = 0; i < TURN_YEARS; i++) {
		struct turn to_dst = {change_at(&rule->to_daylight, year - 1 + i, &rule->standard),
		                      &rule->daylight};
		struct turn to_std = {change_at(&rule->to_standard, year - 1 + i, &rule->daylight),
		                      &rule->standard};
		bool dst_first = to_dst.at_s <= to_std.at_s;

		turns[next++] = dst_first ? to_dst : to_std;
		turns[next++] = dst_first ? to_std : to_dst;
	}
}

static void rule_stretch(const struct zone *zone, int64_t utc_s, struct zone_stretch *out)
{
	int64_t start = zone->count ? zone->at_s[zone->count - 1] : INT64_MIN;
	const struct zone_rule *rule = &zone->rule;
	struct turn turns[2 * TURN_YEARS];
	struct civil there;

	*out = (struct zone_stretch){start, INT64_MAX, &rule->standard};
	if (!rule->changes)
		return;
	civil_from_days(floor_div(utc_s + rule->standard.offset_s, DAY_S), &there);
	rule_turns(rule, there.year, turns);
	for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
		if (turns[i].at_s > utc_s) {
			out->until_s = turns[i].at_s;
			break;
		}
		out->type = turns[i].type;
		if (turns[i].at_s > start)
			out->from_s = turns[i].at_s;
	}
}

/* How many transitions are at or before the moment. */
static size_t transitions_until(const struct zone *zone, int64_t utc_s)
{
	size_t low = 0, high = zone->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->at_s[middle] <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void zone_stretch_at(const struct zone *zone, int64_t utc_s, struct zone_stretch *out)
{
	size_t passed = transitions_until(zone, utc_s);

	if (passed == zone->count) {
		rule_stretch(zone, utc_s, out);
		return;
	}
	out->from_s = passed ? zone->at_s[passed - 1] : INT64_MIN;
	out->until_s = zone->at_s[passed];
	out->type = passed ? &zone->types[zone->type_at[passed - 1]] : zone->before;
}

const struct zone_type *zone_type_at(const struct zone *zone, int64_t utc_s)
{
	struct zone_stretch stretch;

	zone_stretch_at(zone, utc_s, &stretch);
	return stretch.type;
}

void zone_local(const struct zone *zone, wall_ms at, struct civil *out)
{
	int64_t utc_s = floor_div(at, SEC_MS);
	int64_t local = utc_s + zone_type_at(zone, utc_s)->offset_s;
	int64_t days = floor_div(local, DAY_S);

	civil_from_days(days, out);
	out->second = (int)(local - days * DAY_S);
}

/* The first moment at which the clocks show that time or a later one: behind a gap it is the
 * gap's end, and what comes twice has been there by then. */
wall_ms zone_moment(const struct zone *zone, int64_t days, int second)
{
	int64_t local = days * DAY_S + second;
	struct zone_stretch stretch = {.until_s = local - ZONE_OFFSET_MAX - 1};
	int64_t moment;

	do {
		zone_stretch_at(zone, stretch.until_s, &stretch);
		moment = local - stretch.type->offset_s;
		if (moment < stretch.from_s)
			moment = stretch.from_s;
	} while (moment >= stretch.until_s);
	return moment * SEC_MS;
}

static const struct zone_type utc_type = {.abbreviation = "UTC"};

const struct zone zone_utc = {
	.name = "UTC",
	.types = &utc_type,
	.types_count = 1,
	.before = &utc_type,
	.rule = {.standard = {.abbreviation = "UTC"}},
};
