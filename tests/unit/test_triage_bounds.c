/* SPDX-License-Identifier: MIT */
/* Triage of more than there is room for: long texts, and words that begin very much. */
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

static const struct topic topics[] = {{.id = "incident", .tier = 3}, {.id = "security", .tier = 1}};

static void no_mistake(void *ctx, const char *at, const char *sentence)
{
	(void)ctx;
	fail_msg("%s: %s", at, sentence);
}

/* The book borrows what it is made of: all of that is static. */
static struct rulebook *make_book(struct arena *arena)
{
	static const char *const outage[] = {"va.gov is down", "ssn near exposed|leaked"};
	static const struct topic_in in_topics[] = {{.id = "incident", .at = "$"},
	                                            {.id = "security", .at = "$"}};
	static const struct trigger_in triggers[] = {
		{.name = "outage", .topic = "incident", .at = "$", .words = {outage, 2, "$", 2}}};
	static const struct rulebook_in in = {
		.topics = in_topics, .topics_count = 2, .triggers = triggers, .triggers_count = 1};

	return rulebook_compile(arena, &in, &(struct rulebook_sink){.mistake = no_mistake});
}

#define SETS_MOST 600

static void decide_with_sets(struct arena *arena, size_t count, struct triage *out)
{
	static char names[SETS_MOST][24];
	static char others[SETS_MOST][32];
	static const char *members[SETS_MOST][2];
	static const char *const first[] = {"$s0"}, *const last[] = {"$s199"}; /* of 200 or more */
	const struct list_in first_words = {.items = first, .count = 1, .weight = 2};
	const struct list_in last_words = {.items = last, .count = 1, .weight = 3};
	static struct set_in sets[SETS_MOST];
	const struct topic_in in_topics[] = {
		{.id = "incident", .at = "$", .words = &first_words, .words_count = 1},
		{.id = "security", .at = "$", .words = &last_words, .words_count = 1},
	};
	const struct rulebook_in in = {
		.sets = sets, .sets_count = count, .topics = in_topics, .topics_count = 2};
	const struct rulebook_sink sink = {.mistake = no_mistake};
	const struct request request = {.text = SPAN_LIT("it fails for some people")};
	static struct policy policy = {.topics = topics, .topics_count = 2};

	for (size_t i = 0; i < count; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "s%zu", i);
		/* Each is needed by another: what nothing needs is not kept. */
		(void)snprintf(others[i], sizeof(others[i]), "$s%zu too", (i + 1) % count);
		members[i][0] = "some people";
		members[i][1] = others[i];
		sets[i] = (struct set_in){.name = names[i],
		                          .at = "$",
		                          .members = {.items = members[i], .count = 2, .at = "$"}};
	}
	policy.rulebook = rulebook_compile(arena, &in, &sink);
	triage_decide(&policy, &request, arena, out);
}

/* Many sets begin with the same word, as sets of plain language do: none hides another. */
static void many_sets_at_one_word(void **state)
{
	struct arena arena = {0};
	struct triage got;

	(void)state;
	decide_with_sets(&arena, 200, &got);
	assert_string_equal(got.topic->id, "security");
	assert_int_equal(got.tags_count, 1);
	assert_string_equal(got.tags[0].text, "incident");
	assert_string_equal(got.immediate_why, "no trigger matched");
	arena_fini(&arena);
}

/* There is an end to it, and that is said. */
static void more_sets_than_there_is_room_for(void **state)
{
	struct arena arena = {0};
	struct triage got;

	(void)state;
	decide_with_sets(&arena, SETS_MOST, &got);
	assert_string_equal(got.immediate_why,
	                    "no trigger matched; there is more text than was looked at");
	arena_fini(&arena);
}

/* As long as texts may be, of words that rules begin with. */
static void long_texts_have_bounds(void **state)
{
	static char text[3 * TRIAGE_TEXT_MAX];
	struct arena book = {0}, arena = {0};
	struct policy policy = {.topics = topics, .topics_count = ARRAY_LEN(topics)};
	struct triage got;

	(void)state;
	policy.rulebook = make_book(&book);
	for (size_t i = 0; i + 4 <= sizeof(text); i += 4)
		memcpy(text + i, i % 3 == 0 ? "a. b" : "ssn ", 4);
	triage_decide(
		&policy,
		&(struct request){.text = {text, sizeof(text)}, .title = {text, sizeof(text)}},
		&arena, &got);
	assert_string_equal(got.topic->id, "security");
	assert_true(arena.total < 8U * 1024U * 1024U);
	arena_fini(&arena);
	arena_fini(&book);
}

/* What is pasted in the middle is not looked at, and that is said. */
static void both_ends_of_a_long_text(void **state)
{
	static const struct {
		const char *name;
		size_t at, len;
		bool immediate, whole;
	} ends[] = {
		{"the beginning of a long text", 0, 3 * TRIAGE_TEXT_MAX, true, false},
		{"its end", 3 * TRIAGE_TEXT_MAX - 40, 3 * TRIAGE_TEXT_MAX, true, false},
		{"its middle", TRIAGE_TEXT_MAX, 3 * TRIAGE_TEXT_MAX, false, false},
		{"the end of one that is just not too long", TRIAGE_TEXT_MAX - 40, TRIAGE_TEXT_MAX,
	         true, true},
	};
	static char text[3 * TRIAGE_TEXT_MAX];
	struct arena book = {0};
	struct policy policy = {.topics = topics, .topics_count = ARRAY_LEN(topics)};

	(void)state;
	policy.rulebook = make_book(&book);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct request request = {.text = {text, ends[i].len}};
		static const char call[] = " va.gov is down ";
		struct arena arena = {0};
		struct triage got, further;
		bool whole;

		for (size_t k = 0; k < sizeof(text); k++)
			text[k] = k % 2 == 0 ? '\xC3' : '\xA9';
		memcpy(text + ends[i].at, call, sizeof(call) - 1);
		triage_decide(&policy, &request, &arena, &got);
		triage_urgent(&policy, &request, &arena, &further);
		whole = strstr(got.immediate_why, "there is more text") == NULL;
		if (got.immediate != ends[i].immediate || further.immediate != got.immediate ||
		    whole != ends[i].whole)
			fail_msg("%s: %s", ends[i].name, got.immediate_why);
		arena_fini(&arena);
	}
	arena_fini(&book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_sets_at_one_word),
		cmocka_unit_test(more_sets_than_there_is_room_for),
		cmocka_unit_test(long_texts_have_bounds),
		cmocka_unit_test(both_ends_of_a_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
