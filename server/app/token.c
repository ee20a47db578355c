/* SPDX-License-Identifier: MIT */
#include "app/token.h"

#include <string.h>

#include "base/must.h"

#define SECRET_BYTES 32
#define ISSUED_SIZE  8
#define TOKEN_SIZE   (sizeof(struct visitor_id) + ISSUED_SIZE + VAULT_MAC_SIZE)

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* base64url without padding, RFC 4648 section 5. */
void token_encode(const uint8_t *bytes, size_t len, char *text_out, size_t size)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	MUST(size > (len * 8 + 5) / 6);
	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8) | bytes[i];
		held += 8;
		while (held >= 6) {
			held -= 6;
			text_out[at++] = digits[(bits >> held) & 63U];
		}
	}
	if (held > 0)
		text_out[at++] = digits[(bits << (6 - held)) & 63U];
	text_out[at] = '\0';
}

void token_secret(struct app *app, char text_out[SECRET_TEXT_SIZE])
{
	struct vault *vault = app->ports.vault;
	uint8_t bytes[SECRET_BYTES];

	vault->ops->random(vault, bytes, sizeof(bytes));
	token_encode(bytes, sizeof(bytes), text_out, SECRET_TEXT_SIZE);
	explicit_bzero(bytes, sizeof(bytes));
}

static bool decode(struct span text, uint8_t *bytes, size_t len)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (text.len != (len * 8 + 5) / 6)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *digit = memchr(digits, text.ptr[i], sizeof(digits) - 1);

		if (digit == NULL)
			return false;
		bits = (bits << 6) | (uint32_t)(digit - digits);
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[at++] = (uint8_t)(bits >> held);
		}
	}
	return at == len && (bits & ((1U << held) - 1)) == 0;
}

static void sign(struct app *app, const uint8_t *token, const char *origin,
                 uint8_t mac[VAULT_MAC_SIZE])
{
	uint8_t data[sizeof(struct visitor_id) + ISSUED_SIZE + ORIGIN_SIZE];
	size_t head = sizeof(struct visitor_id) + ISSUED_SIZE;
	struct span site = span_of(origin);

	MUST(site.len < ORIGIN_SIZE);
	memcpy(data, token, head);
	memcpy(data + head, site.ptr, site.len);
	app->ports.vault->ops->mac(app->ports.vault, app->visitor_key, data, head + site.len, mac);
}

void token_issue(struct app *app, const struct visitor_id *visitor, const char *origin,
                 char text_out[TOKEN_TEXT_SIZE])
{
	uint8_t token[TOKEN_SIZE];

	memcpy(token, visitor->v, sizeof(visitor->v));
	for (size_t i = 0; i < ISSUED_SIZE; i++)
		token[sizeof(visitor->v) + i] = (uint8_t)((uint64_t)app->now >> (8 * i));
	sign(app, token, origin, token + sizeof(visitor->v) + ISSUED_SIZE);
	token_encode(token, sizeof(token), text_out, TOKEN_TEXT_SIZE);
}

bool token_same(const void *a, const void *b, size_t len)
{
	const uint8_t *left = a, *right = b;
	uint8_t differ = 0;

	for (size_t i = 0; i < len; i++)
		differ |= (uint8_t)(left[i] ^ right[i]);
	return differ == 0;
}

bool token_check(struct app *app, struct span text, const char *origin,
                 struct visitor_id *visitor_out)
{
	uint8_t token[TOKEN_SIZE];
	uint8_t mac[VAULT_MAC_SIZE];
	uint64_t issued = 0;

	if (!decode(text, token, sizeof(token)))
		return false;
	sign(app, token, origin, mac);
	if (!token_same(mac, token + sizeof(struct visitor_id) + ISSUED_SIZE, sizeof(mac)))
		return false;
	for (size_t i = 0; i < ISSUED_SIZE; i++)
		issued |= (uint64_t)token[sizeof(struct visitor_id) + i] << (8 * i);
	if (app->now - (wall_ms)issued > app->config.visitor_token_ms)
		return false;
	memcpy(visitor_out->v, token, sizeof(visitor_out->v));
	return true;
}
