/* SPDX-License-Identifier: MIT */
/* A calendar is a row of openings on the time line. A walk makes them day by day: the hours of
 * the date with what overnight hours of the day before left over, turned into moments. Far from a
 * change of the clocks that is one subtraction; near one the zone is asked. */
#include "core/calendar.h"

#include "base/must.h"

#define DAY_S        86400
#define DAY_SPAN_MAX (2 * CALENDAR_SPANS_MAX) /* the day's own, and those left over */

/* Of one local date: ascending, apart from each other, all within the day. */
struct day_plan {
	struct day_span spans[DAY_SPAN_MAX];
	unsigned count;
};

struct walk {
	const struct calendar *calendar;
	int64_t day, last_day;
	size_t date; /* what is before it in the list ended before `day` */
	const struct day_hours *yesterday;
	struct zone_stretch stretch; /* of the zone, around the last moment */
	struct day_plan plan;
	unsigned next; /* of the plan */
};

struct opening {
	wall_ms from, until;
};

/* Where a walk would leave what a wall_ms can hold: WALL_NEVER, say. */
static bool is_beyond(wall_ms at)
{
	const int64_t room = INT64_C(2) * CALENDAR_HORIZON_DAYS * DAY_MS;

	return at > INT64_MAX - room || at < INT64_MIN + room;
}

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

static int weekday_of(int64_t days)
{
	return (int)(days + 4 - floor_div(days + 4, 7) * 7);
}

/* The first that covers the day; a freeze only when nothing else does. `frozen_out`: there is a
 * freeze. Looks from `first` on. */
static const struct calendar_date *find_date(const struct calendar *calendar, size_t first,
                                             int64_t day, bool *frozen_out)
{
	const struct calendar_date *found = NULL, *freeze = NULL;

	for (size_t i = first; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->first_day > day)
			break;
		if (date->last_day < day)
			continue;
		if (date->kind == DATE_FREEZE && !freeze)
			freeze = date;
		else if (date->kind != DATE_FREEZE && !found)
			found = date;
	}
	*frozen_out = freeze != NULL;
	return found ? found : freeze;
}

static const struct day_hours *hours_on(const struct calendar *calendar, size_t first, int64_t day)
{
	static const struct day_hours closed = {.count = 0};
	bool frozen;
	const struct calendar_date *date = find_date(calendar, first, day, &frozen);

	if (!date)
		return &calendar->week[weekday_of(day)];
	switch (date->kind) {
	case DATE_HOLIDAY:
	case DATE_CLOSED:
		return &closed;
	case DATE_FREEZE:
		return &calendar->week[weekday_of(day)];
	case DATE_SPECIAL:
		return &date->hours;
	}
	MUST(0);
}

/* Puts a span where it belongs; what touches it becomes one with it. */
static void plan_add(struct day_plan *plan, struct day_span span)
{
	struct day_plan out = {.count = 0};

	for (unsigned i = 0; i < plan->count; i++) {
		struct day_span other = plan->spans[i];

		if (other.to_s < span.from_s) {
			out.spans[out.count++] = other;
		} else if (other.from_s > span.to_s) {
			out.spans[out.count++] = span;
			span = other;
		} else {
			span.from_s = other.from_s < span.from_s ? other.from_s : span.from_s;
			span.to_s = other.to_s > span.to_s ? other.to_s : span.to_s;
		}
	}
	MUST(out.count < DAY_SPAN_MAX);
	out.spans[out.count++] = span;
	*plan = out;
}

static bool is_overnight(const struct day_hours *hours)
{
	return hours->count > 0 && hours->spans[hours->count - 1].to_s > DAY_S;
}

static void plan_day(struct day_plan *plan, const struct day_hours *today,
                     const struct day_hours *yesterday)
{
	plan->count = 0;
	for (unsigned i = 0; i < today->count; i++) {
		struct day_span span = today->spans[i];

		if (span.to_s > DAY_S)
			span.to_s = DAY_S;
		if (span.from_s < span.to_s)
			plan->spans[plan->count++] = span;
	}
	if (!is_overnight(yesterday))
		return;
	for (unsigned i = 0; i < yesterday->count; i++) {
		struct day_span span = {yesterday->spans[i].from_s - DAY_S,
		                        yesterday->spans[i].to_s - DAY_S};

		if (span.from_s < 0)
			span.from_s = 0;
		if (span.from_s < span.to_s)
			plan_add(plan, span);
	}
}

static void walk_plan(struct walk *walk)
{
	const struct calendar *calendar = walk->calendar;
	const struct day_hours *today;

	while (walk->date < calendar->dates_count &&
	       calendar->dates[walk->date].last_day < walk->day)
		walk->date++;
	today = hours_on(calendar, walk->date, walk->day);
	plan_day(&walk->plan, today, walk->yesterday);
	walk->yesterday = today;
	walk->next = 0;
}

/* Stands before the first opening of the local date of `from`: one that ended on a date before
 * ended before `from`. */
