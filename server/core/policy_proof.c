/* SPDX-License-Identifier: MIT */
/* Promises, people and the review. */
#include "core/policy_proof.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/must.h"
#include "core/policy_proof_part.h"

#define PATH_SIZE     160
#define SENTENCE_SIZE 320

/* --- telling --- */

bool proof_sound(const struct proof *proof, const char *path)
{
	const struct policy_sink *sink = proof->sink;

	return sink->doubts == NULL || !sink->doubts(sink->ctx, path);
}

static void say(const struct proof *proof, bool warning, const char *path, const char *format,
                va_list args) __attribute__((format(printf, 4, 0)));

static void say(const struct proof *proof, bool warning, const char *path, const char *format,
                va_list args)
{
	char sentence[SENTENCE_SIZE];

	if (!proof_sound(proof, path))
		return;
	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	proof->sink->say(proof->sink->ctx, warning, path, sentence);
}

void proof_mistake(const struct proof *proof, const char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(proof, false, path, format, args);
	va_end(args);
}

void proof_warning(const struct proof *proof, const char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(proof, true, path, format, args);
	va_end(args);
}

const char *duration_text(const struct duration *duration, char text[DURATION_TEXT_SIZE])
{
	static const struct {
		int64_t ms;
		const char *wall, *business;
	} units[] = {{DAY_MS, "d", NULL},
	             {HOUR_MS, "h", "bh"},
	             {MINUTE_MS, "min", "bmin"},
	             {SEC_MS, "s", "bs"}};
	size_t i = 0;

	if (duration->ms == 0) {
		(void)snprintf(text, DURATION_TEXT_SIZE, "none");
		return text;
	}
	while (i + 1 < ARRAY_LEN(units) && (duration->ms % units[i].ms != 0 ||
	                                    (duration->business && units[i].business == NULL)))
		i++;
	(void)snprintf(text, DURATION_TEXT_SIZE, "%" PRId64 " %s", duration->ms / units[i].ms,
	               duration->business ? units[i].business : units[i].wall);
	return text;
}

/* --- promises --- */

/* The longest time from a closing to the next opening. */
static int64_t longest_closing(const struct calendar *hours, wall_ms now)
{
	const wall_ms end = now + POLICY_PROOF_DAYS * DAY_MS;
	int64_t longest = 0;
	wall_ms at = now;

	while (at < end) {
		wall_ms opens = calendar_next_open(hours, at);

		if (opens == WALL_NEVER)
			break;
		if (opens - at > longest)
			longest = opens - at;
		at = calendar_next_close(hours, opens);
		if (at == WALL_NEVER || at <= opens)
			break;
	}
	return longest;
}

bool proof_clock(const struct proof *proof, const struct calendar *hours,
                 const struct promise *promise, const struct duration *target, const char *path)
{
	char text[DURATION_TEXT_SIZE];
	int64_t closing;

	if (target->ms == 0 || hours == NULL)
		return false;
	duration_text(target, text);
	if (target->business && promise->around_the_clock) {
		proof_mistake(proof, path,
		              "%s is business time, which does not run around the clock", text);
		return true;
	}
	if (target->business || promise->around_the_clock || hours->always)
		return false;
	closing = longest_closing(hours, proof->now);
	if (target->ms >= closing)
		return false;
	proof_mistake(proof, path,
	              "%s by the wall clock ends before \"%s\" opens again (it closes for up "
	              "to %" PRId64 " h); write business time, or \"around_the_clock\": true",
	              text, hours->id, closing / HOUR_MS);
	return true;
}

/* Business time is never shorter than as much time by the wall clock. */
static bool ends_before(const struct duration *end, const struct duration *start)
{
	return end->ms > 0 && end->ms < start->ms && (!end->business || start->business);
}

static void prove_order(const struct proof *proof, const struct promise *promise, const char *path)
{
	char text[2][DURATION_TEXT_SIZE];

	if (ends_before(&promise->resolution, &promise->first_response))
		proof_mistake(proof, path, "%s is sooner than the first response (%s)",
		              duration_text(&promise->resolution, text[0]),
		              duration_text(&promise->first_response, text[1]));
}

static void prove_promise(const struct proof *proof, enum channel channel, enum priority priority)
{
	const struct channel_policy *at = &proof->policy->channels[channel];
	const struct promise *promise = &proof->policy->promises[channel][priority];
	const struct {
		const char *name;
		const struct duration *target;
		bool needed;
	} targets[] = {{"first_response", &promise->first_response, true},
	               {"resolution", &promise->resolution, true},
	               {"callback", &promise->callback, false}};

	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		char path[PATH_SIZE];

		(void)snprintf(path, sizeof(path), "$.channels.%s.targets.%s.%s",
		               channel_name(channel), priority_name(priority), targets[i].name);
		if (targets[i].needed && targets[i].target->ms == 0)
			proof_mistake(proof, path, "nothing is promised");
		(void)proof_clock(proof, at->hours, promise, targets[i].target, path);
		if (targets[i].target == &promise->resolution)
			prove_order(proof, promise, path);
	}
}

