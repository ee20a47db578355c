/* SPDX-License-Identifier: MIT */
/* A record that an older program wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../support/fire_kit.h"
#include "../support/store_kit.h"
#include "base/must.h"

#define NOW INT64_C(1767225600000)

static const char schema_v1[] =
#include "schema_v1.inc"
	;

/* Visitors 1 to 3: a live chat, one that waits for the customer, one that has ended. */
static const char rows_v1[] =
	"INSERT INTO ticket VALUES"
	" (1,1,2,0,0,2,7,'Dana',3,0,0,x'01000000000000000100000000000000','Ann','ann@example.gov',1,"
	"1,0,'https://example.gov/a','A page','the build hangs','ci-error','','',"
	"1767225600000,0,1767225601000,0,0,0,9223372036854775807),"
	" (2,2,0,0,0,1,7,'Dana',1,0,0,x'01000000000000000200000000000000','','',0,"
	"0,0,'','','pending','something-else','','',"
	"1767225600000,0,1767225601000,0,0,0,9223372036854775807),"
	" (3,3,0,0,1,1,7,'Dana',1,0,0,x'01000000000000000300000000000000','','',0,"
	"0,0,'','','over','something-else','','',"
	"1767225600000,0,1767225601000,0,1767225609000,4,9223372036854775807);"
	"INSERT INTO ticket_log VALUES (1,2,2,2,7,2,1,2,2), (2,1,1,0,0,1,1,0,3), (3,1,1,0,0,1,1,0,4);"
	"INSERT INTO entry(id,prev_id,block_id,ticket,seq,at,kind,from_role,from_agent,prev_public,"
	"author,client_id,from_name,text) VALUES"
	" (1,0,0,1,1,1767225600000,0,1,0,0,1,'a','Ann','the build hangs'),"
	" (2,1,0,1,2,1767225601000,0,2,7,1,8,'b','Dana','since when?'),"
	" (3,0,0,2,1,1767225605000,0,1,0,0,1,'a','','pending'),"
	" (4,0,0,3,1,1767225600000,0,1,0,0,1,'a','','over');"
	"INSERT INTO change VALUES (16777217,1767225600000,'visitor','status','','new','chat');"
	"INSERT INTO agent VALUES (7,'dana@example.gov','Dana',2,0,0,0,'',1767225600000);"
	/* Two tokens and a login, the newer token first by hash. */
	"INSERT INTO session VALUES"
	" (x'0100000000000000000000000000000000000000000000000000000000000000',1,7,"
	"1767225602000,0),"
	" (x'0200000000000000000000000000000000000000000000000000000000000000',0,7,"
	"1767225601000,1767225700000),"
	" (x'0300000000000000000000000000000000000000000000000000000000000000',1,7,"
	"1767225600000,0);";

