/* SPDX-License-Identifier: MIT */
#include "core/escalation.h"

#include <string.h>

static bool lists(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(texts[i], text) == 0)
			return true;
	return false;
}

bool escalation_applies(const struct rule_when *when, const struct ticket *ticket)
{
	if (when->priorities != 0 && (when->priorities >> ticket->priority & 1U) == 0)
		return false;
	if (when->tiers != 0 && (when->tiers >> ticket->tier & 1U) == 0)
		return false;
	return when->topics == NULL || lists(when->topics, when->topics_count, ticket->topic);
}

static bool answers(const struct rule_when *when, const struct ticket *ticket,
                    const struct happening *happening)
{
	if (when->event != happening->event || !escalation_applies(when, ticket))
		return false;
	if (when->count > 0 && happening->count != when->count)
		return false;
	return (when->event != WHEN_TRIGGER && when->event != WHEN_ASKED) ||
	       when->triggers == NULL ||
	       (happening->trigger != NULL &&
	        lists(when->triggers, when->triggers_count, happening->trigger));
}

static const struct rule_when *answering(const struct rule_step *step, const struct ticket *ticket,
                                         const struct happening *happening)
{
	for (unsigned i = 0; i < step->when_count; i++)
		if (answers(&step->when[i], ticket, happening))
			return &step->when[i];
	return NULL;
}

size_t escalation_match(const struct policy *policy, const struct ticket *ticket,
                        const struct happening *happening, struct escalation out[RULES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < policy->rules_count && count < RULES_MAX; i++) {
		const struct rule *rule = &policy->rules[i];
		struct escalation found = {.rule = rule};

		for (unsigned j = 0; j < rule->steps_count && found.when == NULL; j++) {
			found.step = &rule->steps[j];
			found.when = answering(found.step, ticket, happening);
		}
		if (found.when != NULL)
			out[count++] = found;
	}
	return count;
}

static bool find_in_rule(const struct rule *rule, uint8_t slot, enum rule_event event,
                         struct escalation *out)
{
	for (unsigned i = 0; i < rule->steps_count; i++) {
		const struct rule_step *step = &rule->steps[i];

		for (unsigned j = 0; j < step->when_count; j++) {
			if (slot != 0 ? step->slot[j] != slot : step->when[j].event != event)
				continue;
			*out = (struct escalation){
				.rule = rule, .step = step, .when = &step->when[j]};
			return true;
		}
	}
	return false;
}

bool escalation_of_slot(const struct policy *policy, uint8_t slot, struct escalation *out)
{
	for (size_t i = 0; slot != 0 && i < policy->rules_count; i++)
		if (find_in_rule(&policy->rules[i], slot, WHEN_BY_HAND, out))
			return true;
	return false;
}

bool escalation_find(const struct policy *policy, enum rule_event event, struct escalation *out)
{
	for (size_t i = 0; i < policy->rules_count; i++)
		if (find_in_rule(&policy->rules[i], 0, event, out))
			return true;
	return false;
}

static bool rule_pages(const struct rule *rule, bool emergency)
{
	for (unsigned i = 0; i < rule->steps_count; i++) {
		const struct rule_then *then = &rule->steps[i].then;

		if (emergency ? then->immediate : then->page && !then->immediate)
			return true;
	}
	return false;
}

const struct contact *escalation_contact(const struct policy *policy, const struct ticket *ticket,
                                         int tier, wall_ms now, unsigned attempt)
{
	const struct topic *topic = policy_topic(policy, span_of(ticket->topic));
	const char *skill = topic != NULL && topic->tier == tier ? topic->skill : NULL;

	return policy_contact(policy, tier, skill, now, attempt);
}

const char *escalation_paging(const struct policy *policy, bool emergency)
{
	for (size_t i = 0; i < policy->rules_count; i++) {
		if (rule_pages(&policy->rules[i], emergency))
			return policy->rules[i].id;
	}
	return "";
}

const char *escalation_why(const struct escalation *escalation, const char *evidence,
                           struct arena *arena)
{
	const struct rule *rule = escalation->rule;
	const char *said = rule->title != NULL ? rule->title : rule->criterion;

	if (said == NULL)
		said = rule_event_name(escalation->when->event);
	if (evidence == NULL || evidence[0] == '\0')
		return arena_join(arena, rule->id, ": ", said, NULL);
	return arena_join(arena, rule->id, ": ", said, " (", evidence, ")", NULL);
}
