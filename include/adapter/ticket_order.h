/* SPDX-License-Identifier: MIT */
/* How lists of tickets are ordered and continued, the same in every implementation of the
 * store. A place in a list is (key, number); NEWEST and PRIORITY go down by key, NEWEST also
 * by number, so that a place is unique and a page begins right behind it. */
#ifndef TB_ADAPTER_TICKET_ORDER_H
#define TB_ADAPTER_TICKET_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/ticket.h"
#include "port/store.h"

#define TICKET_NOT_DUE INT64_MAX

struct ticket_place {
	int64_t key;
	uint64_t number;
};

/* The next target that is not met yet: first response, then resolution; of a ticket that
 * has ended or has no targets: TICKET_NOT_DUE. */
wall_ms ticket_next_due(const struct ticket *ticket);

struct ticket_place ticket_place(const struct ticket *ticket, enum ticket_sort sort);

/* Is `a` before `b` in the list? */
bool ticket_place_before(struct ticket_place a, struct ticket_place b, enum ticket_sort sort);

/* Opaque text for clients, in the arena. */
struct span ticket_cursor(struct arena *arena, enum ticket_sort sort, struct ticket_place place);

/* false: not a cursor of a list in this order. */
bool ticket_cursor_parse(struct span text, enum ticket_sort sort, struct ticket_place *out);

#endif
