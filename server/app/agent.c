/* SPDX-License-Identifier: MIT */
/* What an agent's frames do.
 *
 *   hello --> my tickets from the record --> welcome --> replay of each, offers that run */
#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/alerts.h"
#include "app/deliver.h"
#include "app/frames.h"
#include "app/queue_view.h"
#include "app/routing.h"
#include "app/seats.h"
#include "base/mem.h"
#include "base/must.h"

#define UNDO_GRACE_MS (2 * SEC_MS)

struct greeting {
	struct app *app;
	struct conn_id conn;
	char id[CLIENT_ID_MAX + 1]; /* of the hello; "": none */
	struct seq_mark marks[HELLO_AFTER_MAX];
	size_t marks_count;
	struct store_call call;
};

static uint64_t mark_of(const struct greeting *greeting, struct ticket_id ticket)
{
	for (size_t i = 0; i < greeting->marks_count; i++) {
		if (greeting->marks[i].ticket.v == ticket.v)
			return greeting->marks[i].seq;
	}
	return 0;
}

static void raise_mark(uint64_t *mark, uint64_t seq)
{
	if (*mark < seq)
		*mark = seq;
}

/* Tickets that became this agent's, or ceased to be, while the list was read; with how far they were
 * read by now. */
static size_t still_mine(struct app *app, const struct person *person, struct ticket *tickets,
                         size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const struct chat *chat = chats_find(&app->chats, tickets[i].number);

		if (chat == NULL || chat->agent.v != person->agent.id.v)
			continue;
		if (kept != i)
			tickets[kept] = tickets[i];
		raise_mark(&tickets[kept].agent_read_seq, chat->read_agent);
		raise_mark(&tickets[kept].visitor_read_seq, chat->read_visitor);
		kept++;
	}
	return kept;
}

static void welcome(struct greeting *greeting, struct client *client)
{
	struct app *app = greeting->app;
	struct person *person = client->person;
	struct ticket *tickets = greeting->call.u.tickets.items;
	size_t count = still_mine(app, person, tickets, greeting->call.u.tickets.count);
	struct frame_out frame = {.type = OUT_WELCOME_AGENT};

	frame.u.welcome_agent.agent = &person->agent;
	frame.u.welcome_agent.presence = person->state;
	frame.u.welcome_agent.reason = person->reason;
	frame.u.welcome_agent.since = person->since;
	frame.u.welcome_agent.now = app->now;
	frame.u.welcome_agent.capacity = person->capacity;
	frame.u.welcome_agent.chats = tickets;
	frame.u.welcome_agent.chats_count = count;
	frame.u.welcome_agent.message_bytes = app->config.agent_frame_bytes;
	frame.u.welcome_agent.undo_s = app->config.limits.undo_close_s;
	queue_view_rows(app, frame.u.welcome_agent.queue);
	client->greeted = true;
	app_send(app, client->conn, &frame);
	app_heard(app, client->conn, span_of(greeting->id));
	for (size_t i = 0; i < count; i++) {
		struct sub *sub = client_subscribe(client, tickets[i].number);
		uint64_t mark = mark_of(greeting, tickets[i].number);

		sub->live = true;
		sub->cursor = mark <= tickets[i].last_seq ? mark : 0;
		deliver_replay(app, client, tickets[i].number);
	}
	routing_repeat_offers(app, client);
	alerts_repeat(app, client);
}

static void greeting_read(struct greeting *greeting, const struct person *person);

/* A ticket became mine after the list was read: read it again. */
static bool list_is_short(struct app *app, const struct person *person, const struct ticket *list,
                          size_t count)
{
	struct chat *chat, *next;

	HASH_ITER(hh, app->chats.by_number, chat, next) {
		bool found = chat->agent.v != person->agent.id.v;

		for (size_t i = 0; i < count && !found; i++)
			found = list[i].number.v == chat->number.v;
		if (!found)
			return true;
	}
	return false;
}

