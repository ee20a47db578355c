/* SPDX-License-Identifier: MIT */
/* The switchboard: who is available, who waits, who was offered what, and word between the
 * nodes. It holds only what can be rebuilt from the record and the live sockets.
 *
 * Calls follow base/op.h. A call that cannot reach the switchboard ends with UNAVAILABLE
 * (nothing done) or TIMEOUT (unknown); every call is idempotent. Time comes with the call.
 * One suite in tests/contract runs against every implementation.
 *
 * The model. An agent is in the presence set of its tier while its lease runs; the lease
 * is fenced by the connection that took it. An agent's load is the number of tickets bound to
 * it: offered or accepted. A ticket is, at any time, in the queue of one tier, or offered to
 * one agent until a moment, or bound to one agent, or unknown here. */
#ifndef TB_PORT_BUS_H
#define TB_PORT_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/op.h"
#include "core/agent.h"
#include "core/ids.h"
#include "core/rule.h"

enum bus_kind {
	BUS_PRESENCE, /* enter, renew or leave the presence set */
	BUS_QUEUE,    /* tickets wait; whatever they were before */
	BUS_DROP,     /* a ticket ended: forget it, free its agent */
	BUS_BIND,     /* an agent has it (transfer by hand, rebuild); free of others */
	BUS_MATCH,    /* offer waiting tickets of a tier to available agents with room */
	BUS_ACCEPT,   /* an offer becomes a binding */
	BUS_DECLINE, /* an offer goes back to its place in the queue, not to this agent again soon */
	BUS_TICK,    /* once a second by every node */
	BUS_OVERVIEW, /* a tier at a glance */
	BUS_REBUILD,  /* start anew with what the record and the sockets say */
	BUS_PUBLISH,  /* word to the other nodes */
};

/* An available agent as the claim saw it: stored as the why of an assignment. */
struct candidate {
	struct agent_id agent;
	int load;
	int capacity;
	wall_ms idle_since; /* its last binding ended; ties go to the longest idle */
};

#define CANDIDATES_MAX 8 /* the best ones, in order */
#define BUS_QUEUE_MAX  500
#define BUS_NODE_SIZE  64
#define BUS_TEXT_SIZE  512

struct bus_offer {
	struct ticket_id ticket;
	struct agent_id agent;
	int tier;
	wall_ms expires_at;
	struct candidate candidates[CANDIDATES_MAX]; /* [0] is the one who was chosen */
	size_t candidates_count;
};

struct bus_seat {
	struct agent_id agent;
	int tier;
	enum presence state; /* AVAILABLE and AWAY are in the set; only AVAILABLE is offered */
	int capacity;
	struct conn_id conn; /* the fence: with the node's name it is unique */
	wall_ms lease_until;
};

struct bus_place {
	struct ticket_id ticket;
	int tier;
	int64_t score;         /* ticket_queue_score() */
	struct agent_id agent; /* REBUILD: bound to, or none: it waits */
};

enum notice_kind {
	NOTICE_ENTRY,    /* ticket has entries up to seq: read them from the record */
	NOTICE_TYPING,   /* agent or visitor is typing, on or off */
	NOTICE_READ,     /* read mark */
	NOTICE_OFFER,    /* ticket is offered to agent until `at` */
	NOTICE_WITHDRAW, /* the offer of ticket to agent is over */
	NOTICE_REVOKED,  /* sessions of agent ended: close its sockets that do not check out */
	NOTICE_DUE,      /* a target of ticket is close, or missed: to those it names */
	NOTICE_ALERT, /* a rule wants those it names to know, or somebody paged: why in the text */
	NOTICE_VIEWING, /* agent, whose name is `to`, looks at ticket until `at`, and types or not */
	NOTICE_ALERTS,  /* as DUE (`on`) or ALERT, of `seq` tickets that are not named */
};

#define NOTICE_LAST     NOTICE_ALERTS
#define NOTICE_BITS_MAX 0xFFU

/* A value: everything a node needs to act or to know what to read. */
struct notice {
	enum notice_kind kind;
	struct ticket_id ticket;
	struct agent_id agent;
	uint64_t seq;
	wall_ms at;
	bool on;
	unsigned tier;           /* DUE, ALERT: all of this tier; 0: none */
	unsigned bits;           /* what else the app says of it, at most NOTICE_BITS_MAX */
	struct agent_id contact; /* ALERT: and this one */
	char rule[RULE_ID_SIZE];
	char to[NAME_SIZE];
	char text[BUS_TEXT_SIZE]; /* one line */
};

