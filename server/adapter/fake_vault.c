/* SPDX-License-Identifier: MIT */
#include "adapter/fake_vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

#define WAITING_MAX 34 /* two at work, 32 behind them */

struct fake_vault {
	struct vault vault;
	uint64_t state;
	struct vault_call **queue;
	size_t queued;
	size_t size;
	size_t accepted; /* of the queued: the others are refused when their turn comes */
};

static struct fake_vault *vault_of(struct vault *vault)
{
	return container_of(vault, struct fake_vault, vault);
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void digest(const void *key, size_t key_len, const void *data, size_t len, uint8_t *out,
                   size_t out_len)
{
	const unsigned char *parts[] = {key, data};
	const size_t lens[] = {key_len, len};
	uint64_t state = UINT64_C(0xcbf29ce484222325); /* FNV-1a, then spread */

	for (size_t part = 0; part < ARRAY_LEN(parts); part++) {
		for (size_t i = 0; i < lens[part]; i++)
			state = (state ^ parts[part][i]) * UINT64_C(0x100000001b3);
		state = (state ^ lens[part]) * UINT64_C(0x100000001b3);
	}
	for (size_t i = 0; i < out_len; i++)
		out[i] = (uint8_t)next(&state);
}

static void password_hash(const struct vault_call *call, char out[PASSWORD_HASH_SIZE])
{
	uint8_t raw[8];
	uint64_t value;

	digest("", 0, call->password, call->password_len, raw, sizeof(raw));
	memcpy(&value, raw, sizeof(value));
	(void)snprintf(out, PASSWORD_HASH_SIZE, "$fake$%016llx", (unsigned long long)value);
}

static void compute(struct vault_call *call)
{
	char hash[PASSWORD_HASH_SIZE] = "";

	call->op.status = ST_OK;
	password_hash(call, hash);
	if (call->kind == VAULT_HASH_PASSWORD)
		memcpy(call->hash, hash, sizeof(hash));
	else
		call->match = call->hash[0] != '\0' && strcmp(call->hash, hash) == 0;
}

static void fake_submit(struct vault *vault, struct vault_call *call)
{
	struct fake_vault *fake = vault_of(vault);

	MUST(call->password_len <= PASSWORD_MAX);
	if (fake->queued == fake->size) {
		fake->size = fake->size == 0 ? 16 : fake->size * 2;
		fake->queue = xrealloc(fake->queue, fake->size * sizeof(struct vault_call *));
	}
	call->match = false;
	call->op.status = fake->accepted < WAITING_MAX ? ST_OK : ST_RATE_LIMITED;
	fake->accepted += call->op.status == ST_OK ? 1 : 0;
	fake->queue[fake->queued++] = call;
}

static size_t finish_all(struct fake_vault *fake, bool cancel)
{
	struct vault_call **queue = fake->queue;
	size_t count = fake->queued;

	fake->queue = NULL;
	fake->queued = fake->size = fake->accepted = 0;
	for (size_t i = 0; i < count; i++) {
		if (cancel)
			queue[i]->op.status = ST_CANCELED;
		else if (queue[i]->op.status == ST_OK)
			compute(queue[i]);
		memset(queue[i]->password, 0, sizeof(queue[i]->password));
		queue[i]->password_len = 0;
		queue[i]->op.done(&queue[i]->op);
	}
	free(queue);
	return count;
}

size_t fake_vault_run(struct vault *vault)
{
	return finish_all(vault_of(vault), false);
}

static void fake_random(struct vault *vault, void *out, size_t len)
{
	struct fake_vault *fake = vault_of(vault);
	uint8_t *bytes = out;

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)next(&fake->state);
}

static void fake_hash(struct vault *vault, const void *data, size_t len,
                      uint8_t out[VAULT_HASH_SIZE])
{
	(void)vault;
	digest("", 0, data, len, out, VAULT_HASH_SIZE);
}

static void fake_mac(struct vault *vault, const uint8_t key[VAULT_KEY_SIZE], const void *data,
                     size_t len, uint8_t out[VAULT_MAC_SIZE])
{
	(void)vault;
	digest(key, VAULT_KEY_SIZE, data, len, out, VAULT_MAC_SIZE);
}

static void fake_hmac(struct vault *vault, struct span key, struct span data,
                      uint8_t out[VAULT_HMAC_SIZE])
{
	(void)vault;
	digest(key.ptr, key.len, data.ptr, data.len, out, VAULT_HMAC_SIZE);
}

static void fake_close(struct vault *vault)
{
	struct fake_vault *fake = vault_of(vault);

	while (finish_all(fake, true) > 0)
		;
	free(fake);
}

struct vault *fake_vault_create(uint64_t seed)
{
	static const struct vault_ops ops = {.submit = fake_submit,
	                                     .random = fake_random,
	                                     .hash = fake_hash,
	                                     .mac = fake_mac,
	                                     .hmac = fake_hmac,
	                                     .close = fake_close};
	struct fake_vault *fake = xcalloc(1, sizeof(*fake));

	fake->vault.ops = &ops;
	fake->state = seed;
	return &fake->vault;
}
