/* SPDX-License-Identifier: MIT */
/* When customers come, and what goes wrong meanwhile. */
#include <string.h>

#include "base/must.h"
#include "sim/scenario_part.h"

#define ARRIVALS_MAX 32
#define BURSTS_MAX   500
#define TROUBLE_MAX  32
#define RATE_MAX     10000
#define DAY_S        86400

/* "08:00-12:00" to whole hours. */
static bool read_hours(const char *text, int *from, int *to)
{
	if (strlen(text) != 11 || text[5] != '-' || memcmp(text + 2, ":00", 3) != 0 ||
	    memcmp(text + 8, ":00", 3) != 0)
		return false;
	if (text[0] < '0' || text[0] > '2' || text[1] < '0' || text[1] > '9' || text[6] < '0' ||
	    text[6] > '2' || text[7] < '0' || text[7] > '9')
		return false;
	*from = (text[0] - '0') * 10 + text[1] - '0';
	*to = (text[6] - '0') * 10 + text[7] - '0';
	return *from < *to && *to <= HOURS;
}

static void read_rates(const struct policy_node *node, struct arrivals *out)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	json_t *members = (json_t *)(uintptr_t)node->value;
	const char *name;
	json_t *value;

	if (!json_is_object(node->value)) {
		(void)policy_wrong(node, "it must be rates by hours, like {\"08:00-12:00\": 2.5}");
		return;
	}
	json_object_foreach(members, name, value) {
		struct policy_node rate = policy_member(node, name);
		double number = json_number_value(value);
		int from = 0, to = 0;

		if (!read_hours(name, &from, &to))
			(void)policy_wrong(&rate,
			                   "it must be named by hours, like \"08:00-12:00\"");
		else if (!json_is_number(value) || !(number >= 0.0) || !(number <= RATE_MAX))
			(void)policy_wrong(&rate,
			                   "it must be a number of tickets an hour, at most %d",
			                   RATE_MAX);
		for (int hour = from; hour < to; hour++)
			out->per_hour[hour] = (uint32_t)(number * 1000 + 0.5);
	}
}

static void read_arrivals(const struct policy_node *node, struct scenario *scenario,
                          struct arrivals *out)
{
	static const char *const names[] = {"channel", "texts", "days", "per_hour", NULL};
	struct policy_node channel = policy_member(node, "channel");
	struct policy_node texts = policy_member(node, "texts");
	struct policy_node days = policy_member(node, "days");
	struct policy_node per_hour = policy_member(node, "per_hour");

	out->days = 0x7fU;
	if (!policy_object(node, names))
		return;
	if (policy_need(&channel))
		(void)part_channel(&channel, &out->channel);
	if (policy_need(&texts))
		(void)part_pool_ref(&texts, scenario, &out->pool);
	(void)part_days(&days, &out->days);
	if (policy_need(&per_hour))
		read_rates(&per_hour, out);
}

static void read_burst(const struct policy_node *node, struct scenario *scenario, struct burst *out,
                       bool many)
{
	static const char *const one[] = {"at", "channel", "texts", NULL};
	static const char *const all[] = {"at", "channel", "texts", "for", "tickets", NULL};
	struct policy_node at = policy_member(node, "at");
	struct policy_node channel = policy_member(node, "channel");
	struct policy_node texts = policy_member(node, "texts");
	struct policy_node length = policy_member(node, "for");
	struct policy_node tickets = policy_member(node, "tickets");
	struct duration spread = {0};

	out->count = 1;
	if (!policy_object(node, many ? all : one))
		return;
	if (policy_need(&at))
		(void)part_moment(&at, &out->at);
	(void)part_channel(&channel, &out->channel); /* chat when nothing is said */
	if (policy_need(&texts))
		(void)part_pool_ref(&texts, scenario, &out->pool);
	if (!many)
		return;
	if (policy_need(&length) && policy_wall(&length, 0, DAY_MS, &spread))
		out->for_ms = spread.ms;
	if (policy_need(&tickets))
		(void)policy_int(&tickets, 1, 100000, &out->count);
}

