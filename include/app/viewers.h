/* SPDX-License-Identifier: MIT */
/* Who looks at a ticket, and who writes in it: told to the others who look at it, so that two agents
 * do not answer the same thing. Nothing of it is kept on record.
 *
 * Each socket of an agent looks at one ticket or at none. Other nodes say so in notices that hold for
 * VIEW_MS, and say it again before: a node that dies is forgotten by itself. */
#ifndef TB_APP_VIEWERS_H
#define TB_APP_VIEWERS_H

#include "app/app.h"

#define VIEW_MS           (60 * SEC_MS)
#define VIEW_AGAIN_MS     (25 * SEC_MS)
#define VIEWERS_MAX       16  /* named in a frame */
#define FOREIGN_VIEWS_MAX 512 /* of other nodes, remembered; what comes beyond is not shown */

/* `viewing`: the client looks at frame->ticket (0: at none); on: it writes there. */
void viewers_look(struct app *app, struct client *client, const struct frame_in *frame);

/* The client is about to go. */
void viewers_leave(struct app *app, struct client *client);

void viewers_noticed(struct app *app, const struct notice *notice);

/* Says again what holds, and forgets what does not. */
void viewers_tick(struct app *app);

void viewers_fini(struct app *app);

#endif
