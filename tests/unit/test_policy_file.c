/* SPDX-License-Identifier: MIT */
/* The policy file: the one that is shipped is right, and every mistake is told at its place. A row
 * is a small edit of the shipped one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../../server/zones.h"
#include "base/must.h"
#include "proto/policy.h"

#define TODAY (civil_days(2026, 11, 22) * DAY_MS)

static enum status parse_at(struct span text, wall_ms now, struct policy **out,
                            struct policy_mistakes *mistakes)
{
	struct zones zones;
	struct zone_source source;

	zones_init(&zones);
	source = zones_source(&zones);
	return policy_check(text, &source, now, out, mistakes);
}

/* Only read: nothing is proven. */
static enum status parse(struct span text, struct policy **out, struct policy_mistakes *mistakes)
{
	struct zones zones;
	struct zone_source source;

	zones_init(&zones);
	source = zones_source(&zones);
	return policy_parse(text, &source, out, mistakes);
}

/* --- edits --- */

/* One step of "tiers/1/skills": a member, or the number of an element. */
static json_t *step(json_t *at, const char *name)
{
	return json_is_array(at) ? json_array_get(at, (size_t)strtoul(name, NULL, 10))
	                         : json_object_get(at, name);
}

static void put(json_t *at, const char *name, const char *value)
{
	json_t *made = value != NULL ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;

	MUST(value == NULL || made != NULL);
	if (json_is_array(at) && strcmp(name, "+") == 0)
		MUST(json_array_append_new(at, made) == 0);
	else if (json_is_array(at))
		MUST(json_array_set_new(at, (size_t)strtoul(name, NULL, 10), made) == 0);
	else if (made == NULL)
		MUST(json_object_del(at, name) == 0);
	else
		MUST(json_object_set_new(at, name, made) == 0);
}

/* Sets what stands at `where`; value NULL takes the member away, "+" appends. */
static void edit(json_t *root, const char *where, const char *value)
{
	char *copy = strdup(where), *name = copy, *slash;

	for (; (slash = strchr(name, '/')) != NULL; name = slash + 1) {
		*slash = '\0';
		root = step(root, name);
		if (root == NULL)
			fail_msg("%s leads nowhere", where);
	}
	put(root, name, value);
	free(copy);
}

static json_t *shipped(void)
{
	struct span text = policy_default();
	json_t *root = json_loadb(text.ptr, text.len, 0, NULL);

	assert_non_null(root);
	return root;
}

/* Read and proven, as of today. */
static enum status parse_json(json_t *root, struct policy_mistakes *mistakes)
{
	char *text = json_dumps(root, JSON_COMPACT);
	struct policy *policy = NULL;
	enum status st = parse_at(span_of(text), TODAY, &policy, mistakes);

	assert_true((st == ST_OK) == (policy != NULL));
	assert_true((st == ST_OK) == (mistakes->mistakes == 0));
	policy_unref(&policy);
	free(text);
	return st;
}

static bool is_told(const struct policy_mistakes *mistakes, const char *path, const char *part)
{
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct policy_mistake *mistake = &mistakes->items[i];

		if (!mistake->warning && strcmp(mistake->path, path) == 0 &&
		    strstr(mistake->sentence, part) != NULL)
			return true;
	}
	return false;
}

static void print(const char *name, const struct policy_mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++)
		print_error("%s: %s: %s\n", name, mistakes->items[i].path,
		            mistakes->items[i].sentence);
}

/* --- mistakes --- */

#define CHAT "channels/chat"
#define HOLD "calendars/support"
#define WEEK HOLD "/week"

static const struct broken_row {
	const char *name;
	const char *where, *value;
	const char *path, *part; /* a mistake is told here, with these words */
	size_t follows;          /* others that come of it */
} broken[] = {
#include "policy_rows.inc"
};

