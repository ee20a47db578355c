/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of timers, on the fake and on SQLite: due order, pieces, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/fire_kit.h"
#include "base/must.h"
#include "core/timer.h"

#define MONDAY_9 "2026-03-02 09:00"

static void nothing_is_due(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	struct kit_call call;

	policy_kit_init(&policy);
	fire_kit_init(&call, kit, &policy, kit_at(MONDAY_9), 10);
	fire_kit_expect(&call, &policy, 0, "");
	(void)kit_open(kit, 1, "a desk without a policy has no clocks");
	fire_kit_init(&call, kit, &policy, INT64_MAX, 10);
	fire_kit_expect(&call, &policy, 0, "");
	policy_kit_fini(&policy);
}

static void nothing_is_early(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;

	policy_kit_init(&policy);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at), 1);
	fire_kit_init(&call, kit, &policy, at + 180 * SEC_MS - 1, 10);
	fire_kit_expect(&call, &policy, at, "; next 180");
	fire_kit_init(&call, kit, &policy, at + 180 * SEC_MS, 10);
	fire_kit_expect(&call, &policy, at, "1 offer_ticket@180; next 675");
	policy_kit_fini(&policy);
}

static void the_soonest_first_and_no_more_than_asked(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;

	policy_kit_init(&policy);
	for (unsigned i = 1; i <= 5; i++) /* 4 and 5 at the same moment, 1 last of all */
		(void)fire_kit_say(kit, &policy, i, at + (i < 5 ? 50 - 10 * i : 10) * SEC_MS);
	fire_kit_init(&call, kit, &policy, at + 210 * SEC_MS, 2);
	fire_kit_expect(&call, &policy, at, "4 offer_ticket@190, 5 offer_ticket@190; more");
	fire_kit_init(&call, kit, &policy, at + 210 * SEC_MS, 2);
	fire_kit_expect(&call, &policy, at, "3 offer_ticket@200, 2 offer_ticket@210; next 220");
	fire_kit_init(&call, kit, &policy, at + 600 * SEC_MS, STORE_FIRE_MAX);
	fire_kit_expect(&call, &policy, at, "1 offer_ticket@220; next 685");
	policy_kit_fini(&policy);
}

/* Who asks at the same time as others, or again, gets what is left. */
static void calls_side_by_side(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call calls[3];
	size_t fired = 0;

	policy_kit_init(&policy);
	for (unsigned i = 1; i <= 10; i++)
		(void)fire_kit_say(kit, &policy, i, at);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		fire_kit_init(&calls[i], kit, &policy, at + 200 * SEC_MS, 6);
		kit_submit(&calls[i]);
	}
	kit_wait(&calls[2]);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].call.op.status, ST_OK);
		fired += calls[i].call.u.fire.count;
		assert_int_equal(calls[i].call.u.fire.count, i == 0 ? 6 : i == 1 ? 4 : 0);
		assert_int_equal(calls[i].call.u.fire.more, i == 0);
		kit_call_fini(&calls[i]);
	}
	assert_int_equal(fired, 10);
	policy_kit_fini(&policy);
}

static bool is_equal(const struct ticket *a, const struct ticket *b)
{
	return a->status == b->status && a->tier == b->tier && a->last_seq == b->last_seq &&
	       a->first_response_due == b->first_response_due &&
	       a->resolution_due == b->resolution_due && a->policy == b->policy &&
	       memcmp(&a->clocks, &b->clocks, sizeof(a->clocks)) == 0 &&
	       a->escalation.stale == b->escalation.stale &&
	       a->escalation.needed_tier == b->escalation.needed_tier &&
	       a->escalation.pages == b->escalation.pages &&
	       a->escalation.paged_at == b->escalation.paged_at;
}

