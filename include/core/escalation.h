/* SPDX-License-Identifier: MIT */
/* Escalation rules, looked up: which step of which rule answers to something that happened, or to
 * a timer. What a step then does to a ticket is ticket_decide()'s. */
#ifndef TB_CORE_ESCALATION_H
#define TB_CORE_ESCALATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/policy.h"
#include "core/rule.h"
#include "core/ticket.h"

/* Borrowed from the policy. */
struct escalation {
	const struct rule *rule;
	const struct rule_step *step;
	const struct rule_when *when;
};

/* Something that is no clock's. */
struct happening {
	enum rule_event event;
	const char *trigger;  /* WHEN_TRIGGER, WHEN_ASKED: the list that matched */
	int count;            /* WHEN_ANSWER_FAILED, WHEN_REOPENED: so many by now */
	const char *evidence; /* for people */
};

/* The first step of each rule that answers to it, in the order of the policy; returns how many. A
 * condition with a count holds when it is reached, not again behind it. */
size_t escalation_match(const struct policy *policy, const struct ticket *ticket,
                        const struct happening *happening, struct escalation out[RULES_MAX]);

/* The condition behind a slot of core/timer; false: none has it. */
bool escalation_of_slot(const struct policy *policy, uint8_t slot, struct escalation *out);

/* The first step with such a condition, whatever the ticket; false: none. */
bool escalation_find(const struct policy *policy, enum rule_event event, struct escalation *out);

/* Who is paged about the ticket on `tier`, for the n-th attempt (0: the first): of the skill that
 * its topic needs there, then whose turn it is. NULL: the tier has nobody. */
const struct contact *escalation_contact(const struct policy *policy, const struct ticket *ticket,
                                         int tier, wall_ms now, unsigned attempt);

/* The rule whose name is on a page that stands: the one that makes emergencies, or for any other
 * ticket the first one that pages. "": none does. */
const char *escalation_paging(const struct policy *policy, bool emergency);

/* The condition's priorities, tiers and topics let the ticket through. */
bool escalation_applies(const struct rule_when *when, const struct ticket *ticket);

/* "X5: Nobody has answered (first response due 2026-03-02 10:30 EST passed)": the rule, its line
 * and the evidence. In the arena. */
const char *escalation_why(const struct escalation *escalation, const char *evidence,
                           struct arena *arena);

#endif
