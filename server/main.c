/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "command.h"
#include "proto/json_guard.h"
#include "version.h"

static const struct {
	const char *name;
	int (*run)(const struct invocation *invocation);
	const char *help;
} commands[] = {
	{"serve", cmd_serve, "run the server"},
	{"agent", cmd_agent, "add, list or disable the people who answer"},
	{"token", cmd_token, "create an API token"},
	{"policy", cmd_policy, "check a policy, or say what changes from one to another"},
	{"simulate", cmd_simulate, "rehearse the desk on a scenario, in virtual time"},
	{"triage", cmd_triage, "try the policy's words on requests"},
};

static void usage(FILE *out)
{
	(void)fputs(
		"Live support chat for documentation pages.\n\nusage: tierbell COMMAND [options]\n\n",
		out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		(void)fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
	(void)fputs("  version  the version of this program\n\n"
	            "tierbell COMMAND --help shows the options of a command.\n",
	            out);
}

static int run(const char *name, const struct invocation *invocation)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(invocation);
	}
	(void)fprintf(stderr, "tierbell: there is no command \"%s\"\n\n", name);
	usage(stderr);
	return EXIT_USAGE;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int version(char *const *words)
{
	if (*words != NULL && is_help(*words)) {
		(void)puts("usage: tierbell version\n\nPrints the version of this program.");
		return EXIT_DONE;
	}
	if (*words != NULL) {
		(void)fprintf(stderr, "tierbell: version takes no \"%s\"\n", *words);
		return EXIT_USAGE;
	}
	(void)puts("tierbell " TIERBELL_VERSION);
	return EXIT_DONE;
}

int main(int argc, char **argv, char **environment)
{
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	json_guard_setup();
	if (is_help(argv[1]) || strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0)
		return version(argv + 2);
	return run(argv[1], &(struct invocation){.words = argv + 2, .environment = environment});
}
