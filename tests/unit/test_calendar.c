/* SPDX-License-Identifier: MIT */
#include "core/calendar.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/must.h"
#include "support/when.h"

#define HOUR 3600
#define NY   "America/New_York"
#define OFFICE                                               \
	{                                                    \
		.spans = {{8 * HOUR, 18 * HOUR}}, .count = 1 \
	}
#define NIGHT                                                 \
	{                                                     \
		.spans = {{22 * HOUR, 30 * HOUR}}, .count = 1 \
	}
#define SPLIT                                                                                     \
	{                                                                                         \
		.spans = {{8 * HOUR, 12 * HOUR}, {13 * HOUR, 17 * HOUR}, {17 * HOUR, 18 * HOUR}}, \
		.count = 3                                                                        \
	}
#define ALL_DAY                                       \
	{                                             \
		.spans = {{0, 24 * HOUR}}, .count = 1 \
	}
#define NEVER "never"

/* The federal holidays, observed, and what else a desk has. */
static const struct {
	const char *first, *last;
	enum date_kind kind;
	const char *name;
} federal[] = {
	{"2026-01-01", NULL, DATE_HOLIDAY, "New Year's Day"},
	{"2026-01-19", NULL, DATE_HOLIDAY, "Birthday of Martin Luther King, Jr."},
	{"2026-02-16", NULL, DATE_HOLIDAY, "Washington's Birthday"},
	{"2026-05-25", NULL, DATE_HOLIDAY, "Memorial Day"},
	{"2026-06-19", NULL, DATE_HOLIDAY, "Juneteenth"},
	{"2026-07-01", "2026-07-06", DATE_FREEZE, "release freeze"},
	{"2026-07-03", NULL, DATE_HOLIDAY, "Independence Day"},
	{"2026-09-07", NULL, DATE_HOLIDAY, "Labor Day"},
	{"2026-10-12", NULL, DATE_HOLIDAY, "Columbus Day"},
	{"2026-11-11", NULL, DATE_HOLIDAY, "Veterans Day"},
	{"2026-11-26", NULL, DATE_HOLIDAY, "Thanksgiving Day"},
	{"2026-12-08", NULL, DATE_CLOSED, "all hands"},
	{"2026-12-15", NULL, DATE_SPECIAL, "short day"},
	{"2026-12-22", "2027-01-05", DATE_FREEZE, "end of the year"},
	{"2026-12-25", NULL, DATE_HOLIDAY, "Christmas Day"},
	{"2027-01-01", NULL, DATE_HOLIDAY, "New Year's Day"},
	{"2027-01-04", NULL, DATE_SPECIAL, "stock-taking"},
	{"2027-01-18", NULL, DATE_HOLIDAY, "Birthday of Martin Luther King, Jr."},
	{"2027-02-15", NULL, DATE_HOLIDAY, "Washington's Birthday"},
	{"2027-05-31", NULL, DATE_HOLIDAY, "Memorial Day"},
	{"2027-06-18", NULL, DATE_HOLIDAY, "Juneteenth"},
	{"2027-07-05", NULL, DATE_HOLIDAY, "Independence Day"},
	{"2027-09-06", NULL, DATE_HOLIDAY, "Labor Day"},
	{"2027-10-11", NULL, DATE_HOLIDAY, "Columbus Day"},
	{"2027-11-11", NULL, DATE_HOLIDAY, "Veterans Day"},
	{"2027-11-25", NULL, DATE_HOLIDAY, "Thanksgiving Day"},
	{"2027-12-24", NULL, DATE_HOLIDAY, "Christmas Day"},
	{"2027-12-31", NULL, DATE_HOLIDAY, "New Year's Day 2028"},
};

static struct calendar_date dates[ARRAY_LEN(federal)];

/* What the night before left over runs on the closed day. */
static struct calendar_date night_off[1];

