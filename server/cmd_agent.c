/* SPDX-License-Identifier: MIT */
/* tierbell agent add|list|disable */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/must.h"
#include "command.h"
#include "errand.h"
#include "port/vault.h"

static void usage(FILE *out)
{
	(void)fputs("usage: tierbell agent add --email E --name N [--tier 1|2|3] [--role ROLE]\n"
	            "                          (the password is read from stdin)\n"
	            "       tierbell agent list\n"
	            "       tierbell agent disable --email E\n\n",
	            out);
	config_print_options(out, COMMAND_AGENT);
}

static void echo(bool on)
{
	struct termios mode;

	if (tcgetattr(STDIN_FILENO, &mode) != 0)
		return;
	if (on)
		mode.c_lflag |= (tcflag_t)ECHO;
	else
		mode.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode);
}

/* The first line of stdin. false: there is none, or it is too long. */
static bool read_password(char *password, size_t size)
{
	bool asked = isatty(STDIN_FILENO) != 0;
	size_t len;
	char *got;

	if (asked) {
		(void)fputs("Password: ", stderr);
		echo(false);
	}
	got = fgets(password, (int)size, stdin);
	if (asked) {
		echo(true);
		(void)fputc('\n', stderr);
	}
	if (got == NULL)
		return false;
	len = strcspn(password, "\r\n");
	if (len + 1 >= size)
		return false;
	password[len] = '\0';
	return len > 0;
}

static void put(json_t *object, const char *name, const char *text)
{
	json_t *value = text != NULL ? json_string(text) : json_null();

	MUST(json_object_set_new(object, name, value != NULL ? value : json_null()) == 0);
}

static int ask(const struct config *config, json_t *question, json_t **answer)
{
	char why[ERRAND_WHY_SIZE];
	enum status st = errand_run(config, question, answer, why);

	json_decref(question);
	return st == ST_OK ? EXIT_DONE : command_fail(EXIT_FAILED, why);
}

static int add(const struct config *config)
{
	char password[PASSWORD_MAX + 2];
	json_t *question, *answer;
	char *end;
	long tier = strtol(config->tier.text, &end, 10);
	int code;

	if (config->email.text == NULL || config->name.text == NULL)
		return command_fail(EXIT_USAGE, "agent add needs --email E and --name N");
	if (*end != '\0' || tier < TIER_MIN || tier > TIER_MAX)
		return command_fail(EXIT_USAGE, "--tier must be 1, 2 or 3");
	if (!read_password(password, sizeof(password)))
		return command_fail(EXIT_USAGE,
		                    "give the password on stdin, one line of at most 256 bytes");
	question = json_object();
	put(question, "call", "agent_add");
	put(question, "email", config->email.text);
	put(question, "name", config->name.text);
	put(question, "role", config->role.text);
	put(question, "password", password);
	MUST(json_object_set_new(question, "tier", json_integer(tier)) == 0);
	explicit_bzero(password, sizeof(password));
	code = ask(config, question, &answer);
	if (code != EXIT_DONE)
		return code;
	(void)printf("agent %" JSON_INTEGER_FORMAT " %s\n",
	             json_integer_value(json_object_get(answer, "id")), config->email.text);
	json_decref(answer);
	return EXIT_DONE;
}

static int list(const struct config *config)
{
	json_t *question = json_object(), *answer, *agents, *agent;
	size_t i;
	int code;

	put(question, "call", "agent_list");
	code = ask(config, question, &answer);
	if (code != EXIT_DONE)
		return code;
	agents = json_object_get(answer, "agents");
	json_array_foreach(agents, i, agent) {
		(void)printf("%-5" JSON_INTEGER_FORMAT " tier %" JSON_INTEGER_FORMAT
		             "  %-10s  %-8s  %s  %s\n",
		             json_integer_value(json_object_get(agent, "id")),
		             json_integer_value(json_object_get(agent, "tier")),
		             json_string_value(json_object_get(agent, "role")),
		             json_is_true(json_object_get(agent, "disabled")) ? "disabled"
		                                                              : "active",
		             json_string_value(json_object_get(agent, "email")),
		             json_string_value(json_object_get(agent, "name")));
	}
	json_decref(answer);
	return EXIT_DONE;
}

static int disable(const struct config *config)
{
	json_t *question, *answer;
	int code;

	if (config->email.text == NULL)
		return command_fail(EXIT_USAGE, "agent disable needs --email E");
	question = json_object();
	put(question, "call", "agent_disable");
	put(question, "email", config->email.text);
	code = ask(config, question, &answer);
	if (code != EXIT_DONE)
		return code;
	json_decref(answer);
	(void)printf("disabled %s\n", config->email.text);
	return EXIT_DONE;
}

int cmd_agent(const struct invocation *invocation)
{
	static const struct subcommand_verb verbs[] = {
		{"add", 1, add},
		{"list", 1, list},
		{"disable", 1, disable},
	};
	static const struct subcommand command = {
		.id = COMMAND_AGENT,
		.usage = usage,
		.verbs = verbs,
		.verbs_count = ARRAY_LEN(verbs),
		.which = "say what to do: agent add, agent list or agent disable",
	};

	return command_run(&command, invocation);
}
