/* SPDX-License-Identifier: MIT */
/* Every milestone is promised of some ticket, and comes before the end of it. */
#include <stdio.h>
#include <string.h>

#include "core/policy_proof_part.h"

#define PATH_SIZE 64

/* --- it is promised --- */

static bool starts(const struct rule *rule, size_t at)
{
	for (unsigned i = 0; i < rule->steps_count; i++) {
		if ((rule->steps[i].then.milestones >> at & 1U) != 0)
			return true;
	}
	return false;
}

static void prove_promised(const struct proof *proof, size_t at)
{
	const struct policy *policy = proof->policy;
	bool asked = policy->milestones[at].stands;
	char path[PATH_SIZE];

	if (!proof_sound(proof, "$.rules"))
		return;
	for (size_t i = 0; i < policy->rules_count && !asked; i++)
		asked = starts(&policy->rules[i], at);
	(void)snprintf(path, sizeof(path), "$.milestones[%zu]", at);
	if (!asked)
		proof_mistake(proof, path,
		              "no ticket is promised it: give it `priorities` or `topics`, or a "
		              "rule whose step has \"milestone\": \"%s\"",
		              policy->milestones[at].id);
}

/* --- it comes in time --- */

/* One of the priorities has a shorter time to be resolved, on the same clock. */
static const struct duration *sooner(const struct policy *policy, const struct milestone *milestone,
                                     int channel)
{
	unsigned any = milestone->priorities == 0 && milestone->stands ? ~0U : 0;

	for (int i = 0; i < PRIORITIES; i++) {
		const struct duration *end = &policy->promises[channel][i].resolution;

		if (((milestone->priorities | any) >> i & 1U) != 0 && end->ms > 0 &&
		    end->business == milestone->within.business && end->ms <= milestone->within.ms)
			return end;
	}
	return NULL;
}

static void prove_within(const struct proof *proof, size_t at)
{
	const struct policy *policy = proof->policy;
	const struct milestone *milestone = &policy->milestones[at];
	const struct promise promise = {.around_the_clock = milestone->around_the_clock};
	char path[PATH_SIZE], text[2][DURATION_TEXT_SIZE];

	(void)snprintf(path, sizeof(path), "$.milestones[%zu].within", at);
	for (int i = 0; i < CHANNELS; i++) {
		const struct duration *end = sooner(policy, milestone, i);

		if (!policy->channels[i].offered)
			continue;
		if (proof_clock(proof, policy->channels[i].hours, &promise, &milestone->within,
		                path))
			return;
		if (milestone->always || end == NULL)
			continue;
		proof_mistake(proof, path, "%s is no sooner than the resolution (%s, %s)",
		              duration_text(&milestone->within, text[0]),
		              channel_name((enum channel)i), duration_text(end, text[1]));
		return;
	}
}

void proof_milestones(const struct proof *proof)
{
	for (size_t i = 0; i < proof->policy->milestones_count; i++) {
		prove_promised(proof, i);
		prove_within(proof, i);
	}
}
