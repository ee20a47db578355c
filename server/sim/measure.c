/* SPDX-License-Identifier: MIT */
/* One figure over the tickets that a claim speaks of. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "core/timer.h"
#include "sim/report.h"
#include "sim/rng.h"

/* What is counted while the tickets go by. */
struct count {
	int64_t part, all; /* of shares; of counts: part */
	int64_t most;      /* of the longest; -1: none */
	int64_t *times;    /* of percentiles */
	size_t times_count;
};

typedef void measure_fact(struct count *count, const struct fact *fact);

static void tickets(struct count *count, const struct fact *fact)
{
	(void)fact;
	count->part++;
}

static void promise(struct count *count, const struct kept *kept)
{
	count->part += kept->state == PROMISE_MET ? 1 : 0;
	count->all += kept->state == PROMISE_MET || kept->state == PROMISE_MISSED ? 1 : 0;
}

static void first_met(struct count *count, const struct fact *fact)
{
	promise(count, &fact->first);
}

static void resolution_met(struct count *count, const struct fact *fact)
{
	promise(count, &fact->resolution);
}

static void first_time(struct count *count, const struct fact *fact)
{
	if (fact->first.took_ms >= 0)
		count->times[count->times_count++] = fact->first.took_ms;
}

static void resolution_time(struct count *count, const struct fact *fact)
{
	if (fact->resolution.took_ms >= 0)
		count->times[count->times_count++] = fact->resolution.took_ms;
}

static void breaches(struct count *count, const struct fact *fact)
{
	count->part += (int64_t)(fact->ticket.clocks.fired >> TIMER_FIRST_BREACH & 1U);
	count->part += (int64_t)(fact->ticket.clocks.fired >> TIMER_RESOLUTION_BREACH & 1U);
	for (unsigned i = TIMER_MILESTONES + 1; i < TIMER_SLOTS; i += 2)
		count->part += (int64_t)(fact->ticket.clocks.fired >> i & 1U);
}

static void milestones(struct count *count, const struct fact *fact)
{
	for (unsigned i = 0; i < MILESTONES_MAX; i++)
		count->part += fact->milestones[i].target_ms > 0 ? 1 : 0;
}

static void milestones_met(struct count *count, const struct fact *fact)
{
	for (unsigned i = 0; i < MILESTONES_MAX; i++)
		promise(count, &fact->milestones[i]);
}

static void escalations(struct count *count, const struct fact *fact)
{
	count->part += (int64_t)fact->handovers_count;
}

static void accepted(struct count *count, const struct fact *fact)
{
	for (size_t i = 0; i < fact->handovers_count; i++) {
		count->all += fact->handovers[i].timed ? 1 : 0;
		count->part += fact->handovers[i].timed && fact->handovers[i].in_time ? 1 : 0;
	}
}

static void right_tier(struct count *count, const struct fact *fact)
{
	if (fact->needed_tier <= TIER_MIN)
		return;
	count->all++;
	count->part += fact->solved_tier >= fact->needed_tier ? 1 : 0;
}

static void immediate(struct count *count, const struct fact *fact)
{
	count->part += fact->ticket.escalation.immediate ? 1 : 0;
}

static void pages(struct count *count, const struct fact *fact)
{
	count->part += fact->ticket.escalation.pages;
}

static void acknowledged(struct count *count, const struct fact *fact)
{
	count->all += fact->ticket.escalation.immediate ? 1 : 0;
	count->part += fact->ticket.escalation.immediate && fact->acknowledged_ms >= 0 ? 1 : 0;
}

static void acknowledged_max(struct count *count, const struct fact *fact)
{
	if (fact->acknowledged_ms > count->most)
		count->most = fact->acknowledged_ms;
}

static void unowned_max(struct count *count, const struct fact *fact)
{
	if (fact->unowned_ms > count->most)
		count->most = fact->unowned_ms;
}

static void unowned_left(struct count *count, const struct fact *fact)
{
	count->part += ticket_is_live(&fact->ticket) && fact->ticket.agent.v == 0 ? 1 : 0;
}

static void open_left(struct count *count, const struct fact *fact)
{
	count->part += ticket_is_live(&fact->ticket) ? 1 : 0;
}

