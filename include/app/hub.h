/* SPDX-License-Identifier: MIT */
/* Who is connected to this node: a client a websocket, a guest a visitor, and for each
 * ticket that a client reads how far it has read (a subscription).
 *
 * A client that is asked for by connection id may be gone: hub_find answers NULL, and that
 * is normal. */
#ifndef TB_APP_HUB_H
#define TB_APP_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "app/quota.h"
#include "base/clock.h"
#include "base/map.h"
#include "core/ids.h"
#include "port/desk.h"

/* One client reads one ticket. `cursor` is the seq of the newest entry it was sent. While it
 * is replaying, new entries are not pushed: the replay finds them. */
struct sub {
	struct ticket_id ticket;
	uint64_t cursor;
	bool live;      /* new entries are pushed */
	bool replaying; /* a replay runs */
	bool missed;    /* an entry came in while it ran: once more round */
	bool parked;    /* the replay waits until the connection has drained */
};

struct guest;
struct person;

/* A `history` or `watch` that had an id: answered when what it asked for was sent. */
struct asked {
	struct ticket_id ticket;
	char id[CLIENT_ID_MAX + 1];
};

struct client {
	struct conn_id conn;
	struct guest *guest;      /* a visitor after hello, else NULL */
	struct person *person;    /* an agent, else NULL */
	struct agent_peer *agent; /* what only agents have, else NULL */
	struct sub sub;           /* a visitor's one ticket */
	struct asked *asked;      /* NULL: nothing is owed */
	char *origin;             /* a visitor's until hello, then NULL */
	struct quota *quota;      /* of its network */
	enum audience audience;
	bool greeted;             /* hello was answered: it takes part */
	bool hello;               /* hello has come */
	LIST_ENTRY(client) peers; /* the clients of one guest, or of one person */
	UT_hash_handle hh;
};

LIST_HEAD(client_list, client);

/* Kept apart, so that an idle visitor does not pay for it. */
struct agent_peer {
	struct identity identity;
	struct sub *subs;
	size_t subs_count;
	struct ticket_id viewing; /* on its screen; 0: none */
	bool typing;              /* and written in */
};

/* A visitor with at least one socket here. */
struct guest {
	struct visitor_id id;
	struct client_list clients;
	unsigned clients_count;
	struct ticket_id ticket; /* the newest one, live or not; 0: none known */
	int tier;                /* where that one ended */
	bool survey;             /* that one has ended and can be rated */
	wall_ms survey_until;
	struct rate messages;
	struct rate signals; /* frames that are no messages */
	struct rate chats;
	char *name, *email, *page_url, *page_title, *context; /* NULL: not said */
	bool verified;     /* the email is signed with the desk's key: see app/identity.h */
	bool context_kept; /* it is on record with the live ticket */
	UT_hash_handle hh;
};

struct hub {
	struct client *clients; /* by conn */
	struct guest *guests;   /* by visitor */
	struct quota *quotas;
	size_t visitor_sockets, agent_sockets;
};

struct client *hub_find(struct hub *hub, struct conn_id conn);
struct client *hub_open(struct hub *hub, struct conn_id conn, const struct desk_peer *peer);
/* Frees it; a guest without clients goes with it. */
void hub_close(struct hub *hub, struct client **client);

struct guest *hub_guest(struct hub *hub, const struct visitor_id *id); /* NULL: not here */
/* Makes the client one of the visitor's. */
struct guest *hub_seat_guest(struct hub *hub, struct client *client, const struct visitor_id *id);
void hub_fini(struct hub *hub);

/* NULL: it does not read that ticket. */
struct sub *client_sub(struct client *client, struct ticket_id ticket);
/* The one there is, or a new one; the pointer holds until the next client_subscribe. */
struct sub *client_subscribe(struct client *client, struct ticket_id ticket);
void client_unsubscribe(struct client *client, struct ticket_id ticket);

#endif
