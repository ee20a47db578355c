/* SPDX-License-Identifier: MIT */
#include "proto/guide_words.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"

#define DAY_S  86400
#define HOUR_S 3600

const char *const GUIDE_WEEKDAYS[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};

/* --- text --- */

static bool is_special(char c)
{
	return c != '\0' && strchr("\\`*_[]<>|~&#", c) != NULL;
}

static void put_line(struct buf *buf, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (is_special(text[i]))
			buf_char(buf, '\\');
		buf_char(buf, text[i]);
	}
}

void guide_text(struct buf *buf, const char *text)
{
	if (text != NULL)
		put_line(buf, text, strcspn(text, "\n"));
}

/* What would begin a list, a rule or a heading is kept from it. */
static void guard_start(struct buf *buf, const char *line, size_t len)
{
	size_t digits = strspn(line, "0123456789");

	if (len > 0 && strchr("-+=", line[0]) != NULL) {
		buf_char(buf, '\\');
	} else if (digits > 0 && digits < len && (line[digits] == '.' || line[digits] == ')')) {
		buf_add(buf, line, digits);
		buf_char(buf, '\\');
		line += digits;
		len -= digits;
	}
	put_line(buf, line, len);
}

void guide_prose(struct buf *buf, const char *text)
{
	while (text != NULL && *text != '\0') {
		size_t len = strcspn(text, "\n");
		const char *line = text;
		size_t left = len;

		while (left > 0 && (*line == ' ' || *line == '\t')) {
			line++;
			left--;
		}
		if (left > 2 && line[0] == '-' && line[1] == ' ') {
			buf_text(buf, "- ");
			guard_start(buf, line + 2, left - 2);
		} else {
			guard_start(buf, line, left);
		}
		buf_char(buf, '\n');
		text += len + (text[len] == '\n');
	}
}

/* --- lengths of time --- */

static void count_of(struct buf *buf, int64_t count, const char *clock, const char *unit)
{
	buf_i64(buf, count);
	buf_fmt(buf, " %s%s%s", clock, unit, count == 1 ? "" : "s");
}

/* "1 hour 30 minutes": units that are zero are left out. */
static void put_length(struct buf *buf, int64_t ms, const char *clock)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {{HOUR_MS, "hour"}, {MINUTE_MS, "minute"}, {SEC_MS, "second"}};
	const char *between = "";

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		int64_t count = ms / units[i].ms;

		if (count == 0)
			continue;
		buf_text(buf, between);
		count_of(buf, count, clock, units[i].name);
		ms -= count * units[i].ms;
		between = " ";
	}
}

void guide_duration(struct buf *buf, const struct duration *duration, const struct calendar *hours)
{
	int64_t ms = duration->ms;
	int64_t day = hours != NULL ? hours->business_day_ms : 0;
	bool wall = !duration->business || (hours != NULL && hours->always);

	if (ms == 0) {
		buf_text(buf, "none");
	} else if (wall) {
		if (ms >= 2 * DAY_MS && ms % DAY_MS == 0)
			count_of(buf, ms / DAY_MS, "", "day");
		else
			put_length(buf, ms, "");
	} else if (day > 0 && ms % day == 0) {
		count_of(buf, ms / day, "business ", "day");
		buf_text(buf, " (");
		put_length(buf, ms, "business ");
		buf_text(buf, ")");
	} else {
		put_length(buf, ms, "business ");
	}
}

/* --- dates and hours --- */

void guide_date(struct buf *buf, int64_t day)
{
	static const char *const months[] = {"January",   "February", "March",    "April",
	                                     "May",       "June",     "July",     "August",
	                                     "September", "October",  "November", "December"};
	struct civil civil;

	civil_from_days(day, &civil);
	buf_fmt(buf, "%s, %s %d, %d", GUIDE_WEEKDAYS[civil.weekday], months[civil.month - 1],
	        civil.day, civil.year);
}