static void greeting_done(struct op *op)
{
	struct greeting *greeting = container_of(op, struct greeting, call.op);
	struct app *app = greeting->app;
	struct client *client = hub_find(&app->hub, greeting->conn);

	if (client != NULL && op->status == ST_OK) {
		size_t count = greeting->call.u.tickets.count;

		if (count < STORE_LIST_MAX &&
		    list_is_short(app, client->person, greeting->call.u.tickets.items, count)) {
			greeting_read(greeting, client->person);
			return;
		}
		welcome(greeting, client);
	} else if (client != NULL && op->status != ST_CANCELED) {
		app_error(app, client->conn, span_of(greeting->id), op->status);
		app->ports.outlet->ops->hangup(app->ports.outlet, client->conn, HANGUP_SLOW);
	}
	arena_fini(&greeting->call.arena);
	free(greeting);
}

static void greeting_read(struct greeting *greeting, const struct person *person)
{
	struct ticket_filter *filter = &greeting->call.u.tickets.filter;

	arena_fini(&greeting->call.arena);
	greeting->call = (struct store_call){.op.done = greeting_done, .kind = STORE_TICKETS};
	filter->agent = person->agent.id;
	filter->status_mask = 1U << TICKET_NEW | 1U << TICKET_OPEN | 1U << TICKET_PENDING;
	filter->limit = STORE_LIST_MAX;
	store_submit(greeting->app->ports.store, &greeting->call);
}

void agent_hello(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct person *person = people_put(&app->people, &client->agent->identity.agent);
	int limit = app->config.limits.sockets_per_agent;
	struct greeting *greeting;

	if (limit > 0 && person->clients_count >= (unsigned)limit) {
		app_error_text(app, client->conn, frame->id, ST_RATE_LIMITED,
		               "Too many consoles are open already. Close some of them.", SEC_MS);
		app->ports.outlet->ops->hangup(app->ports.outlet, client->conn, HANGUP_TOO_MANY);
		return;
	}
	if (person->capacity == 0)
		person->capacity = app->config.default_capacity;
	client->person = person;
	person->clients_count++;
	LIST_INSERT_HEAD(&person->clients, client, peers);
	seats_client_came(app, person);
	greeting = xcalloc(1, sizeof(*greeting));
	greeting->app = app;
	greeting->conn = client->conn;
	(void)span_copy(greeting->id, sizeof(greeting->id), frame->id);
	for (size_t i = 0; i < frame->marks_count && i < HELLO_AFTER_MAX; i++)
		greeting->marks[greeting->marks_count++] = frame->marks[i];
	greeting_read(greeting, person);
}

/* --- commands --- */

static enum command_kind kind_of(enum frame_in_type type)
{
	switch ((int)type) {
	case IN_NOTE:
		return COMMAND_NOTE;
	case IN_SET:
		return COMMAND_SET;
	case IN_ESCALATE:
		return COMMAND_ESCALATE;
	case IN_CLOSE:
		return COMMAND_CLOSE;
	case IN_INCIDENT:
		return COMMAND_INCIDENT;
	case IN_CONFIRM:
		return COMMAND_CONFIRM;
	case IN_ACKNOWLEDGE:
		return COMMAND_ACKNOWLEDGE;
	case IN_APPROVE:
		return COMMAND_APPROVE;
	case IN_UNDO:
		return COMMAND_UNDO;
	default:
		return COMMAND_SAY;
	}
}

/* Built where it is used: it has 3 KB, most of which are `set`, which no message has. */
static void command_of(const struct client *client, enum command_kind kind,
                       const struct frame_in *frame, struct command *out)
{
	memset(out, 0, sizeof(*out));
	out->kind = kind;
	out->actor = actor_of_agent(&client->person->agent);
	out->id = frame->id;
	out->text = frame->text;
	out->entry_kind = frame->kind;
	out->url = frame->url;
	out->title = frame->title;
	out->has_seen = frame->has_seen;
	out->seen = frame->seq;
	out->to_tier = frame->tier;
	out->reason = frame->reason;
	out->yes = frame->yes;
	out->resolution = frame->resolution;
	out->articles_count = frame->articles_count;
	for (unsigned i = 0; i < frame->articles_count; i++)
		out->articles[i] = frame->articles[i];
	if (frame->type != IN_MESSAGE)
		out->set = frame->set;
}

/* A little longer than the console is told: the way takes time. */
static int64_t undo_ms(const struct app *app)
{
	int seconds = app->config.limits.undo_close_s;

	return seconds > 0 ? seconds * SEC_MS + UNDO_GRACE_MS : 0;
}

