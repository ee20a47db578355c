/* SPDX-License-Identifier: MIT */
/* When each clock of a ticket runs out: a moment that it counts from, and a length on one of two
 * clocks. Who is asked twice gives the same answer, whatever happened between. */
#include "core/timer.h"

#include <string.h>

#include "base/must.h"
#include "core/escalation.h"

static const struct calendar round_the_clock = {.id = "always", .zone = &zone_utc, .always = true};

struct view {
	const struct policy *policy;
	const struct ticket *ticket;
	const struct calendar *hours;
	struct due *out;
	size_t count;
};

const struct calendar *timer_hours(const struct policy *policy, const struct ticket *ticket)
{
	const struct calendar *hours = policy->channels[ticket->channel].hours;

	return hours != NULL ? hours : &round_the_clock;
}

static bool is_running(const struct ticket *ticket)
{
	return ticket_is_live(ticket) && ticket->status != TICKET_PENDING &&
	       ticket->clocks.paused_since == 0;
}

static wall_ms later(wall_ms a, wall_ms b)
{
	return a > b ? a : b;
}

/* What a condition counts from. */
static wall_ms begin_of_rule(enum rule_event event, const struct ticket *ticket)
{
	const struct ticket_clocks *clocks = &ticket->clocks;
	wall_ms ours = later(clocks->agent_at, clocks->resumed_at);

	switch (event) {
	case WHEN_STOPPED:
		return ticket->escalation.stopped_at;
	case WHEN_SILENCE:
		return later(ticket->created_at, ours);
	case WHEN_NOT_ACCEPTED:
		return clocks->tier_since;
	case WHEN_NO_PROGRESS:
		return later(clocks->tier_since, ours);
	case WHEN_APPROVED:
		return ticket->escalation.approved_at;
	case WHEN_IMMEDIATE:
		return ticket->escalation.immediate_at;
	case WHEN_TRIGGER:
	case WHEN_ASKED:
	case WHEN_DATA_EXPOSED:
	case WHEN_INCIDENT:
	case WHEN_WORK:
	case WHEN_ANSWER_FAILED:
	case WHEN_REOPENED:
	case WHEN_FIRST_RESPONSE:
	case WHEN_RESOLUTION:
	case WHEN_TOPIC:
	case WHEN_PATTERN:
	case WHEN_MILESTONE: /* once, as the milestone itself */
	case WHEN_BY_HAND:
		return ticket->created_at;
	}
	MUST(0);
}

static wall_ms begin_of(enum timer timer, const struct ticket *ticket)
{
	const struct ticket_clocks *clocks = &ticket->clocks;

	switch (timer) {
	case TIMER_FIRST_WARN:
	case TIMER_FIRST_BREACH:
	case TIMER_RESOLUTION_WARN:
	case TIMER_RESOLUTION_BREACH:
		return ticket->created_at;
	case TIMER_PAGE:
		return ticket->escalation.pages == 0 ? ticket->escalation.immediate_at
		                                     : ticket->escalation.paged_at;
	case TIMER_OFFER_TICKET:
	case TIMER_KEEP_TICKET:
		return ticket->waiting_since;
	case TIMER_REMIND:
	case TIMER_NO_REPLY:
		return clocks->paused_since;
	case TIMER_FINISH:
		return ticket->resolved_at;
	case TIMER_STALE:
		return later(later(ticket->created_at, clocks->resumed_at),
		             later(clocks->agent_at, clocks->visitor_at));
	}
	MUST(0);
}

static void add(struct view *view, uint8_t slot, wall_ms at)
{
	size_t i = view->count;

	if (at == WALL_NEVER || (view->ticket->clocks.fired >> slot & 1U) != 0)
		return;
	MUST(view->count < TIMER_SLOTS);
	view->count++;
	for (; i > 0 && (view->out[i - 1].at > at ||
	                 (view->out[i - 1].at == at && view->out[i - 1].slot > slot));
	     i--)
		view->out[i] = view->out[i - 1];
	view->out[i] = (struct due){.slot = slot, .at = at};
}

/* Only what is promised runs. */
static void add_after(struct view *view, enum timer timer, const struct duration *length)
{
	if (length->ms > 0)
		add(view, (uint8_t)timer,
		    policy_after(view->hours, begin_of(timer, view->ticket), length));
}

