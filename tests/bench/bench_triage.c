/* SPDX-License-Identifier: MIT */
/* What triage costs under the shipped policy: microseconds of CPU a message. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../server/zones.h"
#include "base/must.h"
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
	policy_unref(&policy);
	policy_mistakes_fini(&mistakes);
	return 0;
}
