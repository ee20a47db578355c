/* SPDX-License-Identifier: MIT */
/* `tiers` and `people`: who answers, and how they are reached. */
#include <string.h>

#include "base/must.h"
#include "core/agent.h"
#include "proto/policy_sections.h"

#define SKILLS_MAX   16
#define CONTACTS_MAX 64
#define CRITERIA_MAX 32
#define ID_SIZE      32
#define ROTA_DAYS    92

/* --- skills --- */

static const char *skill_find(const struct tier_policy *tier, const char *id)
{
	for (size_t i = 0; i < tier->skills_count; i++) {
		if (strcmp(tier->skills[i].id, id) == 0)
			return tier->skills[i].id;
	}
	return NULL;
}

bool policy_skill_ref(const struct policy_node *node, const struct tier_policy *tier,
                      const char **out)
{
	const char *id;

	if (!policy_id(node, ID_SIZE, &id))
		return false;
	*out = skill_find(tier, id);
	if (*out == NULL)
		return policy_wrong(node, "%s has no skill \"%s\"", tier->name, id);
	return true;
}

static void read_skills(const struct policy_node *node, struct tier_policy *tier)
{
	static const char *const names[] = {"id", "name", NULL};
	size_t count = policy_list(node, SKILLS_MAX);
	struct skill *skills = policy_alloc(node, count + 1, sizeof(*skills));

	tier->skills = skills;
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		const struct policy_node id = policy_member(&item, "id");
		const struct policy_node name = policy_member(&item, "name");
		struct skill skill = {0};

		if (!policy_object(&item, names) || !policy_need(&id) ||
		    !policy_id(&id, ID_SIZE, &skill.id))
			continue;
		skill.name = skill.id;
		(void)policy_text(&name, 60, &skill.name);
		if (skill_find(tier, skill.id) != NULL)
			(void)policy_wrong(&id, "there are two skills \"%s\"", skill.id);
		else
			skills[tier->skills_count++] = skill;
	}
}

/* --- contacts --- */

static bool has_contact(const struct policy *policy, const char *id)
{
	for (size_t t = 0; t < TIER_MAX; t++) {
		for (size_t i = 0; i < policy->tiers[t].contacts_count; i++) {
			if (strcmp(policy->tiers[t].contacts[i].id, id) == 0)
				return true;
		}
	}
	return false;
}

/* tier NULL: a contact without a skill. */
static bool read_contact(const struct policy_node *node, const struct tier_policy *tier,
                         struct contact *out)
{
	static const char *const names[] = {"id",    "name", "role",  "email",
	                                    "phone", "chat", "skill", NULL};
	const struct policy_node id = policy_member(node, "id");
	const struct policy_node name = policy_member(node, "name");
	const struct policy_node role = policy_member(node, "role");
	const struct policy_node email = policy_member(node, "email");
	const struct policy_node phone = policy_member(node, "phone");
	const struct policy_node chat = policy_member(node, "chat");
	const struct policy_node skill = policy_member(node, "skill");

	if (!policy_object(node, names) || !policy_need(&id) || !policy_id(&id, ID_SIZE, &out->id))
		return false;
	out->name = out->id;
	out->role = "";
	if (policy_need(&name))
		(void)policy_text(&name, NAME_SIZE - 1, &out->name);
	(void)policy_text(&role, 300, &out->role);
	if (policy_text(&email, EMAIL_SIZE - 1, &out->email) &&
	    !email_is_valid(span_of(out->email)))
		(void)policy_wrong(&email, "it must be an e-mail address");
	if (policy_text(&phone, 40, &out->phone) &&
	    out->phone[strspn(out->phone, "+0123456789 ()-.x")] != '\0')
		(void)policy_wrong(&phone, "it must be a number to dial, like \"+1 202 555 0100\"");
	(void)policy_text(&chat, 200, &out->chat);
	if (tier != NULL)
		(void)policy_skill_ref(&skill, tier, &out->skill);
	else if (skill.value != NULL)
		(void)policy_wrong(&skill, "only contacts of a tier have one");
	return true;
}

static void read_contacts(const struct policy_node *node, struct tier_policy *tier)
{
	size_t count = policy_list(node, CONTACTS_MAX);
	struct contact *contacts = policy_alloc(node, count + 1, sizeof(*contacts));

	tier->contacts = contacts;
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		struct contact contact = {0};

		if (!read_contact(&item, tier, &contact))
			continue;
		if (has_contact(node->read->policy, contact.id))
			(void)policy_wrong(&item, "there are two contacts \"%s\"", contact.id);
		else
			contacts[tier->contacts_count++] = contact;
	}
}

/* --- the rota --- */

static const struct contact *contact_of(const struct tier_policy *tier, const char *id)
{
	for (size_t i = 0; id != NULL && i < tier->contacts_count; i++) {
		if (strcmp(tier->contacts[i].id, id) == 0)
			return &tier->contacts[i];
	}
	return NULL;
}

