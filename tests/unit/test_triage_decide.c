/* SPDX-License-Identifier: MIT */
/* What is decided, and why: by a small rulebook of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/rulebook.h"
#include "core/triage.h"

#define LIST(name, ...)                                                       \
	static const char *const name##_items[] = {__VA_ARGS__};              \
	static const struct list_in name = {.items = name##_items,            \
	                                    .count = ARRAY_LEN(name##_items), \
	                                    .at = "$." #name,                 \
	                                    .weight = 2}

LIST(login_set, "sign in", "log in", "login");
LIST(outage_words, "va.gov is down", "nobody near $login near production");
LIST(outage_unless, "down payment");
LIST(data_words, "ssn near exposed|leaked");
LIST(drill_words, "drill", "exercise");
LIST(planned_words, "planned");
LIST(pr_words, "pull request", "review my pr");
LIST(socks_words, "socks");
LIST(socks_unless, "laundry");
LIST(docs_words, "typo");
LIST(high_words, "blocked for days");
LIST(medium_words, "fails");
LIST(low_words, "how do i", "fails in a test");
LIST(question_words, "how do i");
LIST(tier_words, "kernel");
LIST(paper_words, "paper");
LIST(paper_hints, "pen", "ink", "sheet");
LIST(cert_sign, "certificate", "cert");
LIST(soon_sign, "tonight", "today");
LIST(staging_sign, "staging");
LIST(key_sign, "key");
LIST(torn_sign, "torn");
LIST(torn_unless, "torn off");
LIST(perhaps_sign, "perhaps");

static const struct topic topics[] = {
	{.id = "incident", .tier = 3}, {.id = "security", .tier = 1}, {.id = "pr", .tier = 2},
	{.id = "socks", .tier = 1},    {.id = "docs", .tier = 2},     {.id = "paper", .tier = 2},
	{.id = "else", .tier = 1},
};

static void no_mistake(void *ctx, const char *at, const char *sentence)
{
	(void)ctx;
	fail_msg("%s: %s", at, sentence);
}

/* The book borrows what it is made of: all of that is static. */
static struct rulebook *make_book(struct arena *arena)
{
	static const char *const both[] = {"drill", "planned"};
	static const char *const pages[] = {"/review"};
	static const char *const only_docs[] = {"docs"}, *const only_paper[] = {"paper"};
	static const struct set_in set = {.name = "login", .at = "$", .members = {0}};
	static const struct tier_in kernel[] = {{.tier = 3}};
	struct set_in sets[] = {set};
	struct tier_in tiers[] = {kernel[0]};
	const struct guard_in guards[] = {{"drill", drill_words}, {"planned", planned_words}};
	const struct topic_in in_topics[] = {
		{.id = "incident", .at = "$", .priority = PRIORITY_HIGH},
		{.id = "security", .at = "$", .priority = PRIORITY_MEDIUM},
		{.id = "pr",
	         .at = "$",
	         .words = &pr_words,
	         .words_count = 1,
	         .pages = {pages, 1},
	         .priority = PRIORITY_MEDIUM,
	         .tiers = tiers,
	         .tiers_count = 1},
		{.id = "socks",
	         .at = "$",
	         .words = &socks_words,
	         .words_count = 1,
	         .unless = socks_unless,
	         .priority = PRIORITY_MEDIUM},
		{.id = "docs", .at = "$", .words = &docs_words, .words_count = 1},
		{.id = "paper",
	         .at = "$",
	         .words = &paper_words,
	         .words_count = 1,
	         .hints = &paper_hints,
	         .hints_count = 1,
	         .priority = PRIORITY_MEDIUM},
		{.id = "else", .at = "$", .priority = PRIORITY_LOW},
	};
	const struct sign_in soon[] = {
		{.about = "a certificate", .words = cert_sign, .points = 6},
		{.about = "soon", .words = soon_sign, .points = 4},
		{.about = "staging", .words = staging_sign, .points = -1},
	};
	const struct sign_in key[] = {
		{.about = "a key", .words = key_sign, .points = 7},
		{.about = "a certificate", .words = cert_sign, .points = 5},
	};
	const struct sign_in torn[] = {
		{.about = "usually work", .usual = PRIORITY_MEDIUM, .points = 5},
		{.about = "torn", .words = torn_sign, .unless = torn_unless, .points = 5},
		{.about = "perhaps", .words = perhaps_sign, .points = -1},
	};
	const struct trigger_in triggers[] = {
		{.name = "outage",
	         .topic = "incident",
	         .at = "$",
	         .words = outage_words,
	         .unless = outage_unless,
	         .guards = {both, 2}},
		{.name = "data",
	         .topic = "security",
	         .at = "$",
	         .words = data_words,
	         .guards = {both, 1},
	         .data_exposed = true},
		{.name = "soon",
	         .topic = "incident",
	         .at = "$",
	         .signs = {soon, ARRAY_LEN(soon), 10},
	         .unless = outage_unless,
	         .guards = {both, 1}},
		{.name = "key",
	         .topic = "security",
	         .at = "$",
	         .signs = {key, ARRAY_LEN(key), 10},
	         .guards = {both, 2}},
	};
	const struct priority_in priorities[] = {
		{.priority = PRIORITY_HIGH,
	         .about = "a team is stopped",
	         .at = "$",
	         .words = high_words},
		{.priority = PRIORITY_MEDIUM,
	         .at = "$",
	         .words = medium_words,
	         .except = {only_docs, 1}},
		{.priority = PRIORITY_MEDIUM,
	         .about = "paper",
	         .at = "$",
	         .signs = {torn, ARRAY_LEN(torn), 10},
	         .topics = {only_paper, 1}},
		{.priority = PRIORITY_LOW, .at = "$", .words = low_words, .topics = {only_docs, 1}},
		{.priority = PRIORITY_LOW,
	         .about = "a question",
	         .at = "$",
	         .words = question_words,
	         .tier_most = 1},
	};
	const struct rulebook_in in = {sets,
	                               1,
	                               in_topics,
	                               ARRAY_LEN(in_topics),
	                               "else",
	                               guards,
	                               2,
	                               triggers,
	                               ARRAY_LEN(triggers),
	                               priorities,
	                               ARRAY_LEN(priorities)};
	const struct rulebook_sink sink = {.mistake = no_mistake};

