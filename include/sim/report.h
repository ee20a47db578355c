/* SPDX-License-Identifier: MIT */
/* What a rehearsal shows: figures by channel and priority against their targets, what was claimed
 * and whether it holds; as a table for people and as JSON. */
#ifndef TB_SIM_REPORT_H
#define TB_SIM_REPORT_H

#include "base/buf.h"
#include "core/policy.h"
#include "sim/outcome.h"
#include "sim/scenario.h"

#define VERDICT_SHARE 950000 /* millionths: a target is met when so many tickets met it */

/* One target over some tickets. */
struct series {
	size_t met, missed, open, none;
	int64_t *took; /* sorted; only what came to it */
	size_t count;
	int64_t target_ms; /* of channel and priority; 0: none */
	size_t own;        /* tickets with another one, by their topic: they are judged by that */
	bool business;
};

struct group {
	bool of_channel, of_priority; /* false: all */
	enum channel channel;
	enum priority priority;
	size_t tickets;
	struct series first, resolution;
};

struct verdict {
	const struct claim *claim;
	bool known; /* there was something to measure */
	int64_t value;
	bool holds; /* false when nothing is known */
};

struct report {
	struct arena arena;
	const struct scenario *scenario;
	const struct policy *policy;
	const struct outcome *outcome;
	uint64_t seed;
	struct group *groups; /* all; then by channel and priority, where there are any */
	size_t groups_count;
	struct verdict *verdicts;
	size_t verdicts_count;
	bool holds; /* every claim */
};

void report_make(struct report *report, const struct scenario *scenario,
                 const struct policy *policy, const struct outcome *outcome);
void report_fini(struct report *report);

int64_t series_percentile(const struct series *series, int percent); /* -1: nothing came to it */
/* Met of met and missed, in millionths; -1: neither. */
int64_t series_share(const struct series *series);

/* false: there is nothing to measure. `claim` says of which tickets. */
bool measure_take(const struct report *report, const struct claim *claim, int64_t *out);

void report_text(const struct report *report, struct buf *out);
void report_json(const struct report *report, struct buf *out);

/* The part of the reason of an escalation that is alike: "X7", "by hand: needs Tier 2". */
struct cause {
	char name[96];
	int from, to;
	size_t count, timed, in_time;
};
struct cause *report_causes(const struct report *report, struct arena *arena, size_t *count_out);

struct tally {
	const char *name;
	size_t count;
};
/* Tickets by topic, the most frequent first. */
struct tally *report_topics(const struct report *report, struct arena *arena, size_t *count_out);

#endif
