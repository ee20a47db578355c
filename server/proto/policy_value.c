/* SPDX-License-Identifier: MIT */
/* Single values of the policy file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "proto/policy_read.h"
#include "proto/text.h"

#define DURATION_MAX_MS (INT64_C(400) * DAY_MS)
#define DIGITS_MAX      7

static struct span string_of(const struct policy_node *node)
{
	return (struct span){.ptr = json_string_value(node->value),
	                     .len = json_string_length(node->value)};
}

/* A string of 1 to `max` bytes without NUL. */
static bool string_fits(const struct policy_node *node, size_t max)
{
	struct span text = string_of(node);

	if (node->value == NULL)
		return false;
	if (!json_is_string(node->value))
		return policy_wrong(node, "it must be a text: \"...\"");
	if (text.len == 0)
		return policy_wrong(node, "it is empty; leave it out, or say something");
	if (text.len > max)
		return policy_wrong(node, "it has %zu bytes, at most %zu are possible", text.len,
		                    max);
	if (strlen(text.ptr) != text.len)
		return policy_wrong(node, "it has a NUL in it");
	return true;
}

bool policy_text(const struct policy_node *node, size_t max, const char **out)
{
	struct arena *arena = &node->read->policy->arena;
	struct span line;

	if (!string_fits(node, max))
		return false;
	line = text_line(arena, string_of(node), max + 1);
	if (!span_eq(line, string_of(node)))
		return policy_wrong(node, "it must be one line, without blanks at its ends and "
		                          "without control characters");
	*out = arena_span(arena, line).ptr;
	return true;
}

bool policy_prose(const struct policy_node *node, size_t max, const char **out)
{
	struct arena *arena = &node->read->policy->arena;
	struct span text;

	if (!string_fits(node, max))
		return false;
	if (text_message(arena, string_of(node), max, &text) != ST_OK)
		return policy_wrong(node, "it shows nothing, or has control characters");
	*out = arena_span(arena, text).ptr;
	return true;
}

bool policy_id(const struct policy_node *node, size_t size, const char **out)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	struct span text = string_of(node);

	if (node->value == NULL)
		return false;
	if (text.ptr == NULL || text.len == 0 || text.len >= size ||
	    strspn(text.ptr, allowed) != text.len)
		return policy_wrong(node,
		                    "it must be a name of 1 to %zu small letters, digits, \"-\" "
		                    "and \"_\"",
		                    size - 1);
	*out = arena_span(&node->read->policy->arena, text).ptr;
	return true;
}

bool policy_int(const struct policy_node *node, int min, int max, int *out)
{
	if (node->value == NULL)
		return false;
	if (!json_is_integer(node->value) || json_integer_value(node->value) < min ||
	    json_integer_value(node->value) > max)
		return policy_wrong(node, "it must be a whole number from %d to %d", min, max);
	*out = (int)json_integer_value(node->value); /* within its range */
	return true;
}

bool policy_bool(const struct policy_node *node, bool *out)
{
	if (node->value == NULL)
		return false;
	if (!json_is_boolean(node->value))
		return policy_wrong(node, "it must be true or false");
	*out = json_is_true(node->value);
	return true;
}

/* --- lengths of time --- */

struct unit {
	const char *name;
	int64_t ms; /* 0: a day of the calendar */
	bool business;
};

static const struct unit units[] = {
	{"s", SEC_MS, false}, {"min", MINUTE_MS, false}, {"h", HOUR_MS, false},
	{"d", DAY_MS, false}, {"bmin", MINUTE_MS, true}, {"bh", HOUR_MS, true},
	{"bd", 0, true},
};

/* "30 min": digits, one blank, a unit. */
static const struct unit *duration_split(const char *text, int64_t *number)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > DIGITS_MAX || text[digits] != ' ')
		return NULL;
	*number = strtoll(text, NULL, 10);
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strcmp(text + digits + 1, units[i].name) == 0)
			return &units[i];
	}
	return NULL;
}

static bool duration_wrong(const struct policy_node *node)
{
	return policy_wrong(node,
	                    "it must be a time like \"30 s\", \"5 min\", \"1 h\", \"2 d\", or "
	                    "in business time \"5 bmin\", \"3 bh\", \"2 bd\"");
}

bool policy_duration(const struct policy_node *node, const struct calendar *calendar,
                     struct duration *out)
{
	const char *text = json_string_value(node->value);
	const struct unit *unit;
	int64_t number = 0, ms;

	if (node->value == NULL)
		return false;
	unit = text != NULL ? duration_split(text, &number) : NULL;
	if (unit == NULL)
		return duration_wrong(node);
	if (calendar == NULL)
		calendar = node->read->business;
	ms = unit->ms;
	if (ms == 0)
		ms = calendar != NULL && calendar->business_day_ms > 0 ? calendar->business_day_ms
		                                                       : DAY_MS;
	if (number == 0 || number > DURATION_MAX_MS / ms)
		return policy_wrong(node, "it must be above 0 and at most 400 days");
	*out = (struct duration){.ms = number * ms, .business = unit->business};
	return true;
}

bool policy_wall(const struct policy_node *node, int64_t min_ms, int64_t max_ms,
                 struct duration *out)
{
	const char *text = json_string_value(node->value);
	const struct unit *unit;
	int64_t number = 0;

	if (node->value == NULL)
		return false;
	unit = text != NULL ? duration_split(text, &number) : NULL;
	if (unit == NULL || unit->business)
		return policy_wrong(node, "it must be a time on the wall clock like \"30 s\", "
		                          "\"5 min\" or \"1 h\"");
	if (number > max_ms / unit->ms || number * unit->ms < min_ms)
		return policy_wrong(node, "it must be from %lld to %lld seconds",
		                    (long long)(min_ms / SEC_MS), (long long)(max_ms / SEC_MS));
	*out = (struct duration){.ms = number * unit->ms};
	return true;
}

/* n digits at `text`, as a number; -1: something else is there. */
static int digits_at(const char *text, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static bool day_parse(struct span text, int64_t *out)
{
	struct civil date;
	int year, month, day;

	if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-')
		return false;
	year = digits_at(text.ptr, 4);
	month = digits_at(text.ptr + 5, 2);
	day = digits_at(text.ptr + 8, 2);
	if (year < 2000 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*out = civil_days(year, month, day);
	civil_from_days(*out, &date);
	return date.month == month && date.day == day; /* there is no 30 February */
}

bool policy_day(const struct policy_node *node, int64_t *out)
{
	int64_t day;

	if (node->value == NULL)
		return false;
	if (!json_is_string(node->value) || !day_parse(string_of(node), &day))
		return policy_wrong(node, "it must be a date that there is, like \"2026-11-26\"");
	*out = day;
	return true;
}

bool policy_texts(const struct policy_node *node, size_t max, const char *const **out,
                  size_t *count_out)
{
	size_t count = policy_list(node, max);
	const char **texts = policy_alloc(node, count + 1, sizeof(*texts));
	bool good = count > 0;

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);

		good = policy_text(&item, 1000, &texts[i]) && good;
	}
	if (!good)
		return false;
	*out = texts;
	*count_out = count;
	return true;
}
