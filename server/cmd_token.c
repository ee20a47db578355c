/* SPDX-License-Identifier: MIT */
/* tierbell token create|list|label|revoke */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/must.h"
#include "command.h"
#include "errand.h"

#define DAY_TEXT_SIZE 32

static void usage(FILE *out)
{
	(void)fputs(
		"usage: tierbell token create --email E [--label L] [--scope full|wall] [--days N]\n"
		"       tierbell token list --email E\n"
		"       tierbell token label --id N --label L\n"
		"       tierbell token revoke --id N\n\n"
		"create prints an API token with the rights of this agent, or (wall) for the figures\n"
		"of the wall alone. It is shown once and kept as a hash. revoke ends it, and the\n"
		"sockets that it opened, at once; `tierbell agent disable` ends all of an agent.\n\n",
		out);
	config_print_options(out, COMMAND_TOKEN);
}

static void put(json_t *object, const char *name, const char *text)
{
	json_t *value = json_string(text);

	MUST(json_object_set_new(object, name, value != NULL ? value : json_null()) == 0);
}

/* false: it is no number. Not said: nothing is put. */
static bool put_number(json_t *object, const char *name, const char *text)
{
	char *end;
	long long number;

	if (text == NULL)
		return true;
	number = strtoll(text, &end, 10);
	if (*text == '\0' || *end != '\0' || number < 0)
		return false;
	MUST(json_object_set_new(object, name, json_integer(number)) == 0);
	return true;
}

/* The question goes. */
static int ask(const struct config *config, json_t *question, json_t **answer)
{
	char why[ERRAND_WHY_SIZE];
	enum status st = errand_run(config, question, answer, why);

	json_decref(question);
	return st == ST_OK ? EXIT_DONE : command_fail(EXIT_FAILED, why);
}

static int wrong(json_t *question, const char *why)
{
	json_decref(question);
	return command_fail(EXIT_USAGE, why);
}

static bool days_are_good(const json_t *question)
{
	const json_t *days = json_object_get(question, "days");

	return days == NULL ||
	       (json_integer_value(days) >= 1 && json_integer_value(days) <= TOKEN_DAYS_MAX);
}

static int create(const struct config *config)
{
	json_t *question = json_object(), *answer;
	enum token_scope scope;
	int code;

	put(question, "call", "token_create");
	if (config->email.text == NULL)
		return wrong(question, "token create needs --email E");
	put(question, "email", config->email.text);
	put(question, "scope", config->scope.text);
	if (config->label.text != NULL)
		put(question, "label", config->label.text);
	if (!token_scope_parse(span_of(config->scope.text), &scope))
		return wrong(question, "--scope is full or wall");
	if (!put_number(question, "days", config->days.text) || !days_are_good(question))
		return wrong(question, "--days is a whole number of days from 1 to 3650");
	code = ask(config, question, &answer);
	if (code != EXIT_DONE)
		return code;
	(void)puts(json_string_value(json_object_get(answer, "token")));
	json_decref(answer);
	return EXIT_DONE;
}

/* "2026-11-29 14:05", in UTC; `none` when there is no time. */
static const char *moment(const json_t *token, const char *name, const char *none,
                          char text[DAY_TEXT_SIZE])
{
	const json_t *value = json_object_get(token, name);
	time_t seconds = (time_t)(json_integer_value(value) / SEC_MS);
	struct tm parts;

	if (!json_is_integer(value) || gmtime_r(&seconds, &parts) == NULL ||
	    strftime(text, DAY_TEXT_SIZE, "%Y-%m-%d %H:%M", &parts) == 0)
		return none;
	return text;
}

static void print_token(const json_t *token)
{
	char made[DAY_TEXT_SIZE], used[DAY_TEXT_SIZE], ends[DAY_TEXT_SIZE];

	(void)printf("%-5" JSON_INTEGER_FORMAT " %-4s  made %s  used %-16s  ends %-16s  %s\n",
	             json_integer_value(json_object_get(token, "id")),
	             json_string_value(json_object_get(token, "scope")),
	             moment(token, "created_at", "-", made),
	             moment(token, "used_at", "never", used),
	             moment(token, "expires_at", "never", ends),
	             json_string_value(json_object_get(token, "label")));
}

static int list(const struct config *config)
{
	json_t *question = json_object(), *answer, *token;
	size_t i;
	int code;

	put(question, "call", "token_list");
	if (config->email.text == NULL)
		return wrong(question, "token list needs --email E");
	put(question, "email", config->email.text);
	code = ask(config, question, &answer);
	if (code != EXIT_DONE)
		return code;
	json_array_foreach(json_object_get(answer, "tokens"), i, token) {
		print_token(token);
	}
	json_decref(answer);
	return EXIT_DONE;
}

/* Something about the one that --id names. */
static int change(const struct config *config, const char *call, bool has_label)
{
	json_t *question = json_object(), *answer;
	int code;

	put(question, "call", call);
	if (config->id.text == NULL || !put_number(question, "id", config->id.text))
		return wrong(question, "say which token: --id N, as token list shows it");
	if (has_label && config->label.text == NULL)
		return wrong(question, "token label needs --label L");
	if (has_label)
		put(question, "label", config->label.text);
	code = ask(config, question, &answer);
	if (code == EXIT_DONE)
		json_decref(answer);
	return code;
}

static int label(const struct config *config)
{
	return change(config, "token_label", true);
}

static int end_one(const struct config *config)
{
	int code = change(config, "token_end", false);

	if (code == EXIT_DONE)
		(void)printf("revoked %s\n", config->id.text);
	return code;
}

int cmd_token(const struct invocation *invocation)
{
	static const struct subcommand_verb verbs[] = {
		{"create", 1, create},
		{"list", 1, list},
		{"label", 1, label},
		{"revoke", 1, end_one},
	};
	static const struct subcommand command = {
		.id = COMMAND_TOKEN,
		.usage = usage,
		.verbs = verbs,
		.verbs_count = ARRAY_LEN(verbs),
		.which = "say what to do: token create, token list, token label or token revoke",
	};

	return command_run(&command, invocation);
}
