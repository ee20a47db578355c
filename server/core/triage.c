/* SPDX-License-Identifier: MIT */
/* What matched is sorted to those who own it; then the four decisions, each from what came before:
 * immediate, topic, priority, tier. */
#include "core/triage.h"

#include <string.h>

#include "core/page_path.h"
#include "core/rulebook.h"
#include "core/tally.h"
#include "core/why.h"

#define TITLE_MAX 512U

struct trial {
	const struct rulebook *book;
	bool urgent;  /* nothing but triggers and guards counts */
	bool nothing; /* no trigger can fire: it was not searched */
	const struct request *request;
	struct chart chart;
	bool left_out; /* of a long text the middle, or of a full one what did not fit */
	struct tally *topics, *hints, *tiers, *guards, *triggers, *priorities, *signs;
	const char **pages; /* by topic: what of the page's path is its */
	int *scores;        /* by topic, in parts of a point; not above 0: it is not about this */
	size_t topic;       /* decided */
};

static struct tally *tally_of(struct trial *trial, const struct rule_pattern *rule)
{
	switch (rule->role) {
	case ROLE_TOPIC:
	case ROLE_TOPIC_UNLESS:
		return &trial->topics[rule->owner];
	case ROLE_HINT:
		return &trial->hints[rule->owner];
	case ROLE_TIER:
	case ROLE_TIER_UNLESS:
		return &trial->tiers[rule->owner];
	case ROLE_TRIGGER:
	case ROLE_TRIGGER_UNLESS:
		return &trial->triggers[rule->owner];
	case ROLE_PRIORITY:
	case ROLE_PRIORITY_UNLESS:
		return &trial->priorities[rule->owner];
	case ROLE_SIGN:
	case ROLE_SIGN_UNLESS:
		return &trial->signs[rule->owner];
	case ROLE_GUARD:
		break;
	}
	return &trial->guards[rule->owner];
}

/* What this trial is about. The signs of triggers come first of all signs. */
static bool counts(const struct trial *trial, const struct rule_pattern *rule)
{
	if (rule->role == ROLE_SIGN || rule->role == ROLE_SIGN_UNLESS)
		return !trial->urgent || rule->owner < trial->book->trigger_signs;
	return !trial->urgent || rule->role == ROLE_GUARD || rule->role == ROLE_TRIGGER ||
	       rule->role == ROLE_TRIGGER_UNLESS;
}

static void count_match(struct trial *trial, const struct rule_pattern *rule, struct span seen)
{
	struct tally *tally = tally_of(trial, rule);

	if (rule->role == ROLE_TOPIC_UNLESS || rule->role == ROLE_TIER_UNLESS ||
	    rule->role == ROLE_TRIGGER_UNLESS || rule->role == ROLE_PRIORITY_UNLESS ||
	    rule->role == ROLE_SIGN_UNLESS) {
		tally->unless++;
		return;
	}
	tally_match(tally, rule->weight, seen, trial->chart.arena);
}

static void match_patterns(struct trial *trial)
{
	const struct rulebook *book = trial->book;

	for (size_t i = 0; i < trial->chart.matched_count; i++) {
		uint32_t first = trial->chart.matched[i];
		size_t p = book->grammar.symbols[first].patterns;

		for (; p != 0; p = book->patterns[p].next) {
			uint32_t from, to;

			if (counts(trial, &book->patterns[p]) &&
			    chart_matches(&trial->chart, &book->patterns[p].pattern, &from, &to))
				count_match(trial, &book->patterns[p],
				            chart_text(&trial->chart, from, to));
		}
	}
}

static bool sign_holds(const struct trial *trial, size_t sign)
{
	enum priority usual = trial->book->signs[sign].usual;

	if (usual > PRIORITY_LOW)
		return trial->book->topics[trial->topic].priority >= usual;
	return tally_holds(&trial->signs[sign]);
}

/* By how much the signs are more than enough; below 0: they are not. */
static int surplus(const struct trial *trial, const struct rule_signs *signs)
{
	int points = 0;

	if (signs->count == 0)
		return -1;
	for (size_t i = 0; i < signs->count; i++) {
		if (sign_holds(trial, signs->first + i))
			points += trial->book->signs[signs->first + i].points;
	}
	return points - signs->least;
}