static void each_mistake_is_told_at_its_place(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		const struct broken_row *row = &broken[i];
		struct policy_mistakes mistakes = {0};
		json_t *root = shipped();

		edit(root, row->where, row->value);
		if (parse_json(root, &mistakes) == ST_OK ||
		    (row->follows != SIZE_MAX && mistakes.mistakes != 1 + row->follows) ||
		    !is_told(&mistakes, row->path, row->part)) {
			print_error("%s: %zu mistakes\n", row->name, mistakes.mistakes);
			print(row->name, &mistakes);
			failed++;
		}
		policy_mistakes_fini(&mistakes);
		json_decref(root);
	}
	assert_int_equal(failed, 0);
}

static void several_mistakes_are_told_at_once(void **state)
{
	static const size_t rows[] = {1, 6, 13, 18, 28, 33, 41, 49, 53, 63};
	struct policy_mistakes mistakes = {0};
	json_t *root = shipped();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		edit(root, broken[rows[i]].where, broken[rows[i]].value);
	assert_int_equal(parse_json(root, &mistakes), ST_BAD_REQUEST);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!is_told(&mistakes, broken[rows[i]].path, broken[rows[i]].part))
			fail_msg("%s is not told", broken[rows[i]].name);
	}
	assert_int_equal(mistakes.mistakes, ARRAY_LEN(rows));
	policy_mistakes_fini(&mistakes);
	json_decref(root);
}

/* What cannot be read at one place hides nothing of another that does not hold, and makes up
 * nothing. */
static void what_cannot_be_read_hides_nothing_that_does_not_hold(void **state)
{
	static const struct {
		const char *where, *value, *path, *part;
	} rows[] = {
		{"chats", "{}", "$.chats", "no member"},
		{HOLD "/zone", "\"Mars/Base\"", "$.calendars.support.zone", "no time zone"},
		{"tiers/2/rota/people/0", "\"batman\"", "$.tiers[2].rota.people[0]", "contacts"},
		{CHAT "/targets/medium/first_response", "\"soon\"",
	         "$.channels.chat.targets.medium.first_response", "a time like"},
		{CHAT "/targets/high/first_response", "\"5 min\"",
	         "$.channels.chat.targets.high.first_response", "by the wall clock"},
		{"channels/email/targets/low/resolution", NULL,
	         "$.channels.email.targets.low.resolution", "nothing is promised"},
		{"tiers/0/contacts/0", "{\"id\": \"a\", \"name\": \"A\"}", "$.tiers[0].contacts",
	         "nobody of"},
		{"rules/6/steps/0/then/tier", "1", "$.rules[6].steps[0]", "only ever lead up"},
	};
	struct policy_mistakes mistakes = {0};
	json_t *root = shipped();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		edit(root, rows[i].where, rows[i].value);
	assert_int_equal(parse_json(root, &mistakes), ST_BAD_REQUEST);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!is_told(&mistakes, rows[i].path, rows[i].part))
			fail_msg("%s is not told", rows[i].path);
	}
	if (mistakes.mistakes != ARRAY_LEN(rows))
		print("at once", &mistakes);
	assert_int_equal(mistakes.mistakes, ARRAY_LEN(rows));
	policy_mistakes_fini(&mistakes);
	json_decref(root);
}

/* Whatever is not there or is another thing, the rest is read and proven all the same. */
static void any_hole_leaves_the_rest(void **state)
{
	static const char *const others[] = {NULL, "null", "7", "[]", "{}", "\"x\""};
	json_t *names = shipped();
	const char *name;
	json_t *value;

	(void)state;
	json_object_foreach(names, name, value) {
		for (size_t i = 0; i < ARRAY_LEN(others); i++) {
			struct policy_mistakes mistakes = {0};
			json_t *root = shipped();

			edit(root, name, others[i]);
			edit(root, "bogus", "1");
			assert_int_equal(parse_json(root, &mistakes), ST_BAD_REQUEST);
			assert_true(is_told(&mistakes, "$.bogus", "no member"));
			policy_mistakes_fini(&mistakes);
			json_decref(root);
		}
	}
	json_decref(names);
}

