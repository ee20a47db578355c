/* SPDX-License-Identifier: MIT */
#include "app/chats.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/timer.h"

struct chat *chats_find(struct chats *chats, struct ticket_id number)
{
	struct chat *chat;

	HASH_FIND(hh, chats->by_number, &number, sizeof(number), chat);
	return chat;
}

struct chat *chats_of_visitor(struct chats *chats, const struct visitor_id *visitor)
{
	struct chat *chat;

	HASH_FIND(hh_visitor, chats->by_visitor, visitor, sizeof(*visitor), chat);
	return chat;
}

void chat_offer_clear(struct chat *chat)
{
	chat->offered_to = (struct agent_id){0};
	chat->offer_until = 0;
	free(chat->why);
	chat->why = NULL;
}

static void chat_dequeue(struct chats *chats, struct chat *chat)
{
	if (!chat->queued)
		return;
	chat->queued = false;
	LIST_REMOVE(chat, in_waiting);
	chats->moves++;
}

static void chat_enqueue(struct chats *chats, struct chat *chat)
{
	if (chat->queued)
		return;
	chat->queued = true;
	LIST_INSERT_HEAD(&chats->waiting, chat, in_waiting);
	chats->moves++;
}

void chats_dirty(struct chats *chats, struct chat *chat)
{
	if (!chat->read_dirty)
		LIST_INSERT_HEAD(&chats->unsaved, chat, in_unsaved);
	chat->read_dirty = true;
}

static void chat_remove(struct chats *chats, struct chat *chat)
{
	chat_dequeue(chats, chat);
	if (chat->read_dirty)
		LIST_REMOVE(chat, in_unsaved);
	HASH_DEL(chats->by_number, chat);
	if (!visitor_id_is_none(&chat->visitor))
		HASH_DELETE(hh_visitor, chats->by_visitor, chat);
	chat_offer_clear(chat);
	free(chat->watchers);
	free(chat);
}

static struct chat *chat_add(struct chats *chats, const struct ticket *ticket)
{
	struct chat *chat = xcalloc(1, sizeof(*chat));

	chat->number = ticket->number;
	chat->visitor = ticket->visitor;
	chat->eta_s = -1;
	chat->read_visitor = ticket->visitor_read_seq;
	HASH_ADD(hh, chats->by_number, number, sizeof(chat->number), chat);
	if (!visitor_id_is_none(&chat->visitor))
		HASH_ADD(hh_visitor, chats->by_visitor, visitor, sizeof(chat->visitor), chat);
	return chat;
}

static struct chat_promise promise_of(const struct ticket *ticket)
{
	return (struct chat_promise){
		.first_response_due =
			ticket->first_response_at == 0 ? ticket->first_response_due : 0,
		.resolution_due = ticket->resolution_due,
		.priority = (uint8_t)ticket->priority,
		.immediate = ticket->escalation.immediate,
		.may_leave = (ticket->clocks.fired >> TIMER_OFFER_TICKET & 1U) != 0,
		.kept = (ticket->clocks.fired >> TIMER_KEEP_TICKET & 1U) != 0};
}

bool chat_promise_eq(const struct chat_promise *a, const struct chat_promise *b)
{
	return a->first_response_due == b->first_response_due &&
	       a->resolution_due == b->resolution_due && a->priority == b->priority &&
	       a->immediate == b->immediate && a->may_leave == b->may_leave && a->kept == b->kept;
}

struct chat *chats_put(struct chats *chats, const struct ticket *ticket)
{
	struct chat *chat = chats_find(chats, ticket->number);

	if (!ticket_is_live(ticket)) {
		if (chat != NULL)
			chat_remove(chats, chat);
		return NULL;
	}
	if (chat == NULL)
		chat = chat_add(chats, ticket);
	if (chat->tier != ticket->tier || chat->score != ticket_queue_score(ticket))
		chats->moves++;
	if (chat->agent.v != ticket->agent.v)
		chat->read_agent = ticket->agent_read_seq;
	chat->agent = ticket->agent;
	chat->generation = ticket->generation;
	chat->last_seq = ticket->last_seq;
	chat->last_public_seq = ticket->last_public_seq;
	chat->waiting_since = ticket->waiting_since;
	chat->score = ticket_queue_score(ticket);
	chat->tier = (uint8_t)ticket->tier;
	chat->status = (uint8_t)ticket->status;
	chat->verified = ticket->visitor_verified;
	chat->promise = promise_of(ticket);
	chat->target = target_of(ticket);
	chat->next_due = ticket->clocks.next_due;
	chat->policy = ticket->policy;
	chat->pages = ticket_is_paging(ticket) ? ticket->escalation.pages : 0;
	memcpy(chat->topic, ticket->topic, sizeof(chat->topic));
	if (chat_is_waiting(chat))
		chat_enqueue(chats, chat);
	else
		chat_dequeue(chats, chat);
	return chat;
}

void chats_fini(struct chats *chats)
{
	struct chat *chat, *next;

	HASH_ITER(hh, chats->by_number, chat, next) {
		chat_remove(chats, chat);
	}
}

bool chat_is_waiting(const struct chat *chat)
{
	return chat->waiting_since != 0;
}

void chat_watch(struct chat *chat, struct conn_id conn)
{
	for (size_t i = 0; i < chat->watchers_count; i++) {
		if (chat->watchers[i].v == conn.v)
			return;
	}
	chat->watchers =
		xrealloc(chat->watchers, (chat->watchers_count + 1) * sizeof(*chat->watchers));
	chat->watchers[chat->watchers_count++] = conn;
}

void chat_unwatch(struct chat *chat, struct conn_id conn)
{
	for (size_t i = 0; i < chat->watchers_count; i++) {
		if (chat->watchers[i].v == conn.v) {
			chat->watchers[i] = chat->watchers[--chat->watchers_count];
			return;
		}
	}
}
