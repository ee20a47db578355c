/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of the list of customers, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../support/store_kit.h"
#include "base/must.h"

#define NOW INT64_C(1767225600000)

/* A ticket of a call; its number is the next one. */
static void asked(struct store_kit *kit, const char *name, const char *email, wall_ms at)
{
	struct kit_call call;

	kit_create(&call, kit, 1, "", "a question");
	call.call.u.command.command.visitor_name = span_of(name);
	call.call.u.command.command.visitor_email = span_of(email);
	call.call.u.command.command.now = at;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

/* The page as text, "number name tickets/open; ..."; the cursor behind it in `next`. */
static void page(struct store_kit *kit, const struct customer_filter *filter, char *text,
                 size_t size, char next[64])
{
	struct kit_call call;
	size_t len = 0;

	kit_call_init(&call, kit, STORE_CUSTOMERS);
	call.call.u.customers.filter = *filter;
	if (filter->limit == 0)
		call.call.u.customers.filter.limit = STORE_LIST_MAX;
	assert_int_equal(kit_run(&call), ST_OK);
	text[0] = '\0';
	for (size_t i = 0; i < call.call.u.customers.count; i++) {
		const struct store_customer *one = &call.call.u.customers.items[i];

		len += (size_t)snprintf(text + len, size - len, "%s%u %s %u/%u", i > 0 ? "; " : "",
		                        (unsigned)one->number.v, one->name, one->tickets,
		                        one->open);
		assert_true(len < size);
	}
	assert_true(span_copy(next, 64, call.call.u.customers.next));
	kit_call_fini(&call);
}

static void expect(struct store_kit *kit, const char *query, const char *expected)
{
	char text[1024], next[64];

	page(kit, &(struct customer_filter){.query = span_of(query)}, text, sizeof(text), next);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s instead of %s", query != NULL ? query : "all", text, expected);
	assert_string_equal(next, "");
}

static void by_name_and_by_address(void **state)
{
	static const struct {
		const char *query, *expected;
	} rows[] = {
		{NULL,
	         "6 100% O_Neil 1/1; 5 Łukasz Ćwik 1/1; 4 Ana Ruiz 2/1; 3 Bob 1/1; 2 Анна 1/1"},
		{"", "6 100% O_Neil 1/1; 5 Łukasz Ćwik 1/1; 4 Ana Ruiz 2/1; 3 Bob 1/1; 2 Анна 1/1"},
		{"ana", "4 Ana Ruiz 2/1"},
		{"RUIZ ana", "4 Ana Ruiz 2/1"},
		{"ruiz@", "4 Ana Ruiz 2/1"},
		{"ana bob", ""},
		{"example.org", "3 Bob 1/1"},
		{"łukasz ćWIK", "5 Łukasz Ćwik 1/1"},
		{"АННА", "2 Анна 1/1"},
		{"%", "6 100% O_Neil 1/1"},
		{"_", "6 100% O_Neil 1/1"},
		{"a%z", ""},
		{"b_b", ""},
		{"*", ""},
		{"'", ""},
		{"\\", ""},
	};
	struct store_kit *kit = *state;

	asked(kit, "Ana Ruiz", "ana.ruiz@example.gov", NOW);
	asked(kit, "Анна", "a2@example.gov", NOW);
	asked(kit, "Bob", "bob@example.org", NOW);
	asked(kit, "", "Ana.Ruiz@Example.gov", NOW);
	asked(kit, "Łukasz Ćwik", "lc@example.gov", NOW);
	asked(kit, "100% O_Neil", "oneil@example.gov", NOW);
	kit_close_ticket(kit, 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect(kit, rows[i].query, rows[i].expected);
}

/* A visitor who gave an address later is one customer, found by what any ticket says. */
static void one_person_one_row(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;
	char text[256], next[64];
	uint64_t first;

	kit_say(&call, kit, 1, "", "as Ann");
	call.call.u.command.command.visitor_name = SPAN_LIT("Ann");
	call.call.u.command.command.visitor_email = SPAN_LIT("ann@example.gov");
	call.call.u.command.command.now = NOW;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	kit_close_ticket(kit, 1);
	asked(kit, "Ann of Accounts", "ANN@example.gov", NOW + 1);
	kit_create(&call, kit, 1, "", "nobody knows who");
	call.call.u.command.command.now = NOW + 2;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	expect(kit, NULL, "3  1/1; 2 Ann of Accounts 2/1");
	expect(kit, "accounts", "2 Ann of Accounts 2/1");

	kit_call_init(&call, kit, STORE_CUSTOMERS);
	call.call.u.customers.filter =
		(struct customer_filter){.query = SPAN_LIT("ann"), .limit = 1};
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.customers.count, 1);
	assert_string_equal(call.call.u.customers.items[0].email, "ANN@example.gov");
	assert_int_equal(call.call.u.customers.items[0].last_asked_at, NOW + 1);
	assert_false(call.call.u.customers.items[0].verified);
	kit_call_fini(&call);

	first = kit_open(kit, 1, "again, without a name");
	assert_int_equal(first, 4);
	page(kit, &(struct customer_filter){.limit = 1}, text, sizeof(text), next);
	assert_string_equal(text, "1 Ann 3/2");
	expect(kit, "ann", "2 Ann of Accounts 2/1");
}

/* Every size of page: each customer once, the newest first. */
static void pages(void **state)
{
	struct store_kit *kit = *state;

	for (unsigned i = 0; i < 26; i++) {
		char email[32];

		(void)snprintf(email, sizeof(email), "c%u@example.gov", i % 9);
		asked(kit, "C", email, NOW + i);
	}
	for (unsigned limit = 1; limit <= 10; limit++) {
		char cursor[64] = "", all[1024] = "", text[1024];
		size_t len = 0;

		do {
			struct customer_filter filter = {.limit = limit};
			char next[64];

			if (cursor[0] != '\0')
				filter.cursor = span_of(cursor);
			page(kit, &filter, text, sizeof(text), next);
			len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%s",
			                        len > 0 && text[0] != '\0' ? "; " : "", text);
			memcpy(cursor, next, sizeof(cursor));
		} while (cursor[0] != '\0');
		assert_string_equal(all,
		                    "26 C 3/3; 25 C 3/3; 24 C 3/3; 23 C 3/3; 22 C 3/3; 21 C 3/3; "
		                    "20 C 3/3; 19 C 3/3; 18 C 2/2");
	}
}

