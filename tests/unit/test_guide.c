/* SPDX-License-Identifier: MIT */
/* The guide of the policy that the program brings: what it says, and that a changed line of the
 * policy is a changed line of the guide. */
#include "proto/guide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../../server/zones.h"
#include "base/must.h"
#include "proto/guide_words.h"
#include "proto/policy.h"
#include "support/when.h"

/* The text with each `from` made `to`. */
static char *replace(struct span text, const char *from, const char *to)
{
	struct buf out = {0};
	const char *at = text.ptr, *end = text.ptr + text.len, *hit;

	while ((hit = memmem(at, (size_t)(end - at), from, strlen(from))) != NULL) {
		buf_add(&out, at, (size_t)(hit - at));
		buf_text(&out, to);
		at = hit + strlen(from);
	}
	if (at == text.ptr)
		fail_msg("the policy does not say %s", from);
	buf_add(&out, at, (size_t)(end - at));
	(void)buf_cstr(&out);
	return out.ptr;
}

static struct policy *parse(struct span text)
{
	struct policy_mistakes mistakes = {0};
	struct policy *policy = NULL;
	struct zones zones;
	struct zone_source source;

	zones_init(&zones);
	source = zones_source(&zones);
	if (policy_parse(text, &source, &policy, &mistakes) != ST_OK)
		fail_msg("%s: %s", mistakes.items[0].path, mistakes.items[0].sentence);
	policy_mistakes_fini(&mistakes);
	return policy;
}

static wall_ms now(void)
{
	return when(when_zone("America/New_York"), "2026-11-23 09:30");
}

typedef void render(const struct policy *policy, wall_ms now, struct buf *buf);

static void as_public_json(const struct policy *policy, wall_ms at, struct buf *buf)
{
	guide_json(policy, at, GUIDE_ANYBODY, buf);
}

static void as_agent_json(const struct policy *policy, wall_ms at, struct buf *buf)
{
	guide_json(policy, at, GUIDE_AGENT, buf);
}

/* The caller frees buf. */
static const char *rendered(struct span text, render *how, struct buf *buf)
{
	struct policy *policy = parse(text);

	how(policy, now(), buf);
	policy_unref(&policy);
	return buf_cstr(buf);
}

static const char *const sentences[] = {
	"# Platform Support: support guide\n",
	"Version 2026-11 of the policy, as of Monday, November 23, 2026.",
	"### Live chat\n",
	"- Takes requests: 24 hours a day, 7 days a week\n",
	"- Answered: Monday to Friday 08:00-18:00 Eastern (America/New\\_York)\n",
	"- Where: platform-support@example.gov\n",
	"- Thursday, November 26, 2026: Thanksgiving Day\n",
	"- Thursday, November 11, 2027: Veterans Day\n",
	"### While the desk is closed\n",
	"| Priority | Live chat | Request form | Email | Phone |\n",
	"| Critical | 2 minutes | 15 minutes | 15 minutes | 1 minute |\n",
	"| Low | 15 business minutes | 3 business hours | 1 business day (10 business hours) |",
	"| Medium | 5 business days (50 business hours) |",
	"- **Critical**: Part or all of VA.gov",
	"- PR review: 1 business day (10 business hours)\n",
	"## What is escalated at once\n",
	"> - who sees it, and since when\n",
	"- VA.gov or its API is down, or everything on it fails or crawls.\n",
	"### Tier 2: Engineering\n",
	"- It needs logs, code or rights on infrastructure.\n",
	"On duty now: **",
	"- **Security contact** (Security and privacy): ",
	"### X5: Nobody has answered\n",
	("- When 200 % of the time for the first response has passed without one (on Tier 1): "
         "it goes to Tier 2, whoever is on duty there is called, the supervisor is told.\n"),
	"- We wait for you for 5 business days (50 business hours): the ticket is closed",
	"## How results are measured\n",
};

static void test_sentences(void **state)
{
	struct buf buf = {0};
	const char *guide = rendered(policy_default(), guide_markdown, &buf);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		if (strstr(guide, sentences[i]) == NULL)
			fail_msg("the guide does not say: %s\n%s", sentences[i], guide);
	}
	/* Behind the coming twelve months. */
	assert_null(strstr(guide, "November 25, 2027"));
	buf_fini(&buf);
}

