/* SPDX-License-Identifier: MIT */
/* What the command line and the environment say, one row an option in options.def. */
#ifndef TB_CONFIG_H
#define TB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "adapter/conn.h"
#include "adapter/gateway.h"
#include "app/desk.h"
#include "base/status.h"

#define CONFIG_LIST_MAX  64
#define CONFIG_TEXT_SIZE 256

#define COMMAND_SERVE    1U
#define COMMAND_AGENT    2U
#define COMMAND_TOKEN    4U
#define COMMAND_SIMULATE 8U
#define COMMAND_TRIAGE   16U
#define COMMAND_POLICY   32U

/* SECRET: a text that names a file with a secret. Its variable ends in _FILE, so that nobody puts
 * the secret itself there. */
enum option_kind { OPTION_TEXT, OPTION_SECRET, OPTION_LIST, OPTION_FLAG };

struct config_text {
	const char *text; /* NULL: not said, and no default */
	bool said;        /* by somebody: it is not the default */
};

struct config_list {
	const char *items[CONFIG_LIST_MAX];
	size_t count;
	bool said;
};

struct config {
	struct config_list listen, origin, proxy, limit;
	struct config_text data, policy, redis, database, public_url, identity_key, log;
	struct config_text email, name, tier, role, since;
	struct config_text id, label, scope, days;
	struct config_text agents, seed, ticket, file;
	bool json, html, list;
	const char *rest[4]; /* words that are no options: "add" */
	size_t rest_count;
	bool help;

	struct net_limits net;
	struct gateway_limits gateway;
	struct desk_config desk;
};

/* Defaults, then TIERBELL_..., then the words after the command. Texts are borrowed from both.
 * BAD_REQUEST: `why` (CONFIG_TEXT_SIZE bytes) says what to do. */
NODISCARD enum status config_read(struct config *config, unsigned command, char *const *words,
                                  char *const *environment, char *why);
/* Lists of the environment are split into memory of their own. */
void config_fini(struct config *config);

/* One limit, for those who list them. */
struct limit {
	const char *name, *help;
	int64_t min, max;
	int64_t value;
};

/* The n-th; false: there are fewer. */
bool config_limit_at(const struct config *config, size_t n, struct limit *out);

/* Options (and limits) of the command, as --help shows them. */
void config_print_options(FILE *out, unsigned command);

#endif