static const struct {
	const char *name, *text, *part;
} not_json[] = {
	{"nothing", "", "line 1, column 0"},
	{"a comma too many", "{\n\t\"desk\": {},\n}", "line 3, column 1"},
	{"a member twice", "{\n\"desk\": {\"name\": \"a\",\n\"name\": \"b\"}}", "line 3"},
	{"a comment", "{ // hours\n}", "line 1, column 3"},
	{"a list", "[]", "must be an object"},
	{"brackets without end", "[[[[[[[[[[[[[[[[[[[[[[[[", "nested too deeply"},
};

static void what_is_no_json_is_told_with_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(not_json); i++) {
		struct policy_mistakes mistakes = {0};
		struct policy *policy = NULL;

		if (parse(span_of(not_json[i].text), &policy, &mistakes) != ST_BAD_REQUEST ||
		    !is_told(&mistakes, "$", not_json[i].part))
			print(not_json[i].name, &mistakes);
		assert_true(is_told(&mistakes, "$", not_json[i].part));
		assert_null(policy);
		policy_mistakes_fini(&mistakes);
	}
}

/* A file of nothing but mistakes does not fill the memory. */
static void there_is_an_end_to_the_list(void **state)
{
	struct policy_mistakes mistakes = {0};
	json_t *root = shipped();

	(void)state;
	for (int i = 0; i < 500; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "what\x1b%d", i);
		MUST(json_object_set_new(root, name, json_true()) == 0);
	}
	assert_int_equal(parse_json(root, &mistakes), ST_BAD_REQUEST);
	assert_int_equal(mistakes.mistakes, 500);
	assert_int_equal(mistakes.count, POLICY_MISTAKES_MAX);
	assert_null(strchr(mistakes.items[0].path, 0x1b)); /* a terminal must not obey it */
	assert_null(strchr(mistakes.items[0].sentence, 0x1b));
	policy_mistakes_fini(&mistakes);
	json_decref(root);
}

/* What only time has made worse is worth a word, and no more. */
static const struct {
	const char *name;
	int year, month;
	const char *path, *part; /* NULL: nothing is said */
} years[] = {
	{"today nothing is amiss", 2026, 11, NULL, NULL},
	{"a review that was due", 2027, 3, "$.review.date", "on 2027-02-15"},
	{"holidays that come to their end", 2027, 3, "$.calendars.support.known_until",
         "until 2028-12-31 only"},
	{"long after the last known holiday", 2031, 1, "$.calendars.support.known_until",
         "less than 24 months"},
};

static void time_makes_warnings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(years); i++) {
		struct policy_mistakes mistakes = {0};
		wall_ms now = civil_days(years[i].year, years[i].month, 22) * DAY_MS;
		struct policy *policy = NULL;
		bool told = false;

		assert_int_equal(parse_at(policy_default(), now, &policy, &mistakes), ST_OK);
		for (size_t k = 0; k < mistakes.count; k++) {
			const struct policy_mistake *at = &mistakes.items[k];

			told = told || (years[i].path != NULL && at->warning &&
			                strcmp(at->path, years[i].path) == 0 &&
			                strstr(at->sentence, years[i].part) != NULL);
		}
		if (mistakes.mistakes > 0 || (years[i].path == NULL ? mistakes.count > 0 : !told)) {
			print(years[i].name, &mistakes);
			fail_msg("%s", years[i].name);
		}
		policy_unref(&policy);
		policy_mistakes_fini(&mistakes);
	}
}

/* --- values --- */

static struct policy *read_shipped(void)
{
	struct policy_mistakes mistakes = {0};
	struct policy *policy = NULL;
	enum status st = parse(policy_default(), &policy, &mistakes);

	print("shipped", &mistakes);
	assert_int_equal(st, ST_OK);
	assert_int_equal(mistakes.count, 0);
	policy_mistakes_fini(&mistakes);
	return policy;
}

#define NEW_YORK_NOON(y, m, d, dst) (civil_days(y, m, d) * DAY_MS + (17 - (dst)) * HOUR_MS)

