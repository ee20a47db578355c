/* SPDX-License-Identifier: MIT */
/* The fields of a ticket. */
#include <inttypes.h>
#include <string.h>

#include "base/must.h"
#include "core/decision.h"
#include "core/links.h"

/* By hand a ticket moves between open and pending while somebody has it, and from resolved
 * to closed. Everything else is an assignment or an end, which have commands of their own. */
static bool may_move(const struct ticket *ticket, enum ticket_status to)
{
	switch (to) {
	case TICKET_OPEN:
		return ticket->status == TICKET_PENDING;
	case TICKET_PENDING:
		return ticket->status == TICKET_OPEN && ticket->agent.v != 0;
	case TICKET_CLOSED:
		return ticket->status == TICKET_RESOLVED && ticket->resolution != RESOLUTION_NONE;
	case TICKET_NEW:
	case TICKET_RESOLVED:
		return false;
	}
	MUST(0);
}

static struct span tags_text(struct decision *d, const struct tag *tags, unsigned count)
{
	char *text = arena_alloc(d->arena, (size_t)TAGS_MAX * (TAG_SIZE + 1));
	size_t len = 0;

	for (unsigned i = 0; i < count; i++) {
		size_t one = strlen(tags[i].text);

		if (i > 0)
			text[len++] = ' ';
		memcpy(text + len, tags[i].text, one);
		len += one;
	}
	return (struct span){.ptr = text, .len = len};
}

static bool has_tag(const struct ticket *ticket, struct span tag)
{
	for (unsigned i = 0; i < ticket->tags_count; i++) {
		if (span_is(tag, ticket->tags[i].text))
			return true;
	}
	return false;
}

static void drop_tag(struct ticket *ticket, struct span tag)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < ticket->tags_count; i++) {
		if (!span_is(tag, ticket->tags[i].text))
			ticket->tags[kept++] = ticket->tags[i];
	}
	ticket->tags_count = kept;
}

/* One tag, whatever the others are by now. false: there is no room. */
static bool set_tag(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	struct ticket *after = &d->effect->after;
	struct span from = tags_text(d, after->tags, after->tags_count), to;

	if ((set->mask & (SET_TAG_ADD | SET_TAG_OFF)) == 0)
		return true;
	if ((set->mask & SET_TAG_OFF) != 0)
		drop_tag(after, set->tag_off);
	if ((set->mask & SET_TAG_ADD) != 0 && !has_tag(after, set->tag_add)) {
		if (after->tags_count == TAGS_MAX)
			return false;
		(void)span_copy(after->tags[after->tags_count++].text, TAG_SIZE, set->tag_add);
	}
	to = tags_text(d, after->tags, after->tags_count);
	if (!span_eq(from, to))
		decision_change(d, "tags", from, to, d->command->reason);
	return true;
}

/* false: there is no room. */
static bool set_link(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	char *links = d->effect->after.links;

	if ((set->mask & SET_LINK_OFF) != 0 && links_has(links, set->link_off)) {
		decision_change(d, "link", set->link_off, SPAN_LIT(""), d->command->reason);
		links_remove(links, set->link_off);
	}
	if ((set->mask & SET_LINK_ADD) == 0 || links_has(links, set->link_add))
		return true;
	decision_change(d, "link", SPAN_LIT(""), set->link_add, d->command->reason);
	return links_add(links, set->link_add);
}

void decision_set_words(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	const struct ticket *before = d->before;

	if ((set->mask & SET_TITLE) != 0 && !span_is(set->title, before->title))
		decision_change(d, "title", span_of(before->title), set->title, d->command->reason);
	if ((set->mask & SET_TOPIC) != 0 && !span_is(set->topic, before->topic))
		decision_change(d, "topic", span_of(before->topic), set->topic, d->command->reason);
	if ((set->mask & SET_TAGS) != 0) {
		struct span from = tags_text(d, before->tags, before->tags_count);
		struct span to = tags_text(d, set->tags, set->tags_count);

		if (!span_eq(from, to))
			decision_change(d, "tags", from, to, d->command->reason);
	}
	decision_take_fields(d);
}

void decision_take_fields(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	struct ticket *after = &d->effect->after;

	if ((set->mask & SET_TITLE) != 0)
		(void)span_copy(after->title, sizeof(after->title), set->title);
	if ((set->mask & SET_TOPIC) != 0)
		(void)span_copy(after->topic, sizeof(after->topic), set->topic);
	if ((set->mask & SET_TAGS) != 0) {
		memcpy(after->tags, set->tags, sizeof(after->tags));
		after->tags_count = set->tags_count;
	}
}

static const char *why_by_hand(const struct decision *d)
{
	if (d->command->reason.len == 0)
		return "by hand";
	return arena_span(d->arena, d->command->reason).ptr;
}

/* Only who handles incidents, or leads the desk, says that it is none; and says why (X10). */
static enum status may_lower(const struct decision *d)
{
	const struct actor *actor = &d->command->actor;
	const struct ticket_fields *set = &d->command->set;

	if (d->policy == NULL || !d->before->escalation.immediate ||
	    (set->mask & SET_PRIORITY) == 0 || set->priority >= d->before->priority)
		return ST_OK;
	if (!decision_is_lead(d) && actor->tier != TIER_MAX)
		return ST_FORBIDDEN;
	return d->command->reason.len > 0 ? ST_OK : ST_BAD_REQUEST;
}

