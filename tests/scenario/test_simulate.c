/* SPDX-License-Identifier: MIT */
/* Rehearsals: the same comes out whoever owns the time, and again and again; what is wrong with a
 * scenario is told with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/zones.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/policy.h"
#include "sim/report.h"
#include "sim/sim.h"

/* A day with all that can happen on it. */
static const char busy_day[] =
	"{'name':'A busy day','from':'2026-03-05','tail':'2 h','texts':{"
	"'all':[{'text':'How do I do this?','weight':3,'page':'/a'},"
	"{'text':'Please look at the logs of our service.','tier':2},"
	"{'text':'Is it you or is it us?','production_stopped':true}],"
	"'down':[{'text':'VA.gov is down.','data_exposed':true,'tier':3}]},"
	"'arrivals':[{'channel':'chat','texts':'all','per_hour':{'08:00-18:00':9}},"
	"{'channel':'email','texts':'all','per_hour':{'00:00-24:00':0.5}},"
	"{'channel':'phone','texts':'all','per_hour':{'09:00-17:00':1}}],"
	"'visitors':[{'at':'2026-03-05 06:30','texts':'down'}],"
	"'incidents':[{'at':'2026-03-05 11:00','for':'10 min','tickets':8,'texts':'all'}],"
	"'handling':{'pending':0.2,'leave':0.2,'reopen':0.2,'escalate':0.1,"
	"'answer':{'mean':'4 min'},'pending_reply':['10 min','1 h'],'reopen_after':'30 min'},"
	"'agents':[{'name':'Dana','tier':1,'capacity':8,'shifts':[{'from':'08:00','to':'16:00',"
	"'break':{'at':'12:00','for':'30 min'}}]},"
	"{'name':'Kim','tier':1,'capacity':8,'guide':false,"
	"'shifts':[{'from':'10:00','to':'18:00'}]},"
	"{'name':'Engineer','tier':2,'count':2,'shifts':[{'from':'08:00','to':'18:00'}]},"
	"{'name':'Commander','tier':3,'on_call':true,'shifts':[{'from':'09:00','to':'17:00'}]},"
	"{'name':'Robin','tier':3,'role':'supervisor','capacity':1,"
	"'shifts':[{'from':'08:00','to':'18:00'}]}],"
	"'outages':[{'what':'redis','from':'2026-03-05 13:00','to':'2026-03-05 13:07'}],"
	"'losses':[{'agent':'Dana','at':'2026-03-05 14:00','back':'2026-03-05 14:20'}],"
	"'expect':[{'what':'lost','at_most':0},{'what':'immediate','at_least':1}]}";

struct rehearsal {
	struct zones zones;
	struct policy *policy;
	struct policy_reader reader;
	struct scenario scenario;
};

static char *double_quotes(const char *text)
{
	char *copy = xstrdup(text);

	for (char *c = copy; *c != '\0'; c++) {
		if (*c == '\'')
			*c = '"';
	}
	return copy;
}

static enum status read_policy(void *ctx, struct span text, struct policy **out)
{
	struct rehearsal *rehearsal = ctx;
	struct zone_source source = zones_source(&rehearsal->zones);
	struct policy_mistakes mistakes = {0};
	enum status st = policy_parse(text, &source, out, &mistakes);

	policy_mistakes_fini(&mistakes);
	return st;
}

static void begin(struct rehearsal *rehearsal, const char *text)
{
	char *json = double_quotes(text);
	struct buf mistakes = {0};

	log_set_level(LOG_ERROR);
	zones_init(&rehearsal->zones);
	rehearsal->reader = (struct policy_reader){.ctx = rehearsal, .read = read_policy};
	assert_int_equal(read_policy(rehearsal, policy_default(), &rehearsal->policy), ST_OK);
	if (scenario_read(span_of(json), NULL, &rehearsal->scenario, &mistakes) != ST_OK)
		fail_msg("%s", buf_cstr(&mistakes));
	free(json);
	buf_fini(&mistakes);
}

static void end(struct rehearsal *rehearsal)
{
	scenario_fini(&rehearsal->scenario);
	assert_int_equal(rehearsal->policy->refs, 1);
	policy_unref(&rehearsal->policy);
}

static struct sim_setup setup_of(struct rehearsal *rehearsal, uint64_t seed)
{
	return (struct sim_setup){.scenario = &rehearsal->scenario,
	                          .policy = rehearsal->policy,
	                          .policy_text = policy_default(),
	                          .reader = &rehearsal->reader,
	                          .seed = seed,
	                          .agents = {-1, -1, -1}};
}

