/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of lists, search, people and settings, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_kit.h"
#include "base/must.h"

#define NOW INT64_C(1767225600000)

static void open_with(struct store_kit *kit, wall_ms at, enum priority priority, const char *text)
{
	struct kit_call call;

	kit_create(&call, kit, 1, "", text);
	call.call.u.command.command.now = at;
	call.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_PRIORITY, .priority = priority};
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

static void list_init(struct kit_call *call, struct store_kit *kit,
                      const struct ticket_filter *filter)
{
	kit_call_init(call, kit, STORE_TICKETS);
	call->call.u.tickets.filter = *filter;
	if (filter->limit == 0)
		call->call.u.tickets.filter.limit = STORE_LIST_MAX;
}

/* The numbers of the list as text: "3 1 2". */
static const char *numbers(const struct kit_call *call, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < call->call.u.tickets.count; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%u", i > 0 ? " " : "",
		                        (unsigned)call->call.u.tickets.items[i].number.v);
	return text;
}

static void expect_list(struct store_kit *kit, const char *name, const struct ticket_filter *filter,
                        const char *expected)
{
	struct kit_call call;
	char text[1024];

	list_init(&call, kit, filter);
	if (kit_run(&call) != ST_OK)
		fail_msg("%s: %s", name, status_name(call.call.op.status));
	if (strcmp(numbers(&call, text, sizeof(text)), expected) != 0)
		fail_msg("%s: %s instead of %s", name, text, expected);
	kit_call_fini(&call);
}

static void orders(void **state)
{
	static const struct {
		const char *name;
		enum ticket_sort sort;
		const char *expected;
	} rows[] = {
		{"newest first, later number first", SORT_NEWEST, "5 4 2 3 1"},
		{"oldest first, earlier number first", SORT_OLDEST, "1 3 2 4 5"},
		{"most urgent first, then by number", SORT_PRIORITY, "3 2 5 1 4"},
		{"none has a target: by number", SORT_DUE, "1 2 3 4 5"},
	};
	struct store_kit *kit = *state;

	open_with(kit, NOW, PRIORITY_LOW, "one");
	open_with(kit, NOW + 2, PRIORITY_HIGH, "two");
	open_with(kit, NOW + 1, PRIORITY_CRITICAL, "three");
	open_with(kit, NOW + 3, PRIORITY_LOW, "four");
	open_with(kit, NOW + 3, PRIORITY_HIGH, "five");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_list(kit, rows[i].name, &(struct ticket_filter){.sort = rows[i].sort},
		            rows[i].expected);
}

/* Every order, every size of page, only live ones or all: each ticket once. */
static void pages_over_equal_keys(void **state)
{
	struct store_kit *kit = *state;

	for (unsigned i = 0; i < 13; i++)
		open_with(kit, NOW + i / 4, i % 2 == 0 ? PRIORITY_LOW : PRIORITY_HIGH, "same");
	for (unsigned row = 0; row < 4U * 13U * 2U; row++) {
		struct ticket_filter filter = {.sort = (enum ticket_sort)(row % 4),
		                               .limit = row / 4 % 13 + 1,
		                               .status_mask = row >= 52 ? 1U << TICKET_NEW : 0};
		unsigned seen = 0, count = 0;
		char cursor[64] = "";

		do {
			struct kit_call call;

			filter.cursor = cursor[0] != '\0' ? span_of(cursor) : (struct span){0};
			list_init(&call, kit, &filter);
			assert_int_equal(kit_run(&call), ST_OK);
			for (size_t i = 0; i < call.call.u.tickets.count; i++)
				seen |= 1U << call.call.u.tickets.items[i].number.v;
			count += (unsigned)call.call.u.tickets.count;
			assert_true(span_copy(cursor, sizeof(cursor), call.call.u.tickets.next));
			kit_call_fini(&call);
		} while (cursor[0] != '\0');
		assert_int_equal(seen, 0x3ffe);
		assert_int_equal(count, 13);
	}
}