static void downgrade(struct decision *d)
{
	struct ticket_escalation *escalation = &d->effect->after.escalation;

	if (ticket_is_paging(&d->effect->after))
		decision_page_seen(d, "taken back");
	escalation->immediate = false;
	if (escalation->stopped == STOPPED_SAID)
		escalation->stopped = STOPPED_REJECTED;
	decision_change(d, "immediate", SPAN_LIT("yes"), SPAN_LIT("no"), d->command->reason);
	decision_stop_milestones(d);
	(void)decision_entry(d,
	                     &(struct entry){.kind = ENTRY_EVENT,
	                                     .event = EVENT_DOWNGRADED,
	                                     .id = d->effect->entries_count == 0 ? d->command->id
	                                                                         : (struct span){0},
	                                     .tier = d->effect->after.tier,
	                                     .reason = d->command->reason});
}

static void set_priority(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	struct ticket *after = &d->effect->after;

	if ((set->mask & SET_PRIORITY) == 0 || set->priority == d->before->priority)
		return;
	decision_priority(d, set->priority, why_by_hand(d));
	if (ticket_is_waiting(after))
		d->effect->route = ROUTE_QUEUE;
	if (d->policy != NULL && after->escalation.immediate && set->priority < d->before->priority)
		downgrade(d);
}

static void set_parent(struct decision *d)
{
	struct ticket_id *parent = &d->effect->after.escalation.parent;
	uint64_t to = d->command->set.parent.v;

	if ((d->command->set.mask & SET_PARENT) == 0 || to == parent->v)
		return;
	decision_change(
		d, "parent", span_of(parent->v == 0 ? "" : decision_text(d, "%" PRIu64, parent->v)),
		span_of(to == 0 ? "" : decision_text(d, "%" PRIu64, to)), d->command->reason);
	parent->v = to;
}

static struct ticket_milestone *own_milestone(struct ticket *ticket, struct span id)
{
	for (unsigned i = 0; i < MILESTONES_MAX; i++)
		if (id.len > 0 && span_is(id, ticket->milestones[i].id))
			return &ticket->milestones[i];
	return NULL;
}

/* Whoever says that it is done has heard what was called for; of an emergency Tier 3 says so. */
static void answer_page(struct decision *d)
{
	const struct ticket *after = &d->effect->after;

	if (ticket_is_paging(after) &&
	    (!after->escalation.immediate || d->command->actor.tier == TIER_MAX))
		decision_page_seen(d, "done");
}

/* Reached, or not after all. false: the ticket has no such milestone. */
static bool set_milestone(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	struct ticket_milestone *done = own_milestone(&d->effect->after, set->done);
	struct ticket_milestone *undone = own_milestone(&d->effect->after, set->undone);

	if (((set->mask & SET_DONE) != 0 && done == NULL) ||
	    ((set->mask & SET_UNDONE) != 0 && undone == NULL))
		return false;
	if (undone != NULL && undone->done_at != 0) {
		undone->done_at = 0;
		decision_change(d, "done", set->undone, SPAN_LIT(""), d->command->reason);
	}
	if (done != NULL && done->done_at == 0) {
		done->done_at = d->command->now;
		decision_change(d, "done", SPAN_LIT(""), set->done, d->command->reason);
		answer_page(d);
	}
	return true;
}

/* Another topic has another tier that solves it, and rules of its own. */
static void set_topic(struct decision *d, struct plan *plan)
{
	struct ticket *after = &d->effect->after;
	const struct topic *topic = policy_topic(d->policy, span_of(after->topic));

	if (strcmp(after->topic, d->before->topic) == 0 || !ticket_is_live(after))
		return;
	if (topic != NULL && !after->escalation.immediate &&
	    after->escalation.needed_tier != topic->tier) {
		decision_change(d, "needed_tier",
		                span_of(decision_text(d, "%d", after->escalation.needed_tier)),
		                span_of(decision_text(d, "%d", topic->tier)),
		                span_of("the topic's tier"));
		after->escalation.needed_tier = topic->tier;
	}
	plan_happened(plan, d, &(struct happening){.event = WHEN_TOPIC, .evidence = after->topic});
}

static enum status set_status(struct decision *d, struct plan *plan)
{
	const struct ticket_fields *set = &d->command->set;

	if ((set->mask & SET_STATUS) == 0 || set->status == d->before->status)
		return ST_OK;
	if (d->policy != NULL && set->status == TICKET_OPEN &&
	    d->before->status == TICKET_RESOLVED) {
		decision_reopen(d, d->command->id, plan);
		return ST_OK;
	}
	if (!may_move(d->before, set->status))
		return ST_CONFLICT;
	decision_status(d, set->status, why_by_hand(d));
	return ST_OK;
}

static enum status check_set(const struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;

	if (d->command->actor.role == ROLE_VISITOR)
		return ST_FORBIDDEN;
	if ((set->mask & SET_TITLE) != 0 && set->title.len == 0)
		return ST_BAD_REQUEST;
	if ((set->mask & SET_PARENT) != 0 && set->parent.v == d->before->number.v)
		return ST_BAD_REQUEST;
	return may_lower(d);
}

enum status decide_set(struct decision *d)
{
	struct plan plan = {0};
	enum status st = check_set(d);

	if (st == ST_OK)
		st = set_status(d, &plan);
	if (st != ST_OK)
		return st;
	decision_set_words(d);
	if (!set_milestone(d))
		return ST_BAD_REQUEST;
	if (!set_tag(d) || !set_link(d))
		return ST_CONFLICT;
	set_priority(d);
	set_parent(d);
	if (d->policy != NULL) {
		set_topic(d, &plan);
		plan_carry_out(&plan, d);
	}
	return ST_OK;
}
