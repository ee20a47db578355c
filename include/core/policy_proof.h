/* SPDX-License-Identifier: MIT */
/* What can be proven of a policy before anybody relies on it: that every promise has its clock,
 * every tier somebody, every way up an end, and every hour of the next two years is open or closed
 * on purpose. */
#ifndef TB_CORE_POLICY_PROOF_H
#define TB_CORE_POLICY_PROOF_H

#include "core/policy.h"

#define POLICY_PROOF_DAYS 730 /* so far ahead it is looked */

struct policy_sink {
	/* The place as in the file, "$.tiers[1].contacts"; both borrowed for the call. What only
	 * time has made worse is a warning, so that a policy that once held still starts. */
	void (*say)(void *ctx, bool warning, const char *path, const char *sentence);
	/* What stands at the path, in it or around it could not be read, so nothing is concluded
	 * from it. NULL: all of the policy was read. */
	bool (*doubts)(void *ctx, const char *path);
	void *ctx;
};

/* The policy may have holes where `doubts` says so: what does not hold elsewhere is told. */
void policy_prove(const struct policy *policy, wall_ms now, const struct policy_sink *sink);

/* "5 bmin", "20 bh", "30 s": as the file writes it; "none" for 0. */
#define DURATION_TEXT_SIZE 32
const char *duration_text(const struct duration *duration, char text[DURATION_TEXT_SIZE]);

#endif
