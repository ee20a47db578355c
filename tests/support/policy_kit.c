/* SPDX-License-Identifier: MIT */
#include "support/policy_kit.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "core/rulebook.h"
#include "core/timer.h"

#define WALL(n)     ((struct duration){.ms = (n)})
#define BUSINESS(n) ((struct duration){.ms = (n), .business = true})

wall_ms kit_at(const char *text)
{
	int year, month, day, hour, minute;

	MUST(sscanf(text, "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute) == 5);
	return civil_days(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
}

static void put_hours(struct policy_kit *kit)
{
	kit->dates[0] = (struct calendar_date){.first_day = civil_days(2026, 7, 3),
	                                       .last_day = civil_days(2026, 7, 3),
	                                       .kind = DATE_HOLIDAY,
	                                       .name = "Independence Day"};
	kit->hours = (struct calendar){.id = "desk",
	                               .zone = &zone_utc,
	                               .dates = kit->dates,
	                               .dates_count = 1,
	                               .business_day_ms = BUSINESS_DAY_MS};
	for (int day = 1; day <= 5; day++) {
		kit->hours.week[day].count = 1;
		kit->hours.week[day].spans[0] =
			(struct day_span){.from_s = 8 * 3600, .to_s = 18 * 3600};
	}
}

static void put_promises(struct policy *policy, const struct calendar *hours)
{
	static const int64_t chat_minutes[] = {
		[PRIORITY_LOW] = 15, [PRIORITY_MEDIUM] = 10, [PRIORITY_HIGH] = 5};
	static const int64_t portal_hours[] = {
		[PRIORITY_LOW] = 3, [PRIORITY_MEDIUM] = 3, [PRIORITY_HIGH] = 1};
	static const int64_t solved_hours[] = {
		[PRIORITY_LOW] = 100, [PRIORITY_MEDIUM] = 50, [PRIORITY_HIGH] = 20};

	for (int channel = 0; channel < CHANNELS; channel++) {
		struct promise *promises = policy->promises[channel];

		policy->channels[channel] =
			(struct channel_policy){.offered = true, .hours = hours, .intake = hours};
		for (int p = PRIORITY_LOW; p <= PRIORITY_HIGH; p++) {
			promises[p].first_response =
				BUSINESS(channel == CHANNEL_CHAT ? chat_minutes[p] * MINUTE_MS
			                                         : portal_hours[p] * HOUR_MS);
			promises[p].resolution = BUSINESS(solved_hours[p] * HOUR_MS);
		}
		promises[PRIORITY_CRITICAL].first_response =
			WALL((channel == CHANNEL_CHAT ? 2 : 15) * MINUTE_MS);
		promises[PRIORITY_CRITICAL].resolution = WALL(24 * HOUR_MS);
	}
	for (int tier = 2; tier <= TIER_MAX; tier++) {
		struct duration *acceptance = policy->tiers[tier - 1].acceptance;

		acceptance[PRIORITY_LOW] = BUSINESS(2 * HOUR_MS);
		acceptance[PRIORITY_MEDIUM] = BUSINESS(2 * HOUR_MS);
		acceptance[PRIORITY_HIGH] = BUSINESS(30 * MINUTE_MS);
		acceptance[PRIORITY_CRITICAL] = WALL(5 * MINUTE_MS);
	}
}

static void put_clocks(struct policy *policy)
{
	policy->warn_percent = 75;
	policy->offer_ticket = BUSINESS(3 * MINUTE_MS);
	policy->keep_ticket = BUSINESS(15 * MINUTE_MS);
	policy->remind = BUSINESS(2 * BUSINESS_DAY_MS);
	policy->no_reply = BUSINESS(5 * BUSINESS_DAY_MS);
	policy->reopen = BUSINESS(5 * BUSINESS_DAY_MS);
	policy->stale = WALL(24 * HOUR_MS);
	policy->page_again = WALL(5 * MINUTE_MS);
	policy->incident_facts = "Since when, who is affected, what do they see?";
	policy->incident_facts_data = "What data, since when, who can see it?";
}

static const char *const off_cycle[] = {"off-cycle-deployment"};
static const char *const security[] = {"security"};

static void put_rules(struct policy_kit *kit)
{
	const struct rule rules[] = {
		{.id = "X1",
	         .title = "immediate",
	         .criterion = "an emergency",
	         .steps = {{.when = {{.event = WHEN_TRIGGER},
	                             {.event = WHEN_DATA_EXPOSED},
	                             {.event = WHEN_INCIDENT},
	                             {.event = WHEN_STOPPED, .after = WALL(5 * MINUTE_MS)}},
	                    .when_count = 4,
	                    .then = {.immediate = true, .tier = 3}}},
	         .steps_count = 1},
		{.id = "X2",
	         .title = "scope",
	         .steps = {{.when = {{.event = WHEN_WORK, .after = WALL(30 * MINUTE_MS)}},
	                    .when_count = 1,
	                    .then = {.choose = true}}},
	         .steps_count = 1},
		{.id = "X4",
	         .title = "the answer failed",
	         .steps = {{.when = {{.event = WHEN_ANSWER_FAILED, .count = 2},
	                             {.event = WHEN_REOPENED, .count = 2}},
	                    .when_count = 2,
	                    .then = {.tier = 2, .notify = NOTIFY_SUPERVISOR}}},
	         .steps_count = 1},
		{.id = "X5",
	         .title = "not picked up",
	         .steps = {{.when = {{.event = WHEN_FIRST_RESPONSE, .percent = 100}},
	                    .when_count = 1,
	                    .then = {.requeue = true, .notify = NOTIFY_SUPERVISOR}},
	                   {.when = {{.event = WHEN_FIRST_RESPONSE, .percent = 200}},
	                    .when_count = 1,
	                    .then = {.tier = 2, .page = true}}},
	         .steps_count = 2},
		{.id = "X6",
	         .title = "silence",
	         .steps = {{.when = {{.event = WHEN_SILENCE, .after = BUSINESS(BUSINESS_DAY_MS)}},
	                    .when_count = 1,
	                    .then = {.notify = NOTIFY_SUPERVISOR}},
	                   {.when = {{.event = WHEN_SILENCE,
	                              .after = BUSINESS(2 * BUSINESS_DAY_MS)}},
	                    .when_count = 1,
	                    .then = {.notify = NOTIFY_LEAD}}},
	         .steps_count = 2},
		{.id = "X7",
	         .title = "to Tier 3",
	         .steps = {{.when = {{.event = WHEN_NO_PROGRESS,
	                              .after = BUSINESS(4 * HOUR_MS),
	                              .priorities = 1U << PRIORITY_HIGH,
	                              .tiers = 1U << 2},
	                             {.event = WHEN_RESOLUTION,
	                              .percent = 75,
	                              .priorities = 1U << PRIORITY_HIGH,
	                              .tiers = 1U << 2}},
	                    .when_count = 2,
	                    .then = {.tier = 3}}},
	         .steps_count = 1},
		{.id = "X8",
	         .title = "production deploy",
	         .steps = {{.when = {{.event = WHEN_TOPIC, .topics = off_cycle, .topics_count = 1}},
	                    .when_count = 1,
	                    .then = {.approval = true}},
	                   {.when = {{.event = WHEN_APPROVED}},
	                    .when_count = 1,
	                    .then = {.tier = 2}},
	                   {.when = {{.event = WHEN_APPROVED,
	                              .after = BUSINESS(2 * BUSINESS_DAY_MS)}},
	                    .when_count = 1,
	                    .then = {.notify = NOTIFY_SUPERVISOR}}},
	         .steps_count = 3},
		{.id = "ACCEPT",
	         .title = "not accepted",
	         .steps = {{.when = {{.event = WHEN_NOT_ACCEPTED}},
	                    .when_count = 1,
	                    .then = {.notify = NOTIFY_SUPERVISOR}}},
	         .steps_count = 1},
		{.id = "REPORT",
	         .title = "external report",
	         .steps = {{.when = {{.event = WHEN_IMMEDIATE,
	                              .after = WALL(HOUR_MS),
	                              .topics = security,
	                              .topics_count = 1}},
	                    .when_count = 1,
	                    .then = {.notify = NOTIFY_LEAD}}},
	         .steps_count = 1},
	};

	memcpy(kit->rules, rules, sizeof(rules));
	kit->policy.rules_count = ARRAY_LEN(rules);
	kit->policy.rules = kit->rules;
	policy_kit_slots(kit);
}

static void put_topics(struct policy_kit *kit)
{
	static const struct topic topics[] = {
		{.id = "pr-review",
	         .name = "PR review",
	         .tier = 2,
	         .resolution = {.ms = 10 * HOUR_MS, .business = true}},
		{.id = "off-cycle-deployment", .name = "Off-cycle deployment", .tier = 2},
		{.id = "security", .name = "Security", .tier = 1},
		{.id = "something-else", .name = "Something else", .tier = 1},
	};

	memcpy(kit->topics, topics, sizeof(topics));
	kit->policy.topics = kit->topics;
	kit->policy.topics_count = ARRAY_LEN(topics);
}

static void put_words(struct policy_kit *kit)
{
	static const char *const review[] = {"pull request"}, *const deploy[] = {"out-of-band"};
	static const char *const leaked[] = {"leaked"}, *const nothing[] = {
								"nothing in particular"};
	static const char *const down[] = {"site is down"}, *const drill[] = {"drill"};
	static const char *const guards[] = {"drill"};
	static const struct list_in words[] = {
		{.items = review, .count = 1, .at = "$", .weight = 4},
		{.items = deploy, .count = 1, .at = "$", .weight = 4},
		{.items = leaked, .count = 1, .at = "$", .weight = 4},
		{.items = nothing, .count = 1, .at = "$", .weight = 4},
	};
	static const struct topic_in topics[] = {
		{.id = "pr-review",
	         .at = "$",
	         .words = &words[0],
	         .words_count = 1,
	         .priority = PRIORITY_MEDIUM},
		{.id = "off-cycle-deployment",
	         .at = "$",
	         .words = &words[1],
	         .words_count = 1,
	         .priority = PRIORITY_HIGH},
		{.id = "security",
	         .at = "$",
	         .words = &words[2],
	         .words_count = 1,
	         .priority = PRIORITY_MEDIUM},
		{.id = "something-else",
	         .at = "$",
	         .words = &words[3],
	         .words_count = 1,
	         .priority = PRIORITY_LOW},
	};
	static const struct guard_in guard = {.name = "drill",
	                                      .words = {.items = drill, .count = 1, .at = "$"}};
	static const char *const whom[] = {"whom do i turn to"};
	static const struct trigger_in triggers[] = {
		{.name = "outage",
	         .at = "$",
	         .words = {.items = down, .count = 1, .at = "$"},
	         .guards = {guards, 1}},
		{.name = "secrets",
	         .at = "$",
	         .words = {.items = leaked, .count = 1, .at = "$"},
	         .data_exposed = true},
		{.name = "whom",
	         .at = "$",
	         .words = {.items = whom, .count = 1, .at = "$"},
	         .asks = true},
	};
	static const struct rulebook_in in = {
		.topics = topics,
		.topics_count = ARRAY_LEN(topics),
		.otherwise = "something-else",
		.guards = &guard,
		.guards_count = 1,
		.triggers = triggers,
		.triggers_count = ARRAY_LEN(triggers),
	};

	kit->policy.rulebook = rulebook_compile(&kit->arena, &in, &(struct rulebook_sink){0});
	MUST(kit->policy.rulebook != NULL);
}

void policy_kit_slots(struct policy_kit *kit)
{
	uint8_t slot = TIMER_RULES;

	for (size_t i = 0; i < kit->policy.rules_count; i++) {
		struct rule *rule = &kit->rules[i];

		for (unsigned j = 0; j < rule->steps_count; j++)
			for (unsigned k = 0; k < rule->steps[j].when_count; k++)
				rule->steps[j].slot[k] =
					rule_event_is_timed(rule->steps[j].when[k].event) ? slot++
											  : 0;
	}
}

uint8_t policy_kit_slot(const struct policy_kit *kit, const char *rule, unsigned n)
{
	for (size_t i = 0; i < kit->policy.rules_count; i++) {
		const struct rule *found = &kit->rules[i];

		for (unsigned j = 0; strcmp(found->id, rule) == 0 && j < found->steps_count; j++)
			for (unsigned k = 0; k < found->steps[j].when_count; k++)
				if (found->steps[j].slot[k] != 0 && n-- == 0)
					return found->steps[j].slot[k];
	}
	MUST(0);
}

void policy_kit_init(struct policy_kit *kit)
{
	*kit = (struct policy_kit){.policy = {.refs = 1, .id = 7, .front_door = true}};
	put_hours(kit);
	put_promises(&kit->policy, &kit->hours);
	put_clocks(&kit->policy);
	put_topics(kit);
	put_rules(kit);
	put_words(kit);
	kit->contacts[0] = (struct contact){.id = "ic1", .name = "Ines"};
	kit->contacts[1] = (struct contact){.id = "ic2", .name = "Omar"};
	kit->policy.tiers[TIER_MAX - 1].contacts = kit->contacts;
	kit->policy.tiers[TIER_MAX - 1].contacts_count = 2;
	kit->book = (struct policy_book){
		.refs = 1, .current = &kit->policy, .versions = {&kit->policy}, .count = 1};
}

void policy_kit_fini(struct policy_kit *kit)
{
	arena_fini(&kit->arena);
}
