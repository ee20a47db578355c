/* SPDX-License-Identifier: MIT */
/* A small policy made by hand, for tests of the rules that need no file: Monday to Friday 08:00 to
 * 18:00 UTC, the targets and rules of a usual desk, three topics, two lists of trigger words. */
#ifndef TB_TESTS_POLICY_KIT_H
#define TB_TESTS_POLICY_KIT_H

#include "core/command.h"
#include "core/policy.h"

#define BUSINESS_HOUR_MS HOUR_MS
#define BUSINESS_DAY_MS  (10 * HOUR_MS)

#define KIT_RULES_MAX 12

/* Do not copy: it points into itself. */
struct policy_kit {
	struct policy policy;
	struct policy_book book;
	struct calendar hours;
	struct calendar_date dates[1];
	struct topic topics[4];
	struct contact contacts[2];
	struct contact supervisor, lead;
	struct rule rules[KIT_RULES_MAX];
	struct arena arena;
};

void policy_kit_init(struct policy_kit *kit);
void policy_kit_fini(struct policy_kit *kit);

/* Numbers the timed conditions again, after a test has put rules of its own. */
void policy_kit_slots(struct policy_kit *kit);

/* The slot of the n-th timed condition (from 0) of a rule. */
uint8_t policy_kit_slot(const struct policy_kit *kit, const char *rule, unsigned n);

/* "2026-03-06 17:30" (UTC) as a moment. */
wall_ms kit_at(const char *text);

#endif
