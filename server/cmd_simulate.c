/* SPDX-License-Identifier: MIT */
/* tierbell simulate SCENARIO: a rehearsal of the desk in virtual time. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "command.h"
#include "config.h"
#include "policy_file.h"
#include "sim/report.h"
#include "sim/sim.h"

#define SCENARIOS  "deploy/scenarios"
#define PATH_SIZE  1024
#define BYTES_MAX  ((size_t)4 * 1024 * 1024)
#define NAMES_MAX  256
#define AGENTS_MAX 100

static void usage(FILE *out)
{
	(void)fputs("usage: tierbell simulate SCENARIO [options]\n"
	            "       tierbell simulate --list\n\n"
	            "SCENARIO is a file, or the name of one in " SCENARIOS
	            ", as --list tells them.\n"
	            "Exit code 0: what the scenario expects holds; 1: it does not, or a file has\n"
	            "mistakes; 2: the command was not understood.\n\n",
	            out);
	config_print_options(out, COMMAND_SIMULATE);
}

/* --- files --- */

static enum status read_path(const char *path, struct arena *arena, struct span *out)
{
	FILE *file = fopen(path, "re");
	char *bytes;
	size_t len;
	enum status st = ST_OK;

	if (file == NULL)
		return errno == ENOENT ? ST_NOT_FOUND : ST_UNAVAILABLE;
	bytes = xmalloc(BYTES_MAX + 1);
	len = fread(bytes, 1, BYTES_MAX + 1, file);
	if (ferror(file) != 0)
		st = ST_UNAVAILABLE;
	else if (len > BYTES_MAX)
		st = ST_TOO_LARGE;
	else
		*out = arena_span(arena, (struct span){.ptr = bytes, .len = len});
	free(bytes);
	(void)fclose(file);
	return st;
}

/* Files that a scenario names lie beside it. */
static enum status read_beside(void *ctx, const char *name, struct arena *arena, struct span *out)
{
	const char *scenario = ctx;
	const char *slash = strrchr(scenario, '/');
	char path[PATH_SIZE];
	int len = snprintf(path, sizeof(path), "%.*s%s",
	                   slash != NULL && name[0] != '/' ? (int)(slash - scenario + 1) : 0,
	                   scenario, name);

	if (len < 0 || (size_t)len >= sizeof(path))
		return ST_NOT_FOUND;
	return read_path(path, arena, out);
}

/* "normal-day" is a shipped one; what has a slash or a dot is a path. */
static void path_of(const char *word, char path[PATH_SIZE])
{
	bool is_name = strpbrk(word, "/.") == NULL;

	(void)snprintf(path, PATH_SIZE, is_name ? SCENARIOS "/%s.json" : "%s", word);
}

/* --- the list --- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What the scenario calls itself; NULL: it cannot be read. */
static const char *title_of(const char *name, struct arena *arena)
{
	struct span text;
	char path[PATH_SIZE];
	json_t *json = NULL;
	const char *title;

	path_of(name, path);
	if (read_path(path, arena, &text) == ST_OK)
		json = json_loadb(text.ptr, text.len, 0, NULL);
	title = json_string_value(json_object_get(json, "name"));
	if (title != NULL)
		title = arena_strdup(arena, title);
	json_decref(json);
	return title;
}

