/* SPDX-License-Identifier: MIT */
/* How agents work: what they hear, and what they do about it. By the guide: take what is offered,
 * answer the most pressing first, hand up what another tier has to solve and say why, say whether
 * production is stopped, acknowledge pages, wait for the customer as "pending", and close with a
 * resolution. */
#include <inttypes.h>
#include <stdio.h>

#include "base/must.h"
#include "sim/world.h"

#define WASTED_MAX 3 /* answers of somebody who should have handed it up */
#define HALF       500000
#define ANSWER     "Here is what helps: please try the steps on this page and tell me what you see."
#define LOOKING    "Thank you, I am looking at it. Somebody who knows this part will take it over."
#define ARTICLE    "https://docs.example.gov/guide"

/* --- saying something --- */

static void send(struct world *world, struct worker *worker, struct frame_in *frame,
                 uint64_t ticket)
{
	char id[32];

	(void)snprintf(id, sizeof(id), "w%" PRIu64, ++worker->ids);
	frame->id = span_of(id);
	frame->ticket.v = ticket;
	world_frame(world, worker->conn, frame);
}

static struct customer *customer_behind(struct world *world, uint64_t ticket, uint32_t *who_out)
{
	uint32_t who = ticket <= world->tickets_count ? world->customer_of[ticket - 1] : NOBODY;

	*who_out = who;
	return who != NOBODY ? &world->customers[who] : NULL;
}

static bool has_it(const struct world *world, const struct worker *worker, uint64_t ticket)
{
	return ticket <= world->tickets_count &&
	       world->owner_of[ticket - 1] == (uint32_t)(worker - world->workers);
}

/* --- a ticket comes in --- */

/* What the text says, else what triage says, else chance. */
static int tier_for(const struct ticket *ticket, struct customer *customer,
                    const struct worker *worker)
{
	const struct handling *handling = &worker->crew->handling;
	int tier = customer->text->tier;

	if (customer->needed_tier != 0)
		return customer->needed_tier;
	if (tier == 0)
		tier = ticket->escalation.needed_tier;
	if (tier == 0)
		tier = rng_chance(&customer->rng, handling->escalate) ? worker->crew->tier + 1
		                                                      : worker->crew->tier;
	customer->needed_tier = tier < TIER_MAX ? tier : TIER_MAX;
	return customer->needed_tier;
}

static void take(struct world *world, struct worker *worker, const struct ticket *ticket)
{
	uint64_t number = ticket->number.v;
	uint32_t who;
	struct customer *customer;
	struct job job = {.kind = JOB_ANSWER, .ticket = number, .priority = ticket->priority};

	if (has_it(world, worker, number) || !ticket_is_live(ticket))
		return;
	worker_take(world, worker, number);
	customer = customer_behind(world, number, &who);
	if (customer == NULL)
		return;
	job.first = !customer->answered;
	if (worker->crew->guide && tier_for(ticket, customer, worker) > worker->crew->tier &&
	    customer->answered)
		job.kind = JOB_ESCALATE;
	if (worker->crew->guide && ticket->escalation.stopped == STOPPED_SAID)
		world_plan(world, AGENDA_CONFIRM, (uint32_t)(worker - world->workers), number,
		           world_draw(&worker->rng, &worker->crew->handling.decide));
	if (ticket->status != TICKET_PENDING)
		worker_add(world, worker, &job);
}

/* --- hearing something --- */

static void hear_offer(struct world *world, struct worker *worker, const struct ticket *ticket)
{
	if (!worker->crew->guide && rng_chance(&worker->rng, HALF))
		return; /* it rings, and nobody looks */
	world_plan(world, AGENDA_ACCEPT, (uint32_t)(worker - world->workers), ticket->number.v,
	           world_draw(&worker->rng, &worker->crew->handling.accept));
}

static void hear_message(struct world *world, struct worker *worker, const struct entry *entry)
{
	uint32_t who;
	const struct customer *customer = customer_behind(world, entry->ticket.v, &who);

	if (entry->kind != ENTRY_TEXT || entry->from != ROLE_VISITOR || customer == NULL ||
	    !has_it(world, worker, entry->ticket.v) || worker_has_job(worker, entry->ticket.v))
		return;
	worker_add(world, worker,
	           &(struct job){.kind = JOB_ANSWER,
	                         .ticket = entry->ticket.v,
	                         .first = !customer->answered});
}