static void the_shipped_policy_says_what_it_should(void **state)
{
	struct policy *policy = read_shipped();
	const struct promise *chat = policy->promises[CHANNEL_CHAT];
	const struct calendar *hours = policy->channels[CHANNEL_CHAT].hours;

	(void)state;
	assert_string_equal(policy->version, "2026-11");
	assert_int_equal(policy->refs, 1);
	assert_int_equal(chat[PRIORITY_CRITICAL].first_response.ms, 2 * MINUTE_MS);
	assert_false(chat[PRIORITY_CRITICAL].first_response.business);
	assert_true(chat[PRIORITY_CRITICAL].around_the_clock);
	assert_int_equal(chat[PRIORITY_HIGH].resolution.ms, 20 * HOUR_MS);
	assert_true(chat[PRIORITY_HIGH].resolution.business);
	assert_int_equal(policy->promises[CHANNEL_PHONE][PRIORITY_CRITICAL].callback.ms,
	                 15 * MINUTE_MS);
	assert_int_equal(policy_topic(policy, span_of("pr-review"))->resolution.ms, 10 * HOUR_MS);
	assert_int_equal(hours->business_day_ms, 10 * HOUR_MS);
	assert_int_equal(policy->remind.ms, 20 * HOUR_MS); /* 2 bd */
	assert_true(policy->remind.business);
	assert_false(policy->channels[CHANNEL_SLACK].offered);
	assert_ptr_equal(policy->channels[CHANNEL_SLACK].hours, hours);
	assert_true(policy->channels[CHANNEL_EMAIL].intake->always);
	assert_false(calendar_is_open(hours, NEW_YORK_NOON(2026, 7, 3, 1)));
	assert_true(calendar_is_open(hours, NEW_YORK_NOON(2026, 7, 2, 1)));
	assert_false(calendar_is_open(hours, NEW_YORK_NOON(2027, 12, 31, 0)));
	assert_true(calendar_is_open(hours, NEW_YORK_NOON(2028, 1, 3, 0)));
	assert_false(calendar_is_open(hours, NEW_YORK_NOON(2028, 11, 10, 0)));
	assert_true(calendar_is_freeze(hours, NEW_YORK_NOON(2026, 12, 23, 0)));
	assert_true(calendar_is_open(hours, NEW_YORK_NOON(2026, 12, 23, 0)));
	policy_unref(&policy);
}

static const struct duration_row {
	const char *text;
	int64_t ms;
	bool business;
} durations[] = {
	{"30 s", 30 * SEC_MS, false},
	{"5 min", 5 * MINUTE_MS, false},
	{"1 h", HOUR_MS, false},
	{"2 d", 2 * DAY_MS, false},
	{"5 bmin", 5 * MINUTE_MS, true},
	{"3 bh", 3 * HOUR_MS, true},
	{"2 bd", 20 * HOUR_MS, true},
	{"400 d", 400 * DAY_MS, false},
	{"401 d", 0, false},
	{"0 s", 0, false},
	{"5  min", 0, false},
	{"5min", 0, false},
	{" 5 min", 0, false},
	{"5 min ", 0, false},
	{"-5 min", 0, false},
	{"1.5 h", 0, false},
	{"5 Min", 0, false},
	{"5 bs", 0, false},
	{"9999999 d", 0, false},
	{"99999999 s", 0, false},
	{"1e3 s", 0, false},
	{"", 0, false},
};

/* By the target of a channel, so that they are read as in a file. */
static void times_have_one_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(durations); i++) {
		const struct duration_row *row = &durations[i];
		struct policy_mistakes mistakes = {0};
		struct policy *policy = NULL;
		json_t *root = shipped();
		char value[64], *text;

		(void)snprintf(value, sizeof(value), "\"%s\"", row->text);
		edit(root, "channels/chat/targets/low/resolution", value);
		text = json_dumps(root, 0);
		if ((parse(span_of(text), &policy, &mistakes) == ST_OK) != (row->ms > 0))
			fail_msg("%s", row->text);
		if (policy != NULL) {
			const struct duration *got =
				&policy->promises[CHANNEL_CHAT][PRIORITY_LOW].resolution;

			if (got->ms != row->ms || got->business != row->business)
				fail_msg("%s: %lld", row->text, (long long)got->ms);
		}
		policy_unref(&policy);
		policy_mistakes_fini(&mistakes);
		json_decref(root);
		free(text);
	}
}

