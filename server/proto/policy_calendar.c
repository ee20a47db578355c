/* SPDX-License-Identifier: MIT */
/* `calendars`: hours of the week, and the dates on which it is different. */
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "proto/policy_sections.h"

#define CALENDARS_MAX 16
#define DATES_MAX     400
#define RUN_MAX_DAYS  60
#define DAY_S         86400

/* --- hours of a day --- */

/* "08:00", up to "24:00", as seconds; -1: not a time. */
static int time_parse(const char *text)
{
	int hour, minute;

	if (strspn(text, "0123456789") != 2 || text[2] != ':' ||
	    strspn(text + 3, "0123456789") != 2)
		return -1;
	hour = (text[0] - '0') * 10 + (text[1] - '0');
	minute = (text[3] - '0') * 10 + (text[4] - '0');
	if (minute > 59 || hour * 60 + minute > 24 * 60)
		return -1;
	return (hour * 60 + minute) * 60;
}

bool policy_time(const struct policy_node *node, int *out)
{
	const char *text = json_string_value(node->value);
	int second = text != NULL && json_string_length(node->value) == 5 ? time_parse(text) : -1;

	if (node->value == NULL)
		return false;
	if (second < 0 || second >= DAY_S)
		return policy_wrong(node, "it must be a time of the day like \"09:00\"");
	*out = second;
	return true;
}

static bool read_span(const struct policy_node *node, struct day_span *out)
{
	const char *text = json_string_value(node->value);
	int from = -1, to = -1;

	if (text != NULL && json_string_length(node->value) == 11 && text[5] == '-') {
		from = time_parse(text);
		to = time_parse(text + 6);
	}
	if (from < 0 || to < 0 || from == DAY_S || from == to)
		return policy_wrong(node, "it must be hours like \"08:00-18:00\", or over midnight "
		                          "\"22:00-06:00\", or all day \"00:00-24:00\"");
	*out = (struct day_span){.from_s = from, .to_s = to > from ? to : to + DAY_S};
	return true;
}

static void read_hours(const struct policy_node *node, struct day_hours *out)
{
	size_t count = policy_list(node, CALENDAR_SPANS_MAX);

	*out = (struct day_hours){0};
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		struct day_span span;

		if (!read_span(&item, &span))
			continue;
		if (out->count > 0 && span.from_s < out->spans[out->count - 1].to_s)
			(void)policy_wrong(&item,
			                   "these hours begin before the ones in front of them "
			                   "end");
		else
			out->spans[out->count++] = span;
	}
}

/* --- the week --- */

static const char *const weekdays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday"};

static int weekday_find(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(weekdays); i++) {
		if (span_is(name, weekdays[i]))
			return (int)i;
	}
	return -1;
}

/* "monday", or "monday-friday". */
static bool weekdays_parse(const char *name, int *first, int *last)
{
	size_t len = strcspn(name, "-");
	bool one = name[len] == '\0';

	*first = weekday_find((struct span){.ptr = name, .len = len});
	*last = one ? *first : weekday_find(span_of(name + len + 1));
	return *first >= 0 && *last >= 0;
}

static void take_day(const struct policy_node *node, struct calendar *calendar, unsigned *said,
                     int day)
{
	if ((*said & 1U << day) != 0)
		(void)policy_wrong(node, "%s is said twice", weekdays[day]);
	*said |= 1U << day;
	read_hours(node, &calendar->week[day]);
}

