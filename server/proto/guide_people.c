/* SPDX-License-Identifier: MIT */
/* Who is behind the desk, whose turn it is, and what to do in an emergency. */
#include <string.h>

#include "core/rulebook.h"
#include "proto/guide_words.h"

/* --- tiers --- */

const char *guide_skill(const struct tier_policy *tier, const char *id)
{
	for (size_t i = 0; i < tier->skills_count; i++) {
		if (strcmp(tier->skills[i].id, id) == 0)
			return tier->skills[i].name;
	}
	return id;
}

static void put_reach(struct buf *buf, const struct contact *contact)
{
	const char *const ways[] = {contact->email, contact->phone, contact->chat};

	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		if (ways[i] == NULL)
			continue;
		buf_text(buf, ", ");
		guide_text(buf, ways[i]);
	}
}

static void put_contact(struct buf *buf, const struct tier_policy *tier,
                        const struct contact *contact)
{
	buf_text(buf, "- **");
	guide_text(buf, contact->name);
	buf_text(buf, "**");
	if (tier != NULL && contact->skill != NULL) {
		buf_text(buf, " (");
		guide_text(buf, guide_skill(tier, contact->skill));
		buf_text(buf, ")");
	}
	if (contact->role != NULL) {
		buf_text(buf, ": ");
		guide_text(buf, contact->role);
	}
	put_reach(buf, contact);
	buf_char(buf, '\n');
}

/* When the turn that runs at `now` ends. */
static wall_ms turn_ends(const struct rota *rota, wall_ms now)
{
	struct civil there;
	int64_t days, left;

	zone_local(rota->zone, now, &there);
	days = civil_days(there.year, there.month, there.day) - rota->start_day;
	if (there.second < rota->start_s)
		days--;
	left = rota->days - ((days % rota->days) + rota->days) % rota->days;
	return zone_moment(rota->zone, rota->start_day + days + left, rota->start_s);
}

static void put_turn(struct buf *buf, const struct policy *policy, int number, wall_ms now)
{
	const struct rota *rota = &policy->tiers[number - 1].rota;
	const struct contact *first = policy_contact(policy, number, NULL, now, 0);
	const struct contact *next = policy_contact(policy, number, NULL, now, 1);

	if (rota->count == 0 || first == NULL)
		return;
	buf_text(buf, "On duty now: **");
	guide_text(buf, first->name);
	buf_text(buf, "**, until ");
	guide_moment(buf, rota->zone, turn_ends(rota, now));
	buf_char(buf, ' ');
	guide_zone(buf, rota->zone);
	if (next != NULL && next != first) {
		buf_text(buf, "; then ");
		guide_text(buf, next->name);
	}
	buf_text(buf, ".\n\n");
}

static void put_acceptance(struct buf *buf, const struct policy *policy,
                           const struct tier_policy *tier)
{
	const char *before = "What is handed over is taken within ";

	for (int i = PRIORITY_CRITICAL; i >= PRIORITY_LOW; i--) {
		if (tier->acceptance[i].ms == 0)
			continue;
		buf_text(buf, before);
		guide_duration(buf, &tier->acceptance[i], guide_desk_hours(policy));
		buf_fmt(buf, " (%s)", priority_name((enum priority)i));
		before = ", ";
	}
	if (before[0] == ',')
		buf_text(buf, ".\n\n");
}

static void put_tier(struct buf *buf, const struct policy *policy, int number, wall_ms now)
{
	const struct tier_policy *tier = &policy->tiers[number - 1];

	buf_fmt(buf, "### Tier %d: ", number);
	guide_text(buf, tier->name);
	buf_text(buf, "\n\n");
	if (tier->role != NULL) {
		guide_prose(buf, tier->role);
		buf_char(buf, '\n');
	}
	if (tier->criteria_count > 0)
		buf_text(buf, "A request comes here when:\n\n");
	for (size_t i = 0; i < tier->criteria_count; i++) {
		buf_text(buf, "- ");
		guide_text(buf, tier->criteria[i]);
		buf_char(buf, '\n');
	}
	if (tier->criteria_count > 0)
		buf_char(buf, '\n');
	put_acceptance(buf, policy, tier);
	put_turn(buf, policy, number, now);
	if (tier->contacts_count > 0)
		buf_text(buf, "Whom to ask:\n\n");
	for (size_t i = 0; i < tier->contacts_count; i++)
		put_contact(buf, tier, &tier->contacts[i]);
	if (tier->contacts_count > 0)
		buf_char(buf, '\n');
}

