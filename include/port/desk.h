/* SPDX-License-Identifier: MIT */
/* The way in: what connections and HTTP calls ask of the desk. Implemented by app/desk. */
#ifndef TB_PORT_DESK_H
#define TB_PORT_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/op.h"
#include "core/agent.h"
#include "core/command.h"
#include "core/frame.h"
#include "core/ids.h"
#include "core/policy.h"
#include "core/timer.h"
#include "port/saved_list.h"
#include "port/store.h"
#include "port/vault.h"
#include "port/wallboard.h"

#define ADDRESS_SIZE     48 /* "2001:db8::1"; for limits an IPv6 address counts by its /64 */
#define ORIGIN_SIZE      256
#define SECRET_TEXT_SIZE 64 /* a session or API token as text, NUL included */

/* Who a credential belongs to. */
struct identity {
	struct agent agent;
	uint8_t session_hash[SECRET_HASH_SIZE];
	enum session_kind kind;
	enum token_scope scope;
	wall_ms expires_at; /* of an API token: its sockets end then; 0: never */
};

/* A websocket that was let in. */
struct desk_peer {
	enum audience audience;
	char address[ADDRESS_SIZE];
	char origin[ORIGIN_SIZE]; /* AUDIENCE_VISITOR: already checked */
	struct identity identity; /* AUDIENCE_AGENT: already checked */
};

enum desk_call_kind {
	CALL_AUTH, /* a credential to an identity */
	CALL_LOGIN,
	CALL_LOGOUT,
	CALL_TICKETS,
	CALL_CUSTOMERS,
	CALL_TICKET,
	CALL_TICKET_CREATE,
	CALL_TICKET_SET,
	CALL_TICKET_REPLY, /* COMMAND_SAY or COMMAND_NOTE */
	CALL_AGENTS_ONLINE,
	CALL_WALL,
	CALL_AGENT_ADD,
	CALL_AGENTS,
	CALL_AGENT_DISABLE,
	CALL_AGENT_CHANGE,
	CALL_TOKEN_CREATE,
	CALL_TOKENS,
	CALL_TOKEN_LABEL,
	CALL_TOKEN_END,
	CALL_LISTS, /* saved ones of the caller */
	CALL_LIST_PUT,
	CALL_LIST_END,
	CALL_PASSWORD, /* the caller changes its own */
	CALL_FILE_PUT, /* a visitor's file: COMMAND_SAY */
	CALL_FILE_GET,
};

/* What an administrator changes of a colleague; whatever is absent stays. */
struct agent_change {
	struct span name;     /* absent: stays */
	struct span password; /* absent: stays; a new one has to be changed at the next login */
	int tier;             /* 0: stays */
	bool has_role, has_disabled;
	enum agent_role role;
	bool disabled;
	bool revoke; /* logins and API tokens end */
};

/* What is told of an API token; the secret is not kept. */
struct api_token {
	uint64_t id;
	struct agent_id agent;
	enum token_scope scope;
	char label[TOKEN_LABEL_SIZE];
	wall_ms created_at;
	wall_ms expires_at; /* 0: never */
	wall_ms used_at;    /* about; 0: never */
	unsigned sockets;   /* open now, on this node */
};

struct online_agent {
	struct agent_id id;
	char name[NAME_SIZE];
	int tier;
	enum presence state;
	char reason[PRESENCE_REASON_SIZE];
	wall_ms since; /* 0: not known here */
	int load;
	int capacity;
};

/* One request. Follows base/op.h; text arguments are borrowed until done (keep them in the
 * arena), results that are not flat are in the arena; the caller frees it. */
struct desk_call {
	struct op op;
	enum desk_call_kind kind;
	struct arena arena;
	struct identity who; /* of the caller; not for AUTH, LOGIN and the control socket */
	bool trusted;        /* from the control socket: may do everything */
	/* Of the visitor who calls, as in `hello`; FILE_PUT, and FILE_GET when it is no agent. */
	struct span token;
	char origin[ORIGIN_SIZE];
	char address[ADDRESS_SIZE];
	const char *message;    /* out: a sentence for a person when the status is not OK */
	int64_t retry_after_ms; /* out, with RATE_LIMITED and UNAVAILABLE */

