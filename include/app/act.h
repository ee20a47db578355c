/* SPDX-License-Identifier: MIT */
/* One command on one ticket, from whoever asks to the record and out to everybody. */
#ifndef TB_APP_ACT_H
#define TB_APP_ACT_H

#include "app/app.h"

/* Who waits for the answer: a connection (ack or error under the command's id), a call of
 * HTTP, or nobody. */
struct act_origin {
	struct conn_id conn;
	struct desk_call *call;
	const char *why; /* a literal: the reason in frames to agents; NULL: the kind's name */
};

/* Copies the command's texts. The store fills what the kind of `store_kind` needs:
 * STORE_SAY, STORE_CREATE or STORE_COMMAND on `number`. */
void act_start(struct app *app, const struct act_origin *origin, enum store_kind store_kind,
               struct ticket_id number, const struct command *command);

/* The actor of an agent, of a visitor, of the desk itself. */
struct actor actor_of_agent(const struct agent *agent);
struct actor actor_of_guest(const struct guest *guest);
struct actor actor_of_system(void);

/* Frees what is kept for the next ones. */
void acts_fini(struct app *app);

#endif
