/* SPDX-License-Identifier: MIT */
/* Any bytes as a zone: what is taken for one has a time for each moment, a moment for each time,
 * and stretches without holes between them. */
#include <stdint.h>

#include "base/must.h"
#include "core/calendar.h"
#include "proto/tzif.h"

#define FAR       (INT64_C(1) << 60)
#define STRETCHES 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_moment(const struct zone *zone, int64_t utc_s)
{
	struct civil there;
	wall_ms moment;

	zone_local(zone, utc_s * SEC_MS, &there);
	moment = zone_moment(zone, civil_days(there.year, there.month, there.day), there.second);
	/* The first moment that shows it: never behind this one. */
	MUST(moment <= utc_s * SEC_MS);
}

static void check_stretches(const struct zone *zone)
{
	struct zone_stretch stretch;
	int64_t at = zone->count ? zone->at_s[0] - 1 : 0;

	for (int i = 0; i < STRETCHES; i++) {
		zone_stretch_at(zone, at, &stretch);
		MUST(stretch.from_s <= at && at < stretch.until_s);
		if (stretch.until_s == INT64_MAX || stretch.until_s > FAR / 1024)
			return;
		if (stretch.until_s > -FAR / 1024) {
			check_moment(zone, stretch.until_s - 1);
			check_moment(zone, stretch.until_s);
		}
		at = stretch.until_s;
	}
}

static void check_calendar(const struct zone *zone, wall_ms from)
{
	struct calendar calendar = {.zone = zone};
	wall_ms due;

	for (int i = 0; i < 7; i++)
		calendar.week[i] =
			(struct day_hours){.spans = {{0, 3600}, {80000, 90000}}, .count = 2};
	due = calendar_add(&calendar, from, 30 * HOUR_MS);
	MUST(due == WALL_NEVER || calendar_between(&calendar, from, due) == 30 * HOUR_MS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = {(const char *)data, size};
	struct arena arena = {0};
	struct zone_rule rule;
	struct zone zone;

	if (tzif_rule(bytes, &rule) == ST_OK) {
		zone = (struct zone){.rule = rule};
		check_stretches(&zone);
		check_calendar(&zone, INT64_C(1800000000) * SEC_MS);
	}
	if (tzif_parse(bytes, &arena, &zone) == ST_OK) {
		check_stretches(&zone);
		for (int64_t at = -FAR / 512; at < FAR / 512; at += FAR / 4096)
			check_moment(&zone, at);
		check_calendar(&zone, INT64_C(1800000000) * SEC_MS);
		if (zone.count)
			check_calendar(&zone, zone.at_s[zone.count / 2] % FAR);
	}
	arena_fini(&arena);
	return 0;
}
