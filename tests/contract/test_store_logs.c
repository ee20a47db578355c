/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of single tickets and their logs, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../support/store_kit.h"
#include "base/must.h"

static void numbers_are_dense_and_prev_skips_notes(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call read;
	static const struct {
		bool note;
		uint64_t prev;
	} rows[] = {{false, 0}, {true, 1}, {true, 1}, {false, 1}, {true, 4}, {false, 4}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].note)
			kit_note(kit, 1, "between us");
		else
			(void)kit_open(kit, 1, "text");
	}
	kit_call_init(&read, kit, STORE_ENTRIES);
	read.call.u.entries.number.v = 1;
	read.call.u.entries.limit = 100;
	assert_int_equal(kit_run(&read), ST_OK);
	assert_int_equal(read.call.u.entries.count, ARRAY_LEN(rows));
	assert_false(read.call.u.entries.more);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(read.call.u.entries.items[i].seq, i + 1);
		assert_int_equal(read.call.u.entries.items[i].prev_public, rows[i].prev);
		assert_int_equal(read.call.u.entries.items[i].kind,
		                 rows[i].note ? ENTRY_NOTE : ENTRY_TEXT);
	}
	kit_call_fini(&read);
}

static void pieces_of_a_log(void **state)
{
	static const struct {
		const char *name;
		uint64_t number, after;
		unsigned limit;
		bool public_only;
		enum status status;
		size_t count;
		uint64_t first;
		bool more;
	} rows[] = {
		{"all", 1, 0, 100, false, ST_OK, 5, 1, false},
		{"the first two", 1, 0, 2, false, ST_OK, 2, 1, true},
		{"exactly all is not more", 1, 0, 5, false, ST_OK, 5, 1, false},
		{"behind the third", 1, 3, 100, false, ST_OK, 2, 4, false},
		{"behind the end", 1, 5, 100, false, ST_OK, 0, 0, false},
		{"far behind the end", 1, UINT64_MAX, 100, false, ST_OK, 0, 0, false},
		{"without notes", 1, 0, 100, true, ST_OK, 3, 1, false},
		{"without notes, a page", 1, 1, 1, true, ST_OK, 1, 3, true},
		{"limit zero says whether there is any", 1, 0, 0, false, ST_OK, 0, 0, true},
		{"no such ticket", 2, 0, 100, false, ST_NOT_FOUND, 0, 0, false},
	};
	struct store_kit *kit = *state;

	(void)kit_open(kit, 1, "1");
	kit_note(kit, 1, "2");
	(void)kit_open(kit, 1, "3");
	kit_note(kit, 1, "4");
	(void)kit_open(kit, 1, "5");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit_call read;

		kit_call_init(&read, kit, STORE_ENTRIES);
		read.call.u.entries.number.v = rows[i].number;
		read.call.u.entries.after = rows[i].after;
		read.call.u.entries.limit = rows[i].limit;
		read.call.u.entries.public_only = rows[i].public_only;
		if (kit_run(&read) != rows[i].status)
			fail_msg("%s: %s", rows[i].name, status_name(read.call.op.status));
		if (rows[i].status == ST_OK && (read.call.u.entries.count != rows[i].count ||
		                                read.call.u.entries.more != rows[i].more))
			fail_msg("%s: %zu", rows[i].name, read.call.u.entries.count);
		if (rows[i].count > 0)
			assert_int_equal(read.call.u.entries.items[0].seq, rows[i].first);
		kit_call_fini(&read);
	}
}

/* Pages of every size from every place of a log that is longer than any block of it on file. */
static void pages_of_a_long_log(void **state)
{
	static const unsigned limits[] = {1, 7, 63, 64, 65, 200};
	struct store_kit *kit = *state;

	for (unsigned seq = 1; seq <= 200; seq++) {
		if (seq % 5 == 0)
			kit_note(kit, 1, "note");
		else
			(void)kit_open(kit, 1, "text");
	}
	for (unsigned row = 0; row < 2 * ARRAY_LEN(limits); row++) {
		bool public_only = row % 2 == 0;
		uint64_t after = 0;
		bool more = true;

		while (more) {
			struct kit_call read;

			kit_call_init(&read, kit, STORE_ENTRIES);
			read.call.u.entries.number.v = 1;
			read.call.u.entries.after = after;
			read.call.u.entries.limit = limits[row / 2];
			read.call.u.entries.public_only = public_only;
			assert_int_equal(kit_run(&read), ST_OK);
			for (size_t i = 0; i < read.call.u.entries.count; i++) {
				after++;
				if (public_only && after % 5 == 0)
					after++;
				assert_int_equal(read.call.u.entries.items[i].seq, after);
			}
			more = read.call.u.entries.more;
			assert_true(!more || read.call.u.entries.count == limits[row / 2]);
			kit_call_fini(&read);
		}
		assert_int_equal(after, public_only ? 199 : 200);
	}
}

