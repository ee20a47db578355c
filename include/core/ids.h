/* SPDX-License-Identifier: MIT */
/* Ids that cannot be mixed up. Zero means "none" for all of them. */
#ifndef TB_CORE_IDS_H
#define TB_CORE_IDS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"

struct ticket_id {
	uint64_t v;
};

struct agent_id {
	uint64_t v;
};

/* A connection of this node; never used again while the process lives. */
struct conn_id {
	uint64_t v;
};

/* 128 random bits, carried inside the visitor's token. */
struct visitor_id {
	uint8_t v[16];
};

static inline bool visitor_id_eq(const struct visitor_id *a, const struct visitor_id *b)
{
	return memcmp(a->v, b->v, sizeof(a->v)) == 0;
}

static inline bool visitor_id_is_none(const struct visitor_id *id)
{
	static const struct visitor_id none;

	return visitor_id_eq(id, &none);
}

#define CLIENT_ID_MAX 64 /* characters of an id that a client chooses */

/* 1-64 characters of [A-Za-z0-9_-]. */
bool client_id_is_valid(struct span id);

#endif