static void read_week(const struct policy_node *node, struct calendar *calendar)
{
	const char *name;
	json_t *value;
	unsigned said = 0;

	if (!policy_need(node))
		return;
	if (!json_is_object(node->value)) {
		(void)policy_wrong(node, "it must be an object: {...}");
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)node->value, name, value) { /* NOLINT: only read */
		const struct policy_node member = policy_member(node, name);
		int first, last;

		if (!weekdays_parse(name, &first, &last)) {
			(void)policy_wrong(&member, "there is no such day; write \"monday\" or "
			                            "\"monday-friday\"");
			continue;
		}
		for (int day = first;; day = (day + 1) % 7) {
			take_day(&member, calendar, &said, day);
			if (day == last)
				break;
		}
	}
	for (int day = 0; day < 7; day++) {
		if ((said & 1U << day) == 0)
			(void)policy_wrong(node,
			                   "%s is missing; write [] for a day that is closed on "
			                   "purpose",
			                   weekdays[day]);
	}
}

/* --- dates --- */

/* One of the four lists of dates. */
struct date_list {
	const char *name;
	enum date_kind kind;
};

static const struct date_list date_lists[] = {
	{"holidays", DATE_HOLIDAY},
	{"closed", DATE_CLOSED},
	{"freeze", DATE_FREEZE},
	{"special", DATE_SPECIAL},
};

static bool read_date(const struct policy_node *node, enum date_kind kind,
                      struct calendar_date *out)
{
	static const char *const names[] = {"date", "to", "name", NULL};
	static const char *const names_special[] = {"date", "to", "name", "hours", NULL};
	struct policy_node date, to, name, hours;
	bool good;

	if (!policy_object(node, kind == DATE_SPECIAL ? names_special : names))
		return false;
	date = policy_member(node, "date");
	to = policy_member(node, "to");
	name = policy_member(node, "name");
	hours = policy_member(node, "hours");
	*out = (struct calendar_date){.kind = kind, .name = ""};
	good = policy_need(&date) && policy_day(&date, &out->first_day);
	out->last_day = out->first_day;
	if (policy_day(&to, &out->last_day) && good &&
	    (out->last_day < out->first_day || out->last_day - out->first_day >= RUN_MAX_DAYS))
		good = policy_wrong(&to, "it must be on or after `date`, at most %d days later",
		                    RUN_MAX_DAYS - 1);
	if (policy_need(&name))
		(void)policy_text(&name, 100, &out->name);
	if (kind != DATE_SPECIAL)
		return good;
	read_hours(&hours, &out->hours);
	if (out->hours.count == 0)
		return policy_wrong(&hours, "it needs hours; what is closed belongs into `closed`");
	return good;
}

/* By day; of one day a freeze comes last. */
static int date_order(const void *a, const void *b)
{
	const struct calendar_date *left = a, *right = b;

	if (left->first_day != right->first_day)
		return left->first_day < right->first_day ? -1 : 1;
	return (left->kind == DATE_FREEZE) - (right->kind == DATE_FREEZE);
}

/* A day is a holiday, closed or special, not two of them. */
static void check_dates(const struct policy_node *node, const struct calendar *calendar)
{
	const struct calendar_date *before = NULL;

	for (size_t i = 0; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->kind == DATE_FREEZE)
			continue;
		if (before != NULL && date->first_day <= before->last_day)
			(void)policy_wrong(node, "\"%s\" and \"%s\" are on one day", before->name,
			                   date->name);
		before = date;
	}
}

static void read_dates(const struct policy_node *node, struct calendar *calendar)
{
	struct calendar_date *dates;
	size_t count = 0;

	dates = policy_alloc(node, ARRAY_LEN(date_lists) * DATES_MAX, sizeof(*dates));
	for (size_t i = 0; i < ARRAY_LEN(date_lists); i++) {
		const struct policy_node list = policy_member(node, date_lists[i].name);
		size_t items = policy_list(&list, DATES_MAX);

		for (size_t k = 0; k < items; k++) {
			const struct policy_node item = policy_element(&list, k);

			if (read_date(&item, date_lists[i].kind, &dates[count]))
				count++;
		}
	}
	qsort(dates, count, sizeof(*dates), date_order);
	calendar->dates = dates;
	calendar->dates_count = count;
	check_dates(node, calendar);
}

/* --- a calendar --- */

