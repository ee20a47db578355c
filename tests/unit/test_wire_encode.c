/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "proto/json_guard.h"
#include "proto/view.h"
#include "proto/wire.h"

static const struct agent dana = {.id = {5},
                                  .email = "dana@example.gov",
                                  .name = "Dana",
                                  .tier = 2,
                                  .role = AGENT_ROLE_SUPERVISOR,
                                  .password_hash = "$argon2id$secret"};

static const struct ticket bare = {
	.number = {7}, .title = "T", .tier = 1, .created_at = 1000, .channel = CHANNEL_CHAT};

static const struct ticket full = {
	.number = {8},
	.title = "A \"title\"",
	.status = TICKET_RESOLVED,
	.priority = PRIORITY_CRITICAL,
	.channel = CHANNEL_PHONE,
	.resolution = RESOLUTION_DOCS_SENT,
	.tier = 3,
	.agent = {5},
	.agent_name = "Dana",
	.visitor_name = "Kim",
	.visitor_email = "kim@example.gov",
	.visitor_verified = true,
	.flags = {.data_exposed = true},
	.page_url = "https://d.example/a",
	.topic = "security",
	.tags = {{"a"}, {"b"}},
	.tags_count = 2,
	.articles = {{"https://d.example/x"}},
	.articles_count = 1,
	.links = "https://d.example/pr/1\na \"runbook\"",
	.last_seq = 9,
	.visitor_read_seq = 8,
	.agent_read_seq = 9,
	.messages_count = 4,
	.created_at = 1,
	.first_response_due = 2,
	.first_response_at = 3,
	.resolution_due = 4,
	.resolved_at = 5,
	.waiting_since = 6,
	.rating = 4,
	.policy = 3,
	.clocks = {.paused_since = 7},
	.escalation = {.immediate = true,
                       .possible_incident = true,
                       .choice_due = true,
                       .stale = true,
                       .needed_tier = 2,
                       .stopped = STOPPED_CONFIRMED,
                       .stopped_at = 10,
                       .pages = 2,
                       .paged_at = 11,
                       .page_acked_at = 12,
                       .approval = APPROVAL_NEEDED,
                       .reopened = 1,
                       .parent = {77},
                       .previous = {78}},
	.milestones = {{.id = "mitigate", .due = 20, .done_at = 21},
                       {.id = "report",
                        .asked_at = 19,
                        .left = {.ms = -61000, .clock = LEFT_WALL}}},
	.first_response_left = {.ms = 1999, .clock = LEFT_WALL},
	.resolution_left = {.ms = 12000000, .clock = LEFT_BUSINESS},
};

#define BARE_JSON                                                                                     \
	"{\"number\":7,\"title\":\"T\",\"channel\":\"chat\",\"status\":\"new\","                      \
	"\"priority\":\"low\",\"topic\":null,\"tags\":[],\"links\":[],\"tier\":1,\"agent\":null,"     \
	"\"visitor\":{\"name\":null,\"email\":null,\"verified\":false},"                              \
	"\"flags\":{\"production_stopped\":false,\"data_exposed\":false},\"page\":null,"              \
	"\"created_at\":1000,\"first_response_due\":null,\"first_response_at\":null,"                 \
	"\"resolution_due\":null,\"resolved_at\":null,\"waiting_since\":null,"                        \
	"\"policy\":null,\"needed_tier\":null,\"immediate\":false,"                                   \
	"\"possible_incident\":false,\"choice_due\":false,\"stale\":false,\"paused\":false,"          \
	"\"stopped\":null,\"stopped_at\":null,\"pages\":0,\"paged_at\":null,"                         \
	"\"page_acknowledged_at\":null,\"approval\":null,\"reopened\":0,\"parent\":null,"             \
	"\"previous\":null,\"resolution\":null,\"articles\":[],\"rating\":null,\"messages_count\":0," \
	"\"last_seq\":0,\"read\":{\"visitor\":0,\"agent\":0}}"

