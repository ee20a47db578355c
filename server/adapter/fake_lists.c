/* SPDX-License-Identifier: MIT */
/* What the fake reads: one ticket, pieces of logs, lists. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapter/fake_record.h"
#include "adapter/ticket_order.h"
#include "base/must.h"

enum status fake_read_ticket(const struct fake_record *record, struct store_call *call)
{
	const struct fake_ticket *ticket = fake_ticket_find(record, call->u.ticket.number);

	if (ticket == NULL)
		return ST_NOT_FOUND;
	call->u.ticket.ticket = ticket->ticket;
	call->u.ticket.context = arena_span(&call->arena, ticket->context);
	call->u.ticket.entries_count = ticket->entries_count;
	call->u.ticket.changes_count = ticket->changes_count;
	call->u.ticket.entries =
		arena_alloc(&call->arena, ticket->entries_count * sizeof(struct entry));
	call->u.ticket.changes =
		arena_alloc(&call->arena, ticket->changes_count * sizeof(struct change));
	for (size_t i = 0; i < ticket->entries_count; i++)
		fake_entry_copy(&call->arena, &ticket->entries[i], &call->u.ticket.entries[i]);
	for (size_t i = 0; i < ticket->changes_count; i++) {
		struct change *change = &call->u.ticket.changes[i];

		*change = ticket->changes[i];
		change->from = arena_span(&call->arena, change->from);
		change->to = arena_span(&call->arena, change->to);
		change->why = arena_span(&call->arena, change->why);
	}
	return ST_OK;
}

enum status fake_read_entries(const struct fake_record *record, struct store_call *call)
{
	const struct fake_ticket *ticket = fake_ticket_find(record, call->u.entries.number);
	size_t count = 0, limit = call->u.entries.limit;

	if (ticket == NULL)
		return ST_NOT_FOUND;
	if (limit > ticket->entries_count)
		limit = ticket->entries_count;
	call->u.entries.items = arena_alloc(&call->arena, limit * sizeof(struct entry));
	call->u.entries.more = false;
	for (size_t i = 0; i < ticket->entries_count; i++) {
		const struct entry *entry = &ticket->entries[i];

		if (entry->seq <= call->u.entries.after ||
		    (call->u.entries.public_only && !entry_is_public(entry)))
			continue;
		if (count == limit) {
			call->u.entries.more = true;
			break;
		}
		fake_entry_copy(&call->arena, entry, &call->u.entries.items[count++]);
	}
	call->u.entries.count = count;
	return ST_OK;
}

static bool is_live(const struct fake_ticket *ticket)
{
	return ticket != NULL && ticket_is_live(&ticket->ticket);
}

enum status fake_read_live(const struct fake_record *record, struct store_call *call)
{
	size_t count = 0;

	for (size_t i = 0; i < record->tickets_count; i++)
		count += is_live(record->tickets[i]) ? 1 : 0;
	call->u.live.items = arena_alloc(&call->arena, count * sizeof(struct ticket));
	call->u.live.count = count;
	count = 0;
	for (size_t i = 0; i < record->tickets_count; i++)
		if (is_live(record->tickets[i]))
			call->u.live.items[count++] = record->tickets[i]->ticket;
	return ST_OK;
}

enum status fake_read_last(const struct fake_record *record, struct store_call *call)
{
	const struct fake_ticket *ticket = fake_ticket_last(record, &call->u.last.visitor);

	if (ticket == NULL)
		return ST_NOT_FOUND;
	call->u.last.ticket = ticket->ticket;
	return ST_OK;
}

enum status fake_read_file(const struct fake_record *record, struct store_call *call)
{
	const struct fake_ticket *ticket = fake_ticket_find(record, call->u.file.number);
	const struct visitor_id *visitor = &call->u.file.visitor;

	if (ticket == NULL ||
	    (!visitor_id_is_none(visitor) && !visitor_id_eq(visitor, &ticket->ticket.visitor)))
		return ST_NOT_FOUND;
	for (size_t i = 0; i < ticket->files_count; i++) {
		if (ticket->files[i].seq != call->u.file.seq)
			continue;
		call->u.file.name = arena_span(&call->arena, ticket->files[i].name);
		call->u.file.body = arena_span(&call->arena, ticket->files[i].body);
		return ST_OK;
	}
	return ST_NOT_FOUND;
}

static bool has_tag(const struct ticket *ticket, struct span tag)
{
	for (unsigned i = 0; i < ticket->tags_count; i++)
		if (span_is(tag, ticket->tags[i].text))
			return true;
	return false;
}

static bool filter_who(const struct ticket_filter *filter, const struct ticket *ticket)
{
	if (filter->tier != 0 && ticket->tier != filter->tier)
		return false;
	if (filter->agent.v != 0 && ticket->agent.v != filter->agent.v)
		return false;
	return !filter->unassigned || ticket->agent.v == 0;
}

static bool filter_what(const struct ticket_filter *filter, const struct ticket *ticket)
{
	if (filter->status_mask != 0 && (filter->status_mask & (1U << ticket->status)) == 0)
		return false;
	if (filter->has_priority && ticket->priority != filter->priority)
		return false;
	if (filter->has_channel && ticket->channel != filter->channel)
		return false;
	if (filter->topic.ptr != NULL && !span_is(filter->topic, ticket->topic))
		return false;
	if (filter->tag.ptr != NULL && !has_tag(ticket, filter->tag))
		return false;
	return filter->due_before == 0 || ticket_next_due(ticket) < filter->due_before;
}

/* Letters and digits of ASCII, and all beyond it. */
static bool is_word_char(char c)
{
	return (unsigned char)c >= 0x80U || isalnum((unsigned char)c) != 0;
}

