/* SPDX-License-Identifier: MIT */
/* What matched is sorted to those who own it; then the four decisions, each from what came before:
 * immediate, topic, priority, tier. */
#include "core/triage.h"

#include <string.h>

#include "core/rulebook.h"
#include "core/why.h"

#define TITLE_MAX 512U

/* What matched of one list: for its evidence at most so many are kept. */
#define SEEN_MAX 4

struct tally {
	unsigned matched, unless;
	int score;
	unsigned seen_count;
	struct span *seen; /* SEEN_MAX of them, once there is one */
};

struct trial {
	const struct rulebook *book;
	bool urgent; /* nothing but triggers and guards counts */
	const struct request *request;
	struct chart chart;
	struct tally *topics, *tiers, *guards, *triggers, *priorities;
	const char **pages; /* by topic: what of the page's path is its */
	size_t topic;       /* decided */
};

static struct tally *tallies(struct arena *arena, size_t count)
{
	return arena_alloc(arena, (count + 1) * sizeof(struct tally));
}

static struct tally *tally_of(struct trial *trial, const struct rule_pattern *rule)
{
	switch (rule->role) {
	case ROLE_TOPIC:
	case ROLE_TOPIC_UNLESS:
		return &trial->topics[rule->owner];
	case ROLE_TIER:
	case ROLE_TIER_UNLESS:
		return &trial->tiers[rule->owner];
	case ROLE_TRIGGER:
	case ROLE_TRIGGER_UNLESS:
		return &trial->triggers[rule->owner];
	case ROLE_PRIORITY:
	case ROLE_PRIORITY_UNLESS:
		return &trial->priorities[rule->owner];
	case ROLE_GUARD:
		break;
	}
	return &trial->guards[rule->owner];
}

/* What this trial is about. */
static bool counts(const struct trial *trial, const struct rule_pattern *rule)
{
	return !trial->urgent || rule->role == ROLE_GUARD || rule->role == ROLE_TRIGGER ||
	       rule->role == ROLE_TRIGGER_UNLESS;
}

