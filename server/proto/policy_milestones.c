/* SPDX-License-Identifier: MIT */
/* `milestones`: what is promised of some tickets between the first response and the resolution. */
#include <string.h>

#include "base/must.h"
#include "proto/policy_sections.h"

#define MILESTONE_TOPICS_MAX 64

/* Names of targets, of which it is one too. */
static bool is_taken(const struct policy *policy, const char *id)
{
	if (strcmp(id, "first_response") == 0 || strcmp(id, "resolution") == 0)
		return true;
	for (size_t i = 0; i < policy->milestones_count; i++) {
		if (strcmp(policy->milestones[i].id, id) == 0)
			return true;
	}
	return false;
}

static void read_topics(const struct policy_node *node, struct milestone *out)
{
	size_t count = policy_list(node, MILESTONE_TOPICS_MAX);
	const char **topics = policy_alloc(node, count + 1, sizeof(*topics));

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		const struct topic *topic;

		if (policy_topic_ref(&item, &topic))
			topics[out->topics_count++] = topic->id;
	}
	if (node->value != NULL && count == 0)
		(void)policy_wrong(node, "it needs a topic");
	out->topics = count > 0 ? topics : NULL;
}

static void read_which(const struct policy_node *node, struct milestone *out)
{
	const struct policy_node priorities = policy_member(node, "priorities");
	const struct policy_node topics = policy_member(node, "topics");

	policy_priorities(&priorities, &out->priorities);
	if (priorities.value != NULL && json_array_size(priorities.value) == 0)
		(void)policy_wrong(&priorities, "it needs a priority");
	read_topics(&topics, out);
	out->stands = priorities.value != NULL || topics.value != NULL;
}

static void read_words(const struct policy_node *node, struct milestone *out)
{
	const struct policy_node id = policy_member(node, "id");
	const struct policy_node name = policy_member(node, "name");
	const struct policy_node about = policy_member(node, "about");

	if (policy_need(&id) && policy_id(&id, MILESTONE_ID_SIZE, &out->id) &&
	    is_taken(node->read->policy, out->id))
		(void)policy_wrong(&id, "there is another target \"%s\"", out->id);
	if (policy_need(&name))
		(void)policy_text(&name, 60, &out->name);
	(void)policy_text(&about, 500, &out->about);
}

static void read_milestone(const struct policy_node *node, struct milestone *out)
{
	static const char *const names[] = {"id",     "name",   "about", "priorities",
	                                    "topics", "within", "runs",  "around_the_clock",
	                                    "notify", NULL};
	const struct policy_node within = policy_member(node, "within");
	const struct policy_node runs = policy_member(node, "runs");
	const struct policy_node around = policy_member(node, "around_the_clock");
	const struct policy_node notify = policy_member(node, "notify");
	const char *text = json_string_value(runs.value);

	*out = (struct milestone){.id = "", .name = ""};
	if (!policy_object(node, names))
		return;
	read_words(node, out);
	read_which(node, out);
	if (policy_need(&within))
		(void)policy_duration(&within, NULL, &out->within);
	out->always = text != NULL && strcmp(text, "always") == 0;
	if (runs.value != NULL && !out->always &&
	    (text == NULL || strcmp(text, "with_ticket") != 0))
		(void)policy_wrong(&runs, "it must be with_ticket or always");
	(void)policy_bool(&around, &out->around_the_clock);
	policy_notify(&notify, &out->notify);
}

void policy_milestones_read(const struct policy_node *root)
{
	const struct policy_node node = policy_member(root, "milestones");
	struct policy *policy = root->read->policy;
	size_t count = policy_list(&node, MILESTONES_MAX);
	struct milestone *milestones = policy_alloc(&node, count + 1, sizeof(*milestones));

	policy->milestones = milestones;
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(&node, i);

		read_milestone(&item, &milestones[i]);
		policy->milestones_count++;
	}
}

bool policy_milestone_ref(const struct policy_node *node, unsigned *out)
{
	const struct policy *policy = node->read->policy;
	const char *id = json_string_value(node->value);

	for (size_t i = 0; id != NULL && i < policy->milestones_count; i++) {
		if (strcmp(policy->milestones[i].id, id) != 0)
			continue;
		*out |= 1U << i;
		return true;
	}
	if (node->value != NULL)
		(void)policy_wrong(node, "there is no milestone \"%.60s\"", id != NULL ? id : "");
	return false;
}
