/* SPDX-License-Identifier: MIT */
#include "support/when.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/zones.h"
#include "base/must.h"
#include "core/calendar.h"

wall_ms when(const struct zone *zone, const char *text)
{
	int year, month, day, hour, minute, second = 0;

	if (sscanf(text, "%d-%d-%d %d:%d:%d", &year, &month, &day, &hour, &minute, &second) < 5)
		fail_msg("not a time: %s", text);
	return zone_moment(zone, civil_days(year, month, day), (hour * 60 + minute) * 60 + second);
}

int64_t when_day(const char *text)
{
	int year, month, day;

	if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3)
		fail_msg("not a date: %s", text);
	return civil_days(year, month, day);
}

const char *when_text(const struct zone *zone, wall_ms at, char out[WHEN_TEXT_SIZE])
{
	struct civil there;

	if (at == WALL_NEVER)
		return "never";
	zone_local(zone, at, &there);
	(void)snprintf(out, WHEN_TEXT_SIZE, "%d-%02d-%02d %02d:%02d:%02d %s", there.year,
	               there.month, there.day, there.second / 3600, there.second / 60 % 60,
	               there.second % 60, zone_type_at(zone, at / SEC_MS)->abbreviation);
	return out;
}

#define ZONES_MAX 32

const struct zone *when_zone(const char *name)
{
	static struct arena arena;
	static struct zone loaded[ZONES_MAX];
	static size_t count;
	struct zones zones;
	struct zone_source source;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(loaded[i].name, name) == 0)
			return &loaded[i];
	}
	MUST(count < ZONES_MAX);
	zones_init(&zones);
	source = zones_source(&zones);
	if (source.load(source.ctx, name, &arena, &loaded[count]) != ST_OK)
		fail_msg("the zone %s is not on this machine: is tzdata installed?", name);
	return &loaded[count++];
}
