/* SPDX-License-Identifier: MIT */
/* The rules in words, made from what the program does by them and not from what was written about
 * them. */
#include "proto/guide_words.h"

#include <string.h>

#include "base/must.h"

struct teller {
	struct buf *buf;
	const struct policy *policy;
	const char *between; /* before the next of what happens */
};

static void put_duration(struct teller *teller, const struct duration *duration)
{
	guide_duration(teller->buf, duration, guide_desk_hours(teller->policy));
}

static void put_topics(struct teller *teller, const struct rule_when *when)
{
	for (size_t i = 0; i < when->topics_count; i++) {
		const struct topic *topic = policy_topic(teller->policy, span_of(when->topics[i]));

		buf_text(teller->buf, i == 0 ? "" : ", ");
		guide_text(teller->buf, topic != NULL ? topic->name : when->topics[i]);
	}
}

static void put_trigger(struct teller *teller, const struct rule_when *when)
{
	buf_text(teller->buf, "the request has words of an emergency");
	for (size_t i = 0; i < when->triggers_count; i++) {
		buf_text(teller->buf, i == 0 ? " (" : ", ");
		guide_text(teller->buf, when->triggers[i]);
	}
	if (when->triggers_count > 0)
		buf_text(teller->buf, ")");
}

static void put_stopped(struct teller *teller, const struct rule_when *when)
{
	buf_text(teller->buf, "the customer says that production is stopped: at once while the "
	                      "desk is closed");
	if (when->after.ms == 0)
		return;
	buf_text(teller->buf, ", else unless Tier 1 confirms or rejects it within ");
	put_duration(teller, &when->after);
}

static void put_after(struct teller *teller, const char *words, const struct rule_when *when)
{
	buf_text(teller->buf, words);
	put_duration(teller, &when->after);
}

static void put_approved(struct teller *teller, const struct rule_when *when)
{
	if (when->after.ms == 0) {
		buf_text(teller->buf, "a supervisor has approved it");
		return;
	}
	put_duration(teller, &when->after);
	buf_text(teller->buf, " have passed since a supervisor approved it");
}

static void put_immediate(struct teller *teller, const struct rule_when *when)
{
	if (when->after.ms == 0) {
		buf_text(teller->buf, "it has become an emergency");
		return;
	}
	put_duration(teller, &when->after);
	buf_text(teller->buf, " have passed since it became an emergency");
}

static void put_pattern(struct teller *teller, const struct rule_when *when)
{
	buf_fmt(teller->buf, "%d tickets of one topic come from %d people or more within ",
	        when->count, when->people);
	put_duration(teller, &when->after);
}

static void put_event(struct teller *teller, const struct rule_when *when)
{
	struct buf *buf = teller->buf;

	switch (when->event) {
	case WHEN_TRIGGER:
		put_trigger(teller, when);
		return;
	case WHEN_DATA_EXPOSED:
		buf_text(buf,
		         "the customer says that personal data or a credential may be exposed");
		return;
	case WHEN_STOPPED:
		put_stopped(teller, when);
		return;
	case WHEN_INCIDENT:
		buf_text(buf, "an agent presses *Incident*");
		return;
	case WHEN_WORK:
		put_after(teller, "an agent has worked on it for ", when);
		return;
	case WHEN_ANSWER_FAILED:
		buf_fmt(buf, "answers did not help (%d)", when->count);
		return;
	case WHEN_REOPENED:
		buf_fmt(buf, "it was opened again (%d times)", when->count);
		return;
	case WHEN_FIRST_RESPONSE:
		buf_fmt(buf, "%d %% of the time for the first response has passed without one",
		        when->percent);
		return;
	case WHEN_RESOLUTION:
		buf_fmt(buf, "%d %% of the time to resolve it has passed", when->percent);
		return;
	case WHEN_SILENCE:
		put_after(teller, "no agent has done anything on it for ", when);
		return;
	case WHEN_NOT_ACCEPTED:
		buf_text(buf, "its tier has not accepted it in time");
		return;
	case WHEN_NO_PROGRESS:
		put_after(teller, "there has been no reply and no note for ", when);
		return;
	case WHEN_TOPIC:
		buf_text(buf, "its topic is ");
		put_topics(teller, when);
		return;
	case WHEN_APPROVED:
		put_approved(teller, when);
		return;
	case WHEN_IMMEDIATE:
		put_immediate(teller, when);
		return;
	case WHEN_PATTERN:
		put_pattern(teller, when);
		return;
	case WHEN_BY_HAND:
		buf_text(buf, "an agent judges so");
		return;
	}
	MUST(0);
}

