/* SPDX-License-Identifier: MIT */
/* A scenario's file from its text. The readers are those of the policy: every mistake is told at
 * once, each with its place. */
#include <string.h>

#include "base/must.h"
#include "sim/scenario_part.h"

#define DAYS_MAX      400
#define SCENARIO_SIZE ((size_t)4 * 1024 * 1024)

static void read_days(const struct policy_node *root, struct scenario *out)
{
	struct policy_node from = policy_member(root, "from");
	struct policy_node to = policy_member(root, "to");
	struct policy_node tail = policy_member(root, "tail");
	struct duration length = {.ms = 14 * DAY_MS};

	if (policy_need(&from))
		(void)policy_day(&from, &out->from_day);
	out->to_day = out->from_day;
	(void)policy_day(&to, &out->to_day);
	if (out->to_day < out->from_day || out->to_day - out->from_day > DAYS_MAX)
		(void)policy_wrong(&to,
		                   "it must not be before `from`, and at most %d days after it",
		                   DAYS_MAX);
	(void)policy_wall(&tail, 0, 60 * DAY_MS, &length);
	out->tail_ms = length.ms;
}

static void read_root(const struct policy_node *root, const struct scenario_files *files,
                      struct scenario *out)
{
	static const char *const names[] = {
		"name",      "description", "seed",     "from",   "to",    "tail",
		"texts",     "arrivals",    "visitors", "agents", "tiers", "handling",
		"incidents", "outages",     "losses",   "expect", NULL};
	struct policy_node name = policy_member(root, "name");
	struct policy_node about = policy_member(root, "description");
	struct policy_node seed = policy_member(root, "seed");
	int number = 1;

	if (!policy_object(root, names))
		return;
	if (policy_need(&name))
		(void)policy_text(&name, NAME_SIZE, &out->name);
	(void)policy_prose(&about, 2000, &out->description);
	(void)policy_int(&seed, 0, INT32_MAX, &number);
	out->seed = (uint64_t)number;
	read_days(root, out);
	part_pools(root, files, out);
	part_arrivals(root, out);
	part_crews(root, out);
	part_trouble(root, out);
	part_claims(root, out);
}

static void list_mistakes(const struct policy_mistakes *found, struct buf *out)
{
	for (size_t i = 0; i < found->count; i++) {
		if (!found->items[i].warning)
			buf_fmt(out, "%s: %s\n", found->items[i].path, found->items[i].sentence);
	}
}

enum status scenario_read(struct span text, const struct scenario_files *files,
                          struct scenario *out, struct buf *mistakes)
{
	struct policy keeper = {.refs = 1}; /* its arena keeps what is read */
	struct policy_mistakes found = {0};
	struct policy_read reading = {.policy = &keeper, .mistakes = &found};
	struct policy_node root = {.read = &reading};
	json_error_t error;
	json_t *json;
	enum status st;

	*out = (struct scenario){.name = "", .description = ""};
	if (text.len > SCENARIO_SIZE) {
		buf_text(mistakes, "$: it is too large\n");
		return ST_BAD_REQUEST;
	}
	json = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL) {
		buf_fmt(mistakes, "line %d, column %d: %s\n", error.line, error.column, error.text);
		return ST_BAD_REQUEST;
	}
	root.value = json;
	read_root(&root, files, out);
	json_decref(json);
	list_mistakes(&found, mistakes);
	st = found.mistakes == 0 ? ST_OK : ST_BAD_REQUEST;
	policy_mistakes_fini(&found);
	out->arena = keeper.arena;
	return st;
}

void scenario_fini(struct scenario *scenario)
{
	arena_fini(&scenario->arena);
}
