/* SPDX-License-Identifier: MIT */
/* What has ended goes on: the same ticket, on the clocks that it had. */
#include "core/decision.h"
#include "core/timer.h"

bool ticket_may_reopen(const struct policy_book *book, const struct ticket *ticket, wall_ms now)
{
	const struct policy *policy;

	if (book == NULL || ticket->status != TICKET_RESOLVED || ticket->messages_count == 0)
		return false;
	policy = policy_book_find(book, ticket->policy);
	if (policy == NULL || policy->reopen.ms == 0)
		return false;
	return now <
	       policy_after(timer_hours(policy, ticket), ticket->resolved_at, &policy->reopen);
}
