/* SPDX-License-Identifier: MIT */
/* The words of a text, the language of patterns, and what is decided by them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/must.h"
#include "core/chart.h"
#include "core/rulebook.h"
#include "core/triage.h"
#include "core/words.h"

static void words(void **state)
{
	static const struct {
		const char *text, *words; /* with | for a break */
	} rows[] = {
		{"", ""},
		{"   \n\t", ""},
		{"Hello", "hello"},
		{"Can't sign-in", "cant sign in"},
		{"can\xE2\x80\x99t log\xE2\x80\x93in", "cant log in"},
		{"the Login's page and users' data", "the login page and users data"},
		{"va.gov is down. Again!", "va gov is down | again |"},
		{"v2.5 takes 20+ seconds", "v2 5 takes 20 seconds"},
		{"what?! no...", "what | no |"},
		{"a.\n\nb", "a | b"},
		{"one line\nof two", "one line of two"},
		{"first\n- second\n- third", "first | second | third"},
		{"api_key in `config/settings.yml`", "api key in config settings yml"},
		{"see https://github.com/x/vets-api/pull/12?a=b#c now",
	         "see | github com x vets api pull 12 | now"},
		{"http://a.b/c", "a b c"},
		{"ImagePullBackOff", "imagepullbackoff"},
		{"Stra\xC3\x9F"
	         "e und caf\xC3\xA9",
	         "stra\xC3\x9F"
	         "e und cafe"},
		{"producci\xC3\xB3n \xC3\x91"
	         "and\xC3\xBA 3\xC3\x97"
	         "4",
	         "produccion nandu 3\xC3\x97"
	         "4"},
		{"\xD0\xB4\xD0\xB0", "\xD0\xB4\xD0\xB0"},
		{"down\xF0\x9F\x94\xA5now", "down now"},
		{"it's \xE2\x80\x9Cred\xE2\x80\x9D", "it red"},
		{"rock 'n' roll", "rock n roll"},
		{"3% or 4 % of 100%.", "3 percent or 4 percent of 100 percent |"},
		{"% of a%b, see http://a.b/1%20c", "of a b see | a b 1 20c"},
		{"\x80\xBF\xFF x", "x"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct words walk = words_of(span_of(rows[i].text));
		struct buf got = {0};
		struct word word;

		while (words_next(&walk, &word)) {
			if (got.len > 0)
				buf_char(&got, ' ');
			buf_span(&got, word.len > 0
			                       ? (struct span){.ptr = word.fold, .len = word.len}
			                       : SPAN_LIT("|"));
		}
		assert_string_equal(buf_cstr(&got), rows[i].words);
		buf_fini(&got);
	}
}

static void parts_of_words(void **state)
{
	struct words walk = words_of(SPAN_LIT("GitHubActionsUIIsRed"));
	char fold[WORD_SIZE];
	struct word word;
	size_t at = 0, len, count = 0;
	static const char *const parts[] = {"git", "hub", "actions", "uiis", "red"};

	(void)state;
	assert_true(words_next(&walk, &word));
	assert_true(word.humps);
	while (word_part(&word, &at, fold, &len)) {
		assert_int_equal(len, strlen(parts[count]));
		assert_memory_equal(fold, parts[count], len);
		count++;
	}
	assert_int_equal(count, ARRAY_LEN(parts));
}

/* One pattern against one text, with a few sets. */
static bool matches(const char *pattern_text, const char *text, char *seen, size_t size)
{
	struct arena arena = {0};
	struct grammar grammar;
	struct pattern pattern;
	struct chart chart;
	struct pattern_wrong why;
	struct span whole = span_of(text);
	uint32_t set, from, to;
	bool hit;

	grammar_init(&grammar, &arena);
	set = grammar_symbol(&grammar, SYMBOL_SET, SPAN_LIT("login"));
	assert_true(pattern_member(&grammar, set, SPAN_LIT("sign in"), &why));
	assert_true(pattern_member(&grammar, set, SPAN_LIT("log in|into"), &why));
	assert_true(pattern_member(&grammar, set, SPAN_LIT("login*"), &why));
	set = grammar_symbol(&grammar, SYMBOL_SET, SPAN_LIT("blocked"));
	assert_true(pattern_member(&grammar, set, SPAN_LIT("cant _? $login"), &why));
	if (!pattern_compile(&grammar, span_of(pattern_text), &pattern, &why))
		fail_msg("%s: %s", pattern_text, why.text);
	chart_read(&chart, &grammar, &whole, 1, &arena);
	chart_fill(&chart, NULL);
	hit = chart_matches(&chart, &pattern, &from, &to);
	if (hit)
		(void)span_copy(seen, size, chart_text(&chart, from, to));
	arena_fini(&arena);
	return hit;
}

