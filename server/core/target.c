/* SPDX-License-Identifier: MIT */
#include "core/target.h"

#define RISK_MS  (15 * MINUTE_MS)
#define SHORT_MS (60 * MINUTE_MS) /* shorter ones are at risk only by their share */

static struct target main_target(const struct ticket *ticket)
{
	struct target target = {.from = ticket->created_at};

	if (ticket->clocks.paused_since != 0 ||
	    (ticket->first_response_at != 0 && ticket->status == TICKET_PENDING))
		return target;
	target.due = ticket->first_response_at == 0 ? ticket->first_response_due
	                                            : ticket->resolution_due;
	return target;
}

struct target target_of(const struct ticket *ticket)
{
	struct target next = main_target(ticket);

	for (unsigned i = 0; i < MILESTONES_MAX && ticket->milestones[i].id[0] != '\0'; i++) {
		const struct ticket_milestone *own = &ticket->milestones[i];

		if (own->due == 0 || own->done_at != 0 || (next.due != 0 && next.due <= own->due))
			continue;
		next.due = own->due;
		next.from = own->asked_at != 0 ? own->asked_at : ticket->created_at;
	}
	return next;
}

enum standing target_standing(const struct target *target, wall_ms now)
{
	int64_t left = target->due - now, total = target->due - target->from;
	int64_t risk = total / 4;

	if (target->due == 0)
		return STANDING_CALM;
	if (left < 0)
		return STANDING_BREACHED;
	if ((total <= 0 || total >= SHORT_MS) && risk < RISK_MS)
		risk = RISK_MS;
	return left < risk ? STANDING_AT_RISK : STANDING_CALM;
}