/* Tickets 3 and on are by others; the oldest is whom one looks for. */
static void add_many(struct store_kit *kit)
{
	static const char sql[] =
		"CREATE TEMP TABLE copy AS WITH RECURSIVE n(i) AS"
		" (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 20050)"
		" SELECT t.*, i FROM n, ticket t WHERE t.number = 2;"
		"UPDATE copy SET number = i, visitor_email = 'c' || i || '@example.gov';"
		"ALTER TABLE copy DROP COLUMN i;"
		"INSERT INTO ticket SELECT * FROM copy;";
	sqlite3 *handle;

	store_kit_close(kit);
	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(handle));
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	store_kit_open(kit);
}

static void a_page_ends_after_so_many_rows(void **state)
{
	struct store_kit *kit = *state;
	struct customer_filter filter = {.query = SPAN_LIT("zoe")};
	char text[256], next[64], end[64];

	asked(kit, "Zoe", "zoe@example.gov", NOW);
	asked(kit, "Others", "others@example.gov", NOW);
	add_many(kit);
	page(kit, &filter, text, sizeof(text), next);
	assert_string_equal(text, "");
	assert_string_not_equal(next, "");
	filter.cursor = span_of(next);
	page(kit, &filter, text, sizeof(text), end);
	assert_string_equal(text, "1 Zoe 1/1");
	assert_string_equal(end, "");
}

static void bad_requests(void **state)
{
	static const struct {
		const char *cursor;
		unsigned limit;
	} rows[] = {
		{"*", 10},
		{"", 10},
		{"AAAA", 10},
		{"AQAAAAAAAAAAAAAAAAAAAAA", 10},
		{"AAEAAAAAAAAAAAAAAAAAAAA", 10},
		{NULL, 0},
		{NULL, STORE_LIST_MAX + 1},
	};
	struct store_kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit_call call;

		kit_call_init(&call, kit, STORE_CUSTOMERS);
		call.call.u.customers.filter = (struct customer_filter){
			.cursor = span_of(rows[i].cursor), .limit = rows[i].limit};
		if (kit_run(&call) != ST_BAD_REQUEST)
			fail_msg("row %zu", i);
		kit_call_fini(&call);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(by_name_and_by_address),
		STORE_KIT_BOTH(one_person_one_row),
		STORE_KIT_BOTH(pages),
		STORE_KIT_ROW(a_page_ends_after_so_many_rows, sqlite),
		STORE_KIT_BOTH(bad_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
