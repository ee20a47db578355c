/* SPDX-License-Identifier: MIT */
/* The support guide as Markdown, section by section. A section that the policy has nothing for is
 * left out. */
#include "proto/guide.h"

#include <inttypes.h>
#include <string.h>

#include "base/must.h"
#include "proto/guide_words.h"

#define MONTHS_AHEAD 12

static int64_t today(const struct policy *policy, wall_ms now)
{
	const struct calendar *hours = guide_desk_hours(policy);
	struct civil there;

	zone_local(hours != NULL && hours->zone != NULL ? hours->zone : &zone_utc, now, &there);
	return civil_days(there.year, there.month, there.day);
}

static int64_t year_later(int64_t day)
{
	struct civil civil;

	civil_from_days(day, &civil);
	return civil_days(civil.year + 1, civil.month, civil.day);
}

static void put_head(struct buf *buf, const struct policy *policy, wall_ms now)
{
	buf_text(buf, "# ");
	guide_text(buf, policy->name);
	buf_text(buf, ": support guide\n\n");
	if (policy->about != NULL) {
		guide_prose(buf, policy->about);
		buf_char(buf, '\n');
	}
	buf_text(buf, "Version ");
	guide_text(buf, policy->version);
	buf_text(buf, " of the policy, as of ");
	guide_date(buf, today(policy, now));
	buf_text(buf, ". This guide is made from the policy that the desk runs by.\n\n");
}

/* --- channels and hours --- */

static void put_channel(struct buf *buf, const struct channel_policy *channel)
{
	buf_text(buf, "### ");
	guide_text(buf, channel->name);
	buf_text(buf, "\n\n");
	if (channel->scope != NULL) {
		guide_prose(buf, channel->scope);
		buf_char(buf, '\n');
	}
	buf_text(buf, "- Where: ");
	if (channel->address != NULL)
		guide_text(buf, channel->address);
	else
		buf_text(buf, "on the pages of the documentation");
	buf_text(buf, "\n- Takes requests: ");
	guide_hours(buf, channel->intake);
	buf_text(buf, "\n- Answered: ");
	guide_hours(buf, channel->hours);
	buf_text(buf, "\n\n");
}

static void put_channels(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, "## Where to ask\n\n");
	for (int i = 0; i < CHANNELS; i++) {
		if (policy->channels[i].offered)
			put_channel(buf, &policy->channels[i]);
	}
}

static void put_dates(struct buf *buf, const struct calendar *calendar, enum date_kind kind,
                      int64_t from, int64_t to)
{
	for (size_t i = 0; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->kind != kind || date->last_day < from || date->first_day > to)
			continue;
		buf_text(buf, "- ");
		guide_date(buf, date->first_day);
		if (date->last_day > date->first_day) {
			buf_text(buf, " to ");
			guide_date(buf, date->last_day);
		}
		if (date->name != NULL) {
			buf_text(buf, ": ");
			guide_text(buf, date->name);
		}
		if (kind == DATE_SPECIAL) {
			buf_text(buf, " (");
			guide_day_hours(buf, &date->hours);
			buf_text(buf, ")");
		}
		buf_char(buf, '\n');
	}
}

static bool has_dates(const struct calendar *calendar, enum date_kind kind, int64_t from,
                      int64_t to)
{
	for (size_t i = 0; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		if (date->kind == kind && date->last_day >= from && date->first_day <= to)
			return true;
	}
	return false;
}

static void put_calendar_dates(struct buf *buf, const struct calendar *calendar, int64_t from)
{
	static const struct {
		enum date_kind kind;
		const char *heading;
	} kinds[] = {
		{DATE_HOLIDAY, "Closed on these holidays of the coming twelve months:"},
		{DATE_CLOSED, "Closed besides:"},
		{DATE_SPECIAL, "Other hours than usual:"},
		{DATE_FREEZE, "Open with limited support:"},
	};
	int64_t to = year_later(from);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!has_dates(calendar, kinds[i].kind, from, to))
			continue;
		buf_fmt(buf, "%s\n\n", kinds[i].heading);
		put_dates(buf, calendar, kinds[i].kind, from, to);
		buf_char(buf, '\n');
	}
	if (calendar->known_until_day > 0 && calendar->known_until_day < to) {
		buf_text(buf, "Later holidays than those until ");
		guide_date(buf, calendar->known_until_day);
		buf_text(buf, " are not written down yet.\n\n");
	}
}

