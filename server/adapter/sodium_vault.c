/* SPDX-License-Identifier: MIT */
#include "adapter/sodium_vault.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "adapter/lane.h"
#include "base/mem.h"
#include "base/must.h"

#define PASSES 2
#define MEMORY ((size_t)19 * 1024 * 1024)

/* What an unknown account is checked against, at the same cost as a real one. */
#define NOBODY                                                   \
	"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash fits");

struct sodium_vault {
	struct vault vault;
	struct lane *lane;
};

static struct sodium_vault *vault_of(struct vault *vault)
{
	return container_of(vault, struct sodium_vault, vault);
}

static enum status hash_password(struct vault_call *call)
{
	if (crypto_pwhash_str_alg(call->hash, call->password, call->password_len, PASSES, MEMORY,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ST_UNAVAILABLE; /* no memory for it now */
	return ST_OK;
}

static void check_password(struct vault_call *call)
{
	bool known = call->hash[0] != '\0';
	int rc = crypto_pwhash_str_verify(known ? call->hash : NOBODY, call->password,
	                                  call->password_len);

	call->match = rc == 0 && known;
}

static void run(void *user, unsigned thread, struct lane_job *jobs, size_t count)
{
	struct vault_call *call = container_of(jobs[0].op, struct vault_call, op);

	(void)user;
	(void)thread;
	MUST(count == 1);
	call->op.status = ST_OK;
	switch (call->kind) {
	case VAULT_HASH_PASSWORD:
		call->op.status = hash_password(call);
		break;
	case VAULT_CHECK_PASSWORD:
		check_password(call);
		break;
	}
}

static bool finished(void *user, const struct lane_job *job, uint64_t now_ns)
{
	struct vault_call *call = container_of(job->op, struct vault_call, op);

	(void)user;
	(void)now_ns;
	sodium_memzero(call->password, sizeof(call->password)); /* also when it was canceled */
	call->password_len = 0;
	return true;
}

static void vault_submit(struct vault *vault, struct vault_call *call)
{
	MUST(call->password_len <= PASSWORD_MAX);
	call->match = false;
	if (call->kind == VAULT_CHECK_PASSWORD)
		MUST(memchr(call->hash, '\0', sizeof(call->hash)) != NULL);
	lane_submit(vault_of(vault)->lane, &call->op);
}

static void vault_random(struct vault *vault, void *out, size_t len)
{
	(void)vault;
	randombytes_buf(out, len);
}

static void vault_hash(struct vault *vault, const void *data, size_t len,
                       uint8_t out[VAULT_HASH_SIZE])
{
	(void)vault;
	MUST(crypto_generichash(out, VAULT_HASH_SIZE, data, len, NULL, 0) == 0);
}

static void vault_mac(struct vault *vault, const uint8_t key[VAULT_KEY_SIZE], const void *data,
                      size_t len, uint8_t out[VAULT_MAC_SIZE])
{
	(void)vault;
	MUST(crypto_generichash(out, VAULT_MAC_SIZE, data, len, key, VAULT_KEY_SIZE) == 0);
}

static void vault_hmac(struct vault *vault, struct span key, struct span data,
                       uint8_t out[VAULT_HMAC_SIZE])
{
	crypto_auth_hmacsha256_state state;

	_Static_assert(VAULT_HMAC_SIZE == crypto_auth_hmacsha256_BYTES, "a signature fits");
	(void)vault;
	(void)crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
	(void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)data.ptr, data.len);
	(void)crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

static void vault_close(struct vault *vault)
{
	struct sodium_vault *sodium = vault_of(vault);

	lane_close(&sodium->lane);
	free(sodium);
}

struct vault *sodium_vault_create(uv_loop_t *loop)
{
	static const struct vault_ops ops = {.submit = vault_submit,
	                                     .random = vault_random,
	                                     .hash = vault_hash,
	                                     .mac = vault_mac,
	                                     .hmac = vault_hmac,
	                                     .close = vault_close};
	struct sodium_vault *sodium;
	static const struct lane_config config = {.threads = VAULT_THREADS,
	                                          .batch_max = 1,
	                                          .waiting_max = VAULT_WAITING_MAX,
	                                          .run = run,
	                                          .finished = finished};

	if (sodium_init() < 0)
		return NULL;
	sodium = xcalloc(1, sizeof(*sodium));
	sodium->vault.ops = &ops;
	sodium->lane = lane_create(loop, &config);
	if (sodium->lane == NULL) {
		free(sodium);
		return NULL;
	}
	return &sodium->vault;
}