static void open_as(struct store_kit *kit, unsigned visitor, const char *email, const char *text)
{
	struct kit_call call;

	kit_create(&call, kit, 1, "", text);
	call.call.u.command.command.visitor_email = span_of(email);
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	if (visitor > 0)
		(void)kit_open(kit, visitor, text);
}

/* Made by kit_say without an address, by kit_create without a visitor. */
static void of_one_customer(void **state)
{
	struct store_kit *kit = *state;

	open_as(kit, 1, "ann@example.gov", "apple");           /* 1; 2 by visitor 1 */
	open_as(kit, 2, "Ann@Example.gov", "banana and pear"); /* 3; 4 by visitor 2 */
	open_as(kit, 0, "bob@example.gov", "pear");            /* 5 */
	open_as(kit, 0, "", "cherry");                         /* 6 */
	open_as(kit, 0, "", "cherry");                         /* 7 */
	open_as(kit, 0, "ann@example.gov", "pear");            /* 8 */
	expect_list(kit, "by address", &(struct ticket_filter){.customer = {1}}, "8 3 1");
	expect_list(kit, "of another", &(struct ticket_filter){.customer = {5}}, "5");
	expect_list(kit, "by visitor", &(struct ticket_filter){.customer = {2}}, "2");
	expect_list(kit, "of nobody known", &(struct ticket_filter){.customer = {6}}, "6");
	expect_list(kit, "of no ticket", &(struct ticket_filter){.customer = {99}}, "");
	expect_list(kit, "with other filters",
	            &(struct ticket_filter){.customer = {1}, .sort = SORT_OLDEST, .limit = 2},
	            "1 3");
	expect_list(kit, "with words",
	            &(struct ticket_filter){.customer = {1}, .query = SPAN_LIT("pear")}, "8 3");
}

static void bad_requests(void **state)
{
	static const struct {
		const char *name, *cursor;
		unsigned limit;
	} rows[] = {
		{"not base64url", "*", 10},
		{"too short", "AAAA", 10},
		{"too long", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 10},
		{"empty", "", 10},
		{"of another order", "AwAAAAAAAAAAAAAAAAAAAAA", 10},
		{"no limit", NULL, 0},
		{"more than a page", NULL, STORE_LIST_MAX + 1},
	};
	struct store_kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit_call call;

		list_init(&call, kit, &(struct ticket_filter){.cursor = span_of(rows[i].cursor)});
		call.call.u.tickets.filter.limit = rows[i].limit;
		if (kit_run(&call) != ST_BAD_REQUEST)
			fail_msg("%s", rows[i].name);
		kit_call_fini(&call);
	}
}

static void command_ok(struct kit_call *call)
{
	assert_int_equal(kit_run(call), ST_OK);
	kit_call_fini(call);
}

static void set_words(struct store_kit *kit, uint64_t ticket, const char *topic, const char *tag)
{
	struct kit_call call;

	kit_command(&call, kit, ticket, COMMAND_SET, 1, "");
	call.call.u.command.command.set = (struct ticket_fields){
		.mask = SET_TOPIC | SET_TAGS, .topic = span_of(topic), .tags_count = 2};
	(void)span_copy(call.call.u.command.command.set.tags[0].text, TAG_SIZE, span_of(tag));
	(void)span_copy(call.call.u.command.command.set.tags[1].text, TAG_SIZE, SPAN_LIT("both"));
	command_ok(&call);
}

static void assign(struct store_kit *kit, uint64_t ticket, uint64_t agent)
{
	struct kit_call call;

	kit_command(&call, kit, ticket, COMMAND_ASSIGN, 0, "");
	call.call.u.command.command.to_agent.v = agent;
	command_ok(&call);
}

