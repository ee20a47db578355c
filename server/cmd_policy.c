/* SPDX-License-Identifier: MIT */
/* tierbell policy check|diff|dry-run|render */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "adapter/wall.h"
#include "base/must.h"
#include "command.h"
#include "config.h"
#include "errand.h"
#include "policy_diff.h"
#include "policy_file.h"
#include "policy_past.h"
#include "policy_render.h"

static void usage(FILE *out)
{
	(void)fputs("usage: tierbell policy check FILE [--json]\n"
	            "           every mistake of the file, one a line, or what is proven of it\n"
	            "       tierbell policy diff A B [--data FOLDER] [--json]\n"
	            "           what changes from A to B, in words; with --data also which open\n"
	            "           tickets would be late by now\n"
	            "       tierbell policy dry-run FILE [--data FOLDER] [--since DATE] [--json]\n"
	            "           what triage and rules would have done to the tickets on record,\n"
	            "           beside what was done\n"
	            "       tierbell policy render FILE [--html | --json]\n"
	            "           the support guide: Markdown, a page, or data for programs\n\n",
	            out);
	config_print_options(out, COMMAND_POLICY);
}

static void set(json_t *object, const char *name, json_t *value)
{
	MUST(json_object_set_new(object, name, value != NULL ? value : json_null()) == 0);
}

static void print_json(json_t *object)
{
	char *text = json_dumps(object, JSON_INDENT(2));

	MUST(text != NULL);
	(void)puts(text);
	free(text);
	json_decref(object);
}

/* --- check --- */

static json_t *mistakes_json(const struct policy_mistakes *mistakes, bool warnings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < mistakes->count; i++) {
		const struct policy_mistake *mistake = &mistakes->items[i];
		json_t *item;

		if (mistake->warning != warnings)
			continue;
		item = json_object();
		set(item, "path", json_string(mistake->path));
		set(item, "sentence", json_string(mistake->sentence));
		MUST(json_array_append_new(list, item) == 0);
	}
	return list;
}

static size_t channels_offered(const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < CHANNELS; i++)
		count += policy->channels[i].offered ? 1 : 0;
	return count;
}

static void print_summary(const struct policy_file *file)
{
	const struct policy *policy = file->policy;

	(void)printf(
		"%s has no mistakes: version %s of \"%s\", %zu channels, %zu topics, %zu rules, "
		"tiers ",
		file->path, policy->version, policy->name, channels_offered(policy),
		policy->topics_count, policy->rules_count);
	for (size_t i = 0; i < TIER_MAX; i++)
		(void)printf("%s%s", i > 0 ? ", " : "", policy->tiers[i].name);
	(void)putchar('\n');
}

static size_t reachable(const struct tier_policy *tier)
{
	size_t count = 0;

	for (size_t i = 0; i < tier->contacts_count; i++)
		count += tier->contacts[i].email != NULL || tier->contacts[i].phone != NULL ? 1 : 0;
	return count;
}

/* Up to which day all holidays are written down; 0: no calendar ever closes. */
static int64_t known_until(const struct policy *policy)
{
	int64_t day = 0;

	for (size_t i = 0; i < policy->calendars_count; i++) {
		const struct calendar *calendar = &policy->calendars[i];

		if (!calendar->always && (day == 0 || calendar->known_until_day < day))
			day = calendar->known_until_day;
	}
	return day;
}

/* What a policy without mistakes is proven to be (core/policy_proof.h). */
static void print_proven(const struct policy *policy)
{
	int64_t day = known_until(policy);
	struct civil until;

	(void)puts("Proven of it:\n"
	           "- Every channel promises a first response and a resolution for every priority, "
	           "and none\n"
	           "  of these ends before somebody is there again, unless it says so.");
	(void)printf("- Somebody of every tier can be reached:");
	for (size_t i = 0; i < TIER_MAX; i++)
		(void)printf("%s %s (%zu)", i > 0 ? "," : "", policy->tiers[i].name,
		             reachable(&policy->tiers[i]));
	(void)printf(".\n- Rules lead from %s to %s and %s, only ever up, and an emergency goes "
	             "up at once.\n",
	             policy->tiers[0].name, policy->tiers[1].name, policy->tiers[2].name);
	civil_from_days(day, &until);
	if (day > 0)
		(void)printf("- Every hour until %04d-%02d-%02d is open or closed on purpose.\n",
		             until.year, until.month, until.day);
}

static int check(const struct config *config)
{
	struct policy_file file;
	char why[POLICY_FILE_WHY_SIZE];
	enum status st = policy_file_load(config->rest[1], wall_now(), &file, why);
	bool unread = st != ST_OK && file.mistakes.mistakes == 0;

	if (config->json && !unread) {
		json_t *answer = json_object();

		set(answer, "ok", json_boolean(st == ST_OK));
		set(answer, "mistakes", mistakes_json(&file.mistakes, false));
		set(answer, "warnings", mistakes_json(&file.mistakes, true));
		print_json(answer);
	} else {
		policy_file_print(&file, stdout);
		if (st == ST_OK) {
			print_summary(&file);
			print_proven(file.policy);
		}
	}
	if (st != ST_OK && (unread || !config->json))
		(void)command_fail(EXIT_FAILED, why);
	policy_file_fini(&file);
	return st == ST_OK ? EXIT_DONE : EXIT_FAILED;
}

