/* SPDX-License-Identifier: MIT */
/* The parts of policy_prove(), for server/core/policy_proof*.c only. */
#ifndef TB_CORE_POLICY_PROOF_PART_H
#define TB_CORE_POLICY_PROOF_PART_H

#include "core/policy_proof.h"

struct proof {
	const struct policy *policy;
	int64_t today; /* civil_days */
	wall_ms now;
	const struct policy_sink *sink;
};

/* `path` and what follows, as for printf: the sentence. */
void proof_mistake(const struct proof *proof, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void proof_warning(const struct proof *proof, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Nothing at the path, in it or around it was read wrong. */
bool proof_sound(const struct proof *proof, const char *path);

/* A target can be kept on the hours of its channel. true: it cannot, which is told. */
bool proof_clock(const struct proof *proof, const struct calendar *hours,
                 const struct promise *promise, const struct duration *target, const char *path);

void proof_calendars(const struct proof *proof);
void proof_rules(const struct proof *proof);
void proof_milestones(const struct proof *proof);

#endif
