/* SPDX-License-Identifier: MIT */
/* `channels` and what `priorities` says for people: where help is to be had, when, and how soon. */
#include "base/must.h"
#include "proto/policy_sections.h"

static const char *const priority_names[] = {"low", "medium", "high", "critical", NULL};

static void read_promise(const struct policy_node *node, const struct calendar *hours,
                         struct promise *out)
{
	static const char *const names[] = {"first_response", "resolution", "callback",
	                                    "around_the_clock", NULL};
	const struct policy_node first = policy_member(node, "first_response");
	const struct policy_node resolution = policy_member(node, "resolution");
	const struct policy_node callback = policy_member(node, "callback");
	const struct policy_node always = policy_member(node, "around_the_clock");

	if (!policy_object(node, names))
		return;
	(void)policy_duration(&first, hours, &out->first_response);
	(void)policy_duration(&resolution, hours, &out->resolution);
	(void)policy_duration(&callback, hours, &out->callback);
	(void)policy_bool(&always, &out->around_the_clock);
}

static void read_targets(const struct policy_node *node, const struct calendar *hours,
                         struct promise *out)
{
	if (!policy_need(node) || !policy_object(node, priority_names))
		return;
	for (size_t i = 0; i < PRIORITIES; i++) {
		const struct policy_node item = policy_member(node, priority_names[i]);

		read_promise(&item, hours, &out[i]);
	}
}

static void read_channel(const struct policy_node *node, enum channel channel)
{
	static const char *const names[] = {"name",  "scope",   "address", "intake",
	                                    "hours", "targets", NULL};
	struct policy *policy = node->read->policy;
	struct channel_policy *out = &policy->channels[channel];
	const struct policy_node name = policy_member(node, "name");
	const struct policy_node scope = policy_member(node, "scope");
	const struct policy_node address = policy_member(node, "address");
	const struct policy_node intake = policy_member(node, "intake");
	const struct policy_node hours = policy_member(node, "hours");
	const struct policy_node targets = policy_member(node, "targets");

	if (!policy_object(node, names))
		return;
	out->offered = true;
	if (policy_need(&name))
		(void)policy_text(&name, 60, &out->name);
	if (policy_need(&scope))
		(void)policy_text(&scope, 500, &out->scope);
	(void)policy_text(&address, 300, &out->address);
	if (policy_need(&hours))
		(void)policy_calendar_ref(&hours, &out->hours);
	out->intake = out->hours;
	(void)policy_calendar_ref(&intake, &out->intake);
	read_targets(&targets, out->hours, policy->promises[channel]);
}

/* Every channel has a name, hours and an intake, offered or not: tickets of a channel that is no
 * longer offered go on. */
static void fill_channels(struct policy_read *read)
{
	for (size_t i = 0; i < CHANNELS; i++) {
		struct channel_policy *channel = &read->policy->channels[i];

		if (channel->name == NULL)
			channel->name = channel_name((enum channel)i);
		if (channel->scope == NULL)
			channel->scope = "";
		if (channel->hours == NULL)
			channel->hours = read->business;
		if (channel->intake == NULL)
			channel->intake = channel->hours;
	}
}

static void read_priorities(const struct policy_node *root)
{
	static const char *const names[] = {"about", "words", NULL};
	const struct policy_node node = policy_member(root, "priorities");
	struct policy *policy = root->read->policy;

	for (size_t i = 0; i < PRIORITIES; i++)
		policy->priority_about[i] = "";
	if (!policy_need(&node) || !policy_object(&node, priority_names))
		return;
	for (size_t i = 0; i < PRIORITIES; i++) {
		const struct policy_node item = policy_member(&node, priority_names[i]);
		const struct policy_node about = policy_member(&item, "about");

		if (policy_need(&item) && policy_object(&item, names) && policy_need(&about))
			(void)policy_text(&about, 1000, &policy->priority_about[i]);
	}
}

void policy_channels_read(const struct policy_node *root)
{
	static const char *const names[] = {"chat", "portal", "email", "phone", "slack", NULL};
	const struct policy_node node = policy_member(root, "channels");

	MUST(ARRAY_LEN(names) == CHANNELS + 1);
	if (policy_need(&node) && policy_object(&node, names)) {
		for (size_t i = 0; i < CHANNELS; i++) {
			const struct policy_node item = policy_member(&node, names[i]);

			read_channel(&item, (enum channel)i);
		}
	}
	fill_channels(root->read);
	read_priorities(root);
}
