/* SPDX-License-Identifier: MIT */
/* The API tokens of agents: made, listed, named, ended one by one. */
#ifndef TB_APP_API_TOKEN_H
#define TB_APP_API_TOKEN_H

#include "app/app.h"

void api_token_create(struct app *app, struct desk_call *call);
void api_token_list(struct app *app, struct desk_call *call);
void api_token_label(struct app *app, struct desk_call *call);
void api_token_end(struct app *app, struct desk_call *call);

/* Somebody came with it: on record, once an hour, and nobody waits for that. */
void api_token_used(struct app *app, const struct session *session);

/* Sockets whose token has run out end. */
void api_token_tick(struct app *app);

#endif
