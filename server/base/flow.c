/* SPDX-License-Identifier: MIT */
#include "base/flow.h"

#include "base/must.h"

static void flow_run(struct flow *flow)
{
	enum flow_next next;

	MUST(!flow->running); /* a port completed inside the submitting call */
	flow->running = true;
	do
		next = flow->step->run(flow);
	while (next == FLOW_MORE);
	flow->running = false;
	if (next == FLOW_DONE)
		flow->end(flow);
}

void flow_start(struct flow *flow, const struct flow_step *first, void (*end)(struct flow *flow))
{
	*flow = (struct flow){.step = first, .end = end};
	flow_run(flow);
}

void flow_wake(struct flow *flow)
{
	flow_run(flow);
}

enum flow_next flow_wait(struct flow *flow, const struct flow_step *next)
{
	flow->step = next;
	return FLOW_WAIT;
}

enum flow_next flow_goto(struct flow *flow, const struct flow_step *next)
{
	flow->step = next;
	return FLOW_MORE;
}
