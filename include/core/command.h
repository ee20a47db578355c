/* SPDX-License-Identifier: MIT */
/* What somebody wants done to a ticket, and what comes of it: the rules of the desk as one
 * pure function. The store calls it inside the transaction, between loading the ticket and
 * writing the effect, so two commands on one ticket can never decide on the same state. */
#ifndef TB_CORE_COMMAND_H
#define TB_CORE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/status.h"
#include "core/agent.h"
#include "core/entry.h"
#include "core/ids.h"
#include "core/policy.h"
#include "core/rule.h"
#include "core/ticket.h"

/* What is on record of a visitor who says whether an answer helped. */
#define HELPED_TEXT "The answer helped."
#define FAILED_TEXT "The answer did not help."

enum command_kind {
	COMMAND_OPEN,     /* the first message of a new ticket, on any channel */
	COMMAND_SAY,      /* a public message */
	COMMAND_NOTE,     /* a message that only agents see */
	COMMAND_SET,      /* fields */
	COMMAND_ASSIGN,   /* an agent has it from now on */
	COMMAND_REQUEUE,  /* its agent is gone: back to the head of the queue */
	COMMAND_TRANSFER, /* to an agent or a tier, by hand */
	COMMAND_ESCALATE, /* to a higher tier */
	COMMAND_CLOSE,
	COMMAND_RATE,
	COMMAND_READ,        /* a read mark; writes no entry */
	COMMAND_UNDO,        /* an agent takes its own CLOSE back */
	COMMAND_IDENTIFY,    /* a visitor says who it is; writes no entry */
	COMMAND_PAGE_OPENED, /* a visitor opened a page that was sent */
	COMMAND_FIRE,        /* timers that are due have their effect (the system) */
	COMMAND_INCIDENT,    /* an agent declares an emergency */
	COMMAND_CONFIRM,     /* an agent answers "production is stopped": yes or no */
	COMMAND_ACKNOWLEDGE, /* whoever was paged has seen it */
	COMMAND_PAGE_FAILED, /* a page could not be handed over: the next one now (the system) */
	COMMAND_APPROVE,     /* a supervisor's yes or no to what needs approval */
	COMMAND_HELPED,      /* the visitor says whether an answer helped */
};

/* Who does it. */
struct actor {
	enum role role;
	struct visitor_id visitor; /* ROLE_VISITOR */
	struct agent_id agent;     /* ROLE_AGENT */
	enum agent_role agent_role;
	int tier;
	char name[NAME_SIZE];
};

#define SET_TITLE    1U
#define SET_PRIORITY 2U
#define SET_TOPIC    4U
#define SET_TAGS     8U
#define SET_STATUS   16U
#define SET_PARENT   32U
#define SET_TAG_ADD  64U /* one, whatever the others are */
#define SET_TAG_OFF  128U
#define SET_LINK_ADD 256U
#define SET_LINK_OFF 512U
#define SET_DONE     1024U /* a milestone */
#define SET_UNDONE   2048U

struct ticket_fields {
	unsigned mask; /* SET_... */
	struct span title;
	enum priority priority;
	struct span topic;
	enum ticket_status status;
	struct ticket_id parent; /* 0: of no incident */
	struct span tag_add, tag_off, link_add, link_off;
	struct span done, undone; /* ids of milestones */
	unsigned tags_count;
	struct tag tags[TAGS_MAX];
};

/* Spans are borrowed from the arena of the call that carries the command. */
struct command {
	enum command_kind kind;
	struct actor actor;
	struct span id; /* the client's id, or absent */
	wall_ms now;

	/* Promises, triage and rules. Borrowed until the call is done; NULL: a desk without (no
	 * due times, no triage). A ticket goes by the version it was promised under. A target that
	 * was missed is on record with whatever command comes first: any effect can have `fired`
	 * and `alerts`, not only that of FIRE. */
	const struct policy_book *book;

	/* OPEN, SAY, NOTE; the note of a TRANSFER or an ESCALATE; the comment of a RATE */
	struct span text;
	enum entry_kind entry_kind; /* SAY: TEXT, ARTICLE or FILE; OPEN: TEXT or FILE */
	struct span url;
	struct span title;
	struct span file;   /* ENTRY_FILE: what is in it; `text` is how it begins */
	unsigned files_max; /* ENTRY_FILE: of one ticket; 0: no limit */
	unsigned removed;   /* secrets that were taken out of text or file */
	bool has_seen;
	uint64_t seen; /* SAY: newest seq on the agent's screen. READ: the mark. PAGE_OPENED: the
	                * entry that brought the page */

