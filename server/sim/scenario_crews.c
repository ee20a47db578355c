/* SPDX-License-Identifier: MIT */
/* Who answers, when, and how: `handling` for all, then what a tier or an agent does otherwise. */
#include "base/must.h"
#include "sim/scenario_part.h"

#define CREWS_MAX 64
#define DAY_S     86400

static const struct handling usual = {
	.accept = {.from_ms = 2 * SEC_MS, .to_ms = 12 * SEC_MS},
	.first_answer = {.from_ms = 30 * SEC_MS, .to_ms = 3 * MINUTE_MS},
	.answer = {.from_ms = 1 * MINUTE_MS, .to_ms = 5 * MINUTE_MS},
	.diagnose = {.from_ms = 3 * MINUTE_MS, .to_ms = 10 * MINUTE_MS},
	.acknowledge = {.from_ms = 30 * SEC_MS, .to_ms = 3 * MINUTE_MS},
	.decide = {.from_ms = 30 * SEC_MS, .to_ms = 2 * MINUTE_MS},
	.exchanges_from = 1,
	.exchanges_to = 4,
	.reply = {.from_ms = 20 * SEC_MS, .to_ms = 4 * MINUTE_MS},
	.pending_reply = {.from_ms = 1 * HOUR_MS, .to_ms = 24 * HOUR_MS},
	.leave_after = {.from_ms = 1 * MINUTE_MS, .to_ms = 10 * MINUTE_MS},
	.reopen_after = {.from_ms = 1 * HOUR_MS, .to_ms = 24 * HOUR_MS},
	.resolutions = {[RESOLUTION_ANSWERED] = 6, [RESOLUTION_FIXED] = 2, [RESOLUTION_ROUTED] = 1},
};

static void read_exchanges(const struct policy_node *node, struct handling *io)
{
	struct policy_node first = policy_element(node, 0), last = policy_element(node, 1);

	if (node->value == NULL)
		return;
	if (policy_list(node, 2) != 2) {
		(void)policy_wrong(node, "it must be two numbers: the least and the most");
		return;
	}
	if (policy_int(&first, 1, 50, &io->exchanges_from) &&
	    policy_int(&last, 1, 50, &io->exchanges_to) && io->exchanges_from > io->exchanges_to)
		(void)policy_wrong(node, "the first must not be more than the second");
}

static void read_resolutions(const struct policy_node *node, struct handling *io)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	json_t *members = (json_t *)(uintptr_t)node->value;
	uint32_t sum = 0;
	const char *name;
	json_t *value;

	if (node->value == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(io->resolutions); i++)
		io->resolutions[i] = 0;
	json_object_foreach(members, name, value) {
		struct policy_node weight = policy_member(node, name);
		enum resolution resolution;
		int number = 0;

		(void)value;
		if (!resolution_parse(span_of(name), &resolution))
			(void)policy_wrong(&weight, "it is no resolution");
		else if (policy_int(&weight, 0, 1000, &number))
			io->resolutions[resolution] = (uint32_t)number;
		sum += (uint32_t)number;
	}
	if (sum == 0)
		(void)policy_wrong(node,
		                   "it must be weights of resolutions, like {\"answered\": 3}");
}

static const struct wait_row {
	const char *name;
	size_t offset;
} waits[] = {
	{"accept", offsetof(struct handling, accept)},
	{"first_answer", offsetof(struct handling, first_answer)},
	{"answer", offsetof(struct handling, answer)},
	{"diagnose", offsetof(struct handling, diagnose)},
	{"acknowledge", offsetof(struct handling, acknowledge)},
	{"decide", offsetof(struct handling, decide)},
	{"reply", offsetof(struct handling, reply)},
	{"pending_reply", offsetof(struct handling, pending_reply)},
	{"leave_after", offsetof(struct handling, leave_after)},
	{"reopen_after", offsetof(struct handling, reopen_after)},
};

static const struct wait_row shares[] = {
	{"pending", offsetof(struct handling, pending)},
	{"escalate", offsetof(struct handling, escalate)},
	{"leave", offsetof(struct handling, leave)},
	{"reopen", offsetof(struct handling, reopen)},
};

static void read_handling(const struct policy_node *node, struct handling *io)
{
	static const char *const names[] = {
		"accept", "first_answer",  "answer",      "diagnose",     "acknowledge", "decide",
		"reply",  "pending_reply", "leave_after", "reopen_after", "pending",     "escalate",
		"leave",  "reopen",        "exchanges",   "resolutions",  NULL};
	struct policy_node exchanges = policy_member(node, "exchanges");
	struct policy_node resolutions = policy_member(node, "resolutions");

	if (node->value == NULL || !policy_object(node, names))
		return;
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct policy_node member = policy_member(node, waits[i].name);

		(void)part_wait(&member, (void *)((char *)io + waits[i].offset));
	}
	for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
		struct policy_node member = policy_member(node, shares[i].name);

		(void)part_share(&member, (void *)((char *)io + shares[i].offset));
	}
	read_exchanges(&exchanges, io);
	read_resolutions(&resolutions, io);
}

