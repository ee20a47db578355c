/* SPDX-License-Identifier: MIT */
#include "support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Somebody on every tier, who can be reached; the rule that sees many tickets; and what is not
 * picked up pages only where nothing else does, so that each story has its own rule. */
static void whole_house(struct policy_kit *kit)
{
	static struct contact second = {.id = "ops", .name = "Theo", .email = "theo@example.gov"};

	kit->contacts[0].email = "ines@example.gov";
	kit->policy.tiers[1].contacts = &second;
	kit->policy.tiers[1].contacts_count = 1;
	kit->supervisor = (struct contact){.id = "lead", .name = "Lee", .email = "lee@example.gov"};
	kit->lead = (struct contact){.id = "boss", .name = "Kim", .email = "kim@example.gov"};
	kit->policy.supervisor = &kit->supervisor;
	kit->policy.lead = &kit->lead;
	for (size_t i = 0; i < kit->policy.rules_count; i++) {
		for (unsigned j = 0; strcmp(kit->rules[i].id, "X5") == 0 && j < 2; j++)
			kit->rules[i].steps[j].when[0].priorities =
				1U << PRIORITY_LOW | 1U << PRIORITY_MEDIUM;
	}
	kit->rules[kit->policy.rules_count++] =
		(struct rule){.id = "X9",
	                      .title = "pattern",
	                      .steps = {{.when = {{.event = WHEN_PATTERN,
	                                           .count = 3,
	                                           .people = 2,
	                                           .after = {.ms = 30 * ONE_MINUTE}}},
	                                 .when_count = 1,
	                                 .then = {.notify = NOTIFY_SUPERVISOR}}},
	                      .steps_count = 1};
	policy_kit_slots(kit);
}

struct actor_on_stage *house_console(struct stage *stage, const char *who)
{
	struct actor_on_stage *actor = stage_agent(stage, who);

	tell(actor, "{'type':'hello'}");
	expect_one(actor, "'type':'welcome'");
	return actor;
}

void house_hire_some(struct stage *stage)
{
	stage_hire(stage, "Dana", 1, "agent");
	stage_hire(stage, "Theo", 2, "agent");
	stage_hire(stage, "Lee", 2, "supervisor");
}

struct house house_open(void)
{
	struct house house = {.stage = stage_create_ruled(whole_house)};

	stage_hire(house.stage, "Dana", 1, "agent");
	stage_hire(house.stage, "Theo", 2, "agent");
	stage_hire(house.stage, "Ines", 3, "agent");
	stage_hire(house.stage, "Lee", 1, "supervisor");
	stage_hire(house.stage, "Kim", 1, "supervisor");
	house.dana = stage_agent_in(house.stage, "dana", 3);
	house.theo = house_console(house.stage, "theo");
	house.ines = house_console(house.stage, "ines");
	house.lee = house_console(house.stage, "lee");
	house.kim = house_console(house.stage, "kim");
	house.ana = stage_visitor_in(house.stage);
	return house;
}

void house_close(struct house *house)
{
	stage_destroy(&house->stage);
}

void house_ask(struct house *house, const char *text)
{
	tell(house->ana, "{'type':'message','id':'q','text':'%s'}", text);
	expect_one(house->ana, "'type':'ack','id':'q'");
}

void house_take(struct house *house)
{
	tell(house->dana, "{'type':'accept','id':'a','ticket':1}");
	expect_one(house->dana, "'type':'ack','id':'a'");
}

void house_told(struct house *house, const char *line, size_t times)
{
	char *lines = strdup(stage_told(house->stage));
	size_t count = 0;

	for (char *rest = lines, *one; (one = strsep(&rest, "\n")) != NULL;)
		count += strcmp(one, line) == 0 ? 1 : 0;
	free(lines);
	if (count != times)
		fail_msg("%s: %zu times, not %zu, in:\n%s", line, count, times,
		         stage_told(house->stage));
}
