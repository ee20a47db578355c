/* SPDX-License-Identifier: MIT */
#include "policy_past.h"

#include <inttypes.h>
#include <string.h>

#include "base/must.h"
#include "errand.h"
#include "replay.h"
#include "replay_pattern.h"

static const char *text(const json_t *object, const char *name)
{
	const char *found = json_string_value(json_object_get(object, name));

	return found != NULL ? found : "";
}

static int64_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static void set(json_t *object, const char *name, json_t *value)
{
	MUST(json_object_set_new(object, name, value != NULL ? value : json_string("?")) == 0);
}

static void add(json_t *list, json_t *value)
{
	MUST(json_array_append_new(list, value) == 0);
}

/* --- the record, page by page --- */

typedef void past_visit(void *ctx, const json_t *past);

static enum status ask_page(const struct config *config, const char *cursor, json_t **page,
                            char *why)
{
	json_t *question = json_object();
	enum status st;

	set(question, "call", json_string("past"));
	if (cursor != NULL)
		set(question, "cursor", json_string(cursor));
	st = errand_run(config, question, page, why);
	json_decref(question);
	return st;
}

static enum status each_past(const struct config *config, past_visit *visit, void *ctx, char *why)
{
	json_t *page = NULL;
	enum status st = ask_page(config, NULL, &page, why);

	while (st == ST_OK) {
		const json_t *tickets = json_object_get(page, "tickets");
		const json_t *next = json_object_get(page, "next");
		json_t *last = page;

		for (size_t i = 0; i < json_array_size(tickets); i++)
			visit(ctx, json_array_get(tickets, i));
		page = NULL;
		if (json_is_string(next))
			st = ask_page(config, json_string_value(next), &page, why);
		json_decref(last);
		if (page == NULL)
			break;
	}
	return st;
}

/* --- a ticket, then and now --- */

struct trial {
	struct policy_book *book;
	wall_ms since, now;
	json_t *tickets;
	int64_t count, differ, first_late, first_late_then, resolution_late, resolution_late_then;
	int64_t milestones_late, milestones_late_then;
	int64_t topics, priorities, tiers, emergencies;
	struct replay_pattern pattern, pattern_then; /* by the topics of now, and of the record */
};

static void differ(json_t *list, int64_t *count, const char *field, const char *then,
                   const char *now, const char *why)
{
	json_t *item;

	if (strcmp(then, now) == 0)
		return;
	item = json_object();
	(*count)++;
	set(item, "field", json_string(field));
	set(item, "then", json_string(then));
	set(item, "now", json_string(now));
	set(item, "why", json_string(why));
	add(list, item);
}

/* What triage (or whoever wrote the ticket down) made of it in the beginning: people and rules may
 * have changed it since, which is no other decision of triage. */
static const char *at_first(const json_t *past, const char *field)
{
	const json_t *changes = json_object_get(past, "changes");

	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *change = json_array_get(changes, i);

		if (strcmp(text(change, "field"), field) != 0)
			continue;
		return text(change, text(change, "from")[0] == '\0' ? "to" : "from");
	}
	return text(json_object_get(past, "ticket"), field);
}

/* It may have been taken back. */
static bool was_emergency(const json_t *past)
{
	const json_t *changes = json_object_get(past, "changes");

	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *change = json_array_get(changes, i);

		if (strcmp(text(change, "field"), "immediate") == 0 &&
		    strcmp(text(change, "to"), "yes") == 0)
			return true;
	}
	return json_is_true(json_object_get(json_object_get(past, "ticket"), "immediate"));
}

