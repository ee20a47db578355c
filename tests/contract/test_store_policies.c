/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of the policy's versions and of patterns, on the fake and on SQLite. */
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

static uint32_t put(struct store_kit *kit, const char *text, wall_ms now)
{
	struct kit_call call;
	uint32_t id;

	kit_call_init(&call, kit, STORE_POLICY_PUT);
	call.call.u.policy_put.text = span_of(text);
	call.call.u.policy_put.now = now;
	assert_int_equal(kit_run(&call), ST_OK);
	id = call.call.u.policy_put.id;
	kit_call_fini(&call);
	return id;
}

/* "3 at 5 gamma, 2 at 1 beta": the newest first, seconds since NOW. */
static void expect_policies(struct store_kit *kit, const char *wanted)
{
	struct kit_call call;
	char text[512] = "";
	size_t len = 0;

	kit_call_init(&call, kit, STORE_POLICIES);
	assert_int_equal(kit_run(&call), ST_OK);
	for (size_t i = 0; i < call.call.u.policies.count; i++) {
		const struct policy_row *row = &call.call.u.policies.items[i];

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%u at %d %.*s",
		                        i > 0 ? ", " : "", (unsigned)row->id,
		                        (int)((row->adopted_at - NOW) / 1000), (int)row->text.len,
		                        row->text.ptr);
	}
	assert_string_equal(text, wanted);
	kit_call_fini(&call);
}

static void versions_count_up(void **state)
{
	struct store_kit *kit = *state;

	expect_policies(kit, "");
	assert_int_equal(put(kit, "alpha", NOW), 1);
	assert_int_equal(put(kit, "alpha", NOW + 1000), 1);
	assert_int_equal(put(kit, "beta", NOW + 2000), 2);
	expect_policies(kit, "2 at 2 beta, 1 at 0 alpha");
	/* An older one that is adopted again is a new version. */
	assert_int_equal(put(kit, "alpha", NOW + 3000), 3);
	expect_policies(kit, "3 at 3 alpha, 2 at 2 beta, 1 at 0 alpha");
}

static void versions_stay(void **state)
{
	struct store_kit *kit = *state;

	assert_int_equal(put(kit, "alpha", NOW), 1);
	assert_int_equal(put(kit, "beta", NOW), 2);
	store_kit_close(kit);
	store_kit_open(kit);
	expect_policies(kit, "2 at 0 beta, 1 at 0 alpha");
	assert_int_equal(put(kit, "beta", NOW + 1000), 2);
	assert_int_equal(put(kit, "gamma", NOW + 1000), 3);
}

static void the_newest_versions_are_read(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;
	char text[16];

	for (unsigned i = 1; i <= POLICY_BOOK_MAX + 3; i++) {
		(void)snprintf(text, sizeof(text), "v%u", i);
		assert_int_equal(put(kit, text, NOW), i);
	}
	kit_call_init(&call, kit, STORE_POLICIES);
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.policies.count, POLICY_BOOK_MAX);
	assert_int_equal(call.call.u.policies.items[0].id, POLICY_BOOK_MAX + 3);
	assert_int_equal(call.call.u.policies.items[POLICY_BOOK_MAX - 1].id, 4);
	kit_call_fini(&call);
}

static void open_as(struct store_kit *kit, wall_ms at, const char *topic, const char *email)
{
	struct kit_call call;
	struct command *command;

	kit_create(&call, kit, 1, "", "text");
	command = &call.call.u.command.command;
	command->now = at;
	command->visitor_email = span_of(email);
	command->set = (struct ticket_fields){.mask = SET_TOPIC, .topic = span_of(topic)};
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

static void say_as(struct store_kit *kit, wall_ms at, unsigned visitor, const char *email)
{
	struct kit_call call;

	kit_say(&call, kit, visitor, "", "text");
	call.call.u.command.command.now = at;
	call.call.u.command.command.visitor_email = span_of(email);
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
}

static void similar_tickets(void **state)
{
	static const struct {
		const char *name, *topic;
		int since;
		unsigned tickets, people;
	} rows[] = {
		{"all of a topic", "pipeline", 0, 5, 2},
		{"from the moment on", "pipeline", 2000, 4, 2},
		{"none so late", "pipeline", 9000, 0, 0},
		{"another topic", "socks", 0, 1, 1},
		{"one that nobody has", "nothing", 0, 0, 0},
		{"the beginning of one", "pipe", 0, 0, 0},
		{"visitors, whatever their address", "something-else", 0, 3, 2},
	};
	struct store_kit *kit = *state;

	open_as(kit, NOW + 1000, "pipeline", "ann@example.gov");
	open_as(kit, NOW + 4000, "pipeline", "ann@example.gov");
	open_as(kit, NOW + 3000, "pipeline", "bob@example.gov"); /* not in the order of time */
	open_as(kit, NOW + 5000, "pipeline", "");
	open_as(kit, NOW + 6000, "pipeline", "");
	open_as(kit, NOW + 6000, "socks", "ann@example.gov");
	say_as(kit, NOW + 6000, 1, "cid@example.gov");
	say_as(kit, NOW + 6000, 2, "cid@example.gov");
	kit_close_ticket(kit, 7);
	{
		struct kit_call call;

		kit_say(&call, kit, 1, "", "another matter");
		call.call.u.command.command.now = NOW + 7000;
		call.call.u.command.command.fresh = true;
		assert_int_equal(kit_run(&call), ST_OK);
		kit_call_fini(&call);
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit_call call;

		kit_call_init(&call, kit, STORE_SIMILAR);
		call.call.u.similar.topic = span_of(rows[i].topic);
		call.call.u.similar.since = NOW + rows[i].since;
		assert_int_equal(kit_run(&call), ST_OK);
		if (call.call.u.similar.tickets != rows[i].tickets ||
		    call.call.u.similar.people != rows[i].people)
			fail_msg("%s: %u of %u people", rows[i].name, call.call.u.similar.tickets,
			         call.call.u.similar.people);
		kit_call_fini(&call);
	}
}

/* The topic of a ticket is the one it has now. */
static void a_topic_that_was_set_later(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call set, similar;

	open_as(kit, NOW, "pipeline", "ann@example.gov");
	kit_command(&set, kit, 1, COMMAND_SET, 1, "");
	set.call.u.command.command.set =
		(struct ticket_fields){.mask = SET_TOPIC, .topic = SPAN_LIT("socks")};
	assert_int_equal(kit_run(&set), ST_OK);
	kit_call_fini(&set);
	kit_call_init(&similar, kit, STORE_SIMILAR);
	similar.call.u.similar.topic = SPAN_LIT("socks");
	assert_int_equal(kit_run(&similar), ST_OK);
	assert_int_equal(similar.call.u.similar.tickets, 1);
	kit_call_fini(&similar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(versions_count_up),
		STORE_KIT_ROW(versions_stay, sqlite),
		STORE_KIT_BOTH(the_newest_versions_are_read),
		STORE_KIT_BOTH(similar_tickets),
		STORE_KIT_BOTH(a_topic_that_was_set_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
