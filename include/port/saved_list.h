/* SPDX-License-Identifier: MIT */
/* Saved lists, as the record has them. */
#ifndef TB_PORT_SAVED_LIST_H
#define TB_PORT_SAVED_LIST_H

#include <stddef.h>

#include "core/ids.h"
#include "core/saved_list.h"

/* PUT: one of the same name gets the query; else a new one. CONFLICT: the agent has `most` others.
 * END: NOT_FOUND, also of somebody else's. */
struct saved_list_call {
	struct agent_id agent;
	unsigned most;          /* PUT: 1-SAVED_LISTS_MAX */
	struct saved_list list; /* PUT: id is put there. END: id */
};

/* All of an agent, the oldest first. */
struct saved_lists {
	struct agent_id agent;
	struct saved_list *items; /* out, in the call's arena */
	size_t count;
};

#endif