/* In any order they came; some are ended before it is their time. */
static void many_in_due_order(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9), last = 0;
	unsigned fired = 0;
	bool more = true;

	policy_kit_init(&policy);
	for (unsigned i = 1; i <= 200; i++)
		(void)fire_kit_say(kit, &policy, i, at + (i * 7919 % 200) * 100);
	for (unsigned i = 3; i <= 200; i += 3) {
		struct kit_call call;

		fire_kit_command(&call, kit, &policy, i, COMMAND_CLOSE);
		call.call.u.command.command.now = at + MINUTE_MS;
		call.call.u.command.command.resolution = RESOLUTION_ANSWERED;
		assert_int_equal(kit_run(&call), ST_OK);
		kit_call_fini(&call);
	}
	while (more) {
		struct kit_call call;

		fire_kit_init(&call, kit, &policy, at + 200 * SEC_MS, 7);
		assert_int_equal(kit_run(&call), ST_OK);
		for (size_t i = 0; i < call.call.u.fire.count; i++) {
			const struct effect *effect = &call.call.u.fire.effects[i];

			assert_true(effect->after.number.v % 3 != 0);
			assert_int_equal(effect->fired_count, 1);
			assert_true(effect->fired[0].due >= last);
			last = effect->fired[0].due;
			fired++;
		}
		more = call.call.u.fire.more;
		kit_call_fini(&call);
	}
	assert_int_equal(fired, 200 - 66);
	policy_kit_fini(&policy);
}

/* The list by due time: what is answered and waits for the customer has no target that runs. */
static void the_list_by_due_time(void **state)
{
	static const uint64_t wanted[] = {3, 1, 2};
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;

	policy_kit_init(&policy);
	for (unsigned i = 1; i <= 3; i++)
		(void)fire_kit_say(kit, &policy, i, at + (i < 3 ? i * MINUTE_MS : 0));
	for (unsigned step = 0; step < 3; step++) {
		static const enum command_kind kinds[] = {COMMAND_ASSIGN, COMMAND_SAY, COMMAND_SET};
		struct command *command = &call.call.u.command.command;

		fire_kit_command(&call, kit, &policy, 2, kinds[step]);
		command->now = at + 2 * MINUTE_MS;
		command->to_agent.v = 1;
		command->text = SPAN_LIT("which build?");
		command->set = (struct ticket_fields){.mask = SET_STATUS, .status = TICKET_PENDING};
		assert_int_equal(kit_run(&call), ST_OK);
		kit_call_fini(&call);
	}
	assert_int_equal(fire_kit_read(kit, 2).resolution_due, 0);
	kit_call_init(&call, kit, STORE_TICKETS);
	call.call.u.tickets.filter = (struct ticket_filter){.sort = SORT_DUE, .limit = 9};
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.tickets.count, ARRAY_LEN(wanted));
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		assert_int_equal(call.call.u.tickets.items[i].number.v, wanted[i]);
	kit_call_fini(&call);
	kit_call_init(&call, kit, STORE_TICKETS);
	call.call.u.tickets.filter =
		(struct ticket_filter){.due_before = at + 15 * MINUTE_MS + 1, .limit = 9};
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.tickets.count, 1);
	kit_call_fini(&call);
	policy_kit_fini(&policy);
}

/* Everything that ever fired, as a set: each pair of a slot and a due time once. */
struct seen {
	uint64_t ticket;
	struct fired fired;
};

static void note_seen(struct seen *seen, size_t *count, const struct effect *effect)
{
	for (unsigned k = 0; k < effect->fired_count; k++) {
		for (size_t i = 0; i < *count; i++)
			assert_false(seen[i].ticket == effect->after.number.v &&
			             seen[i].fired.slot == effect->fired[k].slot &&
			             seen[i].fired.due == effect->fired[k].due);
		assert_true(*count < 2000);
		seen[(*count)++] =
			(struct seen){.ticket = effect->after.number.v, .fired = effect->fired[k]};
	}
}