/* One of its words, or its signs together. */
static bool rule_holds(const struct trial *trial, const struct tally *tally,
                       const struct rule_signs *signs)
{
	return tally_holds(tally) || (tally->unless == 0 && surplus(trial, signs) >= 0);
}

static void match_pages(struct trial *trial)
{
	struct span path = page_path(trial->request->page_url);

	for (size_t i = 0; i < trial->book->topics_count; i++) {
		const struct names_in *pages = &trial->book->topics[i].pages;

		for (size_t k = 0; k < pages->count && trial->pages[i] == NULL; k++) {
			if (!page_is_under(path, pages->items[k]))
				continue;
			trial->pages[i] = pages->items[k];
		}
	}
}

static int topic_score(const struct trial *trial, size_t topic)
{
	int page = trial->pages[topic] != NULL ? RULEBOOK_PAGE_WEIGHT : 0;

	return tally_score(&trial->topics[topic]) + (trial->hints[topic].sum + page) * TALLY_POINT;
}

/* The page alone says nothing, as people ask about anything anywhere: words have to be enough. */
static bool is_enough(const struct trial *trial, size_t topic)
{
	const struct tally *words = &trial->topics[topic];

	return (words->matched > 0 && words->sum >= RULEBOOK_TOPIC_LEAST) ||
	       trial->hints[topic].sum >= RULEBOOK_HINTS_LEAST;
}

static void score_topics(struct trial *trial)
{
	for (size_t i = 0; i < trial->book->topics_count; i++)
		trial->scores[i] = is_enough(trial, i) ? topic_score(trial, i) : 0;
}

static bool topic_counts(const struct trial *trial, size_t topic)
{
	return trial->scores[topic] > 0;
}

/* Its words; or what its signs were, and what of the text they are. */
static void why_rule(const struct trial *trial, struct why *why, const struct tally *tally,
                     const struct rule_signs *signs)
{
	const char *between = "";

	if (tally->matched > 0) {
		tally_why(tally, why);
		return;
	}
	for (size_t i = 0; i < signs->count; i++) {
		const struct rule_sign *sign = &trial->book->signs[signs->first + i];
		const struct tally *seen = &trial->signs[signs->first + i];

		if (!sign_holds(trial, signs->first + i) || sign->points < 0)
			continue;
		why_text(why, between);
		why_text(why, sign->about);
		if (seen->seen != NULL) {
			why_text(why, " ");
			why_quote(why, seen->seen[0]);
		}
		between = ", ";
	}
}

/* The first guard of the trigger that matched; NULL: none. */
static const char *held_back(const struct trial *trial, const struct rule_trigger *trigger,
                             const struct tally **tally_out)
{
	for (size_t i = 0; i < trial->book->guards_count; i++) {
		if (!trigger->guarded[i] || !tally_holds(&trial->guards[i]))
			continue;
		*tally_out = &trial->guards[i];
		return trial->book->guards[i];
	}
	return NULL;
}

/* It fires by its signs, and a later one that nothing holds back does so by more. */
static bool is_outdone(const struct trial *trial, size_t trigger)
{
	const struct rule_trigger *triggers = trial->book->triggers;
	int own = surplus(trial, &triggers[trigger].signs);
	const struct tally *guard;

	if (tally_holds(&trial->triggers[trigger]))
		return false;
	for (size_t i = trigger + 1; i < trial->book->triggers_count; i++) {
		if (!triggers[i].asks && trial->triggers[i].unless == 0 &&
		    surplus(trial, &triggers[i].signs) > own &&
		    held_back(trial, &triggers[i], &guard) == NULL)
			return true;
	}
	return false;
}

/* The first trigger that fires, of those by signs the surest; notes in `why` what was held back.
 * NULL: none fires. */
static const struct rule_trigger *find_trigger(const struct trial *trial, struct triage *out,
                                               struct why *why)
{
	for (size_t i = 0; i < trial->book->triggers_count; i++) {
		const struct rule_trigger *trigger = &trial->book->triggers[i];
		const struct tally *guard = NULL;
		const char *name;

		if (trigger->asks || !rule_holds(trial, &trial->triggers[i], &trigger->signs) ||
		    is_outdone(trial, i))
			continue;
		name = held_back(trial, trigger, &guard);
		why_text(why, why->len > 0 ? "; " : "");
		why_text(why, trigger->name);
		why_text(why, ": ");
		why_rule(trial, why, &trial->triggers[i], &trigger->signs);
		if (name == NULL)
			return trigger;
		why_text(why, ", held back by ");
		why_text(why, name);
		why_text(why, ": ");
		tally_why(guard, why);
		out->possible_incident = true;
	}
	return NULL;
}

