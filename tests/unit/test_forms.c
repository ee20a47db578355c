/* SPDX-License-Identifier: MIT */
/* What a written word may be for rules: itself, one with an ending, or misspelt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/must.h"
#include "core/forms.h"

static const char *const rule_words[] = {
	"deployment", "environment", "permission", "password",
	"request",    "access",      "staging",    "browser",
	"production", "certificate", "retry",      "share",
	"plan",       "box",         "options",    "fixed",
	"fix",        "internal",    "browse",     "port",
	"swapped",    "news",        "status",     "abcdefghijklmnopqrstuvwxyzabcdefg",
};

struct seen {
	const struct grammar *grammar;
	struct buf names;
};

static void on_form(void *ctx, uint32_t symbol)
{
	struct seen *seen = ctx;

	if (seen->names.len > 0)
		buf_char(&seen->names, ' ');
	if (symbol == SYMBOL_NUMBER)
		buf_char(&seen->names, '#');
	buf_span(&seen->names, seen->grammar->symbols[symbol].name);
	if (seen->grammar->symbols[symbol].kind == SYMBOL_PREFIX)
		buf_char(&seen->names, '*');
}

static void check(const struct grammar *grammar, const char *written, const char *forms)
{
	struct seen seen = {.grammar = grammar};
	struct words words = words_of(span_of(written));
	struct word word;

	assert_true(words_next(&words, &word));
	forms_of(grammar, &word, &(struct forms_sink){.found = on_form, .ctx = &seen});
	if (strcmp(buf_cstr(&seen.names), forms) != 0)
		fail_msg("%s: got \"%s\"", written, buf_cstr(&seen.names));
	buf_fini(&seen.names);
}

static void make_words(struct grammar *grammar, struct arena *arena)
{
	grammar_init(grammar, arena);
	for (size_t i = 0; i < ARRAY_LEN(rule_words); i++)
		(void)grammar_symbol(grammar, SYMBOL_WORD, span_of(rule_words[i]));
	(void)grammar_symbol(grammar, SYMBOL_PREFIX, SPAN_LIT("migrat"));
	(void)grammar_symbol(grammar, SYMBOL_PREFIX, SPAN_LIT("deploy"));
}

static void forms(void **state)
{
	static const struct {
		const char *written, *forms;
	} rows[] = {
		/* known words are what they are */
		{"Production", "production"},
		{"requests", "request"},
		{"migrations", "migrat*"},
		{"deployment", "deploy* deployment"},
		{"fixed", "fixed"},
		{"browse", "browse"},
		{"StagingBrowser", "staging browser"},
		{"9lives", "#"},
		{"whatever", ""},
		/* endings */
		{"boxes", "box"},
		{"retried", "retry"},
		{"retries", "retry"},
		{"retrying", "retry"},
		{"shared", "share"},
		{"sharing", "share"},
		{"planning", "plan"},
		{"planned", "plan"},
		{"fixes", "fix"},
		{"option", "options"},
		{"new", "news"},
		{"acces", "access"},
		{"statu", ""},
		{"bring", ""},
		/* two letters changed places: from six letters on */
		{"acecss", "access"},
		{"stagign", "staging"},
		{"deplyoment", "deploy* deployment"},
		{"prodcution", "production"},
		{"produtcion", "production"},
		{"prot", ""},
		/* a letter doubled or not: from six letters on */
		{"acces", "access"},
		{"accesss", "access"},
		{"acess", "access"},
		{"permision", "permission"},
		{"permisions", "permission"},
		{"swaped", "swapped"},
		{"portt", ""},
		/* a letter missing or too many: from seven letters on */
		{"requst", "request"},
		{"requiest", "request"},
		{"enviroment", "environment"},
		{"enviroments", "environment"},
		{"environmentt", "environment"},
		{"environmen", "environment"},
		{"acces1", ""},
		{"axcess", ""},
		{"accxess", ""},
		/* another letter: from nine letters on */
		{"certificite", "certificate"},
		{"certifucate", "certificate"},
		{"intarnal", ""},
		/* never the first letter, never two slips, never what is not spelt in ASCII */
		{"broduction", ""},
		{"roduction", ""},
		{"prodcutoin", ""},
		{"prod\xC4\x8Dtion", ""},
		/* the likelier slip */
		{"browsre", "browser"},
		/* longer than is looked at */
		{"abcdefghijklmnopqrstuvwxyzabcdegf", ""},
	};
	struct arena arena = {0};
	struct grammar grammar;

	(void)state;
	make_words(&grammar, &arena);
	spelling_make(&grammar.spelling, &grammar, &arena);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(&grammar, rows[i].written, rows[i].forms);
	arena_fini(&arena);
}

/* Every word of a rule with each two neighbours changed is found again. */
static void every_place_of_a_slip(void **state)
{
	static const char word[] = "environmental";
	struct arena arena = {0};
	struct grammar grammar;

	(void)state;
	grammar_init(&grammar, &arena);
	(void)grammar_symbol(&grammar, SYMBOL_WORD, SPAN_LIT("environmental"));
	spelling_make(&grammar.spelling, &grammar, &arena);
	for (size_t i = 1; i + 2 < sizeof(word); i++) {
		char swapped[sizeof(word)], missing[sizeof(word)], other[sizeof(word)];
		char more[sizeof(word) + 1];

		memcpy(swapped, word, sizeof(word));
		swapped[i] = word[i + 1];
		swapped[i + 1] = word[i];
		check(&grammar, swapped, "environmental");
		memcpy(missing, word, i);
		memcpy(missing + i, word + i + 1, sizeof(word) - i - 1);
		check(&grammar, missing, "environmental");
		memcpy(other, word, sizeof(word));
		other[i] = 'q';
		check(&grammar, other, "environmental");
		memcpy(more, word, i);
		more[i] = 'q';
		memcpy(more + i + 1, word + i, sizeof(word) - i);
		check(&grammar, more, "environmental");
	}
	arena_fini(&arena);
}

static void without_spelling_words_are_as_written(void **state)
{
	struct arena arena = {0};
	struct grammar grammar;

	(void)state;
	make_words(&grammar, &arena);
	check(&grammar, "enviroment", "");
	check(&grammar, "environments", "environment");
	grammar_init(&grammar, &arena);
	spelling_make(&grammar.spelling, &grammar, &arena);
	check(&grammar, "enviroment", "");
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(every_place_of_a_slip),
		cmocka_unit_test(without_spelling_words_are_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