/* Nobody looked for a month: all of it comes, in pieces, and is on record as it was told. */
static void a_month_at_once(void **state)
{
	static struct seen seen[2000];
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9), now = at + 30 * DAY_MS;
	struct ticket last[8];
	size_t count = 0;
	bool more = true;

	policy_kit_init(&policy);
	for (unsigned i = 1; i <= 7; i++)
		(void)fire_kit_say(kit, &policy, i, at + i * SEC_MS);
	for (unsigned rounds = 0; more; rounds++) {
		struct kit_call call;

		fire_kit_init(&call, kit, &policy, now, 3);
		assert_int_equal(kit_run(&call), ST_OK);
		assert_true(call.call.u.fire.count <= 3);
		assert_true(call.call.u.fire.count > 0 || !call.call.u.fire.more);
		for (size_t i = 0; i < call.call.u.fire.count; i++) {
			const struct effect *effect = &call.call.u.fire.effects[i];

			note_seen(seen, &count, effect);
			last[effect->after.number.v] = effect->after;
		}
		more = call.call.u.fire.more;
		assert_true(rounds < 200);
		kit_call_fini(&call);
	}
	assert_true(count >= 7 * 5);
	assert_int_equal(count % 7, 0);
	for (uint64_t i = 1; i <= 7; i++) {
		struct ticket ticket = fire_kit_read(kit, i);

		assert_true(is_equal(&ticket, &last[i]));
		assert_true(ticket.clocks.next_due == 0 || ticket.clocks.next_due > now);
	}
	policy_kit_fini(&policy);
}

/* The log and the audit of ticket 1 end with what the effect says. */
static void expect_tail(struct store_kit *kit, const struct effect *effect)
{
	struct kit_call read;
	const struct entry *entries;
	const struct change *changes;

	kit_call_init(&read, kit, STORE_TICKET);
	read.call.u.ticket.number.v = 1;
	assert_int_equal(kit_run(&read), ST_OK);
	assert_int_equal(read.call.u.ticket.entries_count, effect->after.last_seq);
	entries = read.call.u.ticket.entries + effect->after.last_seq - effect->entries_count;
	for (unsigned i = 0; i < effect->entries_count; i++) {
		assert_int_equal(entries[i].seq, effect->entries[i].seq);
		assert_int_equal(entries[i].event, effect->entries[i].event);
		assert_int_equal(entries[i].from, ROLE_SYSTEM);
		assert_int_equal(entries[i].at, effect->entries[i].at);
		assert_true(span_eq(entries[i].reason, effect->entries[i].reason));
	}
	assert_true(read.call.u.ticket.changes_count >= effect->changes_count);
	changes = read.call.u.ticket.changes + read.call.u.ticket.changes_count -
	          effect->changes_count;
	for (unsigned i = 0; i < effect->changes_count; i++) {
		assert_string_equal(changes[i].field, effect->changes[i].field);
		assert_true(span_eq(changes[i].to, effect->changes[i].to));
		assert_true(span_eq(changes[i].why, effect->changes[i].why));
		assert_string_equal(changes[i].actor, "system");
	}
	kit_call_fini(&read);
}

/* What a timer does is in the log and in the audit, behind what was there. */
static void effects_are_on_record(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	unsigned entries = 0, changes = 0;
	bool more = true;

	policy_kit_init(&policy);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at), 1);
	while (more) {
		struct kit_call fire;

		fire_kit_init(&fire, kit, &policy, at + HOUR_MS, 1);
		assert_int_equal(kit_run(&fire), ST_OK);
		assert_int_equal(fire.call.u.fire.count, 1);
		expect_tail(kit, &fire.call.u.fire.effects[0]);
		entries += fire.call.u.fire.effects[0].entries_count;
		changes += fire.call.u.fire.effects[0].changes_count;
		more = fire.call.u.fire.more;
		kit_call_fini(&fire);
	}
	assert_true(entries >= 2 && changes >= 1); /* it was kept, and went up */
	policy_kit_fini(&policy);
}

