/* SPDX-License-Identifier: MIT */
#include "../../server/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"

#define WORDS_MAX 7

/* main's words are not const, though nobody writes to them. */
static enum status read_words(struct config *config, unsigned command, const char *const *words,
                              const char *const *environment, char *why)
{
	char *words_copy[WORDS_MAX] = {0}, *environment_copy[WORDS_MAX] = {0};

	for (size_t i = 0; words[i] != NULL; i++)
		words_copy[i] = (char *)(uintptr_t)words[i];
	for (size_t i = 0; environment[i] != NULL; i++)
		environment_copy[i] = (char *)(uintptr_t)environment[i];
	return config_read(config, command, words_copy, environment_copy, why);
}

static const struct {
	const char *name;
	unsigned command;
	const char *words[WORDS_MAX];
	const char *environment[WORDS_MAX];
	const char *wrong; /* part of the sentence; NULL: it is taken */
} rows[] = {
	{"nothing said", COMMAND_SERVE, {0}, {0}, NULL},
	{"an option and its value", COMMAND_SERVE, {"--data", "x"}, {0}, NULL},
	{"an option with =", COMMAND_SERVE, {"--data=x"}, {0}, NULL},
	{"no such option", COMMAND_SERVE, {"--dat", "x"}, {0}, "--dat"},
	{"an option of another command", COMMAND_SERVE, {"--email", "x"}, {0}, "--email"},
	{"a single dash", COMMAND_SERVE, {"-"}, {0}, "no option"},
	{"no value", COMMAND_SERVE, {"--data"}, {0}, "needs a value"},
	{"a limit", COMMAND_SERVE, {"--limit", "hello_s=3"}, {0}, NULL},
	{"a limit of connections", COMMAND_SERVE, {"--limit", "header_ms=5"}, {0}, NULL},
	{"a limit of the desk", COMMAND_SERVE, {"--limit", "messages_per_10s=0"}, {0}, NULL},
	{"no such limit", COMMAND_SERVE, {"--limit", "hello=3"}, {0}, "no limit"},
	{"a limit without a value", COMMAND_SERVE, {"--limit", "hello_s"}, {0}, "NAME=VALUE"},
	{"a limit that is no number", COMMAND_SERVE, {"--limit", "hello_s=x"}, {0}, "hello_s"},
	{"a limit with a tail", COMMAND_SERVE, {"--limit", "hello_s=3s"}, {0}, "hello_s"},
	{"a negative limit", COMMAND_SERVE, {"--limit", "hello_s=-1"}, {0}, "hello_s"},
	{"a limit beyond its range",
         COMMAND_SERVE,
         {"--limit", "message_chars=0"},
         {0},
         "message_chars"},
	{"a limit in the environment", COMMAND_SERVE, {0}, {"TIERBELL_LIMIT=hello_s=x"}, "hello_s"},
	{"a flag", COMMAND_SIMULATE, {"--json"}, {0}, NULL},
	{"a flag with a value", COMMAND_SIMULATE, {"--json=yes"}, {0}, "no value"},
	{"a flag of another command", COMMAND_SERVE, {"--json"}, {0}, "--json"},
	{"too many words", COMMAND_AGENT, {"a", "b", "c", "d", "e"}, {0}, "too many words"},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char why[CONFIG_TEXT_SIZE] = "";
		struct config config;
		enum status st = read_words(&config, rows[i].command, rows[i].words,
		                            rows[i].environment, why);

		if ((st == ST_OK) != (rows[i].wrong == NULL) ||
		    (st != ST_OK && strstr(why, rows[i].wrong) == NULL))
			fail_msg("%s: %s", rows[i].name, why);
		config_fini(&config);
	}
}

static void the_command_line_wins(void **state)
{
	const char *words[] = {"--data", "line", "--origin", "https://c", "--limit=hello_s=4",
	                       NULL};
	const char *environment[] = {"TIERBELL_DATA=env",
	                             "TIERBELL_ORIGIN=https://a, https://b",
	                             "TIERBELL_PUBLIC_URL=https://p",
	                             "TIERBELLDATA=x",
	                             "TIERBELL_LIMIT=hello_s=9 undo_close_s=7",
	                             NULL};
	char why[CONFIG_TEXT_SIZE];
	struct config config;

	(void)state;
	assert_int_equal(read_words(&config, COMMAND_SERVE, words, environment, why), ST_OK);
	assert_string_equal(config.data.text, "line");
	assert_string_equal(config.public_url.text, "https://p");
	assert_int_equal(config.origin.count, 1);
	assert_string_equal(config.origin.items[0], "https://c");
	assert_int_equal(config.gateway.hello_s, 4);
	assert_int_equal(config.desk.limits.undo_close_s, 7);
	assert_string_equal(config.listen.items[0], "127.0.0.1:8080");
	config_fini(&config);
	assert_int_equal(read_words(&config, COMMAND_SERVE, words + 5, environment, why), ST_OK);
	assert_string_equal(config.data.text, "env");
	assert_int_equal(config.origin.count, 2);
	assert_string_equal(config.origin.items[1], "https://b");
	config_fini(&config);
}

/* Of a secret the variable is that of its file: nobody is to put the secret itself there. */
static void the_file_of_a_secret_has_a_variable(void **state)
{
	const char *words[] = {"--identity-key", "line", NULL};
	const char *environment[] = {"TIERBELL_IDENTITY_KEY=secret", NULL, NULL};
	char why[CONFIG_TEXT_SIZE];
	struct config config;

	(void)state;
	assert_int_equal(read_words(&config, COMMAND_SERVE, words + 2, environment, why), ST_OK);
	assert_null(config.identity_key.text);
	config_fini(&config);
	environment[1] = "TIERBELL_IDENTITY_KEY_FILE=env";
	assert_int_equal(read_words(&config, COMMAND_SERVE, words + 2, environment, why), ST_OK);
	assert_string_equal(config.identity_key.text, "env");
	config_fini(&config);
	assert_int_equal(read_words(&config, COMMAND_SERVE, words, environment, why), ST_OK);
	assert_string_equal(config.identity_key.text, "line");
	config_fini(&config);
}

static void frame_limits_are_told_to_the_desk(void **state)
{
	const char *words[] = {"--limit", "visitor_frame_bytes=1024", NULL};
	const char *environment[] = {NULL};
	char why[CONFIG_TEXT_SIZE];
	struct config config;

	(void)state;
	assert_int_equal(read_words(&config, COMMAND_SERVE, words, environment, why), ST_OK);
	assert_int_equal(config.desk.visitor_frame_bytes, 1024);
	assert_int_equal(config.desk.agent_frame_bytes, 65536);
	config_fini(&config);
}

/* Every default lies in its own range, and no name is there twice. */
static void limits_are_sane(void **state)
{
	const char *none[] = {NULL};
	char why[CONFIG_TEXT_SIZE];
	struct config config;
	struct limit a, b;

	(void)state;
	assert_int_equal(read_words(&config, COMMAND_SERVE, none, none, why), ST_OK);
	for (size_t i = 0; config_limit_at(&config, i, &a); i++) {
		if (a.value < a.min || a.value > a.max || a.help[0] == '\0')
			fail_msg("%s", a.name);
		for (size_t j = i + 1; config_limit_at(&config, j, &b); j++)
			assert_string_not_equal(a.name, b.name);
	}
	config_fini(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(the_command_line_wins),
		cmocka_unit_test(the_file_of_a_secret_has_a_variable),
		cmocka_unit_test(frame_limits_are_told_to_the_desk),
		cmocka_unit_test(limits_are_sane),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
