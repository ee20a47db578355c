/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <stdio.h>
#include <string.h>

int command_fail(int code, const char *why)
{
	(void)fprintf(stderr, "tierbell: %s\n", why);
	return code;
}

int command_unclear(const struct subcommand *command, const char *what)
{
	(void)fprintf(stderr, "tierbell: %s\n\n", what);
	command->usage(stderr);
	return EXIT_USAGE;
}

static int run_verb(const struct subcommand *command, const struct config *config)
{
	for (size_t i = 0; config->rest_count > 0 && i < command->verbs_count; i++) {
		const struct subcommand_verb *verb = &command->verbs[i];

		if (strcmp(config->rest[0], verb->name) == 0 && config->rest_count == verb->words)
			return verb->run(config);
	}
	return command_unclear(command, command->which);
}

int command_run(const struct subcommand *command, const struct invocation *invocation)
{
	char why[CONFIG_TEXT_SIZE];
	struct config config;
	int code;

	if (config_read(&config, command->id, invocation->words, invocation->environment, why) !=
	    ST_OK) {
		code = command_fail(EXIT_USAGE, why);
	} else if (config.help) {
		command->usage(stdout);
		code = EXIT_DONE;
	} else {
		code = command->run != NULL ? command->run(&config) : run_verb(command, &config);
	}
	config_fini(&config);
	return code;
}