static const struct duration *resolution_target(const struct policy *policy,
                                                const struct ticket *ticket)
{
	const struct topic *topic;

	if (ticket->priority != PRIORITY_CRITICAL) {
		topic = policy_topic(policy, span_of(ticket->topic));
		if (topic != NULL && topic->resolution.ms > 0)
			return &topic->resolution;
	}
	return &policy->promises[ticket->channel][ticket->priority].resolution;
}

static const struct duration *first_target(const struct policy *policy, const struct ticket *ticket)
{
	return &policy->promises[ticket->channel][ticket->priority].first_response;
}

/* From creation, with the pauses so far on the target's own clock. WALL_NEVER: not promised. */
static wall_ms target_at(const struct view *view, const struct duration *target, int percent)
{
	const struct ticket_clocks *clocks = &view->ticket->clocks;
	struct duration length = {.business = target->business};

	if (target->ms == 0)
		return WALL_NEVER;
	length.ms = target->ms * percent / 100 +
	            (target->business ? clocks->paused_open_ms : clocks->paused_wall_ms);
	return policy_after(view->hours, view->ticket->created_at, &length);
}

static void list_targets(struct view *view)
{
	const struct duration *target = resolution_target(view->policy, view->ticket);
	int warn = view->policy->warn_percent;

	if (!is_running(view->ticket))
		return;
	if (warn > 0)
		add(view, TIMER_RESOLUTION_WARN, target_at(view, target, warn));
	add(view, TIMER_RESOLUTION_BREACH, target_at(view, target, 100));
	if (view->ticket->first_response_at != 0)
		return;
	target = first_target(view->policy, view->ticket);
	if (warn > 0)
		add(view, TIMER_FIRST_WARN, target_at(view, target, warn));
	add(view, TIMER_FIRST_BREACH, target_at(view, target, 100));
}

/* From creation, or from where a rule started it, with the pauses since then unless it knows none. */
static wall_ms milestone_at(const struct view *view, const struct milestone *milestone, int percent)
{
	const struct ticket_clocks *clocks = &view->ticket->clocks;
	const struct ticket_milestone *own = milestone_find(view->ticket, milestone->id);
	bool asked = own != NULL && own->asked_at != 0;
	struct duration length = {.business = milestone->within.business};

	length.ms = milestone->within.ms * percent / 100;
	if (!milestone->always)
		length.ms += (length.business ? clocks->paused_open_ms : clocks->paused_wall_ms) -
		             (asked ? own->paused_ms : 0);
	return policy_after(view->hours, asked ? own->asked_at : view->ticket->created_at, &length);
}

static void list_milestones(struct view *view)
{
	const struct policy *policy = view->policy;

	for (size_t i = 0; i < policy->milestones_count; i++) {
		const struct milestone *milestone = &policy->milestones[i];
		uint8_t slot = (uint8_t)(TIMER_MILESTONES + 2 * i); /* below TIMER_SLOTS */

		if (!milestone_runs(milestone, view->ticket, is_running(view->ticket)))
			continue;
		if (policy->warn_percent > 0)
			add(view, slot, milestone_at(view, milestone, policy->warn_percent));
		add(view, slot | 1U, milestone_at(view, milestone, 100));
	}
}

/* An emergency is paged again at any time; what a rule pages for waits for the hours, unless it is
 * answered around the clock. */
static void list_page(struct view *view)
{
	const struct ticket *ticket = view->ticket;
	const struct ticket_escalation *escalation = &ticket->escalation;
	struct duration again = view->policy->page_again;

	if (escalation->page_acked_at != 0)
		return;
	if (escalation->immediate && escalation->pages == 0)
		add(view, TIMER_PAGE, escalation->immediate_at);
	if (escalation->pages == 0)
		return;
	if (!escalation->immediate)
		again.business =
			!view->policy->promises[ticket->channel][ticket->priority].around_the_clock;
	add_after(view, TIMER_PAGE, &again);
}

static void list_fixed(struct view *view)
{
	const struct policy *policy = view->policy;
	const struct ticket *ticket = view->ticket;

	if (ticket->status == TICKET_RESOLVED)
		add(view, TIMER_FINISH,
		    policy_after(view->hours, ticket->resolved_at, &policy->reopen));
	if (!ticket_is_live(ticket))
		return;
	list_page(view);
	if (ticket->channel == CHANNEL_CHAT && ticket_is_waiting(ticket)) {
		add_after(view, TIMER_OFFER_TICKET, &policy->offer_ticket);
		add_after(view, TIMER_KEEP_TICKET, &policy->keep_ticket);
	}
	if (ticket->status == TICKET_PENDING && ticket->clocks.paused_since != 0) {
		add_after(view, TIMER_REMIND, &policy->remind);
		add_after(view, TIMER_NO_REPLY, &policy->no_reply);
	}
	if (is_running(ticket))
		add_after(view, TIMER_STALE, &policy->stale);
}