static void make_v1(struct store_kit *kit)
{
	sqlite3 *handle;

	store_kit_close(kit);
	assert_int_equal(unlink(kit->path), 0);
	assert_int_equal(sqlite3_open(kit->path, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, schema_v1, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(handle, rows_v1, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(handle,
	                 "PRAGMA application_id=1416193388; PRAGMA user_version=1;"
	                 "PRAGMA journal_mode=WAL",
	                 NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(handle));
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static struct ticket ticket_of(struct store_kit *kit, unsigned visitor)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_LAST);
	call.call.u.last.visitor = kit_visitor(visitor);
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	return call.call.u.last.ticket;
}

static void version_1_opens_and_reads(void **state)
{
	struct store_kit *kit = *state;
	struct ticket live, pending, ended;

	make_v1(kit);
	store_kit_open(kit);
	live = ticket_of(kit, 1);
	assert_int_equal(live.number.v, 1);
	assert_string_equal(live.title, "the build hangs");
	assert_int_equal(live.tier, 2);
	assert_int_equal(live.last_seq, 2);
	assert_int_equal(live.policy, 0);
	assert_int_equal(live.clocks.next_due, 0);
	assert_int_equal(live.clocks.paused_since, 0);
	assert_int_equal(live.clocks.tier_since, NOW);
	assert_int_equal(live.clocks.visitor_at, NOW);
	assert_int_equal(live.clocks.agent_at, NOW + 1000);
	assert_int_equal(live.escalation.needed_tier, 2);
	pending = ticket_of(kit, 2);
	assert_int_equal(pending.clocks.paused_since, NOW + 5000);
	ended = ticket_of(kit, 3);
	assert_int_equal(ended.clocks.paused_since, NOW + 9000);
	assert_int_equal(ended.rating, 4);
}

static void version_1_goes_on(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	make_v1(kit);
	store_kit_open(kit);
	kit_say(&call, kit, 1, "a", "the build hangs");
	assert_int_equal(kit_run(&call), ST_OK);
	assert_true(call.call.u.command.duplicate);
	kit_call_fini(&call);
	assert_int_equal(kit_open(kit, 1, "still"), 1);
	assert_int_equal(kit_open(kit, 9, "a new one"), 4);
	store_kit_close(kit);
	store_kit_open(kit);
	assert_int_equal(ticket_of(kit, 1).last_seq, 3);
	kit_call_init(&call, kit, STORE_TICKET);
	call.call.u.ticket.number.v = 1;
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.ticket.entries_count, 3);
	assert_true(span_is(call.call.u.ticket.entries[1].text, "since when?"));
	kit_call_fini(&call);
}

/* A ticket from before there were milestones is promised one, which is warned of and missed once,
 * over restarts. */
static void version_1_gets_milestones(void **state)
{
	static const struct milestone mitigate = {.id = "mitigate",
	                                          .name = "Mitigation",
	                                          .within = {.ms = 4 * HOUR_MS},
	                                          .stands = true,
	                                          .priorities = 1U << PRIORITY_CRITICAL};
	struct store_kit *kit = *state;
	struct policy_kit policy;
	struct kit_call call;

	policy_kit_init(&policy);
	policy.policy.milestones = &mitigate;
	policy.policy.milestones_count = 1;
	policy.policy.rules_count = 0;
	make_v1(kit);
	store_kit_open(kit);
	assert_string_equal(ticket_of(kit, 1).milestones[0].id, "");
	fire_kit_command(&call, kit, &policy, 1, COMMAND_SET);
	call.call.u.command.command.now = NOW + HOUR_MS;
	call.call.u.command.command.set.mask = SET_PRIORITY;
	call.call.u.command.command.set.priority = PRIORITY_CRITICAL;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	for (int i = 0; i < 2; i++) {
		store_kit_close(kit);
		store_kit_open(kit);
		assert_string_equal(ticket_of(kit, 1).milestones[0].id, "mitigate");
		assert_int_equal(ticket_of(kit, 1).milestones[0].due, NOW + 4 * HOUR_MS);
	}
	fire_kit_init(&call, kit, &policy, NOW + 3 * HOUR_MS, 10);
	fire_kit_expect(&call, &policy, NOW, "1 mitigate@10800; next 14400");
	store_kit_close(kit);
	store_kit_open(kit);
	fire_kit_init(&call, kit, &policy, NOW + 4 * HOUR_MS, 10);
	fire_kit_expect(&call, &policy, NOW, "1 mitigate@14400; next 64800");
	store_kit_close(kit);
	store_kit_open(kit);
	fire_kit_init(&call, kit, &policy, NOW + 5 * HOUR_MS, 10);
	fire_kit_expect(&call, &policy, NOW, "; next 64800");
	policy_kit_fini(&policy);
}

static struct session session_of(struct store_kit *kit, uint8_t hash)
{
	struct kit_call call;

	kit_call_init(&call, kit, STORE_SESSION);
	call.call.u.session.hash[0] = hash;
	call.call.u.session.now = NOW;
	assert_int_equal(kit_run(&call), ST_OK);
	kit_call_fini(&call);
	return call.call.u.session.session;
}

static void old_tokens_have_all_rights_and_a_number(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	make_v1(kit);
	store_kit_open(kit);
	kit_call_init(&call, kit, STORE_TOKENS);
	call.call.u.tokens.agent.v = 7;
	call.call.u.tokens.now = NOW;
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.tokens.count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct session *token = &call.call.u.tokens.items[i];

		assert_int_equal(token->hash[0], i == 0 ? 3 : 1);
		assert_int_equal(token->scope, TOKEN_SCOPE_FULL);
		assert_int_equal(token->used_at, 0);
		assert_int_equal(token->created_at, i == 0 ? NOW : NOW + 2000);
		assert_string_equal(token->label, "");
	}
	assert_int_equal(call.call.u.tokens.items[0].id, 1);
	assert_int_equal(call.call.u.tokens.items[1].id, 3);
	kit_call_fini(&call);
	assert_int_equal(session_of(kit, 2).kind, SESSION_LOGIN);
	assert_int_equal(session_of(kit, 2).expires_at, NOW + 100000);
	kit_call_init(&call, kit, STORE_SESSION_PUT);
	call.call.u.session_put = (struct session){.hash = {4}, .agent = {7}};
	assert_int_equal(kit_run(&call), ST_OK);
	assert_int_equal(call.call.u.session_put.id, 4);
	kit_call_fini(&call);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_ROW(version_1_opens_and_reads, sqlite),
		STORE_KIT_ROW(version_1_goes_on, sqlite),
		STORE_KIT_ROW(version_1_gets_milestones, sqlite),
		STORE_KIT_ROW(old_tokens_have_all_rights_and_a_number, sqlite),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