static struct calendar desk = {
	.id = "desk",
	.week = {[1] = OFFICE, [2] = OFFICE, [3] = OFFICE, [4] = OFFICE, [5] = OFFICE},
	.dates = dates,
	.dates_count = ARRAY_LEN(dates),
};
static struct calendar split = {
	.id = "split",
	.week = {[1] = SPLIT, [2] = SPLIT, [3] = SPLIT, [4] = SPLIT, [5] = SPLIT},
};
static struct calendar nights = {
	.id = "nights",
	.week = {[1] = NIGHT, [2] = NIGHT, [3] = NIGHT, [4] = NIGHT, [5] = NIGHT},
	.dates = night_off,
	.dates_count = 1,
};
static struct calendar early = {
	.id = "early",
	.week = {[0] = {.spans = {{HOUR, 4 * HOUR}}, .count = 1},
                 [1] = {.spans = {{23 * HOUR, 29 * HOUR}}, .count = 1},
                 [2] = {.spans = {{4 * HOUR, 9 * HOUR}}, .count = 1}},
};
static struct calendar all_week = {
	.id = "all week",
	.week = {ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY},
};
static struct calendar always = {.id = "always", .always = true};
static struct calendar shut = {.id = "shut"};

static struct calendar *const all[] = {&desk, &split, &nights, &early, &all_week, &always, &shut};

static int make_calendars(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		all[i]->zone = when_zone(NY);
	for (size_t i = 0; i < ARRAY_LEN(federal); i++) {
		dates[i] = (struct calendar_date){
			.first_day = when_day(federal[i].first),
			.last_day = when_day(federal[i].last ? federal[i].last : federal[i].first),
			.kind = federal[i].kind,
			.name = federal[i].name,
			.hours = {.spans = {{10 * HOUR, 14 * HOUR}}, .count = 1},
		};
	}
	night_off[0] = (struct calendar_date){
		.first_day = when_day("2026-11-03"),
		.last_day = when_day("2026-11-03"),
		.kind = DATE_CLOSED,
	};
	return 0;
}

static void expect_time(const char *name, wall_ms at, const char *text)
{
	const struct zone *zone = when_zone(NY);
	wall_ms expected = text[0] == 'n' ? WALL_NEVER : when(zone, text);
	char out[WHEN_TEXT_SIZE];

	if (at != expected)
		fail_msg("%s: %s, not %s", name, when_text(zone, at, out), text);
}

#define H(hours) ((hours)*HOUR_MS)

