/* SPDX-License-Identifier: MIT */
/* ticket_decide: one row a command, and what the rules share. The rules themselves are in
 * decide_open.c and decide_say.c (words), decide_set.c (fields), decide_route.c (who has it),
 * decide_close.c (how it ends), decide_reopen.c (how it goes on), decide_urgent.c (emergencies and
 * approvals), decide_fire.c (time); what a policy adds in decide_rule.c and decide_clock.c. */
#include <stdarg.h>
#include <stdio.h>

#include "base/must.h"
#include "core/command.h"
#include "core/decision.h"

static enum status (*const rules[])(struct decision *) = {
	[COMMAND_OPEN] = decide_open,
	[COMMAND_SAY] = decide_say,
	[COMMAND_NOTE] = decide_note,
	[COMMAND_SET] = decide_set,
	[COMMAND_ASSIGN] = decide_assign,
	[COMMAND_REQUEUE] = decide_requeue,
	[COMMAND_TRANSFER] = decide_transfer,
	[COMMAND_ESCALATE] = decide_escalate,
	[COMMAND_CLOSE] = decide_close,
	[COMMAND_RATE] = decide_rate,
	[COMMAND_READ] = decide_read,
	[COMMAND_UNDO] = decide_undo,
	[COMMAND_IDENTIFY] = decide_identify,
	[COMMAND_FIRE] = decide_fire,
	[COMMAND_INCIDENT] = decide_incident,
	[COMMAND_CONFIRM] = decide_confirm,
	[COMMAND_ACKNOWLEDGE] = decide_acknowledge,
	[COMMAND_PAGE_FAILED] = decide_page_failed,
	[COMMAND_APPROVE] = decide_approve,
	[COMMAND_HELPED] = decide_helped,
	[COMMAND_PAGE_OPENED] = decide_page_opened,
};

static bool needs_policy(enum command_kind kind)
{
	return kind >= COMMAND_FIRE;
}

static const struct policy *policy_of(const struct ticket *before, const struct command *command)
{
	if (command->book == NULL)
		return NULL;
	return command->kind == COMMAND_OPEN ? command->book->current
	                                     : policy_book_find(command->book, before->policy);
}

/* Neither a read mark, a name nor an opened page moves a clock, and OPEN and FIRE see to theirs. */
static bool moves_clocks(const struct decision *d)
{
	enum command_kind kind = d->command->kind;

	return d->policy != NULL && kind != COMMAND_READ && kind != COMMAND_IDENTIFY &&
	       kind != COMMAND_PAGE_OPENED && kind != COMMAND_OPEN && kind != COMMAND_FIRE;
}

/* What waits for the customer takes no room of its agent. */
static void find_room(const struct ticket *before, struct effect *effect)
{
	const struct ticket *after = &effect->after;

	if (effect->route != ROUTE_KEEP || after->agent.v == 0 || after->status == before->status)
		return;
	if (after->status == TICKET_PENDING)
		effect->route = ROUTE_PARK;
	else if (before->status == TICKET_PENDING)
		effect->route = ROUTE_BIND;
}

enum status ticket_decide(const struct ticket *before, const struct command *command,
                          struct arena *arena, struct effect *effect_out)
{
	struct decision d = {
		.before = before, .command = command, .arena = arena, .effect = effect_out};
	enum status st;

	MUST((size_t)command->kind < ARRAY_LEN(rules));
	ticket_copy(&effect_out->after, before);
	effect_out->entries_count = 0;
	effect_out->changes_count = 0;
	effect_out->alerts_count = 0;
	effect_out->fired_count = 0;
	effect_out->route = ROUTE_KEEP;
	effect_out->released = (struct agent_id){0};
	d.policy = policy_of(before, command);
	if (command->kind != COMMAND_OPEN && command->actor.role == ROLE_VISITOR &&
	    (visitor_id_is_none(&command->actor.visitor) ||
	     !visitor_id_eq(&before->visitor, &command->actor.visitor)))
		return ST_NOT_FOUND;
	if (d.policy == NULL && needs_policy(command->kind))
		return ST_BAD_REQUEST;
	if (moves_clocks(&d))
		decision_catch_up(&d);
	st = rules[command->kind](&d);
	if (st == ST_OK && moves_clocks(&d)) {
		decision_follow(&d, before);
		decision_settle(&d, before);
	}
	if (st == ST_OK && command->kind != COMMAND_OPEN)
		find_room(before, effect_out);
	return st;
}

