/* SPDX-License-Identifier: MIT */
/* Reads what the desk has to know before it takes traffic. */
#ifndef TB_APP_START_H
#define TB_APP_START_H

#include "app/app.h"

/* Sets app->started when all is read; app->starting is true while it tries. */
void start_begin(struct app *app);

#endif