static void read_break(const struct policy_node *node, struct shift *out)
{
	static const char *const names[] = {"at", "for", NULL};
	struct policy_node at = policy_member(node, "at");
	struct policy_node length = policy_member(node, "for");
	struct duration duration = {0};

	out->break_s = -1;
	if (node->value == NULL || !policy_object(node, names))
		return;
	if (policy_need(&at) && policy_need(&length) && part_time(&at, 2 * DAY_S, &out->break_s) &&
	    policy_wall(&length, 1, DAY_MS, &duration))
		out->break_ms = duration.ms;
	if (out->break_s >= 0 && (out->break_s < out->from_s || out->break_s >= out->to_s))
		(void)policy_wrong(&at, "it must be within the shift");
}

static void read_shift(const struct policy_node *node, struct shift *out)
{
	static const char *const names[] = {"days", "from", "to", "break", NULL};
	struct policy_node days = policy_member(node, "days");
	struct policy_node from = policy_member(node, "from");
	struct policy_node to = policy_member(node, "to");
	struct policy_node pause = policy_member(node, "break");

	out->days = 0x3eU; /* Monday to Friday */
	if (!policy_object(node, names))
		return;
	(void)part_days(&days, &out->days);
	if (policy_need(&from) && policy_need(&to) && part_time(&from, DAY_S, &out->from_s) &&
	    part_time(&to, 2 * DAY_S, &out->to_s) && out->to_s <= out->from_s)
		(void)policy_wrong(&to,
		                   "it must be later than `from`; after midnight is \"30:00\"");
	read_break(&pause, out);
}

static bool role(const struct policy_node *node, enum agent_role *out)
{
	const char *text = part_word(node);

	if (text == NULL)
		return false;
	if (!agent_role_parse(span_of(text), out))
		return policy_wrong(node, "it must be agent, supervisor or admin");
	return true;
}

static void read_crew(const struct policy_node *node, const struct handling *tiers,
                      struct crew *out)
{
	static const char *const names[] = {"name",  "tier",     "count",   "capacity",
	                                    "role",  "shifts",   "on_call", "holidays",
	                                    "guide", "handling", NULL};
	struct policy_node name = policy_member(node, "name"), tier = policy_member(node, "tier");
	struct policy_node count = policy_member(node, "count");
	struct policy_node capacity = policy_member(node, "capacity");
	struct policy_node title = policy_member(node, "role");
	struct policy_node shifts = policy_member(node, "shifts");
	struct policy_node on_call = policy_member(node, "on_call");
	struct policy_node holidays = policy_member(node, "holidays");
	struct policy_node guide = policy_member(node, "guide");
	struct policy_node handling = policy_member(node, "handling");

	*out = (struct crew){.tier = TIER_MIN, .count = 1, .guide = true};
	if (!policy_object(node, names))
		return;
	if (policy_need(&name))
		(void)policy_text(&name, NAME_SIZE / 2, &out->name);
	if (policy_need(&tier))
		(void)policy_tier(&tier, &out->tier);
	(void)policy_int(&count, 1, 100, &out->count);
	(void)policy_int(&capacity, CAPACITY_MIN, CAPACITY_MAX, &out->capacity);
	(void)role(&title, &out->role);
	(void)policy_bool(&on_call, &out->on_call);
	(void)policy_bool(&holidays, &out->holidays);
	(void)policy_bool(&guide, &out->guide);
	out->shifts_count = policy_list(&shifts, CREW_SHIFTS_MAX);
	for (size_t i = 0; i < out->shifts_count; i++) {
		struct policy_node shift = policy_element(&shifts, i);

		read_shift(&shift, &out->shifts[i]);
	}
	out->handling = tiers[out->tier - TIER_MIN];
	read_handling(&handling, &out->handling);
}

void part_crews(const struct policy_node *root, struct scenario *out)
{
	static const char *const names[] = {"1", "2", "3", NULL};
	struct policy_node handling = policy_member(root, "handling");
	struct policy_node tiers = policy_member(root, "tiers");
	struct policy_node agents = policy_member(root, "agents");
	struct handling by_tier[TIER_MAX];

	out->handling = usual;
	read_handling(&handling, &out->handling);
	if (tiers.value != NULL)
		(void)policy_object(&tiers, names);
	for (int i = 0; i < TIER_MAX; i++) {
		struct policy_node tier = policy_member(&tiers, names[i]);

		by_tier[i] = out->handling;
		read_handling(&tier, &by_tier[i]);
	}
	if (policy_need(&agents))
		out->crews_count = policy_list(&agents, CREWS_MAX);
	out->crews = policy_alloc(root, out->crews_count + 1, sizeof(*out->crews));
	for (size_t i = 0; i < out->crews_count; i++) {
		struct policy_node agent = policy_element(&agents, i);

		read_crew(&agent, by_tier, &out->crews[i]);
	}
}
