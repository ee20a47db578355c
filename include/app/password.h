/* SPDX-License-Identifier: MIT */
/* An agent's own password, changed by the agent. */
#ifndef TB_APP_PASSWORD_H
#define TB_APP_PASSWORD_H

#include "app/app.h"

void password_change(struct app *app, struct desk_call *call);

#endif