static bool is_used(const struct policy *policy, const struct calendar *calendar)
{
	for (int i = 0; i < CHANNELS; i++) {
		const struct channel_policy *channel = &policy->channels[i];

		if (channel->offered && (channel->hours == calendar || channel->intake == calendar))
			return true;
	}
	return false;
}

static void put_hours(struct buf *buf, const struct policy *policy, wall_ms now)
{
	buf_text(buf, "## Hours\n\n");
	for (size_t i = 0; i < policy->calendars_count; i++) {
		const struct calendar *calendar = &policy->calendars[i];

		if (calendar->always || !is_used(policy, calendar))
			continue;
		buf_text(buf, "**");
		guide_hours(buf, calendar);
		buf_text(buf, "**\n\n");
		put_calendar_dates(buf, calendar, today(policy, now));
	}
}

static void put_closed(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, "### While the desk is closed\n\n"
	              "- The clocks of the targets in business time stand still and go on at the "
	              "next opening.\n"
	              "- The chat says when that is. What is written there stays, as a ticket.\n");
	for (int i = 0; i < CHANNELS; i++) {
		const struct channel_policy *channel = &policy->channels[i];

		if (!channel->offered)
			continue;
		buf_text(buf, "- ");
		guide_text(buf, channel->name);
		if (channel->intake != NULL && channel->intake->always)
			buf_text(buf, ": takes requests all the same.\n");
		else
			buf_text(buf, ": takes none.\n");
	}
	buf_text(buf, "- Emergencies are escalated at any time.\n\n");
}

/* --- promises --- */

typedef const struct duration *promised(const struct promise *promise);

static const struct duration *first_response(const struct promise *promise)
{
	return &promise->first_response;
}

static const struct duration *resolution(const struct promise *promise)
{
	return &promise->resolution;
}

static const struct duration *callback(const struct promise *promise)
{
	return &promise->callback;
}

static bool is_promised(const struct policy *policy, int channel, promised *what)
{
	for (int i = 0; policy->channels[channel].offered && i < PRIORITIES; i++) {
		if (what(&policy->promises[channel][i])->ms > 0)
			return true;
	}
	return false;
}

/* Priorities down, those channels across that promise it. */
static void put_promises(struct buf *buf, const struct policy *policy, const char *title,
                         promised *what)
{
	size_t columns = 0;

	for (int i = 0; i < CHANNELS; i++)
		columns += is_promised(policy, i, what);
	if (columns == 0)
		return;
	buf_fmt(buf, "### %s\n\n| Priority |", title);
	for (int i = 0; i < CHANNELS; i++) {
		if (!is_promised(policy, i, what))
			continue;
		buf_char(buf, ' ');
		guide_text(buf, policy->channels[i].name);
		buf_text(buf, " |");
	}
	buf_text(buf, "\n| --- |");
	while (columns-- > 0)
		buf_text(buf, " --- |");
	for (int priority = PRIORITY_CRITICAL; priority >= PRIORITY_LOW; priority--) {
		buf_fmt(buf, "\n| %s |", guide_priority((enum priority)priority));
		for (int i = 0; i < CHANNELS; i++) {
			if (!is_promised(policy, i, what))
				continue;
			buf_char(buf, ' ');
			guide_duration(buf, what(&policy->promises[i][priority]),
			               policy->channels[i].hours);
			buf_text(buf, " |");
		}
	}
	buf_text(buf, "\n\n");
}

static void put_topics(struct buf *buf, const struct policy *policy)
{
	bool any = false;

	for (size_t i = 0; i < policy->topics_count; i++) {
		const struct topic *topic = &policy->topics[i];

		if (topic->resolution.ms == 0)
			continue;
		if (!any)
			buf_text(buf, "Some topics have a time of their own to be resolved:\n\n");
		any = true;
		buf_text(buf, "- ");
		guide_text(buf, topic->name);
		buf_text(buf, ": ");
		guide_duration(buf, &topic->resolution, guide_desk_hours(policy));
		buf_char(buf, '\n');
	}
	if (any)
		buf_char(buf, '\n');
}

