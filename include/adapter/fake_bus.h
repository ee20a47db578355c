/* SPDX-License-Identifier: MIT */
/* The switchboard in memory, for tests in virtual time: several nodes (one `struct bus` each)
 * on one board. Nothing happens until fake_bus_run, so `done` never runs inside a submit.
 * A new board has lost its memory, like a Redis that was just started. */
#ifndef TB_ADAPTER_FAKE_BUS_H
#define TB_ADAPTER_FAKE_BUS_H

#include <stddef.h>

#include "port/bus.h"

struct fake_bus_board;

struct fake_bus_board *fake_bus_board_create(void);
void fake_bus_board_destroy(struct fake_bus_board **board); /* after its nodes */

/* `up` is told in the first turn after bus_ops.listen. */
struct bus *fake_bus_open(struct fake_bus_board *board, const char *node);

/* One turn: does what was submitted before it, over all nodes, in order, and tells what is to
 * be told. Returns how many callbacks that were: `while (fake_bus_run(board) > 0)` settles. */
size_t fake_bus_run(struct fake_bus_board *board);

/* This node cannot reach the board: what it asked and asks ends with UNAVAILABLE in the next
 * turn, notices pass it by. The node is told `down` and `up`. */
void fake_bus_down(struct bus *bus);
void fake_bus_up(struct bus *bus);

/* The next `count` calls of this node are done, but it hears TIMEOUT. */
void fake_bus_lose_replies(struct bus *bus, unsigned count);

/* FLUSHALL. */
void fake_bus_wipe(struct fake_bus_board *board);

#endif