static const struct {
	const char *name;
	const struct calendar *calendar;
	const char *from;
	int64_t ms;
	const char *due;
} sums[] = {
	{"within the day", &desk, "2026-11-20 09:00", H(3), "2026-11-20 12:00"},
	{"Friday 17:30 and 3 hours", &desk, "2026-11-20 17:30", H(3), "2026-11-23 10:30"},
	{"Friday 2026-07-03 counts zero", &desk, "2026-07-02 17:30", H(3), "2026-07-06 10:30"},
	{"from a closed Friday", &desk, "2026-07-03 11:00", H(3), "2026-07-06 11:00"},
	{"exactly to the end of the day", &desk, "2026-11-20 08:00", H(10), "2026-11-20 18:00"},
	{"a millisecond more", &desk, "2026-11-20 08:00:00", H(10) + 1, "2026-11-23 08:00"},
	{"from the night", &desk, "2026-11-20 03:00", H(1), "2026-11-20 09:00"},
	{"from the close", &desk, "2026-11-20 18:00", H(1), "2026-11-23 09:00"},
	{"nothing, while open", &desk, "2026-11-20 12:00", 0, "2026-11-20 12:00"},
	{"nothing, while closed", &desk, "2026-11-20 19:00", 0, "2026-11-23 08:00"},
	{"less than nothing", &desk, "2026-11-20 12:00", -5, "2026-11-20 12:00"},
	{"2 business days", &desk, "2026-11-19 16:00", H(20), "2026-11-23 16:00"},
	{"5 business days over Thanksgiving", &desk, "2026-11-20 17:30", H(50), "2026-11-30 17:30"},
	{"10 business days", &desk, "2026-11-02 08:00", H(100), "2026-11-16 18:00"},
	{"New Year", &desk, "2026-12-31 17:00", H(2), "2027-01-04 11:00"},
	{"New Year 2028 is kept in 2027", &desk, "2027-12-30 17:00", H(2), "2028-01-03 09:00"},
	{"Christmas 2027 is kept on Friday", &desk, "2027-12-23 17:00", H(2), "2027-12-27 09:00"},
	{"Juneteenth 2027 is kept on Friday", &desk, "2027-06-17 17:00", H(2), "2027-06-21 09:00"},
	{"a day that is closed once", &desk, "2026-12-07 17:00", H(2), "2026-12-09 09:00"},
	{"a short day", &desk, "2026-12-14 17:00", H(6), "2026-12-16 09:00"},
	{"a freeze is open", &desk, "2026-12-22 17:00", H(2), "2026-12-23 09:00"},
	{"special hours win over a freeze", &desk, "2027-01-04 09:00", H(1), "2027-01-04 11:00"},
	{"over the spring change", &desk, "2026-03-06 17:00", H(2), "2026-03-09 09:00"},
	{"over the autumn change", &desk, "2026-10-30 17:00", H(2), "2026-11-02 09:00"},
	{"a year", &desk, "2026-01-02 08:00", H(10) * 248 + H(4), "2026-12-31 18:00"},
	{"lunch does not count", &split, "2026-11-20 11:30", H(1), "2026-11-20 13:30"},
	{"hours that touch", &split, "2026-11-20 16:30", H(1), "2026-11-20 17:30"},
	{"over the night", &nights, "2026-11-19 23:00", H(5), "2026-11-20 04:00"},
	{"Friday's night runs on Saturday", &nights, "2026-11-21 05:00", H(2), "2026-11-23 23:00"},
	{"Monday's night runs on a closed Tuesday", &nights, "2026-11-03 03:00", H(4),
         "2026-11-04 23:00"},
	{"the hour that is skipped", &early, "2026-03-08 00:00", H(3), "2026-03-09 24:00"},
	{"the hour that comes twice", &early, "2026-11-01 00:00", H(4), "2026-11-01 04:00"},
	{"what overlaps counts once", &early, "2026-11-23 23:00", H(10), "2026-11-24 09:00"},
	{"all the week over the spring change", &all_week, "2026-03-07 12:00", H(24),
         "2026-03-08 13:00"},
	{"always", &always, "2026-11-20 17:30", H(30), "2026-11-21 23:30"},
	{"never open", &shut, "2026-11-20 17:30", 1, NEVER},
	{"beyond the horizon", &desk, "2026-11-20 17:30", H(10000), NEVER},
};

static void test_add(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sums); i++) {
		wall_ms from = when(sums[i].calendar->zone, sums[i].from);
		wall_ms due = calendar_add(sums[i].calendar, from, sums[i].ms);
		int64_t counted;

		/* The row with one more millisecond is told without it. */
		expect_time(sums[i].name, sums[i].ms == H(10) + 1 ? due - 1 : due, sums[i].due);
		if (due == WALL_NEVER || sums[i].ms < 0)
			continue;
		counted = calendar_between(sums[i].calendar, from, due);
		if (counted != sums[i].ms)
			fail_msg("%s: %" PRId64 " ms between", sums[i].name, counted);
	}
}