struct entry *decision_entry(struct decision *d, const struct entry *draft)
{
	static const struct actor system = {.role = ROLE_SYSTEM};
	const struct actor *actor = d->by_system ? &system : &d->command->actor;
	struct ticket *after = &d->effect->after;
	struct entry *entry;

	MUST(d->effect->entries_count < EFFECT_ENTRIES_MAX);
	entry = &d->effect->entries[d->effect->entries_count++];
	*entry = *draft;
	entry->ticket = after->number;
	entry->seq = ++after->last_seq;
	entry->prev_public = after->last_public_seq;
	entry->at = d->command->now;
	entry->from = actor->role;
	if (actor->role == ROLE_AGENT)
		entry->from_agent = actor->agent;
	(void)span_copy(entry->from_name, sizeof(entry->from_name), span_of(actor->name));
	if (entry_is_public(entry))
		after->last_public_seq = entry->seq;
	return entry;
}

static void put_actor(struct change *change, const struct decision *d)
{
	const struct actor *actor = &d->command->actor;

	if (d->by_system || actor->role != ROLE_AGENT) {
		(void)span_copy(change->actor, sizeof(change->actor),
		                span_of(role_name(d->by_system ? ROLE_SYSTEM : actor->role)));
		return;
	}
	(void)span_copy(change->actor, sizeof(change->actor), SPAN_LIT("agent:"));
	(void)span_copy(change->actor + 6, sizeof(change->actor) - 6, span_of(actor->name));
}

void decision_change(struct decision *d, const char *field, struct span from, struct span to,
                     struct span why)
{
	struct change *change;

	MUST(d->effect->changes_count < EFFECT_CHANGES_MAX);
	change = &d->effect->changes[d->effect->changes_count++];
	*change = (struct change){.at = d->command->now, .from = from, .to = to, .why = why};
	put_actor(change, d);
	(void)span_copy(change->field, sizeof(change->field), span_of(field));
}

void decision_priority(struct decision *d, enum priority priority, const char *why)
{
	struct ticket *after = &d->effect->after;

	if (after->priority == priority)
		return;
	decision_change(d, "priority", span_of(priority_name(after->priority)),
	                span_of(priority_name(priority)), span_of(why));
	after->priority = priority;
}

void decision_status(struct decision *d, enum ticket_status status, const char *why)
{
	struct ticket *after = &d->effect->after;

	if (after->status == status)
		return;
	decision_change(d, "status", span_of(ticket_status_name(after->status)),
	                span_of(ticket_status_name(status)), span_of(why));
	after->status = status;
}

void decision_turn(struct decision *d, const char *field, bool to, const char *why)
{
	decision_change(d, field, to ? SPAN_LIT("no") : SPAN_LIT("yes"),
	                to ? SPAN_LIT("yes") : SPAN_LIT("no"), span_of(why));
}

const char *decision_text(struct decision *d, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return arena_strdup(d->arena, text);
}

/* A target that very many tickets miss is told of by each of them: this is a tenth of what printf
 * takes. */
static void put_digits(char *to, unsigned value, size_t count)
{
	while (count > 0) {
		to[--count] = (char)('0' + value % 10);
		value /= 10;
	}
}

