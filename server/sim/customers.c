/* SPDX-License-Identifier: MIT */
/* The customers: they come, ask, wait, answer back, leave, and sometimes come again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/must.h"
#include "sim/world.h"

#define ORIGIN        "https://docs.example.gov"
#define STREAM        UINT64_C(1000000) /* of the first customer; below it are the arrivals */
#define RETRY_MS      (5 * SEC_MS)
#define STAY_MS       (2 * MINUTE_MS) /* a solved chat's page stays open */
#define FOLLOW_UP     "Thank you. That was one step further, and here is what I see now."
#define COME_AGAIN    "It is the same as before, sorry."
#define THOUSANDTH_MS 1000 /* thousandths of tickets an hour to millionths */

/* --- arrivals --- */

static const struct sim_text *pick(const struct text_pool *pool, struct rng *rng)
{
	uint64_t weights = 0, at;

	for (size_t i = 0; i < pool->count; i++)
		weights += pool->items[i].weight;
	at = rng_below(rng, weights);
	for (size_t i = 0;; i++) {
		if (at < pool->items[i].weight)
			return &pool->items[i];
		at -= pool->items[i].weight;
	}
}

static void add(struct world *world, wall_ms at, enum channel channel, const struct text_pool *pool)
{
	size_t count = world->customers_count;
	struct customer *customer;

	if ((count & (count + 1)) == 0)
		world->customers =
			xrealloc(world->customers, (count + 1) * 2 * sizeof(*world->customers));
	customer = &world->customers[world->customers_count++];
	*customer = (struct customer){.at = at, .channel = channel, .due = true};
	rng_seed(&customer->rng, world->setup->seed, STREAM + count);
	customer->text = pick(pool, &customer->rng);
}

/* How far the walk along the hours has come. */
struct walk {
	struct world *world;
	const struct arrivals *arrivals;
	struct rng rng;
	int64_t need; /* has to go by until the next one comes, in millionths of a ticket */
};

static void walk_hour(struct walk *walk, wall_ms start, int64_t length, uint32_t rate)
{
	int64_t used = 0;
	int64_t all = (int64_t)rate * THOUSANDTH_MS * length / HOUR_MS;

	while (all - used >= walk->need) {
		used += walk->need;
		add(walk->world, start + used * length / all, walk->arrivals->channel,
		    walk->arrivals->pool);
		walk->need = rng_gap(&walk->rng) + 1;
	}
	walk->need -= all - used;
}

static void walk_day(struct walk *walk, int64_t day)
{
	const struct zone *zone = walk->world->zone;

	for (int hour = 0; hour < HOURS; hour++) {
		wall_ms start = zone_moment(zone, day, hour * 3600);
		wall_ms end = zone_moment(zone, day, (hour + 1) * 3600);

		if (walk->arrivals->per_hour[hour] > 0 && end > start)
			walk_hour(walk, start, end - start, walk->arrivals->per_hour[hour]);
	}
}

static void walk(struct world *world, const struct arrivals *arrivals, uint64_t stream)
{
	struct walk walk = {.world = world, .arrivals = arrivals};

	rng_seed(&walk.rng, world->setup->seed, stream);
	walk.need = rng_gap(&walk.rng) + 1;
	for (int64_t day = world->scenario->from_day; day <= world->scenario->to_day; day++) {
		struct civil date;

		civil_from_days(day, &date);
		if ((arrivals->days >> date.weekday & 1U) != 0)
			walk_day(&walk, day);
	}
}

static void burst(struct world *world, const struct burst *burst, uint64_t stream)
{
	wall_ms start = zone_moment(world->zone, burst->at.day, burst->at.second);
	struct rng rng;

	rng_seed(&rng, world->setup->seed, stream);
	for (int i = 0; i < burst->count; i++)
		add(world, start + rng_between(&rng, 0, burst->for_ms), burst->channel,
		    burst->pool);
}

void customers_plan(struct world *world)
{
	const struct scenario *scenario = world->scenario;

	for (size_t i = 0; i < scenario->arrivals_count; i++)
		walk(world, &scenario->arrivals[i], i);
	for (size_t i = 0; i < scenario->bursts_count; i++)
		burst(world, &scenario->bursts[i], scenario->arrivals_count + i);
	for (size_t i = 0; i < world->customers_count; i++)
		agenda_add(&world->agenda, &(struct agenda_item){.at = world->customers[i].at,
		                                                 .kind = AGENDA_ARRIVE,
		                                                 .who = (uint32_t)i});
}

