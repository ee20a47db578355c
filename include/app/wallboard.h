/* SPDX-License-Identifier: MIT */
/* The figures of the wall, counted when somebody asks. */
#ifndef TB_APP_WALLBOARD_H
#define TB_APP_WALLBOARD_H

#include "app/app.h"

void wallboard_read(struct app *app, struct desk_call *call);

#endif