/* One line of the policy, and where else it has to show. */
static const struct {
	const char *name;
	const char *from, *to;
	render *how;
	const char *before, *after;
} changes[] = {
	{"hours", "\"08:00-18:00\"", "\"09:00-17:30\"", guide_markdown, "08:00-18:00",
         "Monday to Friday 09:00-17:30"},
	{"a target", "\"2 min\", \"resolution\"", "\"4 min\", \"resolution\"", guide_markdown,
         "| Critical | 2 minutes |", "| Critical | 4 minutes |"},
	{"a target as data", "\"2 min\", \"resolution\"", "\"4 min\", \"resolution\"",
         as_public_json, "{\"seconds\":120,\"clock\":\"wall\"}",
         "{\"seconds\":240,\"clock\":\"wall\"}"},
	{"a holiday", "Thanksgiving Day", "Day of Thanks", guide_page, "Thanksgiving Day",
         "Day of Thanks"},
	{"a rule's numbers", "\"percent\": 200", "\"percent\": 150", guide_markdown,
         "When 200 % of the time for the first response",
         "When 150 % of the time for the first response"},
	{"markup stays text", "\"Live chat\"", "\"Live <script>alert(1)</script> | *chat*\"",
         guide_page, "Live chat</h3>",
         "<th scope=\"col\">Live &lt;script&gt;alert(1)&lt;/script&gt; | *chat*</th>"},
	{"a link is no link", "\"Platform Support\"", "\"[x](javascript:alert(1))\"", guide_page,
         "<h1>Platform Support: support guide</h1>",
         "<h1>[x](javascript:alert(1)): support guide</h1>"},
	{"the title", "\"Platform Support\"", "\"Help & <Co>\"", guide_page,
         "<title>Platform Support: support guide</title>",
         "<title>Help &amp; &lt;Co>: support guide</title>"},
	{"the version", "\"2026-11\"", "\"2026-12\"", as_public_json, "\"version\":\"2026-11\"",
         "\"version\":\"2026-12\""},
};

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct buf before = {0}, after = {0};
		char *changed = replace(policy_default(), changes[i].from, changes[i].to);
		const char *was = rendered(policy_default(), changes[i].how, &before);
		const char *is = rendered(span_of(changed), changes[i].how, &after);

		if (strstr(was, changes[i].before) == NULL)
			fail_msg("%s, before: %s\n%s", changes[i].name, changes[i].before, was);
		if (strstr(is, changes[i].after) == NULL || strstr(is, changes[i].before) != NULL)
			fail_msg("%s, after: %s\n%s", changes[i].name, changes[i].after, is);
		buf_fini(&before);
		buf_fini(&after);
		free(changed);
	}
}

static void test_page(void **state)
{
	static const char *const parts[] = {
		"<!doctype html>\n<html lang=\"en\">",
		"<th scope=\"row\">Critical</th><td>2 minutes</td>",
		"role=\"region\" tabindex=\"0\" aria-label=",
		"<h2>Who helps</h2>",
	};
	struct buf buf = {0};
	const char *page = rendered(policy_default(), guide_page, &buf);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (strstr(page, parts[i]) == NULL)
			fail_msg("no %s in\n%s", parts[i], page);
	}
	assert_non_null(strstr(page, GUIDE_STYLE));
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "raw HTML omitted"));
	assert_null(strstr(page, "<p>|"));
	buf_fini(&buf);
}

static const struct {
	const char *name;
	const char *at;
	bool open, limited;
	const char *opens_at, *closes_at; /* NULL: null */
} states[] = {
	{"a working day", "2026-11-23 09:30", true, false, NULL, "2026-11-23 18:00"},
	{"its evening", "2026-11-23 18:00", false, false, "2026-11-24 08:00", NULL},
	{"a holiday", "2026-11-26 10:00", false, false, "2026-11-27 08:00", NULL},
	{"a freeze", "2026-11-27 10:00", true, true, NULL, "2026-11-27 18:00"},
};

static void expect_moment(const char *name, const json_t *value, const char *text)
{
	if (text == NULL ? !json_is_null(value)
	                 : json_integer_value(value) != when(when_zone("America/New_York"), text))
		fail_msg("%s: not %s", name, text != NULL ? text : "null");
}

static void test_states(void **state)
{
	struct policy *policy = parse(policy_default());

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct buf buf = {0};
		json_t *guide;

		guide_json(policy, when(when_zone("America/New_York"), states[i].at), GUIDE_ANYBODY,
		           &buf);
		guide = json_loadb(buf.ptr, buf.len, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(guide);
		if (json_is_true(json_object_get(guide, "open")) != states[i].open ||
		    json_is_true(json_object_get(guide, "limited")) != states[i].limited)
			fail_msg("%s", states[i].name);
		expect_moment(states[i].name, json_object_get(guide, "opens_at"),
		              states[i].opens_at);
		expect_moment(states[i].name, json_object_get(guide, "closes_at"),
		              states[i].closes_at);
		json_decref(guide);
		buf_fini(&buf);
	}
	policy_unref(&policy);
}