/* The visitor's own answer fires the trigger that takes it, or none by name. */
static const struct rule_trigger *answered_trigger(const struct rulebook *book)
{
	for (size_t i = 0; i < book->triggers_count; i++) {
		if (book->triggers[i].data_exposed)
			return &book->triggers[i];
	}
	return NULL;
}

/* The first list that is no emergency and matches, unless one of its guards does. */
static void decide_asked(const struct trial *trial, struct triage *out, struct arena *arena)
{
	for (size_t i = 0; !trial->nothing && i < trial->book->triggers_count; i++) {
		const struct rule_trigger *trigger = &trial->book->triggers[i];
		struct why why = {.len = 0};

		if (!trigger->asks || !rule_holds(trial, &trial->triggers[i], &trigger->signs) ||
		    held_back(trial, trigger, &(const struct tally *){NULL}) != NULL)
			continue;
		why_rule(trial, &why, &trial->triggers[i], &trigger->signs);
		out->asked = trigger->name;
		out->asked_why = why_done(&why, arena);
		return;
	}
}

static const struct rule_trigger *decide_urgent(struct trial *trial, struct triage *out,
                                                struct arena *arena)
{
	struct why why = {.len = 0};
	const struct rule_trigger *trigger = trial->nothing ? NULL : find_trigger(trial, out, &why);

	out->immediate = trigger != NULL;
	if (trial->request->flags.data_exposed) {
		if (trigger == NULL)
			trigger = answered_trigger(trial->book);
		why_text(&why, why.len > 0 ? "; " : "");
		why_text(&why, "the requester says that personal data or a credential is exposed");
		out->immediate = true;
	}
	if (out->immediate)
		out->possible_incident = false;
	if (trigger != NULL)
		out->trigger = trigger->name;
	if (why.len == 0)
		why_text(&why, "no trigger matched");
	if (trial->left_out || trial->chart.full)
		why_text(&why, "; there is more text than was looked at");
	out->immediate_why = why_done(&why, arena);
	decide_asked(trial, out, arena);
	return trigger;
}

static size_t best_topic(const struct trial *trial)
{
	size_t best = trial->book->otherwise;
	int score = 0;

	for (size_t i = 0; i < trial->book->topics_count; i++) {
		if (trial->scores[i] > score) {
			best = i;
			score = trial->scores[i];
		}
	}
	return best;
}

static void why_topic(const struct trial *trial, struct why *why)
{
	const struct tally *words = &trial->topics[trial->topic],
			   *hints = &trial->hints[trial->topic];

	if (words->matched > 0) {
		why_text(why, "words: ");
		tally_why(words, why);
	}
	if (hints->matched > 0) {
		why_text(why, words->matched > 0 ? "; hints: " : "hints: ");
		tally_why(hints, why);
	}
}

static void decide_topic(struct trial *trial, const struct policy *policy,
                         const struct rule_trigger *trigger, struct triage *out,
                         struct arena *arena)
{
	struct why why = {.len = 0};

	trial->topic = best_topic(trial);
	if (trigger != NULL && trigger->topic > 0) {
		trial->topic = trigger->topic - 1;
		why_text(&why, "trigger ");
		why_text(&why, trigger->name);
	} else if (topic_counts(trial, trial->topic)) {
		why_topic(trial, &why);
		if (trial->pages[trial->topic] != NULL) {
			why_text(&why, "; page: ");
			why_text(&why, trial->pages[trial->topic]);
		}
	} else {
		why_text(&why, "no words of a topic");
	}
	out->topic = &policy->topics[trial->topic];
	out->topic_why = why_done(&why, arena);
}

