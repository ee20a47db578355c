/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of writes, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/store_kit.h"
#include "base/must.h"

static struct effect *effect_of(struct kit_call *call)
{
	return &call->call.u.command.effect;
}

static void done_once_later_and_in_order(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call calls[20];

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		kit_say(&calls[i], kit, 1 + i % 3, "", "hello");
		kit_submit(&calls[i]);
	}
	assert_int_equal(kit->dones, 0);
	kit_wait(&calls[ARRAY_LEN(calls) - 1]);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].done, 1);
		assert_int_equal(calls[i].order, i + 1);
		assert_int_equal(calls[i].call.op.status, ST_OK);
		kit_call_fini(&calls[i]);
	}
}

static void first_message_opens_the_next_goes_there(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call first, second, other;

	kit_say(&first, kit, 1, "a", "the build hangs");
	assert_int_equal(kit_run(&first), ST_OK);
	assert_true(first.call.u.command.opened);
	assert_int_equal(first.call.u.command.number.v, 1);
	assert_int_equal(effect_of(&first)->entries[0].seq, 1);
	assert_string_equal(effect_of(&first)->after.title, "the build hangs");
	assert_int_equal(first.call.u.command.command.kind, COMMAND_SAY);
	kit_say(&second, kit, 1, "b", "still");
	assert_int_equal(kit_run(&second), ST_OK);
	assert_false(second.call.u.command.opened);
	assert_int_equal(second.call.u.command.number.v, 1);
	assert_int_equal(effect_of(&second)->entries[0].seq, 2);
	kit_say(&other, kit, 2, "a", "another visitor");
	assert_int_equal(kit_run(&other), ST_OK);
	assert_int_equal(other.call.u.command.number.v, 2);
	kit_call_fini(&first);
	kit_call_fini(&second);
	kit_call_fini(&other);
}

static void same_id_is_answered_as_then(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call calls[3];
	static const char *const ids[] = {"a", "b", "a"};

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		kit_say(&calls[i], kit, 1, ids[i], i == 2 ? "not this text" : "text");
		calls[i].call.u.command.command.now += i;
		assert_int_equal(kit_run(&calls[i]), ST_OK);
	}
	assert_true(calls[2].call.u.command.duplicate);
	assert_false(calls[1].call.u.command.duplicate);
	assert_int_equal(effect_of(&calls[2])->entries_count, 1);
	assert_int_equal(effect_of(&calls[2])->entries[0].seq, 1);
	assert_int_equal(effect_of(&calls[2])->entries[0].at, effect_of(&calls[0])->entries[0].at);
	assert_true(span_is(effect_of(&calls[2])->entries[0].text, "text"));
	assert_int_equal(effect_of(&calls[2])->after.last_seq, 2);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		kit_call_fini(&calls[i]);
}

static void same_id_in_one_batch(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call calls[10];
	unsigned duplicates = 0;

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		kit_say(&calls[i], kit, 1, "same", "text");
		kit_submit(&calls[i]);
	}
	kit_wait(&calls[ARRAY_LEN(calls) - 1]);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].call.op.status, ST_OK);
		assert_int_equal(effect_of(&calls[i])->entries[0].seq, 1);
		duplicates += calls[i].call.u.command.duplicate ? 1 : 0;
		kit_call_fini(&calls[i]);
	}
	assert_int_equal(duplicates, ARRAY_LEN(calls) - 1);
}

static void a_retry_after_the_end_finds_the_newest_ticket(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call first, retry, fresh;

	kit_say(&first, kit, 1, "a", "text");
	assert_int_equal(kit_run(&first), ST_OK);
	kit_close_ticket(kit, 1);
	kit_say(&retry, kit, 1, "a", "text");
	assert_int_equal(kit_run(&retry), ST_OK);
	assert_true(retry.call.u.command.duplicate);
	assert_int_equal(retry.call.u.command.number.v, 1);
	assert_int_equal(effect_of(&retry)->entries[0].seq, 1);
	kit_say(&fresh, kit, 1, "b", "something new");
	assert_int_equal(kit_run(&fresh), ST_OK);
	assert_true(fresh.call.u.command.opened);
	assert_int_equal(fresh.call.u.command.number.v, 2);
	kit_call_fini(&first);
	kit_call_fini(&retry);
	kit_call_fini(&fresh);
}

