/* SPDX-License-Identifier: MIT */
/* Many requests about one thing in a short time: a rule that no single ticket can see. */
#ifndef TB_APP_SYSTEMIC_H
#define TB_APP_SYSTEMIC_H

#include <sys/queue.h>

struct app;
struct ticket;

struct systemic;

/* The ones under way: one a topic. */
LIST_HEAD(systemic_list, systemic);

/* A ticket was opened: is its topic one too many? */
void systemic_look(struct app *app, const struct ticket *ticket);

#endif