/* The other topics that matched, the strongest first. */
static void decide_tags(const struct trial *trial, const struct policy *policy, struct triage *out)
{
	int below = INT32_MAX;

	while (out->tags_count < TAGS_MAX) {
		int score = 0;

		for (size_t i = 0; i < trial->book->topics_count; i++) {
			if (i != trial->topic && trial->scores[i] < below &&
			    trial->scores[i] > score)
				score = trial->scores[i];
		}
		if (score == 0)
			return;
		for (size_t i = 0; i < trial->book->topics_count; i++) {
			if (i == trial->topic || trial->scores[i] != score ||
			    out->tags_count == TAGS_MAX)
				continue;
			(void)span_copy(out->tags[out->tags_count++].text, TAG_SIZE,
			                span_of(policy->topics[i].id));
		}
		below = score;
	}
}

/* The highest that matches; of one priority the first one. NULL: none. */
static const struct rule_priority *find_priority(const struct trial *trial, struct why *why)
{
	const struct rule_priority *best = NULL;
	size_t at = 0;

	for (size_t i = 0; i < trial->book->priorities_count; i++) {
		const struct rule_priority *rule = &trial->book->priorities[i];

		if (!rule->topics[trial->topic] ||
		    !rule_holds(trial, &trial->priorities[i], &rule->signs))
			continue;
		if (best == NULL || rule->priority > best->priority) {
			best = rule;
			at = i;
		}
	}
	if (best != NULL) {
		if (best->about != NULL) {
			why_text(why, best->about);
			why_text(why, ": ");
		}
		why_rule(trial, why, &trial->priorities[at], &best->signs);
	}
	return best;
}

/* A priority that has signs is not taken without them: what is usual for the topic, or below. */
static enum priority usual_priority(const struct trial *trial, struct why *why)
{
	enum priority usual = trial->book->topics[trial->topic].priority, priority = usual;

	for (size_t i = trial->book->priorities_count; i > 0; i--) {
		const struct rule_priority *rule = &trial->book->priorities[i - 1];

		if (rule->priority == priority && priority > PRIORITY_LOW &&
		    rule->signs.count > 0 && rule->topics[trial->topic])
			priority--;
	}
	why_text(why, priority == usual ? "as usual for the topic" : "too few signs of more");
	return priority;
}

static const struct rule_priority *decide_priority(const struct trial *trial, struct triage *out,
                                                   struct arena *arena)
{
	struct why why = {.len = 0};
	const struct rule_priority *rule = find_priority(trial, &why);

	out->priority = rule != NULL ? rule->priority : usual_priority(trial, &why);
	if (out->immediate) {
		out->priority = PRIORITY_CRITICAL;
		why = (struct why){.len = 0};
		why_text(&why, "immediate");
	} else if (trial->request->flags.production_stopped && out->priority < PRIORITY_HIGH) {
		out->priority = PRIORITY_HIGH;
		why = (struct why){.len = 0};
		why_text(&why, "the requester says that Veterans are stopped in production");
	}
	out->priority_why = why_done(&why, arena);
	return rule;
}

static void decide_tier(const struct trial *trial, const struct rule_priority *rule,
                        struct triage *out, struct arena *arena)
{
	const struct rule_topic *topic = &trial->book->topics[trial->topic];
	struct why why = {.len = 0};

	out->tier = out->topic->tier;
	if (out->immediate) {
		out->tier = TIER_MAX;
		why_text(&why, "immediate");
		out->tier_why = why_done(&why, arena);
		return;
	}
	why_text(&why, "usual for the topic");
	for (size_t i = 0; i < topic->tiers_count; i++) {
		const struct tally *tally = &trial->tiers[topic->first_tier + i];

		if (!tally_holds(tally))
			continue;
		out->tier = trial->book->tiers[topic->first_tier + i];
		why = (struct why){.len = 0};
		why_text(&why, "words: ");
		tally_why(tally, &why);
		break;
	}
	if (rule != NULL && rule->tier_most > 0 && out->tier > rule->tier_most &&
	    out->priority == rule->priority) {
		out->tier = rule->tier_most;
		why = (struct why){.len = 0};
		why_text(&why, rule->about != NULL ? rule->about : "by its priority");
	}
	out->tier_why = why_done(&why, arena);
}

/* At most so many bytes, not in the middle of a character. */
static struct span cut(struct span text, size_t most)
{
	if (text.len <= most)
		return text;
	while (most > 0 && ((unsigned char)text.ptr[most] & 0xC0U) == 0x80)
		most--;
	return (struct span){.ptr = text.ptr, .len = most};
}