static void patterns(void **state)
{
	static const struct {
		const char *pattern, *text, *seen; /* NULL: no match */
	} rows[] = {
		{"down", "It is DOWN now", "DOWN"},
		{"down", "the download", NULL},
		{"deploy failed", "the deploy failed", "deploy failed"},
		{"deploy failed", "the deploy has failed", NULL},
		{"deploy failed", "a deploy. Failed again", NULL},
		{"deploy has? failed", "the deploy has failed", "deploy has failed"},
		{"deploy has? failed", "the deploy failed", "deploy failed"},
		{"deploy _ failed", "the deploy just failed", "deploy just failed"},
		{"deploy _ failed", "the deploy failed", NULL},
		{"pod", "two pods", "pods"},
		{"class", "two classs", NULL},
		{"status", "statu", NULL},
		{"fail*", "it is failing", "failing"},
		{"fail*", "no fai", NULL},
		{"# seconds", "20+ seconds", "20+ seconds"},
		{"# seconds", "many seconds", NULL},
		{"down|unresponsive now", "unresponsive now", "unresponsive now"},
		{"fail*|red now", "failing now", "failing now"},
		{"(content release|deploy) failed", "content release failed",
	         "content release failed"},
		{"(content release|deploy) failed", "release failed", NULL},
		{"(a|b (c|d)) e", "b d e", "b d e"},
		{"out-of-band", "an out of band fix", "out of band"},
		{"can't", "we cannot, we can\xE2\x80\x99t", "can\xE2\x80\x99t"},
		{"$login", "please log-in", "log-in"},
		{"$login page", "the sign in page", "sign in page"},
		{"$blocked", "I can't really log into it", "can't really log into"},
		{"nobody near $login", "sign in works for nobody", "sign in works for nobody"},
		{"nobody near/1 $login", "sign in works for nobody", NULL},
		{"nobody before $login", "sign in works for nobody", NULL},
		{"nobody before $login", "nobody can ever sign in", "nobody can ever sign in"},
		{"nobody near $login", "sign in. Then one two three four five six nobody", NULL},
		{"nobody near $login", "Sign in fails. Nobody works.", "Sign in fails"},
		{"down without not", "it is not down", NULL},
		{"down without not", "it is down", "down"},
		{"down without/1 not", "not that it is down", "down"},
		{"a near b near c", "c x a x b", "c x a x b"},
		{"a near b without c", "a b c", NULL},
		{"down not-after not", "it is not down", NULL},
		{"down not-after not", "down, is it not", "down"},
		{"down not-after/1 not", "not that it is down", "down"},
		{"login near/sentence down",
	         "the login of all of the many people that we have is down",
	         "login of all of the many people that we have is down"},
		{"login near/sentence down", "The login. It is down.", NULL},
		{"login before/sentence down", "down is the login", NULL},
		{"down without/sentence test", "It is down. A test is not.", "down"},
		{"down without/sentence test", "Down in a much longer text than that is a test.",
	         NULL},
		{"down near/4 login near/sentence test", "Down. Login test", "Down"},
		{"down without/sentence \\?", "Is it down? Yes.", NULL},
		{"down without/sentence \\?", "Can you help? It is down.", "down"},
		{"\\?", "Is it?", "?"},
		{"\\. before/2 is", "It was. Is it?", "Is"},
		{"\\. before/2 is", "What? Is it", "Is"},
		{"\\. before/2 is", "There. It is", NULL},
		{"\\?", "Is it (really?) so?!", "?"},
		{"\\?", "see https://h/?q or a?b.", NULL},
		{"red near red", "red", NULL},
		{"a near b near c", "a c b", "a c b"},
		{"a near b before c", "a c b", NULL},
		{"a near b without c", "a c b", NULL},
		{"a b near a", "a a b", "a a b"},
		{"a b near a", "a b", NULL},
		{"red near red", "red red", "red red"},
		{"\\near miss", "a near miss", "near miss"},
		{"pull backoff", "ImagePullBackoff", NULL},
		{"pull", "ImagePullBackoff", "ImagePullBackoff"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char seen[100] = "";
		bool hit = matches(rows[i].pattern, rows[i].text, seen, sizeof(seen));

		if (hit != (rows[i].seen != NULL) || (hit && strcmp(seen, rows[i].seen) != 0))
			fail_msg("`%s` in \"%s\": got %s", rows[i].pattern, rows[i].text,
			         hit ? seen : "no match");
	}
}

static void wrong_patterns(void **state)
{
	static const struct {
		const char *pattern, *why;
	} rows[] = {
		{"", "a word is missing at byte 1"},
		{"a near", "a word is missing at byte 1"},
		{"near a", "a word is missing at byte 1"},
		{"--", "`--` has no letters or digits"},
		{"a \\?", "`\\` has no letters or digits"},
		{"a near/sentences b", "a join is `near`, or `near/20` with a number of words"},
		{"a*", "`a*` is too short for a beginning of words"},
		{"$nothing", "there is no set `$nothing`"},
		{"(a|b", "a `)` is missing"},
		{"a)", "a word is missing at byte 2"},
		{"()", "a word is missing at byte 2"},
		{"a near/x b", "a join is `near`, or `near/20` with a number of words"},
		{"a near/999 b", "at most 400 words apart"},
		{"_ b", "it must not begin with `_`"},
		{"a?", "every word of it may be missing"},
		{"log-in? b", "put what may be missing in parentheses"},
		{"a? b? c? d? e? f", "more than 4 words that may be missing"},
		{"((((( a )))))", "parentheses in more than 4 levels"},
		{"a a a a a a a a a a a a a a a a a", "more than 16 words in a row"},
		{"a near a near a near a near a near a near a near a near a", "more than 8 parts"},
		{"a\tb", "it has control characters"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena arena = {0};
		struct grammar grammar;
		struct pattern pattern;
		struct pattern_wrong why;

		grammar_init(&grammar, &arena);
		assert_false(pattern_compile(&grammar, span_of(rows[i].pattern), &pattern, &why));
		assert_string_equal(why.text, rows[i].why);
		arena_fini(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(parts_of_words),
		cmocka_unit_test(patterns),
		cmocka_unit_test(wrong_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
