/* SPDX-License-Identifier: MIT */
/* What port/vault.h promises, on libsodium and on the fake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "adapter/fake_vault.h"
#include "adapter/sodium_vault.h"
#include "base/must.h"

struct kit {
	struct vault *vault;
	uv_loop_t loop;
	bool real;
	bool submitting;
	unsigned dones;
};

struct kit_call {
	struct vault_call call;
	struct kit *kit;
	unsigned done;
	unsigned order;
};

static int open_real(void **state)
{
	struct kit *kit = calloc(1, sizeof(*kit));

	assert_non_null(kit);
	kit->real = true;
	assert_int_equal(uv_loop_init(&kit->loop), 0);
	kit->vault = sodium_vault_create(&kit->loop);
	assert_non_null(kit->vault);
	*state = kit;
	return 0;
}

static int open_fake(void **state)
{
	struct kit *kit = calloc(1, sizeof(*kit));

	assert_non_null(kit);
	kit->vault = fake_vault_create(7);
	*state = kit;
	return 0;
}

static int close_kit(void **state)
{
	struct kit *kit = *state;

	if (kit->vault != NULL)
		kit->vault->ops->close(kit->vault);
	if (kit->real) {
		(void)uv_run(&kit->loop, UV_RUN_DEFAULT);
		assert_int_equal(uv_loop_close(&kit->loop), 0);
	}
	free(kit);
	return 0;
}

static bool is_wiped(const struct vault_call *call)
{
	for (size_t i = 0; i < sizeof(call->password); i++)
		if (call->password[i] != '\0')
			return false;
	return true;
}

static void on_done(struct op *op)
{
	struct vault_call *vault_call = container_of(op, struct vault_call, op);
	struct kit_call *call = container_of(vault_call, struct kit_call, call);

	assert_false(call->kit->submitting);
	assert_true(is_wiped(vault_call));
	call->done++;
	call->order = ++call->kit->dones;
}

static void submit(struct kit *kit, struct kit_call *call, enum vault_kind kind,
                   const char *password)
{
	call->kit = kit;
	call->call.kind = kind;
	call->call.op.done = on_done;
	call->call.password_len = strlen(password);
	memcpy(call->call.password, password, call->call.password_len + 1);
	kit->submitting = true;
	kit->vault->ops->submit(kit->vault, &call->call);
	kit->submitting = false;
}

static void wait_for(struct kit *kit, unsigned dones)
{
	while (kit->dones < dones) {
		if (kit->real)
			(void)uv_run(&kit->loop, UV_RUN_ONCE);
		else
			(void)fake_vault_run(kit->vault);
	}
}

static void hash_then_check(void **state)
{
	static const struct {
		const char *name, *password;
		bool match;
	} rows[] = {
		{"the password itself matches", "correct horse battery staple", true},
		{"another one does not", "correct horse battery stapler", false},
		{"the empty one does not", "", false},
	};
	struct kit *kit = *state;
	struct kit_call hash = {0};

	submit(kit, &hash, VAULT_HASH_PASSWORD, "correct horse battery staple");
	wait_for(kit, 1);
	assert_int_equal(hash.call.op.status, ST_OK);
	if (kit->real)
		assert_memory_equal(hash.call.hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit_call check = {0};

		memcpy(check.call.hash, hash.call.hash, sizeof(check.call.hash));
		submit(kit, &check, VAULT_CHECK_PASSWORD, rows[i].password);
		wait_for(kit, kit->dones + 1);
		assert_int_equal(check.call.op.status, ST_OK);
		if (check.call.match != rows[i].match)
			fail_msg("%s", rows[i].name);
	}
}

static void no_hash_never_matches(void **state)
{
	struct kit *kit = *state;
	struct kit_call check = {0};

	submit(kit, &check, VAULT_CHECK_PASSWORD, "");
	wait_for(kit, 1);
	assert_int_equal(check.call.op.status, ST_OK);
	assert_false(check.call.match);
}

static void an_unknown_account_costs_as_much(void **state)
{
	struct kit *kit = *state;
	struct kit_call check = {0};
	uint64_t before = uv_hrtime();

	submit(kit, &check, VAULT_CHECK_PASSWORD, "a guess");
	wait_for(kit, 1);
	/* Two passes over 19 MiB take longer than this on any machine; a refused hash does not. */
	if (kit->real)
		assert_true(uv_hrtime() - before > UINT64_C(2000000));
}

static void past_the_limit_is_refused(void **state)
{
	struct kit *kit = *state;
	/* Some are done meanwhile: so many that a machine which halts us does not get through them. */
	struct kit_call calls[200] = {0};
	unsigned refused = 0;

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		submit(kit, &calls[i], VAULT_CHECK_PASSWORD, "flood");
	assert_int_equal(kit->dones, 0);
	wait_for(kit, ARRAY_LEN(calls));
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].done, 1);
		if (calls[i].call.op.status == ST_RATE_LIMITED)
			refused++;
		else
			assert_int_equal(calls[i].call.op.status, ST_OK);
	}
	assert_in_range(refused, 1, ARRAY_LEN(calls) - 32);
}

static void close_ends_every_call(void **state)
{
	struct kit *kit = *state;
	struct kit_call calls[32] = {0};
	unsigned canceled = 0;

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		submit(kit, &calls[i], VAULT_CHECK_PASSWORD, "late");
	kit->vault->ops->close(kit->vault);
	kit->vault = NULL;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].done, 1);
		canceled += calls[i].call.op.status == ST_CANCELED ? 1 : 0;
	}
	assert_true(canceled > 0);
}