/* The last TRIAGE_TAIL_MAX bytes, not from the middle of a character on. */
static struct span tail_of(struct span text)
{
	size_t at = text.len - TRIAGE_TAIL_MAX;

	while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0U) == 0x80)
		at++;
	return (struct span){.ptr = text.ptr + at, .len = text.len - at};
}

/* Nothing to judge by: somebody has to look. */
static void decide_nothing(const struct policy *policy, const struct request *request,
                           struct triage *out)
{
	const char *why = "the policy has no words";

	out->topic = policy->topics_count > 0 ? &policy->topics[policy->topics_count - 1] : NULL;
	out->priority = PRIORITY_MEDIUM;
	out->tier = out->topic != NULL ? out->topic->tier : TIER_MIN;
	out->topic_why = out->priority_why = out->tier_why = out->immediate_why = why;
	if (request->flags.production_stopped)
		out->priority = PRIORITY_HIGH;
	if (request->flags.data_exposed) {
		out->immediate = true;
		out->priority = PRIORITY_CRITICAL;
		out->tier = TIER_MAX;
		out->immediate_why =
			"the requester says that personal data or a credential is exposed";
	}
}

/* The texts against all patterns. `arena` is for the trial alone: a call's own would carry its
 * 30 KB to another thread. */
static void try_texts(struct trial *trial, struct arena *arena)
{
	const struct request *request = trial->request;
	const struct rulebook *book = trial->book;
	struct chart *chart = &trial->chart;
	bool whole = request->text.len <= TRIAGE_TEXT_MAX;
	const struct span texts[] = {
		cut(request->title, TITLE_MAX),
		whole ? request->text : cut(request->text, TRIAGE_TEXT_MAX - TRIAGE_TAIL_MAX),
		whole ? (struct span){0} : tail_of(request->text),
	};

	trial->left_out = !whole;
	chart_read(chart, &book->grammar, texts, whole ? 2 : 3, arena);
	/* A guard holds back what a trigger found: without one it has nothing to do. */
	trial->nothing = trial->urgent && !rulebook_may_fire(book, chart);
	if (trial->nothing)
		return;
	trial->guards = tally_create(arena, book->guards_count);
	trial->triggers = tally_create(arena, book->triggers_count);
	trial->signs = tally_create(arena, book->signs_count);
	chart_fill(chart, NULL);
	match_patterns(trial);
}

void triage_decide(const struct policy *policy, const struct request *request, struct arena *arena,
                   struct triage *out)
{
	const struct rulebook *book = policy->rulebook;
	struct trial trial = {.book = book, .request = request};
	struct arena scratch = {0};
	const struct rule_trigger *trigger;
	const struct rule_priority *rule;

	*out = (struct triage){0};
	if (book == NULL || book->topics_count == 0) {
		decide_nothing(policy, request, out);
		return;
	}
	trial.topics = tally_create(&scratch, book->topics_count);
	trial.hints = tally_create(&scratch, book->topics_count);
	trial.tiers = tally_create(&scratch, book->tiers_count);
	trial.priorities = tally_create(&scratch, book->priorities_count);
	trial.scores = arena_alloc(&scratch, book->topics_count * sizeof(*trial.scores));
	trial.pages = arena_alloc(&scratch, book->topics_count * sizeof(*trial.pages));
	try_texts(&trial, &scratch);
	match_pages(&trial);
	score_topics(&trial);
	trigger = decide_urgent(&trial, out, arena);
	decide_topic(&trial, policy, trigger, out, arena);
	decide_tags(&trial, policy, out);
	rule = decide_priority(&trial, out, arena);
	decide_tier(&trial, rule, out, arena);
	arena_fini(&scratch);
}

void triage_urgent(const struct policy *policy, const struct request *request, struct arena *arena,
                   struct triage *out)
{
	struct trial trial = {.book = policy->rulebook, .request = request, .urgent = true};
	struct arena scratch = {0};

	*out = (struct triage){0};
	if (trial.book == NULL || trial.book->topics_count == 0) {
		struct triage is = {0};

		decide_nothing(policy, request, &is);
		*out = (struct triage){.immediate = is.immediate,
		                       .immediate_why = is.immediate_why};
		return;
	}
	try_texts(&trial, &scratch);
	(void)decide_urgent(&trial, out, arena);
	arena_fini(&scratch);
}
