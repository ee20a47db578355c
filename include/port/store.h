/* SPDX-License-Identifier: MIT */
/* The record: tickets, their logs, people and sessions. The truth of the desk.
 *
 * Calls follow base/op.h. Writes go through ONE first-in-first-out lane: everything that is
 * queued when the lane is free is committed as one transaction (each call under its own
 * savepoint, so that one failing call does not fail its batch), the transaction is synced to
 * disk, and then their `done`s run in the order of submission. ST_OK of a write therefore
 * means durable. Reads see every write whose `done` ran before the read was submitted, and
 * never hold up a write.
 *
 * Every call: UNAVAILABLE the record cannot be read or written now (disk full, I/O error;
 * nothing of this call was done), CANCELED the store was closed before the call began.
 * One suite in tests/contract runs against every implementation. */
#ifndef TB_PORT_STORE_H
#define TB_PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/op.h"
#include "core/agent.h"
#include "core/command.h"
#include "core/entry.h"
#include "core/ticket.h"
#include "port/customer.h"
#include "port/policy_row.h"
#include "port/saved_list.h"
#include "port/session.h"
#include "port/ticket_filter.h"

#define STORE_KEY_SIZE    128
#define STORE_FIRE_MAX    1000
#define STORE_SIMILAR_MAX 1000
#define STORE_FORGET_MAX  1000

enum store_kind {
	/* The lane. */
	STORE_SAY,         /* visitor's message: on the open ticket, else opens one */
	STORE_CREATE,      /* a ticket from another channel */
	STORE_COMMAND,     /* any other command on an existing ticket */
	STORE_AGENT_PUT,   /* add, or change by id */
	STORE_SESSION_PUT, /* a login session or an API token */
	STORE_SESSION_END,
	STORE_TOKEN_SET, /* what is told of an API token */
	STORE_TOKEN_END,
	STORE_LIST_PUT, /* a list of tickets that an agent saves */
	STORE_LIST_END,
	STORE_META_PUT,
	STORE_INDEX, /* brings the full-text index up to date; the lane also does it when idle */
	STORE_FIRE,  /* the timers that are due have their effect */
	STORE_POLICY_PUT,
	STORE_FORGET, /* deletes what is past its time, a piece a call */
	/* Readers. */
	STORE_TICKET,  /* one ticket, its log and its audit */
	STORE_ENTRIES, /* a piece of a log */
	STORE_TICKETS, /* a list */
	STORE_LIVE,    /* every ticket that is not resolved or closed */
	STORE_LAST,    /* the newest ticket of a visitor */
	STORE_AGENT,   /* by id or e-mail */
	STORE_AGENTS,  /* all */
	STORE_SESSION, /* by hash, with its agent */
	STORE_TOKENS,  /* the API tokens of an agent */
	STORE_LISTS,   /* the saved lists of an agent */
	STORE_META_GET,
	STORE_POLICIES,  /* the newest versions of the policy */
	STORE_SIMILAR,   /* how many tickets of one topic there were lately */
	STORE_FILE,      /* what is in a file of a ticket */
	STORE_CUSTOMERS, /* who asked, the newest first */
};

struct store_call {
	struct op op;
	enum store_kind kind;
	/* Where results that are not flat are put; the caller frees it. Arguments are borrowed
	 * until done: keep their text in the same arena. */
	struct arena arena;

	union {
		/* STORE_SAY: kind COMMAND_SAY with a visitor as actor. It goes to the visitor's
		 * live ticket; else to the newest one, when ticket_may_reopen() and it is not
		 * `fresh`; else the store makes it COMMAND_OPEN with the newest one as `previous`.
		 * STORE_CREATE: kind COMMAND_OPEN. command.id is the idempotency key, unique by
		 * actor. CONFLICT: a visitor who has a live ticket, and this
		 * one would live too. STORE_COMMAND: `number` says which ticket; NOT_FOUND: no such
		 * ticket; CONFLICT also: it would live again beside another of its visitor.
		 * Whatever ticket_decide answers is the status. A file commits with its entry.
		 *
		 * A command with an `id` that the same author used before on the same ticket (for
		 * STORE_SAY also: on the visitor's newest ticket) changes nothing and answers OK
		 * with `duplicate` and the entry of then in effect.entries[0] (seq and at are
		 * right; for a command that writes no entry entries_count is 0). */
		struct {
			struct ticket_id number;
			struct command command;
			/* out */
			bool duplicate;
			bool opened; /* STORE_SAY made a new ticket */
			struct effect effect;
		} command;

		/* id 0: add, and the new id is put there. CONFLICT: e-mail in use. NOT_FOUND */
		struct agent agent_put;

		/* Again with the same hash: replaces it, under the id it had. NOT_FOUND: no such
		 * agent. */
		struct session session_put; /* id: in, out */

		/* Ends one by hash (agent 0), or all of `kind` or of both kinds of an agent.
		 * ended: how many. */
		struct {
			uint8_t hash[SECRET_HASH_SIZE];
			struct agent_id agent;
			bool logins, tokens; /* with agent: which kinds */
			unsigned ended;      /* out */
		} session_end;

		struct token_call token;  /* STORE_TOKEN_SET and STORE_TOKEN_END */
		struct token_list tokens; /* STORE_TOKENS */

		struct saved_list_call list; /* STORE_LIST_PUT and STORE_LIST_END */
		struct saved_lists lists;    /* STORE_LISTS */

		/* Small settings of the record itself. GET: NOT_FOUND. PUT with `once`: CONFLICT
		 * when the key is set already. */
		struct {
			char key[STORE_KEY_SIZE];
			struct span value;
			bool once;
		} meta;

