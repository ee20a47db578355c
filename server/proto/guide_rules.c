/* SPDX-License-Identifier: MIT */
/* The rules in words, made from what the program does by them and not from what was written about
 * them. */
#include "proto/guide_words.h"

#include <string.h>

#include "base/must.h"
#include "core/rulebook.h"

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

/* No names: any of them. */
static bool names_list(const struct rule_when *when, const char *name)
{
	bool found = when->triggers_count == 0;

	for (size_t i = 0; i < when->triggers_count && !found; i++)
		found = strcmp(when->triggers[i], name) == 0;
	return found;
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

/* Lists by what they are about, since their names are the program's. */
static void put_asked(struct teller *teller, const struct rule_when *when)
{
	const struct rulebook *book = teller->policy->rulebook;
	const char *between = "";

	for (size_t i = 0; i < rulebook_triggers(book); i++) {
		const char *name = rulebook_trigger_name(book, i);
		const char *about = rulebook_trigger_about(book, i);

		if (!rulebook_trigger_asks(book, i) || !names_list(when, name))
			continue;
		buf_text(teller->buf, between);
		guide_text(teller->buf, about != NULL ? about : name);
		between = ", or ";
	}
}

static void put_words(struct teller *teller, const struct rule_when *when)
{
	if (when->event == WHEN_ASKED)
		put_asked(teller, when);
	else
		put_trigger(teller, when);
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

static void put_milestone(struct teller *teller, const struct rule_when *when)
{
	const struct milestone *milestone = &teller->policy->milestones[when->milestone];

	if (when->percent != 100)
		buf_fmt(teller->buf, "%d %% of the ", when->percent);
	else
		buf_text(teller->buf, "the ");
	buf_text(teller->buf, "time for ");
	guide_text(teller->buf, milestone->name);
	buf_text(teller->buf, " has passed and it is not done");
}

/* What is to happen within a time, and has not. */
static void put_target(struct teller *teller, const struct rule_when *when)
{
	if (when->event == WHEN_MILESTONE)
		put_milestone(teller, when);
	else if (when->event == WHEN_RESOLUTION)
		buf_fmt(teller->buf, "%d %% of the time to resolve it has passed", when->percent);
	else
		buf_fmt(teller->buf,
		        "%d %% of the time for the first response has passed without one",
		        when->percent);
}

/* Events of which there is no more to say than that. */
static const char *const bare_events[] = {
	[WHEN_DATA_EXPOSED] = "the customer says that personal data or a credential may be exposed",
	[WHEN_INCIDENT] = "an agent presses *Incident*",
	[WHEN_NOT_ACCEPTED] = "its tier has not accepted it in time",
	[WHEN_BY_HAND] = "an agent judges so",
};

static void put_event(struct teller *teller, const struct rule_when *when)
{
	struct buf *buf = teller->buf;

	switch (when->event) {
	case WHEN_TRIGGER:
	case WHEN_ASKED:
		put_words(teller, when);
		return;
	case WHEN_STOPPED:
		put_stopped(teller, when);
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
	case WHEN_RESOLUTION:
	case WHEN_MILESTONE:
		put_target(teller, when);
		return;
	case WHEN_SILENCE:
		put_after(teller, "no agent has done anything on it for ", when);
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
	case WHEN_DATA_EXPOSED:
	case WHEN_INCIDENT:
	case WHEN_NOT_ACCEPTED:
	case WHEN_BY_HAND:
		buf_text(buf, bare_events[when->event]);
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
	for (size_t i = 0; i < teller->policy->milestones_count; i++) {
		if ((then->milestones >> i & 1U) == 0)
			continue;
		say(teller, true, "the time for ");
		guide_text(teller->buf, teller->policy->milestones[i].name);
		buf_text(teller->buf, " starts");
	}
	say(teller, then->notify != NOTIFY_NOBODY, whom(then->notify));
	say(teller, teller->between[0] == '\0', "nothing happens by itself");
}

static bool is_started(const struct policy *policy, size_t milestone)
{
	for (size_t i = 0; i < policy->rules_count; i++) {
		const struct rule *rule = &policy->rules[i];

		for (unsigned j = 0; j < rule->steps_count; j++) {
			if ((rule->steps[j].then.milestones >> milestone & 1U) != 0)
				return true;
		}
	}
	return false;
}

/* " (priority critical; topic Security), or when a rule below starts it" */
static void put_which(struct teller *teller, size_t at)
{
	const struct milestone *milestone = &teller->policy->milestones[at];
	const struct rule_when when = {.event = WHEN_BY_HAND,
	                               .priorities = milestone->priorities,
	                               .topics = milestone->topics,
	                               .topics_count = milestone->topics_count};

	if (milestone->stands)
		put_limits(teller, &when);
	if (is_started(teller->policy, at))
		buf_text(teller->buf, milestone->stands ? ", or when a rule below starts it"
		                                        : " when a rule below starts it");
}

void guide_milestones(struct buf *buf, const struct policy *policy)
{
	struct teller teller = {.buf = buf, .policy = policy};

	if (policy->milestones_count == 0)
		return;
	buf_text(buf, "### Before it is resolved\n\n");
	for (size_t i = 0; i < policy->milestones_count; i++) {
		const struct milestone *milestone = &policy->milestones[i];

		buf_text(buf, "- **");
		guide_text(buf, milestone->name);
		buf_text(buf, "** within ");
		put_duration(&teller, &milestone->within);
		put_which(&teller, i);
		if (milestone->about != NULL) {
			buf_text(buf, ": ");
			guide_text(buf, milestone->about);
		}
		buf_text(buf,
		         milestone->always
		                 ? " Its clock runs while we wait for you, too, and after the end."
		                 : "");
		if (milestone->notify != NOTIFY_NOBODY)
			buf_fmt(buf, " When it is near, and when it has passed, %s.",
			        whom(milestone->notify));
		buf_char(buf, '\n');
	}
	buf_char(buf, '\n');
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
