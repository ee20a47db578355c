/* SPDX-License-Identifier: MIT */
/* Lists of tickets that an agent saved, the same in all its browsers. */
#ifndef TB_APP_SAVED_LISTS_H
#define TB_APP_SAVED_LISTS_H

#include "app/app.h"

void saved_lists_read(struct app *app, struct desk_call *call);
void saved_lists_put(struct app *app, struct desk_call *call);
void saved_lists_end(struct app *app, struct desk_call *call);

#endif
