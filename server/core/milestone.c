/* SPDX-License-Identifier: MIT */
#include "core/milestone.h"

#include <string.h>

const struct ticket_milestone *milestone_find(const struct ticket *ticket, const char *id)
{
	for (unsigned i = 0; i < MILESTONES_MAX && ticket->milestones[i].id[0] != '\0'; i++)
		if (strcmp(ticket->milestones[i].id, id) == 0)
			return &ticket->milestones[i];
	return NULL;
}

struct ticket_milestone *milestone_put(struct ticket *ticket, const char *id)
{
	for (unsigned i = 0; i < MILESTONES_MAX; i++) {
		struct ticket_milestone *at = &ticket->milestones[i];

		if (at->id[0] == '\0')
			(void)span_copy(at->id, sizeof(at->id), span_of(id));
		if (strcmp(at->id, id) == 0)
			return at;
	}
	return NULL;
}

/* The others move up, and what is free is all zero: tickets are compared byte by byte. */
void milestone_drop(struct ticket *ticket, const char *id)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < MILESTONES_MAX; i++)
		if (strcmp(ticket->milestones[i].id, id) != 0)
			ticket->milestones[kept++] = ticket->milestones[i];
	while (kept < MILESTONES_MAX)
		ticket->milestones[kept++] = (struct ticket_milestone){0};
}

static bool lists(const struct milestone *milestone, const char *topic)
{
	for (size_t i = 0; i < milestone->topics_count; i++)
		if (strcmp(milestone->topics[i], topic) == 0)
			return true;
	return false;
}

bool milestone_is_promised(const struct milestone *milestone, const struct ticket *ticket)
{
	const struct ticket_milestone *own = milestone_find(ticket, milestone->id);

	if (own != NULL && own->asked_at != 0)
		return true;
	if (!milestone->stands)
		return false;
	if (milestone->priorities != 0 && (milestone->priorities >> ticket->priority & 1U) == 0)
		return false;
	return milestone->topics == NULL || lists(milestone, ticket->topic);
}

/* It ended as nobody's work. */
static bool is_void(const struct ticket *ticket)
{
	return !ticket_is_live(ticket) && (ticket->resolution == RESOLUTION_SPAM ||
	                                   ticket->resolution == RESOLUTION_DUPLICATE ||
	                                   ticket->resolution == RESOLUTION_DOCS_SELF);
}

bool milestone_runs(const struct milestone *milestone, const struct ticket *ticket, bool running)
{
	const struct ticket_milestone *own = milestone_find(ticket, milestone->id);

	if (own != NULL && own->done_at != 0)
		return false;
	if (milestone->always ? is_void(ticket) : !running)
		return false;
	return milestone_is_promised(milestone, ticket);
}

bool milestones_are_same(const struct ticket *a, const struct ticket *b)
{
	for (unsigned i = 0; i < MILESTONES_MAX; i++) {
		const struct ticket_milestone *one = &a->milestones[i];
		const struct ticket_milestone *other = &b->milestones[i];

		if (strcmp(one->id, other->id) != 0 || one->asked_at != other->asked_at ||
		    one->done_at != other->done_at)
			return false;
		if (one->id[0] == '\0')
			break;
	}
	return true;
}
