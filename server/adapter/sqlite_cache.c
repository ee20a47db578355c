/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_cache.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "base/must.h"

#define BUCKETS 4096U /* a power of two; chains stay short up to a few thousand tickets */

struct cache {
	size_t max;
	size_t count;
	struct cached *newest, *oldest;
	struct cached *numbers[BUCKETS];
	struct cached *visitors[BUCKETS];
	unsigned char key[crypto_shorthash_KEYBYTES];
};

struct cache *cache_create(size_t max)
{
	struct cache *cache = xcalloc(1, sizeof(*cache));

	MUST(sodium_init() >= 0);
	cache->max = max;
	crypto_shorthash_keygen(cache->key);
	return cache;
}

static size_t number_bucket(struct ticket_id number)
{
	return (size_t)(number.v & (BUCKETS - 1));
}

/* A visitor's id is random. */
static size_t visitor_bucket(const struct visitor_id *visitor)
{
	size_t value;

	memcpy(&value, visitor->v + sizeof(visitor->v) - sizeof(value), sizeof(value));
	return (value ^ value >> 32) & (BUCKETS - 1);
}

static void unlink_visitor(struct cache *cache, struct cached *cached)
{
	struct cached **at = &cache->visitors[visitor_bucket(&cached->ticket.visitor)];

	if (!cached->by_visitor)
		return;
	while (*at != cached)
		at = &(*at)->next_visitor;
	*at = cached->next_visitor;
	cached->by_visitor = false;
}

static void link_visitor(struct cache *cache, struct cached *cached)
{
	struct cached **at = &cache->visitors[visitor_bucket(&cached->ticket.visitor)];

	if (visitor_id_is_none(&cached->ticket.visitor) || !ticket_is_live(&cached->ticket))
		return;
	cached->next_visitor = *at;
	*at = cached;
	cached->by_visitor = true;
}

static void unlink_number(struct cache *cache, struct cached *cached)
{
	struct cached **at = &cache->numbers[number_bucket(cached->ticket.number)];

	while (*at != cached)
		at = &(*at)->next_number;
	*at = cached->next_number;
}

static void unlink_age(struct cache *cache, struct cached *cached)
{
	if (cached->newer != NULL)
		cached->newer->older = cached->older;
	else
		cache->newest = cached->older;
	if (cached->older != NULL)
		cached->older->newer = cached->newer;
	else
		cache->oldest = cached->newer;
}

static void link_age(struct cache *cache, struct cached *cached)
{
	cached->newer = NULL;
	cached->older = cache->newest;
	if (cache->newest != NULL)
		cache->newest->newer = cached;
	else
		cache->oldest = cached;
	cache->newest = cached;
}

static struct cached *touch(struct cache *cache, struct cached *cached)
{
	if (cache->newest != cached) {
		unlink_age(cache, cached);
		link_age(cache, cached);
	}
	return cached;
}

static void drop(struct cache *cache, struct cached *cached)
{
	unlink_visitor(cache, cached);
	unlink_number(cache, cached);
	unlink_age(cache, cached);
	cache->count--;
	free(cached->ids.slots);
	free(cached);
}

void cache_clear(struct cache *cache)
{
	while (cache->oldest != NULL)
		drop(cache, cache->oldest);
	MUST(cache->count == 0);
}

void cache_destroy(struct cache **cache)
{
	if (*cache == NULL)
		return;
	cache_clear(*cache);
	free(*cache);
	*cache = NULL;
}

struct cached *cache_find(struct cache *cache, struct ticket_id number)
{
	struct cached *cached = cache->numbers[number_bucket(number)];

	while (cached != NULL && cached->ticket.number.v != number.v)
		cached = cached->next_number;
	return cached != NULL ? touch(cache, cached) : NULL;
}

void cache_drop(struct cache *cache, struct ticket_id number)
{
	struct cached *cached = cache_find(cache, number);

	if (cached != NULL)
		drop(cache, cached);
}

struct cached *cache_find_live(struct cache *cache, const struct visitor_id *visitor)
{
	struct cached *cached = cache->visitors[visitor_bucket(visitor)];

	while (cached != NULL && !visitor_id_eq(&cached->ticket.visitor, visitor))
		cached = cached->next_visitor;
	return cached != NULL ? touch(cache, cached) : NULL;
}

struct cached *cache_add(struct cache *cache, const struct ticket *ticket)
{
	struct cached *cached = xcalloc(1, sizeof(*cached));
	struct cached **bucket = &cache->numbers[number_bucket(ticket->number)];

	if (cache->count >= cache->max)
		drop(cache, cache->oldest);
	ticket_copy(&cached->ticket, ticket);
	cached->next_number = *bucket;
	*bucket = cached;
	link_visitor(cache, cached);
	link_age(cache, cached);
	cache->count++;
	return cached;
}

void cache_update(struct cache *cache, struct cached *cached, const struct ticket *ticket)
{
	bool moves = ticket_is_live(ticket) != ticket_is_live(&cached->ticket);

	if (moves)
		unlink_visitor(cache, cached);
	ticket_copy(&cached->ticket, ticket);
	if (moves)
		link_visitor(cache, cached);
}

uint64_t cache_id_hash(const struct cache *cache, uint64_t author, struct span id)
{
	unsigned char text[sizeof(author) + CLIENT_ID_MAX];
	uint64_t hash;

	MUST(id.len <= CLIENT_ID_MAX);
	memcpy(text, &author, sizeof(author));
	memcpy(text + sizeof(author), id.ptr, id.len);
	(void)crypto_shorthash((unsigned char *)&hash, text, sizeof(author) + id.len, cache->key);
	return hash != 0 ? hash : 1;
}

static void put(struct used_ids *ids, uint64_t hash, uint64_t entry)
{
	size_t at = (size_t)hash & (ids->size - 1);

	while (ids->slots[at].hash != 0)
		at = (at + 1) & (ids->size - 1);
	ids->slots[at] = (struct used_id){.hash = hash, .entry = entry};
}

void used_ids_add(struct used_ids *ids, uint64_t hash, uint64_t entry)
{
	if (ids->count * 2 >= ids->size) { /* fuller, a look for a new id takes many steps */
		struct used_ids old = *ids;

		ids->size = old.size == 0 ? 8 : old.size * 2;
		ids->slots = xcalloc(ids->size, sizeof(*ids->slots));
		for (size_t i = 0; i < old.size; i++)
			if (old.slots[i].hash != 0)
				put(ids, old.slots[i].hash, old.slots[i].entry);
		free(old.slots);
	}
	put(ids, hash, entry);
	ids->count++;
}

/* *at counts the slots that were seen from the hash's own one on. */
bool used_ids_next(const struct used_ids *ids, uint64_t hash, size_t *at, uint64_t *entry_out)
{
	while (*at < ids->size) {
		const struct used_id *slot =
			&ids->slots[((size_t)hash + (*at)++) & (ids->size - 1)];

		if (slot->hash == 0)
			return false;
		if (slot->hash == hash) {
			*entry_out = slot->entry;
			return true;
		}
	}
	return false;
}
