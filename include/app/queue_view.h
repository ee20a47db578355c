/* SPDX-License-Identifier: MIT */
/* The numbers people see: place in the queue and estimate for visitors, queue counts for
 * agents, at most once a second. */
#ifndef TB_APP_QUEUE_VIEW_H
#define TB_APP_QUEUE_VIEW_H

#include "app/app.h"

void queue_view_tick(struct app *app);
/* The queue of each tier now. */
void queue_view_rows(struct app *app, struct queue_row rows[TIER_MAX]);
/* Sets the chat's place in its queue. */
void queue_view_place(struct app *app, struct chat *chat);

#endif
