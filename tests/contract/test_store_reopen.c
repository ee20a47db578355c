/* SPDX-License-Identifier: MIT */
/* A message after the end, on the fake and on SQLite: the same ticket, or a new one that knows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/fire_kit.h"
#include "base/must.h"

#define MONDAY_9 "2026-03-02 09:00"

static void end_at(struct store_kit *kit, struct policy_kit *policy, uint64_t ticket, wall_ms at)
{
	struct kit_call call;

	fire_kit_command(&call, kit, policy, ticket, COMMAND_CLOSE);
	call.call.u.command.command.now = at;
	call.call.u.command.command.resolution = RESOLUTION_ANSWERED;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

static void say_init(struct kit_call *call, struct store_kit *kit, struct policy_kit *policy,
                     const char *id, wall_ms at)
{
	kit_say(call, kit, 1, id, "it hangs again");
	call->call.u.command.command.now = at;
	call->call.u.command.command.book = &policy->book;
}

static void where_it_goes(void **state)
{
	static const struct {
		const char *name;
		int64_t after_ms; /* the end */
		bool fresh, without_book;
		uint64_t number, previous;
	} rows[] = {
		{"at once", SEC_MS, false, false, 1, 0},
		{"on the last day", 6 * DAY_MS, false, false, 1, 0},
		{"too late", 8 * DAY_MS, false, false, 2, 1},
		{"another matter", SEC_MS, true, false, 2, 1},
		{"a desk without a policy", SEC_MS, false, true, 2, 0},
	};
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);

	policy_kit_init(&policy);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit_call call;
		const struct effect *effect = &call.call.u.command.effect;
		unsigned visitor = 10 + (unsigned)i;
		uint64_t first = fire_kit_say(kit, &policy, visitor, at), number;

		end_at(kit, &policy, first, at + MINUTE_MS);
		say_init(&call, kit, &policy, "", at + MINUTE_MS + rows[i].after_ms);
		call.call.u.command.command.actor.visitor = kit_visitor(visitor);
		call.call.u.command.command.fresh = rows[i].fresh;
		if (rows[i].without_book)
			call.call.u.command.command.book = NULL;
		assert_int_equal(kit_run(&call), ST_OK);
		number = call.call.u.command.number.v;
		if (number != first + rows[i].number - 1 ||
		    call.call.u.command.opened != (rows[i].number == 2) ||
		    effect->after.escalation.previous.v != (rows[i].previous != 0 ? first : 0) ||
		    !ticket_is_live(&effect->after))
			fail_msg("%s", rows[i].name);
		assert_int_equal(call.call.u.command.command.kind, COMMAND_SAY);
		assert_int_equal(call.call.u.command.command.previous.v, 0);
		assert_int_equal(fire_kit_read(kit, number).last_seq, effect->after.last_seq);
		kit_call_fini(&call);
	}
	policy_kit_fini(&policy);
}

static void a_reopened_ticket_is_the_live_one(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call list;

	policy_kit_init(&policy);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at), 1);
	end_at(kit, &policy, 1, at + MINUTE_MS);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at + 2 * MINUTE_MS), 1);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at + 3 * MINUTE_MS), 1);
	kit_call_init(&list, kit, STORE_LIVE);
	assert_int_equal(kit_run(&list), ST_OK);
	assert_int_equal(list.call.u.live.count, 1);
	assert_int_equal(list.call.u.live.items[0].escalation.reopened, 1);
	kit_call_fini(&list);
	end_at(kit, &policy, 1, at + 4 * MINUTE_MS);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at + 5 * MINUTE_MS), 1);
	assert_int_equal(fire_kit_read(kit, 1).escalation.reopened, 2);
	policy_kit_fini(&policy);
}

/* The id that opened a ticket, the one that reopened it, and one in between: each answers as
 * then, however it stands now. */
static void retries_over_the_end(void **state)
{
	static const char *const ids[] = {"first", "second", "again"};
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	uint64_t seqs[ARRAY_LEN(ids)];
	struct kit_call call;

	policy_kit_init(&policy);
	for (unsigned i = 0; i < ARRAY_LEN(ids); i++) {
		if (i == 2)
			end_at(kit, &policy, 1, at + i * MINUTE_MS);
		say_init(&call, kit, &policy, ids[i], at + i * MINUTE_MS);
		assert_int_equal(kit_run(&call), ST_OK);
		assert_false(call.call.u.command.duplicate);
		seqs[i] = call.call.u.command.effect.entries[0].seq;
		kit_call_fini(&call);
	}
	for (unsigned round = 0; round < 3; round++) {
		if (round == 1)
			end_at(kit, &policy, 1, at + HOUR_MS);
		if (round == 2 && kit->on_disk) {
			store_kit_close(kit);
			store_kit_open(kit);
		}
		for (unsigned i = 0; i < ARRAY_LEN(ids); i++) {
			say_init(&call, kit, &policy, ids[i], at + 2 * HOUR_MS);
			assert_int_equal(kit_run(&call), ST_OK);
			assert_true(call.call.u.command.duplicate);
			assert_int_equal(call.call.u.command.number.v, 1);
			assert_int_equal(call.call.u.command.effect.entries[0].seq, seqs[i]);
			kit_call_fini(&call);
		}
	}
	assert_false(ticket_is_live(&(struct ticket){.status = fire_kit_read(kit, 1).status}));
	policy_kit_fini(&policy);
}

/* Several messages that arrive together after the end: the first reopens, the others go there. */
static void together_after_the_end(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call calls[5];

	policy_kit_init(&policy);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at), 1);
	end_at(kit, &policy, 1, at + MINUTE_MS);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		say_init(&calls[i], kit, &policy, "", at + HOUR_MS);
		kit_submit(&calls[i]);
	}
	kit_wait(&calls[ARRAY_LEN(calls) - 1]);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].call.op.status, ST_OK);
		assert_int_equal(calls[i].call.u.command.number.v, 1);
		kit_call_fini(&calls[i]);
	}
	assert_int_equal(fire_kit_read(kit, 1).escalation.reopened, 1);
	policy_kit_fini(&policy);
}

/* The newest one ended long ago or is another matter: it is not gone past to an older one. */
static void only_the_newest_goes_on(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;

	policy_kit_init(&policy);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at), 1);
	end_at(kit, &policy, 1, at + MINUTE_MS);
	say_init(&call, kit, &policy, "", at + 2 * MINUTE_MS);
	call.call.u.command.command.fresh = true;
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.command.number.v, 2);
	kit_call_fini(&call);
	end_at(kit, &policy, 2, at + 3 * MINUTE_MS);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at + 4 * MINUTE_MS), 2);
	policy_kit_fini(&policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(where_it_goes),
		STORE_KIT_BOTH(a_reopened_ticket_is_the_live_one),
		STORE_KIT_BOTH(retries_over_the_end),
		STORE_KIT_BOTH(together_after_the_end),
		STORE_KIT_BOTH(only_the_newest_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