/* --- diff --- */

static int load(const char *path, struct policy_file *file)
{
	char why[POLICY_FILE_WHY_SIZE];

	if (policy_file_load(path, wall_now(), file, why) == ST_OK)
		return EXIT_DONE;
	policy_file_print(file, stderr);
	return command_fail(EXIT_FAILED, why);
}

static void print_late(const json_t *late)
{
	for (size_t i = 0; i < json_array_size(late); i++) {
		const json_t *ticket = json_array_get(late, i);

		(void)printf("#%" JSON_INTEGER_FORMAT " \"%s\": the %s would be late by now\n",
		             json_integer_value(json_object_get(ticket, "number")),
		             json_string_value(json_object_get(ticket, "title")),
		             json_string_value(json_object_get(ticket, "what")));
	}
	if (json_array_size(late) == 0)
		(void)puts("No open ticket would be late by now that is not already.");
}

static void print_changes(const json_t *changes, const json_t *late)
{
	if (json_array_size(changes) == 0)
		(void)puts("Nothing changes.");
	policy_diff_print(changes, stdout);
	if (late != NULL)
		print_late(late);
}

static int show_changes(const struct config *config, const struct policy_file *a,
                        const struct policy_file *b)
{
	char why[ERRAND_WHY_SIZE];
	json_t *late = NULL, *answer;

	if (config->data.said &&
	    policy_past_late(config, a->policy, b->policy, wall_now(), &late, why) != ST_OK)
		return command_fail(EXIT_FAILED, why);
	answer = json_object();
	set(answer, "changes", policy_diff(a, b));
	if (late != NULL)
		set(answer, "late", late);
	if (config->json) {
		print_json(answer);
		return EXIT_DONE;
	}
	print_changes(json_object_get(answer, "changes"), late);
	json_decref(answer);
	return EXIT_DONE;
}

static int diff(const struct config *config)
{
	struct policy_file a = {0}, b = {0};
	int code = load(config->rest[1], &a);

	if (code == EXIT_DONE)
		code = load(config->rest[2], &b);
	if (code == EXIT_DONE)
		code = show_changes(config, &a, &b);
	policy_file_fini(&a);
	policy_file_fini(&b);
	return code;
}

/* --- render --- */

static int render(const struct config *config)
{
	enum policy_form form = POLICY_AS_MARKDOWN;
	struct policy_file file = {0};
	int code;

	if (config->html && config->json)
		return command_fail(EXIT_USAGE, "one of --html and --json");
	if (config->html)
		form = POLICY_AS_HTML;
	else if (config->json)
		form = POLICY_AS_JSON;
	code = load(config->rest[1], &file);
	if (code == EXIT_DONE && !policy_render(file.policy, wall_now(), form, stdout))
		code = command_fail(EXIT_FAILED, "the guide could not be written whole");
	policy_file_fini(&file);
	return code;
}

/* --- dry-run --- */

/* "2026-01-01"; nothing said: all. */
static bool since_parse(const char *text, wall_ms *out)
{
	int year, month, day, end = 0;
	struct civil civil;

	*out = 0;
	if (text == NULL)
		return true;
	/* NOLINTNEXTLINE(cert-err34-c): what does not fit is no date that there is */
	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end] != '\0' ||
	    end != 10 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*out = civil_days(year, month, day) * DAY_MS;
	civil_from_days(*out / DAY_MS, &civil);
	return civil.month == month && civil.day == day;
}

static int dry_run(const struct config *config)
{
	struct policy_file file = {0};
	char why[ERRAND_WHY_SIZE];
	json_t *tried = NULL;
	wall_ms since;
	int code;

	if (!since_parse(config->since.text, &since))
		return command_fail(EXIT_USAGE, "--since takes a day like 2026-01-01");
	code = load(config->rest[1], &file);
	if (code == EXIT_DONE &&
	    policy_past_try(config, file.policy, since, wall_now(), &tried, why) != ST_OK)
		code = command_fail(EXIT_FAILED, why);
	policy_file_fini(&file);
	if (code != EXIT_DONE)
		return code;
	if (config->json) {
		print_json(tried);
		return EXIT_DONE;
	}
	policy_past_print(tried, stdout);
	json_decref(tried);
	return EXIT_DONE;
}

/* --- all --- */

int cmd_policy(const struct invocation *invocation)
{
	static const struct subcommand_verb verbs[] = {
		{"check", 2, check},
		{"diff", 3, diff},
		{"dry-run", 2, dry_run},
		{"render", 2, render},
	};
	static const struct subcommand command = {
		.id = COMMAND_POLICY,
		.usage = usage,
		.verbs = verbs,
		.verbs_count = ARRAY_LEN(verbs),
		.which = "say what to do, and with which files",
	};

	return command_run(&command, invocation);
}
