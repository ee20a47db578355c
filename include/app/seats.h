/* SPDX-License-Identifier: MIT */
/* Presence: an agent's seat in the set of its tier, kept while one of its sockets lives, the
 * grace when the last one is gone, and the rebuild of a switchboard that lost its memory. */
#ifndef TB_APP_SEATS_H
#define TB_APP_SEATS_H

#include "app/app.h"

/* The agent said where it is; acks the frame. */
void seats_presence(struct app *app, struct client *client, const struct frame_in *frame);
/* An agent's client came, an agent's client went (it is not in the list any more). */
void seats_client_came(struct app *app, struct person *person);
void seats_client_went(struct app *app, struct person *person, struct conn_id conn);

/* A chat is with the agent (again): somebody without a socket here has the grace to come back. */
void seats_got_chat(struct app *app, struct agent_id agent);

/* Leases and expired offers once a second, graces, a rebuild when one is due. */
void seats_tick(struct app *app);

/* Agents who have chats on record but no socket here: their grace begins. */
void seats_start(struct app *app);

#endif