static void an_id_belongs_to_its_author(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call agent, other, stranger;

	kit_say(&agent, kit, 1, "a", "text");
	assert_int_equal(kit_run(&agent), ST_OK);
	kit_call_fini(&agent);
	kit_command(&agent, kit, 1, COMMAND_SAY, 7, "a");
	agent.call.u.command.command.text = SPAN_LIT("from an agent");
	assert_int_equal(kit_run(&agent), ST_OK);
	assert_false(agent.call.u.command.duplicate);
	kit_command(&other, kit, 1, COMMAND_SAY, 8, "a");
	other.call.u.command.command.text = SPAN_LIT("from another");
	assert_int_equal(kit_run(&other), ST_OK);
	assert_false(other.call.u.command.duplicate);
	assert_int_equal(effect_of(&other)->entries[0].seq, 3);
	kit_command(&stranger, kit, 1, COMMAND_CLOSE, 0, "a");
	stranger.call.u.command.command.actor.role = ROLE_VISITOR;
	stranger.call.u.command.command.actor.visitor = kit_visitor(99);
	assert_int_equal(kit_run(&stranger), ST_NOT_FOUND);
	kit_call_fini(&agent);
	kit_call_fini(&other);
	kit_call_fini(&stranger);
}

static void ids_of_commands_without_words(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call set, again, end, end_again;

	(void)kit_open(kit, 1, "text");
	kit_command(&set, kit, 1, COMMAND_SET, 1, "set-1");
	set.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TITLE, .title = SPAN_LIT("better")};
	assert_int_equal(kit_run(&set), ST_OK);
	kit_command(&again, kit, 1, COMMAND_SET, 1, "set-1");
	again.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TITLE, .title = SPAN_LIT("worse")};
	assert_int_equal(kit_run(&again), ST_OK);
	assert_true(again.call.u.command.duplicate);
	assert_int_equal(effect_of(&again)->entries_count, 0);
	assert_string_equal(effect_of(&again)->after.title, "better");
	kit_command(&end, kit, 1, COMMAND_CLOSE, 1, "end-1");
	end.call.u.command.command.resolution = RESOLUTION_FIXED;
	assert_int_equal(kit_run(&end), ST_OK);
	kit_command(&end_again, kit, 1, COMMAND_CLOSE, 1, "end-1");
	end_again.call.u.command.command.resolution = RESOLUTION_FIXED;
	assert_int_equal(kit_run(&end_again), ST_OK);
	assert_true(end_again.call.u.command.duplicate);
	assert_int_equal(effect_of(&end_again)->entries[0].event, EVENT_CLOSED);
	assert_int_equal(effect_of(&end_again)->entries[0].seq, effect_of(&end)->entries[0].seq);
	kit_call_fini(&set);
	kit_call_fini(&again);
	kit_call_fini(&end);
	kit_call_fini(&end_again);
}

static void a_thousand_first_messages_open_one_ticket(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call *calls = calloc(1000, sizeof(*calls));
	unsigned opened = 0;

	assert_non_null(calls);
	for (unsigned i = 0; i < 1000; i++) {
		kit_say(&calls[i], kit, 1, "", "me first");
		kit_submit(&calls[i]);
	}
	kit_wait(&calls[999]);
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(calls[i].call.op.status, ST_OK);
		assert_int_equal(calls[i].call.u.command.number.v, 1);
		assert_int_equal(effect_of(&calls[i])->entries[0].seq, i + 1);
		opened += calls[i].call.u.command.opened ? 1 : 0;
		kit_call_fini(&calls[i]);
	}
	assert_int_equal(opened, 1);
	free(calls);
}

static void one_idempotency_key_one_ticket(void **state)
{
	static const struct {
		const char *name;
		uint64_t agent;
		const char *id;
		uint64_t number;
		bool duplicate;
	} rows[] = {
		{"the first of it creates", 1, "key", 1, false},
		{"the same again does not", 1, "key", 1, true},
		{"the same of another agent does", 2, "key", 2, false},
		{"another of the first does", 1, "key2", 3, false},
		{"none at all does", 1, "", 4, false},
		{"none at all does every time", 1, "", 5, false},
		{"the first one is still known", 1, "key", 1, true},
	};
	struct store_kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit_call call;

		kit_create(&call, kit, rows[i].agent, rows[i].id, "called about a form");
		if (kit_run(&call) != ST_OK || call.call.u.command.number.v != rows[i].number ||
		    call.call.u.command.duplicate != rows[i].duplicate ||
		    effect_of(&call)->entries[0].seq != 1)
			fail_msg("%s", rows[i].name);
		kit_call_fini(&call);
	}
}

static void a_visitor_cannot_create_beside_a_live_ticket(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call create;
	static const struct {
		enum resolution resolution;
		enum status status;
	} rows[] = {
		{RESOLUTION_NONE, ST_CONFLICT},
		{RESOLUTION_DOCS_SELF, ST_OK}, /* ends as it begins */
	};

	(void)kit_open(kit, 1, "text");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		kit_create(&create, kit, 0, "", "second");
		create.call.u.command.command.actor.role = ROLE_VISITOR;
		create.call.u.command.command.actor.visitor = kit_visitor(1);
		create.call.u.command.command.resolution = rows[i].resolution;
		assert_int_equal(kit_run(&create), rows[i].status);
		kit_call_fini(&create);
	}
	assert_int_equal(kit_open(kit, 1, "goes on the live one"), 1);
}

