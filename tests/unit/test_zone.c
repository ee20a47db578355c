/* SPDX-License-Identifier: MIT */
#include "core/zone.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../server/zones.h"
#include "base/must.h"
#include "proto/tzif.h"
#include "support/when.h"

static const char *const zones[] = {
	"America/New_York", "Europe/Dublin",          "Australia/Lord_Howe", "Africa/Casablanca",
	"Asia/Kathmandu",   "America/St_Johns",       "Pacific/Apia",        "Asia/Tehran",
	"Antarctica/Troll", "America/Sao_Paulo",      "Europe/Berlin",       "America/Nuuk",
	"Asia/Gaza",        "Africa/El_Aaiun",        "Pacific/Chatham",     "America/Caracas",
	"Etc/GMT+5",        "America/Port-au-Prince", "Pacific/Kwajalein",   "UTC",
};

static const struct {
	int64_t days;
	int year, month, day, weekday;
} dates[] = {
	{0, 1970, 1, 1, 4},      {-1, 1969, 12, 31, 3},    {11016, 2000, 2, 29, 2},
	{11017, 2000, 3, 1, 3},  {20637, 2026, 7, 3, 5},   {-25509, 1900, 2, 28, 3},
	{-25508, 1900, 3, 1, 4}, {47540, 2100, 2, 28, 0},  {47541, 2100, 3, 1, 1},
	{-719528, 0, 1, 1, 6},   {-719529, -1, 12, 31, 5}, {2932896, 9999, 12, 31, 5},
};

static void test_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		struct civil civil;

		civil_from_days(dates[i].days, &civil);
		if (civil.year != dates[i].year || civil.month != dates[i].month ||
		    civil.day != dates[i].day || civil.weekday != dates[i].weekday ||
		    civil.second != 0)
			fail_msg("%" PRId64 " is %d-%d-%d, weekday %d", dates[i].days, civil.year,
			         civil.month, civil.day, civil.weekday);
		assert_int_equal(civil_days(civil.year, civil.month, civil.day), dates[i].days);
	}
	for (int64_t days = -800000; days < 800000; days++) {
		struct civil civil;

		civil_from_days(days, &civil);
		assert_int_equal(civil_days(civil.year, civil.month, civil.day), days);
	}
}

/* What libc says of the moment, under the TZ of the process. */
static void compare(const struct zone *zone, int64_t utc_s)
{
	time_t moment = (time_t)utc_s;
	const struct zone_type *type = zone_type_at(zone, utc_s);
	struct civil civil;
	struct tm tm;

	assert_non_null(localtime_r(&moment, &tm));
	zone_local(zone, utc_s * SEC_MS + 999, &civil);
	if (civil.year != tm.tm_year + 1900 || civil.month != tm.tm_mon + 1 ||
	    civil.day != tm.tm_mday || civil.weekday != tm.tm_wday ||
	    civil.second != tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec ||
	    type->offset_s != tm.tm_gmtoff || type->dst != (tm.tm_isdst > 0) ||
	    strcmp(type->abbreviation, tm.tm_zone) != 0)
		fail_msg("%s at %" PRId64 ": %d-%02d-%02d %d %s%s; libc: %d-%02d-%02d %d %s%s",
		         zone->name, utc_s, civil.year, civil.month, civil.day, civil.second,
		         type->abbreviation, type->dst ? " dst" : "", tm.tm_year + 1900,
		         tm.tm_mon + 1, tm.tm_mday, tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec,
		         tm.tm_zone, tm.tm_isdst > 0 ? " dst" : "");
}

static void set_libc_zone(const char *name)
{
	assert_int_equal(setenv("TZ", name, 1), 0);
	tzset();
}

#define YEAR_S INT64_C(31556952)

/* Steps of about a day that do not fall on the same time of day, and both sides of each change. */
static void compare_years(const struct zone *zone, int64_t from_s, int64_t to_s)
{
	struct zone_stretch stretch;

	for (int64_t at = from_s; at < to_s; at += 94391)
		compare(zone, at);
	for (int64_t at = from_s; at < to_s; at = stretch.until_s) {
		zone_stretch_at(zone, at, &stretch);
		if (stretch.until_s == INT64_MAX)
			break;
		assert_true(stretch.from_s <= at && at < stretch.until_s);
		compare(zone, stretch.until_s - 1);
		compare(zone, stretch.until_s);
	}
}

static void test_as_libc(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		const struct zone *zone = when_zone(zones[i]);

		set_libc_zone(zones[i]);
		compare_years(zone, -20 * YEAR_S, 160 * YEAR_S);
	}
	set_libc_zone("UTC");
	compare_years(&zone_utc, 0, 100 * YEAR_S);
}

/* The zone that a footer alone makes. */
static const char *const rules[] = {
	"EST5EDT,M3.2.0,M11.1.0",
	"IST-1GMT0,M10.5.0,M3.5.0/1",
	"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
	"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
	"<+0545>-5:45",
	"AAA-3:20:15BBB,J60/1:02:03,J300",
	"AAA3BBB2:30,59/0,300/23:59:59",
	"<+00>0<+02>-2,M3.5.0/1,M10.5.0/3",
	"IST-2IDT,M3.4.4/26,M10.5.0",
	"UTC0",
};