		/* Tickets whose clocks.next_due is at or before `now`, soonest first, at most
		 * `limit` (1-STORE_FIRE_MAX), and fewer where other calls wait. Those go first,
		 * whoever asked first, and are done first, as long as they are about other
		 * tickets. COMMAND_FIRE of the system on each, decided and written in
		 * this one call (a ticket whose timer turns out not to be due only gets its
		 * next_due put right, and is not in `effects`; one on which nothing can be decided
		 * is put off for a minute). A row (ticket, slot, due) is
		 * written for every timer that fired and is unique: no effect comes twice, whatever
		 * runs beside it. */
		struct {
			wall_ms now;
			unsigned limit;
			const struct policy_book *book; /* borrowed until done */
			struct effect *effects;         /* out, in the arena */
			size_t count;
			bool more;        /* others are due at `now` */
			wall_ms next_due; /* the soonest that is left, 0: none */
		} fire;

		/* Tickets that ended before `before` (0: none) go with all that is theirs: log,
		 * audit, files, words in the index, ids; the oldest first, at most `limit`
		 * (1-STORE_FORGET_MAX) and fewer where other calls would wait long for them. So do
		 * logins whose time was over at `now`. How much of each went is put down by day. A
		 * number is never given again. */
		struct {
			wall_ms now, before;
			unsigned limit;
			unsigned tickets, entries, files, sessions; /* out: what went */
			bool more;                                  /* others are left */
		} forget;

		/* The text of the newest version again: its id. Else a new one. */
		struct {
			struct span text;
			wall_ms now;
			uint32_t id; /* out */
		} policy_put;

		/* At most POLICY_BOOK_MAX, the newest first. */
		struct {
			struct policy_row *items; /* out, in the arena */
			size_t count;
		} policies;

		/* Tickets of `topic` that were created at or after `since`, and how many people
		 * (visitors, else e-mail addresses; who is neither is not counted) they are from.
		 * The newest STORE_SIMILAR_MAX are looked at. */
		struct {
			struct span topic;
			wall_ms since;
			unsigned tickets, people; /* out */
		} similar;

		/* Entries with seq > after, oldest first, at most limit; public_only: as the
		 * visitor sees them. NOT_FOUND: no such ticket. */
		struct {
			struct ticket_id number;
			uint64_t after;
			unsigned limit;
			bool public_only;
			struct entry *items; /* out, in the arena */
			size_t count;
			bool more; /* there are entries behind the last of items */
		} entries;

		/* NOT_FOUND. The log whole, the audit whole. */
		struct {
			struct ticket_id number;
			struct ticket ticket; /* out */
			struct entry *entries;
			size_t entries_count;
			struct change *changes;
			size_t changes_count;
			struct span context; /* as it was given last; absent: none */
		} ticket;

		/* The file of entry `seq`. NOT_FOUND: none, or not `visitor`'s (none: anybody). */
		struct {
			struct ticket_id number;
			uint64_t seq;
			struct visitor_id visitor;
			struct span name, body; /* out */
		} file;

		/* BAD_REQUEST: not a cursor of this list, a limit out of range, more than 32
		 * words. The words of a query are letters and digits, whatever the case; the
		 * last one may be the beginning of a word; without any nothing is found. */
		struct {
			struct ticket_filter filter;
			struct ticket *items; /* out, in the arena */
			size_t count;
			struct span next; /* absent: the last page */
		} tickets;

		/* One row a person, by the newest ticket that fits, descending. A page may be
		 * shorter than `limit`, and empty, while there is a `next`: about
		 * STORE_CUSTOMERS_SEEN rows are looked at for one. BAD_REQUEST: not a cursor of
		 * this list, a limit out of range. */
		struct {
			struct customer_filter filter;
			struct store_customer *items; /* out, in the arena */
			size_t count;
			struct span next; /* absent: the last page */
		} customers;

		struct {
			struct ticket *items; /* out, in the arena; by number */
			size_t count;
		} live;

		/* The visitor's newest ticket; NOT_FOUND: none. */
		struct {
			struct visitor_id visitor;
			struct ticket ticket; /* out */
		} last;

		/* By id, or by e-mail when id is 0. NOT_FOUND. */
		struct {
			struct agent_id id;
			struct span email;
			struct agent agent; /* out */
		} agent;

		struct {
			struct agent *items; /* out, in the arena; by id */
			size_t count;
		} agents;

		/* Expired is NOT_FOUND, and so is a session of a disabled agent. */
		struct {
			uint8_t hash[SECRET_HASH_SIZE];
			wall_ms now;
			struct session session; /* out */
			struct agent agent;     /* out */
		} session;
	} u;
};

struct store_stats {
	size_t queued;          /* calls waiting for the lane */
	uint64_t commits;       /* transactions since the start */
	uint64_t calls;         /* writes done since the start */
	uint64_t latency_us[3]; /* of the last 1,024 writes, submit to done: p50, p99, max */
	bool healthy;           /* the last transaction could be written */
};

struct store;

struct store_ops {
	void (*submit)(struct store *store, struct store_call *call);
	void (*stats)(struct store *store, struct store_stats *out);
	/* Finishes what is queued, or cancels it when it does not end; all `done`s have run
	 * when it returns. Frees the store. */
	void (*close)(struct store *store);
};

/* Implementations embed this first. */
struct store {
	const struct store_ops *ops;
};

static inline void store_submit(struct store *store, struct store_call *call)
{
	store->ops->submit(store, call);
}

#endif
