/* SPDX-License-Identifier: MIT */
/* The guide as data: docs/POLICY.md lists the members. */
#include "proto/guide.h"

#include <inttypes.h>

#include "base/must.h"
#include "proto/guide_words.h"
#include "proto/view.h"

static void put_member(struct buf *buf, const char *name, const char *text)
{
	buf_fmt(buf, ",\"%s\":", name);
	if (text == NULL)
		buf_text(buf, "null");
	else
		buf_json(buf, span_of(text));
}

static void put_bool(struct buf *buf, const char *name, bool value)
{
	buf_fmt(buf, ",\"%s\":%s", name, value ? "true" : "false");
}

static void put_moment(struct buf *buf, const char *name, wall_ms at)
{
	buf_fmt(buf, ",\"%s\":", name);
	view_time(buf, at == WALL_NEVER ? 0 : at);
}

/* {"seconds":3600,"clock":"business"} */
static void put_duration(struct buf *buf, const char *name, const struct duration *duration)
{
	buf_fmt(buf, "\"%s\":", name);
	if (duration->ms == 0)
		buf_text(buf, "null");
	else
		buf_fmt(buf, "{\"seconds\":%" PRId64 ",\"clock\":\"%s\"}", duration->ms / SEC_MS,
		        duration->business ? "business" : "wall");
}

/* --- what holds now --- */

static void put_state(struct buf *buf, const struct calendar *hours, wall_ms now)
{
	bool open = hours != NULL && calendar_is_open(hours, now);

	put_bool(buf, "open", open);
	put_moment(buf, "opens_at", open || hours == NULL ? 0 : calendar_next_open(hours, now));
	put_moment(buf, "closes_at", open ? calendar_next_close(hours, now) : 0);
	put_bool(buf, "limited", open && calendar_is_freeze(hours, now));
}

/* --- hours --- */

static void put_day(struct buf *buf, int64_t day)
{
	struct civil civil;

	civil_from_days(day, &civil);
	buf_fmt(buf, "\"%04d-%02d-%02d\"", civil.year, civil.month, civil.day);
}

static void put_spans(struct buf *buf, const struct day_hours *hours)
{
	buf_char(buf, '[');
	for (unsigned i = 0; i < hours->count; i++) {
		const struct day_span *span = &hours->spans[i];

		buf_fmt(buf, "%s[\"%02d:%02d\",\"%02d:%02d\"]", i > 0 ? "," : "",
		        span->from_s / 3600, span->from_s / 60 % 60, span->to_s / 3600,
		        span->to_s / 60 % 60);
	}
	buf_char(buf, ']');
}

static const char *kind_name(enum date_kind kind)
{
	switch (kind) {
	case DATE_HOLIDAY:
		return "holiday";
	case DATE_CLOSED:
		return "closed";
	case DATE_FREEZE:
		return "freeze";
	case DATE_SPECIAL:
		return "special";
	}
	MUST(0);
}

