/* SPDX-License-Identifier: MIT */
/* The policy that the desk runs by, and the versions that its tickets were promised under. A
 * version holds from the moment it is on record. */
#ifndef TB_APP_BOOK_H
#define TB_APP_BOOK_H

#include "app/app.h"

/* The versions on record, the newest first; one that cannot be read any more is passed over. */
void book_load(struct app *app, const struct policy_row *rows, size_t count);

/* Wants it: it is put on record as soon as that can be written, then held to. */
void book_want(struct app *app, struct policy *policy, struct span text);
/* Puts what is wanted on record, unless that is under way. */
void book_put(struct app *app);

/* It is on record under this number, and holds. */
void book_hold(struct app *app, struct policy *policy, uint32_t id);

/* The config with what the policy says of it. */
void book_apply(struct app *app);

/* NULL: a desk without a policy. */
const struct policy *book_current(const struct app *app);
const struct policy *book_of(const struct app *app, uint32_t id);

void book_fini(struct app *app);

#endif
