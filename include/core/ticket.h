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
#define TAG_SIZE     48
#define TAGS_MAX     10
#define ARTICLES_MAX 4
#define ARTICLE_SIZE 512

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

struct article {
	char url[ARTICLE_SIZE];
};

struct ticket {
	struct ticket_id number;
	enum ticket_status status;
	enum priority priority;
	enum channel channel;
	enum resolution resolution;
	int tier;

	/* Who has it: none while it waits. generation grows with every assignment. */
	struct agent_id agent;
	char agent_name[NAME_SIZE];
	uint64_t generation;
	wall_ms waiting_since; /* in the queue of its tier since; 0: in no queue */
	bool queue_head;       /* it lost its agent: before the others of the queue */

	/* Whose it is. A visitor has at most one ticket that is not resolved or closed. */
	struct visitor_id visitor; /* none: not from the widget */
	char visitor_name[NAME_SIZE];
	char visitor_email[EMAIL_SIZE];
	bool visitor_verified;
	struct visitor_flags flags;
	char page_url[URL_SIZE];
	char page_title[TITLE_SIZE];

	char title[TITLE_SIZE];
	char topic[TOPIC_SIZE];
	struct tag tags[TAGS_MAX];
	unsigned tags_count;
	struct article articles[ARTICLES_MAX];
	unsigned articles_count;

	/* The log: newest entry, newest that the visitor may see, newest public reply of an
	 * agent (and whose); messages_count counts text, article and file. */
	uint64_t last_seq;
	uint64_t last_public_seq;
	uint64_t last_reply_seq;
	struct agent_id last_reply_agent;
	uint64_t messages_count;
	uint64_t visitor_read_seq;
	uint64_t agent_read_seq;

	/* 0: not yet */
	wall_ms created_at;
	wall_ms first_response_due;
	wall_ms first_response_at;
	wall_ms resolution_due;
	wall_ms resolved_at;
	int rating; /* 1-5, 0: not rated */
};

/* Not resolved, not closed. */
bool ticket_is_live(const struct ticket *ticket);

/* Live and in the queue of its tier (an offer does not end the waiting, an accept does). */
bool ticket_is_waiting(const struct ticket *ticket);

/* Where it stands in the queue of its tier: lower is sooner. Tickets that lost their agent
 * come first, then by priority, then by waiting time; a whole number below 2^53, so that a
 * Redis score holds it exactly. */
int64_t ticket_queue_score(const struct ticket *ticket);

#endif
