/* SPDX-License-Identifier: MIT */
/* `rules` and `incident`: when a ticket goes up, and what then. */
#include <string.h>

#include "base/must.h"
#include "core/timer.h"
#include "proto/policy_sections.h"

#define RULE_TOPICS_MAX 64
#define TEXT_MAX        1000

/* What a condition needs to be said beside its event. */
#define NEEDS_AFTER     1U
#define NEEDS_PERCENT   2U
#define NEEDS_COUNT     4U
#define NEEDS_PEOPLE    8U
#define NEEDS_TOPICS    16U
#define MAY_TRIGGERS    32U
#define MAY_AFTER       64U
#define NEEDS_MILESTONE 128U

static unsigned needs(enum rule_event event)
{
	static const unsigned rows[] = {
		[WHEN_TRIGGER] = MAY_TRIGGERS,
		[WHEN_DATA_EXPOSED] = 0,
		[WHEN_STOPPED] = NEEDS_AFTER,
		[WHEN_INCIDENT] = 0,
		[WHEN_WORK] = NEEDS_AFTER,
		[WHEN_ANSWER_FAILED] = NEEDS_COUNT,
		[WHEN_REOPENED] = NEEDS_COUNT,
		[WHEN_FIRST_RESPONSE] = NEEDS_PERCENT,
		[WHEN_RESOLUTION] = NEEDS_PERCENT,
		[WHEN_SILENCE] = NEEDS_AFTER,
		[WHEN_NOT_ACCEPTED] = 0,
		[WHEN_NO_PROGRESS] = NEEDS_AFTER,
		[WHEN_TOPIC] = NEEDS_TOPICS,
		[WHEN_APPROVED] = MAY_AFTER,
		[WHEN_IMMEDIATE] = NEEDS_AFTER,
		[WHEN_PATTERN] = NEEDS_COUNT | NEEDS_PEOPLE | NEEDS_AFTER,
		[WHEN_MILESTONE] = NEEDS_MILESTONE | NEEDS_PERCENT,
		[WHEN_ASKED] = MAY_TRIGGERS,
		[WHEN_BY_HAND] = 0,
	};

	MUST((size_t)event < ARRAY_LEN(rows));
	return rows[event];
}

/* --- lists of a condition --- */

void policy_priorities(const struct policy_node *node, unsigned *out)
{
	size_t count = policy_list(node, PRIORITIES);

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		enum priority priority;

		if (policy_priority(&item, &priority))
			*out |= 1U << priority;
	}
}

static void read_tiers(const struct policy_node *node, unsigned *out)
{
	size_t count = policy_list(node, TIER_MAX);

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		int tier;

		if (policy_tier(&item, &tier))
			*out |= 1U << tier;
	}
}

static void read_topics(const struct policy_node *node, struct rule_when *when)
{
	size_t count = policy_list(node, RULE_TOPICS_MAX);
	const char **topics = policy_alloc(node, count + 1, sizeof(*topics));

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		const struct topic *topic;

		if (policy_topic_ref(&item, &topic))
			topics[when->topics_count++] = topic->id;
	}
	when->topics = count > 0 ? topics : NULL;
}

/* Of emergencies, or of what is none. */
static const char *trigger_find(const struct policy_read *read, const char *name, bool asks)
{
	for (size_t i = 0; name != NULL && i < read->triggers_count; i++) {
		if (read->triggers_ask[i] == asks && strcmp(read->triggers[i], name) == 0)
			return read->triggers[i];
	}
	return NULL;
}

static void read_triggers(const struct policy_node *node, struct rule_when *when)
{
	size_t count = policy_list(node, RULE_TOPICS_MAX);
	const char **triggers = policy_alloc(node, count + 1, sizeof(*triggers));

	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(node, i);
		const char *name = json_string_value(item.value);
		const char *found = trigger_find(node->read, name, when->event == WHEN_ASKED);

		if (found == NULL)
			(void)policy_wrong(&item, "there are no triggers \"%.60s\"%s",
			                   name != NULL ? name : "",
			                   when->event == WHEN_ASKED ? " that are no emergency"
			                                             : " of emergencies");
		else
			triggers[when->triggers_count++] = found;
	}
	when->triggers = count > 0 ? triggers : NULL;
}

static void read_milestone(const struct policy_node *node, struct rule_when *when)
{
	unsigned places = 0;

	if (policy_milestone_ref(node, &places))
		while ((places >> when->milestone & 1U) == 0)
			when->milestone++;
}

/* --- a condition --- */

