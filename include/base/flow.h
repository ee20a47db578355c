/* SPDX-License-Identifier: MIT */
/* A flow is a use case of more than one step: a struct that embeds `struct flow`, and const
 * steps that each do one thing and then wait for an operation, go on, or end.
 *
 *   static enum flow_next put(struct flow *flow) { store_submit(..., &flow->op ...);
 *                                                   return flow_wait(flow, &step_tell); }
 *
 * Each step begins by reading flow->op.status of the operation it waited for. */
#ifndef TB_BASE_FLOW_H
#define TB_BASE_FLOW_H

#include <stdbool.h>

#include "base/op.h"

enum flow_next { FLOW_MORE, FLOW_WAIT, FLOW_DONE };

struct flow;

struct flow_step {
	const char *name;
	enum flow_next (*run)(struct flow *flow);
};

struct flow {
	const struct flow_step *step;
	void (*end)(struct flow *flow); /* frees the embedding struct; runs once, last */
	bool running;
};

/* Starts at `first`. The flow may be gone when this returns. */
void flow_start(struct flow *flow, const struct flow_step *first, void (*end)(struct flow *flow));
/* Resumes the flow that waits: what an operation's `done` calls. */
void flow_wake(struct flow *flow);
enum flow_next flow_wait(struct flow *flow, const struct flow_step *next);
enum flow_next flow_goto(struct flow *flow, const struct flow_step *next);

#endif