static void put_targets(struct buf *buf, const struct policy *policy)
{
	buf_text(buf,
	         "## What we promise\n\n"
	         "The clock starts with your first message. A first response is the first "
	         "message of a person that you can read; what a program says does not count. "
	         "Business time runs while the channel's hours do, all other times around the "
	         "clock. While we wait for you, the clock of the resolution stands still. When "
	         "the priority changes, the new target counts from your first message.\n\n");
	put_promises(buf, policy, "First response", first_response);
	put_promises(buf, policy, "Resolution", resolution);
	put_promises(buf, policy, "Call back", callback);
	put_topics(buf, policy);
	guide_milestones(buf, policy);
	if (policy->warn_percent > 0)
		buf_fmt(buf, "When %d %% of a target have passed, whoever has it is warned.\n\n",
		        policy->warn_percent);
	buf_text(buf, "### What the priorities mean\n\n");
	for (int i = PRIORITY_CRITICAL; i >= PRIORITY_LOW; i--) {
		buf_fmt(buf, "- **%s**", guide_priority((enum priority)i));
		if (policy->priority_about[i] != NULL) {
			buf_text(buf, ": ");
			guide_text(buf, policy->priority_about[i]);
		}
		buf_char(buf, '\n');
	}
	buf_char(buf, '\n');
}

/* --- rules and what happens in the end --- */

static void put_rules(struct buf *buf, const struct policy *policy)
{
	if (policy->rules_count == 0)
		return;
	buf_text(buf, "## When a request goes up\n\n");
	for (size_t i = 0; i < policy->rules_count; i++) {
		const struct rule *rule = &policy->rules[i];

		buf_text(buf, "### ");
		guide_text(buf, rule->id);
		buf_text(buf, ": ");
		guide_text(buf, rule->title);
		buf_text(buf, "\n\n");
		if (rule->criterion != NULL) {
			guide_prose(buf, rule->criterion);
			buf_char(buf, '\n');
		}
		guide_rule_steps(buf, policy, rule);
		buf_char(buf, '\n');
	}
}

static void put_clock(struct buf *buf, const struct policy *policy, const struct duration *duration,
                      const char *before, const char *behind)
{
	if (duration->ms == 0)
		return;
	buf_text(buf, before);
	guide_duration(buf, duration, guide_desk_hours(policy));
	buf_text(buf, behind);
}

static void put_ends(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, "## What happens to a request\n\n"
	              "Every request is a ticket with a number from the first message on. It stays "
	              "one ticket, whoever answers it.\n\n");
	put_clock(buf, policy, &policy->offer_ticket, "- You wait in the chat for ",
	          ": you are told that you need not stay on the page.\n");
	put_clock(buf, policy, &policy->keep_ticket, "- You wait for ",
	          ": it goes on as a ticket, and nothing of it is lost.\n");
	put_clock(buf, policy, &policy->remind, "- We wait for you for ", ": you are reminded.\n");
	put_clock(buf, policy, &policy->no_reply, "- We wait for you for ",
	          ": the ticket is closed as one without a reply.\n");
	put_clock(buf, policy, &policy->reopen, "- You write within ",
	          " after the end: the same ticket is opened again. Later it is a new one that is "
	          "linked to it.\n");
	put_clock(buf, policy, &policy->stale, "- Nothing happens for ",
	          " on an open ticket: it is marked, and its agent is asked about it.\n");
	buf_char(buf, '\n');
}

static void put_measured(struct buf *buf, const struct policy *policy)
{
	if (policy->measured == NULL && policy->review_day == 0 && policy->retention_months == 0)
		return;
	buf_text(buf, "## How results are measured\n\n");
	if (policy->measured != NULL) {
		guide_prose(buf, policy->measured);
		buf_char(buf, '\n');
	}
	if (policy->review_day > 0) {
		buf_text(buf, "The policy is reviewed by ");
		guide_text(buf, policy->review_owner != NULL ? policy->review_owner
		                                             : "the desk's supervisor");
		buf_text(buf, ", next on ");
		guide_date(buf, policy->review_day);
		buf_text(buf, ". Tickets keep the version that they were promised under.\n\n");
	}
	if (policy->retention_months > 0)
		buf_fmt(buf, "Tickets are kept for %d months.\n\n", policy->retention_months);
}

void guide_markdown(const struct policy *policy, wall_ms now, struct buf *buf)
{
	put_head(buf, policy, now);
	put_channels(buf, policy);
	put_hours(buf, policy, now);
	put_closed(buf, policy);
	put_targets(buf, policy);
	guide_at_once(buf, policy);
	guide_tiers(buf, policy, now);
	put_rules(buf, policy);
	put_ends(buf, policy);
	put_measured(buf, policy);
}
