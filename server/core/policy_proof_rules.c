/* SPDX-License-Identifier: MIT */
/* Every tier can be reached, every way leads up, and no rule hides another. */
#include <stdio.h>
#include <string.h>

#include "core/policy_proof_part.h"

#define PATH_SIZE 96

/* A condition of a rule, and where it stands. */
struct condition {
	const struct rule *rule;
	const struct rule_step *step;
	const struct rule_when *when;
	size_t rule_at;
	unsigned step_at, when_at;
};

typedef void condition_visit(const struct proof *proof, const struct condition *at, void *ctx);

static void each_of_step(const struct proof *proof, struct condition *at, condition_visit *visit,
                         void *ctx)
{
	for (at->when_at = 0; at->when_at < at->step->when_count; at->when_at++) {
		at->when = &at->step->when[at->when_at];
		visit(proof, at, ctx);
	}
}

static void each_condition(const struct proof *proof, condition_visit *visit, void *ctx)
{
	struct condition at = {0};

	for (at.rule_at = 0; at.rule_at < proof->policy->rules_count; at.rule_at++) {
		at.rule = &proof->policy->rules[at.rule_at];
		for (at.step_at = 0; at.step_at < at.rule->steps_count; at.step_at++) {
			at.step = &at.rule->steps[at.step_at];
			each_of_step(proof, &at, visit, ctx);
		}
	}
}

static void step_path(const struct condition *at, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "$.rules[%zu].steps[%u]", at->rule_at, at->step_at);
}

static void when_path(const struct condition *at, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "$.rules[%zu].steps[%u].when[%u]", at->rule_at, at->step_at,
	               at->when_at);
}

/* --- ways between the tiers --- */

struct ways {
	bool into[TIER_MAX];   /* [tier - 1]: a rule leads there */
	bool onward[TIER_MAX]; /* a rule leads up from there */
	bool immediate;
};

static bool speaks_of(const struct rule_when *when, int tier)
{
	return when->tiers == 0 || (when->tiers >> tier & 1U) != 0;
}

static void note_way(const struct proof *proof, const struct condition *at, void *ctx)
{
	struct ways *ways = ctx;
	int to = at->step->then.tier;
	bool up = false;
	char path[PATH_SIZE];

	ways->immediate = ways->immediate || at->step->then.immediate;
	if (to == 0)
		return;
	for (int tier = TIER_MIN; tier < to; tier++) {
		if (speaks_of(at->when, tier))
			ways->onward[tier - 1] = up = true;
	}
	if (up)
		ways->into[to - 1] = true;
	step_path(at, path);
	if (!up && (at->when->tiers != 0 || to == TIER_MIN))
		proof_mistake(proof, path,
		              "%s leads to tier %d from where the ticket is there or higher; rules "
		              "only ever lead up",
		              at->rule->id, to);
}

static void prove_ways(const struct proof *proof)
{
	const struct policy *policy = proof->policy;
	struct ways ways = {.into = {true}};
	char path[PATH_SIZE];

	each_condition(proof, note_way, &ways);
	if (!proof_sound(proof, "$.rules"))
		return;
	for (size_t i = 0; i < policy->topics_count && !policy->front_door; i++)
		ways.into[policy->topics[i].tier - 1] = true;
	for (size_t i = 0; i < TIER_MAX; i++) {
		(void)snprintf(path, sizeof(path), "$.tiers[%zu]", i);
		if (!ways.into[i])
			proof_mistake(proof, path, "no rule leads to %s", policy->tiers[i].name);
		if (i + 1 < TIER_MAX && !ways.onward[i])
			proof_mistake(proof, path,
			              "no rule leads up from %s: a ticket can end there "
			              "unanswered",
			              policy->tiers[i].name);
	}
	if (!ways.immediate)
		proof_mistake(proof, "$.rules", "no rule takes an emergency up at once");
}

/* --- who is paged --- */

static bool is_reachable(const struct contact *contact)
{
	return contact != NULL && (contact->email != NULL || contact->phone != NULL);
}

