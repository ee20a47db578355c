/* SPDX-License-Identifier: MIT */
/* Word from the other nodes: what to read from the record, whom to tell. */
#ifndef TB_APP_NOTICES_H
#define TB_APP_NOTICES_H

#include "app/app.h"

void notices_take(struct app *app, const struct notice *notice);

#endif
