/* SPDX-License-Identifier: MIT */
/* The report as tables for people. Times are hours, minutes and seconds on the clock of the
 * target: a "b" behind it says that it is the one of the opening hours. */
#include <inttypes.h>
#include <stdio.h>

#include "base/must.h"
#include "sim/report.h"
#include "sim/rng.h"

#define TIME_SIZE 32

static const char *time_text(int64_t ms, bool business, char out[TIME_SIZE])
{
	int64_t s = ms / SEC_MS;

	if (ms < 0)
		(void)snprintf(out, TIME_SIZE, "-");
	else
		(void)snprintf(out, TIME_SIZE, "%" PRId64 ":%02d:%02d%s", s / 3600,
		               (int)(s / 60 % 60), (int)(s % 60), business ? "b" : "");
	return out;
}

static const char *share_text(int64_t share, char out[TIME_SIZE])
{
	if (share < 0)
		(void)snprintf(out, TIME_SIZE, "-");
	else
		(void)snprintf(out, TIME_SIZE, "%" PRId64 ".%d %%", share / 10000,
		               (int)(share / 1000 % 10));
	return out;
}

static const char *verdict_of(const struct series *series)
{
	int64_t share = series_share(series);

	if (share < 0)
		return series->target_ms > 0 ? "open" : "-";
	return share >= VERDICT_SHARE ? "met" : "missed";
}

/* Some of the tickets have a time of their own. */
static bool has_own(const struct group *group, const struct series *series)
{
	return group->of_channel && series->own > 0;
}

static void series_row(struct buf *out, const char *name, const struct group *group,
                       const struct series *series)
{
	char p50[TIME_SIZE], p90[TIME_SIZE], p99[TIME_SIZE], target[TIME_SIZE], share[TIME_SIZE];
	bool business = series->business && group->of_channel;
	bool one = group->of_channel && series->target_ms > 0; /* all together have none */

	buf_fmt(out, "  %-18s %7zu %11s %11s %11s %11s%s %9s  %s\n", name, group->tickets,
	        time_text(series_percentile(series, 50), business, p50),
	        time_text(series_percentile(series, 90), business, p90),
	        time_text(series_percentile(series, 99), business, p99),
	        time_text(one ? series->target_ms : -1, business, target),
	        has_own(group, series) ? "*" : " ", share_text(series_share(series), share),
	        verdict_of(series));
}

static void series_table(struct buf *out, const struct report *report, bool resolution)
{
	bool own = false;

	buf_fmt(out, "\n%s\n  %-18s %7s %11s %11s %11s %11s  %9s  %s\n",
	        resolution ? "Resolution" : "First response", "", "tickets", "p50", "p90", "p99",
	        "target", "met", "verdict");
	for (size_t i = 0; i < report->groups_count; i++) {
		const struct group *group = &report->groups[i];
		char name[32] = "all";

		if (group->of_channel)
			(void)snprintf(name, sizeof(name), "%s %s", channel_name(group->channel),
			               priority_name(group->priority));
		series_row(out, name, group, resolution ? &group->resolution : &group->first);
		own = own || has_own(group, resolution ? &group->resolution : &group->first);
	}
	if (own)
		buf_text(out, "  * some of these have a time of their own by their topic, and are "
		              "judged by it\n");
}

static void topics(struct buf *out, const struct report *report)
{
	struct arena arena = {0};
	size_t count;
	const struct tally *list = report_topics(report, &arena, &count);

	buf_text(out, "\nTopics\n ");
	for (size_t i = 0; i < count; i++)
		buf_fmt(out, "%s %s %zu", i > 0 ? "," : "", list[i].name, list[i].count);
	buf_char(out, '\n');
	arena_fini(&arena);
}

static void escalations(struct buf *out, const struct report *report)
{
	struct arena arena = {0};
	size_t count;
	const struct cause *list = report_causes(report, &arena, &count);

	buf_text(out, "\nEscalations\n");
	for (size_t i = 0; i < count; i++)
		buf_fmt(out, "  Tier %d to %d  %5zu  %-40s taken in time: %zu of %zu\n",
		        list[i].from, list[i].to, list[i].count, list[i].name, list[i].in_time,
		        list[i].timed);
	if (count == 0)
		buf_text(out, "  none\n");
	arena_fini(&arena);
}

static int64_t figure(const struct report *report, enum measure measure)
{
	int64_t value = -1;

	return measure_take(report, &(struct claim){.measure = measure}, &value) ? value : -1;
}

