/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of files and of what a page told, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../support/store_kit.h"
#include "base/mem.h"
#include "base/must.h"
#include "core/file.h"

#define BIG (256 * 1024)

static void say_file(struct kit_call *call, struct store_kit *kit, unsigned visitor, const char *id,
                     struct span body)
{
	struct command *command;

	kit_say(call, kit, visitor, id, "");
	command = &call->call.u.command.command;
	command->entry_kind = ENTRY_FILE;
	command->title = SPAN_LIT("paste-1.log");
	command->file = body;
	command->text = file_preview(body);
}

static enum status read_file(struct store_kit *kit, uint64_t ticket, uint64_t seq,
                             struct visitor_id visitor, const char *body)
{
	struct kit_call read;
	enum status st;

	kit_call_init(&read, kit, STORE_FILE);
	read.call.u.file.number.v = ticket;
	read.call.u.file.seq = seq;
	read.call.u.file.visitor = visitor;
	st = kit_run(&read);
	if (st == ST_OK) {
		assert_true(span_is(read.call.u.file.name, "paste-1.log"));
		assert_true(span_is(read.call.u.file.body, body));
	}
	kit_call_fini(&read);
	return st;
}

static void a_file_is_an_entry_and_what_is_in_it(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;
	const struct entry *entry;

	(void)kit_open(kit, 1, "it hangs");
	say_file(&call, kit, 1, "f", SPAN_LIT("\none\ntwo\n"));
	assert_int_equal(kit_run(&call), ST_OK);
	entry = &call.call.u.command.effect.entries[0];
	assert_int_equal(entry->kind, ENTRY_FILE);
	assert_int_equal(entry->seq, 2);
	assert_int_equal(entry->size, 9);
	assert_int_equal(entry->lines, 3);
	assert_int_equal(call.call.u.command.effect.after.files_count, 1);
	kit_call_fini(&call);

	kit_call_init(&call, kit, STORE_TICKET);
	call.call.u.ticket.number.v = 1;
	assert_int_equal(kit_run(&call), ST_OK);
	entry = &call.call.u.ticket.entries[1];
	assert_true(span_is(entry->title, "paste-1.log"));
	assert_true(span_is(entry->text, "one\ntwo"));
	assert_int_equal(entry->size, 9);
	assert_int_equal(entry->lines, 3);
	assert_int_equal(call.call.u.ticket.ticket.files_count, 1);
	assert_int_equal(call.call.u.ticket.ticket.messages_count, 2);
	kit_call_fini(&call);
}

static void whose_it_is(void **state)
{
	static const struct {
		const char *name;
		uint64_t ticket, seq;
		unsigned visitor; /* 0: an agent */
		enum status status;
	} rows[] = {
		{"its visitor", 1, 2, 1, ST_OK},
		{"an agent", 1, 2, 0, ST_OK},
		{"another visitor", 1, 2, 2, ST_NOT_FOUND},
		{"a message is no file", 1, 1, 1, ST_NOT_FOUND},
		{"no such entry", 1, 3, 1, ST_NOT_FOUND},
		{"no such ticket", 9, 2, 1, ST_NOT_FOUND},
		{"an absurd place", 1, UINT64_MAX, 0, ST_NOT_FOUND},
		{"another ticket of the same place", 2, 2, 2, ST_NOT_FOUND},
	};
	struct store_kit *kit = *state;
	struct kit_call call;

	(void)kit_open(kit, 1, "it hangs");
	(void)kit_open(kit, 2, "mine too");
	say_file(&call, kit, 1, "f", SPAN_LIT("trace"));
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct visitor_id visitor = {{0}};

		if (rows[i].visitor != 0)
			visitor = kit_visitor(rows[i].visitor);
		if (read_file(kit, rows[i].ticket, rows[i].seq, visitor, "trace") != rows[i].status)
			fail_msg("%s", rows[i].name);
	}
}

static void the_same_id_again_changes_nothing(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	(void)kit_open(kit, 1, "it hangs");
	for (int i = 0; i < 2; i++) {
		say_file(&call, kit, 1, "f", i == 0 ? SPAN_LIT("first") : SPAN_LIT("second"));
		assert_int_equal(kit_run(&call), ST_OK);
		assert_int_equal(call.call.u.command.duplicate, i == 1);
		assert_int_equal(call.call.u.command.effect.entries[0].seq, 2);
		kit_call_fini(&call);
	}
	assert_int_equal(read_file(kit, 1, 2, kit_visitor(1), "first"), ST_OK);
}

static void a_file_may_be_first(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	say_file(&call, kit, 1, "f", SPAN_LIT("Traceback\n  line 1\n"));
	assert_int_equal(kit_run(&call), ST_OK);
	assert_true(call.call.u.command.opened);
	assert_string_equal(call.call.u.command.effect.after.title, "Traceback");
	kit_call_fini(&call);
	assert_int_equal(read_file(kit, 1, 1, kit_visitor(1), "Traceback\n  line 1\n"), ST_OK);
}

static void so_many_and_no_more(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	for (int i = 0; i < 3; i++) {
		const char id[] = {(char)('a' + i), '\0'};

		say_file(&call, kit, 1, id, SPAN_LIT("x"));
		call.call.u.command.command.files_max = 2;
		assert_int_equal(kit_run(&call), i < 2 ? ST_OK : ST_TOO_LARGE);
		kit_call_fini(&call);
	}
	assert_int_equal(kit_open(kit, 1, "a message still fits"), 1);
}

static void a_big_one_survives(void **state)
{
	struct store_kit *kit = *state;
	char *body = xmalloc(BIG + 1);
	struct kit_call call;

	for (size_t i = 0; i < BIG; i++)
		body[i] = i % 80 == 79 ? '\n' : (char)('a' + i % 26);
	body[BIG] = '\0';
	say_file(&call, kit, 1, "f", (struct span){body, BIG});
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	if (kit->on_disk) {
		store_kit_close(kit);
		store_kit_open(kit);
	}
	assert_int_equal(read_file(kit, 1, 1, kit_visitor(1), body), ST_OK);
	free(body);
}

static void what_the_page_told_last(void **state)
{
	static const struct {
		const char *context, *kept;
	} rows[] = {
		{"{\"zone\":\"UTC\"}", "{\"zone\":\"UTC\"}"},
		{"", "{\"zone\":\"UTC\"}"},
		{"{}", "{}"},
	};
	struct store_kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char id[] = {(char)('a' + i), '\0'};
		struct kit_call call;

		kit_say(&call, kit, 1, id, "text");
		call.call.u.command.command.context = span_of(rows[i].context);
		assert_int_equal(kit_run(&call), ST_OK);
		kit_call_fini(&call);
		kit_call_init(&call, kit, STORE_TICKET);
		call.call.u.ticket.number.v = 1;
		assert_int_equal(kit_run(&call), ST_OK);
		assert_true(span_is(call.call.u.ticket.context, rows[i].kept));
		kit_call_fini(&call);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(a_file_is_an_entry_and_what_is_in_it),
		STORE_KIT_BOTH(whose_it_is),
		STORE_KIT_BOTH(the_same_id_again_changes_nothing),
		STORE_KIT_BOTH(a_file_may_be_first),
		STORE_KIT_BOTH(so_many_and_no_more),
		STORE_KIT_BOTH(a_big_one_survives),
		STORE_KIT_BOTH(what_the_page_told_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