static void walk_start(struct walk *walk, const struct calendar *calendar, wall_ms from)
{
	int64_t utc_s = floor_div(from, SEC_MS);

	walk->calendar = calendar;
	zone_stretch_at(calendar->zone, utc_s, &walk->stretch);
	walk->day = floor_div(utc_s + walk->stretch.type->offset_s, DAY_S);
	walk->last_day = walk->day + CALENDAR_HORIZON_DAYS;
	walk->yesterday = hours_on(calendar, 0, walk->day - 1);
	walk->date = 0;
	walk_plan(walk);
}

/* What the zone says, without asking it when the moment is in the stretch that is at hand and
 * further than any gap from its edges. */
static wall_ms walk_moment(struct walk *walk, int second)
{
	struct zone_stretch *stretch = &walk->stretch;
	int64_t moment_s = walk->day * DAY_S + second - stretch->type->offset_s;
	wall_ms moment;

	if (moment_s - INT64_C(3) * DAY_S >= stretch->from_s && moment_s < stretch->until_s)
		return moment_s * SEC_MS;
	moment = zone_moment(walk->calendar->zone, walk->day, second);
	zone_stretch_at(walk->calendar->zone, moment / SEC_MS, stretch);
	return moment;
}

/* The next opening of one day; false: none up to the horizon. */
static bool walk_day_opening(struct walk *walk, struct opening *out)
{
	do {
		while (walk->next == walk->plan.count) {
			if (walk->day == walk->last_day)
				return false;
			walk->day++;
			walk_plan(walk);
		}
		out->from = walk_moment(walk, walk->plan.spans[walk->next].from_s);
		out->until = walk_moment(walk, walk->plan.spans[walk->next].to_s);
		walk->next++;
	} while (out->from >= out->until); /* the clocks skipped all of it */
	return true;
}

static bool first_behind(struct walk *walk, wall_ms at, struct opening *out)
{
	do {
		if (!walk_day_opening(walk, out))
			return false;
	} while (out->until <= at);
	return true;
}

bool calendar_is_open(const struct calendar *calendar, wall_ms at)
{
	struct walk walk;
	struct opening opening;

	if (calendar->always)
		return true;
	if (is_beyond(at))
		return false;
	walk_start(&walk, calendar, at);
	walk.last_day = walk.day + 1;
	return first_behind(&walk, at, &opening) && opening.from <= at;
}

wall_ms calendar_next_open(const struct calendar *calendar, wall_ms at)
{
	struct walk walk;
	struct opening opening;

	if (calendar->always)
		return at;
	if (is_beyond(at))
		return WALL_NEVER;
	walk_start(&walk, calendar, at);
	if (!first_behind(&walk, at, &opening))
		return WALL_NEVER;
	return opening.from > at ? opening.from : at;
}

wall_ms calendar_next_close(const struct calendar *calendar, wall_ms at)
{
	struct walk walk;
	struct opening opening, next;

	if (calendar->always)
		return WALL_NEVER;
	if (is_beyond(at))
		return at;
	walk_start(&walk, calendar, at);
	if (!first_behind(&walk, at, &opening) || opening.from > at)
		return at;
	while (walk_day_opening(&walk, &next) && next.from <= opening.until)
		opening.until = next.until;
	return opening.until < zone_moment(calendar->zone, walk.last_day, DAY_S) ? opening.until
	                                                                         : WALL_NEVER;
}

wall_ms calendar_add(const struct calendar *calendar, wall_ms from, int64_t ms)
{
	struct walk walk;
	struct opening opening;

	if (ms < 0)
		ms = 0;
	if (calendar->always)
		return from > 0 && ms > WALL_NEVER - from ? WALL_NEVER : from + ms;
	if (is_beyond(from))
		return WALL_NEVER;
	walk_start(&walk, calendar, from);
	while (first_behind(&walk, from, &opening)) {
		wall_ms start = opening.from > from ? opening.from : from;

		if (ms <= opening.until - start)
			return start + ms;
		ms -= opening.until - start;
	}
	return WALL_NEVER;
}

int64_t calendar_between(const struct calendar *calendar, wall_ms from, wall_ms to)
{
	struct walk walk;
	struct opening opening;
	int64_t sum = 0;

	if (to <= from)
		return 0;
	if (calendar->always)
		return to - from;
	if (is_beyond(from))
		return 0;
	walk_start(&walk, calendar, from);
	while (first_behind(&walk, from, &opening) && opening.from < to) {
		wall_ms start = opening.from > from ? opening.from : from;

		sum += (opening.until < to ? opening.until : to) - start;
	}
	return sum;
}

static int64_t local_day(const struct calendar *calendar, wall_ms at)
{
	int64_t utc_s = floor_div(at, SEC_MS);

	return floor_div(utc_s + zone_type_at(calendar->zone, utc_s)->offset_s, DAY_S);
}

const struct calendar_date *calendar_date_at(const struct calendar *calendar, wall_ms at)
{
	bool frozen;

	if (calendar->always)
		return NULL;
	return find_date(calendar, 0, local_day(calendar, at), &frozen);
}

bool calendar_is_freeze(const struct calendar *calendar, wall_ms at)
{
	const struct calendar_date *date;
	bool frozen;

	if (calendar->always)
		return false;
	date = find_date(calendar, 0, local_day(calendar, at), &frozen);
	return frozen && (date->kind == DATE_FREEZE || date->kind == DATE_SPECIAL);
}
