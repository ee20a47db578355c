/* SPDX-License-Identifier: MIT */
/* Secrets: random bytes, hashes of tokens, signatures of visitor tokens and of who a page says its
 * visitor is, password hashing.
 * Passwords are argon2id (RFC 9106) on threads of their own, at most a few at once. */
#ifndef TB_PORT_VAULT_H
#define TB_PORT_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/op.h"
#include "base/span.h"
#include "core/agent.h"

#define VAULT_KEY_SIZE  32
#define VAULT_HASH_SIZE 32
#define VAULT_MAC_SIZE  16
#define VAULT_HMAC_SIZE 32
#define PASSWORD_MIN    8 /* bytes */
#define PASSWORD_MAX    256

enum vault_kind { VAULT_HASH_PASSWORD, VAULT_CHECK_PASSWORD };

struct vault_call {
	struct op op;
	enum vault_kind kind;
	char password[PASSWORD_MAX + 1]; /* wiped before done */
	size_t password_len;
	/* HASH: out. CHECK: in; "" takes the same time as a real one and never matches. */
	char hash[PASSWORD_HASH_SIZE];
	bool match; /* CHECK: out */
};

/* It may be somebody's from now on. */
static inline bool password_fits(struct span password)
{
	return password.len >= PASSWORD_MIN && password.len <= PASSWORD_MAX;
}

struct vault;

struct vault_ops {
	/* op.h's contract. RATE_LIMITED: too many wait already (nothing was computed). */
	void (*submit)(struct vault *vault, struct vault_call *call);
	void (*random)(struct vault *vault, void *out, size_t len);
	/* Unkeyed, of tokens with 128 random bits or more: BLAKE2b-256. */
	void (*hash)(struct vault *vault, const void *data, size_t len,
	             uint8_t out[VAULT_HASH_SIZE]);
	/* Keyed BLAKE2b-128. */
	void (*mac)(struct vault *vault, const uint8_t key[VAULT_KEY_SIZE], const void *data,
	            size_t len, uint8_t out[VAULT_MAC_SIZE]);
	/* HMAC-SHA256 (RFC 2104), what other programs sign with; a key of any length. On the loop:
	 * it takes microseconds. */
	void (*hmac)(struct vault *vault, struct span key, struct span data,
	             uint8_t out[VAULT_HMAC_SIZE]);
	void (*close)(struct vault *vault);
};

struct vault {
	const struct vault_ops *ops;
};

#endif