static void hear_alert(struct world *world, struct worker *worker, const struct frame_out *frame)
{
	uint32_t who = (uint32_t)(worker - world->workers);
	const struct handling *handling = &worker->crew->handling;

	if (!worker->crew->guide || !worker->on_duty)
		return;
	if (frame->u.alert.page && worker->crew->tier == TIER_MAX)
		world_plan(world, AGENDA_ACKNOWLEDGE, who, frame->u.alert.ticket.v,
		           world_draw(&worker->rng, &handling->acknowledge));
	else if (!frame->u.alert.page && worker->crew->role != AGENT_ROLE_AGENT)
		world_plan(world, AGENDA_APPROVE, who, frame->u.alert.ticket.v,
		           world_draw(&worker->rng, &handling->decide));
}

/* What presses now presses here too. */
static void hear_ticket(struct worker *worker, const struct ticket *ticket)
{
	for (size_t i = 0; i < worker->jobs_count; i++) {
		if (worker->jobs[i].ticket == ticket->number.v)
			worker->jobs[i].priority = ticket->priority;
	}
}

static void hear_error(struct world *world, const struct frame_out *frame)
{
	world_refused(world, frame->u.error.message != NULL ? frame->u.error.message
	                                                    : status_code(frame->u.error.status));
}

void worker_hears(struct world *world, uint32_t who, const struct frame_out *frame)
{
	struct worker *worker = &world->workers[who];

	switch ((int)frame->type) {
	case OUT_WELCOME_AGENT:
		for (size_t i = 0; i < frame->u.welcome_agent.chats_count; i++)
			take(world, worker, &frame->u.welcome_agent.chats[i]);
		break;
	case OUT_OFFER:
		hear_offer(world, worker, frame->u.offer.ticket);
		break;
	case OUT_ASSIGNED:
		take(world, worker, frame->u.assigned.ticket);
		break;
	case OUT_UNASSIGNED:
		worker_drop(world, worker, frame->u.assigned.ticket->number.v);
		break;
	case OUT_MESSAGE:
		hear_message(world, worker, frame->u.message.entry);
		break;
	case OUT_TICKET:
		hear_ticket(worker, frame->u.ticket.ticket);
		break;
	case OUT_ALERT:
		hear_alert(world, worker, frame);
		break;
	case OUT_ERROR:
		hear_error(world, frame);
		break;
	default:
		break;
	}
}

/* --- doing it --- */

static enum resolution resolution_for(const struct customer *customer, struct worker *worker)
{
	const uint32_t *weights = worker->crew->handling.resolutions;
	uint64_t sum = 0, at;

	if (customer->text->resolution != RESOLUTION_NONE)
		return customer->text->resolution;
	for (int i = 0; i <= RESOLUTION_SPAM; i++)
		sum += weights[i];
	at = rng_below(&worker->rng, sum);
	for (int i = 0; i <= RESOLUTION_SPAM; i++) {
		if (at < weights[i])
			return (enum resolution)i;
		at -= weights[i];
	}
	MUST(0);
}

static void close_it(struct world *world, struct worker *worker, uint64_t number, uint32_t who)
{
	struct frame_in frame = {.type = IN_CLOSE};
	struct ticket ticket;

	frame.resolution = resolution_for(&world->customers[who], worker);
	if (frame.resolution == RESOLUTION_DOCS_SENT) {
		frame.articles_count = 1;
		(void)span_copy(frame.articles[0].url, sizeof(frame.articles[0].url),
		                SPAN_LIT(ARTICLE));
	}
	send(world, worker, &frame, number);
	if (!world_ticket(world, number, &ticket) || ticket_is_live(&ticket))
		return;
	worker_drop(world, worker, number);
	customer_was_closed(world, who, &worker->crew->handling);
}

static void wait_for_customer(struct world *world, struct worker *worker, uint64_t number)
{
	struct frame_in frame = {.type = IN_SET,
	                         .set = {.mask = SET_STATUS, .status = TICKET_PENDING}};

	send(world, worker, &frame, number);
}

/* Who works by the guide says that it is looked at, and hands it up. */
static bool hands_up(struct world *world, struct worker *worker, const struct ticket *ticket,
                     struct customer *customer)
{
	if (tier_for(ticket, customer, worker) <= worker->crew->tier)
		return false;
	if (worker->crew->guide) {
		worker_add(world, worker,
		           &(struct job){.kind = JOB_ESCALATE,
		                         .ticket = ticket->number.v,
		                         .priority = ticket->priority});
		return true;
	}
	if (customer->wasted < WASTED_MAX) { /* an answer that does not help */
		customer->wasted++;
		customer->answers++;
	}
	return false;
}

/* Who answers by the guide says what is done: what the end of the ticket does not say by itself. */
static void say_done(struct world *world, struct worker *worker, const struct ticket *ticket)
{
	for (size_t i = 0; worker->crew->guide && i < world->policy->milestones_count; i++) {
		const struct milestone *milestone = &world->policy->milestones[i];
		const struct ticket_milestone *own = milestone_find(ticket, milestone->id);
		struct frame_in frame = {.type = IN_SET, .set.mask = SET_DONE};

		if (own == NULL || own->done_at != 0 || !milestone->always)
			continue;
		frame.set.done = span_of(milestone->id);
		send(world, worker, &frame, ticket->number.v);
	}
}

