/* SPDX-License-Identifier: MIT */
/* The agents: who they are, what they said of their presence, and their sockets here. */
#ifndef TB_APP_PEOPLE_H
#define TB_APP_PEOPLE_H

#include "app/hub.h"
#include "core/agent.h"

struct person {
	struct agent agent;
	enum presence state;               /* what the agent said; holds over a short absence */
	char reason[PRESENCE_REASON_SIZE]; /* why; "": not said */
	wall_ms since;                     /* this state, for this reason; 0: never said */
	int capacity;
	struct client_list clients;
	unsigned clients_count;
	struct conn_id seat;  /* the connection that holds the lease */
	wall_ms absent_since; /* no sockets since; 0: here, or nothing to wait for */
	unsigned chats;       /* live chats that this agent has */
	struct rate frames;
	UT_hash_handle hh;
};

struct people {
	struct person *by_id;
};

struct person *people_find(struct people *people, struct agent_id id); /* NULL: none */
struct person *people_by_email(struct people *people, struct span email);
/* Adds, or takes over what changed. */
struct person *people_put(struct people *people, const struct agent *agent);
void people_fini(struct people *people);

#endif
