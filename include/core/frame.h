/* SPDX-License-Identifier: MIT */
/* The frames of docs/PROTOCOL.md as plain structs: what proto/wire decodes from JSON and the
 * desk acts on, and what the desk says and proto/wire encodes. All text is borrowed. */
#ifndef TB_CORE_FRAME_H
#define TB_CORE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/status.h"
#include "core/agent.h"
#include "core/alert_count.h"
#include "core/command.h"
#include "core/entry.h"
#include "core/ids.h"
#include "core/ticket.h"

#define MESSAGE_CHARS_MAX 8000 /* default of the limit message_chars; characters, not bytes */

enum audience { AUDIENCE_VISITOR, AUDIENCE_AGENT };

/* X(enumerator, wire name, visitors may send it, agents may send it, it must have an id) */
#define FRAME_IN_TABLE(X)                                   \
	X(IN_HELLO, "hello", true, true, false)             \
	X(IN_MESSAGE, "message", true, true, true)          \
	X(IN_TYPING, "typing", true, true, false)           \
	X(IN_READ, "read", true, true, false)               \
	X(IN_PAGE, "page", true, false, false)              \
	X(IN_HISTORY, "history", true, true, false)         \
	X(IN_RATE, "rate", true, false, true)               \
	X(IN_SOLVED, "solved", true, false, true)           \
	X(IN_CLOSE, "close", true, true, true)              \
	X(IN_PONG, "pong", true, true, false)               \
	X(IN_PRESENCE, "presence", false, true, true)       \
	X(IN_ACCEPT, "accept", false, true, true)           \
	X(IN_DECLINE, "decline", false, true, true)         \
	X(IN_NOTE, "note", false, true, true)               \
	X(IN_SET, "set", false, true, true)                 \
	X(IN_TRANSFER, "transfer", false, true, true)       \
	X(IN_ESCALATE, "escalate", false, true, true)       \
	X(IN_WATCH, "watch", false, true, false)            \
	X(IN_UNWATCH, "unwatch", false, true, false)        \
	X(IN_HELPED, "helped", true, false, true)           \
	X(IN_INCIDENT, "incident", false, true, true)       \
	X(IN_CONFIRM, "confirm", false, true, true)         \
	X(IN_ACKNOWLEDGE, "acknowledge", false, true, true) \
	X(IN_APPROVE, "approve", false, true, true)         \
	X(IN_UNDO, "undo", false, true, true)               \
	X(IN_VIEWING, "viewing", false, true, false)        \
	X(IN_PAGE_OPENED, "page_opened", true, false, true)

enum frame_in_type {
#define FRAME_ROW(name, text, visitor, agent, id) name,
	FRAME_IN_TABLE(FRAME_ROW)
#undef FRAME_ROW
};

#define HELLO_AFTER_MAX 256

struct seq_mark {
	struct ticket_id ticket;
	uint64_t seq;
};

/* Absent text is {NULL, 0}, absent numbers are 0, unless a has_... says it. */
struct frame_in {
	enum frame_in_type type;
	struct span id;
	struct ticket_id ticket; /* agent frames; hello of a visitor: what `after` speaks of */

	struct span token; /* hello of a visitor */
	struct span token_origin;
	uint64_t after;         /* hello of a visitor, history */
	struct seq_mark *marks; /* hello of an agent */
	size_t marks_count;
	struct span page_url, page_title; /* hello, page */
	struct span context; /* hello, page: JSON, made anew from what was understood */
	struct span user_name, user_email, user_id, user_hmac;
	struct span locale;

	struct span text;       /* message, note; comment of rate; note of transfer, escalate */
	enum entry_kind kind;   /* message: ENTRY_TEXT or ENTRY_ARTICLE */
	struct span url, title; /* message kind article; article and query of solved */
	struct visitor_flags flags;
	bool keep_secrets; /* message of a visitor: was asked, and wants it sent as it is */
	bool has_seen;
	uint64_t seq; /* read; seen of message; page_opened */
	bool on;      /* typing; `typing` of viewing */
	int score;    /* rate */

	enum presence presence;
	int capacity; /* 0: the policy's */

	struct ticket_fields set;
	struct agent_id to_agent;   /* transfer */
	int tier;                   /* transfer to a tier; escalate */
	struct span reason;         /* escalate, set, incident, confirm, approve, presence */
	bool yes;                   /* confirm (stopped), approve (granted), helped (helped) */
	bool fresh;                 /* message of a visitor: `new`, not the last one again */
	enum resolution resolution; /* close by an agent; NONE: absent */
	struct article articles[ARTICLES_MAX];
	unsigned articles_count;
};

#define FRAME_OUT_TABLE(X)                \
	X(OUT_WELCOME_VISITOR, "welcome") \
	X(OUT_WELCOME_AGENT, "welcome")   \
	X(OUT_ACK, "ack")                 \
	X(OUT_ERROR, "error")             \
	X(OUT_MESSAGE, "message")         \
	X(OUT_STATUS, "status")           \
	X(OUT_TYPING, "typing")           \
	X(OUT_READ, "read")               \
	X(OUT_OFFER, "offer")             \
	X(OUT_ASSIGNED, "assigned")       \
	X(OUT_UNASSIGNED, "unassigned")   \
	X(OUT_TICKET, "ticket")           \
	X(OUT_QUEUE, "queue")             \
	X(OUT_ESCALATED, "escalated")     \
	X(OUT_DUE, "due")                 \
	X(OUT_ALERT, "alert")             \
	X(OUT_PAGE, "page")               \
	X(OUT_PING, "ping")               \
	X(OUT_BYE, "bye")                 \
	X(OUT_VIEWERS, "viewers")         \
	X(OUT_PRESENCE, "presence")       \
	X(OUT_ALERTS, "alerts")           \
	X(OUT_LISTS, "lists")