/* A note moves the moment of a timer, but not the one that is on record: a look puts it right. */
static void an_early_look_is_no_effect(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;
	struct ticket before, after;

	policy_kit_init(&policy);
	fire_kit_only_stale(&policy);
	assert_int_equal(fire_kit_say(kit, &policy, 1, at), 1);
	fire_kit_command(&call, kit, &policy, 1, COMMAND_NOTE);
	call.call.u.command.command.now = at + HOUR_MS;
	call.call.u.command.command.text = SPAN_LIT("looks familiar");
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	before = fire_kit_read(kit, 1);
	assert_true(before.clocks.next_due <= at + 25 * HOUR_MS);
	fire_kit_init(&call, kit, &policy, at + 25 * HOUR_MS - 1, 5);
	fire_kit_expect(&call, &policy, at, "; next 90000");
	after = fire_kit_read(kit, 1);
	assert_int_equal(after.last_seq, before.last_seq);
	assert_int_equal(after.clocks.next_due, at + 25 * HOUR_MS);
	fire_kit_init(&call, kit, &policy, at + 25 * HOUR_MS, 5);
	fire_kit_expect(&call, &policy, at, "1 stale@90000");
	policy_kit_fini(&policy);
}

/* Without a book nothing can be decided: it is put off, not tried in a circle. */
static void what_cannot_be_decided_is_put_off(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9);
	struct kit_call call;

	policy_kit_init(&policy);
	for (unsigned i = 1; i <= 2; i++)
		(void)fire_kit_say(kit, &policy, i, at);
	fire_kit_init(&call, kit, &policy, at + 200 * SEC_MS, 5);
	call.call.u.fire.book = NULL;
	fire_kit_expect(&call, &policy, at, "; next 260");
	fire_kit_init(&call, kit, &policy, at + 259 * SEC_MS, 5);
	fire_kit_expect(&call, &policy, at, "; next 260");
	fire_kit_init(&call, kit, &policy, at + 260 * SEC_MS, 5);
	fire_kit_expect(&call, &policy, at, "1 offer_ticket@180, 2 offer_ticket@180; next 675");
	policy_kit_fini(&policy);
}

/* Messages beside a call that fires: either may come first, and goes on from the other. */
static void messages_in_the_same_batch(void **state)
{
	struct store_kit *kit = *state;
	struct policy_kit policy;
	wall_ms at = kit_at(MONDAY_9), now = at + 200 * SEC_MS;
	struct kit_call calls[3];

	policy_kit_init(&policy);
	(void)fire_kit_say(kit, &policy, 1, at);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i += 2) {
		kit_say(&calls[i], kit, 1, "", "still hangs");
		calls[i].call.u.command.command.now = now;
		calls[i].call.u.command.command.book = &policy.book;
	}
	fire_kit_init(&calls[1], kit, &policy, now, 5);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		kit_submit(&calls[i]);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		kit_wait(&calls[i]);
	assert_int_equal(calls[1].call.u.fire.count, 1);
	assert_in_range(calls[1].call.u.fire.effects[0].after.last_seq, 2, 3);
	assert_int_equal(calls[0].call.u.command.effect.after.last_seq, 2);
	assert_int_equal(calls[2].call.u.command.effect.after.last_seq, 3);
	assert_true(fire_kit_read(kit, 1).clocks.fired >> TIMER_OFFER_TICKET & 1U);
	assert_int_equal(fire_kit_read(kit, 1).last_seq, 3);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		kit_call_fini(&calls[i]);
	policy_kit_fini(&policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(nothing_is_due),
		STORE_KIT_BOTH(nothing_is_early),
		STORE_KIT_BOTH(the_soonest_first_and_no_more_than_asked),
		STORE_KIT_BOTH(calls_side_by_side),
		STORE_KIT_BOTH(many_in_due_order),
		STORE_KIT_BOTH(the_list_by_due_time),
		STORE_KIT_BOTH(a_month_at_once),
		STORE_KIT_BOTH(effects_are_on_record),
		STORE_KIT_BOTH(an_early_look_is_no_effect),
		STORE_KIT_BOTH(what_cannot_be_decided_is_put_off),
		STORE_KIT_BOTH(messages_in_the_same_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
