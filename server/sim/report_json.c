/* SPDX-License-Identifier: MIT */
/* The report as JSON. Times are seconds, shares are from 0 to 1. */
#include <inttypes.h>

#include "base/must.h"
#include "sim/report.h"
#include "sim/rng.h"

static void seconds(struct buf *out, const char *name, int64_t ms)
{
	buf_fmt(out, "\"%s\":", name);
	if (ms < 0)
		buf_text(out, "null");
	else
		buf_i64(out, ms / SEC_MS);
}

static void share(struct buf *out, int64_t millionths)
{
	if (millionths < 0)
		buf_text(out, "null");
	else
		buf_fmt(out, "%" PRId64 ".%06d", millionths / MILLION, (int)(millionths % MILLION));
}

static void text(struct buf *out, const char *name, const char *value)
{
	buf_fmt(out, "\"%s\":", name);
	buf_json(out, span_of(value));
}

static void series(struct buf *out, const char *name, const struct series *series)
{
	int64_t met = series_share(series);

	buf_fmt(out,
	        "\"%s\":{\"met\":%zu,\"missed\":%zu,\"open\":%zu,\"none\":%zu,\"share\":", name,
	        series->met, series->missed, series->open, series->none);
	share(out, met);
	buf_char(out, ',');
	seconds(out, "p50_s", series_percentile(series, 50));
	buf_char(out, ',');
	seconds(out, "p90_s", series_percentile(series, 90));
	buf_char(out, ',');
	seconds(out, "p99_s", series_percentile(series, 99));
	buf_char(out, ',');
	seconds(out, "target_s", series->target_ms > 0 ? series->target_ms : -1);
	buf_fmt(out, ",\"own_targets\":%zu,\"clock\":\"%s\",\"verdict\":\"%s\"}",
	        series->target_ms > 0 ? series->own : 0, series->business ? "business" : "wall",
	        met < 0                ? "open"
	        : met >= VERDICT_SHARE ? "met"
	                               : "missed");
}

static void groups(struct buf *out, const struct report *report)
{
	buf_text(out, "\"groups\":[");
	for (size_t i = 0; i < report->groups_count; i++) {
		const struct group *group = &report->groups[i];

		buf_text(out, i > 0 ? ",{" : "{");
		text(out, "channel", group->of_channel ? channel_name(group->channel) : "all");
		buf_char(out, ',');
		text(out, "priority", group->of_priority ? priority_name(group->priority) : "all");
		buf_fmt(out, ",\"tickets\":%zu,", group->tickets);
		series(out, "first_response", &group->first);
		buf_char(out, ',');
		series(out, "resolution", &group->resolution);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void topics(struct buf *out, const struct report *report)
{
	struct arena arena = {0};
	size_t count;
	const struct tally *list = report_topics(report, &arena, &count);

	buf_text(out, "\"topics\":{");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_json(out, span_of(list[i].name));
		buf_fmt(out, ":%zu", list[i].count);
	}
	buf_char(out, '}');
	arena_fini(&arena);
}

static void escalations(struct buf *out, const struct report *report)
{
	struct arena arena = {0};
	size_t count;
	const struct cause *list = report_causes(report, &arena, &count);

	buf_text(out, "\"escalations\":[");
	for (size_t i = 0; i < count; i++) {
		buf_text(out, i > 0 ? ",{" : "{");
		text(out, "cause", list[i].name);
		buf_fmt(out, ",\"from\":%d,\"to\":%d,\"count\":%zu,\"timed\":%zu,\"in_time\":%zu}",
		        list[i].from, list[i].to, list[i].count, list[i].timed, list[i].in_time);
	}
	buf_char(out, ']');
	arena_fini(&arena);
}

static void value(struct buf *out, enum unit unit, bool known, int64_t number)
{
	if (!known)
		buf_text(out, "null");
	else if (unit == UNIT_SHARE)
		share(out, number);
	else
		buf_i64(out, unit == UNIT_TIME ? number / SEC_MS : number);
}

/* Every figure that can be claimed, over all tickets. */
static void figures(struct buf *out, const struct report *report)
{
	buf_text(out, "\"figures\":{");
	for (int i = 0; i <= MEASURE_LOST; i++) {
		enum measure measure = (enum measure)i;
		int64_t number = 0;
		bool known = measure_take(report, &(struct claim){.measure = measure}, &number);

		if (i > 0)
			buf_char(out, ',');
		buf_fmt(out, "\"%s%s\":", measure_name(measure),
		        measure_unit(measure) == UNIT_TIME ? "_s" : "");
		value(out, measure_unit(measure), known, number);
	}
	buf_char(out, '}');
}

static void staff(struct buf *out, const struct report *report)
{
	buf_text(out, "\"agents\":[");
	for (size_t i = 0; i < report->outcome->staff_count; i++) {
		const struct staff *one = &report->outcome->staff[i];

		buf_text(out, i > 0 ? ",{" : "{");
		text(out, "name", one->name);
		buf_fmt(out, ",\"tier\":%d,\"tickets\":%u,", one->tier, one->tickets);
		seconds(out, "duty_s", one->duty_ms);
		buf_char(out, ',');
		seconds(out, "busy_s", one->busy_ms);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void refusals(struct buf *out, const struct report *report)
{
	buf_text(out, "\"refused\":[");
	for (size_t i = 0; i < report->outcome->refusals_count; i++) {
		buf_text(out, i > 0 ? ",{" : "{");
		text(out, "why", report->outcome->refusals[i].sentence);
		buf_fmt(out, ",\"count\":%u}", report->outcome->refusals[i].count);
	}
	buf_char(out, ']');
}

static void verdicts(struct buf *out, const struct report *report)
{
	buf_text(out, "\"expected\":[");
	for (size_t i = 0; i < report->verdicts_count; i++) {
		const struct verdict *verdict = &report->verdicts[i];
		const struct claim *claim = verdict->claim;
		enum unit unit = measure_unit(claim->measure);

		buf_text(out, i > 0 ? ",{" : "{");
		text(out, "what", measure_name(claim->measure));
		if (claim->of_channel)
			buf_fmt(out, ",\"channel\":\"%s\"", channel_name(claim->channel));
		if (claim->of_priority)
			buf_fmt(out, ",\"priority\":\"%s\"", priority_name(claim->priority));
		if (claim->agent != NULL) {
			buf_char(out, ',');
			text(out, "agent", claim->agent);
		}
		buf_text(out, ",\"value\":");
		value(out, unit, verdict->known, verdict->value);
		buf_text(out, ",\"at_least\":");
		value(out, unit, claim->has_least, claim->least);
		buf_text(out, ",\"at_most\":");
		value(out, unit, claim->has_most, claim->most);
		buf_fmt(out, ",\"holds\":%s}", verdict->holds ? "true" : "false");
	}
	buf_char(out, ']');
}

void report_json(const struct report *report, struct buf *out)
{
	static void (*const parts[])(struct buf *, const struct report *) = {
		groups, topics, escalations, figures, staff, refusals, verdicts};

	buf_char(out, '{');
	text(out, "scenario", report->scenario->name);
	buf_fmt(out, ",\"seed\":%" PRIu64 ",", report->seed);
	text(out, "policy", report->policy->version);
	buf_fmt(out, ",\"tickets\":%zu,\"events\":%" PRIu64 ",", report->outcome->facts_count,
	        report->outcome->events);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		parts[i](out, report);
		buf_char(out, ',');
	}
	buf_fmt(out, "\"holds\":%s}\n", report->holds ? "true" : "false");
}