static void read_turns(const struct policy_node *node, struct tier_policy *tier)
{
	size_t count = policy_list(node, CONTACTS_MAX);
	const struct contact **people = policy_alloc(node, count + 1, sizeof(*people));

	if (json_is_array(node->value) && json_array_size(node->value) == 0)
		(void)policy_wrong(node, "a rota needs somebody on it");
	tier->rota.people = people;
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		const struct contact *contact = contact_of(tier, json_string_value(item.value));

		if (contact == NULL)
			(void)policy_wrong(&item,
			                   "it must be the id of one of this tier's contacts");
		else
			people[tier->rota.count++] = contact;
	}
}

static void read_rota(const struct policy_node *node, struct tier_policy *tier)
{
	static const char *const names[] = {"people", "zone", "start", "at", "days", NULL};
	const struct policy_node people = policy_member(node, "people");
	const struct policy_node zone = policy_member(node, "zone");
	const struct policy_node start = policy_member(node, "start");
	const struct policy_node at = policy_member(node, "at");
	const struct policy_node days = policy_member(node, "days");

	tier->rota = (struct rota){.zone = &zone_utc, .days = 7};
	if (!policy_object(node, names))
		return;
	if (policy_need(&people))
		read_turns(&people, tier);
	if (zone.value != NULL)
		(void)policy_zone(&zone, &tier->rota.zone);
	else if (node->read->business != NULL)
		tier->rota.zone = node->read->business->zone;
	if (policy_need(&start))
		(void)policy_day(&start, &tier->rota.start_day);
	(void)policy_time(&at, &tier->rota.start_s);
	(void)policy_int(&days, 1, ROTA_DAYS, &tier->rota.days);
}

/* --- tiers --- */

static void read_acceptance(const struct policy_node *node, struct tier_policy *tier)
{
	static const char *const names[] = {"low", "medium", "high", "critical", NULL};

	if (!policy_object(node, names))
		return;
	for (size_t i = 0; i < PRIORITIES; i++) {
		const struct policy_node item = policy_member(node, names[i]);

		(void)policy_duration(&item, NULL, &tier->acceptance[i]);
	}
}

static void read_tier(const struct policy_node *node, struct tier_policy *tier)
{
	static const char *const names[] = {"name",     "role", "criteria",   "skills",
	                                    "contacts", "rota", "acceptance", NULL};
	const struct policy_node name = policy_member(node, "name");
	const struct policy_node role = policy_member(node, "role");
	const struct policy_node criteria = policy_member(node, "criteria");
	const struct policy_node skills = policy_member(node, "skills");
	const struct policy_node contacts = policy_member(node, "contacts");
	const struct policy_node rota = policy_member(node, "rota");
	const struct policy_node acceptance = policy_member(node, "acceptance");

	tier->role = "";
	if (!policy_object(node, names))
		return;
	if (policy_need(&name))
		(void)policy_text(&name, 80, &tier->name);
	(void)policy_text(&role, 1000, &tier->role);
	(void)policy_texts(&criteria, CRITERIA_MAX, &tier->criteria, &tier->criteria_count);
	read_skills(&skills, tier);
	read_contacts(&contacts, tier);
	read_rota(&rota, tier);
	read_acceptance(&acceptance, tier);
}

static const struct contact *read_person(const struct policy_node *people, const char *name)
{
	const struct policy_node node = policy_member(people, name);
	struct contact *contact = policy_alloc(people, 1, sizeof(*contact));

	if (!policy_need(&node) || !read_contact(&node, NULL, contact))
		return NULL;
	return contact;
}

static void read_people(const struct policy_node *node)
{
	static const char *const names[] = {"supervisor", "lead", NULL};
	struct policy *policy = node->read->policy;

	if (!policy_need(node) || !policy_object(node, names))
		return;
	policy->supervisor = read_person(node, "supervisor");
	policy->lead = read_person(node, "lead");
}

void policy_tiers_read(const struct policy_node *root)
{
	static const char *const fallback[TIER_MAX] = {"Tier 1", "Tier 2", "Tier 3"};
	const struct policy_node node = policy_member(root, "tiers");
	const struct policy_node people = policy_member(root, "people");
	struct policy *policy = root->read->policy;

	for (size_t i = 0; i < TIER_MAX; i++)
		policy->tiers[i].name = fallback[i];
	if (policy_need(&node) && json_array_size(node.value) != TIER_MAX)
		(void)policy_wrong(&node, "there must be %d tiers", TIER_MAX);
	for (size_t i = 0; i < TIER_MAX; i++) {
		const struct policy_node item = policy_element(&node, i);

		read_tier(&item, &policy->tiers[i]);
	}
	read_people(&people);
}
