/* SPDX-License-Identifier: MIT */
/* The whole of the policy file: its JSON, then section after section. */
#include "proto/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "core/policy_proof.h"
#include "proto/json_guard.h"
#include "proto/policy_sections.h"

#define VALUES_MAX 50000
#define DEPTH_MAX  10

static struct policy *policy_new(void)
{
	struct policy *policy = xcalloc(1, sizeof(*policy));

	policy->refs = 1;
	policy->capacity = 3;
	policy->offer = (struct duration){.ms = 30 * SEC_MS};
	policy->again = (struct duration){.ms = 15 * SEC_MS};
	policy->grace = (struct duration){.ms = 45 * SEC_MS};
	policy->warn_percent = 75;
	policy->page_again = (struct duration){.ms = 5 * MINUTE_MS};
	policy->front_door = true;
	return policy;
}

/* A topic's tier may be one whose skills do not have the topic's. */
static void check_topics(const struct policy_node *root)
{
	const struct policy_node topics = policy_member(root, "topics");
	const struct policy *policy = root->read->policy;

	for (size_t i = 0; i < policy->topics_count; i++) {
		const struct topic *topic = &policy->topics[i];
		const struct policy_node at = policy_element(&topics, i);
		const struct tier_policy *tier;
		bool known = topic->skill == NULL;

		MUST(topic->tier >= TIER_MIN && topic->tier <= TIER_MAX);
		tier = &policy->tiers[topic->tier - 1];
		for (size_t k = 0; k < tier->skills_count && !known; k++)
			known = span_is(span_of(topic->skill), tier->skills[k].id);
		if (!known)
			(void)policy_wrong(&at, "%s has no skill \"%s\"", tier->name, topic->skill);
	}
}

static void read_sections(const struct policy_node *root)
{
	static const char *const names[] = {
		"version", "desk",     "calendars", "chat",   "channels",         "priorities",
		"words",   "clocks",   "tiers",     "people", "topics",           "triggers",
		"rules",   "incident", "canned",    "review", "retention_months", "milestones",
		NULL};

	if (!policy_object(root, names))
		return;
	policy_calendars_read(root);
	policy_desk_read(root);
	policy_words_read(root);
	policy_tiers_read(root);
	check_topics(root);
	policy_channels_read(root);
	policy_milestones_read(root);
	policy_rules_read(root);
	policy_canned_read(root);
}

/* Where Jansson stopped, in words of ours. */
static void syntax_mistake(struct policy_mistakes *mistakes, const json_error_t *error)
{
	char sentence[JSON_ERROR_TEXT_LENGTH + 64];

	(void)snprintf(sentence, sizeof(sentence), "line %d, column %d: this is not JSON: %s",
	               error->line, error->column, error->text);
	policy_mistakes_add(mistakes, false, "$", sentence);
}

static json_t *load(struct span text, struct policy_mistakes *mistakes)
{
	json_error_t error;
	json_t *root;

	if (text.len > POLICY_BYTES_MAX ||
	    json_guard_within(text, DEPTH_MAX, VALUES_MAX) != ST_OK) {
		policy_mistakes_add(mistakes, false, "$", "it is too large or nested too deeply");
		return NULL;
	}
	root = json_loadb(text.len > 0 ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		syntax_mistake(mistakes, &error);
	return root;
}

/* --- what can be proven --- */

/* What the reading has met stands in the list from `from` up to `to`. */
struct doubts {
	struct policy_mistakes *mistakes;
	size_t from, to;
};

static void say(void *ctx, bool warning, const char *path, const char *sentence)
{
	const struct doubts *doubts = ctx;

	policy_mistakes_add(doubts->mistakes, warning, path, sentence);
}

/* "$.tiers" is around "$.tiers[1].name", but not around "$.tiersome". */
static bool is_within(const char *path, const char *around)
{
	size_t len = strlen(around);

	/* Or the same: strchr() finds the end of the text, too. */
	return strncmp(path, around, len) == 0 && strchr(".[", path[len]) != NULL;
}

static bool is_doubted(void *ctx, const char *path)
{
	const struct doubts *doubts = ctx;

	for (size_t i = doubts->from; i < doubts->to; i++) {
		const struct policy_mistake *mistake = &doubts->mistakes->items[i];

		if (!mistake->warning &&
		    (is_within(path, mistake->path) || is_within(mistake->path, path)))
			return true;
	}
	return false;
}

static void prove(const struct policy *policy, wall_ms now, size_t before,
                  struct policy_mistakes *mistakes)
{
	struct doubts read = {.mistakes = mistakes, .from = before, .to = mistakes->count};
	const struct policy_sink sink = {.say = say, .doubts = is_doubted, .ctx = &read};

	policy_prove(policy, now, &sink);
}

/* now NULL: nothing is proven. */
static enum status make(struct span text, const struct zone_source *zones, const wall_ms *now,
                        struct policy **out, struct policy_mistakes *mistakes)
{
	size_t before = mistakes->mistakes, listed = mistakes->count;
	struct policy_read read = {.zones = zones, .mistakes = mistakes};
	struct policy_node root = {.read = &read, .value = load(text, mistakes)};

	if (root.value == NULL)
		return ST_BAD_REQUEST;
	read.policy = policy_new();
	read_sections(&root);
	if (now != NULL && json_is_object(root.value) && mistakes->count < POLICY_MISTAKES_MAX)
		prove(read.policy, *now, listed, mistakes);
	json_decref((json_t *)(uintptr_t)root.value); /* NOLINT: it is ours */
	if (mistakes->mistakes > before) {
		policy_unref(&read.policy);
		return ST_BAD_REQUEST;
	}
	*out = read.policy;
	return ST_OK;
}

enum status policy_parse(struct span text, const struct zone_source *zones, struct policy **out,
                         struct policy_mistakes *mistakes)
{
	return make(text, zones, NULL, out, mistakes);
}

enum status policy_check(struct span text, const struct zone_source *zones, wall_ms now,
                         struct policy **out, struct policy_mistakes *mistakes)
{
	return make(text, zones, &now, out, mistakes);
}