static void a_ticket_comes_back_whole(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call open, say, set, read;
	struct command *command;
	struct ticket *ticket;

	kit_say(&open, kit, 1, "a", "Build \xe2\x80\x9cstuck\xe2\x80\x9d\nsince noon");
	command = &open.call.u.command.command;
	command->visitor_name = SPAN_LIT("Ann");
	command->visitor_email = SPAN_LIT("ann@example.gov");
	command->visitor_verified = true;
	command->page_url = SPAN_LIT("https://docs.example.gov/build");
	command->page_title = SPAN_LIT("Build");
	command->flags.production_stopped = true;
	assert_int_equal(kit_run(&open), ST_OK);
	kit_command(&say, kit, 1, COMMAND_SAY, 7, "b");
	say.call.u.command.command.entry_kind = ENTRY_ARTICLE;
	say.call.u.command.command.url = SPAN_LIT("https://docs.example.gov/queue");
	say.call.u.command.command.title = SPAN_LIT("Queues");
	say.call.u.command.command.now += 5000;
	assert_int_equal(kit_run(&say), ST_OK);
	kit_command(&set, kit, 1, COMMAND_SET, 7, "c");
	set.call.u.command.command.set = (struct ticket_fields){.mask = SET_TAGS | SET_TOPIC,
	                                                        .topic = SPAN_LIT("pipeline"),
	                                                        .tags = {{"ci"}, {"a b"}},
	                                                        .tags_count = 2};
	assert_int_equal(kit_run(&set), ST_OK);
	kit_close_ticket(kit, 1);

	kit_call_init(&read, kit, STORE_TICKET);
	read.call.u.ticket.number.v = 1;
	assert_int_equal(kit_run(&read), ST_OK);
	ticket = &read.call.u.ticket.ticket;
	assert_string_equal(ticket->visitor_name, "Ann");
	assert_string_equal(ticket->visitor_email, "ann@example.gov");
	assert_true(ticket->visitor_verified && ticket->flags.production_stopped);
	assert_false(ticket->flags.data_exposed);
	assert_string_equal(ticket->page_url, "https://docs.example.gov/build");
	assert_string_equal(ticket->topic, "pipeline");
	assert_int_equal(ticket->tags_count, 2);
	assert_string_equal(ticket->tags[1].text, "a b");
	assert_int_equal(ticket->priority, PRIORITY_HIGH);
	assert_int_equal(ticket->status, TICKET_RESOLVED);
	assert_int_equal(ticket->resolution, RESOLUTION_ANSWERED);
	assert_int_equal(ticket->last_reply_seq, 2);
	assert_int_equal(ticket->last_reply_agent.v, 7);
	assert_int_equal(ticket->messages_count, 2);
	assert_int_equal(ticket->first_response_at - ticket->created_at, 5000);
	assert_int_equal(read.call.u.ticket.entries_count, 3);
	assert_true(span_eq(read.call.u.ticket.entries[0].text, command->text));
	assert_int_equal(read.call.u.ticket.entries[1].kind, ENTRY_ARTICLE);
	assert_true(span_is(read.call.u.ticket.entries[1].title, "Queues"));
	assert_null(read.call.u.ticket.entries[1].text.ptr);
	assert_int_equal(read.call.u.ticket.entries[1].from_agent.v, 7);
	assert_int_equal(read.call.u.ticket.entries[2].event, EVENT_CLOSED);
	assert_string_equal(read.call.u.ticket.changes[0].field, "status");
	assert_true(read.call.u.ticket.changes_count >= 5);
	kit_call_fini(&open);
	kit_call_fini(&say);
	kit_call_fini(&set);
	kit_call_fini(&read);
}

static void last_and_live(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call last, live;

	(void)kit_open(kit, 1, "one");
	kit_close_ticket(kit, 1);
	(void)kit_open(kit, 2, "two");
	(void)kit_open(kit, 1, "three");
	kit_call_init(&last, kit, STORE_LAST);
	last.call.u.last.visitor = kit_visitor(1);
	assert_int_equal(kit_run(&last), ST_OK);
	assert_int_equal(last.call.u.last.ticket.number.v, 3);
	kit_call_fini(&last);
	kit_call_init(&last, kit, STORE_LAST);
	last.call.u.last.visitor = kit_visitor(9);
	assert_int_equal(kit_run(&last), ST_NOT_FOUND);
	kit_call_init(&live, kit, STORE_LIVE);
	assert_int_equal(kit_run(&live), ST_OK);
	assert_int_equal(live.call.u.live.count, 2);
	assert_int_equal(live.call.u.live.items[0].number.v, 2);
	assert_int_equal(live.call.u.live.items[1].number.v, 3);
	kit_call_fini(&last);
	kit_call_fini(&live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(numbers_are_dense_and_prev_skips_notes),
		STORE_KIT_BOTH(pieces_of_a_log),
		STORE_KIT_BOTH(pages_of_a_long_log),
		STORE_KIT_BOTH(a_ticket_comes_back_whole),
		STORE_KIT_BOTH(last_and_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
