/* SPDX-License-Identifier: MIT */
/* Secrets in texts, by tests/secrets/vectors.jsonl, which the widget is held to as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "base/must.h"
#include "core/secret.h"

#define VECTORS  "tests/secrets/vectors.jsonl"
#define LINE_MAX 8192

static void check_row(const char *line)
{
	json_t *row = json_loads(line, 0, NULL);
	const char *text, *clean;
	struct arena arena = {0};
	struct span result;
	unsigned count;

	assert_non_null(row);
	text = json_string_value(json_object_get(row, "text"));
	clean = json_string_value(json_object_get(row, "clean"));
	assert_non_null(text);
	assert_non_null(clean);
	result = secret_remove(&arena, span_of(text), &count);
	if (!span_is(result, clean))
		fail_msg("%s: %.*s", json_string_value(json_object_get(row, "name")),
		         (int)result.len, result.ptr);
	assert_int_equal(count == 0, strcmp(text, clean) == 0);
	arena_fini(&arena);
	json_decref(row);
}

static void every_vector(void **state)
{
	FILE *file = fopen(VECTORS, "r");
	char line[LINE_MAX];
	size_t rows = 0;

	(void)state;
	assert_non_null(file);
	for (; fgets(line, sizeof(line), file) != NULL; rows++)
		check_row(line);
	assert_int_equal(fclose(file), 0);
	assert_true(rows >= 80);
}

/* What is beside a word boundary, at the ends of the text, or cut off anywhere. */
static void every_piece_of_it(void **state)
{
	static const char text[] =
		"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA3Tz2mr7SZiAMfQyuvBjM9Oi\n"
		"-----END RSA PRIVATE KEY-----\npassword=\"abc123x\" https://a:bcdef@h "
		"eyJhbGciOiJI.eyJzdWIiOiIx.dozjgNryP4J3 Bearer 0a1b2c3d4e5f60718293a4b5 AKIA";

	(void)state;
	for (size_t from = 0; from < sizeof(text); from++) {
		for (size_t to = from; to < sizeof(text); to++) {
			char *piece = xmemdup0(text + from, to - from); /* asan sees its end */
			struct secret_search search = {.text = {piece, to - from}};
			struct secret secret;
			size_t last = 0;

			while (secret_next(&search, &secret)) {
				assert_true(secret.at >= last && secret.len > 0);
				last = secret.at + secret.len;
				assert_true(last <= to - from);
			}
			free(piece);
		}
	}
}

/* Ten times the text takes about ten times the steps: what is worst is still linear. */
static void long_and_hostile(void **state)
{
	static const char *const pieces[] = {
		"eyJ-",
		"eyJ.",
		"eyJaaaaaaaaa.eyJ",
		"-----BEGIN PRIVATE KEY-----",
		"-----BEGIN ",
		"password=",
		"Bearer ",
		"Basic a1",
		"://a:",
		"sk-",
		"SG.",
		"a",
		"-",
		"\"token\": \"",
		"-----END ",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		size_t len = strlen(pieces[i]), size = (size_t)1 << 20;
		char *text = xmalloc(size);
		struct secret_search search = {.text = {text, size}};
		struct secret secret;

		for (size_t at = 0; at < size; at++)
			text[at] = pieces[i][at % len];
		while (secret_next(&search, &secret))
			assert_true(secret.len > 0);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector),
		cmocka_unit_test(every_piece_of_it),
		cmocka_unit_test(long_and_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
