/* SPDX-License-Identifier: MIT */
/* The live tickets as routing and delivery need them: a small copy of what is on record,
 * read at the start and kept up to date by every effect. */
#ifndef TB_APP_CHATS_H
#define TB_APP_CHATS_H

#include <sys/queue.h>

#include "base/map.h"
#include "core/ids.h"
#include "core/target.h"
#include "core/ticket.h"
#include "port/bus.h"

/* What its visitor was promised. */
struct chat_promise {
	wall_ms first_response_due; /* 0: nothing, or it was answered */
	wall_ms resolution_due;     /* 0: nothing, or the clock is paused */
	uint8_t priority;           /* enum priority */
	bool immediate;
	bool may_leave; /* waits long: need not wait on the page */
	bool kept;      /* goes on as a ticket */
};

bool chat_promise_eq(const struct chat_promise *a, const struct chat_promise *b);

struct chat {
	struct ticket_id number;
	struct visitor_id visitor;
	struct agent_id agent;
	uint64_t generation;
	uint64_t last_seq;
	uint64_t last_public_seq;
	wall_ms waiting_since;
	int64_t score;
	uint8_t tier;
	uint8_t status; /* enum ticket_status */
	bool verified;  /* its visitor's address */
	struct chat_promise promise;
	struct target target;
	wall_ms next_due; /* its soonest clock; 0: none */
	uint32_t policy;
	unsigned pages; /* attempts that nobody has acknowledged; 0: nobody is paged */
	char topic[TOPIC_SIZE];

	/* Offered to, until; why[] is the claim's, for the record. */
	struct agent_id offered_to;
	wall_ms offer_until;
	char *why;

	/* What the visitor was told last. */
	unsigned position;
	int64_t eta_s;
	bool nobody;
	wall_ms opens_at;

	/* Read marks; read_dirty: newer than on record, in chats.unsaved. */
	uint64_t read_visitor, read_agent;
	bool read_dirty;
	bool queued; /* in chats.waiting */
	LIST_ENTRY(chat) in_unsaved;
	LIST_ENTRY(chat) in_waiting;

	/* Connections of agents that read along. */
	struct conn_id *watchers;
	size_t watchers_count;

	UT_hash_handle hh;
	UT_hash_handle hh_visitor;
};

LIST_HEAD(chat_list, chat);

struct chats {
	struct chat *by_number;
	struct chat *by_visitor;  /* those that have one */
	struct chat_list waiting; /* in the queue of their tier, in no order */
	struct chat_list unsaved; /* with read marks that are not on record yet */
	uint64_t moves;           /* grows whenever a queue changes */
};

struct chat *chats_find(struct chats *chats, struct ticket_id number);
struct chat *chats_of_visitor(struct chats *chats, const struct visitor_id *visitor);
/* Adds or updates; a ticket that is not live is removed and NULL comes back. */
struct chat *chats_put(struct chats *chats, const struct ticket *ticket);
void chats_fini(struct chats *chats);

bool chat_is_waiting(const struct chat *chat);
void chat_watch(struct chat *chat, struct conn_id conn);
void chat_unwatch(struct chat *chat, struct conn_id conn);
/* Its read marks are to be put on record. */
void chats_dirty(struct chats *chats, struct chat *chat);
void chat_offer_clear(struct chat *chat);

#endif