/* A member that the event needs, or that means nothing with it. true: read it. */
static bool belongs(const struct policy_node *member, bool needed, bool allowed)
{
	if (needed)
		return policy_need(member);
	if (member->value != NULL && !allowed)
		return policy_wrong(member, "it means nothing with this event");
	return member->value != NULL;
}

static void read_filters(const struct policy_node *node, unsigned need, struct rule_when *out)
{
	const struct policy_node priorities = policy_member(node, "priorities");
	const struct policy_node tiers = policy_member(node, "tiers");
	const struct policy_node topics = policy_member(node, "topics");
	const struct policy_node triggers = policy_member(node, "triggers");
	const struct policy_node milestone = policy_member(node, "milestone");

	policy_priorities(&priorities, &out->priorities);
	read_tiers(&tiers, &out->tiers);
	if (belongs(&topics, (need & NEEDS_TOPICS) != 0, true))
		read_topics(&topics, out);
	if (belongs(&triggers, false, (need & MAY_TRIGGERS) != 0))
		read_triggers(&triggers, out);
	if (belongs(&milestone, (need & NEEDS_MILESTONE) != 0, false))
		read_milestone(&milestone, out);
}

static bool read_when(const struct policy_node *node, struct rule_when *out)
{
	static const char *const names[] = {"event",    "after",      "percent", "count",
	                                    "people",   "priorities", "tiers",   "topics",
	                                    "triggers", "milestone",  NULL};
	const struct policy_node event = policy_member(node, "event");
	const struct policy_node after = policy_member(node, "after");
	const struct policy_node percent = policy_member(node, "percent");
	const struct policy_node count = policy_member(node, "count");
	const struct policy_node people = policy_member(node, "people");
	const char *text = json_string_value(event.value);
	unsigned need;

	*out = (struct rule_when){0};
	if (!policy_object(node, names) || !policy_need(&event))
		return false;
	if (text == NULL || !rule_event_parse(span_of(text), &out->event))
		return policy_wrong(&event, "there is no event \"%.60s\"",
		                    text != NULL ? text : "");
	need = needs(out->event);
	if (belongs(&after, (need & NEEDS_AFTER) != 0, (need & MAY_AFTER) != 0))
		(void)policy_duration(&after, NULL, &out->after);
	if (belongs(&percent, (need & NEEDS_PERCENT) != 0, false))
		(void)policy_int(&percent, 1, 1000, &out->percent);
	if (belongs(&count, (need & NEEDS_COUNT) != 0, false))
		(void)policy_int(&count, 1, 1000, &out->count);
	if (belongs(&people, (need & NEEDS_PEOPLE) != 0, false))
		(void)policy_int(&people, 1, 1000, &out->people);
	read_filters(node, need, out);
	return true;
}

/* --- an effect --- */

static bool does_nothing(const struct rule_then *then)
{
	return !then->raises && then->tier == 0 && !then->immediate && !then->page &&
	       then->notify == NOTIFY_NOBODY && !then->requeue && !then->choose &&
	       !then->approval && then->milestones == 0;
}

void policy_notify(const struct policy_node *node, enum rule_notify *out)
{
	const char *text = json_string_value(node->value);

	if (node->value != NULL && (text == NULL || !rule_notify_parse(span_of(text), out)))
		(void)policy_wrong(node, "it must be agent, supervisor or lead");
}

static void read_then(const struct policy_node *node, struct rule_then *out)
{
	static const char *const names[] = {"priority", "tier",      "skill",   "immediate",
	                                    "page",     "notify",    "requeue", "choose",
	                                    "approval", "milestone", NULL};
	const struct policy_node priority = policy_member(node, "priority");
	const struct policy_node tier = policy_member(node, "tier");
	const struct policy_node skill = policy_member(node, "skill");
	const struct policy_node notify = policy_member(node, "notify");
	const struct policy_node milestone = policy_member(node, "milestone");
	const struct {
		const char *name;
		bool *to;
	} flags[] = {
		{"immediate", &out->immediate}, {"page", &out->page},
		{"requeue", &out->requeue},     {"choose", &out->choose},
		{"approval", &out->approval},
	};

	if (!policy_need(node) || !policy_object(node, names))
		return;
	out->raises = policy_priority(&priority, &out->priority);
	(void)policy_tier(&tier, &out->tier);
	if (skill.value != NULL && out->tier == 0)
		(void)policy_wrong(&skill, "it needs a `tier`, whose skill it is");
	else if (out->tier > 0)
		(void)policy_skill_ref(&skill, &node->read->policy->tiers[out->tier - 1],
		                       &out->skill);
	policy_notify(&notify, &out->notify);
	(void)policy_milestone_ref(&milestone, &out->milestones);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		const struct policy_node flag = policy_member(node, flags[i].name);

		(void)policy_bool(&flag, flags[i].to);
	}
}