/* In the order of their names; false: there is no folder. */
static bool names_of(struct arena *arena, char *names[NAMES_MAX], size_t *count)
{
	DIR *folder = opendir(SCENARIOS);
	const struct dirent *entry;

	*count = 0;
	if (folder == NULL)
		return false;
	while (*count < NAMES_MAX &&
	       (entry = readdir(folder)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
		size_t len = strlen(entry->d_name);

		if (len <= 5 || strcmp(entry->d_name + len - 5, ".json") != 0)
			continue;
		names[*count] = arena_strdup(arena, entry->d_name);
		names[(*count)++][len - 5] = '\0';
	}
	(void)closedir(folder);
	qsort(names, *count, sizeof(names[0]), by_name);
	return true;
}

static int list(void)
{
	struct arena arena = {0};
	char *names[NAMES_MAX];
	size_t count;

	if (!names_of(&arena, names, &count))
		return command_fail(EXIT_FAILED, "there is no folder " SCENARIOS " here");
	for (size_t i = 0; i < count; i++) {
		const char *title = title_of(names[i], &arena);

		(void)printf("%-34s %s\n", names[i], title != NULL ? title : "(cannot be read)");
	}
	arena_fini(&arena);
	return EXIT_DONE;
}

/* The shipped one that calls itself so: "Escalating Complex Issues". */
static bool path_of_title(const char *word, char path[PATH_SIZE])
{
	struct arena arena = {0};
	char *names[NAMES_MAX];
	bool found = false;
	size_t count;

	(void)names_of(&arena, names, &count);
	for (size_t i = 0; i < count && !found; i++) {
		const char *title = title_of(names[i], &arena);

		found = title != NULL && strcasecmp(title, word) == 0;
		if (found)
			path_of(names[i], path);
	}
	arena_fini(&arena);
	return found;
}

/* --- options --- */

/* "1:3,2:1" */
static bool read_agents(const char *text, int agents[TIER_MAX])
{
	for (;;) {
		char *end;
		long count;
		int tier = text[0] - '0';

		if (tier < TIER_MIN || tier > TIER_MAX || text[1] != ':' || text[2] < '0' ||
		    text[2] > '9')
			return false;
		count = strtol(text + 2, &end, 10);
		if (count > AGENTS_MAX)
			return false;
		agents[tier - TIER_MIN] = (int)count;
		if (*end == '\0')
			return true;
		if (*end != ',')
			return false;
		text = end + 1;
	}
}

static bool read_number(const char *text, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0';
}

/* --- running --- */

static int show(const struct sim_setup *setup, bool json)
{
	struct outcome outcome;
	struct report report;
	struct buf out = {0};
	bool holds;

	sim_run(setup, &outcome);
	report_make(&report, setup->scenario, setup->policy, &outcome);
	report.seed = setup->seed;
	if (setup->story != 0)
		buf_add(&out, outcome.story.ptr, outcome.story.len);
	else if (json)
		report_json(&report, &out);
	else
		report_text(&report, &out);
	(void)fwrite(out.ptr, 1, out.len, stdout);
	holds = setup->story != 0 ? outcome.story.len > 0 : report.holds;
	buf_fini(&out);
	report_fini(&report);
	outcome_fini(&outcome);
	return holds ? EXIT_DONE : EXIT_FAILED;
}

/* The policy is read as of the scenario's first day: a review that is due today is none then. */
static int with_policy(const struct config *config, const struct sim_setup *asked)
{
	struct sim_setup setup = *asked;
	struct policy_file file;
	char why[POLICY_FILE_WHY_SIZE];
	struct zones zones;
	struct policy_reader reader;
	int code;

	zones_init(&zones);
	reader = policy_file_reader(&zones);
	if (policy_file_load(config->policy.text, setup.scenario->from_day * DAY_MS, &file, why) !=
	    ST_OK) {
		policy_file_print(&file, stderr);
		code = command_fail(EXIT_FAILED, why);
	} else {
		setup.policy = file.policy;
		setup.policy_text = (struct span){.ptr = file.text, .len = file.len};
		setup.reader = &reader;
		code = show(&setup, config->json);
	}
	policy_file_fini(&file);
	return code;
}

/* Further agents are like the first ones of their tier: there has to be one. */
static bool agents_fit(const struct sim_setup *setup)
{
	for (int i = 0; i < TIER_MAX; i++) {
		bool works = setup->agents[i] <= 0;

		for (size_t j = 0; j < setup->scenario->crews_count; j++)
			works = works || setup->scenario->crews[j].tier == i + TIER_MIN;
		if (!works)
			return false;
	}
	return true;
}

static int with_scenario(const struct config *config, const struct sim_setup *asked)
{
	struct sim_setup setup = *asked;
	char path[PATH_SIZE];
	struct scenario_files files = {.ctx = path, .read = read_beside};
	struct scenario scenario;
	struct arena arena = {0};
	struct buf mistakes = {0};
	struct span text;
	int code;

	path_of(config->rest[0], path);
	if (read_path(path, &arena, &text) != ST_OK &&
	    (!path_of_title(config->rest[0], path) || read_path(path, &arena, &text) != ST_OK)) {
		(void)fprintf(
			stderr,
			"tierbell: the scenario %s cannot be read; `tierbell simulate --list` "
			"tells the names of those that are shipped\n",
			path);
		arena_fini(&arena);
		return EXIT_FAILED;
	}
	if (scenario_read(text, &files, &scenario, &mistakes) != ST_OK) {
		(void)fprintf(stderr, "%s", buf_cstr(&mistakes));
		code = command_fail(EXIT_FAILED, "the scenario has mistakes");
	} else {
		setup.scenario = &scenario;
		if (!config->seed.said)
			setup.seed = scenario.seed;
		code = agents_fit(&setup)
		               ? with_policy(config, &setup)
		               : command_fail(EXIT_USAGE, "--agents: nobody of the scenario works "
		                                          "on one of these tiers");
	}
	scenario_fini(&scenario);
	buf_fini(&mistakes);
	arena_fini(&arena);
	return code;
}

static int run(const struct config *config);

static const struct subcommand simulate_command = {
	.id = COMMAND_SIMULATE, .usage = usage, .run = run};

static int run(const struct config *config)
{
	struct sim_setup setup = {.agents = {-1, -1, -1}};

	if (config->list && config->rest_count == 0)
		return list();
	if (config->rest_count != 1 || config->list)
		return command_unclear(&simulate_command, "say which scenario");
	if (config->agents.said && !read_agents(config->agents.text, setup.agents))
		return command_fail(EXIT_USAGE, "--agents takes tiers and numbers: 1:3,2:1");
	if (config->seed.said && !read_number(config->seed.text, &setup.seed))
		return command_fail(EXIT_USAGE, "--seed takes a whole number");
	if (config->ticket.said &&
	    (!read_number(config->ticket.text, &setup.story) || setup.story == 0))
		return command_fail(EXIT_USAGE, "--ticket takes the number of a ticket");
	log_set_level(LOG_ERROR);
	return with_scenario(config, &setup);
}

int cmd_simulate(const struct invocation *invocation)
{
	return command_run(&simulate_command, invocation);
}