/* Asked for while the chat is closed there is nobody to confirm it; and when it closes meanwhile
 * there is nobody any more. */
static wall_ms stopped_at(const struct view *view, const struct rule_when *when)
{
	const struct ticket_escalation *escalation = &view->ticket->escalation;
	const struct calendar *hours = view->policy->channels[CHANNEL_CHAT].hours;
	wall_ms at, closes;

	if (escalation->stopped != STOPPED_SAID || escalation->immediate)
		return WALL_NEVER;
	if (hours == NULL)
		hours = &round_the_clock;
	if (!calendar_is_open(hours, escalation->stopped_at))
		return escalation->stopped_at;
	at = policy_after(hours, escalation->stopped_at, &when->after);
	closes = calendar_next_close(hours, escalation->stopped_at);
	return at < closes ? at : closes;
}

/* Nobody is at work on it while the desk is closed. */
static wall_ms work_at(const struct view *view, int64_t after)
{
	const struct ticket_clocks *clocks = &view->ticket->clocks;

	if (clocks->work_since == 0)
		return WALL_NEVER;
	return calendar_add(view->hours, clocks->work_since,
	                    after > clocks->work_ms ? after - clocks->work_ms : 0);
}

/* A condition runs only while the ticket is so. What is due behind an approval or an emergency is
 * due although the ticket has ended. */
static bool can_come(enum rule_event event, const struct ticket *ticket)
{
	switch (event) {
	case WHEN_STOPPED:
		return ticket_is_live(ticket);
	case WHEN_FIRST_RESPONSE:
		return is_running(ticket) && ticket->first_response_at == 0;
	case WHEN_WORK:
	case WHEN_RESOLUTION:
	case WHEN_SILENCE:
	case WHEN_NO_PROGRESS:
		return is_running(ticket);
	case WHEN_NOT_ACCEPTED:
		return is_running(ticket) && ticket->tier > TIER_MIN &&
		       ticket->clocks.tier_since != 0 && ticket->clocks.accepted_at == 0;
	case WHEN_APPROVED:
		return ticket->escalation.approval == APPROVAL_GRANTED;
	case WHEN_IMMEDIATE:
		return ticket->escalation.immediate;
	case WHEN_MILESTONE: /* it knows by itself whether it runs */
		return true;
	case WHEN_TRIGGER:
	case WHEN_ASKED:
	case WHEN_DATA_EXPOSED:
	case WHEN_INCIDENT:
	case WHEN_ANSWER_FAILED:
	case WHEN_REOPENED:
	case WHEN_TOPIC:
	case WHEN_PATTERN:
	case WHEN_BY_HAND:
		return false;
	}
	MUST(0);
}

static wall_ms acceptance_at(const struct view *view)
{
	const struct ticket *ticket = view->ticket;
	const struct duration *target =
		&view->policy->tiers[ticket->tier - 1].acceptance[ticket->priority];

	return target->ms > 0 ? policy_after(view->hours, ticket->clocks.tier_since, target)
	                      : WALL_NEVER;
}

static wall_ms rule_milestone_at(const struct view *view, const struct rule_when *when)
{
	const struct milestone *milestone = &view->policy->milestones[when->milestone];

	return milestone_runs(milestone, view->ticket, is_running(view->ticket))
	               ? milestone_at(view, milestone, when->percent)
	               : WALL_NEVER;
}