const char *decision_moment(struct decision *d, wall_ms at)
{
	const struct calendar *hours = timer_hours(d->policy, &d->effect->after);
	const struct zone *zone = hours->zone != NULL ? hours->zone : &zone_utc;
	char text[] = "0000-00-00 00:00 ";
	struct civil local;

	zone_local(zone, at, &local);
	put_digits(text, (unsigned)local.year, 4);
	put_digits(text + 5, (unsigned)local.month, 2);
	put_digits(text + 8, (unsigned)local.day, 2);
	put_digits(text + 11, (unsigned)local.second / 3600, 2);
	put_digits(text + 14, (unsigned)local.second / 60 % 60, 2);
	return arena_join(d->arena, text, zone_type_at(zone, at / SEC_MS)->abbreviation, NULL);
}

bool decision_alert(struct decision *d, const struct alert *alert)
{
	if (d->effect->alerts_count == EFFECT_ALERTS_MAX)
		return false;
	d->effect->alerts[d->effect->alerts_count++] = *alert;
	return true;
}

/* For each alert at most one row, so there is room for it (EFFECT_CHANGES_MAX). */
static void put_down(struct decision *d, const char *field, const char *whom, const char *why)
{
	bool by_system = d->by_system;

	d->by_system = true;
	decision_change(d, field, SPAN_LIT(""), span_of(arena_strdup(d->arena, whom)),
	                span_of(why));
	d->by_system = by_system;
}

static const char *name_of(const struct decision *d, enum rule_notify whom)
{
	const struct contact *contact = NULL;

	switch (whom) {
	case NOTIFY_AGENT:
		return d->effect->after.agent.v != 0 ? d->effect->after.agent_name : "agents";
	case NOTIFY_SUPERVISOR:
		contact = d->policy->supervisor;
		break;
	case NOTIFY_LEAD:
		contact = d->policy->lead;
		break;
	case NOTIFY_NOBODY:
		break;
	}
	return contact != NULL ? contact->name : rule_notify_name(whom);
}

void decision_tell(struct decision *d, enum rule_notify whom, const char *rule, const char *why)
{
	struct alert alert = {.kind = ALERT_NOTICE, .notify = whom, .why = why};

	(void)span_copy(alert.rule, sizeof(alert.rule), span_of(rule));
	if (decision_alert(d, &alert))
		put_down(d, "told", name_of(d, whom), why);
}

void decision_page(struct decision *d, int tier, const char *rule, const char *why)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;
	struct alert alert = {.kind = ALERT_PAGE, .tier = tier, .why = why};
	const struct contact *contact;

	if (escalation->page_acked_at != 0) { /* what it was about is over: one of its own */
		escalation->pages = 0;
		escalation->page_acked_at = 0;
	}
	alert.attempt = escalation->pages;
	(void)span_copy(alert.rule, sizeof(alert.rule), span_of(rule));
	contact = escalation_contact(d->policy, &d->effect->after, tier, d->command->now,
	                             alert.attempt);
	if (decision_alert(d, &alert))
		put_down(d, "page", contact != NULL ? contact->name : "nobody", why);
	escalation->pages++;
	escalation->paged_at = d->command->now;
}

bool decision_flags(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	const struct visitor_flags *flags = &d->command->flags;
	enum priority before = after->priority;

	if (flags->production_stopped) {
		after->flags.production_stopped = true;
		if (after->priority < PRIORITY_HIGH)
			decision_priority(d, PRIORITY_HIGH,
			                  "the visitor says that production is stopped");
	}
	if (flags->data_exposed) {
		after->flags.data_exposed = true;
		decision_priority(d, PRIORITY_CRITICAL, "the visitor says that data is exposed");
	}
	return after->priority != before;
}

bool decision_is_owner(const struct decision *d)
{
	const struct actor *actor = &d->command->actor;

	if (actor->role != ROLE_AGENT)
		return actor->role == ROLE_SYSTEM;
	return actor->agent_role != AGENT_ROLE_AGENT || d->before->agent.v == 0 ||
	       d->before->agent.v == actor->agent.v;
}

bool decision_is_lead(const struct decision *d)
{
	const struct actor *actor = &d->command->actor;

	return actor->role == ROLE_SYSTEM ||
	       (actor->role == ROLE_AGENT && actor->agent_role != AGENT_ROLE_AGENT);
}
