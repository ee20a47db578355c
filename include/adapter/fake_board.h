/* SPDX-License-Identifier: MIT */
/* The model of port/bus.h on plain maps: what fake_bus.c does a call with. */
#ifndef TB_ADAPTER_FAKE_BOARD_H
#define TB_ADAPTER_FAKE_BOARD_H

#include <stdint.h>

#include "port/bus.h"

struct fake_board;

/* Who calls, and the epoch it knows: what a rebuild may wipe depends on it. */
struct fake_caller {
	char node[BUS_NODE_SIZE];
	bool knows; /* it has seen an epoch, or that there is none */
	uint64_t epoch;
};

struct fake_board *fake_board_create(void);
void fake_board_destroy(struct fake_board **board);
void fake_board_wipe(struct fake_board *board);

/* Everything but BUS_PUBLISH. Fills the results of `call`; returns its status. */
enum status fake_board_do(struct fake_board *board, struct fake_caller *caller,
                          struct bus_call *call);

#endif
