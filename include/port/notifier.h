/* SPDX-License-Identifier: MIT */
/* Word to people who are not looking at the console: pages and notices. Follows base/op.h.
 *
 * OK: handed over to the contact's channel (not: read). UNAVAILABLE: it cannot be reached that
 * way; the desk then asks the next one on the rota. What is said names the ticket, never its
 * text. */
#ifndef TB_PORT_NOTIFIER_H
#define TB_PORT_NOTIFIER_H

#include "base/op.h"
#include "core/agent.h"
#include "core/rule.h"
#include "core/ticket.h"

enum notifier_kind {
	NOTIFIER_PAGE,   /* somebody has to act now, and acknowledge it */
	NOTIFIER_NOTICE, /* somebody should know */
};

#define NOTIFIER_TEXT_SIZE 256

/* A value. */
struct notifier_call {
	struct op op;
	enum notifier_kind kind;
	struct ticket_id ticket;
	unsigned tickets; /* NOTICE: that it is about so many, `ticket` is one of them */
	char rule[RULE_ID_SIZE];
	unsigned attempt; /* of the page, from 1 */
	char to_name[NAME_SIZE];
	char to_email[EMAIL_SIZE];        /* "": not known */
	char to_phone[64];                /* "": not known */
	char summary[NOTIFIER_TEXT_SIZE]; /* "critical, vagov-incident: immediate escalation" */
};

struct notifier;

struct notifier_ops {
	void (*submit)(struct notifier *notifier, struct notifier_call *call);
	void (*close)(struct notifier *notifier); /* as store's */
};

struct notifier {
	const struct notifier_ops *ops;
};

#endif
