/* SPDX-License-Identifier: MIT */
/* Inside ticket_decide(): what the rules of say, route and close share. */
#ifndef TB_CORE_DECISION_H
#define TB_CORE_DECISION_H

#include "core/command.h"

/* How long after the end a chat can be rated, and the rating changed. */
#define SURVEY_MS DAY_MS

struct decision {
	const struct ticket *before;
	const struct command *command;
	struct arena *arena;
	struct effect *effect; /* after starts as a copy of before */
};

/* The next entry of the log from the command's actor; `draft` brings kind and content. */
struct entry *decision_entry(struct decision *d, const struct entry *draft);

/* A row of the audit. Borrowed texts must outlive the effect: literals, command, before. */
void decision_change(struct decision *d, const char *field, struct span from, struct span to,
                     struct span why);

/* Sets the priority and says why, if it is another one. */
void decision_priority(struct decision *d, enum priority priority, const char *why);
void decision_status(struct decision *d, enum ticket_status status, const char *why);

/* Raises the priority to what the visitor's own answers ask for. true: something changed. */
bool decision_flags(struct decision *d);

/* The ticket's agent, a supervisor, an administrator; any agent while nobody has it. */
bool decision_is_owner(const struct decision *d);

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
enum status decide_rate(struct decision *d);

#endif