/* " (priority high; on Tier 2; topic Security)" */
static void put_limits(struct teller *teller, const struct rule_when *when)
{
	const char *before = " (priority ";
	bool any = false;

	for (int i = PRIORITY_CRITICAL; i >= PRIORITY_LOW; i--) {
		if ((when->priorities & 1U << i) == 0)
			continue;
		buf_fmt(teller->buf, "%s%s", before, priority_name((enum priority)i));
		before = " or ";
		any = true;
	}
	before = any ? "; on Tier " : " (on Tier ";
	for (int tier = TIER_MIN; tier <= TIER_MAX; tier++) {
		if ((when->tiers & 1U << tier) == 0)
			continue;
		buf_fmt(teller->buf, "%s%d", before, tier);
		before = " or ";
		any = true;
	}
	if (when->topics_count > 0 && when->event != WHEN_TOPIC) {
		buf_text(teller->buf, any ? "; topic " : " (topic ");
		put_topics(teller, when);
		any = true;
	}
	if (any)
		buf_text(teller->buf, ")");
}

static void put_tier(struct teller *teller, const struct rule_then *then)
{
	buf_fmt(teller->buf, "Tier %d", then->tier);
	if (then->skill == NULL)
		return;
	buf_text(teller->buf, ", ");
	guide_text(teller->buf, guide_skill(&teller->policy->tiers[then->tier - 1], then->skill));
}

static const char *whom(enum rule_notify notify)
{
	switch (notify) {
	case NOTIFY_NOBODY:
		return "nobody is told";
	case NOTIFY_AGENT:
		return "its agent is told";
	case NOTIFY_SUPERVISOR:
		return "the supervisor is told";
	case NOTIFY_LEAD:
		return "the lead is told";
	}
	MUST(0);
}

static void say(struct teller *teller, bool holds, const char *words)
{
	if (!holds)
		return;
	buf_text(teller->buf, teller->between);
	buf_text(teller->buf, words);
	teller->between = ", ";
}

static void put_then(struct teller *teller, const struct rule_then *then)
{
	teller->between = "";
	say(teller, then->immediate, "it is an emergency, escalated at once");
	say(teller, then->raises, "its priority is at least ");
	if (then->raises)
		buf_text(teller->buf, priority_name(then->priority));
	say(teller, then->tier > 0, "it goes to ");
	if (then->tier > 0)
		put_tier(teller, then);
	say(teller, then->page, "whoever is on duty there is called");
	say(teller, then->requeue,
	    "it is offered again to everybody of its tier, before all others");
	say(teller, then->choose,
	    "its agent chooses: the next tier, an incident, or a request for a change");
	say(teller, then->approval, "a supervisor has to approve it");
	say(teller, then->notify != NOTIFY_NOBODY, whom(then->notify));
	say(teller, teller->between[0] == '\0', "nothing happens by itself");
}

void guide_rule_steps(struct buf *buf, const struct policy *policy, const struct rule *rule)
{
	struct teller teller = {.buf = buf, .policy = policy};

	for (unsigned i = 0; i < rule->steps_count; i++) {
		const struct rule_step *step = &rule->steps[i];

		buf_text(buf, "- When ");
		for (unsigned j = 0; j < step->when_count; j++) {
			buf_text(buf, j == 0 ? "" : ", or ");
			put_event(&teller, &step->when[j]);
			put_limits(&teller, &step->when[j]);
		}
		buf_text(buf, ": ");
		put_then(&teller, &step->then);
		buf_text(buf, ".\n");
	}
	if (rule->steps_count == 0)
		buf_text(buf, "- People decide this; the program does nothing by itself.\n");
}