void part_arrivals(const struct policy_node *root, struct scenario *out)
{
	struct policy_node arrivals = policy_member(root, "arrivals");
	struct policy_node visitors = policy_member(root, "visitors");
	struct policy_node incidents = policy_member(root, "incidents");
	size_t visitors_count = policy_list(&visitors, BURSTS_MAX);
	size_t incidents_count = policy_list(&incidents, BURSTS_MAX);

	out->arrivals_count = policy_list(&arrivals, ARRIVALS_MAX);
	out->arrivals = policy_alloc(root, out->arrivals_count + 1, sizeof(*out->arrivals));
	for (size_t i = 0; i < out->arrivals_count; i++) {
		struct policy_node item = policy_element(&arrivals, i);

		read_arrivals(&item, out, &out->arrivals[i]);
	}
	out->bursts_count = visitors_count + incidents_count;
	out->bursts = policy_alloc(root, out->bursts_count + 1, sizeof(*out->bursts));
	for (size_t i = 0; i < out->bursts_count; i++) {
		bool many = i >= visitors_count;
		struct policy_node item = policy_element(many ? &incidents : &visitors,
		                                         many ? i - visitors_count : i);

		read_burst(&item, out, &out->bursts[i], many);
	}
	if (out->arrivals_count + out->bursts_count == 0)
		(void)policy_wrong(root, "nobody comes: say `arrivals`, `visitors` or `incidents`");
}

static void read_outage(const struct policy_node *node, struct outage *out)
{
	static const char *const names[] = {"what", "from", "to", NULL};
	struct policy_node what = policy_member(node, "what");
	struct policy_node from = policy_member(node, "from");
	struct policy_node to = policy_member(node, "to");
	const char *text;

	if (!policy_object(node, names) || !policy_need(&what))
		return;
	text = part_word(&what);
	if (text != NULL && strcmp(text, "redis") != 0)
		(void)policy_wrong(&what, "it must be \"redis\"");
	if (policy_need(&from) && policy_need(&to) && part_moment(&from, &out->from) &&
	    part_moment(&to, &out->to) &&
	    (out->to.day - out->from.day) * DAY_S + out->to.second <= out->from.second)
		(void)policy_wrong(&to, "it must be later than `from`");
}

static bool is_agent(const struct scenario *scenario, const char *name)
{
	for (size_t i = 0; i < scenario->crews_count; i++) {
		if (scenario->crews[i].name != NULL && strcmp(scenario->crews[i].name, name) == 0)
			return true;
	}
	return false;
}

static void read_loss(const struct policy_node *node, const struct scenario *scenario,
                      struct loss *out)
{
	static const char *const names[] = {"agent", "at", "back", NULL};
	struct policy_node agent = policy_member(node, "agent");
	struct policy_node at = policy_member(node, "at");
	struct policy_node back = policy_member(node, "back");

	out->agent = "";
	if (!policy_object(node, names))
		return;
	if (policy_need(&agent) && policy_text(&agent, NAME_SIZE, &out->agent) &&
	    !is_agent(scenario, out->agent))
		(void)policy_wrong(&agent, "there is no such agent");
	if (policy_need(&at))
		(void)part_moment(&at, &out->at);
	(void)part_moment(&back, &out->back);
}

void part_trouble(const struct policy_node *root, struct scenario *out)
{
	struct policy_node outages = policy_member(root, "outages");
	struct policy_node losses = policy_member(root, "losses");

	out->outages_count = policy_list(&outages, TROUBLE_MAX);
	out->outages = policy_alloc(root, out->outages_count + 1, sizeof(*out->outages));
	for (size_t i = 0; i < out->outages_count; i++) {
		struct policy_node item = policy_element(&outages, i);

		read_outage(&item, &out->outages[i]);
	}
	out->losses_count = policy_list(&losses, TROUBLE_MAX);
	out->losses = policy_alloc(root, out->losses_count + 1, sizeof(*out->losses));
	for (size_t i = 0; i < out->losses_count; i++) {
		struct policy_node item = policy_element(&losses, i);

		read_loss(&item, out, &out->losses[i]);
	}
}