static void hours_may_run_over_midnight(void **state)
{
	struct policy_mistakes mistakes = {0};
	struct policy *policy = NULL;
	json_t *root = shipped();
	const struct day_hours *sunday;
	char *text;

	(void)state;
	edit(root, "calendars/support/week/sunday",
	     "[\"00:00-06:00\", \"12:30-13:00\", \"22:00-06:00\"]");
	text = json_dumps(root, 0);
	assert_int_equal(parse(span_of(text), &policy, &mistakes), ST_OK);
	sunday = &policy->calendars[0].week[0];
	assert_int_equal(sunday->count, 3);
	assert_int_equal(sunday->spans[0].to_s, 6 * 3600);
	assert_int_equal(sunday->spans[1].from_s, 12 * 3600 + 1800);
	assert_int_equal(sunday->spans[2].from_s, 22 * 3600);
	assert_int_equal(sunday->spans[2].to_s, 30 * 3600);
	policy_unref(&policy);
	policy_mistakes_fini(&mistakes);
	json_decref(root);
	free(text);
}

/* Each condition by the clock has a bit of its own on every ticket. */
static void timed_conditions_have_their_slots(void **state)
{
	struct policy *policy = read_shipped();
	uint64_t seen = 0;

	(void)state;
	for (size_t i = 0; i < policy->rules_count; i++) {
		for (unsigned j = 0; j < policy->rules[i].steps_count; j++) {
			const struct rule_step *step_of = &policy->rules[i].steps[j];

			for (unsigned k = 0; k < step_of->when_count; k++) {
				uint8_t slot = step_of->slot[k];

				assert_int_equal(slot > 0,
				                 rule_event_is_timed(step_of->when[k].event));
				assert_true(slot < 64 && (seen >> slot & 1U) == 0);
				seen |= slot > 0 ? UINT64_C(1) << slot : 0;
			}
		}
	}
	assert_true(seen != 0 && (seen & 0xffffU) == 0);
	policy_unref(&policy);
}

static void there_is_room_for_so_many_only(void **state)
{
	static const char when[] = "[{\"event\":\"silence\",\"after\":\"1 h\"},"
				   "{\"event\":\"silence\",\"after\":\"2 h\"},"
				   "{\"event\":\"silence\",\"after\":\"3 h\"},"
				   "{\"event\":\"silence\",\"after\":\"4 h\"}]";
	struct policy_mistakes mistakes = {0};
	json_t *root = shipped(), *rules = json_object_get(root, "rules");
	char rule[1024];

	(void)state;
	for (int i = 0; i < 12; i++) {
		(void)snprintf(rule, sizeof(rule),
		               "{\"id\":\"Y%d\",\"title\":\"t\",\"criterion\":\"c\",\"steps\":["
		               "{\"when\":%s,\"then\":{\"requeue\":true}}]}",
		               i, when);
		put(rules, "+", rule);
	}
	assert_int_equal(parse_json(root, &mistakes), ST_BAD_REQUEST);
	assert_non_null(strstr(mistakes.items[0].sentence, "too many"));
	policy_mistakes_fini(&mistakes);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_policy_says_what_it_should),
		cmocka_unit_test(each_mistake_is_told_at_its_place),
		cmocka_unit_test(several_mistakes_are_told_at_once),
		cmocka_unit_test(what_cannot_be_read_hides_nothing_that_does_not_hold),
		cmocka_unit_test(any_hole_leaves_the_rest),
		cmocka_unit_test(what_is_no_json_is_told_with_line_and_column),
		cmocka_unit_test(there_is_an_end_to_the_list),
		cmocka_unit_test(time_makes_warnings),
		cmocka_unit_test(times_have_one_form),
		cmocka_unit_test(hours_may_run_over_midnight),
		cmocka_unit_test(timed_conditions_have_their_slots),
		cmocka_unit_test(there_is_room_for_so_many_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
