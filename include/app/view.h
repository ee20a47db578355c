/* SPDX-License-Identifier: MIT */
/* The numbers people see: place in the queue and estimate for visitors, queue counts for
 * agents, at most once a second. */
#ifndef TB_APP_VIEW_H
#define TB_APP_VIEW_H

#include "app/app.h"

void view_tick(struct app *app);
/* The queue of each tier now. */
void view_queue(struct app *app, struct queue_row rows[TIER_MAX]);
/* Sets the chat's place in its queue. */
void view_place(struct app *app, struct chat *chat);

#endif
