/* SPDX-License-Identifier: MIT */
/* Who a page says its visitor is, signed with a secret that the desk and the site's own server
 * share. A script on the page can say any address; only who has the secret can sign one.
 *
 * Signed is the address, or `id`, a line feed and the address where the page gives an id as well.
 * Neither has a line feed in it, so a signature of one kind is never good for the other. An id alone
 * is shown to nobody and verifies nothing. */
#ifndef TB_APP_IDENTITY_H
#define TB_APP_IDENTITY_H

#include "app/app.h"

/* true: the address of the hello is signed. Counts and logs a signature that is wrong; without a
 * key nothing is right and nothing wrong. */
bool identity_check(struct app *app, struct conn_id conn, const struct frame_in *frame);

#endif
