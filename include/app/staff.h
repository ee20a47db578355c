/* SPDX-License-Identifier: MIT */
/* What an administrator changes of a colleague. */
#ifndef TB_APP_STAFF_H
#define TB_APP_STAFF_H

#include "app/app.h"

void staff_change(struct app *app, struct desk_call *call);

#endif