static json_t *differences(struct trial *trial, const struct replay *replay, const json_t *past)
{
	const json_t *ticket = json_object_get(past, "ticket");
	json_t *list = json_array();
	char then[8], now[8];

	differ(list, &trial->topics, "topic", at_first(past, "topic"), replay->topic,
	       replay->topic_why);
	differ(list, &trial->priorities, "priority", at_first(past, "priority"),
	       priority_name(replay->priority), replay->priority_why);
	(void)snprintf(then, sizeof(then), "%d", (int)number(ticket, "tier"));
	(void)snprintf(now, sizeof(now), "%d", replay->ticket.tier);
	differ(list, &trial->tiers, "tier", then, now, "");
	differ(list, &trial->emergencies, "emergency", was_emergency(past) ? "yes" : "no",
	       replay->immediate ? "yes" : "no", replay->immediate_why);
	return list;
}

static bool names_rule(const char *reason, const char *rule)
{
	size_t len = strlen(rule);

	return len > 0 && strncmp(reason, rule, len) == 0 && reason[len] == ':';
}

/* The record says that the rule did something then, too. */
static bool was_then(const json_t *past, const char *rule)
{
	const json_t *entries = json_object_get(past, "entries");
	const json_t *changes = json_object_get(past, "changes");

	for (size_t i = 0; i < json_array_size(entries); i++) {
		if (names_rule(text(json_array_get(entries, i), "reason"), rule))
			return true;
	}
	for (size_t i = 0; i < json_array_size(changes); i++) {
		if (names_rule(text(json_array_get(changes, i), "why"), rule))
			return true;
	}
	return false;
}

static void add_action(json_t *list, const struct replay_action *action, const char *rule,
                       bool then)
{
	json_t *item = json_object();

	set(item, "at", json_integer(action->at));
	set(item, "rule", json_string(rule));
	set(item, "what", json_string(action->what));
	set(item, "then", json_boolean(then));
	add(list, item);
}

static json_t *actions(const struct replay *replay, const json_t *past)
{
	json_t *list = json_array();

	for (size_t i = 0; i < replay->actions_count; i++) {
		const struct replay_action *action = &replay->actions[i];

		add_action(list, action, action->rule, was_then(past, action->rule));
	}
	return list;
}

static void look_for_pattern(struct trial *trial, const struct replay *replay, const json_t *past,
                             json_t *list)
{
	const json_t *record = json_object_get(past, "ticket");
	struct span person = span_of(text(past, "person"));
	struct ticket ticket = replay->ticket;
	unsigned tickets = 0, people = 0, unused;
	bool now, then;
	char what[160];

	ticket.priority = replay->priority;
	(void)span_copy(ticket.topic, sizeof(ticket.topic), span_of(replay->topic));
	now = replay_pattern_look(&trial->pattern, &ticket, person, &tickets, &people);
	(void)span_copy(ticket.topic, sizeof(ticket.topic), span_of(text(record, "topic")));
	then = replay_pattern_look(&trial->pattern_then, &ticket, person, &unused, &unused);
	if (!now)
		return;
	(void)snprintf(what, sizeof(what),
	               "possible systemic problem, %u tickets about %s from %u people", tickets,
	               replay->topic, people);
	add_action(list, &(struct replay_action){.at = ticket.created_at, .what = what},
	           trial->pattern.rule.rule->id, then);
}

static bool was_late(const json_t *ticket, const char *due_name, const char *met_name, wall_ms now)
{
	int64_t due = number(ticket, due_name), met = number(ticket, met_name);

	return due > 0 && (met > 0 ? met : now) > due;
}

static void count_late(struct trial *trial, const struct replay *replay, const json_t *ticket)
{
	const json_t *milestones = json_object_get(ticket, "milestones");

	trial->first_late += replay->first_late ? 1 : 0;
	trial->resolution_late += replay->resolution_late ? 1 : 0;
	trial->milestones_late += replay->milestones_late;
	for (size_t i = 0; i < json_array_size(milestones); i++) {
		if (was_late(json_array_get(milestones, i), "due", "done_at", trial->now))
			trial->milestones_late_then++;
	}
	if (was_late(ticket, "first_response_due", "first_response_at", trial->now))
		trial->first_late_then++;
	if (was_late(ticket, "resolution_due", "resolved_at", trial->now))
		trial->resolution_late_then++;
}