/* --- saying something --- */

static void on_record(struct world *world, uint32_t who, uint64_t ticket)
{
	world_note(world, ticket);
	world->customers[who].ticket = ticket;
	world->customer_of[ticket - 1] = who;
}

static const char *words(const struct customer *customer)
{
	if (customer->said <= 1)
		return customer->text->text;
	return customer->reopened && customer->answers == 1 ? COME_AGAIN : FOLLOW_UP;
}

static void say(struct world *world, struct customer *customer)
{
	char id[24];
	struct frame_in frame = {.type = IN_MESSAGE, .kind = ENTRY_TEXT};

	if (!customer->writing)
		customer->said++;
	customer->writing = true;
	(void)snprintf(id, sizeof(id), "m%u", customer->said);
	frame.id = span_of(id);
	frame.text = span_of(words(customer));
	if (customer->said == 1)
		frame.flags = customer->text->flags;
	world_frame(world, customer->conn, &frame);
}

/* A form, a mail or a call: somebody writes it down. */
static void hand_in(struct world *world, uint32_t who)
{
	struct customer *customer = &world->customers[who];
	struct desk_call call = {.kind = CALL_TICKET_CREATE, .who = world->intake};
	struct command *command = &call.u.command.command;
	char email[64];

	(void)snprintf(email, sizeof(email), "customer-%" PRIu32 "@example.gov", who + 1);
	command->channel = customer->channel;
	command->text = span_of(customer->text->text);
	command->title = span_of(customer->text->title);
	command->page_url = span_of(customer->text->page_url);
	command->page_title = span_of(customer->text->page_title);
	command->visitor_email = span_of(email);
	command->flags = customer->text->flags;
	command->entry_kind = ENTRY_TEXT;
	if (customer->text->title != NULL) {
		command->set.mask = SET_TITLE;
		command->set.title = span_of(customer->text->title);
	}
	customer->said = 1;
	world_call(world, &call);
	if (call.op.status == ST_OK) {
		customer->acked = 1;
		on_record(world, who, call.u.command.ticket.number.v);
	} else {
		customer->due = true;
		world_plan(world, AGENDA_WRITE, who, 0, RETRY_MS);
	}
	arena_fini(&call.arena);
}

static void intake_call(struct world *world, uint64_t ticket, enum desk_call_kind kind,
                        const struct command *command)
{
	struct desk_call call = {.kind = kind, .who = world->intake};

	call.u.command.number.v = ticket;
	call.u.command.command = *command;
	world_call(world, &call);
	arena_fini(&call.arena);
}

/* What comes back on these channels is noted by hand, and the ticket goes on. */
static void answer_back(struct world *world, struct customer *customer)
{
	struct command note = {.kind = COMMAND_NOTE, .text = SPAN_LIT("The customer: " FOLLOW_UP)};
	struct command open = {.kind = COMMAND_SET,
	                       .set = {.mask = SET_STATUS, .status = TICKET_OPEN}};
	struct ticket ticket;
	uint32_t owner;

	if (!world_ticket(world, customer->ticket, &ticket) || !ticket_is_live(&ticket))
		return;
	if (ticket.status == TICKET_PENDING)
		intake_call(world, customer->ticket, CALL_TICKET_SET, &open);
	intake_call(world, customer->ticket, CALL_TICKET_REPLY, &note);
	owner = world->owner_of[customer->ticket - 1];
	if (owner != NOBODY && !worker_has_job(&world->workers[owner], customer->ticket))
		worker_add(world, &world->workers[owner],
		           &(struct job){.kind = JOB_ANSWER,
		                         .ticket = customer->ticket,
		                         .priority = ticket.priority});
}

void customer_writes(struct world *world, uint32_t who)
{
	struct customer *customer = &world->customers[who];

	customer->due = false;
	if (customer->left)
		return;
	if (customer->channel == CHANNEL_CHAT)
		say(world, customer);
	else if (customer->ticket == 0)
		hand_in(world, who);
	else
		answer_back(world, customer);
}

