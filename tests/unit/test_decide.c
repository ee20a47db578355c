/* SPDX-License-Identifier: MIT */
/* The rules of the desk, a row a claim: who may do what to a ticket in which state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "core/command.h"

#define NOW INT64_C(1772442000000)

static const struct visitor_id ana = {.v = {1}};
static const struct visitor_id bob = {.v = {2}};

static struct actor visitor(struct visitor_id id)
{
	return (struct actor){.role = ROLE_VISITOR, .visitor = id, .name = "Ana"};
}

static struct actor agent(uint64_t id, enum agent_role role, int tier)
{
	return (struct actor){.role = ROLE_AGENT,
	                      .agent = {id},
	                      .agent_role = role,
	                      .tier = tier,
	                      .name = "Dana"};
}

enum scene { FRESH, WAITING, MINE, THEIRS, MINE_PENDING, MINE_TIER3, ENDED, ENDED_BY_VISITOR };

/* Agent 7 is "me" in all rows. */
static struct ticket ticket_in(enum scene scene)
{
	struct ticket ticket = {.number = {42},
	                        .status = TICKET_OPEN,
	                        .tier = 1,
	                        .visitor = ana,
	                        .generation = 1,
	                        .last_seq = 5,
	                        .last_public_seq = 4, /* 5 is a note */
	                        .last_reply_seq = 4,
	                        .last_reply_agent = {7},
	                        .agent = {7},
	                        .agent_name = "Dana",
	                        .created_at = NOW - 60000};

	switch (scene) {
	case FRESH:
		return (struct ticket){.number = {42}};
	case WAITING:
		ticket.status = TICKET_NEW;
		ticket.agent.v = 0;
		ticket.agent_name[0] = '\0';
		ticket.waiting_since = NOW - 1000;
		break;
	case MINE:
		break;
	case THEIRS:
		ticket.agent.v = 8;
		ticket.last_reply_agent.v = 8;
		break;
	case MINE_PENDING:
		ticket.status = TICKET_PENDING;
		break;
	case MINE_TIER3:
		ticket.tier = 3;
		break;
	case ENDED:
		ticket.status = TICKET_RESOLVED;
		ticket.resolution = RESOLUTION_ANSWERED;
		ticket.resolved_at = NOW - 1000;
		break;
	case ENDED_BY_VISITOR:
		ticket.status = TICKET_RESOLVED;
		ticket.resolved_at = NOW - 1000;
		break;
	}
	return ticket;
}

struct row {
	const char *claim;
	enum scene scene;
	struct command command;
	enum status want;
	unsigned entries;
	enum route route;
	enum ticket_status status;
};

#define TEXT   .text = {"hello", 5}
#define REASON .reason = {"because", 7}
#define ME     agent(7, AGENT_ROLE_AGENT, 1)
#define OTHER  agent(9, AGENT_ROLE_AGENT, 1)
#define LEAD   agent(9, AGENT_ROLE_SUPERVISOR, 1)
#define ANA    visitor(ana)
#define BOB    visitor(bob)

static void check_row(const struct row *row)
{
	struct ticket before = ticket_in(row->scene);
	struct command command = row->command;
	struct arena arena = {0};
	struct effect effect;
	enum status st;

	command.now = NOW;
	st = ticket_decide(&before, &command, &arena, &effect);
	if (st != row->want)
		fail_msg("%s: %s, wanted %s", row->claim, status_name(st), status_name(row->want));
	if (st == ST_OK) {
		if (effect.entries_count != row->entries || effect.route != row->route ||
		    effect.after.status != row->status)
			fail_msg("%s: %u entries, route %d, status %s", row->claim,
			         effect.entries_count, (int)effect.route,
			         ticket_status_name(effect.after.status));
		assert_int_equal(effect.after.last_seq, before.last_seq + effect.entries_count);
		for (unsigned i = 0; i < effect.entries_count; i++)
			assert_int_equal(effect.entries[i].seq, before.last_seq + 1 + i);
	}
	arena_fini(&arena);
}

