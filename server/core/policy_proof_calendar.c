/* SPDX-License-Identifier: MIT */
/* Every hour of the next two years is open or closed on purpose. */
#include <stdio.h>

#include "core/policy_proof_part.h"

#define PATH_SIZE 160
#define DAY_S     86400

static const char *const weekdays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday"};

static bool ever_opens(const struct calendar *calendar)
{
	for (size_t i = 0; i < 7; i++) {
		if (calendar->week[i].count > 0)
			return true;
	}
	for (size_t i = 0; i < calendar->dates_count; i++) {
		if (calendar->dates[i].kind == DATE_SPECIAL)
			return true;
	}
	return false;
}

static int weekday_of(int64_t day)
{
	return (int)((day + 4) % 7); /* 1970-01-01 was a Thursday */
}

/* The hours that a date has; closed ones have none. */
static const struct day_hours *hours_of(const struct calendar *calendar, int64_t day)
{
	static const struct day_hours closed = {.count = 0};

	for (size_t i = 0; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->kind == DATE_FREEZE || day < date->first_day || day > date->last_day)
			continue;
		return date->kind == DATE_SPECIAL ? &date->hours : &closed;
	}
	return &calendar->week[weekday_of(day)];
}

/* What runs over midnight must end before the next day begins. */
static bool runs_into(const struct day_hours *before, const struct day_hours *after)
{
	return before->count > 0 && after->count > 0 &&
	       before->spans[before->count - 1].to_s - DAY_S > after->spans[0].from_s;
}

static void prove_nights(const struct proof *proof, const struct calendar *calendar)
{
	char path[PATH_SIZE];

	for (size_t day = 0; day < 7; day++) {
		size_t next = (day + 1) % 7;

		(void)snprintf(path, sizeof(path), "$.calendars.%s.week.%s", calendar->id,
		               weekdays[next]);
		if (runs_into(&calendar->week[day], &calendar->week[next]))
			proof_mistake(proof, path, "its hours begin before those of %s have ended",
			              weekdays[day]);
	}
	(void)snprintf(path, sizeof(path), "$.calendars.%s.special", calendar->id);
	for (size_t i = 0; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->kind == DATE_SPECIAL &&
		    (runs_into(hours_of(calendar, date->first_day - 1), &date->hours) ||
		     runs_into(&date->hours, hours_of(calendar, date->last_day + 1)) ||
		     (date->last_day > date->first_day && runs_into(&date->hours, &date->hours))))
			proof_mistake(proof, path,
			              "the hours of \"%s\" overlap with those of a day beside it",
			              date->name);
	}
}

/* The first of those that come later, and how many there are besides. */
static void prove_none_later(const struct proof *proof, const struct calendar *calendar,
                             const char *path)
{
	const char *first = NULL;
	size_t others = 0;

	for (size_t i = 0; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->kind != DATE_HOLIDAY || date->last_day <= calendar->known_until_day)
			continue;
		others += first != NULL ? 1 : 0;
		first = first != NULL ? first : date->name;
	}
	if (first != NULL && others == 0)
		proof_mistake(proof, path, "\"%s\" comes later than that", first);
	else if (first != NULL)
		proof_mistake(proof, path, "\"%s\" and %zu more come later than that", first,
		              others);
}

static void prove_holidays(const struct proof *proof, const struct calendar *calendar)
{
	char path[PATH_SIZE];
	struct civil until;

	(void)snprintf(path, sizeof(path), "$.calendars.%s.known_until", calendar->id);
	if (calendar->known_until_day == 0) {
		proof_mistake(proof, path, "say up to which day its holidays are written down");
		return;
	}
	civil_from_days(calendar->known_until_day, &until);
	if (calendar->known_until_day < proof->today + POLICY_PROOF_DAYS)
		proof_warning(proof, path,
		              "holidays are written down until %04d-%02d-%02d only, which is less "
		              "than 24 months ahead",
		              until.year, until.month, until.day);
	prove_none_later(proof, calendar, path);
}

void proof_calendars(const struct proof *proof)
{
	for (size_t i = 0; i < proof->policy->calendars_count; i++) {
		const struct calendar *calendar = &proof->policy->calendars[i];
		char path[PATH_SIZE];

		if (calendar->always)
			continue;
		(void)snprintf(path, sizeof(path), "$.calendars.%s.week", calendar->id);
		if (!ever_opens(calendar))
			proof_mistake(proof, path, "it never opens");
		prove_nights(proof, calendar);
		prove_holidays(proof, calendar);
	}
}
