/* SPDX-License-Identifier: MIT */
/* From waiting to somebody: queueing, offers and their answers. The record decides who has a
 * ticket (its generation is the fence); the switchboard decides whom to ask. */
#ifndef TB_APP_ROUTING_H
#define TB_APP_ROUTING_H

#include "app/app.h"

/* The effect's route, after the chat was updated. */
void routing_follow(struct app *app, const struct effect *effect);

/* In between, tickets that have to wait are put into their queues together: very many at one moment
 * are a few calls, and who could take them is looked for once a call. No ticket twice. */
void routing_hold(struct app *app);
void routing_let_go(struct app *app);

/* Offers what waits on the tier to whoever has room; coalesced. */
void routing_match(struct app *app, int tier);

/* Answers of an agent to an offer. */
void routing_accept(struct app *app, struct client *client, const struct frame_in *frame);
void routing_decline(struct app *app, struct client *client, const struct frame_in *frame);
/* An accept that did not come to be on record: the chat waits again, at its place. */
void routing_unaccept(struct app *app, struct ticket_id number);
/* The agent is not there any more: its offers go to the next one, and to the same one when it is
 * back at once. */
void routing_give_back(struct app *app, struct person *person);

/* Sends an agent's client the offers that still run. */
void routing_repeat_offers(struct app *app, struct client *client);

/* Tells whoever was offered the chat that it is over, and forgets the offer. */
void routing_withdraw(struct app *app, struct chat *chat, const char *reason);

/* Another node's claim is for an agent who is connected here. */
void routing_offer_here(struct app *app, struct chat *chat, const struct notice *notice);

/* A call of ours to the switchboard. */
struct routing_call {
	struct bus_call call;
	struct app *app;
	int tier;                 /* whose queue to look at afterwards; 0: none */
	struct bus_place *places; /* of BUS_QUEUE, in the call's arena */
};

struct routing_call *routing_call_create(struct app *app, enum bus_kind kind,
                                         void (*done)(struct op *op));
void routing_call_free(struct routing_call **call);
/* A call that did not reach the switchboard: what it knows is stale until the next rebuild. */
void routing_check(struct app *app, enum status st);

/* Word to the other nodes. */
void routing_publish(struct app *app, const struct notice *notice);

#endif
