/* SPDX-License-Identifier: MIT */
/* The fake's timers and what they go by. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/effect.h"
#include "adapter/fake_record.h"
#include "base/log.h"
#include "base/must.h"

/* 0: it is not on record. */
static wall_ms fired_at(const struct fake_ticket *ticket, const struct fired *fired)
{
	for (size_t i = 0; i < ticket->fired_count; i++)
		if (ticket->fired[i].fired.slot == fired->slot &&
		    ticket->fired[i].fired.due == fired->due)
			return ticket->fired[i].at;
	return 0;
}

static bool look_up_fired(const struct fake_ticket *ticket, const struct effect *effect,
                          wall_ms *at)
{
	bool any = false;

	for (unsigned i = 0; i < effect->fired_count; i++) {
		at[i] = fired_at(ticket, &effect->fired[i]);
		any = any || at[i] != 0;
	}
	return any;
}

static void fire_one(struct fake_record *record, struct store_call *call,
                     const struct command *command, struct fake_ticket *ticket)
{
	struct effect *effect = &call->u.fire.effects[call->u.fire.count];
	enum status st = effect_fire(&ticket->ticket, command, &call->arena, effect);
	wall_ms at[EFFECT_FIRED_MAX];

	if (st == ST_OK && look_up_fired(ticket, effect, at))
		effect_learn(&ticket->ticket, command, at, effect);
	if (st != ST_OK)
		log_warn("timer.refused", "ticket=%" PRIu64 " status=%s", ticket->ticket.number.v,
		         status_name(st));
	effect_own(effect, &call->arena);
	fake_effect_write(record, ticket, command, effect);
	if (!effect_is_empty(effect))
		call->u.fire.count++;
}

/* All that are due are taken out before the first of them is decided: each has one turn. */
static size_t take_due(struct fake_record *record, const struct store_call *call,
                       struct fake_ticket **tickets)
{
	struct fake_ticket *first = fake_due_first(&record->due);
	size_t count = 0;

	while (first != NULL && first->due_at <= call->u.fire.now && count < call->u.fire.limit) {
		tickets[count++] = first;
		fake_due_remove(&record->due, first);
		first = fake_due_first(&record->due);
	}
	return count;
}

enum status fake_fire(struct fake_record *record, struct store_call *call)
{
	struct command command = {.kind = COMMAND_FIRE,
	                          .actor = {.role = ROLE_SYSTEM},
	                          .now = call->u.fire.now,
	                          .book = call->u.fire.book};
	struct fake_ticket **tickets, *next;
	size_t count;

	MUST(call->u.fire.limit >= 1 && call->u.fire.limit <= STORE_FIRE_MAX);
	tickets = arena_alloc(&call->arena, call->u.fire.limit * sizeof(struct fake_ticket *));
	count = take_due(record, call, tickets);
	call->u.fire.count = 0;
	call->u.fire.effects = arena_alloc_raw(&call->arena, count * sizeof(struct effect));
	for (size_t i = 0; i < count; i++)
		fire_one(record, call, &command, tickets[i]);
	next = fake_due_first(&record->due);
	call->u.fire.next_due = next != NULL ? next->due_at : 0;
	call->u.fire.more = next != NULL && next->due_at <= call->u.fire.now;
	return ST_OK;
}

enum status fake_policy_put(struct fake_record *record, struct store_call *call)
{
	size_t count = record->policies_count;
	struct policy_row *row;

	if (count == 0 || !span_eq(record->policies[count - 1].text, call->u.policy_put.text)) {
		record->policies = fake_list_grow(record->policies, count, sizeof(*row));
		row = &record->policies[record->policies_count++];
		*row = (struct policy_row){
			.id = (uint32_t)record->policies_count,
			.adopted_at = call->u.policy_put.now,
			.text = arena_span(&record->arena, call->u.policy_put.text)};
	}
	call->u.policy_put.id = (uint32_t)record->policies_count;
	return ST_OK;
}

enum status fake_read_policies(const struct fake_record *record, struct store_call *call)
{
	const struct policy_row *row = record->policies + record->policies_count;
	size_t count = 0;

	call->u.policies.items =
		arena_alloc(&call->arena, POLICY_BOOK_MAX * sizeof(struct policy_row));
	while (row > record->policies && count < POLICY_BOOK_MAX) {
		struct policy_row *item = &call->u.policies.items[count++];

		*item = *--row;
		item->text = arena_span(&call->arena, item->text);
	}
	call->u.policies.count = count;
	return ST_OK;
}

/* NULL: nobody who can be told from others. */
static const struct ticket *person_of(const struct fake_ticket *ticket)
{
	const struct ticket *of = &ticket->ticket;

	return visitor_id_is_none(&of->visitor) && of->visitor_email[0] == '\0' ? NULL : of;
}

static bool is_same_person(const struct ticket *a, const struct ticket *b)
{
	if (!visitor_id_is_none(&a->visitor) || !visitor_id_is_none(&b->visitor))
		return visitor_id_eq(&a->visitor, &b->visitor);
	return strcmp(a->visitor_email, b->visitor_email) == 0;
}

static void add_similar(struct store_call *call, const struct ticket **people,
                        const struct fake_ticket *ticket)
{
	const struct ticket *person = person_of(ticket);
	unsigned i = 0;

	call->u.similar.tickets++;
	if (person == NULL)
		return;
	while (i < call->u.similar.people && !is_same_person(people[i], person))
		i++;
	people[i] = person;
	if (i == call->u.similar.people)
		call->u.similar.people++;
}

enum status fake_read_similar(const struct fake_record *record, struct store_call *call)
{
	const struct ticket *people[STORE_SIMILAR_MAX];

	call->u.similar.tickets = call->u.similar.people = 0;
	for (size_t i = record->tickets_count; i-- > 0;) {
		const struct fake_ticket *ticket = record->tickets[i];

		if (ticket == NULL)
			continue;
		if (record->created[i] < call->u.similar.since) {
			if (record->created_in_order)
				break;
			continue;
		}
		if (call->u.similar.tickets < STORE_SIMILAR_MAX &&
		    span_is(call->u.similar.topic, ticket->ticket.topic))
			add_similar(call, people, ticket);
	}
	return ST_OK;
}
