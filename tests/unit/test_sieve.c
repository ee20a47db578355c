/* SPDX-License-Identifier: MIT */
/* Texts that need no search: none is passed over in which a pattern matches, and most others are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/chart.h"
#include "core/sieve.h"

static const struct {
	const char *pattern, *text;
	bool may;
} rows[] = {
	{"database down", "The database is down", true},
	{"database down", "it all went down", false},
	{"database down", "the database was down",
         true}, /* not looked at: in which order, how far */
	{"database down", "down. The database", true},
	{"down near database", "it all went down", false},
	{"down without database", "it all went down", true},
	{"database", "DATABASES", true},
	{"database", "myDatabase", true},
	{"database", "ourImgDatabaseHost", true},
	{"img", "ImgPull", true},
	{"img", "imgPull", true},
	{"img", "imgpull", false},
	{"database", "mydatabase", false},
	{"database", "a_database", true},
	{"cant", "I can't", true},
	{"cant", "I can\xE2\x80\x99t", true},
	{"cant", "I can''t", false},
	{"cant", "I can' t", false},
	{"a", "a''b", true},
	{"ssn", "two ssns", true},
	{"ssn", "the ssn's", true},
	{"ssn", "the SSN\xE2\x80\x99s", true},
	{"id", "ids", true},
	{"id", "idle", false},
	{"leak*", "leaking", true},
	{"leak*", "bleak", false},
	{"in* database", "a database in here", true},
	{"in* database", "a database", false},
	{"in*", "nothing", false},
	{"database _ down", "nothing", false},
	{"#", "nothing", false},
	{"\\?", "is it?", true},
	{"\\?", "it is.", false},
	{"database near/sentence \\?", "a database?", true},
	{"database near/sentence \\?", "why?", false},
	{"# users", "12 users", true},
	{"# users", "12 people", false},
	{"(breach|leak of data)", "some data leaks", false},
	{"(breach|leak of data)", "of all data, a leak", true},
	{"(breach|leak of data)", "some data of mine", false},
	{"$set failed", "a word again", false},
	{"$set failed", "a word failed", true},
	{"$set near (no|not) $set before $set", "deploy not", true},
	{"$set near (no|not) $set before $set", "deploy", false},
	{"((a|b) c|(d|e) f) (g|h)", "f e h", true},
	{"((a|b) c|(d|e) f) (g|h)", "f b h", false},
	{"$set", "a word again", true},
	{"$set", "the thing", false},
	{"$set", "a big plan", false},
	{"$set failed", "nothing at all", false},
	{"$loop", "round and round", false}, /* needs itself */
	{"$turn", "round", true},            /* may need itself */
	{"$turn", "and", false},
	{"(outage)? database", "outage", false},
	{"database",
         "die \xC3\x9C"
         "bersicht",
         false},
	{"database", "read \xE2\x80\x9Cthis\xE2\x80\x9D \xE2\x80\x93 please", false},
	{"database",
         "\xE2\x80\x9C"
         "database",
         true},
	{"database",
         "\xF0\x9F\x98\x80"
         "database",
         true},
	{"database",
         "caf\xC3\xA9"
         "database",
         false},
	{"database", "see https://x.example/database", true},
	{"database", "", false},
};

static bool pattern_of(struct grammar *grammar, const char *text, struct pattern *out)
{
	struct pattern_wrong why;
	uint32_t set = grammar_symbol(grammar, SYMBOL_SET, SPAN_LIT("set"));
	uint32_t loop = grammar_symbol(grammar, SYMBOL_SET, SPAN_LIT("loop"));
	uint32_t turn = grammar_symbol(grammar, SYMBOL_SET, SPAN_LIT("turn"));

	return pattern_member(grammar, set, SPAN_LIT("deploy|word"), &why) &&
	       pattern_member(grammar, set, SPAN_LIT("a big thing"), &why) &&
	       pattern_member(grammar, loop, SPAN_LIT("$loop $loop"), &why) &&
	       pattern_member(grammar, turn, SPAN_LIT("$turn and"), &why) &&
	       pattern_member(grammar, turn, SPAN_LIT("round"), &why) &&
	       pattern_compile(grammar, span_of(text), out, &why);
}

