/* SPDX-License-Identifier: MIT */
/* The ticket: the unit of everything. A flat value without pointers, so that it is copied
 * between threads and kept by whoever needs it. */
#ifndef TB_CORE_TICKET_H
#define TB_CORE_TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/span.h"
#include "core/ids.h"

#define TIER_MIN 1
#define TIER_MAX 3

/* Sizes in bytes, the terminating NUL included. */
#define NAME_SIZE    128
#define EMAIL_SIZE   256
#define TITLE_SIZE   256
#define URL_SIZE     1024
#define TOPIC_SIZE   64
#define TOPIC_OTHER  "something-else" /* of what says nothing: it has nothing in common */
#define TAG_SIZE     48
#define TAGS_MAX     10
#define ARTICLES_MAX 4
#define ARTICLE_SIZE 512
#define LINKS_MAX    20
#define LINK_SIZE    512
#define LINKS_SIZE   4096 /* all of them, a line each */

#define SENT_PAGES_MAX 16

#define MILESTONES_MAX    4
#define MILESTONE_ID_SIZE 16

/* X(enumerator, name on the wire and in the record) */
#define TICKET_STATUS_TABLE(X)                                        \
	X(TICKET_NEW, "new")         /* nobody has it yet */          \
	X(TICKET_OPEN, "open")       /* an agent has it, or had it */ \
	X(TICKET_PENDING, "pending") /* waits for the customer */     \
	X(TICKET_RESOLVED, "resolved")                                \
	X(TICKET_CLOSED, "closed")

#define PRIORITY_TABLE(X)            \
	X(PRIORITY_LOW, "low")       \
	X(PRIORITY_MEDIUM, "medium") \
	X(PRIORITY_HIGH, "high")     \
	X(PRIORITY_CRITICAL, "critical")

#define CHANNEL_TABLE(X)            \
	X(CHANNEL_CHAT, "chat")     \
	X(CHANNEL_PORTAL, "portal") \
	X(CHANNEL_EMAIL, "email")   \
	X(CHANNEL_PHONE, "phone")   \
	X(CHANNEL_SLACK, "slack")

#define RESOLUTION_TABLE(X)                              \
	X(RESOLUTION_NONE, "")                           \
	X(RESOLUTION_ANSWERED, "answered")               \
	X(RESOLUTION_DOCS_SENT, "docs_sent")             \
	X(RESOLUTION_DOCS_SELF, "docs_self")             \
	X(RESOLUTION_DOCS_MISSING, "docs_missing")       \
	X(RESOLUTION_FIXED, "fixed")                     \
	X(RESOLUTION_ROUTED, "routed")                   \
	X(RESOLUTION_FEATURE_REQUEST, "feature_request") \
	X(RESOLUTION_DUPLICATE, "duplicate")             \
	X(RESOLUTION_NO_REPLY, "no_reply")               \
	X(RESOLUTION_SPAM, "spam")

#define ENUM_ROW(name, text) name,
enum ticket_status { TICKET_STATUS_TABLE(ENUM_ROW) };
enum priority { PRIORITY_TABLE(ENUM_ROW) };
enum channel { CHANNEL_TABLE(ENUM_ROW) };
enum resolution { RESOLUTION_TABLE(ENUM_ROW) };
#undef ENUM_ROW

/* The wire name, and back: false when there is none such (RESOLUTION_NONE is none). */
const char *ticket_status_name(enum ticket_status status);
const char *priority_name(enum priority priority);
const char *channel_name(enum channel channel);
const char *resolution_name(enum resolution resolution);
bool ticket_status_parse(struct span text, enum ticket_status *out);
bool priority_parse(struct span text, enum priority *out);
bool channel_parse(struct span text, enum channel *out);
bool resolution_parse(struct span text, enum resolution *out);

/* The visitor's own answers to the two questions. */
struct visitor_flags {
	bool production_stopped;
	bool data_exposed;
};

struct tag {
	char text[TAG_SIZE];
};

/* X(enumerator, name on the wire and in the record) */
#define STOPPED_TABLE(X)                  \
	X(STOPPED_NOT_SAID, "")           \
	X(STOPPED_SAID, "said")           \
	X(STOPPED_CONFIRMED, "confirmed") \
	X(STOPPED_REJECTED, "rejected")

#define APPROVAL_TABLE(X)              \
	X(APPROVAL_NONE, "")           \
	X(APPROVAL_NEEDED, "needed")   \
	X(APPROVAL_GRANTED, "granted") \
	X(APPROVAL_REFUSED, "refused")

#define ENUM_ROW(name, text) name,
enum stopped { STOPPED_TABLE(ENUM_ROW) };
enum approval { APPROVAL_TABLE(ENUM_ROW) };
#undef ENUM_ROW

const char *stopped_name(enum stopped stopped);
const char *approval_name(enum approval approval);
bool stopped_parse(struct span text, enum stopped *out);
bool approval_parse(struct span text, enum approval *out);

/* What the clocks of core/timer are made of. Moments are 0 when there is none. */
struct ticket_clocks {
	wall_ms next_due;       /* the soonest timer that has not fired; never later than it is */
	uint64_t fired;         /* slots of core/timer whose effect is on record */
	wall_ms paused_since;   /* pending on the customer, or ended; 0: the clocks run */
	wall_ms resumed_at;     /* the newest pause ended; 0: there was none */
	int64_t paused_wall_ms; /* earlier pauses, on the wall clock */
	int64_t paused_open_ms; /* and in the opening hours of its channel */
	wall_ms tier_since;     /* on its tier */
	wall_ms accepted_at;    /* somebody of the tier took it */
	wall_ms agent_at;       /* newest activity of an agent on it */
	wall_ms visitor_at;     /* newest message of the customer */
	wall_ms work_since;     /* an agent has it and it is open; 0: not now */
	int64_t work_ms;        /* earlier times of that, in opening hours */
};