static void put_clock(struct buf *buf, int second)
{
	buf_fmt(buf, "%02d:%02d", second / HOUR_S, second / 60 % 60);
}

void guide_moment(struct buf *buf, const struct zone *zone, wall_ms at)
{
	struct civil there;

	zone_local(zone, at, &there);
	guide_date(buf, civil_days(there.year, there.month, there.day));
	buf_text(buf, ", ");
	put_clock(buf, there.second);
}

void guide_zone(struct buf *buf, const struct zone *zone)
{
	static const struct {
		const char *name, *people_say;
	} known[] = {
		{"America/New_York", "Eastern"},     {"America/Chicago", "Central"},
		{"America/Denver", "Mountain"},      {"America/Los_Angeles", "Pacific"},
		{"America/Anchorage", "Alaska"},     {"Pacific/Honolulu", "Hawaii"},
		{"America/Puerto_Rico", "Atlantic"},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(zone->name, known[i].name) == 0) {
			buf_fmt(buf, "%s (", known[i].people_say);
			guide_text(buf, zone->name);
			buf_text(buf, ")");
			return;
		}
	}
	guide_text(buf, zone->name);
	buf_text(buf, " time");
}

void guide_day_hours(struct buf *buf, const struct day_hours *hours)
{
	if (hours->count == 0)
		buf_text(buf, "closed");
	for (unsigned i = 0; i < hours->count; i++) {
		const struct day_span *span = &hours->spans[i];
		bool overnight = span->to_s > DAY_S;

		if (i > 0)
			buf_text(buf, ", ");
		put_clock(buf, span->from_s);
		buf_char(buf, '-');
		put_clock(buf, overnight ? span->to_s - DAY_S : span->to_s);
		if (overnight)
			buf_text(buf, " of the next day");
	}
}

static bool same_hours(const struct day_hours *a, const struct day_hours *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		if (a->spans[i].from_s != b->spans[i].from_s ||
		    a->spans[i].to_s != b->spans[i].to_s)
			return false;
	}
	return true;
}

/* The week as people say it, from Monday on: neighbours with the same hours are one. */
static bool put_week(struct buf *buf, const struct day_hours week[7])
{
	bool any = false;

	for (int first = 1, last; first <= 7; first = last + 1) {
		const struct day_hours *hours = &week[first % 7];

		for (last = first; last < 7 && same_hours(hours, &week[(last + 1) % 7]);)
			last++;
		if (hours->count == 0)
			continue;
		if (any)
			buf_text(buf, "; ");
		buf_text(buf, GUIDE_WEEKDAYS[first % 7]);
		if (last > first)
			buf_fmt(buf, " %s %s", last == first + 1 ? "and" : "to",
			        GUIDE_WEEKDAYS[last % 7]);
		buf_char(buf, ' ');
		guide_day_hours(buf, hours);
		any = true;
	}
	return any;
}

void guide_hours(struct buf *buf, const struct calendar *calendar)
{
	if (calendar == NULL) {
		buf_text(buf, "not said");
	} else if (calendar->always) {
		buf_text(buf, "24 hours a day, 7 days a week");
	} else if (put_week(buf, calendar->week)) {
		buf_char(buf, ' ');
		guide_zone(buf, calendar->zone);
	} else {
		buf_text(buf, "on the dates below only");
	}
}

/* --- names --- */

const struct calendar *guide_desk_hours(const struct policy *policy)
{
	for (int i = 0; i < CHANNELS; i++) {
		if (policy->channels[i].offered && policy->channels[i].hours != NULL)
			return policy->channels[i].hours;
	}
	return NULL;
}

const char *guide_priority(enum priority priority)
{
	switch (priority) {
	case PRIORITY_LOW:
		return "Low";
	case PRIORITY_MEDIUM:
		return "Medium";
	case PRIORITY_HIGH:
		return "High";
	case PRIORITY_CRITICAL:
		return "Critical";
	}
	MUST(0);
}