static void count_match(struct trial *trial, const struct rule_pattern *rule, struct span seen)
{
	struct tally *tally = tally_of(trial, rule);

	if (rule->role == ROLE_TOPIC_UNLESS || rule->role == ROLE_TIER_UNLESS ||
	    rule->role == ROLE_TRIGGER_UNLESS || rule->role == ROLE_PRIORITY_UNLESS) {
		tally->unless++;
		return;
	}
	tally->matched++;
	tally->score += rule->weight;
	if (tally->seen_count == SEEN_MAX || rule->weight < 0)
		return;
	if (tally->seen == NULL)
		tally->seen = arena_alloc_raw(trial->chart.arena, SEEN_MAX * sizeof(*tally->seen));
	tally->seen[tally->seen_count++] = seen;
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

static bool holds(const struct tally *tally)
{
	return tally->matched > 0 && tally->unless == 0;
}

/* The path of a URL, or what is one already. */
static struct span path_of(struct span url)
{
	const char *host, *path = url.ptr;
	size_t len = url.len;

	if (path == NULL)
		return url;
	host = memmem(path, len, "://", 3);
	if (host != NULL) {
		host += 3;
		len -= (size_t)(host - url.ptr);
		path = memchr(host, '/', len);
		if (path == NULL)
			return (struct span){0};
		len -= (size_t)(path - host);
	}
	for (size_t i = 0; i < len; i++) {
		if (path[i] == '?' || path[i] == '#')
			return (struct span){.ptr = path, .len = i};
	}
	return (struct span){.ptr = path, .len = len};
}

/* `page` is the path or a folder above it. */
static bool page_is(struct span path, const char *page)
{
	size_t len = strlen(page);

	if (len == 0 || path.len < len || memcmp(path.ptr, page, len) != 0)
		return false;
	return path.len == len || page[len - 1] == '/' || path.ptr[len] == '/';
}

static void match_pages(struct trial *trial)
{
	struct span path = path_of(trial->request->page_url);

	for (size_t i = 0; i < trial->book->topics_count; i++) {
		const struct names_in *pages = &trial->book->topics[i].pages;

		for (size_t k = 0; k < pages->count && trial->pages[i] == NULL; k++) {
			if (!page_is(path, pages->items[k]))
				continue;
			trial->pages[i] = pages->items[k];
		}
	}
}

/* The page alone says nothing, as people ask about anything anywhere: words have to be enough. */
static bool topic_counts(const struct trial *trial, size_t topic)
{
	return holds(&trial->topics[topic]) && trial->topics[topic].score >= RULEBOOK_TOPIC_LEAST;
}

static int topic_score(const struct trial *trial, size_t topic)
{
	int page = trial->pages[topic] != NULL ? RULEBOOK_PAGE_WEIGHT : 0;

	return trial->topics[topic].score + page;
}

static void why_seen(struct why *why, const struct tally *tally)
{
	for (unsigned i = 0; i < tally->seen_count; i++) {
		why_text(why, i > 0 ? ", " : "");
		why_quote(why, tally->seen[i]);
	}
	if (tally->matched > tally->seen_count && tally->seen_count == SEEN_MAX)
		why_text(why, " and more");
}

/* The first guard of the trigger that matched; NULL: none. */
static const char *held_back(const struct trial *trial, const struct rule_trigger *trigger,
                             const struct tally **tally_out)
{
	for (size_t i = 0; i < trial->book->guards_count; i++) {
		if (!trigger->guarded[i] || !holds(&trial->guards[i]))
			continue;
		*tally_out = &trial->guards[i];
		return trial->book->guards[i];
	}
	return NULL;
}

/* The first trigger that fires; notes in `why` what was held back. NULL: none fires. */
static const struct rule_trigger *find_trigger(const struct trial *trial, struct triage *out,
                                               struct why *why)
{
	for (size_t i = 0; i < trial->book->triggers_count; i++) {
		const struct rule_trigger *trigger = &trial->book->triggers[i];
		const struct tally *guard = NULL;
		const char *name;

		if (!holds(&trial->triggers[i]))
			continue;
		name = held_back(trial, trigger, &guard);
		why_text(why, why->len > 0 ? "; " : "");
		why_text(why, trigger->name);
		why_text(why, ": ");
		why_seen(why, &trial->triggers[i]);
		if (name == NULL)
			return trigger;
		why_text(why, ", held back by ");
		why_text(why, name);
		why_text(why, ": ");
		why_seen(why, guard);
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

static const struct rule_trigger *decide_immediate(struct trial *trial, struct triage *out,
                                                   struct arena *arena)
{
	struct why why = {.len = 0};
	const struct rule_trigger *trigger = find_trigger(trial, out, &why);

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
	out->immediate_why = why_done(&why, arena);
	return trigger;
}

static size_t best_topic(const struct trial *trial)
{
	size_t best = trial->book->otherwise;
	int score = 0;

	for (size_t i = 0; i < trial->book->topics_count; i++) {
		if (topic_counts(trial, i) && topic_score(trial, i) > score) {
			best = i;
			score = topic_score(trial, i);
		}
	}
	return best;
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
		why_text(&why, "words: ");
		why_seen(&why, &trial->topics[trial->topic]);
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
			if (i != trial->topic && topic_counts(trial, i) &&
			    topic_score(trial, i) < below && topic_score(trial, i) > score)
				score = topic_score(trial, i);
		}
		if (score == 0)
			return;
		for (size_t i = 0; i < trial->book->topics_count; i++) {
			if (i == trial->topic || !topic_counts(trial, i) ||
			    topic_score(trial, i) != score || out->tags_count == TAGS_MAX)
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

		if (!rule->topics[trial->topic] || !holds(&trial->priorities[i]))
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
		why_seen(why, &trial->priorities[at]);
	}
	return best;
}

static const struct rule_priority *decide_priority(const struct trial *trial, struct triage *out,
                                                   struct arena *arena)
{
	struct why why = {.len = 0};
	const struct rule_priority *rule = find_priority(trial, &why);

	out->priority = rule != NULL ? rule->priority : trial->book->topics[trial->topic].priority;
	if (rule == NULL)
		why_text(&why, "as usual for the topic");
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

		if (!holds(tally))
			continue;
		out->tier = trial->book->tiers[topic->first_tier + i];
		why = (struct why){.len = 0};
		why_text(&why, "words: ");
		why_seen(&why, tally);
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
	const struct span texts[] = {cut(request->title, TITLE_MAX),
	                             cut(request->text, TRIAGE_TEXT_MAX)};

	trial->guards = tallies(arena, trial->book->guards_count);
	trial->triggers = tallies(arena, trial->book->triggers_count);
	chart_make(&trial->chart, &trial->book->grammar, texts, sizeof(texts) / sizeof(texts[0]),
	           arena);
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
	trial.topics = tallies(&scratch, book->topics_count);
	trial.tiers = tallies(&scratch, book->tiers_count);
	trial.priorities = tallies(&scratch, book->priorities_count);
	trial.pages = arena_alloc(&scratch, book->topics_count * sizeof(*trial.pages));
	try_texts(&trial, &scratch);
	match_pages(&trial);
	trigger = decide_immediate(&trial, out, arena);
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
	struct triage nothing = {0};
	struct arena scratch = {0};

	*out = (struct triage){0};
	if (trial.book == NULL || trial.book->topics_count == 0) {
		decide_nothing(policy, request, &nothing);
		out->immediate = nothing.immediate;
		out->immediate_why = nothing.immediate_why;
		return;
	}
	try_texts(&trial, &scratch);
	(void)decide_immediate(&trial, out, arena);
	arena_fini(&scratch);
}
