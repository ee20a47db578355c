/* SPDX-License-Identifier: MIT */
#include "core/ticket.h"

#include <stddef.h>
#include <string.h>

#include "core/entry.h"

bool ticket_is_live(const struct ticket *ticket)
{
	return ticket->status != TICKET_RESOLVED && ticket->status != TICKET_CLOSED;
}

bool ticket_is_waiting(const struct ticket *ticket)
{
	return ticket_is_live(ticket) && ticket->waiting_since != 0;
}

bool ticket_is_paging(const struct ticket *ticket)
{
	const struct ticket_escalation *escalation = &ticket->escalation;

	return ticket_is_live(ticket) && escalation->pages > 0 && escalation->page_acked_at == 0;
}

/* 42 bits of milliseconds last until 2109; three bits above them make 45. */
int64_t ticket_queue_score(const struct ticket *ticket)
{
	int64_t rank = (ticket->queue_head ? 0 : 4) + (PRIORITY_CRITICAL - ticket->priority);

	return rank * (INT64_C(1) << 42) + ticket->waiting_since;
}

bool entry_is_public(const struct entry *entry)
{
	return entry->kind != ENTRY_NOTE &&
	       !(entry->kind == ENTRY_EVENT &&
	         (entry->event == EVENT_RATED || entry->event == EVENT_PAGE_OPENED));
}

/* Up to its NUL. */
static void copy_text(char *to, const char *from)
{
	memcpy(to, from, strlen(from) + 1);
}

void ticket_copy(struct ticket *to, const struct ticket *from)
{
	memcpy(to, from, offsetof(struct ticket, agent_name));
	copy_text(to->agent_name, from->agent_name);
	copy_text(to->visitor_name, from->visitor_name);
	copy_text(to->visitor_email, from->visitor_email);
	copy_text(to->page_url, from->page_url);
	copy_text(to->page_title, from->page_title);
	copy_text(to->title, from->title);
	copy_text(to->topic, from->topic);
	for (unsigned i = 0; i < from->tags_count; i++)
		copy_text(to->tags[i].text, from->tags[i].text);
	for (unsigned i = 0; i < from->articles_count; i++)
		copy_text(to->articles[i].url, from->articles[i].url);
	copy_text(to->links, from->links);
}

static bool lists_are_same(const struct ticket *a, const struct ticket *b)
{
	if (a->tags_count != b->tags_count || a->articles_count != b->articles_count)
		return false;
	for (unsigned i = 0; i < a->tags_count; i++)
		if (strcmp(a->tags[i].text, b->tags[i].text) != 0)
			return false;
	for (unsigned i = 0; i < a->articles_count; i++)
		if (strcmp(a->articles[i].url, b->articles[i].url) != 0)
			return false;
	return true;
}

bool ticket_has_same_texts(const struct ticket *a, const struct ticket *b)
{
	return lists_are_same(a, b) && strcmp(a->agent_name, b->agent_name) == 0 &&
	       strcmp(a->visitor_name, b->visitor_name) == 0 &&
	       strcmp(a->visitor_email, b->visitor_email) == 0 &&
	       strcmp(a->page_url, b->page_url) == 0 && strcmp(a->page_title, b->page_title) == 0 &&
	       strcmp(a->title, b->title) == 0 && strcmp(a->topic, b->topic) == 0 &&
	       strcmp(a->links, b->links) == 0;
}
