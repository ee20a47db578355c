/* SPDX-License-Identifier: MIT */
/* What is on record goes out: entries to everybody who reads the ticket, each once and in
 * order, and the frames that tell of a new state. */
#ifndef TB_APP_DELIVER_H
#define TB_APP_DELIVER_H

#include "app/app.h"

/* An effect was committed: update the chat, tell people, and have it routed. `why` is the
 * reason in the frames `assigned` and `unassigned`. */
void deliver_effect(struct app *app, const struct effect *effect, const char *why);

/* Sends a client everything behind its cursor of the ticket, in pieces that its connection
 * can take; goes on after deliver_drained when it cannot. The client must be subscribed. */
void deliver_replay(struct app *app, struct client *client, struct ticket_id ticket);
/* The same because the client asked for it: a frame with an `id` is answered when all was sent. */
void deliver_asked(struct app *app, struct client *client, struct ticket_id ticket, struct span id);
void deliver_drained(struct app *app, struct client *client);

/* What another node wrote: the ticket as it is, and its log of which this node has delivered
 * everything up to `after`. */
void deliver_foreign(struct app *app, const struct ticket *ticket, const struct entry *entries,
                     size_t count, uint64_t after);

/* One frame to all clients of a person, of a guest. */
void deliver_to_person(struct app *app, struct person *person, const struct frame_out *frame);
void deliver_to_guest(struct app *app, struct guest *guest, const struct frame_out *frame);
/* To the agent who has the chat and to those who read along. */
void deliver_to_agents(struct app *app, const struct chat *chat, const struct frame_out *frame);

/* The visitor's chat as it is now. */
void deliver_status(struct app *app, const struct chat *chat);
struct chat_status chat_status_of(struct app *app, const struct chat *chat);

/* Word to the other nodes, when there are any; nothing waits for it. */
void deliver_notice(struct app *app, const struct notice *notice);

#endif
