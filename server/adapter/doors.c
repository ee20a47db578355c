/* SPDX-License-Identifier: MIT */
#include "adapter/doors.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

struct doors {
	struct store store;
	struct bus bus;
	struct vault vault;
	struct store *inner_store;
	struct bus *inner_bus;
	struct vault *inner_vault;
	bool shut;
	struct op **waiting; /* asked since */
	size_t waiting_count, waiting_size;
};

static void keep(struct doors *doors, struct op *op)
{
	if (doors->waiting_count == doors->waiting_size) {
		doors->waiting_size = doors->waiting_size > 0 ? doors->waiting_size * 2 : 16;
		doors->waiting =
			xrealloc(doors->waiting, doors->waiting_size * sizeof(*doors->waiting));
	}
	doors->waiting[doors->waiting_count++] = op;
}

/* --- store --- */

static struct doors *of_store(struct store *store)
{
	return container_of(store, struct doors, store);
}

static void door_store_submit(struct store *store, struct store_call *call)
{
	struct doors *doors = of_store(store);

	if (doors->shut)
		keep(doors, &call->op);
	else
		store_submit(doors->inner_store, call);
}

static void door_store_stats(struct store *store, struct store_stats *out)
{
	struct doors *doors = of_store(store);

	*out = (struct store_stats){0};
	if (!doors->shut)
		doors->inner_store->ops->stats(doors->inner_store, out);
}

static void door_store_close(struct store *store)
{
	(void)store;
	MUST(0); /* its owner closes what is behind the door */
}

/* --- bus --- */

static struct doors *of_bus(struct bus *bus)
{
	return container_of(bus, struct doors, bus);
}

static void door_bus_listen(struct bus *bus, const struct bus_events *events)
{
	struct doors *doors = of_bus(bus);

	doors->inner_bus->ops->listen(doors->inner_bus, events);
}

static void door_bus_submit(struct bus *bus, struct bus_call *call)
{
	struct doors *doors = of_bus(bus);

	if (doors->shut)
		keep(doors, &call->op);
	else
		bus_submit(doors->inner_bus, call);
}

static void door_bus_stats(struct bus *bus, struct bus_stats *out)
{
	struct doors *doors = of_bus(bus);

	*out = (struct bus_stats){0};
	if (!doors->shut)
		doors->inner_bus->ops->stats(doors->inner_bus, out);
}

static void door_bus_close(struct bus *bus)
{
	(void)bus;
	MUST(0);
}

/* --- vault --- */

static struct doors *of_vault(struct vault *vault)
{
	return container_of(vault, struct doors, vault);
}

static void door_vault_submit(struct vault *vault, struct vault_call *call)
{
	struct doors *doors = of_vault(vault);

	if (!doors->shut) {
		doors->inner_vault->ops->submit(doors->inner_vault, call);
		return;
	}
	explicit_bzero(call->password, sizeof(call->password));
	keep(doors, &call->op);
}

/* Bytes are asked for in the middle of a step, which cannot wait: zeros from behind a shut door
 * go nowhere, since whatever they are for is CANCELED. */
static void door_vault_random(struct vault *vault, void *out, size_t len)
{
	struct doors *doors = of_vault(vault);

	if (doors->shut)
		memset(out, 0, len);
	else
		doors->inner_vault->ops->random(doors->inner_vault, out, len);
}

static void door_vault_hash(struct vault *vault, const void *data, size_t len,
                            uint8_t out[VAULT_HASH_SIZE])
{
	struct doors *doors = of_vault(vault);

	if (doors->shut)
		memset(out, 0, VAULT_HASH_SIZE);
	else
		doors->inner_vault->ops->hash(doors->inner_vault, data, len, out);
}

static void door_vault_mac(struct vault *vault, const uint8_t key[VAULT_KEY_SIZE], const void *data,
                           size_t len, uint8_t out[VAULT_MAC_SIZE])
{
	struct doors *doors = of_vault(vault);

	if (doors->shut)
		memset(out, 0, VAULT_MAC_SIZE);
	else
		doors->inner_vault->ops->mac(doors->inner_vault, key, data, len, out);
}

static void door_vault_hmac(struct vault *vault, struct span key, struct span data,
                            uint8_t out[VAULT_HMAC_SIZE])
{
	struct doors *doors = of_vault(vault);

	if (doors->shut)
		memset(out, 0, VAULT_HMAC_SIZE);
	else
		doors->inner_vault->ops->hmac(doors->inner_vault, key, data, out);
}

static void door_vault_close(struct vault *vault)
{
	(void)vault;
	MUST(0);
}

/* --- all --- */

struct doors *doors_create(struct store *store, struct bus *bus, struct vault *vault)
{
	static const struct store_ops store_ops = {
		.submit = door_store_submit,
		.stats = door_store_stats,
		.close = door_store_close,
	};
	static const struct bus_ops bus_ops = {
		.listen = door_bus_listen,
		.submit = door_bus_submit,
		.stats = door_bus_stats,
		.close = door_bus_close,
	};
	static const struct vault_ops vault_ops = {
		.submit = door_vault_submit,
		.random = door_vault_random,
		.hash = door_vault_hash,
		.mac = door_vault_mac,
		.hmac = door_vault_hmac,
		.close = door_vault_close,
	};
	struct doors *doors = xcalloc(1, sizeof(*doors));

	doors->store.ops = &store_ops;
	doors->bus.ops = &bus_ops;
	doors->vault.ops = &vault_ops;
	doors->inner_store = store;
	doors->inner_bus = bus;
	doors->inner_vault = vault;
	return doors;
}

void doors_destroy(struct doors **doors)
{
	if (*doors == NULL)
		return;
	MUST((*doors)->waiting_count == 0);
	free((*doors)->waiting);
	free(*doors);
	*doors = NULL;
}

struct store *doors_store(struct doors *doors)
{
	return &doors->store;
}

struct bus *doors_bus(struct doors *doors)
{
	return &doors->bus;
}

struct vault *doors_vault(struct doors *doors)
{
	return &doors->vault;
}

void doors_shut(struct doors *doors)
{
	doors->shut = true;
}

void doors_settle(struct doors *doors)
{
	MUST(doors->shut);
	for (size_t i = 0; i < doors->waiting_count; i++) {
		struct op *op = doors->waiting[i];

		op->status = ST_CANCELED;
		op->done(op);
	}
	doors->waiting_count = 0;
}
