/* SPDX-License-Identifier: MIT */
/* When each clock of a ticket runs out: a moment that it counts from, and a length on one of two
 * clocks. Who is asked twice gives the same answer, whatever happened between. */
#include "core/timer.h"

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
	case WHEN_DATA_EXPOSED:
	case WHEN_INCIDENT:
	case WHEN_WORK:
	case WHEN_ANSWER_FAILED:
	case WHEN_REOPENED:
	case WHEN_FIRST_RESPONSE:
	case WHEN_RESOLUTION:
	case WHEN_TOPIC:
	case WHEN_PATTERN:
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

static void list_fixed(struct view *view)
{
	const struct policy *policy = view->policy;
	const struct ticket *ticket = view->ticket;
	const struct ticket_escalation *escalation = &ticket->escalation;

	if (ticket->status == TICKET_RESOLVED)
		add(view, TIMER_FINISH,
		    policy_after(view->hours, ticket->resolved_at, &policy->reopen));
	if (!ticket_is_live(ticket))
		return;
	if (escalation->immediate && escalation->page_acked_at == 0 && escalation->pages == 0)
		add(view, TIMER_PAGE, escalation->immediate_at);
	else if (escalation->immediate && escalation->page_acked_at == 0)
		add_after(view, TIMER_PAGE, &policy->page_again);
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
	case WHEN_TRIGGER:
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
	case WHEN_SILENCE:
	case WHEN_NO_PROGRESS:
	case WHEN_APPROVED:
	case WHEN_IMMEDIATE:
		return policy_after(view->hours, begin_of_rule(when->event, ticket), &when->after);
	case WHEN_TRIGGER:
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

void timer_settle(const struct policy *policy, struct ticket *ticket)
{
	struct due list[TIMER_SLOTS];
	struct view view = {
		.policy = policy, .ticket = ticket, .hours = timer_hours(policy, ticket)};
	bool running = is_running(ticket);

	if (running && ticket->first_response_at == 0)
		ticket->first_response_due =
			due_of(target_at(&view, first_target(policy, ticket), 100));
	ticket->resolution_due =
		running ? due_of(target_at(&view, resolution_target(policy, ticket), 100)) : 0;
	ticket->clocks.next_due = timer_list(policy, ticket, list) > 0 ? list[0].at : 0;
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

const char *timer_name(const struct policy *policy, uint8_t slot)
{
	static const char *const names[] = {
#define TIMER_ROW(name, text) text,
		TIMER_TABLE(TIMER_ROW)
#undef TIMER_ROW
	};
	struct escalation escalation;

	if (slot < ARRAY_LEN(names))
		return names[slot];
	return escalation_of_slot(policy, slot, &escalation) ? escalation.rule->id : "";
}
