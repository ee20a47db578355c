/* SPDX-License-Identifier: MIT */
/* Any bytes as a policy file: what is refused says why and leaves nothing, what is taken can be
 * used; and whatever could be read of it can be proven. */
#include <stdint.h>
#include <string.h>

#include "base/must.h"
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
	struct policy *policy = NULL;
	enum status st = policy_check((struct span){.ptr = (const char *)data, .len = size}, &zones,
	                              NOW, &policy, &mistakes);

	MUST((st == ST_OK) == (policy != NULL) && (st == ST_OK) == (mistakes.mistakes == 0));
	MUST(mistakes.count <= POLICY_MISTAKES_MAX);
	if (policy != NULL) {
		for (int tier = TIER_MIN; tier <= TIER_MAX; tier++)
			(void)policy_contact(policy, tier, "devops", NOW, 3);
	}
	policy_unref(&policy);
	policy_mistakes_fini(&mistakes);
	return 0;
}
