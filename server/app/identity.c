/* SPDX-License-Identifier: MIT */
#include "app/identity.h"

#include <inttypes.h>
#include <string.h>

#include "app/token.h"
#include "base/log.h"
#include "base/must.h"

#define SIGNED_SIZE   (NAME_SIZE + 1 + EMAIL_SIZE)
#define HMAC_TEXT_LEN (2 * (size_t)VAULT_HMAC_SIZE)

static struct span signed_text(const struct frame_in *frame, char text[SIGNED_SIZE])
{
	struct span id = frame->user_id, email = frame->user_email;
	size_t len = 0;

	MUST(id.len < NAME_SIZE && email.len < EMAIL_SIZE);
	if (id.len > 0) {
		memcpy(text, id.ptr, id.len);
		text[id.len] = '\n';
		len = id.len + 1;
	}
	memcpy(text + len, email.ptr, email.len);
	return (struct span){.ptr = text, .len = len + email.len};
}

static bool is_signed(struct app *app, const struct frame_in *frame)
{
	static const char digits[] = "0123456789abcdef";
	const struct identity_key *key = &app->config.identity_key;
	const struct vault_ops *ops = app->ports.vault->ops;
	char text[SIGNED_SIZE], expected[HMAC_TEXT_LEN];
	uint8_t hmac[VAULT_HMAC_SIZE];

	if (frame->user_email.len == 0 || frame->user_hmac.len != HMAC_TEXT_LEN)
		return false;
	ops->hmac(app->ports.vault, (struct span){.ptr = key->bytes, .len = key->len},
	          signed_text(frame, text), hmac);
	for (size_t i = 0; i < sizeof(hmac); i++) {
		expected[2 * i] = digits[hmac[i] >> 4];
		expected[2 * i + 1] = digits[hmac[i] & 15U];
	}
	return token_same(expected, frame->user_hmac.ptr, HMAC_TEXT_LEN);
}

bool identity_check(struct app *app, struct conn_id conn, const struct frame_in *frame)
{
	if (app->config.identity_key.len == 0 || frame->user_hmac.len == 0)
		return false;
	if (is_signed(app, frame)) {
		app->counters.identities_right++;
		return true;
	}
	app->counters.identities_wrong++;
	log_debug("identity.wrong", "conn=%" PRIu64, conn.v);
	return false;
}