	/* OPEN, and SAY of a visitor; IDENTIFY: the visitor alone */
	enum channel channel;
	struct visitor_flags flags;
	struct span visitor_name;
	struct span visitor_email;
	bool visitor_verified;
	struct span page_url;
	struct span page_title;
	struct span context; /* what else the page told of itself, JSON; replaces what was there */

	/* ASSIGN, TRANSFER to an agent. generation 0: whatever it is now */
	struct agent_id to_agent;
	char to_name[NAME_SIZE];
	int to_tier; /* TRANSFER to a tier; ESCALATE, 0: the next */
	uint64_t generation;

	struct span reason; /* ASSIGN (why), REQUEUE, TRANSFER, ESCALATE */

	enum resolution resolution; /* CLOSE by an agent, with articles */

	int64_t undo_ms; /* UNDO: so long after the CLOSE it may be taken back */

	int score; /* RATE */

	bool yes;   /* CONFIRM: it is stopped. APPROVE: granted. HELPED: it did */
	bool fresh; /* SAY of a visitor: a new ticket even where the last one could be reopened */
	struct ticket_id previous; /* OPEN: the ended ticket it goes on from */

	/* Large and seldom there, so at the end: who copies a command copies what is there. */
	unsigned articles_count;
	struct ticket_fields set; /* SET; OPEN: title, priority, topic, tags if in the mask;
	                             CLOSE by an agent: tags */
	struct article articles[ARTICLES_MAX];
};

#define EFFECT_ENTRIES_MAX 4
#define EFFECT_ALERTS_MAX  12
#define EFFECT_CHANGES_MAX (28 + EFFECT_ALERTS_MAX) /* whom an alert went to is a row, too */
#define EFFECT_FIRED_MAX   8

/* Somebody is to be told, once the effect is on record. */
enum alert_kind {
	ALERT_WARNED,   /* a target is near: `due` */
	ALERT_BREACHED, /* a target has passed: `due` */
	ALERT_PAGE,     /* page the `attempt`-th of the tier */
	ALERT_NOTICE,   /* a rule wants somebody to know */
};

struct alert {
	enum alert_kind kind;
	bool resolution;       /* WARNED, BREACHED: of the resolution, else of the first response */
	const char *milestone; /* WARNED, BREACHED: of this one, the policy's id; NULL: of none */
	wall_ms due;           /* WARNED, BREACHED: the target's due time */
	int tier;              /* PAGE */
	unsigned attempt;      /* PAGE: from 0 */
	enum rule_notify notify; /* NOTICE */
	char rule[RULE_ID_SIZE]; /* PAGE, NOTICE; of a milestone its id */
	const char *why;         /* a sentence, in the arena or of the policy */
};

/* A timer had its effect: unique on record by ticket, slot and due time. */
struct fired {
	uint8_t slot;
	wall_ms due;
};

/* What the switchboard has to do once the effect is on record. */
enum route {
	ROUTE_KEEP,    /* nothing */
	ROUTE_QUEUE,   /* enter `after` in the queue of its tier, whoever had it is free of it */
	ROUTE_BIND,    /* after.agent has it */
	ROUTE_PARK,    /* after.agent keeps it and has room for another: the customer's turn */
	ROUTE_RELEASE, /* nobody has it any more: it ended */
};

/* 18 KB, of which a message needs one: what is looked at in any case stands together. */
struct effect {
	unsigned entries_count, changes_count, alerts_count, fired_count;
	enum route route;
	struct agent_id released; /* the agent who had it before and has it no more, or none */
	struct ticket after;
	struct entry entries[EFFECT_ENTRIES_MAX];
	struct change changes[EFFECT_CHANGES_MAX];
	struct alert alerts[EFFECT_ALERTS_MAX];
	struct fired fired[EFFECT_FIRED_MAX];
};

/* Decides `command` on `before`; COMMAND_OPEN ignores all of `before` but its number.
 * Strings of the effect are in `arena` or borrowed from the command.
 *
 * OK: the effect is to be written. Else nothing is: FORBIDDEN (not yours to do), TOO_LARGE (the
 * ticket holds as many files as it may), CONFLICT
 * (not in this state; another agent replied after `seen`; generation has moved on),
 * BAD_REQUEST (a field is out of its range), NOT_FOUND (a visitor on a foreign ticket). */
NODISCARD enum status ticket_decide(const struct ticket *before, const struct command *command,
                                    struct arena *arena, struct effect *effect_out);

/* An ended ticket that a message of its visitor opens again: resolved, something was asked on it,
 * and the window of the policy it was promised under has not passed. */
bool ticket_may_reopen(const struct policy_book *book, const struct ticket *ticket, wall_ms now);

#endif
