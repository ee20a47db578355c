/* SPDX-License-Identifier: MIT */
/* Lists of tickets. The text of a statement depends on three things, all of them enumerated
 * here: the order, whether only live tickets are asked for (a partial index), and whether the
 * numbers are known: from the full-text search, or as a customer's. Everything else is a bound parameter. */
#include <stdio.h>
#include <string.h>

#include "adapter/sqlite_record.h"
#include "adapter/ticket_order.h"
#include "base/must.h"

#define LIVE_MASK (1U << TICKET_NEW | 1U << TICKET_OPEN | 1U << TICKET_PENDING)

#define FROM_ALL "FROM ticket t " TICKET_JOINS
#define FROM_HITS                                                          \
	"FROM json_each(?13) h CROSS JOIN ticket t ON t.number = h.value " \
	"CROSS JOIN ticket_log l ON l.number = t.number "                  \
	"CROSS JOIN ticket_clock c ON c.number = t.number "
#define FILTER                                                                         \
	"WHERE (?1 = 0 OR (?1 >> t.status) & 1) AND (?2 = 0 OR t.tier = ?2)"           \
	" AND (?3 = 0 OR t.agent = ?3) AND (?4 = 0 OR t.agent = 0)"                    \
	" AND (?5 < 0 OR t.priority = ?5) AND (?6 < 0 OR t.channel = ?6)"              \
	" AND (?7 IS NULL OR t.topic = ?7) AND (?8 IS NULL OR instr(t.tags, ?8) > 0) " \
	" AND (?9 = 0 OR t.due < ?9)"                                                  \
	" AND (?14 IS NULL OR t.number IN (SELECT value FROM json_each(?14))) "

static const struct order {
	const char *text;
	struct ticket_place before_all;
} orders[] = {
	[SORT_NEWEST] = {"AND (t.created_at, t.number) < (?10, ?11)"
                         " ORDER BY t.created_at DESC, t.number DESC",
                         {INT64_MAX, INT64_MAX}},
	[SORT_OLDEST] = {"AND (t.created_at, t.number) > (?10, ?11)"
                         " ORDER BY t.created_at, t.number",
                         {INT64_MIN, 0}},
	[SORT_DUE] = {"AND (t.due, t.number) > (?10, ?11) ORDER BY t.due, t.number",
                      {INT64_MIN, 0}},
	[SORT_PRIORITY] = {"AND t.priority <= ?10 AND (t.priority < ?10 OR t.number > ?11)"
                           " ORDER BY t.priority DESC, t.number",
                           {INT64_MAX, 0}},
};

static sqlite3_stmt *list_stmt(struct db *db, const struct ticket_filter *filter)
{
	bool live = filter->status_mask != 0 && (filter->status_mask & ~LIVE_MASK) == 0;
	bool hits = filter->query.ptr != NULL || filter->customer.v != 0;
	sqlite3_stmt **stmt = &db->lists[filter->sort][live][hits];
	char text[2048];
	int len;

	if (*stmt != NULL)
		return *stmt;
	len = snprintf(text, sizeof(text), "SELECT " TICKET_COLUMNS " %s" FILTER "%s%s LIMIT ?12",
	               hits ? FROM_HITS : FROM_ALL, live ? "AND t.status < 3 " : "",
	               orders[filter->sort].text);
	MUST(len > 0 && (size_t)len < sizeof(text));
	return db_prepare(db, text, stmt);
}

static void bind_filter(sqlite3_stmt *stmt, const struct ticket_filter *filter, struct arena *arena)
{
	db_bind_u64(stmt, 1, filter->status_mask);
	(void)sqlite3_bind_int(stmt, 2, filter->tier);
	db_bind_u64(stmt, 3, filter->agent.v);
	db_bind_u64(stmt, 4, filter->unassigned);
	(void)sqlite3_bind_int(stmt, 5, filter->has_priority ? (int)filter->priority : -1);
	(void)sqlite3_bind_int(stmt, 6, filter->has_channel ? (int)filter->channel : -1);
	db_bind_span(stmt, 7, filter->topic);
	db_bind_span(stmt, 8,
	             filter->tag.ptr != NULL ? ticket_tag_pattern(arena, filter->tag)
	                                     : (struct span){0});
	(void)sqlite3_bind_int64(stmt, 9, filter->due_before);
}