void customer_comes(struct world *world, uint32_t who)
{
	struct customer *customer = &world->customers[who];
	struct desk_peer peer = {.audience = AUDIENCE_VISITOR, .origin = ORIGIN};
	struct frame_in hello = {.type = IN_HELLO};
	char name[32];

	if (customer->channel == CHANNEL_CHAT) {
		(void)snprintf(name, sizeof(name), "Customer %" PRIu32, who + 1);
		(void)snprintf(peer.address, sizeof(peer.address),
		               "10.%" PRIu32 ".%" PRIu32 ".%" PRIu32, who >> 16 & 255U,
		               who >> 8 & 255U, who & 255U);
		hello.user_name = span_of(name);
		hello.page_url = span_of(customer->text->page_url);
		hello.page_title = span_of(customer->text->page_title);
		customer->conn = world_connect(world, &peer, who);
		world_frame(world, customer->conn, &hello);
	}
	customer_writes(world, who);
}

void customer_leaves(struct world *world, uint32_t who)
{
	struct customer *customer = &world->customers[who];

	if (customer->left || customer->due || (customer->answered && !customer->ended))
		return;
	customer->left = true;
	world_hang_up(world, &customer->conn);
}

/* --- hearing something --- */

static void retry(struct world *world, uint32_t who, const struct frame_out *frame)
{
	struct customer *customer = &world->customers[who];
	enum status st = frame->u.error.status;
	int64_t after = frame->u.error.retry_after_ms;

	if (!customer->writing)
		return;
	if (st != ST_RATE_LIMITED && st != ST_UNAVAILABLE && st != ST_TIMEOUT) {
		world_refused(world, frame->u.error.message != NULL ? frame->u.error.message
		                                                    : status_code(st));
		customer->writing = false;
		customer->said--;
		return;
	}
	customer->due = true;
	world_plan(world, AGENDA_WRITE, who, 0, after > 0 ? after : RETRY_MS);
}

static void acknowledged(struct world *world, uint32_t who, const struct frame_out *frame)
{
	struct customer *customer = &world->customers[who];

	if (!customer->writing)
		return;
	customer->writing = false;
	customer->acked++;
	if (frame->u.ack.ticket.v != 0)
		on_record(world, who, frame->u.ack.ticket.v);
}

void customer_hears(struct world *world, uint32_t who, const struct frame_out *frame)
{
	struct customer *customer = &world->customers[who];
	const struct entry *entry;

	if (frame->type == OUT_ACK) {
		acknowledged(world, who, frame);
	} else if (frame->type == OUT_ERROR) {
		retry(world, who, frame);
	} else if (frame->type == OUT_MESSAGE) {
		entry = frame->u.message.entry;
		if (entry->kind == ENTRY_EVENT && entry->event == EVENT_CLOSED && !customer->due) {
			customer->ended = true;
			world_plan(world, AGENDA_LEAVE, who, 0, STAY_MS);
		}
	}
}

/* --- what agents see of them --- */

void customer_draw(struct customer *customer, const struct handling *handling)
{
	if (customer->drawn)
		return;
	customer->drawn = true;
	customer->answers =
		(int)rng_between(&customer->rng, handling->exchanges_from, handling->exchanges_to);
	if (customer->text->exchanges > 0)
		customer->answers = customer->text->exchanges;
}

bool customer_was_answered(struct world *world, uint32_t who, const struct handling *handling,
                           bool *slow_out)
{
	struct customer *customer = &world->customers[who];
	bool by_mail = customer->channel != CHANNEL_CHAT && customer->channel != CHANNEL_PHONE;
	bool slow = rng_chance(&customer->rng, handling->pending) || by_mail;

	*slow_out = slow || customer->left;
	if (customer->answers > 0)
		customer->answers--;
	if (customer->answers == 0)
		return false;
	if (customer->left || customer->due)
		return true;
	customer->due = true;
	world_plan(world, AGENDA_WRITE, who, 0,
	           world_draw(&customer->rng, slow ? &handling->pending_reply : &handling->reply));
	return true;
}

void customer_was_closed(struct world *world, uint32_t who, const struct handling *handling)
{
	struct customer *customer = &world->customers[who];

	if (customer->channel == CHANNEL_CHAT && !customer->left && !customer->reopened &&
	    rng_chance(&customer->rng, handling->reopen)) {
		customer->reopened = true;
		customer->answers = 1;
		customer->due = true;
		world_plan(world, AGENDA_WRITE, who, 0,
		           world_draw(&customer->rng, &handling->reopen_after));
		return;
	}
	customer->ended = true;
	if (!customer->due)
		world_plan(world, AGENDA_LEAVE, who, 0, STAY_MS);
}