/* A zone that another calendar has too is loaded once. */
static const struct zone *zone_known(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->calendars_count; i++) {
		if (strcmp(policy->calendars[i].zone->name, name) == 0)
			return policy->calendars[i].zone;
	}
	return NULL;
}

bool policy_zone(const struct policy_node *node, const struct zone **out)
{
	struct policy_read *read = node->read;
	struct zone *zone;
	const char *name;
	enum status st;

	if (!policy_text(node, ZONE_NAME_SIZE - 1, &name))
		return false;
	*out = zone_known(read->policy, name);
	if (*out != NULL)
		return true;
	*out = &zone_utc;
	zone = policy_alloc(node, 1, sizeof(*zone));
	st = read->zones->load(read->zones->ctx, name, &read->policy->arena, zone);
	if (st == ST_UNAVAILABLE)
		return policy_wrong(node, "the time zone \"%s\" cannot be read", name);
	if (st != ST_OK)
		return policy_wrong(node,
		                    "there is no time zone \"%s\"; write a name like "
		                    "\"America/New_York\" or \"UTC\"",
		                    name);
	(void)span_copy(zone->name, sizeof(zone->name), span_of(name));
	*out = zone;
	return true;
}

static int64_t longest_day(const struct calendar *calendar)
{
	int64_t longest = 0;

	for (size_t day = 0; day < ARRAY_LEN(calendar->week); day++) {
		const struct day_hours *hours = &calendar->week[day];
		int64_t length = 0;

		for (unsigned i = 0; i < hours->count; i++)
			length += hours->spans[i].to_s - hours->spans[i].from_s;
		if (length > longest)
			longest = length;
	}
	return longest * SEC_MS;
}

static void read_calendar(const struct policy_node *node, struct calendar *calendar)
{
	static const char *const names[] = {"always",   "zone",        "week",
	                                    "holidays", "closed",      "freeze",
	                                    "special",  "known_until", NULL};
	struct policy_node always, zone, week, known;

	calendar->id = arena_strdup(&node->read->policy->arena, node->name);
	calendar->zone = &zone_utc;
	calendar->business_day_ms = DAY_MS;
	if (!policy_object(node, names))
		return;
	always = policy_member(node, "always");
	(void)policy_bool(&always, &calendar->always);
	if (calendar->always) {
		for (size_t i = 1; names[i] != NULL; i++) {
			const struct policy_node other = policy_member(node, names[i]);

			if (other.value != NULL)
				(void)policy_wrong(&other, "it means nothing in a calendar that is "
				                           "always open");
		}
		return;
	}
	zone = policy_member(node, "zone");
	week = policy_member(node, "week");
	known = policy_member(node, "known_until");
	if (policy_need(&zone))
		(void)policy_zone(&zone, &calendar->zone);
	read_week(&week, calendar);
	read_dates(node, calendar);
	(void)policy_day(&known, &calendar->known_until_day);
	if (longest_day(calendar) > 0)
		calendar->business_day_ms = longest_day(calendar);
}

void policy_calendars_read(const struct policy_node *root)
{
	const struct policy_node node = policy_member(root, "calendars");
	struct policy *policy = root->read->policy;
	struct calendar *calendars;
	const char *id;
	json_t *value;

	if (!policy_need(&node))
		return;
	if (json_object_size(node.value) == 0 || json_object_size(node.value) > CALENDARS_MAX) {
		(void)policy_wrong(&node, "it must be an object with 1 to %d calendars",
		                   CALENDARS_MAX);
		return;
	}
	calendars = policy_alloc(&node, CALENDARS_MAX, sizeof(*calendars));
	policy->calendars = calendars;
	json_object_foreach((json_t *)(uintptr_t)node.value, id, value) { /* NOLINT: only read */
		const struct policy_node member = policy_member(&node, id);

		read_calendar(&member, &calendars[policy->calendars_count]);
		policy->calendars_count++;
	}
}