static const struct {
	const char *name;
	const struct calendar *calendar;
	const char *at;
	bool open;
	const char *next_open, *next_close;
} states[] = {
	{"before the day", &desk, "2026-11-20 07:59:59", false, "2026-11-20 08:00",
         "2026-11-20 07:59:59"},
	{"the day begins", &desk, "2026-11-20 08:00", true, "2026-11-20 08:00", "2026-11-20 18:00"},
	{"in the day", &desk, "2026-11-20 12:34:56", true, "2026-11-20 12:34:56",
         "2026-11-20 18:00"},
	{"the day has ended", &desk, "2026-11-20 18:00", false, "2026-11-23 08:00",
         "2026-11-20 18:00"},
	{"a holiday", &desk, "2026-07-03 12:00", false, "2026-07-06 08:00", "2026-07-03 12:00"},
	{"at lunch", &split, "2026-11-20 12:30", false, "2026-11-20 13:00", "2026-11-20 12:30"},
	{"what touches is one opening", &split, "2026-11-20 16:00", true, "2026-11-20 16:00",
         "2026-11-20 18:00"},
	{"at night", &nights, "2026-11-20 00:30", true, "2026-11-20 00:30", "2026-11-20 06:00"},
	{"the night after a closed day", &nights, "2026-11-04 00:30", false, "2026-11-04 22:00",
         "2026-11-04 00:30"},
	{"nights that become one", &early, "2026-11-24 04:30", true, "2026-11-24 04:30",
         "2026-11-24 09:00"},
	{"a night beside another", &early, "2026-11-23 23:30", true, "2026-11-23 23:30",
         "2026-11-24 09:00"},
	{"all the week", &all_week, "2026-11-20 12:00", true, "2026-11-20 12:00", NEVER},
	{"always", &always, "2026-11-20 12:00", true, "2026-11-20 12:00", NEVER},
	{"never", &shut, "2026-11-20 12:00", false, NEVER, "2026-11-20 12:00"},
};

static void test_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		const struct calendar *calendar = states[i].calendar;
		wall_ms at = when(calendar->zone, states[i].at);

		if (calendar_is_open(calendar, at) != states[i].open)
			fail_msg("%s: it is not", states[i].name);
		expect_time(states[i].name, calendar_next_open(calendar, at), states[i].next_open);
		expect_time(states[i].name, calendar_next_close(calendar, at),
		            states[i].next_close);
	}
}

static const struct {
	const char *at;
	const char *name; /* NULL: an ordinary day */
	bool freeze;
} entries[] = {
	{"2026-07-03 00:00", "Independence Day", false},
	{"2026-07-03 23:59:59", "Independence Day", false},
	{"2026-07-02 23:59:59", "release freeze", true},
	{"2026-07-04 00:00", "release freeze", true},
	{"2026-07-07 00:00", NULL, false},
	{"2026-12-08 12:00", "all hands", false},
	{"2026-12-25 12:00", "Christmas Day", false},
	{"2026-12-28 12:00", "end of the year", true},
	{"2027-01-04 12:00", "stock-taking", true},
	{"2027-12-31 12:00", "New Year's Day 2028", false},
	{"2028-01-01 12:00", NULL, false},
};

static void test_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		wall_ms at = when(desk.zone, entries[i].at);
		const struct calendar_date *date = calendar_date_at(&desk, at);

		if (calendar_is_freeze(&desk, at) != entries[i].freeze || !date != !entries[i].name)
			fail_msg("%s", entries[i].at);
		if (date)
			assert_string_equal(date->name, entries[i].name);
	}
	assert_null(calendar_date_at(&always, when(desk.zone, "2026-07-03 12:00")));
	assert_false(calendar_is_freeze(&always, when(desk.zone, "2026-07-02 12:00")));
}

/* A due time that is not within the horizon may be counted on from. */
static void test_never(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		assert_true(calendar_add(all[i], WALL_NEVER, HOUR_MS) == WALL_NEVER);
		assert_true(calendar_next_open(all[i], WALL_NEVER) == WALL_NEVER);
		assert_true(calendar_next_close(all[i], WALL_NEVER) == WALL_NEVER);
		assert_int_equal(calendar_between(all[i], WALL_NEVER, WALL_NEVER), 0);
		assert_int_equal(calendar_between(all[i], 1000, 1000), 0);
		assert_int_equal(calendar_between(all[i], 1000, 0), 0);
		(void)calendar_date_at(all[i], WALL_NEVER);
	}
	assert_true(calendar_between(&desk, when(desk.zone, "2026-11-20 17:30"), WALL_NEVER) > 0);
	assert_true(calendar_add(&always, 1, INT64_MAX) == WALL_NEVER);
	assert_true(calendar_add(&always, INT64_MIN, 5) == INT64_MIN + 5);
	assert_true(calendar_next_open(&shut, INT64_MIN) == WALL_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_never),
	};

	return cmocka_run_group_tests(tests, make_calendars, NULL);
}
