/* SPDX-License-Identifier: MIT */
/* The fake's list of customers. */
#include "adapter/customer_look.h"
#include "adapter/fake_record.h"

static struct customer_row row_of(const struct ticket *ticket)
{
	return (struct customer_row){
		.number = ticket->number.v,
		.created_at = ticket->created_at,
		.live = ticket_is_live(ticket),
		.name = span_of(ticket->visitor_name),
		.email = span_of(ticket->visitor_email),
		.verified = ticket->visitor_verified,
	};
}

static void look_at(const struct fake_record *record, struct customer_look *look)
{
	const struct fake_ticket *of = fake_ticket_find(record, look->out.number);
	unsigned count = 0;

	for (size_t i = record->tickets_count; i-- > 0 && count < STORE_CUSTOMER_MAX;) {
		const struct fake_ticket *other = record->tickets[i];
		struct customer_row row;

		if (other == NULL || !fake_ticket_is_of(of, &other->ticket))
			continue;
		row = row_of(&other->ticket);
		count++;
		if (!customer_look_add(look, &row))
			return;
	}
}

static bool take(const struct fake_record *record, const struct customer_row *row,
                 struct span query, struct store_customer *out)
{
	struct customer_look look;

	customer_look_init(&look, query, row);
	do
		look_at(record, &look);
	while (customer_look_again(&look));
	*out = look.out;
	return !look.is_other;
}

enum status fake_read_customers(const struct fake_record *record, struct store_call *call)
{
	const struct customer_filter *filter = &call->u.customers.filter;
	uint64_t before, last;
	size_t count = 0;

	call->u.customers.next = (struct span){0};
	if (filter->limit < 1 || filter->limit > STORE_LIST_MAX ||
	    !customer_cursor_parse(filter->cursor, &before))
		return ST_BAD_REQUEST;
	call->u.customers.items =
		arena_alloc(&call->arena, filter->limit * sizeof(struct store_customer));
	last = before;
	for (size_t i = record->tickets_count; i-- > 0;) {
		struct customer_row row;

		if (record->tickets[i] == NULL || record->tickets[i]->ticket.number.v >= before)
			continue;
		if (count == filter->limit) {
			call->u.customers.next = customer_cursor(&call->arena, last);
			break;
		}
		row = row_of(&record->tickets[i]->ticket);
		last = row.number;
		if (customer_fits(row.name, row.email, filter->query) &&
		    take(record, &row, filter->query, &call->u.customers.items[count]))
			count++;
	}
	call->u.customers.count = count;
	return ST_OK;
}