static void changes_outlive_the_ticket_they_came_from(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call first, second;

	(void)kit_open(kit, 1, "old title");
	kit_command(&first, kit, 1, COMMAND_SET, 1, "");
	first.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TITLE, .title = SPAN_LIT("new title")};
	assert_int_equal(kit_run(&first), ST_OK);
	kit_command(&second, kit, 1, COMMAND_SET, 1, "");
	second.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TITLE, .title = SPAN_LIT("yet another")};
	assert_int_equal(kit_run(&second), ST_OK);
	assert_true(span_is(effect_of(&first)->changes[0].from, "old title"));
	assert_true(span_is(effect_of(&second)->changes[0].from, "new title"));
	kit_call_fini(&first);
	kit_call_fini(&second);
}

static void a_refused_call_leaves_its_batch_alone(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call calls[5];
	static const enum status expected[] = {ST_OK, ST_NOT_FOUND, ST_OK, ST_BAD_REQUEST, ST_OK};

	kit_say(&calls[0], kit, 1, "", "one");
	kit_command(&calls[1], kit, 77, COMMAND_NOTE, 1, "x");
	calls[1].call.u.command.command.text = SPAN_LIT("nowhere");
	kit_say(&calls[2], kit, 2, "", "two");
	kit_say(&calls[3], kit, 3, "", "");
	kit_say(&calls[4], kit, 1, "", "three");
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		kit_submit(&calls[i]);
	kit_wait(&calls[4]);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].call.op.status, expected[i]);
		kit_call_fini(&calls[i]);
	}
	assert_int_equal(kit_open(kit, 3, "the number was not lost"), 3);
}

static void close_ends_every_call(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call calls[30];

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		if (i % 3 == 2)
			kit_call_init(&calls[i], kit, STORE_AGENTS);
		else
			kit_say(&calls[i], kit, i, "", "last words");
		kit_submit(&calls[i]);
	}
	store_kit_close(kit);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].done, 1);
		assert_true(calls[i].call.op.status == ST_OK ||
		            calls[i].call.op.status == ST_CANCELED);
		kit_call_fini(&calls[i]);
	}
}

static void say_again(struct op *op)
{
	struct store_call *store_call = container_of(op, struct store_call, op);
	struct kit_call *call = container_of(store_call, struct kit_call, call);

	call->done++;
	if (op->status == ST_OK || call->done < 3)
		kit_submit(call);
}

/* A flow that goes on by itself, as a retry does, ends with the store too. */
static void what_a_done_submits_while_closing_is_canceled(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	kit_say(&call, kit, 1, "", "again and again");
	call.call.op.done = say_again;
	kit_submit(&call);
	kit_turn(kit);
	store_kit_close(kit);
	assert_int_equal(call.call.op.status, ST_CANCELED);
	assert_true(call.done >= 3);
	kit_call_fini(&call);
}

static void stats_count(void **state)
{
	struct store_kit *kit = *state;
	struct store_stats stats;

	for (unsigned i = 0; i < 5; i++)
		(void)kit_open(kit, i + 1, "text");
	kit->store->ops->stats(kit->store, &stats);
	assert_int_equal(stats.calls, 5);
	assert_in_range(stats.commits, 1, 5);
	assert_int_equal(stats.queued, 0);
	assert_true(stats.healthy);
	assert_true(stats.latency_us[0] <= stats.latency_us[1]);
	assert_true(stats.latency_us[1] <= stats.latency_us[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(done_once_later_and_in_order),
		STORE_KIT_BOTH(first_message_opens_the_next_goes_there),
		STORE_KIT_BOTH(same_id_is_answered_as_then),
		STORE_KIT_BOTH(same_id_in_one_batch),
		STORE_KIT_BOTH(a_retry_after_the_end_finds_the_newest_ticket),
		STORE_KIT_BOTH(an_id_belongs_to_its_author),
		STORE_KIT_BOTH(ids_of_commands_without_words),
		STORE_KIT_BOTH(a_thousand_first_messages_open_one_ticket),
		STORE_KIT_BOTH(one_idempotency_key_one_ticket),
		STORE_KIT_BOTH(a_visitor_cannot_create_beside_a_live_ticket),
		STORE_KIT_BOTH(changes_outlive_the_ticket_they_came_from),
		STORE_KIT_BOTH(a_refused_call_leaves_its_batch_alone),
		STORE_KIT_BOTH(close_ends_every_call),
		STORE_KIT_BOTH(what_a_done_submits_while_closing_is_canceled),
		STORE_KIT_BOTH(stats_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
