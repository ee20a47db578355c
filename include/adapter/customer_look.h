/* SPDX-License-Identifier: MIT */
/* Customers out of tickets, the same in every implementation of the store. The tickets are walked
 * from the newest; one that fits stands for its customer unless a newer ticket of the same customer
 * fits as well. Who has no address on a ticket, but has on another of the same visitor, is looked
 * at by that one: it knows more of the tickets. */
#ifndef TB_ADAPTER_CUSTOMER_LOOK_H
#define TB_ADAPTER_CUSTOMER_LOOK_H

#include "base/arena.h"
#include "port/customer.h"

/* What is looked at of a ticket; the texts are borrowed. */
struct customer_row {
	uint64_t number;
	wall_ms created_at;
	bool live;
	struct span name, email;
	bool verified;
};

struct customer_look {
	struct span query;
	uint64_t first;            /* the ticket that stands for the customer, if none is newer */
	struct store_customer out; /* number, name, email and verified of it to begin with */
	bool is_other;             /* a newer one fits: the customer had its turn */
	uint64_t has_address;      /* the newest ticket with an address, 0: none */
};

/* Every word of the query occurs in the name or in the address, whatever the case of its Latin,
 * Greek and Cyrillic letters. No character is special. */
bool customer_fits(struct span name, struct span email, struct span query);

/* Begins a look at the customer of `row`, by the tickets of `out.number`. */
void customer_look_init(struct customer_look *look, struct span query,
                        const struct customer_row *row);

/* One of its tickets, the newest first, `row` of the beginning among them. false: it is known
 * enough (is_other). */
bool customer_look_add(struct customer_look *look, const struct customer_row *row);

/* All were added. true: they have to be added again, those of out.number. */
bool customer_look_again(struct customer_look *look);

/* Where a page ends: behind the ticket of that number. Opaque text for clients, in the arena. */
struct span customer_cursor(struct arena *arena, uint64_t number);

/* The number; without a cursor UINT64_MAX >> 1. false: not a cursor of this list. */
bool customer_cursor_parse(struct span text, uint64_t *out);

#endif
