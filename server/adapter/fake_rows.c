/* SPDX-License-Identifier: MIT */
#include "adapter/fake_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in them */
#define FREE_ALL(type, head)                         \
	do {                                         \
		type *row_, *next_;                  \
		HASH_ITER(hh, (head), row_, next_) { \
			HASH_DEL((head), row_);      \
			free(row_);                  \
		}                                    \
	} while (0)
/* NOLINTEND(bugprone-macro-parentheses) */

struct fake_board *fake_board_create(void)
{
	return xcalloc(1, sizeof(struct fake_board));
}

void fake_board_forget(struct fake_board *board)
{
	FREE_ALL(struct fake_row, board->tickets);
	FREE_ALL(struct fake_agent_row, board->agents);
	FREE_ALL(struct fake_decline_row, board->declines);
	board->epoch = 0;
}

void fake_board_wipe(struct fake_board *board)
{
	fake_board_forget(board);
	FREE_ALL(struct fake_node_row, board->nodes);
}

void fake_board_destroy(struct fake_board **board)
{
	if (*board == NULL)
		return;
	fake_board_wipe(*board);
	free(*board);
	*board = NULL;
}

struct fake_agent_row *fake_agent_get(struct fake_board *board, struct agent_id id)
{
	struct fake_agent_row *agent;

	HASH_FIND(hh, board->agents, &id.v, sizeof(id.v), agent);
	if (agent != NULL)
		return agent;
	agent = xcalloc(1, sizeof(*agent));
	agent->id = id.v;
	HASH_ADD(hh, board->agents, id, sizeof(agent->id), agent);
	return agent;
}

struct fake_row *fake_row_find(struct fake_board *board, struct ticket_id id)
{
	struct fake_row *ticket;

	HASH_FIND(hh, board->tickets, &id.v, sizeof(id.v), ticket);
	return ticket;
}

struct fake_row *fake_row_get(struct fake_board *board, struct ticket_id id)
{
	struct fake_row *ticket = fake_row_find(board, id);

	if (ticket != NULL)
		return ticket;
	ticket = xcalloc(1, sizeof(*ticket));
	ticket->id = id.v;
	HASH_ADD(hh, board->tickets, id, sizeof(ticket->id), ticket);
	return ticket;
}

void fake_row_leave(struct fake_row *ticket, wall_ms now)
{
	if (ticket->agent != NULL) {
		ticket->agent->load--;
		if (ticket->place == PLACE_BOUND)
			ticket->agent->idle_since = now;
	}
	ticket->agent = NULL;
	ticket->place = PLACE_NONE;
}

void fake_row_take(struct fake_row *ticket, enum fake_place place, struct fake_agent_row *agent)
{
	MUST(ticket->place == PLACE_NONE && agent != NULL);
	ticket->place = place;
	ticket->agent = agent;
	agent->load++;
}

void fake_row_queue(struct fake_row *ticket, int tier, int64_t score, wall_ms now)
{
	fake_row_leave(ticket, now);
	ticket->place = PLACE_WAITS;
	ticket->tier = tier;
	ticket->score = score;
}

void fake_row_bind(struct fake_row *ticket, struct fake_agent_row *agent, int tier, wall_ms now)
{
	ticket->tier = tier;
	if (ticket->place == PLACE_BOUND && ticket->agent == agent)
		return;
	fake_row_leave(ticket, now);
	fake_row_take(ticket, PLACE_BOUND, agent);
}

bool fake_row_is_offered_to(const struct fake_row *ticket, struct agent_id agent, wall_ms now)
{
	return ticket != NULL && ticket->place == PLACE_OFFERED && ticket->agent->id == agent.v &&
	       ticket->expires_at > now;
}

void fake_decline_put(struct fake_board *board, const struct fake_row *ticket, wall_ms until)
{
	struct fake_decline_key key = {.ticket = ticket->id, .agent = ticket->agent->id};
	struct fake_decline_row *row;

	HASH_FIND(hh, board->declines, &key, sizeof(key), row);
	if (row == NULL) {
		row = xcalloc(1, sizeof(*row));
		row->key = key;
		HASH_ADD(hh, board->declines, key, sizeof(row->key), row);
	}
	row->until = until;
}

bool fake_decline_is_fresh(struct fake_board *board, uint64_t ticket, uint64_t agent, wall_ms now)
{
	struct fake_decline_key key = {.ticket = ticket, .agent = agent};
	struct fake_decline_row *row;

	HASH_FIND(hh, board->declines, &key, sizeof(key), row);
	return row != NULL && row->until > now;
}

bool fake_seat_is_running(const struct fake_agent_row *agent, wall_ms now)
{
	return agent->seated && agent->seat.lease_until > now;
}

bool fake_seat_is_held_by(const struct fake_agent_row *agent, const struct fake_caller *caller,
                          struct conn_id conn)
{
	return agent->seated && agent->seat.conn.v == conn.v &&
	       strcmp(agent->node, caller->node) == 0;
}

void fake_seat_enter(struct fake_agent_row *agent, const struct fake_caller *caller,
                     const struct bus_seat *seat, wall_ms now)
{
	if (!agent->seated)
		agent->idle_since = now;
	agent->seated = true;
	agent->seat = *seat;
	memcpy(agent->node, caller->node, sizeof(agent->node));
}