void guide_tiers(struct buf *buf, const struct policy *policy, wall_ms now)
{
	buf_text(buf, "## Who helps\n\n");
	for (int i = TIER_MIN; i <= TIER_MAX; i++) {
		if (policy->tiers[i - 1].name != NULL)
			put_tier(buf, policy, i, now);
	}
	if (policy->supervisor == NULL && policy->lead == NULL)
		return;
	buf_text(buf, "### Above the tiers\n\n");
	if (policy->supervisor != NULL)
		put_contact(buf, NULL, policy->supervisor);
	if (policy->lead != NULL && policy->lead != policy->supervisor)
		put_contact(buf, NULL, policy->lead);
	buf_char(buf, '\n');
}

/* --- emergencies --- */

static bool is_immediate(const struct rule *rule)
{
	for (unsigned i = 0; i < rule->steps_count; i++) {
		if (rule->steps[i].then.immediate)
			return true;
	}
	return false;
}

/* Said when somebody quotes it to the requester: a quotation. */
static void put_facts(struct buf *buf, const char *title, const char *facts)
{
	struct buf lines = {0};
	const char *line;

	if (facts == NULL)
		return;
	buf_fmt(buf, "### %s\n\n", title);
	guide_prose(&lines, facts);
	line = buf_cstr(&lines);
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		buf_text(buf, "> ");
		buf_add(buf, line, len);
		buf_char(buf, '\n');
		line += len + (line[len] == '\n');
	}
	buf_char(buf, '\n');
	buf_fini(&lines);
}

/* What the words of emergencies are about. */
static void put_triggers(struct buf *buf, const struct policy *policy)
{
	size_t count = rulebook_triggers(policy->rulebook);

	if (count > 0)
		buf_text(buf, "\nThe program looks for the words of these:\n\n");
	for (size_t i = 0; i < count; i++) {
		const char *about = rulebook_trigger_about(policy->rulebook, i);

		if (rulebook_trigger_asks(policy->rulebook, i))
			continue;
		buf_text(buf, "- ");
		guide_text(buf, about != NULL ? about : rulebook_trigger_name(policy->rulebook, i));
		buf_char(buf, '\n');
	}
}

void guide_at_once(struct buf *buf, const struct policy *policy)
{
	bool any = false;

	for (size_t i = 0; i < policy->rules_count; i++)
		any |= is_immediate(&policy->rules[i]);
	if (!any)
		return;
	buf_text(buf, "## What is escalated at once\n\n");
	for (size_t i = 0; i < policy->rules_count; i++) {
		const struct rule *rule = &policy->rules[i];

		if (!is_immediate(rule))
			continue;
		buf_text(buf, "- ");
		guide_text(buf, rule->id);
		buf_text(buf, ": ");
		guide_text(buf, rule->criterion != NULL ? rule->criterion : rule->title);
		buf_char(buf, '\n');
	}
	put_triggers(buf, policy);
	if (policy->page_again.ms > 0) {
		buf_text(buf, "\nWhoever is on duty is called, at any time. When nobody confirms "
		              "it, the next one is called after ");
		guide_duration(buf, &policy->page_again, guide_desk_hours(policy));
		buf_text(buf, ".\n");
	}
	buf_char(buf, '\n');
	put_facts(buf, "What to write in an emergency", policy->incident_facts);
	put_facts(buf, "What to write when data is exposed", policy->incident_facts_data);
}