static void put_dates(struct buf *buf, const struct calendar *calendar)
{
	buf_text(buf, ",\"dates\":[");
	for (size_t i = 0; i < calendar->dates_count; i++) {
		const struct calendar_date *date = &calendar->dates[i];

		buf_text(buf, i > 0 ? ",{\"date\":" : "{\"date\":");
		put_day(buf, date->first_day);
		buf_text(buf, ",\"to\":");
		put_day(buf, date->last_day);
		put_member(buf, "kind", kind_name(date->kind));
		put_member(buf, "name", date->name);
		if (date->kind == DATE_SPECIAL) {
			buf_text(buf, ",\"hours\":");
			put_spans(buf, &date->hours);
		}
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void put_calendar(struct buf *buf, const struct calendar *calendar)
{
	static const char *const days[7] = {"sunday",   "monday", "tuesday", "wednesday",
	                                    "thursday", "friday", "saturday"};

	buf_text(buf, "{\"id\":");
	buf_json(buf, span_of(calendar->id));
	put_bool(buf, "always", calendar->always);
	if (!calendar->always) {
		put_member(buf, "zone", calendar->zone->name);
		buf_text(buf, ",\"week\":{");
		for (int i = 0; i < 7; i++) {
			buf_fmt(buf, "%s\"%s\":", i > 0 ? "," : "", days[i]);
			put_spans(buf, &calendar->week[i]);
		}
		buf_char(buf, '}');
		put_dates(buf, calendar);
		buf_text(buf, ",\"known_until\":");
		if (calendar->known_until_day > 0)
			put_day(buf, calendar->known_until_day);
		else
			buf_text(buf, "null");
	}
	buf_char(buf, '}');
}

/* --- channels --- */

static void put_targets(struct buf *buf, const struct policy *policy, int channel)
{
	buf_text(buf, ",\"targets\":{");
	for (int i = PRIORITY_CRITICAL; i >= PRIORITY_LOW; i--) {
		const struct promise *promise = &policy->promises[channel][i];

		buf_fmt(buf, "%s\"%s\":{", i < PRIORITY_CRITICAL ? "," : "",
		        priority_name((enum priority)i));
		put_duration(buf, "first_response", &promise->first_response);
		buf_char(buf, ',');
		put_duration(buf, "resolution", &promise->resolution);
		buf_char(buf, ',');
		put_duration(buf, "callback", &promise->callback);
		buf_char(buf, '}');
	}
	buf_char(buf, '}');
}

static void put_channel(struct buf *buf, const struct policy *policy, int index, wall_ms now)
{
	const struct channel_policy *channel = &policy->channels[index];

	buf_fmt(buf, "{\"id\":\"%s\"", channel_name((enum channel)index));
	put_member(buf, "name", channel->name);
	put_member(buf, "scope", channel->scope);
	put_member(buf, "address", channel->address);
	put_member(buf, "intake", channel->intake != NULL ? channel->intake->id : NULL);
	put_member(buf, "hours", channel->hours != NULL ? channel->hours->id : NULL);
	put_state(buf, channel->hours, now);
	put_targets(buf, policy, index);
	buf_char(buf, '}');
}

/* --- people --- */

static void put_contact(struct buf *buf, const struct contact *contact)
{
	buf_text(buf, "{\"id\":");
	buf_json(buf, span_of(contact->id));
	put_member(buf, "name", contact->name);
	put_member(buf, "role", contact->role);
	put_member(buf, "email", contact->email);
	put_member(buf, "phone", contact->phone);
	put_member(buf, "chat", contact->chat);
	put_member(buf, "skill", contact->skill);
	buf_char(buf, '}');
}

static void put_people(struct buf *buf, const struct policy *policy, int number, wall_ms now)
{
	const struct tier_policy *tier = &policy->tiers[number - 1];
	const struct contact *duty = policy_contact(policy, number, NULL, now, 0);

	buf_text(buf, ",\"contacts\":[");
	for (size_t i = 0; i < tier->contacts_count; i++) {
		buf_text(buf, i > 0 ? "," : "");
		put_contact(buf, &tier->contacts[i]);
	}
	buf_char(buf, ']');
	put_member(buf, "on_duty", duty != NULL ? duty->id : NULL);
}

/* Within which somebody of the tier takes what comes up to it. */
static void put_acceptance(struct buf *buf, const struct tier_policy *tier)
{
	buf_text(buf, ",\"acceptance\":{");
	for (int i = PRIORITY_CRITICAL; i >= PRIORITY_LOW; i--) {
		buf_text(buf, i < PRIORITY_CRITICAL ? "," : "");
		put_duration(buf, priority_name((enum priority)i), &tier->acceptance[i]);
	}
	buf_char(buf, '}');
}

static void put_tier(struct buf *buf, const struct policy *policy, int number, wall_ms now,
                     enum guide_reader reader)
{
	const struct tier_policy *tier = &policy->tiers[number - 1];

	buf_fmt(buf, "{\"tier\":%d", number);
	put_member(buf, "name", tier->name);
	put_member(buf, "role", tier->role);
	buf_text(buf, ",\"criteria\":[");
	for (size_t i = 0; i < tier->criteria_count; i++) {
		buf_text(buf, i > 0 ? "," : "");
		buf_json(buf, span_of(tier->criteria[i]));
	}
	buf_text(buf, "],\"skills\":[");
	for (size_t i = 0; i < tier->skills_count; i++) {
		buf_text(buf, i > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(buf, span_of(tier->skills[i].id));
		put_member(buf, "name", tier->skills[i].name);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
	put_acceptance(buf, tier);
	if (reader == GUIDE_AGENT)
		put_people(buf, policy, number, now);
	buf_char(buf, '}');
}

/* --- lists --- */

static void put_priorities(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, ",\"priorities\":[");
	for (int i = PRIORITY_CRITICAL; i >= PRIORITY_LOW; i--) {
		buf_fmt(buf, "%s{\"id\":\"%s\"", i < PRIORITY_CRITICAL ? "," : "",
		        priority_name((enum priority)i));
		put_member(buf, "about", policy->priority_about[i]);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void put_topics(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, ",\"topics\":[");
	for (size_t i = 0; i < policy->topics_count; i++) {
		const struct topic *topic = &policy->topics[i];

		buf_text(buf, i > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(buf, span_of(topic->id));
		put_member(buf, "name", topic->name);
		put_member(buf, "about", topic->about);
		buf_fmt(buf, ",\"tier\":%d", topic->tier);
		put_member(buf, "owner", topic->owner);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void put_which(struct buf *buf, const struct milestone *milestone)
{
	const char *before = "";

	buf_text(buf, ",\"priorities\":[");
	for (int i = PRIORITY_CRITICAL; i >= PRIORITY_LOW; i--) {
		if ((milestone->priorities >> i & 1U) == 0)
			continue;
		buf_fmt(buf, "%s\"%s\"", before, priority_name((enum priority)i));
		before = ",";
	}
	buf_text(buf, "],\"topics\":[");
	for (size_t i = 0; i < milestone->topics_count; i++) {
		buf_text(buf, i > 0 ? "," : "");
		buf_json(buf, span_of(milestone->topics[i]));
	}
	buf_char(buf, ']');
	put_bool(buf, "by_rule_only", !milestone->stands);
}

static void put_milestones(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, ",\"milestones\":[");
	for (size_t i = 0; i < policy->milestones_count; i++) {
		const struct milestone *milestone = &policy->milestones[i];

		buf_text(buf, i > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(buf, span_of(milestone->id));
		put_member(buf, "name", milestone->name);
		put_member(buf, "about", milestone->about);
		buf_char(buf, ',');
		put_duration(buf, "within", &milestone->within);
		put_member(buf, "runs", milestone->always ? "always" : "with_ticket");
		put_which(buf, milestone);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void put_rules(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, ",\"rules\":[");
	for (size_t i = 0; i < policy->rules_count; i++) {
		buf_text(buf, i > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(buf, span_of(policy->rules[i].id));
		put_member(buf, "title", policy->rules[i].title);
		put_member(buf, "criterion", policy->rules[i].criterion);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void put_replies(struct buf *buf, const struct policy *policy)
{
	buf_text(buf, ",\"canned\":[");
	for (size_t i = 0; i < policy->canned_count; i++) {
		buf_text(buf, i > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(buf, span_of(policy->canned[i].id));
		put_member(buf, "title", policy->canned[i].title);
		put_member(buf, "text", policy->canned[i].text);
		put_member(buf, "topic", policy->canned[i].topic);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void put_lists(struct buf *buf, const struct policy *policy, wall_ms now,
                      enum guide_reader reader)
{
	bool any = false;

	buf_text(buf, ",\"channels\":[");
	for (int i = 0; i < CHANNELS; i++) {
		if (!policy->channels[i].offered)
			continue;
		buf_text(buf, any ? "," : "");
		put_channel(buf, policy, i, now);
		any = true;
	}
	buf_text(buf, "],\"calendars\":[");
	for (size_t i = 0; i < policy->calendars_count; i++) {
		buf_text(buf, i > 0 ? "," : "");
		put_calendar(buf, &policy->calendars[i]);
	}
	buf_text(buf, "],\"tiers\":[");
	any = false;
	for (int i = TIER_MIN; i <= TIER_MAX; i++) {
		if (policy->tiers[i - 1].name == NULL)
			continue;
		buf_text(buf, any ? "," : "");
		put_tier(buf, policy, i, now, reader);
		any = true;
	}
	buf_char(buf, ']');
}

void guide_json_open(const struct policy *policy, wall_ms now, enum guide_reader reader,
                     struct buf *buf)
{
	buf_text(buf, "{\"version\":");
	buf_json(buf, span_of(policy->version));
	put_member(buf, "name", policy->name);
	put_member(buf, "about", policy->about);

	put_state(buf, guide_desk_hours(policy), now);
	put_lists(buf, policy, now, reader);
	put_priorities(buf, policy);
	put_topics(buf, policy);
	put_milestones(buf, policy);
	if (reader == GUIDE_AGENT) {
		put_rules(buf, policy);
		put_replies(buf, policy);
	}
}

void guide_json(const struct policy *policy, wall_ms now, enum guide_reader reader, struct buf *buf)
{
	guide_json_open(policy, now, reader, buf);
	buf_text(buf, "}\n");
}
