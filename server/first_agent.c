/* SPDX-License-Identifier: MIT */
#include "first_agent.h"

#include <string.h>

#include "adapter/wall.h"
#include "base/must.h"

/* Without those that look alike. 32 of them: five bits each. */
static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";

#define PASSWORD_LETTERS 20 /* 100 bits */

/* Groups of five: "kq3rz-…". */
static void invent(struct first_agent *first)
{
	uint8_t bytes[PASSWORD_LETTERS];
	size_t len = 0;

	first->vault->ops->random(first->vault, bytes, sizeof(bytes));
	for (size_t i = 0; i < PASSWORD_LETTERS; i++) {
		if (i > 0 && i % 5 == 0)
			first->password[len++] = '-';
		first->password[len++] = letters[bytes[i] % 32];
	}
	first->password[len] = '\0';
	explicit_bzero(bytes, sizeof(bytes));
}

static void on_added(struct op *op)
{
	struct first_agent *first = container_of(op, struct first_agent, call.op);

	arena_fini(&first->call.arena);
	first->done(first, op->status);
}

static void add(struct first_agent *first)
{
	struct agent *agent = &first->call.u.agent_add.agent;

	invent(first);
	first->call = (struct desk_call){
		.op.done = on_added,
		.kind = CALL_AGENT_ADD,
		.trusted = true,
		.u.agent_add.password = span_of(first->password),
	};
	*agent = (struct agent){
		.email = FIRST_AGENT_EMAIL,
		.name = "Administrator",
		.tier = TIER_MIN,
		.role = AGENT_ROLE_ADMIN,
		.must_change_password = true,
	};
	first->desk->ops->call(first->desk, &first->call, wall_now());
}

static void on_listed(struct op *op)
{
	struct first_agent *first = container_of(op, struct first_agent, call.op);
	bool empty = op->status == ST_OK && first->call.u.agents.count == 0;

	arena_fini(&first->call.arena);
	if (empty)
		add(first);
	else
		first->done(first, op->status);
}

void first_agent_start(struct first_agent *first, wall_ms now)
{
	first->call = (struct desk_call){
		.op.done = on_listed,
		.kind = CALL_AGENTS,
		.trusted = true,
	};
	first->desk->ops->call(first->desk, &first->call, now);
}