static void filters(void **state)
{
	static const struct {
		const char *name;
		struct ticket_filter filter;
		const char *expected;
	} rows[] = {
		{"all", {0}, "1 2 3 4"},
		{"new", {.status_mask = 1U << TICKET_NEW}, "1 3"},
		{"new or resolved",
	         {.status_mask = 1U << TICKET_NEW | 1U << TICKET_RESOLVED},
	         "1 3 4"},
		{"live", {.status_mask = 7}, "1 2 3"},
		{"closed", {.status_mask = 1U << TICKET_CLOSED}, ""},
		{"tier 2", {.tier = 2}, "3"},
		{"agent 7", {.agent = {7}}, "2"},
		{"with nobody", {.unassigned = true}, "1 3 4"},
		{"high", {.has_priority = true, .priority = PRIORITY_HIGH}, "4"},
		{"low", {.has_priority = true, .priority = PRIORITY_LOW}, "1 2 3"},
		{"phone", {.has_channel = true, .channel = CHANNEL_PHONE}, "1 2 3 4"},
		{"chat", {.has_channel = true, .channel = CHANNEL_CHAT}, ""},
		{"topic", {.topic = {"ci", 2}}, "1"},
		{"tag", {.tag = {"red", 3}}, "1"},
		{"a tag is not found by its beginning", {.tag = {"re", 2}}, ""},
		{"second tag", {.tag = {"both", 4}}, "1 2"},
		{"nothing is due", {.due_before = INT64_MAX}, ""},
		{"together", {.tag = {"both", 4}, .agent = {7}, .status_mask = 7}, "2"},
	};
	struct store_kit *kit = *state;
	struct kit_call call;

	for (unsigned i = 0; i < 4; i++)
		open_with(kit, NOW, i == 3 ? PRIORITY_HIGH : PRIORITY_LOW, "text");
	set_words(kit, 1, "ci", "red");
	set_words(kit, 2, "cid", "redder");
	assign(kit, 2, 7);
	kit_command(&call, kit, 3, COMMAND_ESCALATE, 1, "");
	call.call.u.command.command.reason = SPAN_LIT("hard");
	command_ok(&call);
	kit_close_ticket(kit, 4);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ticket_filter filter = rows[i].filter;

		filter.sort = SORT_OLDEST;
		expect_list(kit, rows[i].name, &filter, rows[i].expected);
		filter.query = SPAN_LIT("text");
		expect_list(kit, rows[i].name, &filter, rows[i].expected);
	}
}

static void searches(void **state)
{
	static const struct {
		const char *name, *query, *expected;
	} rows[] = {
		{"a word of a message", "timeout", "2"},
		{"a word of a title", "pipeline", "1"},
		{"whatever the case", "PIPELINE", "1"},
		{"words of different messages", "deploy timeout", "2"},
		{"every word must occur", "pipeline timeout", ""},
		{"the last word may be begun", "timeo", "2"},
		{"another word may not", "timeo deploy", ""},
		{"a word in both", "deploy", "1 2"},
		{"a note", "secretplan", "1"},
		{"punctuation only separates", "\"deploy\" AND -timeout*", ""},
		{"operators are words", "deploy OR pipeline", ""},
		{"syntax is text", "NEAR(", ""},
		{"a column name is a word", "title:pipeline", ""},
		{"only punctuation finds nothing", "\"*", ""},
		{"nothing finds nothing", "", ""},
		{"beyond ASCII",
	         "\xc3\xbc"
	         "berlast",
	         "2"},
		{"events are not words", "assigned", ""},
	};
	struct store_kit *kit = *state;

	(void)kit_open(kit, 1, "pipeline red");
	(void)kit_open(kit, 1, "deploy of v2");
	kit_note(kit, 1, "secretplan");
	(void)kit_open(kit, 2, "deploy");
	(void)kit_open(kit, 2,
	               "gateway: timeout; \xc3\xbc"
	               "berlast");
	assign(kit, 1, 7);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_list(kit, rows[i].name,
		            &(struct ticket_filter){.sort = SORT_OLDEST,
		                                    .query = span_of(rows[i].query)},
		            rows[i].expected);
}