/* A topic's own time stands in the place of that of every channel. */
static void prove_topic(const struct proof *proof, size_t at)
{
	const struct policy *policy = proof->policy;
	const struct duration *resolution = &policy->topics[at].resolution;
	char path[PATH_SIZE], text[DURATION_TEXT_SIZE];

	(void)snprintf(path, sizeof(path), "$.topics[%zu].resolution", at);
	for (size_t i = 0; i < CHANNELS && resolution->ms > 0 && !resolution->business; i++) {
		const struct calendar *hours = policy->channels[i].hours;

		if (!policy->channels[i].offered || hours == NULL || hours->always ||
		    resolution->ms >= longest_closing(hours, proof->now))
			continue;
		proof_mistake(proof, path,
		              "%s by the wall clock ends before \"%s\" opens again; write business "
		              "time",
		              duration_text(resolution, text), hours->id);
		return;
	}
}

static void prove_channels(const struct proof *proof)
{
	bool offered = false;

	for (size_t i = 0; i < CHANNELS; i++) {
		if (!proof->policy->channels[i].offered)
			continue;
		offered = true;
		for (size_t k = 0; k < PRIORITIES; k++)
			prove_promise(proof, (enum channel)i, (enum priority)k);
	}
	if (!offered)
		proof_mistake(proof, "$.channels", "no channel is offered");
	for (size_t i = 0; i < proof->policy->topics_count; i++)
		prove_topic(proof, i);
}

/* --- people --- */

static bool is_reachable(const struct contact *contact)
{
	return contact->email != NULL || contact->phone != NULL;
}

static void prove_rota(const struct proof *proof, size_t tier)
{
	const struct rota *rota = &proof->policy->tiers[tier].rota;
	char path[PATH_SIZE];

	for (size_t i = 0; i < rota->count; i++) {
		(void)snprintf(path, sizeof(path), "$.tiers[%zu].rota.people[%zu]", tier, i);
		if (!is_reachable(rota->people[i]))
			proof_mistake(proof, path,
			              "%s has the turn but neither an e-mail address nor a phone",
			              rota->people[i]->name);
	}
}

/* What is handed over while the desk closes is not late before it opens again, unless the priority
 * is answered around the clock wherever it is promised. */
static void prove_acceptance(const struct proof *proof, size_t tier, enum priority priority)
{
	const struct policy *policy = proof->policy;
	const struct duration *within = &policy->tiers[tier].acceptance[priority];
	char path[PATH_SIZE], text[DURATION_TEXT_SIZE];

	(void)snprintf(path, sizeof(path), "$.tiers[%zu].acceptance.%s", tier,
	               priority_name(priority));
	for (size_t i = 0; i < CHANNELS && within->ms > 0 && !within->business; i++) {
		const struct calendar *hours = policy->channels[i].hours;

		if (!policy->channels[i].offered || hours == NULL || hours->always ||
		    policy->promises[i][priority].around_the_clock ||
		    within->ms >= longest_closing(hours, proof->now))
			continue;
		proof_mistake(proof, path,
		              "%s by the wall clock ends before \"%s\" opens again, and %s is not "
		              "answered around the clock in %s; write business time",
		              duration_text(within, text), hours->id, priority_name(priority),
		              channel_name((enum channel)i));
		return;
	}
}

static void prove_tiers(const struct proof *proof)
{
	for (size_t i = 0; i < TIER_MAX; i++) {
		const struct tier_policy *tier = &proof->policy->tiers[i];
		bool somebody = false;
		char path[PATH_SIZE];

		for (size_t k = 0; k < tier->contacts_count; k++)
			somebody = somebody || is_reachable(&tier->contacts[k]);
		(void)snprintf(path, sizeof(path), "$.tiers[%zu].contacts", i);
		if (!somebody)
			proof_mistake(
				proof, path,
				"nobody of %s can be reached; give a contact an e-mail address "
				"or a phone",
				tier->name);
		prove_rota(proof, i);
		for (size_t k = 0; k < PRIORITIES; k++)
			prove_acceptance(proof, i, (enum priority)k);
	}
}

static void prove_person(const struct proof *proof, const char *path, const struct contact *person)
{
	if (person == NULL || !is_reachable(person))
		proof_mistake(proof, path, "there is neither an e-mail address nor a phone");
}

/* --- the review --- */

static void prove_review(const struct proof *proof)
{
	int64_t day = proof->policy->review_day;
	struct civil date;

	if (day == 0) {
		proof_warning(proof, "$.review.date", "no day is set to look at the policy again");
		return;
	}
	civil_from_days(day, &date);
	if (day < proof->today)
		proof_warning(proof, "$.review.date",
		              "the policy should have been looked at again on %04d-%02d-%02d",
		              date.year, date.month, date.day);
}

void policy_prove(const struct policy *policy, wall_ms now, const struct policy_sink *sink)
{
	const struct proof proof = {
		.policy = policy, .today = now / DAY_MS, .now = now, .sink = sink};

	proof_calendars(&proof);
	prove_channels(&proof);
	prove_tiers(&proof);
	prove_person(&proof, "$.people.supervisor", policy->supervisor);
	prove_person(&proof, "$.people.lead", policy->lead);
	proof_rules(&proof);
	proof_milestones(&proof);
	prove_review(&proof);
}
