/* SPDX-License-Identifier: MIT */
/* A list of tickets that an agent saved: a name, and what it is narrowed by. */
#ifndef TB_CORE_SAVED_LIST_H
#define TB_CORE_SAVED_LIST_H

#include <stdint.h>

#define SAVED_LIST_NAME_SIZE  128
#define SAVED_LIST_QUERY_SIZE 1024
#define SAVED_LISTS_MAX       200 /* of an agent, whatever the limit is */

struct saved_list {
	uint64_t id;                       /* never given again */
	char name[SAVED_LIST_NAME_SIZE];   /* one's own; of an agent no two are alike */
	char query[SAVED_LIST_QUERY_SIZE]; /* "status=open&tier=2", as the console writes it */
};

#endif