static bool next_word(struct span *rest, struct span *word)
{
	size_t at = 0, end;

	while (at < rest->len && !is_word_char(rest->ptr[at]))
		at++;
	end = at;
	while (end < rest->len && is_word_char(rest->ptr[end]))
		end++;
	*word = (struct span){.ptr = rest->ptr + at, .len = end - at};
	*rest = (struct span){.ptr = rest->ptr + end, .len = rest->len - end};
	return word->len > 0;
}

static bool word_matches(struct span word, struct span wanted, bool prefix)
{
	if (prefix ? word.len < wanted.len : word.len != wanted.len)
		return false;
	return strncasecmp(word.ptr, wanted.ptr, wanted.len) == 0;
}

static bool text_has(struct span text, struct span wanted, bool prefix)
{
	struct span word;

	while (text.len > 0 && next_word(&text, &word))
		if (word_matches(word, wanted, prefix))
			return true;
	return false;
}

static bool ticket_has(const struct fake_ticket *ticket, struct span wanted, bool prefix)
{
	if (text_has(span_of(ticket->ticket.title), wanted, prefix))
		return true;
	for (size_t i = 0; i < ticket->entries_count; i++) {
		const struct entry *entry = &ticket->entries[i];

		if (entry->kind != ENTRY_EVENT && (text_has(entry->text, wanted, prefix) ||
		                                   text_has(entry->title, wanted, prefix)))
			return true;
	}
	return false;
}

/* Every word; the last one may be the beginning of a word. A query without words has none. */
static bool filter_query(const struct ticket_filter *filter, const struct fake_ticket *ticket)
{
	struct span rest = filter->query, word, next;
	bool more;

	if (filter->query.ptr == NULL)
		return true;
	more = next_word(&rest, &word);
	if (!more)
		return false;
	while (more) {
		more = next_word(&rest, &next);
		if (!ticket_has(ticket, word, !more))
			return false;
		word = next;
	}
	return true;
}

/* The best that come after `from` in the list, by insertion: lists of the fake are short. */
static size_t insert(const struct fake_ticket **best, size_t count, size_t limit,
                     const struct fake_ticket *ticket, enum ticket_sort sort)
{
	struct ticket_place place = ticket_place(&ticket->ticket, sort);
	size_t at = count;

	while (at > 0 &&
	       ticket_place_before(place, ticket_place(&best[at - 1]->ticket, sort), sort))
		at--;
	if (at == limit)
		return count;
	if (count == limit)
		count--;
	memmove(best + at + 1, best + at, (count - at) * sizeof(*best));
	best[at] = ticket;
	return count + 1;
}

bool fake_ticket_is_of(const struct fake_ticket *customer, const struct ticket *ticket)
{
	const struct ticket *one = &customer->ticket;

	if (one->number.v == ticket->number.v)
		return true;
	if (!visitor_id_is_none(&one->visitor) && visitor_id_eq(&one->visitor, &ticket->visitor))
		return true;
	return one->visitor_email[0] != '\0' &&
	       strcasecmp(one->visitor_email, ticket->visitor_email) == 0;
}

/* The customer's tickets are their newest ones. */
static bool filter_customer(const struct fake_record *record, const struct ticket_filter *filter,
                            const struct ticket *ticket)
{
	const struct fake_ticket *customer;
	unsigned newer = 0;

	if (filter->customer.v == 0)
		return true;
	customer = fake_ticket_find(record, filter->customer);
	if (customer == NULL || !fake_ticket_is_of(customer, ticket))
		return false;
	for (size_t i = 0; i < record->tickets_count; i++) {
		const struct fake_ticket *other = record->tickets[i];

		newer += other != NULL && other->ticket.number.v > ticket->number.v &&
		                         fake_ticket_is_of(customer, &other->ticket)
		                 ? 1
		                 : 0;
	}
	return newer < STORE_CUSTOMER_MAX;
}

enum status fake_read_tickets(const struct fake_record *record, struct store_call *call)
{
	const struct ticket_filter *filter = &call->u.tickets.filter;
	const struct fake_ticket *best[STORE_LIST_MAX + 1] = {NULL};
	struct ticket_place from = {0};
	size_t count = 0;

	if (filter->limit < 1 || filter->limit > STORE_LIST_MAX)
		return ST_BAD_REQUEST;
	if (filter->cursor.ptr != NULL && !ticket_cursor_parse(filter->cursor, filter->sort, &from))
		return ST_BAD_REQUEST;
	for (size_t i = 0; i < record->tickets_count; i++) {
		const struct fake_ticket *ticket = record->tickets[i];

		if (ticket == NULL || !filter_who(filter, &ticket->ticket) ||
		    !filter_what(filter, &ticket->ticket) || !filter_query(filter, ticket) ||
		    !filter_customer(record, filter, &ticket->ticket))
			continue;
		if (filter->cursor.ptr == NULL ||
		    ticket_place_before(from, ticket_place(&ticket->ticket, filter->sort),
		                        filter->sort))
			count = insert(best, count, filter->limit + 1, ticket, filter->sort);
	}
	call->u.tickets.next = (struct span){0};
	if (count > filter->limit) {
		count = filter->limit;
		call->u.tickets.next =
			ticket_cursor(&call->arena, filter->sort,
		                      ticket_place(&best[count - 1]->ticket, filter->sort));
	}
	call->u.tickets.items = arena_alloc(&call->arena, count * sizeof(struct ticket));
	call->u.tickets.count = count;
	for (size_t i = 0; i < count; i++) {
		MUST(best[i] != NULL);
		call->u.tickets.items[i] = best[i]->ticket;
	}
	return ST_OK;
}
