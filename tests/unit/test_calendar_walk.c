/* SPDX-License-Identifier: MIT */
/* The calendar beside one that walks minute by minute and takes its local times from libc, around
 * each change of the clocks of ten zones, under hours, dates and questions of a fixed seed. */
#include "core/calendar.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/must.h"
#include "support/when.h"

#define DAYS        9 /* the window around a change */
#define BEFORE_DAYS 4
#define MINUTES     ((size_t)DAYS * 1440)
#define DAY_MINUTES 1440
#define DATES       3
#define QUESTIONS   60
#define CALENDARS   6 /* a window */

static const char *const zones[] = {
	"America/New_York",  "Europe/Dublin",    "Australia/Lord_Howe", "Africa/Casablanca",
	"Asia/Kathmandu",    "America/St_Johns", "Pacific/Apia",        "Asia/Tehran",
	"America/Sao_Paulo", "Antarctica/Troll",
};

struct world {
	uint64_t seed;
	const struct zone *zone;
	wall_ms start;          /* of the window: a whole minute */
	int64_t shown[MINUTES]; /* the latest local minute that the clocks have shown by then */
	struct calendar calendar;
	struct calendar_date dates[DATES];
	bool open[MINUTES];
};

static uint64_t draw(struct world *world, uint64_t below)
{
	uint64_t x = world->seed;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	world->seed = x;
	return (x >> 11) % below;
}

/* Up to three intervals, to the minute; every third day runs into the next one. */
static struct day_hours draw_hours(struct world *world)
{
	struct day_hours hours = {.count = 0};
	unsigned count = (unsigned)draw(world, 4);
	int at = (int)draw(world, 600);

	for (unsigned i = 0; i < count && at < DAY_MINUTES; i++) {
		int until = at + 1 + (int)draw(world, 500);

		if (until > DAY_MINUTES && draw(world, 3) > 0)
			until = DAY_MINUTES;
		hours.spans[hours.count++] = (struct day_span){at * 60, until * 60};
		at = until + (int)draw(world, 300);
	}
	return hours;
}

static int64_t floor_day(int64_t minutes)
{
	return minutes / DAY_MINUTES - (minutes % DAY_MINUTES < 0);
}

static void draw_calendar(struct world *world)
{
	int64_t first = floor_day(world->shown[0]) + 1;

	world->calendar = (struct calendar){.id = "drawn", .zone = world->zone};
	for (int i = 0; i < 7; i++)
		world->calendar.week[i] = draw_hours(world);
	for (size_t i = 0; i < DATES; i++) {
		first += (int64_t)draw(world, 3);
		world->dates[i] = (struct calendar_date){
			.first_day = first,
			.last_day = first + (int64_t)draw(world, 3),
			.kind = (enum date_kind)draw(world, 4),
			.name = "drawn",
			.hours = draw_hours(world),
		};
	}
	world->calendar.dates = world->dates;
	world->calendar.dates_count = (size_t)draw(world, DATES + 1);
}

/* The rule of the header, said again in the plainest way. */
static const struct day_hours *hours_of(const struct calendar *calendar, int64_t day)
{
	static const struct day_hours closed = {.count = 0};
	const struct calendar_date *rules = NULL;
	int64_t weekday = (day + 4) % 7;

	for (size_t i = calendar->dates_count; i-- > 0;) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->first_day <= day && day <= date->last_day && date->kind != DATE_FREEZE)
			rules = date;
	}
	if (!rules)
		return &calendar->week[weekday];
	return rules->kind == DATE_SPECIAL ? &rules->hours : &closed;
}

static bool covers(const struct day_hours *hours, int64_t second)
{
	for (unsigned i = 0; i < hours->count; i++) {
		if (hours->spans[i].from_s <= second && second < hours->spans[i].to_s)
			return true;
	}
	return false;
}

static void walk_minutes(struct world *world)
{
	for (size_t i = 0; i < MINUTES; i++) {
		int64_t day = floor_day(world->shown[i]);
		int64_t second = (world->shown[i] - day * DAY_MINUTES) * 60;

		world->open[i] = covers(hours_of(&world->calendar, day), second) ||
		                 covers(hours_of(&world->calendar, day - 1), second + 86400);
	}
}

/* Clocks that go back show again what they had shown: an opening does not begin twice. */
static void read_clocks(struct world *world, int64_t change_s)
{
	int64_t latest = INT64_MIN;

	world->start = (change_s / 60 - BEFORE_DAYS * DAY_MINUTES) * MINUTE_MS;
	for (size_t i = 0; i < MINUTES; i++) {
		time_t at = (time_t)(world->start / SEC_MS) + (time_t)i * 60;
		struct tm tm;
		int64_t local;

		assert_non_null(localtime_r(&at, &tm));
		local = civil_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * DAY_MINUTES +
		        tm.tm_hour * 60 + tm.tm_min;
		latest = local > latest ? local : latest;
		world->shown[i] = latest;
	}
}

static bool is_open_at(const struct world *world, wall_ms at)
{
	return world->open[(at - world->start) / MINUTE_MS];
}

static wall_ms end_of(const struct world *world)
{
	return world->start + (int64_t)MINUTES * MINUTE_MS;
}