static void test_rules_as_libc(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct zone zone = {.name = "rule"};

		if (tzif_rule(span_of(rules[i]), &zone.rule) != ST_OK)
			fail_msg("%s", rules[i]);
		(void)snprintf(zone.name, sizeof zone.name, "%s", rules[i]);
		set_libc_zone(rules[i]);
		compare_years(&zone, 0, 150 * YEAR_S);
	}
	set_libc_zone("UTC");
}

/* RFC 9636, section 3.3.2: daylight saving all the year. */
static void test_all_year(void **state)
{
	struct zone zone = {.name = "all year"};

	(void)state;
	assert_int_equal(tzif_rule(span_of("EST5EDT,0/0,J365/25"), &zone.rule), ST_OK);
	for (int64_t at = 0; at < 60 * YEAR_S; at += 3600)
		assert_int_equal(zone_type_at(&zone, at)->offset_s, -4 * 3600);
}

static const struct {
	const char *text;
	const char *why;
} not_rules[] = {
	{"", "empty"},
	{"EST", "no offset"},
	{"ES5", "a short name"},
	{"EST25", "an hour that is none"},
	{"EST5:60", "a minute that is none"},
	{"EST5EDT", "daylight saving without its dates"},
	{"EST5EDT,M3.2.0", "one date"},
	{"EST5EDT,M3.2.0,M11.1.0,", "something behind"},
	{"EST5EDT,M13.2.0,M11.1.0", "a month that is none"},
	{"EST5EDT,M0.2.0,M11.1.0", "the month before the first"},
	{"EST5EDT,M3.6.0,M11.1.0", "a week that is none"},
	{"EST5EDT,M3.2.7,M11.1.0", "a weekday that is none"},
	{"EST5EDT,J0,J300", "a day before the first"},
	{"EST5EDT,0,366", "a day behind the last"},
	{"EST5EDT,M3.2.0/168,M11.1.0", "a time out of a week"},
	{"EST5EDT,M3.2.0/99999999999999999999,M11.1.0", "a number without end"},
	{"<EST5", "a name that does not end"},
	{"<E\001T>5", "a control byte"},
	{"EST 5", "a blank"},
	{":America/New_York", "a name of libc"},
};

static void test_not_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(not_rules); i++) {
		struct zone_rule rule = {.changes = false};

		if (tzif_rule(span_of(not_rules[i].text), &rule) != ST_BAD_REQUEST)
			fail_msg("%s: %s", not_rules[i].why, not_rules[i].text);
	}
}

static const struct {
	const char *name;
	const char *zone;
	const char *local;
	const char *utc;
} moments[] = {
	{"an ordinary morning", "America/New_York", "2026-07-01 08:00", "2026-07-01 12:00"},
	{"winter", "America/New_York", "2026-01-05 08:00", "2026-01-05 13:00"},
	{"the last second of winter", "America/New_York", "2026-03-08 01:59:59",
         "2026-03-08 06:59:59"},
	{"the gap begins", "America/New_York", "2026-03-08 02:00", "2026-03-08 07:00"},
	{"in the gap", "America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"},
	{"the gap has ended", "America/New_York", "2026-03-08 03:00", "2026-03-08 07:00"},
	{"behind the gap", "America/New_York", "2026-03-08 03:30", "2026-03-08 07:30"},
	{"the first of twice", "America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"},
	{"twice has begun", "America/New_York", "2026-11-01 01:00", "2026-11-01 05:00"},
	{"after twice", "America/New_York", "2026-11-01 02:00", "2026-11-01 07:00"},
	{"the end of the day", "America/New_York", "2026-11-01 24:00", "2026-11-02 05:00"},
	{"half an hour is skipped", "Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"},
	{"half an hour comes twice", "Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"},
	{"behind that", "Australia/Lord_Howe", "2026-04-05 02:00", "2026-04-04 15:30"},
	{"summer is the standard", "Europe/Dublin", "2026-07-01 12:00", "2026-07-01 11:00"},
	{"winter is not", "Europe/Dublin", "2026-12-01 12:00", "2026-12-01 12:00"},
	{"midnight is skipped", "America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00"},
	{"the end of the day before it", "America/Sao_Paulo", "2018-11-03 24:00",
         "2018-11-04 03:00"},
	{"back over midnight", "America/Sao_Paulo", "2018-02-18 00:00", "2018-02-18 03:00"},
	{"a day that is not there", "Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"},
	{"45 minutes", "Asia/Kathmandu", "2026-05-05 00:00", "2026-05-04 18:15"},
	{"by the rule, in summer", "America/New_York", "2050-07-01 08:00", "2050-07-01 12:00"},
	{"by the rule, in the gap", "America/New_York", "2050-03-13 02:30", "2050-03-13 07:00"},
};

static void test_moments(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		wall_ms at = when(when_zone(moments[i].zone), moments[i].local);
		char text[WHEN_TEXT_SIZE];

		if (at != when(&zone_utc, moments[i].utc))
			fail_msg("%s: %s", moments[i].name, when_text(&zone_utc, at, text));
	}
}

/* Before the zones there was the sun. */
static void test_before(void **state)
{
	const struct zone *zone = when_zone("America/New_York");

	(void)state;
	assert_int_equal(zone_type_at(zone, -100 * INT64_C(365) * 86400)->offset_s, -17762);
	assert_string_equal(zone_type_at(zone, INT64_MIN)->abbreviation, "LMT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),     cmocka_unit_test(test_as_libc),
		cmocka_unit_test(test_all_year),  cmocka_unit_test(test_rules_as_libc),
		cmocka_unit_test(test_not_rules), cmocka_unit_test(test_moments),
		cmocka_unit_test(test_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
