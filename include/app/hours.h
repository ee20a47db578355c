/* SPDX-License-Identifier: MIT */
/* Hours and promises in the chat: what a visitor is told of them now. */
#ifndef TB_APP_HOURS_H
#define TB_APP_HOURS_H

#include "app/app.h"

/* The desk at a glance, for `welcome`. */
void hours_desk(const struct app *app, struct desk_hours *out);

/* When the chat opens next; 0: it is open, or not known. */
wall_ms hours_opens_at(const struct app *app);

#endif