/* The next moment from `at` on that is open, or closed; the window's end: none in it. */
static wall_ms walk_to(const struct world *world, wall_ms at, bool open)
{
	while (at < end_of(world) && is_open_at(world, at) != open)
		at = world->start + ((at - world->start) / MINUTE_MS + 1) * MINUTE_MS;
	return at;
}

static int64_t walk_between(const struct world *world, wall_ms from, wall_ms to)
{
	int64_t sum = 0;

	while (from < to) {
		wall_ms next = world->start + ((from - world->start) / MINUTE_MS + 1) * MINUTE_MS;

		next = next < to ? next : to;
		if (is_open_at(world, from))
			sum += next - from;
		from = next;
	}
	return sum;
}

static wall_ms walk_add(const struct world *world, wall_ms from, int64_t ms)
{
	wall_ms at = walk_to(world, from, true);

	while (ms > 0 && at < end_of(world)) {
		wall_ms next = world->start + ((at - world->start) / MINUTE_MS + 1) * MINUTE_MS;

		if (is_open_at(world, at)) {
			if (ms <= next - at)
				return at + ms;
			ms -= next - at;
		}
		at = next;
	}
	return at;
}

static void expect(const struct world *world, const char *what, wall_ms at, wall_ms got,
                   wall_ms walked)
{
	char at_text[WHEN_TEXT_SIZE], got_text[WHEN_TEXT_SIZE], walked_text[WHEN_TEXT_SIZE];

	/* What the window does not show is only known to be behind it. */
	if (got == walked || (walked >= end_of(world) && got >= end_of(world)))
		return;
	fail_msg("%s, %s at %s: %s, walked: %s", world->zone->name, what,
	         when_text(world->zone, at, at_text), when_text(world->zone, got, got_text),
	         when_text(world->zone, walked, walked_text));
}

static void ask(struct world *world)
{
	const struct calendar *calendar = &world->calendar;
	/* Half of the questions are of whole minutes, where things begin and end. */
	uint64_t grain = draw(world, 2) ? MINUTE_MS : 1;
	wall_ms at = world->start + (wall_ms)(draw(world, MINUTES * MINUTE_MS / grain) * grain);
	wall_ms to = at + (wall_ms)draw(world, (uint64_t)(end_of(world) - at));
	int64_t ms = (int64_t)(draw(world, 40 * HOUR_MS / grain) * grain);

	expect(world, "open", at, calendar_is_open(calendar, at), is_open_at(world, at));
	expect(world, "next open", at, calendar_next_open(calendar, at), walk_to(world, at, true));
	expect(world, "next close", at, calendar_next_close(calendar, at),
	       walk_to(world, at, false));
	expect(world, "add", at, calendar_add(calendar, at, ms), walk_add(world, at, ms));
	expect(world, "between", at, calendar_between(calendar, at, to),
	       walk_between(world, at, to));
}

static void try_window(struct world *world, int64_t change_s)
{
	read_clocks(world, change_s);
	for (int i = 0; i < CALENDARS; i++) {
		draw_calendar(world);
		walk_minutes(world);
		for (int j = 0; j < QUESTIONS; j++)
			ask(world);
	}
}

/* Each change between two moments, and one window where nothing changes. Returns how many. */
static unsigned try_zone(struct world *world, const char *name, const char *from, const char *to)
{
	struct zone_stretch stretch;
	unsigned changes = 0;
	int64_t end_s = when(&zone_utc, to) / SEC_MS;

	world->zone = when_zone(name);
	assert_int_equal(setenv("TZ", name, 1), 0);
	tzset();
	try_window(world, when(&zone_utc, "2025-05-15 12:00") / SEC_MS);
	zone_stretch_at(world->zone, when(&zone_utc, from) / SEC_MS, &stretch);
	while (stretch.until_s < end_s) {
		try_window(world, stretch.until_s);
		zone_stretch_at(world->zone, stretch.until_s, &stretch);
		changes++;
	}
	return changes;
}

static void test_changes_to_come(void **state)
{
	static struct world world = {.seed = 20260703};
	unsigned changes = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(zones); i++)
		changes += try_zone(&world, zones[i], "2024-01-01 00:00", "2031-01-01 00:00");
	/* Six zones that change twice a year, for seven years. */
	assert_true(changes >= 6 * 14);
}

/* Over midnight, by a day, and by a rule of long after the file's transitions. */
static void test_strange_changes(void **state)
{
	static struct world world = {.seed = 20111230};

	(void)state;
	assert_true(try_zone(&world, "America/St_Johns", "2005-01-01 00:00", "2012-01-01 00:00") >=
	            13);
	assert_true(try_zone(&world, "America/Sao_Paulo", "2012-01-01 00:00", "2020-01-01 00:00") >=
	            13);
	assert_true(try_zone(&world, "Pacific/Apia", "2011-01-01 00:00", "2013-01-01 00:00") >= 4);
	assert_true(try_zone(&world, "Asia/Tehran", "2018-01-01 00:00", "2023-01-01 00:00") >= 8);
	assert_true(try_zone(&world, "Pacific/Kwajalein", "1993-01-01 00:00", "1994-01-01 00:00") >=
	            1);
	assert_true(try_zone(&world, "America/New_York", "2060-01-01 00:00", "2064-01-01 00:00") >=
	            8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes_to_come),
		cmocka_unit_test(test_strange_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
