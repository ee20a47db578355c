/* SPDX-License-Identifier: MIT */
/* Inside of the guide: times, lengths and rules in words, and people's text in Markdown. */
#ifndef TB_PROTO_GUIDE_WORDS_H
#define TB_PROTO_GUIDE_WORDS_H

#include "base/buf.h"
#include "core/policy.h"

/* One line of somebody's text: nothing of it is Markdown. NULL is nothing. */
void guide_text(struct buf *buf, const char *text);
/* Several lines, of which those that begin with "- " are a list. */
void guide_prose(struct buf *buf, const char *text);

/* "2 minutes", "3 business hours", "2 business days (20 business hours)". `hours`: what a business
 * day is; may be NULL. */
void guide_duration(struct buf *buf, const struct duration *duration, const struct calendar *hours);

void guide_date(struct buf *buf, int64_t day); /* "Friday, July 3, 2026" */
void guide_moment(struct buf *buf, const struct zone *zone, wall_ms at); /* "…, 09:00" */
void guide_zone(struct buf *buf, const struct zone *zone); /* "Eastern (America/New_York)" */
void guide_day_hours(struct buf *buf,
                     const struct day_hours *hours); /* "08:00-12:00, 13:00-17:00" */
/* "Monday to Friday 08:00-18:00 Eastern (America/New_York)" */
void guide_hours(struct buf *buf, const struct calendar *calendar);
extern const char *const GUIDE_WEEKDAYS[7]; /* 0 is Sunday */

/* The calendar of the chat, else of the first channel that has one; NULL: none. */
const struct calendar *guide_desk_hours(const struct policy *policy);
const char *guide_priority(enum priority priority); /* "Critical" */

/* The name of a skill of the tier: "DevOps". */
const char *guide_skill(const struct tier_policy *tier, const char *id);

/* The steps of a rule as a list: "When …: it goes to Tier 2 …". */
/* What is promised before the resolution: a section, or nothing. */
void guide_milestones(struct buf *buf, const struct policy *policy);

void guide_rule_steps(struct buf *buf, const struct policy *policy, const struct rule *rule);

/* --- guide_people.c: sections of the Markdown --- */

void guide_tiers(struct buf *buf, const struct policy *policy, wall_ms now);
void guide_at_once(struct buf *buf, const struct policy *policy);

#endif
