/* SPDX-License-Identifier: MIT */
/* The lane's memory of the tickets that are in use: what is on disk or in the open transaction,
 * for it alone writes. A message on a ticket that is here reads nothing from the file.
 * A batch that fails drops the whole cache. */
#ifndef TB_ADAPTER_SQLITE_CACHE_H
#define TB_ADAPTER_SQLITE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ticket.h"

struct cache;

/* The ids that commands on a ticket carried, as hashes: what is not here was not used; what is
 * here has to be looked up. */
struct used_ids {
	struct used_id {
		uint64_t hash;  /* 0: free */
		uint64_t entry; /* its id; 0: none, see command_key */
	} * slots;
	size_t size; /* a power of two */
	size_t count;
};

struct cached {
	struct ticket ticket;
	uint64_t changes;  /* rows of its audit */
	uint64_t last_id;  /* of its newest entry, 0: none */
	uint64_t block_id; /* of its newest entry whose seq is a multiple of 64 */
	bool newest;       /* certainly the newest of its visitor, and live */
	bool apart;        /* not in the cache: whoever works on it keeps it for a moment */
	struct used_ids ids;
	struct cached *next_number, *next_visitor; /* chains of the hash tables */
	struct cached *newer, *older;              /* least recently used goes first */
	bool by_visitor;
};

struct cache *cache_create(size_t max);
void cache_destroy(struct cache **cache);
void cache_clear(struct cache *cache);

/* NULL: not here. The pointer is good until the next cache_add() or cache_clear(). */
struct cached *cache_find(struct cache *cache, struct ticket_id number);
struct cached *cache_find_live(struct cache *cache, const struct visitor_id *visitor);

/* A new one for the ticket, which is not here yet. */
struct cached *cache_add(struct cache *cache, const struct ticket *ticket);

/* It is not on record any more, if it is here at all. */
void cache_drop(struct cache *cache, struct ticket_id number);

/* Its ticket was changed. */
void cache_update(struct cache *cache, struct cached *cached, const struct ticket *ticket);

uint64_t cache_id_hash(const struct cache *cache, uint64_t author, struct span id);
void used_ids_add(struct used_ids *ids, uint64_t hash, uint64_t entry);
/* The next one with this hash from slot *at on (0 at first). false: no more. */
bool used_ids_next(const struct used_ids *ids, uint64_t hash, size_t *at, uint64_t *entry_out);

#endif
