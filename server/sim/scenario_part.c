/* SPDX-License-Identifier: MIT */
/* The values of a scenario that a policy has not. */
#include "sim/scenario_part.h"

#include <string.h>

#include "base/must.h"
#include "sim/rng.h"

#define SHARE_WRONG "it must be a share from 0 to 1"

const char *part_word(const struct policy_node *node)
{
	if (node->value == NULL)
		return NULL;
	if (!json_is_string(node->value)) {
		(void)policy_wrong(node, "it must be a text");
		return NULL;
	}
	return json_string_value(node->value);
}

bool part_share(const struct policy_node *node, uint32_t *out)
{
	double share;

	if (node->value == NULL)
		return false;
	share = json_number_value(node->value);
	if (!json_is_number(node->value) || !(share >= 0.0) || !(share <= 1.0))
		return policy_wrong(node, SHARE_WRONG);
	*out = (uint32_t)(share * MILLION + 0.5);
	return true;
}

static bool mean(const struct policy_node *node, struct wait *out)
{
	static const char *const names[] = {"mean", NULL};
	struct policy_node member = policy_member(node, "mean");
	struct duration length = {0};

	if (!policy_object(node, names) || !policy_need(&member) ||
	    !policy_wall(&member, 1, INT64_C(400) * DAY_MS, &length))
		return false;
	*out = (struct wait){.mean_ms = length.ms};
	return true;
}

static bool range(const struct policy_node *node, struct wait *out)
{
	struct policy_node first = policy_element(node, 0), last = policy_element(node, 1);
	struct duration from = {0}, to = {0};

	if (json_array_size(node->value) != 2)
		return policy_wrong(node,
		                    "it must have two lengths of time: the least and the most");
	if (!policy_wall(&first, 0, INT64_C(400) * DAY_MS, &from) ||
	    !policy_wall(&last, 0, INT64_C(400) * DAY_MS, &to))
		return false;
	if (from.ms > to.ms)
		return policy_wrong(node, "the first must not be longer than the second");
	*out = (struct wait){.from_ms = from.ms, .to_ms = to.ms};
	return true;
}

bool part_wait(const struct policy_node *node, struct wait *out)
{
	struct duration length = {0};

	if (node->value == NULL)
		return false;
	if (json_is_object(node->value))
		return mean(node, out);
	if (json_is_array(node->value))
		return range(node, out);
	if (!policy_wall(node, 0, INT64_C(400) * DAY_MS, &length))
		return false;
	*out = (struct wait){.from_ms = length.ms, .to_ms = length.ms};
	return true;
}

/* Two digits at `text`, or -1. */
static int digits(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	return (text[0] - '0') * 10 + text[1] - '0';
}

/* "HH:MM" or "HH:MM:SS" to seconds, -1: it is none. */
static int time_of(const char *text)
{
	size_t len = strlen(text);
	int hours, minutes, seconds = 0;

	if ((len != 5 && len != 8) || text[2] != ':' || (len == 8 && text[5] != ':'))
		return -1;
	hours = digits(text);
	minutes = digits(text + 3);
	if (len == 8)
		seconds = digits(text + 6);
	if (hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59)
		return -1;
	return hours * 3600 + minutes * 60 + seconds;
}

bool part_time(const struct policy_node *node, int max_s, int *out)
{
	const char *text = part_word(node);
	int seconds;

	if (text == NULL)
		return false;
	seconds = time_of(text);
	if (seconds < 0 || seconds > max_s)
		return policy_wrong(node, "it must be a time like \"09:15\", at most \"%02d:00\"",
		                    max_s / 3600);
	*out = seconds;
	return true;
}

bool part_moment(const struct policy_node *node, struct local_time *out)
{
	const char *text = part_word(node);
	char day[11] = {0};
	json_t *date;
	struct policy_node part = *node;
	int second;
	bool is_day;

	if (text == NULL)
		return false;
	second = strlen(text) > 11 && text[10] == ' ' ? time_of(text + 11) : -1;
	if (second < 0 || second >= 86400)
		return policy_wrong(node, "it must be a moment like \"2026-03-02 09:15\"");
	memcpy(day, text, 10);
	date = json_string(day);
	part.value = date;
	is_day = policy_day(&part, &out->day);
	json_decref(date);
	if (!is_day)
		return false;
	out->second = second;
	out->said = true;
	return true;
}

static int weekday(struct span name)
{
	static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (span_is(name, names[i]))
			return (int)i;
	}
	return -1;
}

/* "mon" or "mon-fri"; a run may go over the end of the week. */
static bool some_days(struct span part, unsigned *out)
{
	const char *dash = memchr(part.ptr, '-', part.len);
	struct span first = part, last = part;
	int from, to;

	if (dash != NULL) {
		first.len = (size_t)(dash - part.ptr);
		last = (struct span){.ptr = dash + 1, .len = part.len - first.len - 1};
	}
	from = weekday(first);
	to = weekday(last);
	if (from < 0 || to < 0)
		return false;
	*out |= 1U << to;
	for (int day = from; day != to; day = (day + 1) % 7)
		*out |= 1U << day;
	return true;
}

bool part_days(const struct policy_node *node, unsigned *out)
{
	const char *text = part_word(node);
	unsigned days = 0;

	if (text == NULL)
		return false;
	for (const char *at = text;; at++) {
		struct span part = {.ptr = at, .len = strcspn(at, ",")};

		if (!some_days(part, &days))
			return policy_wrong(node,
			                    "it must be days like \"mon-fri\" or \"sat,sun\"");
		at += part.len;
		if (*at == '\0')
			break;
	}
	*out = days;
	return true;
}

bool part_channel(const struct policy_node *node, enum channel *out)
{
	const char *text = part_word(node);

	if (text == NULL)
		return false;
	if (!channel_parse(span_of(text), out))
		return policy_wrong(node, "it must be chat, portal, email, phone or slack");
	return true;
}
