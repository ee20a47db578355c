/* SPDX-License-Identifier: MIT */
/* The subcommands, and what all of them but serve begin with. Exit codes: EXIT_DONE, EXIT_FAILED,
 * EXIT_USAGE. */
#ifndef TB_COMMAND_H
#define TB_COMMAND_H

#include <stddef.h>
#include <stdio.h>

#include "config.h"

#define EXIT_DONE   0
#define EXIT_FAILED 1
#define EXIT_USAGE  2

/* What main was given. */
struct invocation {
	char *const *words; /* behind the command, NULL at the end */
	char *const *environment;
};

int cmd_serve(const struct invocation *invocation);
int cmd_agent(const struct invocation *invocation);
int cmd_token(const struct invocation *invocation);
int cmd_policy(const struct invocation *invocation);
int cmd_simulate(const struct invocation *invocation);
int cmd_triage(const struct invocation *invocation);

/* One of what a command can do: "add" of `agent add`. */
struct subcommand_verb {
	const char *name;
	size_t words; /* that are no options, itself among them */
	int (*run)(const struct config *config);
};

struct subcommand {
	unsigned id; /* COMMAND_... of config.h */
	void (*usage)(FILE *out);
	int (*run)(const struct config *config); /* NULL: it has verbs */
	const struct subcommand_verb *verbs;
	size_t verbs_count;
	const char *which; /* said when it is none of them: "say what to do: ..." */
};

/* Reads options and environment and runs what they ask for: the exit code. Mistakes and --help are
 * answered here. */
int command_run(const struct subcommand *command, const struct invocation *invocation);

/* Says on stderr what is missing, and how it is used: EXIT_USAGE. */
int command_unclear(const struct subcommand *command, const char *what);

/* "tierbell: why" on stderr; gives `code` back. */
int command_fail(int code, const char *why);

#endif