/* The report as JSON; yours. */
static char *report_of(const struct sim_setup *setup, bool *holds_out, size_t *tickets_out)
{
	struct outcome outcome;
	struct report report;
	struct buf json = {0};
	char *copy;

	sim_run(setup, &outcome);
	report_make(&report, setup->scenario, setup->policy, &outcome);
	report_json(&report, &json);
	copy = xstrdup(buf_cstr(&json));
	*holds_out = report.holds;
	*tickets_out = outcome.facts_count;
	buf_fini(&json);
	report_fini(&report);
	outcome_fini(&outcome);
	return copy;
}

static void test_jumps_miss_nothing(void **state)
{
	struct rehearsal rehearsal = {0};
	struct sim_setup setup;
	char *jumps, *ticks;
	size_t tickets;
	bool holds;

	(void)state;
	begin(&rehearsal, busy_day);
	setup = setup_of(&rehearsal, 4);
	jumps = report_of(&setup, &holds, &tickets);
	if (!holds)
		fail_msg("%s", jumps);
	assert_true(tickets > 80);
	setup.tick_ms = SEC_MS;
	ticks = report_of(&setup, &holds, &tickets);
	assert_string_equal(jumps, ticks);
	free(jumps);
	free(ticks);
	end(&rehearsal);
}

static void test_same_seed_same_report(void **state)
{
	struct rehearsal rehearsal = {0};
	struct sim_setup setup;
	char *first, *again, *other;
	size_t tickets;
	bool holds;

	(void)state;
	begin(&rehearsal, busy_day);
	setup = setup_of(&rehearsal, 4);
	first = report_of(&setup, &holds, &tickets);
	again = report_of(&setup, &holds, &tickets);
	setup.seed = 5;
	other = report_of(&setup, &holds, &tickets);
	assert_string_equal(first, again);
	assert_string_not_equal(first, other);
	free(first);
	free(again);
	free(other);
	end(&rehearsal);
}

/* Who answers changes nothing about who asks. */
static void test_staff_does_not_change_who_comes(void **state)
{
	struct rehearsal rehearsal = {0};
	struct sim_setup setup;
	struct outcome few, many;

	(void)state;
	begin(&rehearsal, busy_day);
	rehearsal.scenario.handling.leave = 0;
	setup = setup_of(&rehearsal, 6);
	sim_run(&setup, &few);
	setup.agents[0] = 5;
	sim_run(&setup, &many);
	assert_int_equal(many.staff_count, few.staff_count + 3);
	assert_int_equal(few.facts_count, many.facts_count);
	for (size_t i = 0; i < few.facts_count; i++) {
		assert_int_equal(few.facts[i].ticket.created_at, many.facts[i].ticket.created_at);
		assert_string_equal(few.facts[i].ticket.title, many.facts[i].ticket.title);
	}
	outcome_fini(&few);
	outcome_fini(&many);
	end(&rehearsal);
}

/* --- mistakes --- */

#define HEAD "{'name':'x','from':'2026-03-05','texts':{'a':[{'text':'Hello?'}]},"
#define WHO  "'agents':[{'name':'Dana','tier':1}],"
#define COME "'visitors':[{'at':'2026-03-05 09:00','texts':'a'}]"