/* The moment when a condition of a rule comes true; WALL_NEVER: not as things are. */
static wall_ms rule_at(const struct view *view, const struct rule_when *when)
{
	const struct ticket *ticket = view->ticket;

	if (!can_come(when->event, ticket))
		return WALL_NEVER;
	switch (when->event) {
	case WHEN_STOPPED:
		return stopped_at(view, when);
	case WHEN_WORK:
		return work_at(view, when->after.ms);
	case WHEN_FIRST_RESPONSE:
		return target_at(view, first_target(view->policy, ticket), when->percent);
	case WHEN_RESOLUTION:
		return target_at(view, resolution_target(view->policy, ticket), when->percent);
	case WHEN_NOT_ACCEPTED:
		return acceptance_at(view);
	case WHEN_MILESTONE:
		return rule_milestone_at(view, when);
	case WHEN_SILENCE:
	case WHEN_NO_PROGRESS:
	case WHEN_APPROVED:
	case WHEN_IMMEDIATE:
		return policy_after(view->hours, begin_of_rule(when->event, ticket), &when->after);
	case WHEN_TRIGGER:
	case WHEN_ASKED:
	case WHEN_DATA_EXPOSED:
	case WHEN_INCIDENT:
	case WHEN_ANSWER_FAILED:
	case WHEN_REOPENED:
	case WHEN_TOPIC:
	case WHEN_PATTERN:
	case WHEN_BY_HAND:
		break;
	}
	MUST(0);
}

static void list_step(struct view *view, const struct rule_step *step)
{
	for (unsigned i = 0; i < step->when_count; i++)
		if (step->slot[i] >= TIMER_RULES &&
		    escalation_applies(&step->when[i], view->ticket))
			add(view, step->slot[i], rule_at(view, &step->when[i]));
}

size_t timer_list(const struct policy *policy, const struct ticket *ticket,
                  struct due out[TIMER_SLOTS])
{
	struct view view = {.policy = policy,
	                    .ticket = ticket,
	                    .hours = timer_hours(policy, ticket),
	                    .out = out};

	list_targets(&view);
	list_milestones(&view);
	list_fixed(&view);
	for (size_t i = 0; i < policy->rules_count; i++)
		for (unsigned j = 0; j < policy->rules[i].steps_count; j++)
			list_step(&view, &policy->rules[i].steps[j]);
	return view.count;
}

static wall_ms due_of(wall_ms at)
{
	return at == WALL_NEVER ? 0 : at;
}

static bool escalation_is_same(const struct ticket_escalation *a, const struct ticket_escalation *b)
{
	return a->immediate == b->immediate && a->stopped == b->stopped &&
	       a->stopped_at == b->stopped_at && a->immediate_at == b->immediate_at &&
	       a->pages == b->pages && a->paged_at == b->paged_at &&
	       a->page_acked_at == b->page_acked_at && a->approval == b->approval &&
	       a->approved_at == b->approved_at;
}

bool timer_is_same(const struct ticket *a, const struct ticket *b)
{
	struct ticket_clocks clocks = a->clocks;

	clocks.fired = b->clocks.fired;
	clocks.next_due = b->clocks.next_due;
	return a->policy == b->policy && a->status == b->status && a->priority == b->priority &&
	       a->channel == b->channel && a->tier == b->tier &&
	       a->waiting_since == b->waiting_since && a->created_at == b->created_at &&
	       a->first_response_at == b->first_response_at && a->resolved_at == b->resolved_at &&
	       a->resolution == b->resolution && memcmp(&clocks, &b->clocks, sizeof(clocks)) == 0 &&
	       escalation_is_same(&a->escalation, &b->escalation) && milestones_are_same(a, b) &&
	       strcmp(a->topic, b->topic) == 0;
}

/* What is left of a target that counts from `from`, when the clock stands still for the customer;
 * `paused` are the pauses before this one that it knows. */
static struct time_left left_of(const struct view *view, const struct duration *target,
                                wall_ms from, int64_t paused)
{
	const struct ticket *ticket = view->ticket;
	wall_ms since = ticket->clocks.paused_since;
	int64_t used;

	if (target->ms == 0 || !ticket_is_live(ticket) || since == 0)
		return (struct time_left){0};
	used = target->business ? calendar_between(view->hours, from, since) : since - from;
	return (struct time_left){.ms = target->ms - (used - paused),
	                          .clock = target->business ? LEFT_BUSINESS : LEFT_WALL};
}

static struct time_left target_left(const struct view *view, const struct duration *target)
{
	const struct ticket_clocks *clocks = &view->ticket->clocks;

	return left_of(view, target, view->ticket->created_at,
	               target->business ? clocks->paused_open_ms : clocks->paused_wall_ms);
}