	sets[0].members = login_set;
	tiers[0].words = tier_words;
	return rulebook_compile(arena, &in, &sink);
}

static const struct {
	const char *text, *page;
	struct visitor_flags flags;
	const char *topic;
	enum priority priority;
	int tier;
	const char *trigger; /* fired */
	bool possible;
	const char *why; /* part of one of the four */
} rows[] = {
	{"hello", "/review/x", {0}, "else", PRIORITY_LOW, 1, NULL, false, "no words of a topic"},
	{"", "", {0}, "else", PRIORITY_LOW, 1, NULL, false, "no trigger matched"},
	{"a pull request",
         "/",
         {0},
         "pr",
         PRIORITY_MEDIUM,
         2,
         NULL,
         false,
         "words: \"pull request\""},
	{"a pull request about socks",
         "https://h/review/x?y",
         {0},
         "pr",
         PRIORITY_MEDIUM,
         2,
         NULL,
         false,
         "page: /review"},
	{"a pull request about socks",
         "https://h/reviews",
         {0},
         "pr",
         PRIORITY_MEDIUM,
         2,
         NULL,
         false,
         "words: \"pull request\""},
	{"socks in the laundry", "/", {0}, "else", PRIORITY_LOW, 1, NULL, false, "no words"},
	{"a pen and ink", "/", {0}, "else", PRIORITY_LOW, 1, NULL, false, "no words"},
	{"a pen, ink and a sheet",
         "/",
         {0},
         "paper",
         PRIORITY_LOW,
         2,
         NULL,
         false,
         "hints: \"sheet\", \"ink\", \"pen\""},
	{"paper and socks with ink",
         "/",
         {0},
         "paper",
         PRIORITY_LOW,
         2,
         NULL,
         false,
         "words: \"paper\"; hints: \"ink\""},
	{"socks fails", "/", {0}, "socks", PRIORITY_MEDIUM, 1, NULL, false, "\"fails\""},
	{"socks fails, blocked for days",
         "/",
         {0},
         "socks",
         PRIORITY_HIGH,
         1,
         NULL,
         false,
         "a team is stopped: \"blocked for days\""},
	{"URGENT!!! socks", "/", {0}, "socks", PRIORITY_MEDIUM, 1, NULL, false, "as usual"},
	{"a typo that fails in a test",
         "/",
         {0},
         "docs",
         PRIORITY_LOW,
         2,
         NULL,
         false,
         "\"fails in a"},
	{"how do I make a pull request",
         "/",
         {0},
         "pr",
         PRIORITY_LOW,
         1,
         NULL,
         false,
         "a question"},
	{"how do I fix that a pull request fails",
         "/",
         {0},
         "pr",
         PRIORITY_MEDIUM,
         2,
         NULL,
         false,
         "usual for the topic"},
	{"a pull request for the kernel",
         "/",
         {0},
         "pr",
         PRIORITY_MEDIUM,
         3,
         NULL,
         false,
         "words: \"kernel\""},
	{"VA.gov is down, see my pull request",
         "/",
         {0},
         "incident",
         PRIORITY_CRITICAL,
         3,
         "outage",
         false,
         "outage: \"VA.gov is down\""},
	{"Nobody can sign in on production",
         "/",
         {0},
         "incident",
         PRIORITY_CRITICAL,
         3,
         "outage",
         false,
         "trigger outage"},
	{"in a drill va.gov is down",
         "/",
         {0},
         "else",
         PRIORITY_LOW,
         1,
         NULL,
         true,
         "held back by drill: \"drill\""},
	{"va.gov is down, as planned",
         "/",
         {0},
         "else",
         PRIORITY_LOW,
         1,
         NULL,
         true,
         "held back by planned"},
	{"the down payment: va.gov is down",
         "/",
         {0},
         "else",
         PRIORITY_LOW,
         1,
         NULL,
         false,
         "no trigger matched"},
	{"an SSN leaked, planned or not",
         "/",
         {0},
         "security",
         PRIORITY_CRITICAL,
         3,
         "data",
         false,
         "data: \"SSN leaked\""},
	{"exercise: an SSN leaked",
         "/",
         {0},
         "else",
         PRIORITY_LOW,
         1,
         NULL,
         true,
         "held back by drill"},
	{"an SSN leaked in this drill, and va.gov is down",
         "/",
         {0},
         "else",
         PRIORITY_LOW,
         1,
         NULL,
         true,
         "outage: \"va.gov is down\", held back by drill: \"drill\"; data: "},
	{"the certificate, the cert: both end tonight",
         "/",
         {0},
         "incident",
         PRIORITY_CRITICAL,
         3,
         "soon",
         false,
         "soon: a certificate \"cert"},
	{"the key of the cert that ends tonight",
         "/",
         {0},
         "security",
         PRIORITY_CRITICAL,
         3,
         "key",
         false,
         "key: a key \"key\", a certificate \"cert\""},
	{"the key of the cert that ends tonight, as planned",
         "/",
         {0},
         "incident",
         PRIORITY_CRITICAL,
         3,
         "soon",
         false,
         "soon: a certificate"},
	{"the cert", "/", {0}, "else", PRIORITY_LOW, 1, NULL, false, "no trigger matched"},
	{"the cert of staging ends today", "/", {0}, "else", PRIORITY_LOW, 1, NULL, false, "no tr"},
	{"the cert ends today: a drill",
         "/",
         {0},
         "else",
         PRIORITY_LOW,
         1,
         NULL,
         true,
         "soon \"today\", held back by drill"},
	{"a down payment for the cert, today",
         "/",
         {0},
         "else",
         PRIORITY_LOW,
         1,
         NULL,
         false,
         "no"},
	{"torn paper",
         "/",
         {0},
         "paper",
         PRIORITY_MEDIUM,
         2,
         NULL,
         false,
         "paper: usually work, torn \"torn\""},
	{"paper", "/", {0}, "paper", PRIORITY_LOW, 2, NULL, false, "too few signs of more"},
	{"paper torn off", "/", {0}, "paper", PRIORITY_LOW, 2, NULL, false, "too few signs"},
	{"paper, perhaps torn", "/", {0}, "paper", PRIORITY_LOW, 2, NULL, false, "too few signs"},
	{"paper that fails", "/", {0}, "paper", PRIORITY_MEDIUM, 2, NULL, false, "\"fails\""},
	{"socks",
         "/",
         {.production_stopped = true},
         "socks",
         PRIORITY_HIGH,
         1,
         NULL,
         false,
         "Veterans are stopped"},
	{"socks",
         "/",
         {.data_exposed = true},
         "security",
         PRIORITY_CRITICAL,
         3,
         "data",
         false,
         "the requester says"},
};

