/* SPDX-License-Identifier: MIT */
/* What the arithmetic of business time costs: nanoseconds of CPU an operation, over a year of
 * starts that are two hours apart, under the hours and holidays of a usual desk. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../server/zones.h"
#include "base/must.h"
#include "core/calendar.h"

#define ROUNDS 40
#define STARTS 4380
#define HOUR   3600

static double cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int64_t add_3_hours(const struct calendar *calendar, wall_ms at)
{
	return calendar_add(calendar, at, 3 * HOUR_MS);
}

static int64_t add_10_days(const struct calendar *calendar, wall_ms at)
{
	return calendar_add(calendar, at, 100 * HOUR_MS);
}

static int64_t between_30_days(const struct calendar *calendar, wall_ms at)
{
	return calendar_between(calendar, at, at + 30 * DAY_MS);
}

static int64_t is_open(const struct calendar *calendar, wall_ms at)
{
	return calendar_is_open(calendar, at);
}

static int64_t local_time(const struct calendar *calendar, wall_ms at)
{
	struct civil there;

	zone_local(calendar->zone, at, &there);
	return there.second;
}

static const struct {
	const char *name;
	int64_t (*run)(const struct calendar *calendar, wall_ms at);
} rows[] = {
	{"local time of a moment", local_time},        {"is the desk open", is_open},
	{"3 business hours ahead", add_3_hours},       {"10 business days ahead", add_10_days},
	{"business time of 30 days", between_30_days}, {"next opening", calendar_next_open},
};

static void measure(const struct calendar *calendar, size_t row, wall_ms first)
{
	volatile int64_t sink = 0;
	double start = cpu_ns();

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < STARTS; i++)
			sink = rows[row].run(calendar, first + i * 2 * HOUR_MS);
	}
	(void)sink;
	printf("%-26s %6.0f ns\n", rows[row].name, (cpu_ns() - start) / ROUNDS / STARTS);
}

/* Two years of holidays, one every month or so. */
#define DATES 24

int main(void)
{
	struct day_hours office = {.spans = {{8 * HOUR, 18 * HOUR}}, .count = 1};
	struct calendar calendar = {.week = {[1] = office, office, office, office, office}};
	struct calendar_date dates[DATES];
	struct arena arena = {0};
	struct zones zones;
	struct zone_source source;
	struct zone zone;

	zones_init(&zones);
	source = zones_source(&zones);
	if (source.load(source.ctx, "America/New_York", &arena, &zone) != ST_OK)
		return EXIT_FAILURE;
	for (int i = 0; i < DATES; i++) {
		int64_t day = civil_days(2026 + i / 12, i % 12 + 1, 11);

		dates[i] = (struct calendar_date){.first_day = day, .last_day = day};
	}
	calendar.zone = &zone;
	calendar.dates = dates;
	calendar.dates_count = DATES;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		measure(&calendar, i, civil_days(2026, 1, 1) * DAY_MS);
	arena_fini(&arena);
	return EXIT_SUCCESS;
}