void agent_command(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct command command;

	command_of(client, kind_of(frame->type), frame, &command);
	if (command.kind == COMMAND_UNDO)
		command.undo_ms = undo_ms(app);
	act_start(app, &(struct act_origin){.conn = client->conn}, STORE_COMMAND, frame->ticket,
	          &command);
}

/* To a person: who must be here and have room. To a tier: into its queue. */
void agent_transfer(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct person *to = people_find(&app->people, frame->to_agent);
	struct command command;

	command_of(client, COMMAND_TRANSFER, frame, &command);
	if (frame->to_agent.v != 0) {
		if (to == NULL || to->agent.disabled) {
			app_error_text(app, client->conn, frame->id, ST_NOT_FOUND,
			               "There is no such agent.", 0);
			return;
		}
		if (to->clients_count == 0 || to->chats >= (unsigned)to->capacity) {
			app_error_text(app, client->conn, frame->id, ST_CONFLICT,
			               to->clients_count == 0
			                       ? "This agent is not online."
			                       : "This agent has no room for another chat.",
			               0);
			return;
		}
		command.to_agent = to->agent.id;
		command.to_tier = to->agent.tier;
		(void)span_copy(command.to_name, sizeof(command.to_name), span_of(to->agent.name));
	}
	act_start(app, &(struct act_origin){.conn = client->conn}, STORE_COMMAND, frame->ticket,
	          &command);
}

/* --- small things --- */

void agent_typing(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct chat *chat = chats_find(&app->chats, frame->ticket);
	struct guest *guest = chat != NULL ? hub_guest(&app->hub, &chat->visitor) : NULL;
	struct frame_out out = {.type = OUT_TYPING};

	if (guest == NULL || chat->agent.v != client->person->agent.id.v)
		return;
	out.u.typing.ticket = chat->number;
	out.u.typing.role = ROLE_AGENT;
	out.u.typing.name = client->person->agent.name;
	out.u.typing.on = frame->on;
	deliver_to_guest(app, guest, &out);
	deliver_notice(app, &(struct notice){.kind = NOTICE_TYPING,
	                                     .ticket = chat->number,
	                                     .agent = chat->agent,
	                                     .on = frame->on});
}

void agent_read(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct chat *chat = chats_find(&app->chats, frame->ticket);
	struct guest *guest;
	uint64_t seq;

	if (chat == NULL || chat->agent.v != client->person->agent.id.v)
		return;
	seq = frame->seq < chat->last_seq ? frame->seq : chat->last_seq;
	if (seq <= chat->read_agent)
		return;
	chat->read_agent = seq;
	chats_dirty(&app->chats, chat);
	guest = hub_guest(&app->hub, &chat->visitor);
	if (guest != NULL)
		deliver_to_guest(
			app, guest,
			&(struct frame_out){.type = OUT_READ,
		                            .u.read = {.ticket = chat->number, .seq = seq}});
}

void agent_history(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct sub *sub = client_subscribe(client, frame->ticket);

	if (!sub->live || frame->after < sub->cursor)
		sub->cursor = frame->after;
	deliver_asked(app, client, frame->ticket, frame->id);
}

/* Reading along is for who leads the desk; an agent reads what is its own anyway. */
static void watch(struct app *app, struct client *client, struct chat *chat,
                  const struct frame_in *frame)
{
	struct sub *sub;

	if (client->person->agent.role == AGENT_ROLE_AGENT) {
		app_error(app, client->conn, frame->id, ST_FORBIDDEN);
		return;
	}
	sub = client_subscribe(client, frame->ticket);
	if (sub->live) {
		app_heard(app, client->conn, frame->id);
		return;
	}
	sub->live = chat != NULL;
	if (chat != NULL)
		chat_watch(chat, client->conn);
	deliver_asked(app, client, frame->ticket, frame->id);
}

void agent_watch(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct chat *chat = chats_find(&app->chats, frame->ticket);
	bool mine = chat != NULL && chat->agent.v == client->person->agent.id.v;

	if (frame->type == IN_WATCH && !mine) {
		watch(app, client, chat, frame);
		return;
	}
	if (frame->type == IN_UNWATCH && chat != NULL)
		chat_unwatch(chat, client->conn);
	if (frame->type == IN_UNWATCH && !mine)
		client_unsubscribe(client, frame->ticket);
	app_heard(app, client->conn, frame->id);
}
