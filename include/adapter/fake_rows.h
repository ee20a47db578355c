/* SPDX-License-Identifier: MIT */
/* The rows of the fake switchboard and the few functions that change them. A ticket has one
 * place; fake_row_leave, fake_row_take and what is built on them are all that move it, and they
 * keep the loads. */
#ifndef TB_ADAPTER_FAKE_ROWS_H
#define TB_ADAPTER_FAKE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"

#include "adapter/bus_check.h"
#include "adapter/fake_board.h"

enum fake_place { PLACE_NONE, PLACE_WAITS, PLACE_OFFERED, PLACE_BOUND };

struct fake_row {
	uint64_t id;
	enum fake_place place;
	int tier;
	int64_t score;
	struct fake_agent_row *agent; /* offered to, bound to */
	wall_ms expires_at;
	UT_hash_handle hh;
};

struct fake_agent_row {
	uint64_t id;
	bool seated;
	struct bus_seat seat;
	char node[BUS_NODE_ID_SIZE];
	wall_ms idle_since;
	int load;
	UT_hash_handle hh;
};

struct fake_decline_key {
	uint64_t ticket;
	uint64_t agent;
};

struct fake_decline_row {
	struct fake_decline_key key;
	wall_ms until;
	UT_hash_handle hh;
};

struct fake_node_row {
	char name[BUS_NODE_ID_SIZE];
	wall_ms ticked_at;
	UT_hash_handle hh;
};

struct fake_board {
	struct fake_row *tickets;
	struct fake_agent_row *agents;
	struct fake_decline_row *declines;
	struct fake_node_row *nodes;
	uint64_t epoch; /* 0: lost */
	uint64_t epochs;
};

void fake_board_forget(struct fake_board *board); /* all but the nodes */

/* By id, made when there is none. */
struct fake_agent_row *fake_agent_get(struct fake_board *board, struct agent_id id);
struct fake_row *fake_row_get(struct fake_board *board, struct ticket_id id);
struct fake_row *fake_row_find(struct fake_board *board, struct ticket_id id);

/* Out of wherever it is; a binding that ends makes its agent idle. */
void fake_row_leave(struct fake_row *ticket, wall_ms now);
void fake_row_take(struct fake_row *ticket, enum fake_place place, struct fake_agent_row *agent);
void fake_row_queue(struct fake_row *ticket, int tier, int64_t score, wall_ms now);
void fake_row_bind(struct fake_row *ticket, struct fake_agent_row *agent, int tier, wall_ms now);
bool fake_row_is_offered_to(const struct fake_row *ticket, struct agent_id agent, wall_ms now);

void fake_decline_put(struct fake_board *board, const struct fake_row *ticket, wall_ms until);
bool fake_decline_is_fresh(struct fake_board *board, uint64_t ticket, uint64_t agent, wall_ms now);

bool fake_seat_is_running(const struct fake_agent_row *agent, wall_ms now);
bool fake_seat_is_held_by(const struct fake_agent_row *agent, const struct fake_caller *caller,
                          struct conn_id conn);
void fake_seat_enter(struct fake_agent_row *agent, const struct fake_caller *caller,
                     const struct bus_seat *seat, wall_ms now);

#endif
