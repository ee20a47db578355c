/* SPDX-License-Identifier: MIT */
/* Which tickets a list of the record has, and in what order. */
#ifndef TB_PORT_TICKET_FILTER_H
#define TB_PORT_TICKET_FILTER_H

#include <stdbool.h>

#include "base/span.h"
#include "core/ids.h"
#include "core/ticket.h"

#define STORE_LIST_MAX     200
#define STORE_CUSTOMER_MAX 500

/* Equal ones by number, ascending (NEWEST: descending). DUE: by the next target that is not met
 * yet, tickets without one last. PRIORITY: critical first. */
enum ticket_sort { SORT_NEWEST, SORT_OLDEST, SORT_DUE, SORT_PRIORITY };

/* What a list is filtered by; the zero value is "all, newest first". */
struct ticket_filter {
	unsigned status_mask; /* 1U << enum ticket_status, 0: any */
	int tier;             /* 0: any */
	struct agent_id agent;
	bool unassigned;
	bool has_priority;
	enum priority priority;
	bool has_channel;
	enum channel channel;
	struct span topic;
	struct span tag;
	struct span query;  /* full text: every word must occur (title or any message) */
	wall_ms due_before; /* first response or resolution due before; 0: any */
	/* Tickets of whoever this one is of: by visitor, and by e-mail whatever its case. The newest
	 * STORE_CUSTOMER_MAX are looked at; 0: anybody's. */
	struct ticket_id customer;
	enum ticket_sort sort;
	struct span cursor; /* `next` of the page before; absent: the first page */
	unsigned limit;     /* 1-STORE_LIST_MAX */
};

#endif