static bool is_said(const struct triage *triage, const char *part)
{
	return strstr(triage->topic_why, part) != NULL ||
	       strstr(triage->priority_why, part) != NULL ||
	       strstr(triage->tier_why, part) != NULL ||
	       strstr(triage->immediate_why, part) != NULL;
}

static void decisions(void **state)
{
	struct arena arena = {0};
	struct policy policy = {.topics = topics, .topics_count = ARRAY_LEN(topics)};

	(void)state;
	policy.rulebook = make_book(&arena);
	assert_non_null(policy.rulebook);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct request request = {.text = span_of(rows[i].text),
		                                .page_url = span_of(rows[i].page),
		                                .flags = rows[i].flags};
		bool immediate = rows[i].priority == PRIORITY_CRITICAL;
		struct triage got, urgent;

		triage_decide(&policy, &request, &arena, &got);
		if (strcmp(got.topic->id, rows[i].topic) != 0 || got.priority != rows[i].priority ||
		    got.tier != rows[i].tier || got.immediate != immediate ||
		    got.possible_incident != rows[i].possible || !is_said(&got, rows[i].why) ||
		    !span_eq(span_of(got.trigger), span_of(rows[i].trigger)))
			fail_msg("\"%s\": %s %s tier %d; %s; %s; %s; %s", rows[i].text,
			         got.topic->id, priority_name(got.priority), got.tier,
			         got.topic_why, got.priority_why, got.tier_why, got.immediate_why);
		triage_urgent(&policy, &request, &arena, &urgent);
		assert_int_equal(urgent.immediate, got.immediate);
		assert_int_equal(urgent.possible_incident, got.possible_incident);
		assert_string_equal(urgent.immediate_why, got.immediate_why);
	}
	arena_fini(&arena);
}