/* How it went up, and what hangs on it. */
struct ticket_escalation {
	bool immediate;         /* an emergency: critical, Tier 3, paged */
	bool possible_incident; /* words of one, held back by a guard */
	bool choice_due;        /* its agent has to choose how to go on */
	bool stale;
	int needed_tier;      /* who will have to solve it, as triage said */
	enum stopped stopped; /* "are Veterans stopped in production now?" */
	wall_ms stopped_at;   /* said at */
	wall_ms immediate_at;
	unsigned pages;   /* attempts so far */
	wall_ms paged_at; /* the newest attempt */
	wall_ms page_acked_at;
	enum approval approval;
	wall_ms approved_at;
	unsigned reopened;         /* times */
	unsigned failed_answers;   /* "did not help", times */
	struct ticket_id parent;   /* the incident it is part of */
	struct ticket_id previous; /* the ended ticket it goes on from */
};

/* How far a clock that stands still for the customer is from its target, on the target's own
 * clock. Below 0: it was late already. */
enum left_clock { LEFT_UNKNOWN, LEFT_WALL, LEFT_BUSINESS };
struct time_left {
	int64_t ms;
	enum left_clock clock; /* LEFT_UNKNOWN: it runs, has ended, or nothing is promised */
};

/* A milestone that is promised of it, or was reached (core/milestone). Moments are 0 when there is
 * none. */
struct ticket_milestone {
	char id[MILESTONE_ID_SIZE]; /* "": here and behind there are no more */
	wall_ms asked_at;           /* a rule started it; 0: it counts from creation */
	int64_t paused_ms;          /* of the ticket's pauses, what lay before that, on its clock */
	wall_ms due;                /* 0: its clock is paused */
	wall_ms done_at;
	struct time_left left;
};

/* The newest pages that were sent in it (core/sent_pages). */
struct sent_pages {
	uint32_t seq[SENT_PAGES_MAX]; /* of their entries, ascending */
	uint32_t opened;              /* a bit each */
	uint32_t count;
};

/* An agent's `close`, as long as it can be taken back; `by` is 0 when there is none. */
struct ticket_closing {
	struct agent_id by;
	wall_ms at;
	enum ticket_status from;
	bool choice_due;
};

struct article {
	char url[ARTICLE_SIZE];
};

/* Numbers first, texts last: what a message changes is close together, and a copy does not have
 * to take the room of texts that are not there (ticket_copy). */
struct ticket {
	struct ticket_id number;
	enum ticket_status status;
	enum priority priority;
	enum channel channel;
	enum resolution resolution;
	int tier;

	/* Who has it: none while it waits. generation grows with every assignment. */
	struct agent_id agent;
	uint64_t generation;
	wall_ms waiting_since; /* in the queue of its tier since; 0: in no queue */
	bool queue_head;       /* it lost its agent: before the others of the queue */

	/* Whose it is. A visitor has at most one ticket that is not resolved or closed. */
	bool visitor_verified;
	struct visitor_flags flags;
	struct visitor_id visitor; /* none: not from the widget */

	/* 0: not yet */
	wall_ms created_at;
	wall_ms first_response_due;
	wall_ms first_response_at;
	wall_ms resolution_due;
	wall_ms resolved_at;
	int rating; /* 1-5, 0: not rated */
	struct ticket_closing closing;

	/* The log: newest entry, newest that the visitor may see, newest public reply of an
	 * agent (and whose); messages_count counts text, article and file. */
	uint64_t last_seq;
	uint64_t last_public_seq;
	uint64_t last_reply_seq;
	struct agent_id last_reply_agent;
	uint64_t messages_count;
	uint64_t visitor_read_seq;
	uint64_t agent_read_seq;
	uint64_t files_count;

	uint32_t policy; /* id of the version it was promised under; 0: none */
	struct ticket_clocks clocks;
	struct ticket_escalation escalation;
	struct ticket_milestone milestones[MILESTONES_MAX];
	struct time_left first_response_left;
	struct time_left resolution_left;
	struct sent_pages sent_pages;

	unsigned tags_count;
	unsigned articles_count;
	char agent_name[NAME_SIZE]; /* who has it */
	char visitor_name[NAME_SIZE];
	char visitor_email[EMAIL_SIZE];
	char page_url[URL_SIZE];
	char page_title[TITLE_SIZE];
	char title[TITLE_SIZE];
	char topic[TOPIC_SIZE];
	struct tag tags[TAGS_MAX];
	struct article articles[ARTICLES_MAX];
	char links[LINKS_SIZE]; /* core/links */
};

/* As an assignment does, but for the bytes behind the end of its texts, which are not read. */
void ticket_copy(struct ticket *to, const struct ticket *from);

/* Texts, tags, articles and links. */
bool ticket_has_same_texts(const struct ticket *a, const struct ticket *b);

/* Not resolved, not closed. */
bool ticket_is_live(const struct ticket *ticket);

/* Live and in the queue of its tier (an offer does not end the waiting, an accept does). */
bool ticket_is_waiting(const struct ticket *ticket);

/* Live, somebody was paged for it, and nobody has acknowledged it. */
bool ticket_is_paging(const struct ticket *ticket);

/* Where it stands in the queue of its tier: lower is sooner. Tickets that lost their agent
 * come first, then by priority, then by waiting time; a whole number below 2^53, so that a
 * Redis score holds it exactly. */
int64_t ticket_queue_score(const struct ticket *ticket);

#endif
