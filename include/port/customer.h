/* SPDX-License-Identifier: MIT */
/* Who asks: one row a person in the record's list of customers. */
#ifndef TB_PORT_CUSTOMER_H
#define TB_PORT_CUSTOMER_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/span.h"
#include "core/ids.h"
#include "core/ticket.h"

#define STORE_CUSTOMERS_SEEN 20000 /* rows that one page looks at, at most about */

/* Whose tickets belong together is what ticket_filter.customer says of `number`. */
struct store_customer {
	struct ticket_id number; /* one of the tickets, for ticket_filter.customer */
	char name[NAME_SIZE];    /* of the newest ticket that has one */
	char email[EMAIL_SIZE];  /* "": not known */
	bool verified;           /* the e-mail address of that ticket */
	unsigned tickets;        /* all; at most STORE_CUSTOMER_MAX are counted */
	unsigned open;           /* of them: neither resolved nor closed */
	wall_ms last_asked_at;   /* the newest one's created_at */
};

struct customer_filter {
	struct span query; /* words, each of which occurs in the name or the address; absent: all */
	struct span cursor; /* `next` of the page before; absent: the first page */
	unsigned limit;     /* 1-STORE_LIST_MAX */
};

#endif