static void try_ticket(void *ctx, const json_t *past)
{
	struct trial *trial = ctx;
	const json_t *ticket = json_object_get(past, "ticket");
	struct replay replay = {0};
	json_t *item, *found, *done;

	if (number(ticket, "created_at") < trial->since)
		return;
	if (replay_run(&replay, trial->book, past, trial->now)) {
		item = json_object();
		found = differences(trial, &replay, past);
		trial->count++;
		trial->differ += json_array_size(found) > 0 ? 1 : 0;
		count_late(trial, &replay, ticket);
		set(item, "number", json_integer(number(ticket, "number")));
		set(item, "title", json_string(text(ticket, "title")));
		set(item, "channel", json_string(text(ticket, "channel")));
		set(item, "created_at", json_integer(number(ticket, "created_at")));
		set(item, "status", json_string(ticket_status_name(replay.ticket.status)));
		set(item, "differences", found);
		done = actions(&replay, past);
		look_for_pattern(trial, &replay, past, done);
		set(item, "actions", done);
		add(trial->tickets, item);
	}
	replay_fini(&replay);
}

static json_t *summary(const struct trial *trial)
{
	const struct {
		const char *name;
		int64_t value;
	} rows[] = {
		{"tickets", trial->count},
		{"differ", trial->differ},
		{"topics", trial->topics},
		{"priorities", trial->priorities},
		{"tiers", trial->tiers},
		{"emergencies", trial->emergencies},
		{"first_responses_late", trial->first_late},
		{"first_responses_late_then", trial->first_late_then},
		{"resolutions_late", trial->resolution_late},
		{"resolutions_late_then", trial->resolution_late_then},
		{"milestones_late", trial->milestones_late},
		{"milestones_late_then", trial->milestones_late_then},
	};
	json_t *object = json_object();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		set(object, rows[i].name, json_integer(rows[i].value));
	return object;
}

enum status policy_past_try(const struct config *config, struct policy *policy, wall_ms since,
                            wall_ms now, json_t **out, char *why)
{
	struct trial trial = {.book = policy_book_with(NULL, policy),
	                      .since = since,
	                      .now = now,
	                      .tickets = json_array()};
	enum status st;

	replay_pattern_init(&trial.pattern, policy);
	replay_pattern_init(&trial.pattern_then, policy);
	st = each_past(config, try_ticket, &trial, why);
	replay_pattern_fini(&trial.pattern);
	replay_pattern_fini(&trial.pattern_then);
	policy_book_unref(&trial.book);
	if (st != ST_OK) {
		json_decref(trial.tickets);
		return st;
	}
	*out = json_object();
	set(*out, "tickets", trial.tickets);
	set(*out, "summary", summary(&trial));
	return ST_OK;
}

/* --- in words --- */