	union {
		/* UNAUTHORIZED: unknown, expired, ended, or its agent is disabled. FORBIDDEN: a
		 * token for the wall alone, and the caller did not say that it does. */
		struct {
			struct span secret;
			enum session_kind kind;
			bool wall;                /* a token for the wall will do */
			struct identity identity; /* out */
		} auth;
		/* UNAUTHORIZED: wrong e-mail or password (same time for both), RATE_LIMITED. */
		struct {
			struct span email, password;
			char secret[SECRET_TEXT_SIZE]; /* out: for the cookie */
			wall_ms expires_at;            /* out */
			struct agent agent;            /* out */
		} login;
		struct {
			struct ticket_filter filter;
			struct ticket *items; /* out */
			size_t count;
			struct span next;
		} tickets;
		struct {
			struct customer_filter filter;
			struct store_customer *items; /* out */
			size_t count;
			struct span next;
		} customers;
		struct {
			struct ticket_id number;
			struct ticket ticket; /* out */
			struct entry *entries;
			size_t entries_count;
			struct change *changes;
			size_t changes_count;
			struct span context;
		} ticket;
		/* NOT_FOUND: there is none, or it is not the visitor's, or the token is none. */
		struct {
			struct ticket_id number;
			uint64_t seq;
			struct span name, body; /* out */
		} file;
		/* CREATE: COMMAND_OPEN. SET: COMMAND_SET. REPLY: COMMAND_SAY or COMMAND_NOTE. The
		 * desk fills actor and now. The id is the Idempotency-Key, or absent.
		 * FILE_PUT: id, title (the file's name) and file; valid UTF-8. UNAUTHORIZED: not a
		 * visitor's token. BAD_REQUEST: it is no text. TOO_LARGE: too many on the ticket. */
		struct {
			struct ticket_id number;
			struct command command;
			bool keep_secrets;    /* FILE_PUT */
			bool duplicate;       /* out */
			struct ticket ticket; /* out: as it is now */
			uint64_t seq;         /* out: of the entry; 0: none */
			wall_ms at;
		} command;
		struct {
			struct online_agent *items; /* out */
			size_t count;
		} online;
		struct wallboard wall; /* out */
		/* `agent` without hash and id; OK gives it an id. ADD with an e-mail in use: CONFLICT */
		struct {
			struct agent agent; /* in, out */
			struct span password;
		} agent_add;
		struct {
			struct agent *items; /* out */
			size_t count;
		} agents;
		struct {
			struct span email;
		} agent_disable;
		/* NOT_FOUND. CONFLICT: one's own rights. Whoever may do something else from now on,
		 * or is disabled, has a new password or was revoked, loses its logins and sockets. */
		struct {
			struct agent_id id;
			struct agent_change change;
			struct agent agent; /* out */
		} agent_change;
		/* By e-mail, or for the caller when that is absent. FORBIDDEN: not an administrator;
		 * all rights are given on the server's own machine only (trusted). CONFLICT: it has
		 * as many as there may be. */
		struct {
			struct span email;
			struct span label;
			enum token_scope scope;
			int days;                      /* it lasts; 0: for ever */
			char secret[SECRET_TEXT_SIZE]; /* out: shown once */
			struct api_token token;        /* out */
		} token_create;
		/* By e-mail or id, or the caller's own. FORBIDDEN: others', for who is no
		 * administrator. */
		struct {
			struct span email;
			struct agent_id agent;
			struct api_token *items; /* out, oldest first */
			size_t count;
		} tokens;
		/* LABEL and END, which closes the sockets that it opened. NOT_FOUND, also of
		 * somebody else's. */
		struct {
			uint64_t id;
			struct span label;
			struct api_token token; /* out */
		} token;
		struct saved_lists lists;
		/* PUT: one of the same name is changed. CONFLICT: there are too many. END: by id;
		 * NOT_FOUND. All clients of the agent are told. */
		struct saved_list list; /* in, out */
		/* FORBIDDEN: the old one is wrong. BAD_REQUEST: the new one will not do. */
		struct {
			struct span old, fresh;
		} password;
	} u;
};

/* For /metrics, /healthz and /readyz: a snapshot, no waiting. */
struct desk_stats {
	size_t visitors, agents; /* connections that said hello */
	size_t visitor_sockets, agent_sockets;
	size_t chats_waiting, chats_offered, chats_active, chats_pending;
	size_t waiting[TIER_MAX]; /* queue by tier */
	int64_t oldest_wait_ms[TIER_MAX];
	size_t available[TIER_MAX];
	uint64_t messages, acks, duplicates, refused; /* since the start */
	uint64_t identities_right, identities_wrong;  /* signed hellos, where there is a key */
	uint64_t tickets_opened, offers, offers_expired, requeues, escalations;
	int64_t timer_lag_ms; /* how late the soonest clock is that has not fired */
	size_t overdue;       /* live tickets with a clock that is due and has not fired */
	uint64_t fired[TIMER_RULES + 2]; /* by enum timer; the last: of rules, of milestones */
	size_t pages_open; /* tickets that somebody was paged for and nobody acknowledged */
	uint64_t pages, pages_failed;
	uint64_t forgotten[3]; /* tickets, entries, logins that were past their time */
	uint32_t policy;       /* the version that holds; 0: none */
	bool started;          /* the record is read and the desk takes traffic */
	bool routing;          /* the switchboard is up and rebuilt */
	bool store_healthy;
};

struct desk;

struct desk_ops {
	/* A websocket is open. OK, or RATE_LIMITED (the outlet then hangs it up). */
	enum status (*opened)(struct desk *desk, struct conn_id conn, const struct desk_peer *peer,
	                      wall_ms now);
	/* A decoded frame of it; text is borrowed for the call. */
	void (*frame)(struct desk *desk, struct conn_id conn, const struct frame_in *frame,
	              wall_ms now);
	/* Its write queue went below the soft limit. */
	void (*drained)(struct desk *desk, struct conn_id conn);
	/* It is gone; last word about it. */
	void (*closed)(struct desk *desk, struct conn_id conn, wall_ms now);
	/* Newest seq of its ticket that it may see (for `ping`), 0: none. */
	uint64_t (*newest_seq)(struct desk *desk, struct conn_id conn);
	void (*call)(struct desk *desk, struct desk_call *call, wall_ms now);
	void (*stats)(struct desk *desk, struct desk_stats *out, wall_ms now);
	/* What it runs by; NULL: nothing yet. Borrowed for the call. */
	struct policy *(*policy)(struct desk *desk);
};

/* app/desk embeds this first. */
struct desk {
	const struct desk_ops *ops;
};

#endif