static void digests_tell_inputs_apart(void **state)
{
	struct kit *kit = *state;
	const struct vault_ops *ops = kit->vault->ops;
	uint8_t key[VAULT_KEY_SIZE] = {1}, other[VAULT_KEY_SIZE] = {2};
	uint8_t a[VAULT_HASH_SIZE], b[VAULT_HASH_SIZE];

	ops->hash(kit->vault, "token", 5, a);
	ops->hash(kit->vault, "token", 5, b);
	assert_memory_equal(a, b, sizeof(a));
	ops->hash(kit->vault, "tokem", 5, b);
	assert_memory_not_equal(a, b, sizeof(a));
	ops->mac(kit->vault, key, "visitor", 7, a);
	ops->mac(kit->vault, key, "visitor", 7, b);
	assert_memory_equal(a, b, VAULT_MAC_SIZE);
	ops->mac(kit->vault, other, "visitor", 7, b);
	assert_memory_not_equal(a, b, VAULT_MAC_SIZE);
	ops->random(kit->vault, a, sizeof(a));
	ops->random(kit->vault, b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

static void blake2b_is_the_published_one(void **state)
{
	/* BLAKE2b-256 of "abc" (b2sum -l 256). */
	static const uint8_t expected[] = {0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72};
	struct kit *kit = *state;
	uint8_t hash[VAULT_HASH_SIZE];

	kit->vault->ops->hash(kit->vault, "abc", 3, hash);
	assert_memory_equal(hash, expected, sizeof(expected));
}

static void signatures_tell_inputs_apart(void **state)
{
	struct kit *kit = *state;
	const struct vault_ops *ops = kit->vault->ops;
	const struct span key = SPAN_LIT("sixteen bytes or"), data = SPAN_LIT("ana@example.gov");
	uint8_t a[VAULT_HMAC_SIZE], b[VAULT_HMAC_SIZE];

	ops->hmac(kit->vault, key, data, a);
	ops->hmac(kit->vault, key, data, b);
	assert_memory_equal(a, b, sizeof(a));
	ops->hmac(kit->vault, key, SPAN_LIT("ana@example.goa"), b);
	assert_memory_not_equal(a, b, sizeof(a));
	ops->hmac(kit->vault, SPAN_LIT("sixteen bytes oR"), data, b);
	assert_memory_not_equal(a, b, sizeof(a));
	ops->hmac(kit->vault, SPAN_LIT("sixteen bytes orana"), SPAN_LIT("@example.gov"), b);
	assert_memory_not_equal(a, b, sizeof(a));
}

static void hmac_is_the_published_one(void **state)
{
	static const struct {
		const char *name;
		int key_byte; /* `key_len` of it; 0: `key` */
		size_t key_len;
		const char *key;
		int data_byte;
		size_t data_len;
		const char *data;
		const char *expected;
	} rows[] = {
		{"RFC 4231, case 1", 0x0b, 20, NULL, 0, 0, "Hi There",
	         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"RFC 4231, case 2", 0, 0, "Jefe", 0, 0, "what do ya want for nothing?",
	         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"RFC 4231, case 3", 0xaa, 20, NULL, 0xdd, 50, NULL,
	         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
		{"RFC 4231, case 4", 0, 0,
	         "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"
	         "\x15\x16\x17\x18\x19",
	         0xcd, 50, NULL,
	         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
		{"RFC 4231, case 6: a key longer than a block", 0xaa, 131, NULL, 0, 0,
	         "Test Using Larger Than Block-Size Key - Hash Key First",
	         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
		{"RFC 4231, case 7: key and data longer than a block", 0xaa, 131, NULL, 0, 0,
	         "This is a test using a larger than block-size key and a larger than block-size "
	         "data. The key needs to be hashed before being used by the HMAC algorithm.",
	         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
	};
	struct kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char key[131], data[50], text[2 * VAULT_HMAC_SIZE + 1];
		uint8_t hmac[VAULT_HMAC_SIZE];
		struct span key_span = span_of(rows[i].key), data_span = span_of(rows[i].data);

		if (rows[i].key == NULL) {
			memset(key, rows[i].key_byte, rows[i].key_len);
			key_span = (struct span){.ptr = key, .len = rows[i].key_len};
		}
		if (rows[i].data == NULL) {
			memset(data, rows[i].data_byte, rows[i].data_len);
			data_span = (struct span){.ptr = data, .len = rows[i].data_len};
		}
		kit->vault->ops->hmac(kit->vault, key_span, data_span, hmac);
		for (size_t j = 0; j < sizeof(hmac); j++)
			(void)snprintf(text + 2 * j, 3, "%02x", hmac[j]);
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("%s: %s", rows[i].name, text);
	}
}

#define ROW(name, open)                                      \
	{                                                    \
#open " " #name, name, open, close_kit, NULL \
	}
#define BOTH(name) ROW(name, open_fake), ROW(name, open_real)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(hash_then_check),
		BOTH(no_hash_never_matches),
		BOTH(an_unknown_account_costs_as_much),
		BOTH(past_the_limit_is_refused),
		BOTH(close_ends_every_call),
		BOTH(digests_tell_inputs_apart),
		BOTH(signatures_tell_inputs_apart),
		ROW(hmac_is_the_published_one, open_real),
		ROW(blake2b_is_the_published_one, open_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
