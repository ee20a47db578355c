/* SPDX-License-Identifier: MIT */
/* What has to come of a scenario. */
#include <string.h>

#include "base/must.h"
#include "sim/rng.h"
#include "sim/scenario_part.h"

#define CLAIMS_MAX 64

static const struct measure_row {
	const char *name;
	enum unit unit;
} measures[] = {
#define MEASURE_ROW(name, text, unit) {text, unit},
	MEASURE_TABLE(MEASURE_ROW)
#undef MEASURE_ROW
};

const char *measure_name(enum measure measure)
{
	return measures[measure].name;
}

enum unit measure_unit(enum measure measure)
{
	return measures[measure].unit;
}

static bool measure_of(const struct policy_node *node, enum measure *out)
{
	const char *text = part_word(node);

	if (text == NULL)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(measures); i++) {
		if (strcmp(text, measures[i].name) == 0) {
			*out = (enum measure)i;
			return true;
		}
	}
	return policy_wrong(node, "it is nothing that a simulation measures");
}

static bool bound(const struct policy_node *node, enum unit unit, int64_t *out)
{
	struct duration length = {0};
	uint32_t share = 0;
	int count = 0;

	if (node->value == NULL)
		return false;
	switch (unit) {
	case UNIT_COUNT:
		if (!policy_int(node, 0, 10000000, &count))
			return false;
		*out = count;
		return true;
	case UNIT_SHARE:
		if (!part_share(node, &share))
			return false;
		*out = share;
		return true;
	case UNIT_TIME:
		if (!policy_wall(node, 0, INT64_C(400) * DAY_MS, &length))
			return false;
		*out = length.ms;
		return true;
	}
	MUST(0);
}

static void read_claim(const struct policy_node *node, struct claim *out)
{
	static const char *const names[] = {"what",     "channel", "priority", "agent",
	                                    "at_least", "at_most", NULL};
	struct policy_node what = policy_member(node, "what");
	struct policy_node channel = policy_member(node, "channel");
	struct policy_node priority = policy_member(node, "priority");
	struct policy_node agent = policy_member(node, "agent");
	struct policy_node least = policy_member(node, "at_least");
	struct policy_node most = policy_member(node, "at_most");

	if (!policy_object(node, names) || !policy_need(&what) || !measure_of(&what, &out->measure))
		return;
	out->of_channel = part_channel(&channel, &out->channel);
	out->of_priority = policy_priority(&priority, &out->priority);
	(void)policy_text(&agent, NAME_SIZE, &out->agent);
	out->has_least = bound(&least, measure_unit(out->measure), &out->least);
	out->has_most = bound(&most, measure_unit(out->measure), &out->most);
	if (least.value == NULL && most.value == NULL)
		(void)policy_wrong(node, "it needs `at_least` or `at_most`");
}

void part_claims(const struct policy_node *root, struct scenario *out)
{
	struct policy_node expect = policy_member(root, "expect");

	out->claims_count = policy_list(&expect, CLAIMS_MAX);
	out->claims = policy_alloc(root, out->claims_count + 1, sizeof(*out->claims));
	for (size_t i = 0; i < out->claims_count; i++) {
		struct policy_node claim = policy_element(&expect, i);

		read_claim(&claim, &out->claims[i]);
	}
}