/* --- rules --- */

/* Timed conditions have a bit each on every ticket, so there are only so many. */
static uint8_t next_slot(const struct policy_node *node, enum rule_event event, unsigned *slots)
{
	if (!rule_event_is_timed(event))
		return 0;
	if (TIMER_RULES + *slots >= TIMER_MILESTONES) {
		(void)policy_wrong(node,
		                   "it is one condition by the clock too many; there is room "
		                   "for %d",
		                   TIMER_MILESTONES - TIMER_RULES);
		return 0;
	}
	return (uint8_t)(TIMER_RULES + (*slots)++); /* below TIMER_MILESTONES */
}

static void read_step(const struct policy_node *node, struct rule_step *step, unsigned *slots)
{
	static const char *const names[] = {"when", "then", NULL};
	const struct policy_node when = policy_member(node, "when");
	const struct policy_node then = policy_member(node, "then");
	bool by_hand = true;
	size_t count, before;

	if (!policy_object(node, names))
		return;
	count = policy_need(&when) ? policy_list(&when, ARRAY_LEN(step->when)) : 0;
	if (json_array_size(when.value) == 0 && json_is_array(when.value))
		(void)policy_wrong(&when, "it needs a condition");
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(&when, i);
		unsigned at = step->when_count;

		if (!read_when(&item, &step->when[at]))
			continue;
		by_hand = by_hand && step->when[at].event == WHEN_BY_HAND;
		step->slot[at] = next_slot(&item, step->when[at].event, slots);
		step->when_count++;
	}
	before = node->read->mistakes->mistakes;
	read_then(&then, &step->then);
	/* cppcheck-suppress knownConditionTrueFalse ; read_then() may have found some */
	if (before == node->read->mistakes->mistakes && does_nothing(&step->then) && !by_hand)
		(void)policy_wrong(&then, "it does nothing");
}

static bool rule_known(const struct policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->rules_count; i++) {
		if (strcmp(policy->rules[i].id, id) == 0)
			return true;
	}
	return false;
}

static void read_rule(const struct policy_node *node, struct rule *rule, unsigned *slots)
{
	static const char *const names[] = {"id", "title", "criterion", "steps", NULL};
	const struct policy_node id = policy_member(node, "id");
	const struct policy_node title = policy_member(node, "title");
	const struct policy_node criterion = policy_member(node, "criterion");
	const struct policy_node steps = policy_member(node, "steps");
	const char *text = "";
	size_t count;

	rule->title = rule->criterion = "";
	if (!policy_object(node, names))
		return;
	if (policy_need(&id) && policy_text(&id, RULE_ID_SIZE - 1, &text) &&
	    rule_known(node->read->policy, text))
		(void)policy_wrong(&id, "there are two rules \"%s\"", text);
	(void)span_copy(rule->id, sizeof(rule->id), span_of(text));
	if (policy_need(&title))
		(void)policy_text(&title, 120, &rule->title);
	if (policy_need(&criterion))
		(void)policy_text(&criterion, TEXT_MAX, &rule->criterion);
	count = policy_list(&steps, RULE_STEPS_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(&steps, i);

		read_step(&item, &rule->steps[rule->steps_count++], slots);
	}
}

static void read_incident(const struct policy_node *node)
{
	static const char *const names[] = {"facts", "facts_data", NULL};
	const struct policy_node facts = policy_member(node, "facts");
	const struct policy_node data = policy_member(node, "facts_data");
	struct policy *policy = node->read->policy;

	policy->incident_facts = policy->incident_facts_data = "";
	if (!policy_need(node) || !policy_object(node, names))
		return;
	if (policy_need(&facts))
		(void)policy_prose(&facts, TEXT_MAX, &policy->incident_facts);
	if (policy_need(&data))
		(void)policy_prose(&data, TEXT_MAX, &policy->incident_facts_data);
}

void policy_rules_read(const struct policy_node *root)
{
	const struct policy_node node = policy_member(root, "rules");
	const struct policy_node incident = policy_member(root, "incident");
	struct policy *policy = root->read->policy;
	size_t count = policy_need(&node) ? policy_list(&node, RULES_MAX) : 0;
	struct rule *rules = policy_alloc(&node, count + 1, sizeof(*rules));
	unsigned slots = 0;

	policy->rules = rules;
	for (size_t i = 0; i < count; i++) {
		const struct policy_node item = policy_element(&node, i);

		read_rule(&item, &rules[i], &slots);
		policy->rules_count++;
	}
	read_incident(&incident);
}
