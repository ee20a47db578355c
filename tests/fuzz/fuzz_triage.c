/* SPDX-License-Identifier: MIT */
/* The first line as a pattern, the rest as a text: what compiles decides on any text within its
 * bounds, and the same twice; what does not says why. */
#include <stdint.h>
#include <string.h>

#include "base/must.h"
#include "core/rulebook.h"
#include "core/triage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count_mistake(void *ctx, const char *at, const char *sentence)
{
	MUST(at[0] == '$' && sentence[0] != '\0');
	(*(unsigned *)ctx)++;
}

/* Signs that are enough in several ways, of the pattern and of words that a text may well have. */
static struct signs_in signs_of(struct arena *arena, const struct list_in *words)
{
	static const char *const few[] = {"word near a", "$set (b|c d)"};
	static const char *const one[] = {"a|b|c|word", "#"};
	static const char *const against[] = {"not"};
	const struct list_in few_words = {.items = few, .count = 2, .at = "$.few"};
	const struct list_in one_words = {.items = one, .count = 2, .at = "$.one"};
	const struct list_in against_words = {.items = against, .count = 1, .at = "$.against"};
	const struct sign_in signs[] = {
		{.about = "pattern", .words = *words, .points = 5},
		{.about = "few", .words = few_words, .points = 4},
		{.about = "one", .words = one_words, .unless = *words, .points = 3},
		{.about = "against", .words = against_words, .points = -2},
		{.about = "usual", .usual = PRIORITY_MEDIUM, .points = 1},
	};
	struct sign_in *kept = arena_alloc(arena, sizeof(signs));

	memcpy(kept, signs, sizeof(signs));
	return (struct signs_in){.items = kept, .count = ARRAY_LEN(signs), .least = 7};
}

/* One trigger goes by the pattern, or it goes by signs alone. */
static struct rulebook *book_of(struct arena *arena, const char *pattern, bool signs,
                                unsigned *mistakes)
{
	static const char *const loop[] = {"word", "$set more", "(a|b) $set"};
	static const char *const drill[] = {"drill"}, *const drills[] = {"drill"};
	const char **patterns = arena_alloc(arena, sizeof(*patterns));
	struct list_in *words = arena_alloc(arena, sizeof(*words));
	const struct list_in members = {.items = loop, .count = 3, .at = "$.words.set"};
	const struct set_in set = {.name = "set", .at = "$.words.set", .members = members};
	const struct guard_in guard = {.name = "drill",
	                               .words = {.items = drill, .count = 1, .at = "$.drill"}};
	const struct rulebook_sink sink = {.mistake = count_mistake, .ctx = mistakes};

	patterns[0] = pattern;
	*words = (struct list_in){.items = patterns, .count = 1, .at = "$.list", .weight = 3};
	const struct topic_in topics[] = {
		{.id = "one",
	         .at = "$",
	         .words = words,
	         .words_count = 1,
	         .priority = PRIORITY_MEDIUM},
		{.id = "other", .at = "$"},
	};
	struct trigger_in trigger = {.name = "trigger", .at = "$"};
	const struct rulebook_in in = {.sets = &set,
	                               .sets_count = 1,
	                               .topics = topics,
	                               .topics_count = 2,
	                               .guards = &guard,
	                               .guards_count = 1,
	                               .triggers = &trigger,
	                               .triggers_count = 1};

	if (signs) {
		trigger.signs = signs_of(arena, words);
		trigger.guards = (struct names_in){.items = drills, .count = 1};
	} else {
		trigger.words = *words;
	}
	return rulebook_compile(arena, &in, &sink);
}

static void decide_holds(const struct policy *policy, bool signs, struct span text)
{
	const struct request request = {.text = text, .title = text, .page_url = text};
	struct arena arena = {0};
	struct triage first, second;

	triage_decide(policy, &request, &arena, &first);
	triage_decide(policy, &request, &arena, &second);
	MUST(first.topic == second.topic && first.immediate == second.immediate);
	MUST(strcmp(first.topic_why, second.topic_why) == 0);
	MUST(first.tier >= TIER_MIN && first.tier <= TIER_MAX && first.tags_count <= TAGS_MAX);
	MUST(signs || first.immediate == (first.topic == &policy->topics[0]));
	MUST(first.priority_why != NULL && first.tier_why != NULL && first.immediate_why != NULL);
	/* What only looks for emergencies finds the same ones. */
	triage_urgent(policy, &request, &arena, &second);
	MUST(first.immediate == second.immediate);
	MUST(first.possible_incident == second.possible_incident);
	MUST(strcmp(first.immediate_why, second.immediate_why) == 0);
	arena_fini(&arena);
}

static void try_book(struct span pattern, bool signs, struct span text)
{
	static const struct topic topics[] = {{.id = "one", .tier = 1}, {.id = "other", .tier = 2}};
	struct policy policy = {.topics = topics, .topics_count = 2};
	struct arena arena = {0};
	unsigned mistakes = 0;

	policy.rulebook = book_of(&arena, pattern.len > 0 ? arena_span(&arena, pattern).ptr : "",
	                          signs, &mistakes);
	MUST((policy.rulebook == NULL) == (mistakes > 0));
	if (policy.rulebook != NULL)
		decide_holds(&policy, signs, text);
	arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t len = line != NULL ? (size_t)(line - data) : size;
	struct span pattern = {.ptr = (const char *)data, .len = len};
	struct span text = {.ptr = (const char *)data + len, .len = size - len};

	try_book(pattern, false, text);
	try_book(pattern, true, text);
	return 0;
}
