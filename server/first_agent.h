/* SPDX-License-Identifier: MIT */
/* The first administrator of an empty record, with a password that is shown once. */
#ifndef TB_FIRST_AGENT_H
#define TB_FIRST_AGENT_H

#include <stdbool.h>

#include "port/desk.h"
#include "port/vault.h"

#define FIRST_AGENT_EMAIL   "admin@tierbell.local"
#define FIRST_PASSWORD_SIZE 24

/*   are there agents? --none--> add one --> done
 *          '----------some---------------> done    */
struct first_agent {
	struct desk *desk;
	struct vault *vault;
	struct desk_call call;
	char password[FIRST_PASSWORD_SIZE]; /* "" : there was somebody already */
	void (*done)(struct first_agent *first, enum status st);
};

/* desk, vault and done are set. The struct is the caller's, and in use until done. */
void first_agent_start(struct first_agent *first, wall_ms now);

#endif