static void a_search_sees_what_was_just_acked(void **state)
{
	struct store_kit *kit = *state;

	for (unsigned i = 0; i < 300; i++) {
		char word[16], expected[16];

		(void)snprintf(word, sizeof(word), "needle%u", i);
		(void)snprintf(expected, sizeof(expected), "%u", i % 7 + 1);
		(void)kit_open(kit, i % 7 + 1, word);
		if (i >= 7)
			expect_list(kit, word, &(struct ticket_filter){.query = span_of(word)},
			            expected);
	}
}

static void a_new_title_replaces_the_old_one(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	kit_create(&call, kit, 1, "", "body");
	call.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TITLE, .title = SPAN_LIT("zebra")};
	command_ok(&call);
	expect_list(kit, "before", &(struct ticket_filter){.query = SPAN_LIT("zebra")}, "1");
	kit_command(&call, kit, 1, COMMAND_SET, 1, "");
	call.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TITLE, .title = SPAN_LIT("giraffe")};
	command_ok(&call);
	expect_list(kit, "the new one", &(struct ticket_filter){.query = SPAN_LIT("giraffe")}, "1");
	expect_list(kit, "the old one", &(struct ticket_filter){.query = SPAN_LIT("zebra")}, "");
	expect_list(kit, "the text", &(struct ticket_filter){.query = SPAN_LIT("body")}, "1");
}

static void index_is_a_call(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	for (unsigned i = 0; i < 400; i++) {
		kit_say(&call, kit, i, "", "word");
		command_ok(&call);
	}
	kit_call_init(&call, kit, STORE_INDEX);
	command_ok(&call);
	kit_call_init(&call, kit, STORE_TICKETS);
	call.call.u.tickets.filter =
		(struct ticket_filter){.limit = 200, .query = SPAN_LIT("word")};
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.tickets.count, 200);
	assert_non_null(call.call.u.tickets.next.ptr);
	kit_call_fini(&call);
}

static enum status agent_put(struct store_kit *kit, struct agent *agent)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_AGENT_PUT);
	call.call.u.agent_put = *agent;
	(void)kit_run(&call);
	*agent = call.call.u.agent_put;
	kit_call_fini(&call);
	return call.call.op.status;
}

static void agents(void **state)
{
	struct store_kit *kit = *state;
	struct agent ann = {.email = "ann@example.gov",
	                    .name = "Ann",
	                    .tier = 2,
	                    .role = AGENT_ROLE_ADMIN,
	                    .must_change_password = true,
	                    .password_hash = "$argon2id$x",
	                    .created_at = NOW};
	struct agent bob = {.email = "bob@example.gov", .name = "Bob", .tier = 1};
	struct agent nobody = {.id = {99}, .email = "nobody@example.gov"};
	struct kit_call call;

	assert_int_equal(agent_put(kit, &ann), ST_OK);
	assert_int_equal(agent_put(kit, &bob), ST_OK);
	assert_true(ann.id.v != 0 && bob.id.v > ann.id.v);
	assert_int_equal(agent_put(kit, &nobody), ST_NOT_FOUND);
	(void)span_copy(bob.email, sizeof(bob.email), span_of(ann.email));
	assert_int_equal(agent_put(kit, &bob), ST_CONFLICT);
	bob.id.v = 0;
	assert_int_equal(agent_put(kit, &bob), ST_CONFLICT);
	assert_int_equal(bob.id.v, 0);
	ann.disabled = true;
	(void)span_copy(ann.email, sizeof(ann.email), SPAN_LIT("anna@example.gov"));
	assert_int_equal(agent_put(kit, &ann), ST_OK);

	kit_call_init(&call, kit, STORE_AGENT);
	call.call.u.agent.email = SPAN_LIT("anna@example.gov");
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.agent.agent.id.v, ann.id.v);
	assert_string_equal(call.call.u.agent.agent.password_hash, "$argon2id$x");
	assert_true(call.call.u.agent.agent.disabled);
	assert_true(call.call.u.agent.agent.must_change_password);
	assert_int_equal(call.call.u.agent.agent.role, AGENT_ROLE_ADMIN);
	kit_call_fini(&call);
	kit_call_init(&call, kit, STORE_AGENT);
	call.call.u.agent.email = SPAN_LIT("ann@example.gov");
	assert_int_equal(kit_run(&call), ST_NOT_FOUND);
	kit_call_init(&call, kit, STORE_AGENTS);
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.agents.count, 2);
	assert_string_equal(call.call.u.agents.items[0].name, "Ann");
	assert_string_equal(call.call.u.agents.items[1].name, "Bob");
	kit_call_fini(&call);
}

