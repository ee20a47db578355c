/* SPDX-License-Identifier: MIT */
/* The subcommands. Exit codes: EXIT_DONE, EXIT_FAILED, EXIT_USAGE. */
#ifndef TB_COMMAND_H
#define TB_COMMAND_H

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

/* "tierbell: why" on stderr; gives `code` back. */
int command_fail(int code, const char *why);

#endif
