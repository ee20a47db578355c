/* SPDX-License-Identifier: MIT */
/* What the subcommands ask of the desk, as one JSON object a line:
 *
 *   {"call":"agent_add","email":…,"name":…,"tier":1,"role":"agent","password":…}
 *   {"call":"agent_list"}   {"call":"agent_disable","email":…}
 *   {"call":"token_create","email":…,"label":…,"scope":"full","days":0}
 *   {"call":"token_list","email":…}
 *   {"call":"token_label","id":7,"label":…}   {"call":"token_end","id":7}
 *
 * and the answer, another line: {"ok":true,…} or {"ok":false,"code":…,"message":…}. */
#ifndef TB_ADAPTER_CONTROL_CALL_H
#define TB_ADAPTER_CONTROL_CALL_H

#include "base/span.h"
#include "port/desk.h"

#define CONTROL_LINE_MAX 8192

/* Asks the desk, trusted. `done` runs once, perhaps at once, with the answer (without the line's
 * end), which is borrowed for the call. */
void control_call_start(struct desk *desk, struct span line, wall_ms now,
                        void (*done)(void *ctx, struct span answer), void *ctx);

#endif
