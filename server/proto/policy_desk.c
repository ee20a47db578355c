/* SPDX-License-Identifier: MIT */
/* What is the desk's as a whole: `version`, `desk`, `chat`, `clocks`, `canned`, `review`. */
#include <string.h>

#include "proto/origin.h"
#include "proto/policy_sections.h"

#define CANNED_MAX 200
#define ID_SIZE    48

static void read_origins(const struct policy_node *node, struct policy *policy)
{
	size_t count = policy_list(node, POLICY_ORIGINS_MAX);
	const char **origins = policy_alloc(node, count + 1, sizeof(*origins));

	policy->origins = origins;
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		char origin[ORIGIN_TEXT_SIZE];

		if (origin_parse(span_of(json_string_value(item.value)), origin))
			origins[policy->origins_count++] = arena_strdup(&policy->arena, origin);
		else
			(void)policy_wrong(
				&item, "it must be an origin like \"https://docs.example.gov\"");
	}
}

static void read_desk(const struct policy_node *node)
{
	static const char *const names[] = {"name",     "about",      "origins",
	                                    "calendar", "front_door", NULL};
	const struct policy_node name = policy_member(node, "name");
	const struct policy_node about = policy_member(node, "about");
	const struct policy_node origins = policy_member(node, "origins");
	const struct policy_node calendar = policy_member(node, "calendar");
	const struct policy_node front_door = policy_member(node, "front_door");
	struct policy *policy = node->read->policy;
	const char *text = "";

	if (!policy_need(node) || !policy_object(node, names))
		return;
	if (policy_need(&name) && policy_text(&name, NAME_SIZE - 1, &text))
		(void)span_copy(policy->name, sizeof(policy->name), span_of(text));
	(void)policy_text(&about, 500, &policy->about);
	read_origins(&origins, policy);
	if (policy_need(&calendar))
		(void)policy_calendar_ref(&calendar, &node->read->business);
	(void)policy_bool(&front_door, &policy->front_door);
}

static void read_chat(const struct policy_node *node)
{
	static const char *const names[] = {"capacity",     "offer",       "again", "grace",
	                                    "offer_ticket", "keep_ticket", NULL};
	const struct policy_node capacity = policy_member(node, "capacity");
	const struct policy_node offer = policy_member(node, "offer");
	const struct policy_node again = policy_member(node, "again");
	const struct policy_node grace = policy_member(node, "grace");
	const struct policy_node offer_ticket = policy_member(node, "offer_ticket");
	const struct policy_node keep_ticket = policy_member(node, "keep_ticket");
	struct policy *policy = node->read->policy;

	if (!policy_object(node, names))
		return;
	(void)policy_int(&capacity, 1, 100, &policy->capacity);
	(void)policy_wall(&offer, SEC_MS, 10 * MINUTE_MS, &policy->offer);
	(void)policy_wall(&again, 0, HOUR_MS, &policy->again);
	(void)policy_wall(&grace, SEC_MS, 10 * MINUTE_MS, &policy->grace);
	(void)policy_duration(&offer_ticket, NULL, &policy->offer_ticket);
	(void)policy_duration(&keep_ticket, NULL, &policy->keep_ticket);
	if (policy->offer_ticket.ms > 0 && policy->keep_ticket.ms > 0 &&
	    policy->offer_ticket.business == policy->keep_ticket.business &&
	    policy->keep_ticket.ms <= policy->offer_ticket.ms)
		(void)policy_wrong(&keep_ticket, "it must be later than `offer_ticket`");
}