static void answer(struct world *world, struct worker *worker, const struct ticket *ticket,
                   uint32_t who)
{
	struct customer *customer = &world->customers[who];
	const struct handling *handling = &worker->crew->handling;
	uint64_t number = ticket->number.v;
	struct frame_in frame = {.type = IN_MESSAGE, .kind = ENTRY_TEXT};
	bool up, slow;

	customer_draw(customer, handling);
	up = hands_up(world, worker, ticket, customer);
	frame.text = up ? SPAN_LIT(LOOKING) : SPAN_LIT(ANSWER);
	customer->answered = true;
	send(world, worker, &frame, number);
	if (up)
		return;
	say_done(world, worker, ticket);
	if (!customer_was_answered(world, who, handling, &slow))
		close_it(world, worker, number, who);
	else if (slow && worker->crew->guide)
		wait_for_customer(world, worker, number);
}

static void escalate(struct world *world, struct worker *worker, const struct ticket *ticket,
                     uint32_t who)
{
	struct frame_in frame = {.type = IN_ESCALATE};
	int tier = tier_for(ticket, &world->customers[who], worker);
	char reason[128];

	if (tier <= ticket->tier)
		return;
	(void)snprintf(reason, sizeof(reason), "needs Tier %d: %s", tier, ticket->topic);
	frame.reason = span_of(reason);
	frame.tier = tier;
	send(world, worker, &frame, ticket->number.v);
}

static void finish(struct world *world, struct worker *worker)
{
	struct job job = worker->job;
	struct ticket ticket;
	uint32_t who;

	worker->busy = false;
	worker->busy_ms += worker_counted(world, worker->busy_since);
	if (has_it(world, worker, job.ticket) && customer_behind(world, job.ticket, &who) != NULL &&
	    world_ticket(world, job.ticket, &ticket) && ticket_is_live(&ticket)) {
		if (job.kind == JOB_ANSWER)
			answer(world, worker, &ticket, who);
		else
			escalate(world, worker, &ticket, who);
	}
	worker_begin(world, worker);
}

static void accept(struct world *world, struct worker *worker, uint64_t number)
{
	struct frame_in frame = {.type = IN_ACCEPT};

	if (worker->on_duty)
		send(world, worker, &frame, number);
}

static void confirm(struct world *world, struct worker *worker, uint64_t number)
{
	struct frame_in frame = {.type = IN_CONFIRM};
	struct ticket ticket;
	uint32_t who;

	if (!has_it(world, worker, number) || customer_behind(world, number, &who) == NULL ||
	    !world_ticket(world, number, &ticket) || ticket.escalation.stopped != STOPPED_SAID)
		return;
	frame.yes = world->customers[who].text->really_stopped;
	frame.reason = frame.yes ? SPAN_LIT("seen on production")
	                         : SPAN_LIT("production works; it is one page of one team");
	send(world, worker, &frame, number);
}

static void acknowledge(struct world *world, struct worker *worker, uint64_t number)
{
	struct frame_in frame = {.type = IN_ACKNOWLEDGE};
	struct ticket ticket;

	if (world_ticket(world, number, &ticket) && ticket_is_live(&ticket) &&
	    ticket.escalation.immediate && ticket.escalation.page_acked_at == 0)
		send(world, worker, &frame, number);
}

static void approve(struct world *world, struct worker *worker, uint64_t number)
{
	struct frame_in frame = {.type = IN_APPROVE, .yes = true};
	struct ticket ticket;

	frame.reason = SPAN_LIT("the product owner agrees");
	if (world_ticket(world, number, &ticket) && ticket_is_live(&ticket) &&
	    ticket.escalation.approval == APPROVAL_NEEDED)
		send(world, worker, &frame, number);
}

void worker_does(struct world *world, const struct agenda_item *item)
{
	struct worker *worker = &world->workers[item->who];

	if (worker->conn.v == 0)
		return;
	if (item->kind == AGENDA_ACCEPT)
		accept(world, worker, item->ticket);
	else if (item->kind == AGENDA_CONFIRM)
		confirm(world, worker, item->ticket);
	else if (item->kind == AGENDA_ACKNOWLEDGE)
		acknowledge(world, worker, item->ticket);
	else if (item->kind == AGENDA_APPROVE)
		approve(world, worker, item->ticket);
	else if (item->kind == AGENDA_WORK && item->stamp == worker->stamp)
		finish(world, worker);
	else if (item->kind == AGENDA_BEGIN)
		worker_begin(world, worker);
}