static void rows_hold(void **state)
{
	const struct row rows[] = {
		{"a first message opens a ticket that waits",
	         FRESH,
	         {.kind = COMMAND_OPEN, .actor = ANA, TEXT},
	         ST_OK,
	         1,
	         ROUTE_QUEUE,
	         TICKET_NEW},
		{"an empty request opens nothing",
	         FRESH,
	         {.kind = COMMAND_OPEN, .actor = ANA},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"solved by a page is a ticket that has ended",
	         FRESH,
	         {.kind = COMMAND_OPEN, .actor = ANA, .resolution = RESOLUTION_DOCS_SELF},
	         ST_OK,
	         1,
	         ROUTE_RELEASE,
	         TICKET_RESOLVED},
		{"the visitor speaks",
	         MINE,
	         {.kind = COMMAND_SAY, .actor = ANA, TEXT},
	         ST_OK,
	         1,
	         ROUTE_KEEP,
	         TICKET_OPEN},
		{"another visitor's ticket is not there",
	         MINE,
	         {.kind = COMMAND_SAY, .actor = BOB, TEXT},
	         ST_NOT_FOUND,
	         0,
	         0,
	         0},
		{"a visitor without an id has no ticket",
	         MINE,
	         {.kind = COMMAND_SAY, .actor = {.role = ROLE_VISITOR}, TEXT},
	         ST_NOT_FOUND,
	         0,
	         0,
	         0},
		{"the customer's reply ends the waiting for it",
	         MINE_PENDING,
	         {.kind = COMMAND_SAY, .actor = ANA, TEXT},
	         ST_OK,
	         1,
	         ROUTE_BIND,
	         TICKET_OPEN},
		{"nobody speaks on an ended ticket",
	         ENDED,
	         {.kind = COMMAND_SAY, .actor = ME, TEXT},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"a colleague may reply",
	         MINE,
	         {.kind = COMMAND_SAY, .actor = OTHER, TEXT},
	         ST_OK,
	         1,
	         ROUTE_KEEP,
	         TICKET_OPEN},
		{"a reply that crossed another one is refused",
	         MINE,
	         {.kind = COMMAND_SAY, .actor = OTHER, TEXT, .has_seen = true, .seen = 3},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"a reply that saw the other one is not",
	         MINE,
	         {.kind = COMMAND_SAY, .actor = OTHER, TEXT, .has_seen = true, .seen = 4},
	         ST_OK,
	         1,
	         ROUTE_KEEP,
	         TICKET_OPEN},
		{"my own earlier reply is no conflict",
	         MINE,
	         {.kind = COMMAND_SAY, .actor = ME, TEXT, .has_seen = true, .seen = 1},
	         ST_OK,
	         1,
	         ROUTE_KEEP,
	         TICKET_OPEN},
		{"an agent notes",
	         ENDED,
	         {.kind = COMMAND_NOTE, .actor = ME, TEXT},
	         ST_OK,
	         1,
	         ROUTE_KEEP,
	         TICKET_RESOLVED},
		{"a visitor does not",
	         MINE,
	         {.kind = COMMAND_NOTE, .actor = ANA, TEXT},
	         ST_FORBIDDEN,
	         0,
	         0,
	         0},
		{"who accepts has it",
	         WAITING,
	         {.kind = COMMAND_ASSIGN, .actor = ME, .to_agent = {7}, .generation = 1},
	         ST_OK,
	         1,
	         ROUTE_BIND,
	         TICKET_OPEN},
		{"accepting twice changes nothing",
	         MINE,
	         {.kind = COMMAND_ASSIGN, .actor = ME, .to_agent = {7}, .generation = 1},
	         ST_OK,
	         0,
	         ROUTE_BIND,
	         TICKET_OPEN},
		{"an accept of an older generation is too late",
	         WAITING,
	         {.kind = COMMAND_ASSIGN, .actor = ME, .to_agent = {7}, .generation = 9},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"an ended ticket is nobody's to accept",
	         ENDED,
	         {.kind = COMMAND_ASSIGN, .actor = ME, .to_agent = {7}},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"a lost agent's ticket waits",
	         MINE,
	         {.kind = COMMAND_REQUEUE, .actor = {0}, REASON, .generation = 1},
	         ST_OK,
	         1,
	         ROUTE_QUEUE,
	         TICKET_OPEN},
		{"a ticket without an agent is not requeued again",
	         WAITING,
	         {.kind = COMMAND_REQUEUE, .actor = {0}, REASON},
	         ST_OK,
	         0,
	         ROUTE_QUEUE,
	         TICKET_NEW},
		{"I hand over to a tier",
	         MINE,
	         {.kind = COMMAND_TRANSFER, .actor = ME, .to_tier = 2, TEXT},
	         ST_OK,
	         2,
	         ROUTE_QUEUE,
	         TICKET_OPEN},
		{"I hand over to a person",
	         MINE,
	         {.kind = COMMAND_TRANSFER, .actor = ME, .to_tier = 1, .to_agent = {8}},
	         ST_OK,
	         2,
	         ROUTE_BIND,
	         TICKET_OPEN},
		{"not what others have",
	         THEIRS,
	         {.kind = COMMAND_TRANSFER, .actor = ME, .to_tier = 2},
	         ST_FORBIDDEN,
	         0,
	         0,
	         0},
		{"unless I lead the desk",
	         THEIRS,
	         {.kind = COMMAND_TRANSFER, .actor = LEAD, .to_tier = 2},
	         ST_OK,
	         1,
	         ROUTE_QUEUE,
	         TICKET_OPEN},
		{"not to where it is",
	         MINE,
	         {.kind = COMMAND_TRANSFER, .actor = ME, .to_agent = {7}},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"not to a tier that is not there",
	         MINE,
	         {.kind = COMMAND_TRANSFER, .actor = ME, .to_tier = 4},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"not to nowhere",
	         MINE,
	         {.kind = COMMAND_TRANSFER, .actor = ME},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"I escalate to the next tier",
	         MINE,
	         {.kind = COMMAND_ESCALATE, .actor = ME, REASON},
	         ST_OK,
	         1,
	         ROUTE_QUEUE,
	         TICKET_OPEN},
		{"not without a reason",
	         MINE,
	         {.kind = COMMAND_ESCALATE, .actor = ME},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"not above the highest",
	         MINE_TIER3,
	         {.kind = COMMAND_ESCALATE, .actor = ME, REASON},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"not downwards",
	         MINE_TIER3,
	         {.kind = COMMAND_ESCALATE, .actor = ME, .to_tier = 2, REASON},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"not what others have",
	         THEIRS,
	         {.kind = COMMAND_ESCALATE, .actor = ME, REASON},
	         ST_FORBIDDEN,
	         0,
	         0,
	         0},
		{"I close with a resolution",
	         MINE,
	         {.kind = COMMAND_CLOSE, .actor = ME, .resolution = RESOLUTION_FIXED},
	         ST_OK,
	         1,
	         ROUTE_RELEASE,
	         TICKET_RESOLVED},
		{"not without",
	         MINE,
	         {.kind = COMMAND_CLOSE, .actor = ME},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"not with documentation that is not named",
	         MINE,
	         {.kind = COMMAND_CLOSE, .actor = ME, .resolution = RESOLUTION_DOCS_SENT},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"not twice",
	         ENDED,
	         {.kind = COMMAND_CLOSE, .actor = ME, .resolution = RESOLUTION_FIXED},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"not an incident as Tier 1",
	         MINE_TIER3,
	         {.kind = COMMAND_CLOSE, .actor = ME, .resolution = RESOLUTION_FIXED},
	         ST_FORBIDDEN,
	         0,
	         0,
	         0},
		{"the visitor ends the chat",
	         MINE,
	         {.kind = COMMAND_CLOSE, .actor = ANA},
	         ST_OK,
	         1,
	         ROUTE_RELEASE,
	         TICKET_RESOLVED},
		{"the visitor does not name resolutions",
	         MINE,
	         {.kind = COMMAND_CLOSE, .actor = ANA, .resolution = RESOLUTION_SPAM},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"I say how it ended after the visitor left",
	         ENDED_BY_VISITOR,
	         {.kind = COMMAND_CLOSE, .actor = ME, .resolution = RESOLUTION_FIXED},
	         ST_OK,
	         1,
	         ROUTE_KEEP,
	         TICKET_RESOLVED},
		{"the visitor rates what has ended",
	         ENDED,
	         {.kind = COMMAND_RATE, .actor = ANA, .score = 5},
	         ST_OK,
	         1,
	         ROUTE_KEEP,
	         TICKET_RESOLVED},
		{"not what goes on",
	         MINE,
	         {.kind = COMMAND_RATE, .actor = ANA, .score = 5},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"not with six",
	         ENDED,
	         {.kind = COMMAND_RATE, .actor = ANA, .score = 6},
	         ST_BAD_REQUEST,
	         0,
	         0,
	         0},
		{"agents do not rate",
	         ENDED,
	         {.kind = COMMAND_RATE, .actor = ME, .score = 5},
	         ST_FORBIDDEN,
	         0,
	         0,
	         0},
		{"I wait for the customer",
	         MINE,
	         {.kind = COMMAND_SET,
	          .actor = ME,
	          .set = {.mask = SET_STATUS, .status = TICKET_PENDING}},
	         ST_OK,
	         0,
	         ROUTE_PARK,
	         TICKET_PENDING},
		{"nobody resolves by setting a field",
	         MINE,
	         {.kind = COMMAND_SET,
	          .actor = ME,
	          .set = {.mask = SET_STATUS, .status = TICKET_RESOLVED}},
	         ST_CONFLICT,
	         0,
	         0,
	         0},
		{"a resolved ticket is closed for good",
	         ENDED,
	         {.kind = COMMAND_SET,
	          .actor = ME,
	          .set = {.mask = SET_STATUS, .status = TICKET_CLOSED}},
	         ST_OK,
	         0,
	         ROUTE_KEEP,
	         TICKET_CLOSED},
		{"a raised priority moves what waits",
	         WAITING,
	         {.kind = COMMAND_SET,
	          .actor = ME,
	          .set = {.mask = SET_PRIORITY, .priority = PRIORITY_HIGH}},
	         ST_OK,
	         0,
	         ROUTE_QUEUE,
	         TICKET_NEW},
		{"visitors set nothing",
	         MINE,
	         {.kind = COMMAND_SET, .actor = ANA, .set = {.mask = SET_PRIORITY}},
	         ST_FORBIDDEN,
	         0,
	         0,
	         0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_row(&rows[i]);
}

static struct effect decide(enum scene scene, struct command command)
{
	struct ticket before = ticket_in(scene);
	struct arena arena = {0};
	struct effect effect;

	command.now = NOW;
	assert_int_equal(ticket_decide(&before, &command, &arena, &effect), ST_OK);
	arena_fini(&arena); /* what is looked at below lies in the effect itself */
	return effect;
}

static void entries_know_the_one_before_that_visitors_see(void **state)
{
	struct effect effect = decide(
		MINE, (struct command){.kind = COMMAND_TRANSFER, .actor = ME, .to_tier = 2, TEXT});

	(void)state;
	assert_int_equal(effect.entries[0].kind, ENTRY_NOTE);
	assert_int_equal(effect.entries[1].event, EVENT_TRANSFERRED);
	assert_int_equal(effect.entries[1].prev_public, 4);
	assert_int_equal(effect.after.last_public_seq, 7);
}

static void the_first_response_is_set_once_and_by_a_person(void **state)
{
	struct effect effect =
		decide(MINE, (struct command){.kind = COMMAND_SAY, .actor = ME, TEXT});

	(void)state;
	assert_int_equal(effect.after.first_response_at, NOW);
	effect = decide(FRESH,
	                (struct command){
				.kind = COMMAND_OPEN, .actor = ME, .channel = CHANNEL_PHONE, TEXT});
	assert_int_equal(effect.after.first_response_at, 0);
	assert_int_equal(effect.entries[0].from, ROLE_VISITOR); /* the caller's words */
}

static void the_visitors_answers_raise_the_priority(void **state)
{
	struct effect effect = decide(FRESH, (struct command){.kind = COMMAND_OPEN,
	                                                      .actor = ANA,
	                                                      .flags = {.data_exposed = true},
	                                                      TEXT});

	(void)state;
	assert_int_equal(effect.after.priority, PRIORITY_CRITICAL);
	effect = decide(WAITING, (struct command){.kind = COMMAND_SAY,
	                                          .actor = ANA,
	                                          .flags = {.production_stopped = true},
	                                          TEXT});
	assert_int_equal(effect.after.priority, PRIORITY_HIGH);
	assert_int_equal(effect.route, ROUTE_QUEUE);
}

/* Of very many that were sent the newest ones are known; a customer's own is none. */
static void pages_are_bounded(void **state)
{
	struct ticket ticket = ticket_in(MINE);
	struct command page = {.kind = COMMAND_SAY,
	                       .actor = agent(7, AGENT_ROLE_AGENT, 1),
	                       .entry_kind = ENTRY_ARTICLE,
	                       .url = SPAN_LIT("https://docs.example.gov/a"),
	                       .now = NOW};
	struct command opened = {.kind = COMMAND_PAGE_OPENED, .actor = visitor(ana), .now = NOW};
	static struct effect effect;
	struct arena arena = {0};

	(void)state;
	for (unsigned i = 0; i < SENT_PAGES_MAX + 2; i++) {
		assert_int_equal(ticket_decide(&ticket, &page, &arena, &effect), ST_OK);
		ticket = effect.after;
		if (i != SENT_PAGES_MAX - 1)
			continue;
		opened.seen = 6 + i;
		assert_int_equal(ticket_decide(&ticket, &opened, &arena, &effect), ST_OK);
		ticket = effect.after;
	}
	assert_int_equal(ticket.sent_pages.count, SENT_PAGES_MAX);
	assert_int_equal(ticket_decide(&ticket, &opened, &arena, &effect), ST_CONFLICT);
	opened.seen = 7; /* the second one */
	assert_int_equal(ticket_decide(&ticket, &opened, &arena, &effect), ST_NOT_FOUND);
	opened.seen = 8;
	assert_int_equal(ticket_decide(&ticket, &opened, &arena, &effect), ST_OK);
	assert_int_equal(effect.entries[0].page, 8);
	assert_int_equal(effect.after.last_public_seq, ticket.last_public_seq);
	opened.actor = visitor(bob);
	assert_int_equal(ticket_decide(&ticket, &opened, &arena, &effect), ST_NOT_FOUND);
	opened.actor = page.actor;
	assert_int_equal(ticket_decide(&ticket, &opened, &arena, &effect), ST_FORBIDDEN);
	page.actor = visitor(ana);
	assert_int_equal(ticket_decide(&ticket, &page, &arena, &effect), ST_OK);
	assert_int_equal(effect.after.sent_pages.seq[SENT_PAGES_MAX - 1],
	                 ticket.sent_pages.seq[SENT_PAGES_MAX - 1]);
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_hold),
		cmocka_unit_test(entries_know_the_one_before_that_visitors_see),
		cmocka_unit_test(the_first_response_is_set_once_and_by_a_person),
		cmocka_unit_test(the_visitors_answers_raise_the_priority),
		cmocka_unit_test(pages_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
