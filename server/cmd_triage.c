/* SPDX-License-Identifier: MIT */
/* tierbell triage: what triage says about requests in a file, and how often it is right. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "command.h"
#include "config.h"
#include "policy_file.h"
#include "samples.h"

struct share {
	size_t part, whole;
};

struct score {
	struct share topic, priority, tier;
	struct share recall;    /* of the emergencies that are expected */
	struct share precision; /* of the emergencies that are decided */
};

static void usage(FILE *out)
{
	(void)fputs("usage: tierbell triage [--policy FILE] [--json] --file FILE\n\n"
	            "Decides on requests, one JSON object a line: {\"text\", \"title\", \"page\",\n"
	            "\"flags\"}; all but `text` may be missing. Lines that say what they expect\n"
	            "(\"topic\", \"priority\", \"tier\", \"immediate\") are scored.\n\n",
	            out);
	config_print_options(out, COMMAND_TRIAGE);
}

static void why_all(struct buf *why, const struct triage *triage)
{
	buf_fmt(why, "topic: %s; priority: %s; tier: %s; immediate: %s", triage->topic_why,
	        triage->priority_why, triage->tier_why, triage->immediate_why);
	if (triage->asked != NULL)
		buf_fmt(why, "; asks: %s: %s", triage->asked, triage->asked_why);
}

static const char *topic_id(const struct triage *triage)
{
	return triage->topic != NULL ? triage->topic->id : "";
}

static void print_json(const struct triage *triage)
{
	struct buf line = {0}, why = {0};

	why_all(&why, triage);
	buf_text(&line, "{\"topic\":");
	buf_json(&line, span_of(topic_id(triage)));
	buf_fmt(&line, ",\"priority\":\"%s\",\"tier\":%d,\"immediate\":%s,\"why\":",
	        priority_name(triage->priority), triage->tier,
	        triage->immediate ? "true" : "false");
	buf_json(&line, (struct span){.ptr = why.ptr, .len = why.len});
	buf_char(&line, '}');
	(void)puts(buf_cstr(&line));
	buf_fini(&line);
	buf_fini(&why);
}

/* The text on one line that a terminal can show. */
static void print_request(const struct sample *sample)
{
	struct span text = sample->request.text;
	struct buf line = {0};

	for (size_t i = 0; i < text.len && line.len < 200; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < 0x20 || c == 0x7F)
			buf_char(&line, ' ');
		else
			buf_char(&line, text.ptr[i]);
	}
	(void)printf("line %zu: %s\n", sample->line, buf_cstr(&line));
	buf_fini(&line);
}

static void print_miss(const char *what, const char *expected, const char *decided, const char *why)
{
	(void)printf("    %-9s %s expected, %s decided (%s)\n", what, expected, decided, why);
}

/* How a decision compares with what is expected. What is not expected is right. */
struct verdict {
	bool topic, priority, tier, immediate;
};

static void print_misses(const struct sample *sample, const struct triage *triage,
                         const struct verdict *right)
{
	char expected[8], decided[8];

	if (!right->topic || !right->priority || !right->tier || !right->immediate)
		print_request(sample);
	if (!right->topic)
		print_miss("topic", sample->topic, topic_id(triage), triage->topic_why);
	if (!right->priority)
		print_miss("priority", priority_name(sample->priority),
		           priority_name(triage->priority), triage->priority_why);
	if (!right->tier) {
		(void)snprintf(expected, sizeof(expected), "%d", sample->tier);
		(void)snprintf(decided, sizeof(decided), "%d", triage->tier);
		print_miss("tier", expected, decided, triage->tier_why);
	}
	if (!right->immediate)
		print_miss("immediate", sample->immediate ? "yes" : "no",
		           triage->immediate ? "yes" : "no", triage->immediate_why);
}

static void share_add(struct share *share, bool counted, bool right)
{
	if (!counted)
		return;
	share->whole++;
	if (right)
		share->part++;
}

