/* SPDX-License-Identifier: MIT */
/* ticket_decide: one row a command, and what the rules share. The rules themselves are in
 * decide_say.c (words), decide_route.c (who has it) and decide_close.c (how it ends). */
#include "base/must.h"
#include "core/command.h"
#include "core/decision.h"

static enum status (*const rules[])(struct decision *) = {
	[COMMAND_OPEN] = decide_open,         [COMMAND_SAY] = decide_say,
	[COMMAND_NOTE] = decide_note,         [COMMAND_SET] = decide_set,
	[COMMAND_ASSIGN] = decide_assign,     [COMMAND_REQUEUE] = decide_requeue,
	[COMMAND_TRANSFER] = decide_transfer, [COMMAND_ESCALATE] = decide_escalate,
	[COMMAND_CLOSE] = decide_close,       [COMMAND_RATE] = decide_rate,
	[COMMAND_READ] = decide_read,         [COMMAND_HELPED] = NULL,
};

enum status ticket_decide(const struct ticket *before, const struct command *command,
                          struct arena *arena, struct effect *effect_out)
{
	struct decision d = {
		.before = before, .command = command, .arena = arena, .effect = effect_out};

	MUST((size_t)command->kind < ARRAY_LEN(rules));
	effect_out->after = *before;
	effect_out->entries_count = 0;
	effect_out->changes_count = 0;
	effect_out->alerts_count = 0;
	effect_out->fired_count = 0;
	effect_out->route = ROUTE_KEEP;
	effect_out->released = (struct agent_id){0};
	if (command->kind != COMMAND_OPEN && command->actor.role == ROLE_VISITOR &&
	    (visitor_id_is_none(&command->actor.visitor) ||
	     !visitor_id_eq(&before->visitor, &command->actor.visitor)))
		return ST_NOT_FOUND;
	return rules[command->kind] != NULL ? rules[command->kind](&d) : ST_BAD_REQUEST;
}

struct entry *decision_entry(struct decision *d, const struct entry *draft)
{
	const struct actor *actor = &d->command->actor;
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

static void put_actor(struct change *change, const struct actor *actor)
{
	if (actor->role != ROLE_AGENT) {
		(void)span_copy(change->actor, sizeof(change->actor),
		                span_of(role_name(actor->role)));
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
	put_actor(change, &d->command->actor);
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
