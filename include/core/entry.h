/* SPDX-License-Identifier: MIT */
/* One entry of a ticket's log. Texts are borrowed from the arena of the call it came with. */
#ifndef TB_CORE_ENTRY_H
#define TB_CORE_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/span.h"
#include "core/ids.h"
#include "core/ticket.h"

#define ROLE_TABLE(X)              \
	X(ROLE_SYSTEM, "system")   \
	X(ROLE_VISITOR, "visitor") \
	X(ROLE_AGENT, "agent")

#define ENTRY_KIND_TABLE(X)                                                     \
	X(ENTRY_TEXT, "text")                                                   \
	X(ENTRY_ARTICLE, "article") /* url and title of a documentation page */ \
	X(ENTRY_FILE, "file")       /* title: its name; text: how it begins */  \
	X(ENTRY_EVENT, "event")     /* a change of state */                     \
	X(ENTRY_NOTE, "note")       /* agents only */

#define EVENT_TABLE(X)                                                                             \
	X(EVENT_NONE, "")                                                                          \
	X(EVENT_ASSIGNED, "assigned")       /* agent_name, tier */                                 \
	X(EVENT_REQUEUED, "requeued")       /* reason; tier */                                     \
	X(EVENT_TRANSFERRED, "transferred") /* tier_from, tier; the note is an entry of its own */ \
	X(EVENT_ESCALATED, "escalated")     /* tier_from, tier, reason */                          \
	X(EVENT_CLOSED, "closed")           /* resolution */                                       \
	X(EVENT_REOPENED, "reopened")                                                              \
	X(EVENT_RATED, "rated")       /* score; the comment is the text; agents only */            \
	X(EVENT_KEPT, "kept")         /* nobody was free: it goes on as a ticket */                \
	X(EVENT_REMINDED, "reminded") /* the customer was asked again; the text says what */       \
	X(EVENT_INCIDENT, "incident") /* an emergency from now on; the text asks for the facts */  \
	X(EVENT_DOWNGRADED, "downgraded")   /* it was none; reason */                              \
	X(EVENT_PAGE_OPENED, "page_opened") /* by the customer; page; agents only */

#define ENUM_ROW(name, text) name,
enum role { ROLE_TABLE(ENUM_ROW) };
enum entry_kind { ENTRY_KIND_TABLE(ENUM_ROW) };
enum event { EVENT_TABLE(ENUM_ROW) };
#undef ENUM_ROW

const char *role_name(enum role role);
const char *entry_kind_name(enum entry_kind kind);
const char *event_name(enum event event);
bool role_parse(struct span text, enum role *out);
bool entry_kind_parse(struct span text, enum entry_kind *out);
bool event_parse(struct span text, enum event *out);

struct entry {
	struct ticket_id ticket;
	uint64_t seq;         /* 1, 2, 3 ... without gaps in a ticket */
	uint64_t prev_public; /* the newest entry before it that the visitor may see, or 0 */
	wall_ms at;
	enum entry_kind kind;
	enum role from;
	struct agent_id from_agent; /* with ROLE_AGENT */
	char from_name[NAME_SIZE];  /* "" for the system and a nameless visitor */
	struct span id;             /* the client's id; absent for events */
	struct span text;
	struct span url;   /* article */
	struct span title; /* article, file */
	uint32_t size;     /* file: bytes */
	uint32_t lines;    /* file */
	uint32_t removed;  /* secrets that were taken out of text or file before it was kept */

	/* kind event */
	enum event event;
	char agent_name[NAME_SIZE];
	int tier;
	int tier_from;
	struct span reason; /* agents only: visitors are told the event without it */
	enum resolution resolution;
	int score;
	uint64_t page; /* seq of the entry that brought it */
};

/* Notes, ratings and opened pages are for agents only. */
bool entry_is_public(const struct entry *entry);

/* A row of the audit: who changed what, when, from what, to what, why. */
struct change {
	wall_ms at;
	char actor[NAME_SIZE]; /* "agent:Dana", "visitor", "system" */
	char field[32];
	struct span from;
	struct span to;
	struct span why;
};

#endif