struct bus_call {
	struct op op;
	enum bus_kind kind;
	wall_ms now;
	struct arena arena; /* results; the caller frees it */

	union {
		/* state OFFLINE leaves (CONFLICT: another conn has taken the seat; leaving again is
		 * OK). Entering again with another conn takes the lease over. The load survives. */
		struct bus_seat presence;

		/* 1-BUS_QUEUE_MAX, in this order; agent is ignored. Borrowed until done. */
		struct {
			const struct bus_place *places;
			size_t count;
		} queue;
		struct ticket_id drop;
		struct bus_place bind; /* ticket, agent, tier */

		/* Takes up to `limit` tickets from the head of the tier's queue and offers each to
		 * the available agent of the tier with a running lease, with room (load < capacity)
		 * and without a fresh decline of that ticket, who has the smallest load; ties: the
		 * longest idle. A ticket nobody can take stays, and those behind it are tried. A
		 * switchboard that has lost its memory offers nothing until it is rebuilt. */
		struct {
			int tier;
			unsigned limit;           /* 1-64 */
			int64_t offer_ms;         /* an offer runs out after */
			struct bus_offer *offers; /* out, in the arena */
			size_t count;
		} match;

		/* CONFLICT: not offered to this agent (any more). Accepting twice is OK.
		 * UNAVAILABLE also: it has lost its memory and cannot say. */
		struct {
			struct ticket_id ticket;
			struct agent_id agent;
			int64_t again_ms; /* DECLINE: not offered to this agent for so long */
		} answer;

		/* Renews the leases of `seats` (those whose fence holds, and those that nobody
		 * holds: a lease that ran out is taken again), ends leases and offers that ran out.
		 * An offer that ran out counts as declined for again_ms and is queued again where
		 * it was. */
		struct {
			const struct bus_seat *seats;
			size_t seats_count;
			int64_t again_ms;
			struct bus_offer *expired; /* out, in the arena: ticket, agent, tier */
			size_t expired_count;
			/* out: the switchboard has lost its memory, or another node has rebuilt it
			 * since without this one: BUS_REBUILD with wipe */
			bool lost;
			unsigned nodes; /* out: nodes that ticked within 10 s, this one included */
		} tick;

		struct {
			int tier;
			size_t waiting;          /* out: wait or are offered */
			struct ticket_id *order; /* out: the first 256 that wait or are offered */
			size_t order_count;
			struct candidate *agents; /* out: who is in the presence set, by id */
			enum presence *states;
			size_t agents_count;
			size_t available; /* available with a running lease */
		} overview;

		/* Puts what this node knows; an offer that runs stays. `wipe`: first forgets
		 * everything (a node that finds `lost` says true; idempotent: what another node has
		 * rebuilt since is not forgotten but added to). */
		struct {
			bool wipe;
			const struct bus_seat *seats;
			size_t seats_count;
			const struct bus_place *places;
			size_t places_count;
		} rebuild;

		struct notice publish;
	} u;
};

/* What the switchboard says by itself; called on the loop thread, never inside a call. */
struct bus_events {
	void *ctx;
	void (*notice)(void *ctx, const struct notice *notice); /* from another node */
	void (*up)(void *ctx);   /* reachable (again): what was there may be gone, BUS_TICK tells */
	void (*down)(void *ctx); /* not reachable */
};

struct bus_stats {
	bool up;
	uint64_t calls;
	uint64_t failures;
	uint64_t restarts;   /* of the private child */
	int64_t rtt_us_last; /* of the last call */
};

struct bus;

struct bus_ops {
	void (*listen)(struct bus *bus, const struct bus_events *events); /* once, at the start */
	void (*submit)(struct bus *bus, struct bus_call *call);
	void (*stats)(struct bus *bus, struct bus_stats *out);
	void (*close)(struct bus *bus); /* as store's */
};

struct bus {
	const struct bus_ops *ops;
};

static inline void bus_submit(struct bus *bus, struct bus_call *call)
{
	bus->ops->submit(bus, call);
}

#endif
