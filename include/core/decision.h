/* SPDX-License-Identifier: MIT */
/* Inside ticket_decide(): what the rules of the commands share. */
#ifndef TB_CORE_DECISION_H
#define TB_CORE_DECISION_H

#include "core/command.h"
#include "core/escalation.h"
#include "core/timer.h"
#include "core/triage.h"

/* How long after the end a chat can be rated, and the rating changed. */
#define SURVEY_MS DAY_MS

struct decision {
	const struct ticket *before;
	const struct command *command;
	const struct policy *policy; /* that the ticket goes by; NULL: a desk without */
	struct arena *arena;
	struct effect *effect; /* after starts as a copy of before */
	bool by_system;        /* entries and changes are a rule's, not the actor's */
};

/* The next entry of the log from the command's actor; `draft` brings kind and content. */
struct entry *decision_entry(struct decision *d, const struct entry *draft);

/* The command's words, article or file as an entry, which the ticket counts. */
struct entry *decision_message(struct decision *d);

/* A row of the audit. Borrowed texts must outlive the effect: literals, command, before. */
void decision_change(struct decision *d, const char *field, struct span from, struct span to,
                     struct span why);

/* Sets the priority and says why, if it is another one. */
void decision_priority(struct decision *d, enum priority priority, const char *why);
void decision_status(struct decision *d, enum ticket_status status, const char *why);

/* A fact that turned: "no" to "yes", or back. */
void decision_turn(struct decision *d, const char *field, bool to, const char *why);

/* A formatted text in the arena. */
const char *decision_text(struct decision *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "2026-03-02 10:30 EST", on the wall of whoever answers. */
const char *decision_moment(struct decision *d, wall_ms at);

/* Raises the priority to what the visitor's own answers ask for. true: something changed. */
bool decision_flags(struct decision *d);

/* The ticket's agent, a supervisor, an administrator; any agent while nobody has it. */
bool decision_is_owner(const struct decision *d);

/* The visitor's name and address; and the words of `set` (title, topic, tags). */
void decision_take_visitor(struct decision *d);
void decision_take_fields(struct decision *d);

/* The words of `set` with their rows of the audit. */
void decision_set_words(struct decision *d);

/* Leads the desk: a supervisor or an administrator; the system does too. */
bool decision_is_lead(const struct decision *d);

/* Nobody has it: it waits in the queue of `tier`. */
void decision_queue(struct decision *d, int tier, bool head, struct span why);

/* It goes up to `tier`, which is above its own, with an entry that says why. */
void decision_escalate(struct decision *d, int tier, struct span id, struct span why);

/* It ends with the resolution (NONE: it is said later), and an entry. */
void decision_end(struct decision *d, enum resolution resolution, struct span id, const char *why);

/* An ended one goes on, in the queue of its tier; what rules make of that is put into the plan. */
struct plan;
void decision_reopen(struct decision *d, struct span id, struct plan *plan);

/* Somebody is to know. false: it is beyond what an effect can hold. */
bool decision_alert(struct decision *d, const struct alert *alert);

/* The same, of a rule or a milestone, with a row of the audit that names who was told. */
void decision_tell(struct decision *d, enum rule_notify whom, const char *rule, const char *why);

/* The next of the tier is paged, and the audit says who. */
void decision_page(struct decision *d, int tier, const char *rule, const char *why);

/* Somebody has acknowledged the page, or done what it asked for. */
void decision_page_seen(struct decision *d, const char *why);

/* --- rules (decide_rule.c) --- */

/* What the rules that answer want together, so that a ticket goes up once. */
struct plan {
	int tier; /* 0: stays */
	bool raises;
	enum priority priority;
	bool immediate, data; /* data: the facts of exposed data are asked for */
	bool requeue, choose, approval;
	unsigned milestones; /* 1U << place in the policy */
	/* Whose word each is: a sentence with rule and evidence. */
	const char *tier_why, *priority_why, *immediate_why, *requeue_why, *choose_why,
		*approval_why, *milestones_why;
};

/* Adds what a step wants; its alerts go out at once. */
void plan_add(struct plan *plan, struct decision *d, const struct escalation *escalation,
              const char *evidence);
void plan_happened(struct plan *plan, struct decision *d, const struct happening *happening);
void plan_carry_out(const struct plan *plan, struct decision *d);

/* What rules started does not run any more: it was declared to be no emergency. */
void decision_stop_milestones(struct decision *d);

/* What the customer's words and answers set off. */
void decision_customer(struct decision *d, struct plan *plan, const struct triage *triage);

/* --- clocks (decide_clock.c) --- */

/* A timer had its effect: on record, and not again before what it counts from moves. */
void decision_fired(struct decision *d, const struct due *due);

/* The warning or the breach of a target. */
void decision_target(struct decision *d, const struct due *due);

/* Targets that were missed by now, before the command can stop their clocks. */
void decision_catch_up(struct decision *d);

/* Pauses, work, acceptance and what fired follow from what the ticket was (`from`) and is. */
void decision_follow(struct decision *d, const struct ticket *from);

/* Due times, if anything that they hang on is another than `from`. */
void decision_settle(struct decision *d, const struct ticket *from);

enum status decide_open(struct decision *d);
enum status decide_say(struct decision *d);
enum status decide_note(struct decision *d);
enum status decide_set(struct decision *d);
enum status decide_read(struct decision *d);
enum status decide_assign(struct decision *d);
enum status decide_requeue(struct decision *d);
enum status decide_transfer(struct decision *d);
enum status decide_escalate(struct decision *d);
enum status decide_close(struct decision *d);
enum status decide_undo(struct decision *d);
enum status decide_identify(struct decision *d);
enum status decide_rate(struct decision *d);
enum status decide_fire(struct decision *d);
enum status decide_incident(struct decision *d);
enum status decide_confirm(struct decision *d);
enum status decide_acknowledge(struct decision *d);
enum status decide_page_failed(struct decision *d);
enum status decide_approve(struct decision *d);
enum status decide_helped(struct decision *d);
enum status decide_page_opened(struct decision *d);

#endif