#define FULL_JSON                                                                              \
	"{\"number\":8,\"title\":\"A \\\"title\\\"\",\"channel\":\"phone\","                   \
	"\"status\":\"resolved\",\"priority\":\"critical\",\"topic\":\"security\","            \
	"\"tags\":[\"a\",\"b\"],\"links\":[\"https://d.example/pr/1\",\"a \\\"runbook\\\"\"]," \
	"\"tier\":3,\"agent\":{\"id\":5,\"name\":\"Dana\"},"                                   \
	"\"visitor\":{\"name\":\"Kim\",\"email\":\"kim@example.gov\",\"verified\":true},"      \
	"\"flags\":{\"production_stopped\":false,\"data_exposed\":true},"                      \
	"\"page\":{\"url\":\"https://d.example/a\",\"title\":null},\"created_at\":1,"          \
	"\"first_response_due\":2,\"first_response_at\":3,\"resolution_due\":4,"               \
	"\"resolved_at\":5,\"waiting_since\":6,"                                               \
	"\"first_response_left\":{\"seconds\":1,\"clock\":\"wall\"},"                          \
	"\"resolution_left\":{\"seconds\":12000,\"clock\":\"business\"},\"milestones\":["      \
	"{\"id\":\"mitigate\",\"since\":1,\"due\":20,\"done_at\":21},"                         \
	"{\"id\":\"report\",\"since\":19,\"due\":null,\"done_at\":null,"                       \
	"\"left\":{\"seconds\":-61,\"clock\":\"wall\"}}],"                                     \
	"\"policy\":3,\"needed_tier\":2,"                                                      \
	"\"immediate\":true,\"possible_incident\":true,\"choice_due\":true,\"stale\":true,"    \
	"\"paused\":true,\"stopped\":\"confirmed\",\"stopped_at\":10,\"pages\":2,"             \
	"\"paged_at\":11,\"page_acknowledged_at\":12,\"approval\":\"needed\",\"reopened\":1,"  \
	"\"parent\":77,\"previous\":78,\"resolution\":\"docs_sent\","                          \
	"\"articles\":[\"https://d.example/x\"],\"rating\":4,\"messages_count\":4,"            \
	"\"last_seq\":9,\"read\":{\"visitor\":8,\"agent\":9}}"

static const struct entry said = {.ticket = {7},
                                  .seq = 5,
                                  .prev_public = 3,
                                  .at = 1000,
                                  .from = ROLE_VISITOR,
                                  .id = {"m-1", 3},
                                  .text = {"a\n\"b\"", 5}};

static const struct entry article = {.ticket = {7},
                                     .seq = 6,
                                     .prev_public = 5,
                                     .at = 1001,
                                     .kind = ENTRY_ARTICLE,
                                     .from = ROLE_AGENT,
                                     .from_agent = {5},
                                     .from_name = "Dana",
                                     .url = {"https://d.example/x", 19}};

static const struct entry escalated = {.ticket = {7},
                                       .seq = 2,
                                       .prev_public = 1,
                                       .at = 1002,
                                       .kind = ENTRY_EVENT,
                                       .event = EVENT_ESCALATED,
                                       .tier = 2,
                                       .tier_from = 1,
                                       .reason = {"secret why", 10}};

static const struct entry closed = {.ticket = {7},
                                    .seq = 3,
                                    .prev_public = 2,
                                    .at = 1003,
                                    .kind = ENTRY_EVENT,
                                    .event = EVENT_CLOSED,
                                    .resolution = RESOLUTION_FIXED,
                                    .from = ROLE_AGENT,
                                    .from_name = "Dana",
                                    .tier = 1};

static const struct entry given = {.ticket = {7},
                                   .seq = 3,
                                   .prev_public = 2,
                                   .at = 1003,
                                   .kind = ENTRY_EVENT,
                                   .event = EVENT_ASSIGNED,
                                   .agent_name = "Dana",
                                   .tier = 1};

#define QUEUE_ROWS                           \
	{                                    \
		{1, 2, 30, 1}, {2, 0, 0, 0}, \
		{                            \
			3, 0, 0, 4           \
		}                            \
	}
#define QUEUE_JSON                                                                 \
	"[{\"tier\":1,\"waiting\":2,\"oldest_wait_s\":30,\"agents_available\":1}," \
	"{\"tier\":2,\"waiting\":0,\"oldest_wait_s\":0,\"agents_available\":0},"   \
	"{\"tier\":3,\"waiting\":0,\"oldest_wait_s\":0,\"agents_available\":4}]"

