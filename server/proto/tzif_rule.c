/* SPDX-License-Identifier: MIT */
/* The footer of a TZif file: POSIX's TZ text with the hours of RFC 9636, section 3.3.1.
 *   std offset [dst [offset] , date [/time] , date [/time]]
 * Offsets are written west of Greenwich, as nobody else does. */
#include "proto/tzif.h"

#include <string.h>

struct reader {
	const char *at, *end;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static char peek(const struct reader *reader)
{
	if (reader->at == reader->end)
		return '\0';
	return *reader->at;
}

static bool accept(struct reader *reader, char c)
{
	if (peek(reader) != c)
		return false;
	reader->at++;
	return true;
}

/* Digits, at least one, from `low` to `high`. */
static bool number(struct reader *reader, int low, int high, int *out)
{
	int value = 0;

	if (!is_digit(peek(reader)))
		return false;
	while (is_digit(peek(reader))) {
		value = value * 10 + (*reader->at++ - '0');
		if (value > high)
			return false;
	}
	*out = value;
	return value >= low;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool clock_time(struct reader *reader, int hours_max, int32_t *out)
{
	bool negative = accept(reader, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative)
		(void)accept(reader, '+');
	if (!number(reader, 0, hours_max, &hours))
		return false;
	if (accept(reader, ':')) {
		if (!number(reader, 0, 59, &minutes))
			return false;
		if (accept(reader, ':') && !number(reader, 0, 59, &seconds))
			return false;
	}
	*out = (hours * 60 + minutes) * 60 + seconds;
	if (negative)
		*out = -*out;
	return true;
}

/* Letters, or letters, digits and signs in <>; what is too long for the field is cut. */
static bool designation(struct reader *reader, struct zone_type *type)
{
	bool quoted = accept(reader, '<');
	const char *start = reader->at;
	size_t len, most = sizeof type->abbreviation - 1;

	while (is_letter(peek(reader)) ||
	       (quoted && (is_digit(peek(reader)) || peek(reader) == '+' || peek(reader) == '-')))
		reader->at++;
	len = (size_t)(reader->at - start);
	if (len < 3 || (quoted && !accept(reader, '>')))
		return false;
	memcpy(type->abbreviation, start, len < most ? len : most);
	return true;
}

static bool offset(struct reader *reader, struct zone_type *type)
{
	if (!clock_time(reader, 24, &type->offset_s))
		return false;
	type->offset_s = -type->offset_s;
	return true;
}

static bool change(struct reader *reader, struct zone_change *out)
{
	out->time_s = 2 * 3600;
	if (accept(reader, 'M')) {
		out->day = ZONE_DAY_MONTH;
		if (!number(reader, 1, 12, &out->month) || !accept(reader, '.') ||
		    !number(reader, 1, 5, &out->week) || !accept(reader, '.') ||
		    !number(reader, 0, 6, &out->weekday))
			return false;
	} else if (accept(reader, 'J')) {
		out->day = ZONE_DAY_JULIAN;
		if (!number(reader, 1, 365, &out->number))
			return false;
	} else {
		out->day = ZONE_DAY_ZERO;
		if (!number(reader, 0, 365, &out->number))
			return false;
	}
	return !accept(reader, '/') || clock_time(reader, 167, &out->time_s);
}

static bool daylight(struct reader *reader, struct zone_rule *rule)
{
	rule->changes = true;
	rule->daylight.dst = true;
	if (!designation(reader, &rule->daylight))
		return false;
	if (peek(reader) == ',')
		rule->daylight.offset_s = rule->standard.offset_s + 3600;
	else if (!offset(reader, &rule->daylight))
		return false;
	return accept(reader, ',') && change(reader, &rule->to_daylight) && accept(reader, ',') &&
	       change(reader, &rule->to_standard);
}

enum status tzif_rule(struct span text, struct zone_rule *out)
{
	struct reader reader = {text.ptr, text.ptr + text.len};
	struct zone_rule rule = {.changes = false};

	if (text.len == 0 || !designation(&reader, &rule.standard) ||
	    !offset(&reader, &rule.standard))
		return ST_BAD_REQUEST;
	if (reader.at < reader.end && !daylight(&reader, &rule))
		return ST_BAD_REQUEST;
	if (reader.at < reader.end)
		return ST_BAD_REQUEST;
	*out = rule;
	return ST_OK;
}