static const struct {
	const char *name;
	const char *json;
	const char *wrong; /* a line begins with it; NULL: it is taken */
} rows[] = {
	{"the least there is", HEAD WHO COME "}", NULL},
	{"no JSON", "{'name'", "line 1"},
	{"a list", "[]", "$: "},
	{"a member that is not known", HEAD WHO COME ",'colour':1}", "$.colour: "},
	{"no name", "{'from':'2026-03-05','texts':{'a':[{'text':'b'}]}," WHO COME "}", "$.name: "},
	{"no day", "{'name':'x','texts':{'a':[{'text':'b'}]}," WHO COME "}", "$.from: "},
	{"a day that is none",
         "{'name':'x','from':'2026-02-30','texts':{'a':[{'text':'b'}]}," WHO COME "}", "$.from: "},
	{"the end before the beginning", HEAD WHO COME ",'to':'2026-03-04'}", "$.to: "},
	{"nobody comes", HEAD "'agents':[{'name':'Dana','tier':1}]}", "$: nobody comes"},
	{"nobody answers", HEAD COME "}", "$.agents: "},
	{"a tier that is none", HEAD COME ",'agents':[{'name':'Dana','tier':4}]}",
         "$.agents[0].tier: "},
	{"a role that is none", HEAD COME ",'agents':[{'name':'D','tier':1,'role':'chief'}]}",
         "$.agents[0].role: "},
	{"a shift that ends before it begins",
         HEAD COME ",'agents':[{'name':'D','tier':1,'shifts':[{'from':'10:00','to':'09:00'}]}]}",
         "$.agents[0].shifts[0].to: "},
	{"a break outside the shift",
         HEAD COME ",'agents':[{'name':'D','tier':1,'shifts':[{'from':'10:00','to':'12:00',"
                   "'break':{'at':'13:00','for':'5 min'}}]}]}",
         "$.agents[0].shifts[0].break.at: "},
	{"days that are none",
         HEAD COME ",'agents':[{'name':'D','tier':1,'shifts':[{'days':'mo-fr','from':'10:00',"
                   "'to':'12:00'}]}]}",
         "$.agents[0].shifts[0].days: "},
	{"a pool that is not there", HEAD WHO "'visitors':[{'at':'2026-03-05 09:00','texts':'b'}]}",
         "$.visitors[0].texts: "},
	{"a moment that is none", HEAD WHO "'visitors':[{'at':'9 am','texts':'a'}]}",
         "$.visitors[0].at: "},
	{"a channel that is none",
         HEAD WHO "'arrivals':[{'channel':'fax','texts':'a','per_hour':{'08:00-09:00':1}}]}",
         "$.arrivals[0].channel: "},
	{"hours that are none",
         HEAD WHO "'arrivals':[{'channel':'chat','texts':'a','per_hour':{'08-09':1}}]}",
         "$.arrivals[0].per_hour"},
	{"less than nobody",
         HEAD WHO "'arrivals':[{'channel':'chat','texts':'a','per_hour':{'08:00-09:00':-1}}]}",
         "$.arrivals[0].per_hour"},
	{"a share above one", HEAD WHO COME ",'handling':{'pending':1.5}}", "$.handling.pending: "},
	{"a wait that ends before it begins",
         HEAD WHO COME ",'handling':{'answer':['5 min','1 min']}}", "$.handling.answer: "},
	{"a wait that is none", HEAD WHO COME ",'handling':{'answer':'soon'}}",
         "$.handling.answer: "},
	{"a resolution that is none", HEAD WHO COME ",'handling':{'resolutions':{'done':1}}}",
         "$.handling.resolutions.done: "},
	{"a tier's handling", HEAD WHO COME ",'tiers':{'2':{'answr':'5 min'}}}",
         "$.tiers.2.answr: "},
	{"an outage of something else",
         HEAD WHO COME ",'outages':[{'what':'sql','from':'2026-03-05 09:00',"
                       "'to':'2026-03-05 10:00'}]}",
         "$.outages[0].what: "},
	{"the loss of nobody", HEAD WHO COME ",'losses':[{'agent':'Sam','at':'2026-03-05 09:00'}]}",
         "$.losses[0].agent: "},
	{"a claim about nothing", HEAD WHO COME ",'expect':[{'what':'joy','at_least':1}]}",
         "$.expect[0].what: "},
	{"a claim without a bound", HEAD WHO COME ",'expect':[{'what':'tickets'}]}",
         "$.expect[0]: "},
	{"a share as a time", HEAD WHO COME ",'expect':[{'what':'lost','at_most':'5 min'}]}",
         "$.expect[0].at_most: "},
	{"a pool from a file that is not there",
         "{'name':'x','from':'2026-03-05','texts':{'a':{'file':'b.jsonl'}}," WHO COME "}",
         "$.texts.a.file: "},
	{"a pool without weight",
         "{'name':'x','from':'2026-03-05','texts':{'a':[{'text':'b','weight':0}]}," WHO COME "}",
         "$.texts.a: "},
};

static bool has_line(const char *text, const char *begin)
{
	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n' ? 1 : 0;
		if (strncmp(line, begin, strlen(begin)) == 0)
			return true;
	}
	return false;
}

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *json = double_quotes(rows[i].json);
		struct buf mistakes = {0};
		struct scenario scenario;
		enum status st = scenario_read(span_of(json), NULL, &scenario, &mistakes);

		if ((st == ST_OK) != (rows[i].wrong == NULL) ||
		    (rows[i].wrong != NULL && !has_line(buf_cstr(&mistakes), rows[i].wrong)))
			fail_msg("%s: %s", rows[i].name, buf_cstr(&mistakes));
		scenario_fini(&scenario);
		buf_fini(&mistakes);
		free(json);
	}
}

/* All of them at once. */
static void test_every_mistake(void **state)
{
	char *json =
		double_quotes(HEAD WHO COME ",'seed':-1,'tail':'x','expect':[{'what':'joy'}]}");
	struct buf mistakes = {0};
	struct scenario scenario;

	(void)state;
	assert_int_equal(scenario_read(span_of(json), NULL, &scenario, &mistakes), ST_BAD_REQUEST);
	assert_true(has_line(buf_cstr(&mistakes), "$.seed: "));
	assert_true(has_line(buf_cstr(&mistakes), "$.tail: "));
	assert_true(has_line(buf_cstr(&mistakes), "$.expect[0].what: "));
	scenario_fini(&scenario);
	buf_fini(&mistakes);
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jumps_miss_nothing),
		cmocka_unit_test(test_same_seed_same_report),
		cmocka_unit_test(test_staff_does_not_change_who_comes),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_every_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