static struct time_left milestone_left(const struct view *view, const struct milestone *milestone,
                                       const struct ticket_milestone *own)
{
	const struct ticket_clocks *clocks = &view->ticket->clocks;
	int64_t paused =
		milestone->within.business ? clocks->paused_open_ms : clocks->paused_wall_ms;

	if (milestone->always)
		return (struct time_left){0};
	if (own->asked_at == 0)
		return left_of(view, &milestone->within, view->ticket->created_at, paused);
	return left_of(view, &milestone->within, own->asked_at, paused - own->paused_ms);
}

static void settle_milestones(const struct view *view, struct ticket *ticket)
{
	for (size_t i = 0; i < view->policy->milestones_count; i++) {
		const struct milestone *milestone = &view->policy->milestones[i];
		const struct ticket_milestone *own = milestone_find(ticket, milestone->id);
		struct ticket_milestone *to;

		if (own != NULL && own->done_at != 0)
			continue;
		if (!milestone_is_promised(milestone, ticket)) {
			if (own != NULL)
				milestone_drop(ticket, milestone->id);
			continue;
		}
		to = milestone_put(ticket, milestone->id);
		if (to == NULL)
			continue;
		to->due = milestone_runs(milestone, ticket, is_running(ticket))
		                  ? due_of(milestone_at(view, milestone, 100))
		                  : 0;
		to->left = milestone_left(view, milestone, to);
	}
}

void timer_settle(const struct policy *policy, struct ticket *ticket)
{
	struct due list[TIMER_SLOTS];
	size_t count = timer_list(policy, ticket, list);

	timer_settle_from(policy, list, count, ticket);
}

void timer_settle_from(const struct policy *policy, const struct due *list, size_t count,
                       struct ticket *ticket)
{
	struct view view = {
		.policy = policy, .ticket = ticket, .hours = timer_hours(policy, ticket)};
	bool running = is_running(ticket);

	if (running && ticket->first_response_at == 0)
		ticket->first_response_due =
			due_of(target_at(&view, first_target(policy, ticket), 100));
	ticket->resolution_due =
		running ? due_of(target_at(&view, resolution_target(policy, ticket), 100)) : 0;
	ticket->resolution_left = target_left(&view, resolution_target(policy, ticket));
	ticket->first_response_left = ticket->first_response_at == 0
	                                      ? target_left(&view, first_target(policy, ticket))
	                                      : (struct time_left){0};
	settle_milestones(&view, ticket);
	ticket->clocks.next_due = count > 0 ? list[0].at : 0;
}

static bool has_moved(const struct policy *policy, uint8_t slot, const struct ticket *before,
                      const struct ticket *ticket)
{
	struct escalation escalation;

	if (slot < TIMER_RULES)
		return slot <= TIMER_STALE &&
		       begin_of((enum timer)slot, before) != begin_of((enum timer)slot, ticket);
	return escalation_of_slot(policy, slot, &escalation) &&
	       begin_of_rule(escalation.when->event, before) !=
	               begin_of_rule(escalation.when->event, ticket);
}

bool timer_rearm(const struct policy *policy, const struct ticket *before, struct ticket *ticket)
{
	uint64_t *fired = &ticket->clocks.fired;
	uint64_t old = *fired;

	for (uint8_t slot = 0; *fired >> slot != 0; slot++) {
		if ((*fired >> slot & 1U) != 0 && has_moved(policy, slot, before, ticket))
			*fired &= ~(UINT64_C(1) << slot);
		if (slot == TIMER_SLOTS - 1)
			break;
	}
	return *fired != old;
}

bool timer_is_target(uint8_t slot)
{
	return slot <= TIMER_RESOLUTION_BREACH || slot >= TIMER_MILESTONES;
}

const struct milestone *timer_milestone(const struct policy *policy, uint8_t slot)
{
	size_t at = slot < TIMER_MILESTONES ? MILESTONES_MAX : (slot - TIMER_MILESTONES) / 2U;

	return at < policy->milestones_count ? &policy->milestones[at] : NULL;
}

const char *timer_name(const struct policy *policy, uint8_t slot)
{
	static const char *const names[] = {
#define TIMER_ROW(name, text) text,
		TIMER_TABLE(TIMER_ROW)
#undef TIMER_ROW
	};
	const struct milestone *milestone = timer_milestone(policy, slot);
	struct escalation escalation;

	if (slot < ARRAY_LEN(names))
		return names[slot];
	if (milestone != NULL)
		return milestone->id;
	return escalation_of_slot(policy, slot, &escalation) ? escalation.rule->id : "";
}