static void requeued(struct count *count, const struct fact *fact)
{
	count->part += fact->requeued;
}

static void reopened(struct count *count, const struct fact *fact)
{
	count->part += fact->ticket.escalation.reopened;
}

static void kept(struct count *count, const struct fact *fact)
{
	count->part += fact->kept ? 1 : 0;
}

enum result { RESULT_COUNT, RESULT_SHARE, RESULT_MOST, RESULT_P90 };

static const struct {
	measure_fact *add;
	enum result result;
} rules[] = {
	[MEASURE_TICKETS] = {tickets, RESULT_COUNT},
	[MEASURE_FIRST_MET] = {first_met, RESULT_SHARE},
	[MEASURE_RESOLUTION_MET] = {resolution_met, RESULT_SHARE},
	[MEASURE_FIRST_P90] = {first_time, RESULT_P90},
	[MEASURE_RESOLUTION_P90] = {resolution_time, RESULT_P90},
	[MEASURE_BREACHES] = {breaches, RESULT_COUNT},
	[MEASURE_MILESTONES] = {milestones, RESULT_COUNT},
	[MEASURE_MILESTONES_MET] = {milestones_met, RESULT_SHARE},
	[MEASURE_ESCALATIONS] = {escalations, RESULT_COUNT},
	[MEASURE_ACCEPTED] = {accepted, RESULT_SHARE},
	[MEASURE_RIGHT_TIER] = {right_tier, RESULT_SHARE},
	[MEASURE_IMMEDIATE] = {immediate, RESULT_COUNT},
	[MEASURE_PAGES] = {pages, RESULT_COUNT},
	[MEASURE_ACKNOWLEDGED] = {acknowledged, RESULT_SHARE},
	[MEASURE_ACKNOWLEDGED_MAX] = {acknowledged_max, RESULT_MOST},
	[MEASURE_UNOWNED_MAX] = {unowned_max, RESULT_MOST},
	[MEASURE_UNOWNED_LEFT] = {unowned_left, RESULT_COUNT},
	[MEASURE_OPEN_LEFT] = {open_left, RESULT_COUNT},
	[MEASURE_REQUEUED] = {requeued, RESULT_COUNT},
	[MEASURE_REOPENED] = {reopened, RESULT_COUNT},
	[MEASURE_KEPT] = {kept, RESULT_COUNT},
	[MEASURE_LOST] = {NULL, RESULT_COUNT},
};

static bool is_meant(const struct claim *claim, const struct fact *fact)
{
	if (claim->of_channel && fact->ticket.channel != claim->channel)
		return false;
	if (claim->of_priority && fact->ticket.priority != claim->priority)
		return false;
	return claim->agent == NULL || strcmp(fact->first_agent, claim->agent) == 0;
}

static int by_size(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right ? 1 : 0;
}

static bool result_of(struct count *count, enum result result, int64_t *out)
{
	switch (result) {
	case RESULT_COUNT:
		*out = count->part;
		return true;
	case RESULT_SHARE:
		*out = count->all > 0 ? count->part * MILLION / count->all : 0;
		return count->all > 0;
	case RESULT_MOST:
		*out = count->most;
		return count->most >= 0;
	case RESULT_P90:
		if (count->times_count == 0)
			return false;
		qsort(count->times, count->times_count, sizeof(*count->times), by_size);
		*out = count->times[(count->times_count * 90 + 99) / 100 - 1];
		return true;
	}
	MUST(0);
}

bool measure_take(const struct report *report, const struct claim *claim, int64_t *out)
{
	const struct outcome *outcome = report->outcome;
	struct count count = {.most = -1};
	bool known;

	if (claim->measure == MEASURE_LOST) {
		*out = outcome->lost;
		return true;
	}
	count.times = xmalloc((outcome->facts_count + 1) * sizeof(*count.times));
	for (size_t i = 0; i < outcome->facts_count; i++) {
		if (is_meant(claim, &outcome->facts[i]))
			rules[claim->measure].add(&count, &outcome->facts[i]);
	}
	known = result_of(&count, rules[claim->measure].result, out);
	free(count.times);
	return known;
}