static void desk(struct buf *out, const struct report *report)
{
	char longest[TIME_SIZE], slowest[TIME_SIZE], met[TIME_SIZE];

	buf_text(out, "\nThe desk\n");
	buf_fmt(out, "  targets missed %" PRId64 ", emergencies %" PRId64 ", pages %" PRId64 "\n",
	        figure(report, MEASURE_BREACHES), figure(report, MEASURE_IMMEDIATE),
	        figure(report, MEASURE_PAGES));
	if (figure(report, MEASURE_MILESTONES) > 0)
		buf_fmt(out, "  milestones %" PRId64 ", in time %s\n",
		        figure(report, MEASURE_MILESTONES),
		        share_text(figure(report, MEASURE_MILESTONES_MET), met));
	buf_fmt(out, "  slowest acknowledgement of a page %s, longest time with nobody %s\n",
	        time_text(figure(report, MEASURE_ACKNOWLEDGED_MAX), false, slowest),
	        time_text(figure(report, MEASURE_UNOWNED_MAX), true, longest));
	buf_fmt(out,
	        "  requeued %" PRId64 ", reopened %" PRId64 ", kept as a ticket %" PRId64
	        ", still open %" PRId64 ", of these with nobody %" PRId64 ", messages lost %" PRId64
	        "\n",
	        figure(report, MEASURE_REQUEUED), figure(report, MEASURE_REOPENED),
	        figure(report, MEASURE_KEPT), figure(report, MEASURE_OPEN_LEFT),
	        figure(report, MEASURE_UNOWNED_LEFT), figure(report, MEASURE_LOST));
	for (size_t i = 0; i < report->outcome->refusals_count; i++)
		buf_fmt(out, "  refused %u: %s\n", report->outcome->refusals[i].count,
		        report->outcome->refusals[i].sentence);
}

static void staff(struct buf *out, const struct report *report)
{
	buf_fmt(out, "\nAgents\n  %-24s %4s %7s %11s %11s %9s\n", "", "tier", "tickets", "on duty",
	        "at work", "busy");
	for (size_t i = 0; i < report->outcome->staff_count; i++) {
		const struct staff *one = &report->outcome->staff[i];
		int64_t share = one->duty_ms > 0 ? one->busy_ms * MILLION / one->duty_ms : -1;
		char duty[TIME_SIZE], busy[TIME_SIZE], part[TIME_SIZE];

		buf_fmt(out, "  %-24s %4d %7u %11s %11s %9s\n", one->name, one->tier, one->tickets,
		        time_text(one->duty_ms, false, duty), time_text(one->busy_ms, false, busy),
		        share_text(share, part));
	}
}

static const char *value_text(enum unit unit, int64_t value, char out[TIME_SIZE])
{
	switch (unit) {
	case UNIT_COUNT:
		(void)snprintf(out, TIME_SIZE, "%" PRId64, value);
		return out;
	case UNIT_SHARE:
		return share_text(value, out);
	case UNIT_TIME:
		return time_text(value, false, out);
	}
	MUST(0);
}

static void claim_name(const struct claim *claim, struct buf *out)
{
	buf_text(out, measure_name(claim->measure));
	if (claim->of_channel)
		buf_fmt(out, ", %s", channel_name(claim->channel));
	if (claim->of_priority)
		buf_fmt(out, ", %s", priority_name(claim->priority));
	if (claim->agent != NULL)
		buf_fmt(out, ", %s", claim->agent);
}

static void verdicts(struct buf *out, const struct report *report)
{
	buf_text(out, "\nExpected\n");
	for (size_t i = 0; i < report->verdicts_count; i++) {
		const struct verdict *verdict = &report->verdicts[i];
		const struct claim *claim = verdict->claim;
		enum unit unit = measure_unit(claim->measure);
		struct buf name = {0};
		char value[TIME_SIZE] = "nothing to measure", bound[TIME_SIZE];

		claim_name(claim, &name);
		if (verdict->known)
			(void)value_text(unit, verdict->value, value);
		buf_fmt(out, "  %-6s %-40s %12s", verdict->holds ? "holds" : "FAILS",
		        buf_cstr(&name), value);
		if (claim->has_least)
			buf_fmt(out, "  at least %s", value_text(unit, claim->least, bound));
		if (claim->has_most)
			buf_fmt(out, "  at most %s", value_text(unit, claim->most, bound));
		buf_char(out, '\n');
		buf_fini(&name);
	}
	if (report->verdicts_count == 0)
		buf_text(out, "  nothing\n");
}

void report_text(const struct report *report, struct buf *out)
{
	const struct scenario *scenario = report->scenario;
	struct civil from, to;

	civil_from_days(scenario->from_day, &from);
	civil_from_days(scenario->to_day, &to);
	buf_fmt(out, "%s\n", scenario->name);
	if (scenario->description[0] != '\0')
		buf_fmt(out, "%s\n", scenario->description);
	buf_fmt(out,
	        "%04d-%02d-%02d to %04d-%02d-%02d, seed %" PRIu64
	        ", policy %s, %zu tickets in %" PRIu64 " events\n",
	        from.year, from.month, from.day, to.year, to.month, to.day, report->seed,
	        report->policy->version, report->outcome->facts_count, report->outcome->events);
	series_table(out, report, false);
	series_table(out, report, true);
	topics(out, report);
	escalations(out, report);
	desk(out, report);
	staff(out, report);
	verdicts(out, report);
	buf_fmt(out, "\n%s\n",
	        report->holds ? "What was expected holds." : "What was expected does not hold.");
}
