/* SPDX-License-Identifier: MIT */
/* Text files: a visitor sends one to the ticket, who may read it gets it. */
#ifndef TB_APP_FILES_H
#define TB_APP_FILES_H

#include "app/app.h"

void files_put(struct app *app, struct desk_call *call);
void files_get(struct app *app, struct desk_call *call);

#endif