static void print_day(wall_ms at, FILE *out)
{
	struct civil civil;

	zone_local(&zone_utc, at, &civil);
	(void)fprintf(out, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

static void print_moment(wall_ms at, FILE *out)
{
	struct civil civil;

	zone_local(&zone_utc, at, &civil);
	print_day(at, out);
	(void)fprintf(out, " %02d:%02d UTC", civil.second / 3600, civil.second / 60 % 60);
}

static void print_difference(const json_t *item, FILE *out)
{
	const char *why = text(item, "why");

	(void)fprintf(out, "  %s: %s, was %s", text(item, "field"), text(item, "now"),
	              text(item, "then"));
	if (why[0] != '\0')
		(void)fprintf(out, " (%s)", why);
	(void)fputc('\n', out);
}

/* An escalation's own reason begins with its rule. */
static void print_action(const json_t *item, FILE *out)
{
	const char *rule = text(item, "rule"), *what = text(item, "what");

	(void)fputs("  ", out);
	print_moment(number(item, "at"), out);
	(void)fputs(": ", out);
	if (rule[0] != '\0' && !names_rule(what, rule))
		(void)fprintf(out, "%s: ", rule);
	(void)fprintf(out, "%s%s\n", what,
	              json_is_true(json_object_get(item, "then")) ? " (as it was)" : "");
}

static void print_ticket(const json_t *ticket, FILE *out)
{
	const json_t *differing = json_object_get(ticket, "differences");
	const json_t *done = json_object_get(ticket, "actions");

	if (json_array_size(differing) == 0 && json_array_size(done) == 0)
		return;
	(void)fprintf(out, "#%" PRId64 " ", number(ticket, "number"));
	print_day(number(ticket, "created_at"), out);
	(void)fprintf(out, " %s \"%s\"\n", text(ticket, "channel"), text(ticket, "title"));
	for (size_t i = 0; i < json_array_size(differing); i++)
		print_difference(json_array_get(differing, i), out);
	for (size_t i = 0; i < json_array_size(done); i++)
		print_action(json_array_get(done, i), out);
}

void policy_past_print(const json_t *tried, FILE *out)
{
	const json_t *tickets = json_object_get(tried, "tickets");
	const json_t *sum = json_object_get(tried, "summary");

	for (size_t i = 0; i < json_array_size(tickets); i++)
		print_ticket(json_array_get(tickets, i), out);
	(void)fprintf(out,
	              "%" PRId64 " tickets, %" PRId64 " would have gone another way: %" PRId64
	              " topics, %" PRId64 " priorities, %" PRId64 " tiers, %" PRId64
	              " emergencies.\n",
	              number(sum, "tickets"), number(sum, "differ"), number(sum, "topics"),
	              number(sum, "priorities"), number(sum, "tiers"), number(sum, "emergencies"));
	(void)fprintf(out,
	              "Late: %" PRId64 " first responses (were %" PRId64 "), %" PRId64
	              " resolutions (were %" PRId64 "), %" PRId64 " milestones (were %" PRId64
	              ").\n",
	              number(sum, "first_responses_late"), number(sum, "first_responses_late_then"),
	              number(sum, "resolutions_late"), number(sum, "resolutions_late_then"),
	              number(sum, "milestones_late"), number(sum, "milestones_late_then"));
}

/* --- late under another policy --- */

struct lateness {
	struct policy_book *a, *b;
	wall_ms now;
	json_t *tickets;
};

/* What is late under the second and not under the first. */
static void note_late(json_t *tickets, const json_t *ticket, const struct replay *a,
                      const struct replay *b)
{
	const struct {
		const char *what;
		bool late;
	} rows[] = {{"first response", b->first_late && !a->first_late},
	            {"resolution", b->resolution_late && !a->resolution_late},
	            {"milestone", b->milestones_late > a->milestones_late}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *item;

		if (!rows[i].late)
			continue;
		item = json_object();
		set(item, "number", json_integer(number(ticket, "number")));
		set(item, "title", json_string(text(ticket, "title")));
		set(item, "what", json_string(rows[i].what));
		add(tickets, item);
	}
}

static void compare_late(void *ctx, const json_t *past)
{
	struct lateness *late = ctx;
	const json_t *ticket = json_object_get(past, "ticket");
	const char *status = text(ticket, "status");
	struct replay a = {0}, b = {0};

	if (strcmp(status, "resolved") == 0 || strcmp(status, "closed") == 0)
		return;
	if (replay_run(&a, late->a, past, late->now) && replay_run(&b, late->b, past, late->now))
		note_late(late->tickets, ticket, &a, &b);
	replay_fini(&a);
	replay_fini(&b);
}

enum status policy_past_late(const struct config *config, struct policy *a, struct policy *b,
                             wall_ms now, json_t **out, char *why)
{
	struct lateness late = {.a = policy_book_with(NULL, a),
	                        .b = policy_book_with(NULL, b),
	                        .now = now,
	                        .tickets = json_array()};
	enum status st = each_past(config, compare_late, &late, why);

	policy_book_unref(&late.a);
	policy_book_unref(&late.b);
	if (st == ST_OK)
		*out = late.tickets;
	else
		json_decref(late.tickets);
	return st;
}
