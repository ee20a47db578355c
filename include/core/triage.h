/* SPDX-License-Identifier: MIT */
/* What a request is about, how much it presses, and whether it is an emergency: from its words,
 * the page it was asked on and the customer's own answers. Rules are data of the policy, compiled
 * once; a decision is one walk over the words. */
#ifndef TB_CORE_TRIAGE_H
#define TB_CORE_TRIAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "core/policy.h"

/* Bytes of a text that are looked at: of a longer one the beginning and the end, as people write
 * above and below what they paste. */
#define TRIAGE_TEXT_MAX 8192
#define TRIAGE_TAIL_MAX 2048 /* of these, for the end */

struct request {
	struct span text;
	struct span title;    /* of a form or a mail; absent for chat */
	struct span page_url; /* a whole URL or a path */
	struct span page_title;
	struct visitor_flags flags;
};

struct triage {
	const struct topic *topic; /* NULL: the policy has none; else never */
	struct tag tags[TAGS_MAX];
	unsigned tags_count;
	enum priority priority;
	int tier; /* who will have to solve it; immediate: 3 */
	bool immediate;
	bool possible_incident; /* a trigger matched but a guard held it back: agents are shown it */
	const char *trigger;    /* name of the trigger list that fired; NULL: none */
	const char *asked;      /* of the list that is no emergency and matched; NULL: none */
	const char *asked_why;  /* its evidence */
	/* The evidence, for people: "words: pull request, platform approval; page: ...". In the
	 * arena, never NULL. */
	const char *topic_why, *priority_why, *tier_why, *immediate_why;
};

void triage_decide(const struct policy *policy, const struct request *request, struct arena *arena,
                   struct triage *out);

/* Of a further message: only whether it is an emergency and what it asks for, as triage_decide() says
 * it. All else in *out is zero. */
void triage_urgent(const struct policy *policy, const struct request *request, struct arena *arena,
                   struct triage *out);

#endif
