/* SPDX-License-Identifier: MIT */
/* Entries of the log become the commands they came of; what the system wrote is passed over, since
 * the policy decides it anew. A command that is not possible any more (the replay has closed the
 * ticket, say) is passed over too. */
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/must.h"
#include "core/escalation.h"
#include "core/timer.h"

#define FIRES_MAX 200 /* a replay ends, whatever the policy */
#define NAMES_MAX 32  /* agents on a ticket; those beyond are one */

struct run {
	struct replay *replay;
	const struct policy_book *book;
	unsigned fires;
	struct span names[NAMES_MAX]; /* borrowed; an agent's id is its place here, from 1 on */
	size_t names_count;
};

static int64_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static struct span text(const json_t *object, const char *name)
{
	return span_of(json_string_value(json_object_get(object, name)));
}

/* --- what the policy does --- */

/* That the rule did something at this moment: said once, in the words that say more. */
static struct replay_action *action_of(struct replay *replay, const char *rule, wall_ms at)
{
	for (size_t i = 0; rule[0] != '\0' && i < replay->actions_count; i++) {
		struct replay_action *action = &replay->actions[i];

		if (action->at == at && strcmp(action->rule, rule) == 0)
			return action;
	}
	return NULL;
}

static void act(struct run *run, wall_ms at, const char *rule, const char *what)
{
	struct replay *replay = run->replay;
	struct replay_action *action;

	action = action_of(replay, rule, at);
	if (action != NULL && strlen(action->what) >= strlen(what))
		return;
	if (action == NULL && replay->actions_count == REPLAY_ACTIONS_MAX)
		return;
	if (action == NULL)
		action = &replay->actions[replay->actions_count++];
	action->at = at;
	action->what = arena_strdup(&replay->arena, what);
	(void)span_copy(action->rule, sizeof(action->rule), span_of(rule));
}

static void note_alert(struct run *run, const struct alert *alert, wall_ms at)
{
	if (alert->kind != ALERT_BREACHED)
		return;
	if (alert->milestone != NULL) {
		run->replay->milestones_late++;
		act(run, at, alert->milestone, alert->why);
		return;
	}
	if (alert->resolution)
		run->replay->resolution_late = true;
	else
		run->replay->first_late = true;
	act(run, at, "",
	    alert->resolution ? "the resolution is late" : "the first response is late");
}

static void note_fired(struct run *run, uint8_t slot, wall_ms at)
{
	struct escalation found;
	char what[200];

	if (!escalation_of_slot(run->book->current, slot, &found))
		return;
	(void)snprintf(what, sizeof(what), "%s", found.rule->title);
	act(run, at, found.rule->id, what);
}

/* "X1: words of an outage ..." */
static void note_entry(struct run *run, const struct entry *entry)
{
	const char *reason = entry->reason.ptr;
	char rule[RULE_ID_SIZE];
	size_t len;

	if (entry->from != ROLE_SYSTEM || reason == NULL ||
	    (entry->event != EVENT_ESCALATED && entry->event != EVENT_INCIDENT))
		return;
	len = strcspn(reason, ":");
	(void)span_copy(rule, sizeof(rule), (struct span){.ptr = reason, .len = len});
	act(run, entry->at, rule, reason);
}

static void note_change(struct run *run, const struct change *change)
{
	struct replay *replay = run->replay;
	const struct {
		const char *field;
		const char **why;
	} rows[] = {{"topic", &replay->topic_why},
	            {"priority", &replay->priority_why},
	            {"immediate", &replay->immediate_why}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(change->field, rows[i].field) == 0 && (*rows[i].why)[0] == '\0' &&
		    change->why.len > 0)
			*rows[i].why = arena_span(&replay->arena, change->why).ptr;
	}
}

static bool decide(struct run *run, struct command *command)
{
	struct replay *replay = run->replay;
	struct effect effect;

	command->book = run->book;
	if (ticket_decide(&replay->ticket, command, &replay->arena, &effect) != ST_OK)
		return false;
	replay->ticket = effect.after;
	replay->immediate = replay->immediate || effect.after.escalation.immediate;
	for (unsigned i = 0; i < effect.alerts_count; i++)
		note_alert(run, &effect.alerts[i], command->now);
	for (unsigned i = 0; i < effect.fired_count; i++)
		note_fired(run, effect.fired[i].slot, effect.fired[i].due);
	for (unsigned i = 0; i < effect.entries_count; i++)
		note_entry(run, &effect.entries[i]);
	for (unsigned i = 0; i < effect.changes_count; i++)
		note_change(run, &effect.changes[i]);
	return true;
}

/* The clocks, up to `until`. */
static void fire(struct run *run, wall_ms until)
{
	while (run->fires < FIRES_MAX) {
		wall_ms due = run->replay->ticket.clocks.next_due;
		struct command command = {
			.kind = COMMAND_FIRE, .actor = {.role = ROLE_SYSTEM}, .now = due};

		if (due == 0 || due > until)
			return;
		run->fires++;
		if (!decide(run, &command))
			return;
	}
}

