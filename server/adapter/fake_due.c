/* SPDX-License-Identifier: MIT */
#include "adapter/fake_due.h"

#include "adapter/fake_record.h"

static bool before(const struct fake_ticket *a, const struct fake_ticket *b)
{
	if (a->due_at != b->due_at)
		return a->due_at < b->due_at;
	return a->ticket.number.v < b->ticket.number.v;
}

/* Places count from 1, so that 0 is "not in the heap". */
static void put(struct fake_due *due, size_t place, struct fake_ticket *ticket)
{
	due->heap[place - 1] = ticket;
	ticket->due_place = place;
}

static void rise(struct fake_due *due, size_t place, struct fake_ticket *ticket)
{
	while (place > 1 && before(ticket, due->heap[place / 2 - 1])) {
		put(due, place, due->heap[place / 2 - 1]);
		place /= 2;
	}
	put(due, place, ticket);
}

static void sink(struct fake_due *due, size_t place, struct fake_ticket *ticket)
{
	for (;;) {
		size_t child = place * 2;

		if (child > due->count)
			break;
		if (child < due->count && before(due->heap[child], due->heap[child - 1]))
			child++;
		if (!before(due->heap[child - 1], ticket))
			break;
		put(due, place, due->heap[child - 1]);
		place = child;
	}
	put(due, place, ticket);
}

void fake_due_remove(struct fake_due *due, struct fake_ticket *ticket)
{
	size_t place = ticket->due_place;
	struct fake_ticket *last;

	if (place == 0)
		return;
	last = due->heap[--due->count];
	ticket->due_place = 0;
	if (last == ticket)
		return;
	rise(due, place, last);
	sink(due, last->due_place, last);
}

void fake_due_settle(struct fake_due *due, struct fake_ticket *ticket)
{
	bool is_in = ticket->due_place != 0;

	if (ticket->due_at == ticket->ticket.clocks.next_due && is_in == (ticket->due_at != 0))
		return;
	fake_due_remove(due, ticket);
	ticket->due_at = ticket->ticket.clocks.next_due;
	if (ticket->due_at == 0)
		return;
	due->heap = fake_list_grow(due->heap, due->count, sizeof(struct fake_ticket *));
	due->count++;
	rise(due, due->count, ticket);
}

struct fake_ticket *fake_due_first(const struct fake_due *due)
{
	return due->count > 0 ? due->heap[0] : NULL;
}
