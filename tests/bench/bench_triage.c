/* SPDX-License-Identifier: MIT */
/* What triage costs under the shipped policy: microseconds of CPU a message. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../server/zones.h"
#include "base/must.h"
#include "core/rulebook.h"
#include "core/triage.h"
#include "proto/json_guard.h"
#include "proto/policy.h"

#define ROUNDS 2000
#define LONG   8000

static const char usual[] =
	"The review instance for my branch has been stuck on building for two hours. The job says "
	"success. Is there something else I need to kick?";

static double cpu_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double run(const struct policy *policy, struct span text, unsigned rounds)
{
	const struct request request = {.text = text, .page_url = SPAN_LIT("/developer-docs")};
	double start = cpu_us();

	for (unsigned i = 0; i < rounds; i++) {
		struct arena arena = {0};
		struct triage triage;

		triage_decide(policy, &request, &arena, &triage);
		MUST(triage.topic != NULL);
		arena_fini(&arena);
	}
	return (cpu_us() - start) / rounds;
}

/* ------------------------------------------------------------ further messages */

#define SENTENCES_MAX 8000
#define REPEATS       20

static const char *const replies[] = {
	"yes that worked thanks",
	"ok thank you",
	"Thanks, I will try that and let you know.",
	"no, still the same",
	"it is on my own branch, the pull request is open since yesterday",
	"one moment please",
	"where do I find that page?",
	"I did that already but it says I have no access",
	"great, that is all I needed",
	"sorry, I was away. can you say that again?",
	"my team is called benefits and the reviewer is out this week",
	"here is the link to the job",
};

struct sentences {
	struct span *items;
	size_t count;
	struct arena arena;
};

static void cut_sentences(struct sentences *sentences, const char *text)
{
	const char *start = text;

	for (const char *at = text;; at++) {
		bool end = *at == '\0' || *at == '\n' ||
		           (strchr(".!?", *at) != NULL && (at[1] == ' ' || at[1] == '\n'));

		if (!end)
			continue;
		if (at - start > 3 && sentences->count < SENTENCES_MAX)
			sentences->items[sentences->count++] = arena_span(
				&sentences->arena, (struct span){start, (size_t)(at - start)});
		if (*at == '\0')
			return;
		start = at + 1;
	}
}

/* The texts of requests that are no emergencies, line by line. */
static void read_texts(struct sentences *sentences, const char *path)
{
	FILE *file = fopen(path, "r");
	json_t *line;

	if (file == NULL)
		return;
	while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
		const char *text = json_string_value(json_object_get(line, "text"));

		if (text != NULL && !json_is_true(json_object_get(line, "immediate")))
			cut_sentences(sentences, text);
		json_decref(line);
	}
	(void)fclose(file);
}

static double run_urgent(const struct policy *policy, struct span text)
{
	const struct request request = {.text = text};
	double start = cpu_us();

	for (unsigned i = 0; i < REPEATS; i++) {
		struct arena arena = {0};
		struct triage triage;

		triage_urgent(policy, &request, &arena, &triage);
		MUST(triage.immediate_why != NULL);
		arena_fini(&arena);
	}
	return (cpu_us() - start) / REPEATS;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* What is passed over has no emergency. */
static void check_passed_over(const struct policy *policy, struct span text)
{
	const struct request request = {.text = text};
	struct arena arena = {0};
	struct triage whole, urgent;

	triage_decide(policy, &request, &arena, &whole);
	triage_urgent(policy, &request, &arena, &urgent);
	MUST(whole.immediate == urgent.immediate &&
	     whole.possible_incident == urgent.possible_incident &&
	     strcmp(whole.immediate_why, urgent.immediate_why) == 0);
	arena_fini(&arena);
}

static size_t count_searched(const struct policy *policy, const struct span *texts, size_t count)
{
	size_t searched = 0;

	for (size_t i = 0; i < count; i++) {
		struct arena arena = {0};
		struct chart words;

		chart_read(&words, &policy->rulebook->grammar, &texts[i], 1, &arena);
		searched += rulebook_may_fire(policy->rulebook, &words) ? 1U : 0U;
		arena_fini(&arena);
	}
	return searched;
}

static void report_urgent(const struct policy *policy, const char *name, const struct span *texts,
                          size_t count)
{
	double *each = calloc(count, sizeof(*each)), sum = 0;

	MUST(each != NULL && count > 0);
	for (size_t i = 0; i < count; i++) {
		check_passed_over(policy, texts[i]);
		sum += each[i] = run_urgent(policy, texts[i]);
	}
	qsort(each, count, sizeof(*each), by_size);
	(void)printf("%-28s %8.1f us; mean %.1f, 95 of 100 below %.1f; %zu of %zu are searched\n",
	             name, each[count / 2], sum / (double)count, each[count * 95 / 100],
	             count_searched(policy, texts, count), count);
	free(each);
}

static void run_messages(const struct policy *policy)
{
	static const char *const files[] = {"tests/triage/develop.jsonl",
	                                    "tests/triage/held-out.jsonl",
	                                    "tests/triage/fresh.jsonl"};
	struct sentences sentences = {.count = 0};
	struct span said[ARRAY_LEN(replies)];

	for (size_t i = 0; i < ARRAY_LEN(replies); i++)
		said[i] = span_of(replies[i]);
	report_urgent(policy, "emergency in a reply", said, ARRAY_LEN(replies));
	sentences.items = arena_alloc(&sentences.arena, SENTENCES_MAX * sizeof(struct span));
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		read_texts(&sentences, files[i]);
	report_urgent(policy, "emergency in a sentence", sentences.items, sentences.count);
	arena_fini(&sentences.arena);
}

int main(void)
{
	struct policy_mistakes mistakes = {0};
	static char text[LONG];
	struct policy *policy = NULL;
	struct zones zones;
	struct zone_source source;

	json_guard_setup();
	zones_init(&zones);
	source = zones_source(&zones);
	MUST(policy_parse(policy_default(), &source, &policy, &mistakes) == ST_OK);
	for (size_t i = 0; i < LONG; i++)
		text[i] = usual[i % (sizeof(usual) - 1)];
	(void)printf("%-28s %8.1f us\n", "triage of a greeting",
	             run(policy, SPAN_LIT("hello"), ROUNDS));
	(void)printf("%-28s %8.1f us\n", "triage of three sentences",
	             run(policy, span_of(usual), ROUNDS));
	(void)printf("%-28s %8.1f us\n", "triage of 8000 bytes",
	             run(policy, (struct span){.ptr = text, .len = LONG}, ROUNDS / 20));
	run_messages(policy);
	policy_unref(&policy);
	policy_mistakes_fini(&mistakes);
	return 0;
}
