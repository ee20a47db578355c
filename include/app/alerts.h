/* SPDX-License-Identifier: MIT */
/* Word to people when a clock or a rule wants it: frames for who is connected, pages and notices
 * through the notifier for who is not. */
#ifndef TB_APP_ALERTS_H
#define TB_APP_ALERTS_H

#include "app/app.h"

/* What an effect that is on record wants told. */
void alerts_send(struct app *app, const struct effect *effect);

/* To all who lead the desk: a notice that no single ticket asked for. */
void alerts_notice(struct app *app, const struct ticket *ticket, const char *rule, const char *why);

/* A notice for the notifier that waits until it is known of how many tickets it is; `summary` then
 * says so. Sending and freeing take it and null it. */
struct telling;
void alerts_telling_send(struct telling **telling, uint64_t tickets);
void alerts_telling_free(struct telling **telling);

/* At the start: whoever was paged for one of these and has not acknowledged it is paged again. */
void alerts_start(struct app *app, const struct ticket *tickets, size_t count);

/* Sends an agent's client the pages that nobody has acknowledged yet, as far as it gets them. */
void alerts_repeat(struct app *app, struct client *client);

#endif
