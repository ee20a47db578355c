/* SPDX-License-Identifier: MIT */
/* Any bytes as a policy file: what is refused says why and leaves nothing, what is taken can be
 * proven and used. */
#include <stdint.h>
#include <string.h>

#include "base/must.h"
#include "core/policy_proof.h"
#include "proto/json_guard.h"
#include "proto/policy.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (INT64_C(20779) * DAY_MS)

static enum status load(void *ctx, const char *name, struct arena *arena, struct zone *out)
{
	(void)ctx;
	(void)arena;
	if (strcmp(name, "UTC") != 0)
		return ST_NOT_FOUND;
	*out = zone_utc;
	return ST_OK;
}

static void say(void *ctx, bool warning, const char *path, const char *sentence)
{
	MUST(path[0] == '$' && sentence[0] != '\0');
	policy_mistakes_add(ctx, warning, path, sentence);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_guard_setup();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct zone_source zones = {.load = load};
	struct policy_mistakes mistakes = {0};
	const struct policy_sink sink = {.say = say, .ctx = &mistakes};
	struct policy *policy = NULL;
	enum status st = policy_parse((struct span){.ptr = (const char *)data, .len = size}, &zones,
	                              &policy, &mistakes);

	MUST((st == ST_OK) == (policy != NULL) && (st == ST_OK) == (mistakes.mistakes == 0));
	MUST(mistakes.count <= POLICY_MISTAKES_MAX);
	if (policy != NULL) {
		for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
			(void)policy_contact(policy, tier, "devops", NOW, 3);
		policy_prove(policy, NOW, &sink);
	}
	policy_unref(&policy);
	policy_mistakes_fini(&mistakes);
	return 0;
}