/* With the productions alone that may match, the same matches. `to` 0: none does. */
static void check_live(const struct sieved *sieved, const struct grammar *grammar,
                       const struct span *text, uint32_t to)
{
	const struct pattern *pattern = sieved->sieve->patterns[0].pattern;
	const bool wanted = sieved_pattern(sieved, 0);
	struct arena arena = {0};
	struct chart chart;
	uint32_t from, end;

	assert_int_equal(wanted, sieved_owner(sieved, 1));
	chart_read(&chart, grammar, text, 1, &arena);
	chart_fill(&chart, sieved_live(sieved, grammar, &wanted, &arena));
	if (to != 0) {
		assert_true(chart_matches(&chart, pattern, &from, &end));
		assert_int_equal(end, to);
	}
	arena_fini(&arena);
}

static void texts_that_need_no_search(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct span text = span_of(rows[i].text);
		struct pattern pattern;
		const struct sieve_pattern owned = {.pattern = &pattern, .owner = 1};
		struct arena arena = {0};
		struct grammar grammar;
		struct sieve sieve;
		struct chart chart;
		struct sieved sieved;
		uint32_t from, to;
		bool matches;

		grammar_init(&grammar, &arena);
		if (!pattern_of(&grammar, rows[i].pattern, &pattern))
			fail_msg("%s: not a pattern", rows[i].pattern);
		sieve_make(&sieve, &grammar, &owned, 1, 3, &arena);
		chart_read(&chart, &grammar, &text, 1, &arena);
		sieve_words(&sieved, &sieve, chart.forms, chart.forms_count, &arena);
		assert_false(sieved_owner(&sieved, 0) || sieved_owner(&sieved, 2));
		if (sieved_owner(&sieved, 1) != rows[i].may)
			fail_msg("%s in \"%s\"", rows[i].pattern, rows[i].text);
		chart_fill(&chart, NULL);
		matches = chart_matches(&chart, &pattern, &from, &to);
		assert_false(matches && !rows[i].may);
		check_live(&sieved, &grammar, &text, matches ? to : 0);
		arena_fini(&arena);
	}
}

static bool holds(const struct sieve *sieve, const struct grammar *grammar,
                  const struct span *texts, size_t count)
{
	struct arena arena = {0};
	struct sieved sieved;
	struct chart words;
	bool held;

	chart_read(&words, grammar, texts, count, &arena);
	sieve_words(&sieved, sieve, words.forms, words.forms_count, &arena);
	held = sieved_owner(&sieved, 0);
	arena_fini(&arena);
	return held;
}

static void no_patterns_match_nowhere(void **state)
{
	const struct span text = SPAN_LIT("whatever it says");
	struct arena arena = {0};
	struct grammar grammar;
	struct sieve sieve;

	(void)state;
	grammar_init(&grammar, &arena);
	sieve_make(&sieve, &grammar, NULL, 0, 1, &arena);
	assert_false(holds(&sieve, &grammar, &text, 1));
	arena_fini(&arena);
}

/* The title and the text are looked at together. */
static void words_may_be_in_several_texts(void **state)
{
	const struct span texts[] = {SPAN_LIT("database"), SPAN_LIT("it is down")};
	struct arena arena = {0};
	struct pattern pattern;
	const struct sieve_pattern owned = {.pattern = &pattern};
	struct grammar grammar;
	struct sieve sieve;

	(void)state;
	grammar_init(&grammar, &arena);
	assert_true(pattern_of(&grammar, "database near down", &pattern));
	sieve_make(&sieve, &grammar, &owned, 1, 1, &arena);
	assert_false(holds(&sieve, &grammar, texts, 1));
	assert_true(holds(&sieve, &grammar, texts, 2));
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_that_need_no_search),
		cmocka_unit_test(no_patterns_match_nowhere),
		cmocka_unit_test(words_may_be_in_several_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