static void prove_page(const struct proof *proof, const struct condition *at, void *ctx)
{
	const struct rule_then *then = &at->step->then;
	char path[PATH_SIZE];
	int tier = then->tier > 0 ? then->tier : then->immediate ? TIER_MAX : 0;

	(void)ctx;
	if (at->when_at > 0 || tier == 0 || (!then->page && !then->immediate))
		return;
	step_path(at, path);
	if (!is_reachable(policy_contact(proof->policy, tier, then->skill, proof->now, 0)))
		proof_mistake(proof, path, "%s pages tier %d, where nobody can be reached",
		              at->rule->id, tier);
}

/* --- rules in the shadow of others --- */

static bool mask_covers(unsigned wide, unsigned narrow)
{
	return wide == 0 || (narrow != 0 && (narrow & ~wide) == 0);
}

static bool lists(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(texts[i], text) == 0)
			return true;
	}
	return false;
}

static bool list_covers(const char *const *wide, size_t wide_count, const char *const *narrow,
                        size_t narrow_count)
{
	if (wide == NULL)
		return true;
	for (size_t i = 0; i < narrow_count; i++) {
		if (!lists(wide, wide_count, narrow[i]))
			return false;
	}
	return narrow != NULL;
}

/* Whenever `narrow` comes true, `wide` has come true at the same moment. */
static bool when_covers(const struct rule_when *wide, const struct rule_when *narrow)
{
	return wide->event == narrow->event && wide->after.ms == narrow->after.ms &&
	       wide->after.business == narrow->after.business && wide->percent == narrow->percent &&
	       wide->milestone == narrow->milestone && wide->count == narrow->count &&
	       wide->people == narrow->people &&
	       mask_covers(wide->priorities, narrow->priorities) &&
	       mask_covers(wide->tiers, narrow->tiers) &&
	       list_covers(wide->topics, wide->topics_count, narrow->topics,
	                   narrow->topics_count) &&
	       list_covers(wide->triggers, wide->triggers_count, narrow->triggers,
	                   narrow->triggers_count);
}

static bool then_covers(const struct rule_then *more, const struct rule_then *less)
{
	return (!less->raises || (more->raises && more->priority >= less->priority)) &&
	       more->tier >= less->tier &&
	       (less->skill == NULL ||
	        (more->skill != NULL && strcmp(more->skill, less->skill) == 0)) &&
	       more->immediate >= less->immediate && more->page >= less->page &&
	       more->requeue >= less->requeue && more->choose >= less->choose &&
	       more->approval >= less->approval && (less->milestones & ~more->milestones) == 0 &&
	       (less->notify == NOTIFY_NOBODY || more->notify == less->notify);
}

static bool is_before(const struct condition *a, const struct condition *b)
{
	if (a->rule_at != b->rule_at)
		return a->rule_at < b->rule_at;
	if (a->step_at != b->step_at)
		return a->step_at < b->step_at;
	return a->when_at < b->when_at;
}

static void compare(const struct proof *proof, const struct condition *earlier, void *ctx)
{
	const struct condition *later = ctx;
	char path[PATH_SIZE];

	if (!is_before(earlier, later) || !when_covers(earlier->when, later->when))
		return;
	when_path(later, path);
	/* Of a rule the first step that answers is the only one; clocks run each for itself. */
	if (earlier->rule == later->rule && !rule_event_is_timed(later->when->event))
		proof_mistake(proof, path, "it is never reached: step %u of %s comes first",
		              earlier->step_at + 1, earlier->rule->id);
	else if (then_covers(&earlier->step->then, &later->step->then))
		proof_mistake(proof, path, "it does nothing that %s has not done by then",
		              earlier->rule->id);
}

static void prove_shadow(const struct proof *proof, const struct condition *at, void *ctx)
{
	struct condition later = *at;

	(void)ctx;
	each_condition(proof, compare, &later);
}

void proof_rules(const struct proof *proof)
{
	prove_ways(proof);
	if (proof_sound(proof, "$.tiers"))
		each_condition(proof, prove_page, NULL);
	if (proof_sound(proof, "$.rules"))
		each_condition(proof, prove_shadow, NULL);
}
