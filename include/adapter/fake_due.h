/* SPDX-License-Identifier: MIT */
/* The fake's tickets by the moment they are due: a binary heap in which each ticket knows its
 * place, so that a ticket that moves is found at once. */
#ifndef TB_ADAPTER_FAKE_DUE_H
#define TB_ADAPTER_FAKE_DUE_H

#include <stddef.h>

struct fake_ticket;

struct fake_due {
	struct fake_ticket **heap;
	size_t count;
};

/* The ticket's clocks.next_due may have changed: in, out (0) or to another place. */
void fake_due_settle(struct fake_due *due, struct fake_ticket *ticket);

/* Out, until it is settled again. */
void fake_due_remove(struct fake_due *due, struct fake_ticket *ticket);

/* The soonest, equal ones by number; NULL: none. */
struct fake_ticket *fake_due_first(const struct fake_due *due);

#endif