/* Counts, and tells what is wrong. */
static void score_add(struct score *score, const struct sample *sample, const struct triage *triage)
{
	bool both = sample->immediate && triage->immediate;
	const struct verdict right = {
		.topic = sample->topic == NULL || strcmp(sample->topic, topic_id(triage)) == 0,
		.priority = !sample->has_priority || sample->priority == triage->priority,
		.tier = !sample->has_tier || sample->tier == triage->tier,
		.immediate = !sample->has_immediate || sample->immediate == triage->immediate,
	};

	share_add(&score->topic, sample->topic != NULL, right.topic);
	share_add(&score->priority, sample->has_priority, right.priority);
	share_add(&score->tier, sample->has_tier, right.tier);
	share_add(&score->recall, sample->has_immediate && sample->immediate, both);
	share_add(&score->precision, sample->has_immediate && triage->immediate, both);
	print_misses(sample, triage, &right);
}

static void print_share(const char *what, const struct share *share)
{
	if (share->whole > 0)
		(void)printf("%-22s %zu of %zu (%.1f %%)\n", what, share->part, share->whole,
		             100.0 * (double)share->part / (double)share->whole);
	else
		(void)printf("%-22s nothing to count\n", what);
}

static void print_score(const struct score *score, size_t requests)
{
	(void)printf("%-22s %zu\n", "requests", requests);
	print_share("topic", &score->topic);
	print_share("priority", &score->priority);
	print_share("tier", &score->tier);
	print_share("immediate: recall", &score->recall);
	print_share("immediate: precision", &score->precision);
}

static void decide_all(const struct policy *policy, const struct samples *samples, bool json)
{
	struct score score = {0};

	for (size_t i = 0; i < samples->count; i++) {
		struct arena arena = {0};
		struct triage triage;

		triage_decide(policy, &samples->items[i].request, &arena, &triage);
		if (json)
			print_json(&triage);
		else
			score_add(&score, &samples->items[i], &triage);
		arena_fini(&arena);
	}
	if (!json)
		print_score(&score, samples->count);
}

static int read_samples(const char *path, struct samples *samples)
{
	char why[SAMPLES_WHY_SIZE], sentence[SAMPLES_WHY_SIZE * 2];
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	enum status st;

	if (file == NULL) {
		(void)snprintf(sentence, sizeof(sentence), "cannot read %.200s: %s", path,
		               strerrordesc_np(errno));
		return command_fail(EXIT_FAILED, sentence);
	}
	st = samples_read(file, samples, why);
	if (!is_stdin)
		(void)fclose(file);
	if (st == ST_OK)
		return EXIT_DONE;
	(void)snprintf(sentence, sizeof(sentence), "%.200s: %s", path, why);
	return command_fail(EXIT_FAILED, sentence);
}

static int triage_file(const struct config *config)
{
	const char *path = config->policy.said ? config->policy.text : NULL;
	char why[POLICY_FILE_WHY_SIZE];
	struct samples samples = {0};
	struct policy_file file;
	int code;

	if (policy_file_load(path, (wall_ms)time(NULL) * SEC_MS, &file, why) != ST_OK) {
		policy_file_print(&file, stderr);
		policy_file_fini(&file);
		return command_fail(EXIT_FAILED, why);
	}
	code = read_samples(config->file.text, &samples);
	if (code == EXIT_DONE)
		decide_all(file.policy, &samples, config->json);
	if (code == EXIT_DONE && (fflush(stdout) != 0 || ferror(stdout) != 0))
		code = command_fail(EXIT_FAILED, "cannot write");
	samples_fini(&samples);
	policy_file_fini(&file);
	return code;
}

static int run(const struct config *config);

static const struct subcommand triage_command = {.id = COMMAND_TRIAGE, .usage = usage, .run = run};

static int run(const struct config *config)
{
	if (config->file.text == NULL || config->rest_count > 0)
		return command_unclear(&triage_command,
		                       "say which requests: triage --file requests.jsonl");
	return triage_file(config);
}

int cmd_triage(const struct invocation *invocation)
{
	return command_run(&triage_command, invocation);
}
