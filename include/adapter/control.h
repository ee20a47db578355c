/* SPDX-License-Identifier: MIT */
/* The control socket in the data folder (mode 0600): the subcommands ask the running server,
 * since the record has one writer. */
#ifndef TB_ADAPTER_CONTROL_H
#define TB_ADAPTER_CONTROL_H

#include <uv.h>

#include "base/status.h"
#include "port/desk.h"

#define CONTROL_CLIENTS_MAX 16

struct control;

/* The folder's lock is held: a socket that is there is a dead server's and is replaced.
 * UNAVAILABLE: the socket cannot be made (`why` has the reason of the system). */
NODISCARD enum status control_open(uv_loop_t *loop, const char *path, struct desk *desk,
                                   struct control **out, const char **why);

/* Answers no more; the memory goes when the loop has run its close callbacks and the desk has
 * answered what it was asked. */
void control_close(struct control **control);

#endif