static void other_topics_are_tags(void **state)
{
	struct arena arena = {0};
	struct policy policy = {.topics = topics, .topics_count = ARRAY_LEN(topics)};
	const struct request request = {
		.title = SPAN_LIT("typo"),
		.text = SPAN_LIT("review my PR, the pull request of socks")};
	struct triage got;

	(void)state;
	policy.rulebook = make_book(&arena);
	triage_decide(&policy, &request, &arena, &got);
	assert_string_equal(got.topic->id, "pr");
	assert_int_equal(got.tags_count, 2);
	assert_string_equal(got.tags[0].text, "socks");
	assert_string_equal(got.tags[1].text, "docs");
	arena_fini(&arena);
}

static void a_policy_without_words(void **state)
{
	static const struct {
		struct visitor_flags flags;
		enum priority priority;
		bool immediate;
		int tier;
	} flagged[] = {
		{{0}, PRIORITY_MEDIUM, false, 1},
		{{.production_stopped = true}, PRIORITY_HIGH, false, 1},
		{{.data_exposed = true}, PRIORITY_CRITICAL, true, 3},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(flagged); i++) {
		const struct policy policy = {0};
		const struct request request = {.text = SPAN_LIT("va.gov is down"),
		                                .flags = flagged[i].flags};
		struct arena arena = {0};
		struct triage got;

		triage_decide(&policy, &request, &arena, &got);
		assert_null(got.topic);
		assert_int_equal(got.priority, flagged[i].priority);
		assert_int_equal(got.immediate, flagged[i].immediate);
		assert_int_equal(got.tier, flagged[i].tier);
		assert_non_null(got.immediate_why);
		arena_fini(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions),
		cmocka_unit_test(other_topics_are_tags),
		cmocka_unit_test(a_policy_without_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
