/* SPDX-License-Identifier: MIT */
/* A visitor's token: its id, when it was issued, and a signature over both and the origin.
 * Nothing is kept for it, so ten thousand idle visitors leave no rows behind; a token that
 * is old, forged or from another site is simply answered with a fresh one. */
#ifndef TB_APP_TOKEN_H
#define TB_APP_TOKEN_H

#include "app/app.h"

#define TOKEN_TEXT_SIZE 64

void token_issue(struct app *app, const struct visitor_id *visitor, const char *origin,
                 char text_out[TOKEN_TEXT_SIZE]);
/* false: not one of ours for this origin, or too old. */
bool token_check(struct app *app, struct span text, const char *origin,
                 struct visitor_id *visitor_out);

/* Compares secrets: it takes as long for any two of this length. */
bool token_same(const void *a, const void *b, size_t len);

/* A secret of 256 bits, which is told once and kept as its hash. */
void token_secret(struct app *app, char text_out[SECRET_TEXT_SIZE]);

/* Random bytes as text of base64url, NUL included in size. */
void token_encode(const uint8_t *bytes, size_t len, char *text_out, size_t size);

#endif
