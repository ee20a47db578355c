/* SPDX-License-Identifier: MIT */
/* A policy tried on what is on record. */
#ifndef TB_POLICY_PAST_H
#define TB_POLICY_PAST_H

#include <jansson.h>

#include "config.h"
#include "policy_file.h"

/* What triage and rules of the policy would have done to the tickets since then, beside what was
 * done. OK: *out is {"tickets":[...],"summary":{...}}, yours. Else `why` (ERRAND_WHY_SIZE). */
NODISCARD enum status policy_past_try(const struct config *config, struct policy *policy,
                                      wall_ms since, wall_ms now, json_t **out, char *why);
void policy_past_print(const json_t *tried, FILE *out);

/* Open tickets that would be late by now under `b` and are not under `a`: a list of {"number",
 * "title","what"}. */
NODISCARD enum status policy_past_late(const struct config *config, struct policy *a,
                                       struct policy *b, wall_ms now, json_t **out, char *why);

#endif
