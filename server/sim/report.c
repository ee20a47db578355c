/* SPDX-License-Identifier: MIT */
/* The figures, from the facts. */
#include "sim/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "sim/rng.h"

static int by_size(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right ? 1 : 0;
}

static void series_add(struct series *series, const struct kept *kept)
{
	size_t *const states[] = {[PROMISE_NONE] = &series->none,
	                          [PROMISE_OPEN] = &series->open,
	                          [PROMISE_MET] = &series->met,
	                          [PROMISE_MISSED] = &series->missed};

	++*states[kept->state];
	series->business = kept->business;
	series->own += kept->target_ms > 0 && kept->target_ms != series->target_ms ? 1 : 0;
	if (kept->took_ms >= 0)
		series->took[series->count++] = kept->took_ms;
}

int64_t series_percentile(const struct series *series, int percent)
{
	size_t rank = (series->count * (size_t)percent + 99) / 100;

	return series->count > 0 ? series->took[rank - 1] : -1;
}

int64_t series_share(const struct series *series)
{
	size_t judged = series->met + series->missed;

	return judged > 0 ? (int64_t)(series->met * MILLION / judged) : -1;
}

static bool belongs(const struct group *group, const struct ticket *ticket)
{
	return (!group->of_channel || group->channel == ticket->channel) &&
	       (!group->of_priority || group->priority == ticket->priority);
}

static void add_group(struct report *report, const struct group *kind)
{
	struct group *group = &report->groups[report->groups_count];
	const struct outcome *outcome = report->outcome;
	size_t size = (outcome->facts_count + 1) * sizeof(int64_t);

	*group = *kind;
	for (size_t i = 0; i < outcome->facts_count; i++)
		group->tickets += belongs(kind, &outcome->facts[i].ticket) ? 1 : 0;
	if (group->tickets == 0 && kind->of_channel)
		return;
	report->groups_count++;
	group->first.took = arena_alloc(&report->arena, size);
	group->resolution.took = arena_alloc(&report->arena, size);
	if (kind->of_channel) {
		const struct promise *promise =
			&report->policy->promises[kind->channel][kind->priority];

		group->first.target_ms = promise->first_response.ms;
		group->resolution.target_ms = promise->resolution.ms;
	}
	for (size_t i = 0; i < outcome->facts_count; i++) {
		const struct fact *fact = &outcome->facts[i];

		if (!belongs(kind, &fact->ticket))
			continue;
		series_add(&group->first, &fact->first);
		series_add(&group->resolution, &fact->resolution);
	}
	qsort(group->first.took, group->first.count, sizeof(int64_t), by_size);
	qsort(group->resolution.took, group->resolution.count, sizeof(int64_t), by_size);
}

static void judge(struct report *report)
{
	const struct scenario *scenario = report->scenario;

	report->holds = true;
	report->verdicts = arena_alloc(&report->arena,
	                               (scenario->claims_count + 1) * sizeof(*report->verdicts));
	for (size_t i = 0; i < scenario->claims_count; i++) {
		struct verdict *verdict = &report->verdicts[report->verdicts_count++];
		const struct claim *claim = &scenario->claims[i];

		verdict->claim = claim;
		verdict->known = measure_take(report, claim, &verdict->value);
		verdict->holds = verdict->known &&
		                 (!claim->has_least || verdict->value >= claim->least) &&
		                 (!claim->has_most || verdict->value <= claim->most);
		report->holds = report->holds && verdict->holds;
	}
}

void report_make(struct report *report, const struct scenario *scenario,
                 const struct policy *policy, const struct outcome *outcome)
{
	*report = (struct report){.scenario = scenario, .policy = policy, .outcome = outcome};
	report->groups = arena_alloc(&report->arena,
	                             ((size_t)CHANNELS * PRIORITIES + 1) * sizeof(*report->groups));
	add_group(report, &(struct group){0});
	for (int channel = 0; channel < CHANNELS; channel++) {
		for (int priority = PRIORITIES - 1; priority >= 0; priority--)
			add_group(report, &(struct group){.of_channel = true,
			                                  .of_priority = true,
			                                  .channel = (enum channel)channel,
			                                  .priority = (enum priority)priority});
	}
	judge(report);
}

void report_fini(struct report *report)
{
	arena_fini(&report->arena);
}

/* --- lists --- */

static const struct rule *rule_of(const struct policy *policy, struct span id)
{
	for (size_t i = 0; i < policy->rules_count; i++) {
		if (span_is(id, policy->rules[i].id))
			return &policy->rules[i];
	}
	return NULL;
}

/* "X5 Nobody has answered", or the beginning of what an agent wrote. */
static void name_cause(const struct policy *policy, const struct handover *handover, char *name,
                       size_t size)
{
	struct span head = {.ptr = handover->why, .len = strcspn(handover->why, ":")};
	const struct rule *rule = rule_of(policy, head);

	if (rule != NULL)
		(void)snprintf(name, size, "%s %s", rule->id, rule->title);
	else
		(void)snprintf(name, size, "%s%.*s", handover->by_hand ? "by hand: " : "",
		               (int)(head.len < 64 ? head.len : 64), head.ptr);
}

static void add_cause(const struct policy *policy, struct cause *causes, size_t *count,
                      const struct handover *handover)
{
	char name[sizeof(causes->name)];
	size_t at = 0;

	name_cause(policy, handover, name, sizeof(name));
	while (at < *count && (strcmp(causes[at].name, name) != 0 ||
	                       causes[at].from != handover->from || causes[at].to != handover->to))
		at++;
	if (at == *count) {
		causes[at] = (struct cause){.from = handover->from, .to = handover->to};
		memcpy(causes[at].name, name, sizeof(name));
		++*count;
	}
	causes[at].count++;
	causes[at].timed += handover->timed ? 1 : 0;
	causes[at].in_time += handover->timed && handover->in_time ? 1 : 0;
}

static int by_cause(const void *a, const void *b)
{
	const struct cause *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return strcmp(left->name, right->name);
}

struct cause *report_causes(const struct report *report, struct arena *arena, size_t *count_out)
{
	const struct outcome *outcome = report->outcome;
	struct cause *causes;
	size_t all = 0, count = 0;

	for (size_t i = 0; i < outcome->facts_count; i++)
		all += outcome->facts[i].handovers_count;
	causes = arena_alloc(arena, (all + 1) * sizeof(*causes));
	for (size_t i = 0; i < outcome->facts_count; i++) {
		const struct fact *fact = &outcome->facts[i];

		for (size_t j = 0; j < fact->handovers_count; j++)
			add_cause(report->policy, causes, &count, &fact->handovers[j]);
	}
	qsort(causes, count, sizeof(*causes), by_cause);
	*count_out = count;
	return causes;
}

static int by_tally(const void *a, const void *b)
{
	const struct tally *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return strcmp(left->name, right->name);
}

struct tally *report_topics(const struct report *report, struct arena *arena, size_t *count_out)
{
	const struct outcome *outcome = report->outcome;
	struct tally *topics = arena_alloc(arena, (outcome->facts_count + 1) * sizeof(*topics));
	size_t count = 0;

	for (size_t i = 0; i < outcome->facts_count; i++) {
		const char *topic = outcome->facts[i].ticket.topic;
		size_t at = 0;

		while (at < count && strcmp(topics[at].name, topic) != 0)
			at++;
		if (at == count)
			topics[count++].name = topic;
		topics[at].count++;
	}
	qsort(topics, count, sizeof(*topics), by_tally);
	*count_out = count;
	return topics;
}
