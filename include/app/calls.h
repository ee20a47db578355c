/* SPDX-License-Identifier: MIT */
/* The calls about tickets and customers, and who is online. */
#ifndef TB_APP_CALLS_H
#define TB_APP_CALLS_H

#include "app/app.h"

void calls_tickets(struct app *app, struct desk_call *call);
void calls_customers(struct app *app, struct desk_call *call);
void calls_ticket(struct app *app, struct desk_call *call);
void calls_create(struct app *app, struct desk_call *call);
void calls_command(struct app *app, struct desk_call *call);
void calls_online(struct app *app, struct desk_call *call);

#endif
