/* SPDX-License-Identifier: MIT */
/* What one place of the policy file names of another: by id, and it must be there. */
#include <string.h>

#include "base/buf.h"
#include "proto/policy_read.h"

/* "there is no calendar "night"; there is support, always" */
static bool nothing_such(const struct policy_node *node, const char *what, const char *id,
                         struct buf *known)
{
	(void)policy_wrong(node, "there is no %s \"%.60s\"; there is %.300s", what, id,
	                   known->len > 0 ? buf_cstr(known) : "none");
	buf_fini(known);
	return false;
}

/* The text that names something, or NULL (which is noted when it is there). */
static const char *reference(const struct policy_node *node, const char *what)
{
	const char *id = json_string_value(node->value);

	if (node->value != NULL && id == NULL)
		(void)policy_wrong(node, "it must be the name of a %s: \"...\"", what);
	return id;
}

static void add_known(struct buf *known, const char *id)
{
	buf_fmt(known, "%s%s", known->len > 0 ? ", " : "", id);
}

bool policy_calendar_ref(const struct policy_node *node, const struct calendar **out)
{
	const struct policy *policy = node->read->policy;
	const char *id = reference(node, "calendar");
	struct buf known = {0};

	if (id == NULL)
		return false;
	for (size_t i = 0; i < policy->calendars_count; i++) {
		if (strcmp(policy->calendars[i].id, id) == 0) {
			*out = &policy->calendars[i];
			buf_fini(&known);
			return true;
		}
		add_known(&known, policy->calendars[i].id);
	}
	return nothing_such(node, "calendar", id, &known);
}

static const struct contact *contact_find(const struct tier_policy *tier, const char *id,
                                          struct buf *known)
{
	for (size_t i = 0; i < tier->contacts_count; i++) {
		if (strcmp(tier->contacts[i].id, id) == 0)
			return &tier->contacts[i];
		add_known(known, tier->contacts[i].id);
	}
	return NULL;
}

bool policy_contact_ref(const struct policy_node *node, const struct contact **out)
{
	const struct policy *policy = node->read->policy;
	const char *id = reference(node, "contact");
	const struct contact *found = NULL;
	struct buf known = {0};

	if (id == NULL)
		return false;
	for (size_t i = 0; i < TIER_MAX && found == NULL; i++)
		found = contact_find(&policy->tiers[i], id, &known);
	if (found == NULL)
		return nothing_such(node, "contact", id, &known);
	*out = found;
	buf_fini(&known);
	return true;
}

bool policy_topic_ref(const struct policy_node *node, const struct topic **out)
{
	const struct policy *policy = node->read->policy;
	const char *id = reference(node, "topic");
	const struct topic *found;
	struct buf known = {0};

	if (id == NULL)
		return false;
	found = policy_topic(policy, span_of(id));
	if (found != NULL) {
		*out = found;
		return true;
	}
	for (size_t i = 0; i < policy->topics_count; i++)
		add_known(&known, policy->topics[i].id);
	return nothing_such(node, "topic", id, &known);
}

bool policy_priority(const struct policy_node *node, enum priority *out)
{
	if (node->value == NULL)
		return false;
	if (!json_is_string(node->value) ||
	    !priority_parse(span_of(json_string_value(node->value)), out))
		return policy_wrong(node, "it must be low, medium, high or critical");
	return true;
}

bool policy_tier(const struct policy_node *node, int *out)
{
	return policy_int(node, TIER_MIN, TIER_MAX, out);
}