/* Programs anywhere may read support.json: no people in it. */
static void test_readers(void **state)
{
	struct buf anybody = {0}, agent = {0};
	const char *open = rendered(policy_default(), as_public_json, &anybody);
	const char *inside = rendered(policy_default(), as_agent_json, &agent);
	json_t *guide = json_loads(inside, JSON_REJECT_DUPLICATES, NULL);

	(void)state;
	assert_null(strstr(open, "incident-commander@example.gov"));
	assert_null(strstr(open, "\"canned\""));
	assert_non_null(strstr(inside, "incident-commander@example.gov"));
	assert_non_null(guide);
	assert_true(json_array_size(json_object_get(guide, "canned")) > 0);
	assert_int_equal(json_array_size(json_object_get(guide, "tiers")), 3);
	json_decref(guide);
	buf_fini(&anybody);
	buf_fini(&agent);
}

static const struct {
	struct duration duration;
	const char *text;
} lengths[] = {
	{{0, false}, "none"},
	{{SEC_MS, false}, "1 second"},
	{{90 * SEC_MS, false}, "1 minute 30 seconds"},
	{{DAY_MS, false}, "24 hours"},
	{{2 * DAY_MS, false}, "2 days"},
	{{25 * HOUR_MS, false}, "25 hours"},
	{{HOUR_MS, true}, "1 business hour"},
	{{90 * MINUTE_MS, true}, "1 business hour 30 business minutes"},
	{{8 * HOUR_MS, true}, "1 business day (8 business hours)"},
	{{16 * HOUR_MS, true}, "2 business days (16 business hours)"},
};

static void test_lengths(void **state)
{
	const struct calendar hours = {.business_day_ms = 8 * HOUR_MS};
	const struct calendar always = {.always = true, .business_day_ms = DAY_MS};
	struct buf words = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct buf buf = {0};

		guide_duration(&buf, &lengths[i].duration, &hours);
		assert_string_equal(buf_cstr(&buf), lengths[i].text);
		buf_fini(&buf);
	}
	/* Where it is always open, business time is time. */
	guide_duration(&words, &lengths[ARRAY_LEN(lengths) - 1].duration, &always);
	assert_string_equal(buf_cstr(&words), "16 hours");
	buf_fini(&words);
}

#define H 3600
#define SPAN(a, b)                                \
	{                                         \
		.spans = {{(a), (b)}}, .count = 1 \
	}
#define WORKDAYS(s)                          \
	{                                    \
		{.count = 0}, s, s, s, s, s, \
		{                            \
			.count = 0           \
		}                            \
	}

static const struct {
	struct day_hours week[7];
	const char *text;
} weeks[] = {
	{WORKDAYS(SPAN(8 * H, 18 * H)), "Monday to Friday 08:00-18:00 Australia/Lord\\_Howe time"},
	{{SPAN(0, 24 * H)}, "Sunday 00:00-24:00 Australia/Lord\\_Howe time"},
	{{SPAN(0, 6 * H), [6] = SPAN(0, 6 * H)},
         "Saturday and Sunday 00:00-06:00 Australia/Lord\\_Howe time"},
	{{[2] = {.spans = {{8 * H, 12 * H}, {13 * H, 30 * H}}, .count = 2}},
         "Tuesday 08:00-12:00, 13:00-06:00 of the next day Australia/Lord\\_Howe time"},
	{{[1] = SPAN(8 * H, 9 * H), [2] = SPAN(8 * H, 10 * H)},
         "Monday 08:00-09:00; Tuesday 08:00-10:00 Australia/Lord\\_Howe time"},
};

static void test_weeks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(weeks); i++) {
		struct calendar calendar = {.zone = when_zone("Australia/Lord_Howe")};
		struct buf buf = {0};

		memcpy(calendar.week, weeks[i].week, sizeof(calendar.week));
		guide_hours(&buf, &calendar);
		assert_string_equal(buf_cstr(&buf), weeks[i].text);
		buf_fini(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentences), cmocka_unit_test(test_changes),
		cmocka_unit_test(test_page),      cmocka_unit_test(test_states),
		cmocka_unit_test(test_readers),   cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_weeks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
