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

static struct rulebook *book_of(struct arena *arena, const char *pattern, unsigned *mistakes)
{
	static const char *const loop[] = {"word", "$set more", "(a|b) $set"};
	const char **patterns = arena_alloc(arena, sizeof(*patterns));
	struct list_in *words = arena_alloc(arena, sizeof(*words));
	const struct list_in members = {.items = loop, .count = 3, .at = "$.words.set"};
	const struct set_in set = {.name = "set", .at = "$.words.set", .members = members};
	const struct rulebook_sink sink = {.mistake = count_mistake, .ctx = mistakes};

	patterns[0] = pattern;
	*words = (struct list_in){.items = patterns, .count = 1, .at = "$.list", .weight = 3};
	const struct topic_in topics[] = {
		{.id = "one", .at = "$", .words = words, .words_count = 1},
		{.id = "other", .at = "$"},
	};
	const struct trigger_in trigger = {.name = "trigger", .at = "$", .words = *words};
	const struct rulebook_in in = {.sets = &set,
	                               .sets_count = 1,
	                               .topics = topics,
	                               .topics_count = 2,
	                               .triggers = &trigger,
	                               .triggers_count = 1};

	return rulebook_compile(arena, &in, &sink);
}

static void decide_holds(const struct policy *policy, struct span text)
{
	const struct request request = {.text = text, .title = text, .page_url = text};
	struct arena arena = {0};
	struct triage first, second;

	triage_decide(policy, &request, &arena, &first);
	triage_decide(policy, &request, &arena, &second);
	MUST(first.topic == second.topic && first.immediate == second.immediate);
	MUST(strcmp(first.topic_why, second.topic_why) == 0);
	MUST(first.tier >= TIER_MIN && first.tier <= TIER_MAX && first.tags_count <= TAGS_MAX);
	MUST(first.immediate == (first.topic == &policy->topics[0]));
	MUST(first.priority_why != NULL && first.tier_why != NULL && first.immediate_why != NULL);
	arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct topic topics[] = {{.id = "one", .tier = 1}, {.id = "other", .tier = 2}};
	const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t len = line != NULL ? (size_t)(line - data) : size;
	struct policy policy = {.topics = topics, .topics_count = 2};
	struct arena arena = {0};
	unsigned mistakes = 0;
	struct span pattern = {.ptr = (const char *)data, .len = len};
	struct span text = {.ptr = (const char *)data + len, .len = size - len};

	policy.rulebook =
		book_of(&arena, size > 0 ? arena_span(&arena, pattern).ptr : "", &mistakes);
	MUST((policy.rulebook == NULL) == (mistakes > 0));
	if (policy.rulebook != NULL)
		decide_holds(&policy, text);
	arena_fini(&arena);
	return 0;
}
