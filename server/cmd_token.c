/* SPDX-License-Identifier: MIT */
/* tierbell token create */
#include <string.h>

#include "base/must.h"
#include "command.h"
#include "errand.h"

static void usage(FILE *out)
{
	(void)fputs(
		"usage: tierbell token create --email E\n\n"
		"Prints an API token with the rights of this agent. It is shown once and kept as\n"
		"a hash; `tierbell agent disable` ends it.\n\n",
		out);
	config_print_options(out, COMMAND_TOKEN);
}

static int create(const struct config *config)
{
	char why[ERRAND_WHY_SIZE];
	json_t *question, *answer;
	enum status st;

	if (config->email.text == NULL)
		return command_fail(EXIT_USAGE, "token create needs --email E");
	question = json_pack("{ss, ss}", "call", "token_create", "email", config->email.text);
	if (question == NULL)
		return command_fail(EXIT_USAGE, "--email must be UTF-8");
	st = errand_run(config, question, &answer, why);
	json_decref(question);
	if (st != ST_OK)
		return command_fail(EXIT_FAILED, why);
	(void)puts(json_string_value(json_object_get(answer, "token")));
	json_decref(answer);
	return EXIT_DONE;
}

int cmd_token(const struct invocation *invocation)
{
	char why[CONFIG_TEXT_SIZE];
	struct config config;
	int code;

	if (config_read(&config, COMMAND_TOKEN, invocation->words, invocation->environment, why) !=
	    ST_OK) {
		code = command_fail(EXIT_USAGE, why);
	} else if (config.help) {
		usage(stdout);
		code = EXIT_DONE;
	} else if (config.rest_count == 1 && strcmp(config.rest[0], "create") == 0) {
		code = create(&config);
	} else {
		(void)fputs("tierbell: say what to do: token create\n\n", stderr);
		usage(stderr);
		code = EXIT_USAGE;
	}
	config_fini(&config);
	return code;
}