/* --- what people did --- */

/* On record agents go by their names. */
static struct agent_id agent_of(struct run *run, struct span name)
{
	for (size_t i = 0; i < run->names_count; i++) {
		if (span_eq(run->names[i], name))
			return (struct agent_id){.v = i + 1};
	}
	if (run->names_count < NAMES_MAX)
		run->names[run->names_count++] = name;
	return (struct agent_id){.v = run->names_count};
}

/* What they did they were allowed to do: all of them lead the desk here. */
static struct actor agent(struct run *run, struct span name)
{
	struct actor actor = {.role = ROLE_AGENT,
	                      .agent = agent_of(run, name),
	                      .agent_role = AGENT_ROLE_SUPERVISOR,
	                      .tier = run->replay->ticket.tier};

	(void)span_copy(actor.name, sizeof(actor.name), name);
	return actor;
}

static struct span name_in(const json_t *entry, const char *member)
{
	return text(json_object_get(entry, member), "name");
}

static void assign(struct run *run, struct span name, wall_ms at)
{
	struct command command = {.kind = COMMAND_ASSIGN,
	                          .actor = {.role = ROLE_SYSTEM},
	                          .now = at,
	                          .to_agent = agent_of(run, name)};

	(void)span_copy(command.to_name, sizeof(command.to_name), name);
	(void)decide(run, &command);
}

/* The agent's sockets were gone: that has nothing to do with the policy. */
static void requeue(struct run *run, struct span reason, wall_ms at)
{
	struct command command = {.kind = COMMAND_REQUEUE,
	                          .actor = {.role = ROLE_SYSTEM},
	                          .now = at,
	                          .reason = reason};

	if (span_is(reason, "agent_gone"))
		(void)decide(run, &command);
}

static void say(struct run *run, const json_t *entry, wall_ms at)
{
	struct command command = {.kind = COMMAND_SAY, .now = at, .entry_kind = ENTRY_TEXT};
	bool visitor = span_is(text(json_object_get(entry, "from"), "role"), "visitor");

	command.text = text(entry, "text");
	if (command.text.len == 0)
		command.text = SPAN_LIT("-");
	if (visitor) {
		command.actor.role = ROLE_VISITOR;
		command.actor.visitor = run->replay->ticket.visitor;
	} else {
		if (run->replay->ticket.agent.v == 0)
			assign(run, name_in(entry, "from"), at);
		command.actor = agent(run, name_in(entry, "from"));
	}
	(void)decide(run, &command);
}

static void move(struct run *run, const json_t *entry, wall_ms at, enum command_kind kind)
{
	struct command command = {
		.kind = kind, .actor = agent(run, name_in(entry, "from")), .now = at};

	command.to_tier = (int)number(entry, "tier");
	command.reason = text(entry, "reason");
	command.text = SPAN_LIT("-");
	command.undo_ms = DAY_MS; /* it was in time */
	if (kind == COMMAND_CLOSE) {
		command.resolution = RESOLUTION_ANSWERED;
		(void)resolution_parse(text(entry, "resolution"), &command.resolution);
	}
	(void)decide(run, &command);
}

static void event(struct run *run, const json_t *entry, wall_ms at)
{
	static const struct {
		const char *event;
		enum command_kind kind;
	} rows[] = {{"transferred", COMMAND_TRANSFER},
	            {"escalated", COMMAND_ESCALATE},
	            {"closed", COMMAND_CLOSE},
	            {"incident", COMMAND_INCIDENT},
	            {"reopened", COMMAND_UNDO}};
	struct span name = text(entry, "event");

	if (span_is(name, "assigned"))
		assign(run, name_in(entry, "agent"), at);
	if (span_is(name, "requeued"))
		requeue(run, text(entry, "reason"), at);
	if (!span_is(text(json_object_get(entry, "from"), "role"), "agent"))
		return;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (span_is(name, rows[i].event))
			move(run, entry, at, rows[i].kind);
	}
}

/* An agent's words, or the visitor's: whether an answer helped. */
static void note(struct run *run, const json_t *entry, wall_ms at)
{
	struct command command = {.kind = COMMAND_NOTE, .now = at, .text = SPAN_LIT("-")};

	if (span_is(text(json_object_get(entry, "from"), "role"), "visitor")) {
		command.kind = COMMAND_HELPED;
		command.actor.role = ROLE_VISITOR;
		command.actor.visitor = run->replay->ticket.visitor;
		command.yes = span_is(text(entry, "text"), HELPED_TEXT);
	} else {
		command.actor = agent(run, name_in(entry, "from"));
	}
	(void)decide(run, &command);
}

static void entry_again(struct run *run, const json_t *entry)
{
	wall_ms at = number(entry, "at");
	struct span kind = text(entry, "kind");

	fire(run, at);
	if (span_is(kind, "event")) {
		event(run, entry, at);
	} else if (span_is(kind, "note")) {
		note(run, entry, at);
	} else {
		say(run, entry, at);
	}
}