enum frame_out_type {
#define FRAME_ROW(name, text) name,
	FRAME_OUT_TABLE(FRAME_ROW)
#undef FRAME_ROW
};

/* An agent who looks at a ticket. */
struct viewer {
	struct agent_id agent;
	const char *name;
	bool typing;
};

enum chat_state { CHAT_NONE, CHAT_WAITING, CHAT_ACTIVE, CHAT_CLOSED };

/* The visitor's chat at a glance: `status`, and `chat` of `welcome`. */
struct chat_status {
	struct ticket_id ticket;
	enum chat_state state; /* CHAT_NONE: `chat` is null */
	int tier;
	unsigned position;          /* waiting: 1 is next; 0: not known now */
	int64_t eta_s;              /* waiting: -1: not known */
	char agent_name[NAME_SIZE]; /* active */
	bool survey;                /* closed, and it can still be rated */
	wall_ms opens_at;           /* nobody is on duty: when somebody is; 0: absent */
	bool nobody;                /* waiting, and no agent of the tier is available */
	wall_ms first_response_due; /* 0: nothing is promised, or it was answered */
	wall_ms resolution_due;     /* 0: nothing is promised, or the clock is paused */
	enum priority priority;
	bool immediate; /* it is handled as an emergency */
	bool may_leave; /* waits long: it can go on as a ticket */
	bool kept;      /* goes on as a ticket: need not wait on the page */
};

struct desk_hours {
	const char *name;
	bool open;
	wall_ms opens_at;         /* 0: null */
	int64_t first_response_s; /* 0: null */
	bool limited;             /* open with limited support: a freeze day */
	bool ask_flags;           /* the two questions are asked before the first message */
	const char *zone; /* "America/New_York": of the chat's hours; NULL: there are none */
};

struct queue_row {
	int tier;
	size_t waiting;
	int64_t oldest_wait_s;
	size_t agents_available;
};

struct frame_out {
	enum frame_out_type type;
	union {
		struct {
			const char *token;
			struct desk_hours desk;
			struct chat_status chat;
			uint64_t message_bytes;
		} welcome_visitor;
		struct {
			const struct agent *agent;
			enum presence presence;
			const char *reason; /* of the presence; NULL or "": none was given */
			wall_ms since;      /* 0: not known */
			wall_ms now;        /* what the server's clock shows */
			int capacity;
			const struct ticket *chats;
			size_t chats_count;
			struct queue_row queue[TIER_MAX];
			uint64_t message_bytes;
			int64_t undo_s; /* an own close can be taken back for so long */
		} welcome_agent;
		struct {
			struct span id;
			struct ticket_id ticket; /* 0: none of these three */
			uint64_t seq;            /* 0: no seq, no at */
			wall_ms at;
			bool duplicate;
		} ack;
		struct {
			struct span id; /* absent: none */
			enum status status;
			const char *message;    /* NULL: the sentence of the status */
			int64_t retry_after_ms; /* 0: absent */
		} error;
		/* prev is the reader's: by audience. show_id: the reader is who wrote it. */
		struct {
			const struct entry *entry;
			enum audience audience;
			bool show_id;
		} message;
		struct chat_status status;
		struct {
			struct ticket_id ticket;
			enum role role;
			const char *name;
			bool on;
		} typing;
		struct {
			struct ticket_id ticket;
			uint64_t seq;
		} read;
		struct {
			const struct ticket *ticket;
			const struct entry *entries;
			size_t entries_count;
			wall_ms expires_at;
		} offer;
		struct {
			const struct ticket *ticket;
			const char *reason;
		} assigned; /* also OUT_UNASSIGNED, which sends the number only */
		struct {
			const struct ticket *ticket;
		} ticket;
		struct {
			struct queue_row rows[TIER_MAX];
		} queue;
		struct {
			struct ticket_id ticket;
			int from, to;
			struct span reason;
		} escalated;
		struct {
			struct ticket_id ticket;
			bool resolution;       /* else the first response */
			const char *milestone; /* neither, but this one; NULL or "": none */
			bool breached;         /* else it is the warning */
			wall_ms at;            /* the target's due time */
		} due;
		struct {
			struct ticket_id ticket;
			bool page; /* somebody has to acknowledge it; else a notice */
			bool emergency;
			const char *rule;
			const char *to; /* who was asked: a name; "": whoever reads it */
			const char *why;
		} alert;
		struct {
			struct ticket_id ticket;
			struct span url, title;
		} page; /* to the agent: the visitor moved */
		struct {
			struct ticket_id ticket;
			const struct viewer *items;
			size_t count;
		} viewers;
		struct {
			enum presence state;
			const char *reason; /* "": none was given */
			wall_ms since;
			int capacity;
		} presence; /* to the other clients of the agent who has changed it */
		struct alert_counts alerts;
		struct {
			uint64_t seq;
		} ping;
		struct {
			int64_t retry_after_ms;
		} bye;
	} u;
};

const char *frame_in_name(enum frame_in_type type);
const char *frame_out_name(enum frame_out_type type);
const char *chat_state_name(enum chat_state state); /* "waiting", "active", "closed" */

#endif
