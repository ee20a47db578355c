/* SPDX-License-Identifier: MIT */
/* The clocks of a ticket. Nothing is counted down: when each one runs out follows from the ticket
 * and its policy, and which have had their effect is a bit of the ticket. So a restart, a kill or
 * a second node changes nothing, and an open clock costs nothing. */
#ifndef TB_CORE_TIMER_H
#define TB_CORE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"
#include "core/ticket.h"

/* X(enumerator, name on record) */
#define TIMER_TABLE(X)                                                           \
	X(TIMER_FIRST_WARN, "first_response_warning")                            \
	X(TIMER_FIRST_BREACH, "first_response_breach")                           \
	X(TIMER_RESOLUTION_WARN, "resolution_warning")                           \
	X(TIMER_RESOLUTION_BREACH, "resolution_breach")                          \
	X(TIMER_PAGE, "page")                 /* the next page attempt */        \
	X(TIMER_OFFER_TICKET, "offer_ticket") /* waits long in the queue */      \
	X(TIMER_KEEP_TICKET, "keep_ticket")   /* goes on as a ticket */          \
	X(TIMER_REMIND, "reminder")           /* pending: remind the customer */ \
	X(TIMER_NO_REPLY, "no_reply")         /* pending: close */               \
	X(TIMER_FINISH, "finish")             /* resolved for good: closed */    \
	X(TIMER_STALE, "stale")

enum timer {
#define TIMER_ROW(name, text) name,
	TIMER_TABLE(TIMER_ROW)
#undef TIMER_ROW
};

/* Slots from here on are the timed conditions of escalation rules, in the order of the policy:
 * rule_step.slot says which; the last ones are milestones, a warning and a breach each, in the
 * order of the policy. The fired ones are bits of ticket.clocks.fired. */
#define TIMER_RULES      16
#define TIMER_MILESTONES (TIMER_SLOTS - 2 * MILESTONES_MAX)
#define TIMER_SLOTS      64

struct due {
	uint8_t slot;
	wall_ms at;
};

/* The timers of the ticket that run and have not fired, soonest first; returns how many. Targets
 * count from creation: a part in percent of the target's own clock, with the pauses so far. What a
 * topic promises instead of its priority does not hold for critical tickets. */
size_t timer_list(const struct policy *policy, const struct ticket *ticket,
                  struct due out[TIMER_SLOTS]);

/* Brings first_response_due, resolution_due, what is left of both, the milestones and
 * clocks.next_due up to date with the rest of the ticket: after every change. Due times count from creation, with the same pauses, whatever the
 * priority was before. first_response_due stays once it was answered; resolution_due is 0 while
 * the clock is paused; a milestone that is not promised any more is gone, unless it was reached. */
void timer_settle(const struct policy *policy, struct ticket *ticket);

/* The same for who has just listed the timers of this very ticket. */
void timer_settle_from(const struct policy *policy, const struct due *list, size_t count,
                       struct ticket *ticket);

/* All that timers hang on is the same on both, but for which have fired. */
bool timer_is_same(const struct ticket *a, const struct ticket *b);

/* Forgets that a timer fired when what it counts from is another moment than it was `before`: new
 * activity, a new tier, a new wait. Targets fire once in a ticket's life. true: one was forgotten,
 * so the ticket has to be settled. */
bool timer_rearm(const struct policy *policy, const struct ticket *before, struct ticket *ticket);

/* The business clock of the ticket's channel; around the clock when it has none. */
const struct calendar *timer_hours(const struct policy *policy, const struct ticket *ticket);

/* Of a target: its warning, or its breach. */
bool timer_is_target(uint8_t slot);

/* The milestone behind a slot; NULL: it is none's. */
const struct milestone *timer_milestone(const struct policy *policy, uint8_t slot);

/* "first_response_breach"; of a rule's slot its rule's id, "X5", of a milestone's its own; "": no
 * such slot. */
const char *timer_name(const struct policy *policy, uint8_t slot);

#endif