/* An answer to what a rule asked; a field that was set. false: neither. */
static bool answer(struct command *command, struct span field, struct span to)
{
	static const struct {
		const char *field, *yes, *no;
		enum command_kind kind;
	} rows[] = {{"approval", "granted", "refused", COMMAND_APPROVE},
	            {"stopped", "confirmed", "rejected", COMMAND_CONFIRM}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!span_is(field, rows[i].field))
			continue;
		command->kind = rows[i].kind;
		command->yes = span_is(to, rows[i].yes);
		return command->yes || span_is(to, rows[i].no);
	}
	/* With a reason it came of something else that was done. */
	if (!span_is(field, "page_acknowledged") || command->reason.len > 0)
		return false;
	command->kind = COMMAND_ACKNOWLEDGE;
	return true;
}

/* What an agent did that is in the audit only. */
static void change_again(struct run *run, const json_t *change)
{
	struct span field = text(change, "field"), to = text(change, "to");
	struct span who = text(change, "actor");
	struct command command = {.kind = COMMAND_SET, .now = number(change, "at")};

	if (who.len < 6 || strncmp(who.ptr, "agent:", 6) != 0)
		return;
	fire(run, command.now);
	command.actor = agent(run, (struct span){.ptr = who.ptr + 6, .len = who.len - 6});
	command.reason = text(change, "why");
	if (answer(&command, field, to)) {
		(void)decide(run, &command);
		return;
	}
	if (span_is(field, "status") && ticket_status_parse(to, &command.set.status))
		command.set.mask = SET_STATUS;
	else if (span_is(field, "priority") && priority_parse(to, &command.set.priority))
		command.set.mask = SET_PRIORITY;
	else if (span_is(field, "done")) {
		command.set.mask = to.len > 0 ? SET_DONE : SET_UNDONE;
		command.set.done = to;
		command.set.undone = text(change, "from");
	} else if (span_is(field, "topic")) {
		command.set.mask = SET_TOPIC;
		command.set.topic = to;
	}
	if (command.set.mask != 0)
		(void)decide(run, &command);
}

/* --- the whole --- */

static size_t first_message(const json_t *entries)
{
	size_t i = 0;

	while (i < json_array_size(entries) &&
	       !(span_is(text(json_array_get(entries, i), "kind"), "text") &&
	         span_is(text(json_object_get(json_array_get(entries, i), "from"), "role"),
	                 "visitor")))
		i++;
	return i;
}

static bool begin(struct run *run, const json_t *ticket, const json_t *entry)
{
	const json_t *flags = json_object_get(ticket, "flags");
	const json_t *page = json_object_get(ticket, "page");
	struct command command = {.kind = COMMAND_OPEN,
	                          .actor = {.role = ROLE_VISITOR},
	                          .now = number(ticket, "created_at")};

	run->replay->ticket = (struct ticket){.number.v = (uint64_t)number(ticket, "number")};
	memset(&command.actor.visitor, 1, sizeof(command.actor.visitor));
	command.text = text(entry, "text");
	(void)channel_parse(text(ticket, "channel"), &command.channel);
	command.flags.production_stopped =
		json_is_true(json_object_get(flags, "production_stopped"));
	command.flags.data_exposed = json_is_true(json_object_get(flags, "data_exposed"));
	command.page_url = text(page, "url");
	command.page_title = text(page, "title");
	if (command.channel != CHANNEL_CHAT) {
		command.set.mask = SET_TITLE;
		command.set.title = text(ticket, "title");
	}
	return decide(run, &command);
}

static void live(struct run *run, const json_t *past, size_t first)
{
	const json_t *entries = json_object_get(past, "entries");
	const json_t *changes = json_object_get(past, "changes");
	size_t i = first + 1, k = 0;

	while (i < json_array_size(entries) || k < json_array_size(changes)) {
		const json_t *entry = json_array_get(entries, i);
		const json_t *change = json_array_get(changes, k);

		if (change == NULL ||
		    (entry != NULL && number(entry, "at") <= number(change, "at"))) {
			entry_again(run, entry);
			i++;
		} else {
			change_again(run, change);
			k++;
		}
	}
}

bool replay_run(struct replay *replay, const struct policy_book *book, const json_t *past,
                wall_ms now)
{
	const json_t *entries = json_object_get(past, "entries");
	struct run run = {.replay = replay, .book = book};
	size_t first = first_message(entries);

	*replay = (struct replay){.topic_why = "", .priority_why = "", .immediate_why = ""};
	if (first == json_array_size(entries) ||
	    !begin(&run, json_object_get(past, "ticket"), json_array_get(entries, first)))
		return false;
	replay->priority = replay->ticket.priority;
	replay->needed_tier = replay->ticket.escalation.needed_tier;
	(void)span_copy(replay->topic, sizeof(replay->topic), span_of(replay->ticket.topic));
	live(&run, past, first);
	fire(&run, now);
	return true;
}

void replay_fini(struct replay *replay)
{
	arena_fini(&replay->arena);
}