static void read_clocks(const struct policy_node *node)
{
	static const char *const names[] = {"warn_percent", "remind",     "no_reply", "reopen",
	                                    "stale",        "page_again", NULL};
	const struct policy_node warn = policy_member(node, "warn_percent");
	const struct policy_node remind = policy_member(node, "remind");
	const struct policy_node no_reply = policy_member(node, "no_reply");
	const struct policy_node reopen = policy_member(node, "reopen");
	const struct policy_node stale = policy_member(node, "stale");
	const struct policy_node page_again = policy_member(node, "page_again");
	struct policy *policy = node->read->policy;

	if (!policy_need(node) || !policy_object(node, names))
		return;
	(void)policy_int(&warn, 1, 99, &policy->warn_percent);
	(void)policy_duration(&remind, NULL, &policy->remind);
	(void)policy_duration(&no_reply, NULL, &policy->no_reply);
	(void)policy_duration(&reopen, NULL, &policy->reopen);
	(void)policy_duration(&stale, NULL, &policy->stale);
	(void)policy_wall(&page_again, SEC_MS, DAY_MS, &policy->page_again);
	if (policy->remind.business == policy->no_reply.business && policy->no_reply.ms > 0 &&
	    policy->remind.ms >= policy->no_reply.ms)
		(void)policy_wrong(&remind, "the reminder must come before `no_reply` closes");
}

static bool canned_known(const struct policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->canned_count; i++) {
		if (strcmp(policy->canned[i].id, id) == 0)
			return true;
	}
	return false;
}

static bool read_reply(const struct policy_node *node, struct canned_reply *out)
{
	static const char *const names[] = {"id", "title", "text", "topic", NULL};
	const struct policy_node id = policy_member(node, "id");
	const struct policy_node title = policy_member(node, "title");
	const struct policy_node text = policy_member(node, "text");
	const struct policy_node topic = policy_member(node, "topic");
	const struct topic *found;

	if (!policy_object(node, names) || !policy_need(&id) || !policy_id(&id, ID_SIZE, &out->id))
		return false;
	out->title = out->id;
	out->text = "";
	(void)policy_text(&title, 120, &out->title);
	if (policy_need(&text))
		(void)policy_prose(&text, 4000, &out->text);
	if (policy_topic_ref(&topic, &found))
		out->topic = found->id;
	if (canned_known(node->read->policy, out->id))
		return policy_wrong(&id, "there are two replies \"%s\"", out->id);
	return true;
}

static void read_canned(const struct policy_node *node)
{
	struct policy *policy = node->read->policy;
	size_t count = policy_list(node, CANNED_MAX);
	struct canned_reply *replies = policy_alloc(node, count + 1, sizeof(*replies));

	policy->canned = replies;
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);

		if (read_reply(&item, &replies[policy->canned_count]))
			policy->canned_count++;
	}
}

static void read_review(const struct policy_node *node)
{
	static const char *const names[] = {"owner", "date", "measured", NULL};
	const struct policy_node owner = policy_member(node, "owner");
	const struct policy_node date = policy_member(node, "date");
	const struct policy_node measured = policy_member(node, "measured");
	struct policy *policy = node->read->policy;

	if (!policy_object(node, names))
		return;
	(void)policy_text(&owner, 200, &policy->review_owner);
	(void)policy_day(&date, &policy->review_day);
	(void)policy_prose(&measured, 2000, &policy->measured);
}

void policy_desk_read(const struct policy_node *root)
{
	const struct policy_node version = policy_member(root, "version");
	const struct policy_node desk = policy_member(root, "desk");
	const struct policy_node chat = policy_member(root, "chat");
	const struct policy_node clocks = policy_member(root, "clocks");
	const struct policy_node retention = policy_member(root, "retention_months");
	const struct policy_node review = policy_member(root, "review");
	struct policy *policy = root->read->policy;
	const char *text = "";

	if (policy_need(&version) && policy_text(&version, POLICY_VERSION_SIZE - 1, &text))
		(void)span_copy(policy->version, sizeof(policy->version), span_of(text));
	read_desk(&desk);
	read_chat(&chat);
	read_clocks(&clocks);
	(void)policy_int(&retention, 1, 1200, &policy->retention_months);
	read_review(&review);
}

void policy_canned_read(const struct policy_node *root)
{
	const struct policy_node canned = policy_member(root, "canned");

	read_canned(&canned);
}