static enum status bind_place(sqlite3_stmt *stmt, const struct ticket_filter *filter)
{
	struct ticket_place place = orders[filter->sort].before_all;

	if (filter->cursor.ptr != NULL &&
	    (!ticket_cursor_parse(filter->cursor, filter->sort, &place) ||
	     place.number > INT64_MAX))
		return ST_BAD_REQUEST;
	(void)sqlite3_bind_int64(stmt, 10, place.key);
	db_bind_u64(stmt, 11, place.number);
	return ST_OK;
}

/* The numbers of a customer's tickets, as JSON. */
static enum status customer_tickets(struct db *db, struct arena *arena, struct ticket_id of,
                                    struct span *out)
{
	sqlite3_stmt *stmt = db_stmt(db, SQL_CUSTOMER);
	enum status st;

	db_bind_u64(stmt, 1, of.v);
	(void)sqlite3_bind_int(stmt, 2, STORE_CUSTOMER_MAX);
	if (!db_row(db, stmt, &st))
		return st == ST_OK ? ST_NOT_FOUND : st;
	*out = db_column_copy(stmt, 0, arena);
	db_finish(stmt);
	return ST_OK;
}

static enum status bind_hits(struct db *db, sqlite3_stmt *stmt, struct store_call *call)
{
	const struct ticket_filter *filter = &call->u.tickets.filter;
	struct span hits, customers = {0};
	enum status st = ST_OK;

	if (filter->customer.v != 0)
		st = customer_tickets(db, &call->arena, filter->customer, &customers);
	hits = customers;
	if (st == ST_OK && filter->query.ptr != NULL)
		st = search_tickets(db, &call->arena, filter->query, &hits);
	if (st != ST_OK)
		return st;
	db_bind_span(stmt, 13, hits);
	db_bind_span(stmt, 14, filter->query.ptr != NULL ? customers : (struct span){0});
	return ST_OK;
}

/* One more than asked for tells whether there is another page. */
static enum status read_page(struct db *db, sqlite3_stmt *stmt, struct store_call *call)
{
	const struct ticket_filter *filter = &call->u.tickets.filter;
	struct ticket *items = NULL;
	size_t room = 0, count = 0;
	enum status st;

	(void)sqlite3_bind_int64(stmt, 12, (sqlite3_int64)filter->limit + 1);
	while (db_row(db, stmt, &st)) {
		if (count == filter->limit) {
			call->u.tickets.next =
				ticket_cursor(&call->arena, filter->sort,
			                      ticket_place(&items[count - 1], filter->sort));
			db_finish(stmt);
			break;
		}
		items = rows_grow(&call->arena, items, count, &room, sizeof(*items));
		ticket_from_row(stmt, &items[count++]);
	}
	call->u.tickets.items = items;
	call->u.tickets.count = count;
	return st;
}

enum status read_tickets(struct db *db, struct store_call *call)
{
	const struct ticket_filter *filter = &call->u.tickets.filter;
	sqlite3_stmt *stmt;
	enum status st;

	call->u.tickets.next = (struct span){0};
	MUST((size_t)filter->sort < ARRAY_LEN(orders));
	if (filter->limit < 1 || filter->limit > STORE_LIST_MAX)
		return ST_BAD_REQUEST;
	stmt = list_stmt(db, filter);
	if (stmt == NULL)
		return ST_UNAVAILABLE;
	bind_filter(stmt, filter, &call->arena);
	st = bind_place(stmt, filter);
	if (st == ST_OK)
		st = bind_hits(db, stmt, call);
	return st == ST_OK ? read_page(db, stmt, call) : st;
}
