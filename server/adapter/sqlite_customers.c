/* SPDX-License-Identifier: MIT */
/* The list of customers: down the tickets by number, and of each that fits the tickets of the same
 * person, by the indexes of visitors and of addresses. How many rows a page looks at is bounded,
 * however few fit: it then ends early, and the next one goes on there. */
#include "adapter/customer_look.h"
#include "adapter/sqlite_record.h"

struct walk {
	struct db *db;
	struct store_call *call;
	struct store_customer *items;
	size_t count, room;
	unsigned seen; /* rows */
};

static struct customer_row row_of(sqlite3_stmt *stmt)
{
	return (struct customer_row){
		.number = db_column_u64(stmt, 0),
		.created_at = sqlite3_column_int64(stmt, 1),
		.live = sqlite3_column_int(stmt, 2) < TICKET_RESOLVED,
		.name = db_column_span(stmt, 3),
		.email = db_column_span(stmt, 4),
		.verified = sqlite3_column_int(stmt, 5) != 0,
	};
}

static enum status look_at(struct walk *walk, struct customer_look *look)
{
	sqlite3_stmt *stmt = db_stmt(walk->db, SQL_CUSTOMER_ROWS);
	enum status st;

	db_bind_u64(stmt, 1, look->out.number.v);
	(void)sqlite3_bind_int(stmt, 2, STORE_CUSTOMER_MAX);
	while (db_row(walk->db, stmt, &st)) {
		struct customer_row row = row_of(stmt);

		walk->seen++;
		if (!customer_look_add(look, &row)) {
			db_finish(stmt);
			break;
		}
	}
	return st;
}

/* The ticket's customer becomes the next of the page, unless it had its turn. */
static enum status take(struct walk *walk, const struct customer_row *row)
{
	struct customer_look look;
	enum status st;

	customer_look_init(&look, walk->call->u.customers.filter.query, row);
	do
		st = look_at(walk, &look);
	while (st == ST_OK && customer_look_again(&look));
	if (st != ST_OK || look.is_other)
		return st;
	walk->items = rows_grow(&walk->call->arena, walk->items, walk->count, &walk->room,
	                        sizeof(*walk->items));
	walk->items[walk->count++] = look.out;
	return ST_OK;
}

static enum status walk_down(struct walk *walk, uint64_t before)
{
	const struct customer_filter *filter = &walk->call->u.customers.filter;
	sqlite3_stmt *stmt = db_stmt(walk->db, SQL_CUSTOMERS);
	uint64_t last = before;
	enum status st;

	db_bind_u64(stmt, 1, before);
	while (db_row(walk->db, stmt, &st)) {
		struct customer_row row = row_of(stmt);

		if (walk->count == filter->limit || walk->seen >= STORE_CUSTOMERS_SEEN) {
			walk->call->u.customers.next = customer_cursor(&walk->call->arena, last);
			db_finish(stmt);
			break;
		}
		walk->seen++;
		last = row.number;
		if (customer_fits(row.name, row.email, filter->query))
			st = take(walk, &row);
		if (st != ST_OK) {
			db_finish(stmt);
			break;
		}
	}
	return st;
}

enum status read_customers(struct db *db, struct store_call *call)
{
	const struct customer_filter *filter = &call->u.customers.filter;
	struct walk walk = {.db = db, .call = call};
	uint64_t before;
	enum status st;

	call->u.customers.next = (struct span){0};
	if (filter->limit < 1 || filter->limit > STORE_LIST_MAX ||
	    !customer_cursor_parse(filter->cursor, &before))
		return ST_BAD_REQUEST;
	st = walk_down(&walk, before);
	call->u.customers.items = walk.items;
	call->u.customers.count = walk.count;
	return st;
}