static const struct {
	const char *name;
	struct frame_out frame;
	const char *text;
} rows[] = {
	{"welcome without a chat",
         {.type = OUT_WELCOME_VISITOR,
          .u.welcome_visitor = {.token = "v1.x",
                                .desk = {.name = "Docs", .open = true},
                                .message_bytes = 16384}},
         "{\"type\":\"welcome\",\"protocol\":1,\"token\":\"v1.x\",\"desk\":{\"name\":\"Docs\","
         "\"open\":true,\"opens_at\":null,\"first_response_s\":null,"
         "\"limited\":false,\"ask_flags\":false},\"chat\":null,"
         "\"limits\":{\"message_bytes\":16384}}"},
	{"welcome with an active chat, desk closed",
         {.type = OUT_WELCOME_VISITOR,
          .u.welcome_visitor =
                  {.token = "v1.x",
                   .desk = {.name = "Docs",
                            .opens_at = 99,
                            .first_response_s = 60,
                            .limited = true,
                            .ask_flags = true,
                            .zone = "America/New_York"},
                   .chat = {.ticket = {7}, .state = CHAT_ACTIVE, .tier = 1, .agent_name = "Dana"},
                   .message_bytes = 1}},
         "{\"type\":\"welcome\",\"protocol\":1,\"token\":\"v1.x\",\"desk\":{\"name\":\"Docs\","
         "\"open\":false,\"opens_at\":99,\"first_response_s\":60,"
         "\"limited\":true,\"ask_flags\":true,\"zone\":\"America/New_York\"},\"chat\":{\"ticket\":7,"
         "\"state\":\"active\",\"tier\":1,\"agent\":{\"name\":\"Dana\"},"
         "\"first_response_due\":null,\"resolution_due\":null,\"priority\":\"low\",\"immediate\":false,\"may_leave\":false,\"kept\":false},"
         "\"limits\":{\"message_bytes\":1}}"},
	{"an agent's welcome",
         {.type = OUT_WELCOME_AGENT,
          .u.welcome_agent = {.agent = &dana,
                              .presence = PRESENCE_AWAY,
                              .reason = "Lunch",
                              .since = 500,
                              .now = 1000,
                              .capacity = 4,
                              .chats = &bare,
                              .chats_count = 1,
                              .queue = QUEUE_ROWS,
                              .message_bytes = 2,
                              .undo_s = 10}},
         "{\"type\":\"welcome\",\"protocol\":1,\"agent\":{\"id\":5,\"name\":\"Dana\",\"tier\":2,"
         "\"role\":\"supervisor\"},\"presence\":\"away\",\"reason\":\"Lunch\",\"since\":500,\"now\":1000,\"capacity\":4,\"chats\":[" BARE_JSON
         "],\"queue\":" QUEUE_JSON ",\"limits\":{\"message_bytes\":2,\"undo_s\":10}}"},
	{"ack of a message",
         {.type = OUT_ACK, .u.ack = {.id = {"m", 1}, .ticket = {7}, .seq = 5, .at = 1000}},
         "{\"type\":\"ack\",\"id\":\"m\",\"ticket\":7,\"seq\":5,\"at\":1000}"},
	{"ack of a duplicate",
         {.type = OUT_ACK,
          .u.ack = {.id = {"m", 1}, .ticket = {7}, .seq = 5, .at = 1000, .duplicate = true}},
         "{\"type\":\"ack\",\"id\":\"m\",\"ticket\":7,\"seq\":5,\"at\":1000,\"duplicate\":true}"},
	{"ack of anything else",
         {.type = OUT_ACK, .u.ack = {.id = {"p", 1}}},
         "{\"type\":\"ack\",\"id\":\"p\"}"},
	{"error with all",
         {.type = OUT_ERROR,
          .u.error = {.id = {"m", 1},
                      .status = ST_RATE_LIMITED,
                      .message = "Wait.",
                      .retry_after_ms = 250}},
         "{\"type\":\"error\",\"id\":\"m\",\"code\":\"rate_limited\",\"message\":\"Wait.\","
         "\"retry_after_ms\":250}"},
	{"error with nothing",
         {.type = OUT_ERROR, .u.error = {.status = ST_TIMEOUT}},
         "{\"type\":\"error\",\"code\":\"unavailable\","
         "\"message\":\"This does not work at the moment; please try again.\"}"},
	{"message to a visitor: prev counts what visitors see",
         {.type = OUT_MESSAGE, .u.message = {&said, AUDIENCE_VISITOR, false}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":5,\"prev\":3,\"at\":1000,"
         "\"from\":{\"role\":\"visitor\",\"name\":null},\"kind\":\"text\","
         "\"text\":\"a\\n\\\"b\\\"\"}"},
	{"message to an agent: prev counts all",
         {.type = OUT_MESSAGE, .u.message = {&said, AUDIENCE_AGENT, false}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":5,\"prev\":4,\"at\":1000,"
         "\"from\":{\"role\":\"visitor\",\"name\":null},\"kind\":\"text\","
         "\"text\":\"a\\n\\\"b\\\"\"}"},
	{"the sender's own message has its id",
         {.type = OUT_MESSAGE, .u.message = {&said, AUDIENCE_VISITOR, true}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":5,\"prev\":3,\"at\":1000,"
         "\"from\":{\"role\":\"visitor\",\"name\":null},\"kind\":\"text\","
         "\"text\":\"a\\n\\\"b\\\"\",\"id\":\"m-1\"}"},
	{"an article has url and title",
         {.type = OUT_MESSAGE, .u.message = {&article, AUDIENCE_VISITOR, true}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":6,\"prev\":5,\"at\":1001,"
         "\"from\":{\"role\":\"agent\",\"name\":\"Dana\"},\"kind\":\"article\",\"text\":\"\","
         "\"url\":\"https://d.example/x\",\"title\":null}"},
	{"a visitor is not told the reason of an event",
         {.type = OUT_MESSAGE, .u.message = {&escalated, AUDIENCE_VISITOR, false}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":2,\"prev\":1,\"at\":1002,"
         "\"from\":{\"role\":\"system\",\"name\":null},\"kind\":\"event\",\"text\":\"\","
         "\"event\":\"escalated\",\"tier\":2,\"tier_from\":1}"},
	{"an agent is",
         {.type = OUT_MESSAGE, .u.message = {&escalated, AUDIENCE_AGENT, false}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":2,\"prev\":1,\"at\":1002,"
         "\"from\":{\"role\":\"system\",\"name\":null},\"kind\":\"event\",\"text\":\"\","
         "\"event\":\"escalated\",\"tier\":2,\"tier_from\":1,\"reason\":\"secret why\"}"},
	{"closed has the resolution",
         {.type = OUT_MESSAGE, .u.message = {&closed, AUDIENCE_VISITOR, false}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":3,\"prev\":2,\"at\":1003,"
         "\"from\":{\"role\":\"agent\",\"name\":\"Dana\"},\"kind\":\"event\",\"text\":\"\","
         "\"event\":\"closed\",\"tier\":1,\"resolution\":\"fixed\"}"},
	{"assigned names the agent",
         {.type = OUT_MESSAGE, .u.message = {&given, AUDIENCE_VISITOR, false}},
         "{\"type\":\"message\",\"ticket\":7,\"seq\":3,\"prev\":2,\"at\":1003,"
         "\"from\":{\"role\":\"system\",\"name\":null},\"kind\":\"event\",\"text\":\"\","
         "\"event\":\"assigned\",\"agent\":{\"name\":\"Dana\"},\"tier\":1}"},
	{"status while waiting",
         {.type = OUT_STATUS,
          .u.status = {.ticket = {7},
                       .state = CHAT_WAITING,
                       .tier = 1,
                       .position = 2,
                       .eta_s = 0,
                       .first_response_due = 5,
                       .resolution_due = 6,
                       .priority = PRIORITY_HIGH,
                       .immediate = true,
                       .may_leave = true,
                       .kept = true}},
         "{\"type\":\"status\",\"ticket\":7,\"state\":\"waiting\",\"tier\":1,\"position\":2,"
         "\"eta_s\":0,\"on_duty\":true,"
         "\"first_response_due\":5,\"resolution_due\":6,\"priority\":\"high\",\"immediate\":true,\"may_leave\":true,\"kept\":true}"},
	{"status while waiting and nobody is there",
         {.type = OUT_STATUS,
          .u.status =
                  {.ticket = {7}, .state = CHAT_WAITING, .tier = 1, .eta_s = -1, .nobody = true}},
         "{\"type\":\"status\",\"ticket\":7,\"state\":\"waiting\",\"tier\":1,\"position\":null,"
         "\"eta_s\":null,\"on_duty\":false,\"opens_at\":null,"
         "\"first_response_due\":null,\"resolution_due\":null,\"priority\":\"low\",\"immediate\":false,\"may_leave\":false,\"kept\":false}"},
	{"a target is near",
         {.type = OUT_DUE, .u.due = {.ticket = {7}, .at = 9}},
         "{\"type\":\"due\",\"ticket\":7,\"target\":\"first_response\",\"at\":9,"
         "\"level\":\"warning\"}"},
	{"a target has passed",
         {.type = OUT_DUE, .u.due = {.ticket = {7}, .resolution = true, .breached = true, .at = 9}},
         "{\"type\":\"due\",\"ticket\":7,\"target\":\"resolution\",\"at\":9,"
         "\"level\":\"breach\"}"},
	{"a milestone was missed",
         {.type = OUT_DUE,
          .u.due = {.ticket = {7}, .milestone = "mitigate", .breached = true, .at = 9}},
         "{\"type\":\"due\",\"ticket\":7,\"target\":\"milestone\",\"milestone\":\"mitigate\","
         "\"at\":9,\"level\":\"breach\"}"},
	{"very many at one moment",
         {.type = OUT_ALERTS,
          .u.alerts = {(const struct alert_count[]){
			       {.level = LEVEL_BREACH, .tickets = 412},
			       {.level = LEVEL_WARNING, .resolution = true, .tickets = 7},
			       {.level = LEVEL_BREACH, .what = "mitigate", .tickets = 2},
			       {.level = LEVEL_NOTICE, .what = "X5", .tickets = 412},
			       {.level = LEVEL_PAGE, .what = "X5", .tickets = 1}},
                       5}},
         "{\"type\":\"alerts\",\"items\":["
         "{\"level\":\"breach\",\"target\":\"first_response\",\"tickets\":412},"
         "{\"level\":\"warning\",\"target\":\"resolution\",\"tickets\":7},"
         "{\"level\":\"breach\",\"target\":\"milestone\",\"milestone\":\"mitigate\",\"tickets\":2},"
         "{\"level\":\"notice\",\"rule\":\"X5\",\"tickets\":412},"
         "{\"level\":\"page\",\"rule\":\"X5\",\"tickets\":1}]}"},
	{"somebody is paged",
         {.type = OUT_ALERT,
          .u.alert = {.ticket = {7},
                      .page = true,
                      .emergency = true,
                      .rule = "X1",
                      .to = "Kim",
                      .why = "outage"}},
         "{\"type\":\"alert\",\"ticket\":7,\"level\":\"page\",\"emergency\":true,\"rule\":\"X1\",\"to\":\"Kim\","
         "\"why\":\"outage\"}"},
	{"a rule wants something known",
         {.type = OUT_ALERT, .u.alert = {.ticket = {7}, .rule = "X6", .to = "", .why = "silence"}},
         "{\"type\":\"alert\",\"ticket\":7,\"level\":\"notice\",\"emergency\":false,\"rule\":\"X6\",\"to\":null,"
         "\"why\":\"silence\"}"},
	{"status when closed",
         {.type = OUT_STATUS,
          .u.status = {.ticket = {7}, .state = CHAT_CLOSED, .tier = 1, .survey = true}},
         "{\"type\":\"status\",\"ticket\":7,\"state\":\"closed\",\"tier\":1,\"survey\":true}"},
	{"typing, to a visitor",
         {.type = OUT_TYPING, .u.typing = {.role = ROLE_AGENT, .name = "Dana", .on = true}},
         "{\"type\":\"typing\",\"from\":{\"role\":\"agent\",\"name\":\"Dana\"},\"on\":true}"},
	{"typing, to an agent",
         {.type = OUT_TYPING, .u.typing = {.ticket = {7}, .role = ROLE_VISITOR}},
         "{\"type\":\"typing\",\"ticket\":7,\"from\":{\"role\":\"visitor\",\"name\":null},"
         "\"on\":false}"},
	{"read, to a visitor",
         {.type = OUT_READ, .u.read = {.seq = 4}},
         "{\"type\":\"read\",\"seq\":4}"},
	{"read, to an agent",
         {.type = OUT_READ, .u.read = {{7}, 4}},
         "{\"type\":\"read\",\"ticket\":7,\"seq\":4}"},
	{"offer",
         {.type = OUT_OFFER,
          .u.offer = {.ticket = &bare, .entries = &said, .entries_count = 1, .expires_at = 88}},
         "{\"type\":\"offer\",\"ticket\":" BARE_JSON ",\"messages\":[{\"ticket\":7,\"seq\":5,"
         "\"prev\":4,\"at\":1000,\"from\":{\"role\":\"visitor\",\"name\":null},"
         "\"kind\":\"text\",\"text\":\"a\\n\\\"b\\\"\"}],\"expires_at\":88}"},
	{"assigned has the ticket",
         {.type = OUT_ASSIGNED, .u.assigned = {&full, "accepted"}},
         "{\"type\":\"assigned\",\"ticket\":" FULL_JSON ",\"reason\":\"accepted\"}"},
	{"unassigned has its number",
         {.type = OUT_UNASSIGNED, .u.assigned = {&full, "transferred"}},
         "{\"type\":\"unassigned\",\"ticket\":8,\"reason\":\"transferred\"}"},
	{"ticket",
         {.type = OUT_TICKET, .u.ticket = {&full}},
         "{\"type\":\"ticket\",\"ticket\":" FULL_JSON "}"},
	{"queue",
         {.type = OUT_QUEUE, .u.queue = {QUEUE_ROWS}},
         "{\"type\":\"queue\",\"tiers\":" QUEUE_JSON "}"},
	{"escalated",
         {.type = OUT_ESCALATED, .u.escalated = {{7}, 1, 2, {"why", 3}}},
         "{\"type\":\"escalated\",\"ticket\":7,\"from\":1,\"to\":2,\"reason\":\"why\"}"},
	{"page",
         {.type = OUT_PAGE, .u.page = {{7}, {"https://d.example/", 18}, {NULL, 0}}},
         "{\"type\":\"page\",\"ticket\":7,\"url\":\"https://d.example/\",\"title\":null}"},
	{"ping", {.type = OUT_PING, .u.ping = {0}}, "{\"type\":\"ping\",\"seq\":0}"},
	{"bye", {.type = OUT_BYE, .u.bye = {1500}}, "{\"type\":\"bye\",\"retry_after_ms\":1500}"},
};

static void run_row(void **state)
{
	size_t at = (size_t)(uintptr_t)*state;
	struct buf buf = {0};
	json_t *root = NULL;

	wire_encode(&buf, &rows[at].frame);
	assert_string_equal(buf_cstr(&buf), rows[at].text);
	assert_int_equal(json_guard_parse((struct span){buf.ptr, buf.len}, &root), ST_OK);
	json_decref(root);
	buf_fini(&buf);
}

/* Whoever was told before, and of what. */
static void said_to_one_after_the_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows) * ARRAY_LEN(rows); i++) {
		const size_t order[] = {i / ARRAY_LEN(rows), i % ARRAY_LEN(rows),
		                        i / ARRAY_LEN(rows), i / ARRAY_LEN(rows)};
		struct wire_said last = {.seq = 0};
		struct buf buf = {0};

		for (size_t k = 0; k < ARRAY_LEN(order); k++) {
			wire_say(&buf, &rows[order[k]].frame, &last);
			assert_string_equal(buf_cstr(&buf), rows[order[k]].text);
		}
		buf_fini(&buf);
	}
}

static void change_is_shown_whole(void **state)
{
	const struct change change = {
		.at = 5, .actor = "agent:Dana", .field = "tier", .from = {"1", 1}, .to = {"2", 1}};
	struct buf buf = {0};

	(void)state;
	view_change(&buf, &change);
	assert_string_equal(buf_cstr(&buf), "{\"at\":5,\"actor\":\"agent:Dana\",\"field\":\"tier\","
	                                    "\"from\":\"1\",\"to\":\"2\",\"why\":null}");
	buf_fini(&buf);
}

/* The codes that a client may see are a closed set. */
static void every_status_has_a_sentence(void **state)
{
	(void)state;
	for (int st = ST_OK; st <= ST_CANCELED; st++)
		assert_true(strlen(wire_sentence((enum status)st)) > 4);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3] = {
		cmocka_unit_test(said_to_one_after_the_other),
		cmocka_unit_test(change_is_shown_whole),
		cmocka_unit_test(every_status_has_a_sentence),
	};

	json_guard_setup();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tests[i + 3] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = run_row,
			.initial_state = (void *)(uintptr_t)i,
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
