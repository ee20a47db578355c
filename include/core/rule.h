/* SPDX-License-Identifier: MIT */
/* An escalation rule as data: when, and then what. core/escalation runs them. */
#ifndef TB_CORE_RULE_H
#define TB_CORE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ticket.h"

#define RULE_ID_SIZE   16
#define RULES_MAX      32
#define RULE_STEPS_MAX 6

/* A length of time on one of two clocks: the one on the wall, or the channel's opening hours. */
struct duration {
	int64_t ms; /* 0: none */
	bool business;
};

/* X(enumerator, name in the policy, it happens by the clock) */
#define RULE_EVENT_TABLE(X)                                                                       \
	X(WHEN_TRIGGER, "trigger", false)           /* words of `triggers` matched */             \
	X(WHEN_DATA_EXPOSED, "data_exposed", false) /* the visitor's own Yes */                   \
	X(WHEN_STOPPED, "production_stopped", true) /* the visitor's own Yes: at once while     \
	                                               * closed, else unless Tier 1 has answered  \
	                                               * within `after` */ \
	X(WHEN_INCIDENT, "incident", false)         /* an agent presses Incident */               \
	X(WHEN_WORK, "work_time", true)             /* active agent time reaches `after` */       \
	X(WHEN_ANSWER_FAILED, "answer_failed", false)  /* `count` times "did not help" */         \
	X(WHEN_REOPENED, "reopened", false)            /* `count` times */                        \
	X(WHEN_FIRST_RESPONSE, "first_response", true) /* at `percent` of the target */           \
	X(WHEN_RESOLUTION, "resolution", true)         /* at `percent` of the target */           \
	X(WHEN_SILENCE, "silence", true)               /* `after` without activity of an agent */ \
	X(WHEN_NOT_ACCEPTED, "not_accepted", true) /* the tier's acceptance target has passed */  \
	X(WHEN_NO_PROGRESS, "no_progress",                                                        \
	  true)                              /* `after` on this tier without a reply or note */   \
	X(WHEN_TOPIC, "topic", false)        /* a ticket gets one of `topics` */                  \
	X(WHEN_APPROVED, "approved", true)   /* `after` the approval */                           \
	X(WHEN_IMMEDIATE, "immediate", true) /* `after` an immediate escalation */                \
	X(WHEN_PATTERN, "pattern", false)    /* `count` tickets of one topic from `people`    \
	                                          * reporters within `after` */   \
	X(WHEN_MILESTONE, "milestone", true) /* at `percent` of the time of `milestone` */        \
	X(WHEN_ASKED, "asks", false)         /* words of `triggers` that are no emergency */      \
	X(WHEN_BY_HAND, "by_hand", false)    /* a criterion that people judge */

enum rule_event {
#define RULE_ROW(name, text, timed) name,
	RULE_EVENT_TABLE(RULE_ROW)
#undef RULE_ROW
};

struct rule_when {
	enum rule_event event;
	struct duration after;
	int percent;
	int count;
	int people;
	unsigned priorities;       /* 1U << enum priority; 0: any */
	unsigned tiers;            /* 1U << tier; 0: any */
	size_t milestone;          /* WHEN_MILESTONE: its place in the policy */
	const char *const *topics; /* NULL: any */
	size_t topics_count;
	const char *const
		*triggers; /* WHEN_TRIGGER, WHEN_ASKED: names of trigger lists; NULL: any */
	size_t triggers_count;
};

#define RULE_NOTIFY_TABLE(X)                          \
	X(NOTIFY_NOBODY, "")                          \
	X(NOTIFY_AGENT, "agent") /* whoever has it */ \
	X(NOTIFY_SUPERVISOR, "supervisor")            \
	X(NOTIFY_LEAD, "lead")

#define ENUM_ROW(name, text) name,
enum rule_notify { RULE_NOTIFY_TABLE(ENUM_ROW) };
#undef ENUM_ROW

struct rule_then {
	bool raises; /* the priority is at least `priority` */
	enum priority priority;
	int tier;          /* 0: stays. Only ever up */
	const char *skill; /* of the tier: "devops"; NULL: the topic's */
	bool immediate;    /* critical, an incident record, the page, the facts to give */
	bool page;         /* the contact on the rota of `tier` */
	enum rule_notify notify;
	bool requeue;        /* offered again to all of its tier, at the head */
	bool choose;         /* the agent has to choose how to go on */
	bool approval;       /* a supervisor has to approve it */
	unsigned milestones; /* 1U << place in the policy: these start */
};

struct rule_step {
	struct rule_when when[4]; /* any of them */
	unsigned when_count;
	uint8_t slot[4]; /* of timed ones: core/timer.h; else 0 */
	struct rule_then then;
};

struct rule {
	char id[RULE_ID_SIZE]; /* "X1" */
	const char *title;     /* a line */
	const char *criterion; /* for people: when, in words */
	struct rule_step steps[RULE_STEPS_MAX];
	unsigned steps_count;
};

const char *rule_event_name(enum rule_event event);
bool rule_event_parse(struct span text, enum rule_event *out);
bool rule_event_is_timed(enum rule_event event);
const char *rule_notify_name(enum rule_notify notify); /* "agent", "supervisor", "lead" */
bool rule_notify_parse(struct span text, enum rule_notify *out);

#endif