static enum status meta_put(struct store_kit *kit, const char *key, struct span value, bool once)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_META_PUT);
	(void)span_copy(call.call.u.meta.key, STORE_KEY_SIZE, span_of(key));
	call.call.u.meta.value = value;
	call.call.u.meta.once = once;
	return kit_run(&call);
}

static void expect_meta(struct store_kit *kit, const char *key, struct span expected)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_META_GET);
	(void)span_copy(call.call.u.meta.key, STORE_KEY_SIZE, span_of(key));
	assert_int_equal(kit_run(&call), expected.ptr != NULL ? ST_OK : ST_NOT_FOUND);
	if (expected.ptr != NULL)
		assert_true(span_eq(call.call.u.meta.value, expected));
	kit_call_fini(&call);
}

static void settings(void **state)
{
	struct store_kit *kit = *state;
	const struct span bytes = {.ptr = "\0\xff\0", .len = 3};

	expect_meta(kit, "key", (struct span){0});
	assert_int_equal(meta_put(kit, "key", bytes, true), ST_OK);
	assert_int_equal(meta_put(kit, "key", SPAN_LIT("other"), true), ST_CONFLICT);
	expect_meta(kit, "key", bytes);
	assert_int_equal(meta_put(kit, "key", SPAN_LIT("other"), false), ST_OK);
	expect_meta(kit, "key", SPAN_LIT("other"));
	assert_int_equal(meta_put(kit, "empty", SPAN_LIT(""), false), ST_OK);
	expect_meta(kit, "empty", SPAN_LIT(""));
	expect_meta(kit, "ke", (struct span){0});
}

/* A read that is submitted in the `done` of a write sees it. */
static void on_written(struct op *op)
{
	struct store_call *store_call = container_of(op, struct store_call, op);
	struct kit_call *call = container_of(store_call, struct kit_call, call);

	call->done++;
	kit_submit(call + 1);
}

static void reads_see_done_writes(void **state)
{
	struct store_kit *kit = *state;

	for (unsigned i = 1; i <= 100; i++) {
		struct kit_call calls[2];

		kit_say(&calls[0], kit, 1, "", "text");
		calls[0].call.op.done = on_written;
		kit_call_init(&calls[1], kit, STORE_LAST);
		calls[1].call.u.last.visitor = kit_visitor(1);
		kit_submit(&calls[0]);
		kit_wait(&calls[1]);
		assert_int_equal(calls[1].call.op.status, ST_OK);
		assert_int_equal(calls[1].call.u.last.ticket.last_seq, i);
		kit_call_fini(&calls[0]);
		kit_call_fini(&calls[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(orders),
		STORE_KIT_BOTH(pages_over_equal_keys),
		STORE_KIT_BOTH(of_one_customer),
		STORE_KIT_BOTH(bad_requests),
		STORE_KIT_BOTH(filters),
		STORE_KIT_BOTH(searches),
		STORE_KIT_BOTH(a_search_sees_what_was_just_acked),
		STORE_KIT_BOTH(a_new_title_replaces_the_old_one),
		STORE_KIT_BOTH(index_is_a_call),
		STORE_KIT_BOTH(agents),
		STORE_KIT_BOTH(settings),
		STORE_KIT_BOTH(reads_see_done_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
