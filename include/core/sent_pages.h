/* SPDX-License-Identifier: MIT */
/* Which pages of the documentation were sent in a ticket, and which of them its customer has
 * opened: known by the `seq` of their entries. */
#ifndef TB_CORE_SENT_PAGES_H
#define TB_CORE_SENT_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "core/ticket.h"

/* One more; the oldest one goes when there are SENT_PAGES_MAX. */
void sent_pages_add(struct sent_pages *pages, uint64_t seq);

/* The customer has opened it. NOT_FOUND: no such page was sent, or it was too long ago. CONFLICT:
 * it is on record already. */
NODISCARD enum status sent_pages_open(struct sent_pages *pages, uint64_t seq);

#endif
