/* SPDX-License-Identifier: MIT */
/* What a visitor's frames do.
 *
 *   hello --fresh token---------------------> welcome
 *     '----known token--> newest ticket ----> welcome --> replay of what was missed       */
#include <stdlib.h>

#include "app/act.h"
#include "app/deliver.h"
#include "app/frames.h"
#include "app/hours.h"
#include "app/identity.h"
#include "app/queue_view.h"
#include "app/token.h"
#include "base/mem.h"
#include "base/must.h"
#include "core/secret.h"

static void keep(char **field, struct span text)
{
	if (text.len == 0)
		return;
	free(*field);
	*field = xmemdup0(text.ptr, text.len);
}

static void keep_context(struct guest *guest, struct span context)
{
	if (context.len == 0 || span_eq(span_of(guest->context), context))
		return;
	keep(&guest->context, context);
	guest->context_kept = false;
}

static struct span kept(const char *field)
{
	return span_of(field);
}

/* --- hello --- */

struct greeting {
	struct app *app;
	struct conn_id conn;
	char id[CLIENT_ID_MAX + 1]; /* of the hello; "": none */
	uint64_t after;
	struct ticket_id seen; /* the ticket that `after` speaks of; 0: not said */
	struct store_call call;
};

static struct chat_status guest_status(struct app *app, struct guest *guest)
{
	struct chat *chat = chats_of_visitor(&app->chats, &guest->id);

	if (chat != NULL) {
		if (chat_is_waiting(chat))
			queue_view_place(app, chat); /* while nobody looked it was not counted */
		return chat_status_of(app, chat);
	}
	if (guest->ticket.v == 0)
		return (struct chat_status){.state = CHAT_NONE};
	return (struct chat_status){.ticket = guest->ticket,
	                            .state = CHAT_CLOSED,
	                            .tier = guest->tier,
	                            .eta_s = -1,
	                            .survey = guest->survey && app->now <= guest->survey_until};
}

/* A cursor beyond the ticket's end is from an earlier ticket of the visitor. */
static void seat_client(struct app *app, struct client *client, uint64_t after,
                        struct ticket_id seen)
{
	struct chat *chat = chats_find(&app->chats, client->guest->ticket);
	bool other = seen.v != 0 && seen.v != client->guest->ticket.v;

	if (client->guest->ticket.v == 0)
		return;
	if (other || (chat != NULL && after > chat->last_public_seq))
		after = 0;
	client->sub = (struct sub){.ticket = client->guest->ticket, .cursor = after, .live = true};
	if (chat == NULL || chat->last_public_seq > after)
		deliver_replay(app, client, client->sub.ticket);
}

/* How far the agent has read, for a page that was not there when it was told. */
static void tell_read(struct app *app, struct client *client)
{
	const struct chat *chat = chats_of_visitor(&app->chats, &client->guest->id);

	if (chat != NULL && chat->read_agent > 0)
		app_send(app, client->conn,
		         &(struct frame_out){
				 .type = OUT_READ,
				 .u.read = {.ticket = chat->number, .seq = chat->read_agent}});
}

static void welcome(struct app *app, struct client *client, struct span id, uint64_t after,
                    struct ticket_id seen)
{
	struct guest *guest = client->guest;
	char token[TOKEN_TEXT_SIZE];
	struct frame_out frame = {.type = OUT_WELCOME_VISITOR};

	token_issue(app, &guest->id, client->origin, token);
	free(client->origin);
	client->origin = NULL;
	client->greeted = true;
	frame.u.welcome_visitor.token = token;
	hours_desk(app, &frame.u.welcome_visitor.desk);
	frame.u.welcome_visitor.chat = guest_status(app, guest);
	frame.u.welcome_visitor.message_bytes = app->config.visitor_frame_bytes;
	app_send(app, client->conn, &frame);
	app_heard(app, client->conn, id);
	seat_client(app, client, after, seen);
	tell_read(app, client);
}

static void know_last(struct guest *guest, const struct ticket *last)
{
	if (guest->ticket.v > last->number.v)
		return;
	if (guest->ticket.v < last->number.v) {
		guest->survey = last->rating == 0;
		guest->survey_until = last->resolved_at + DAY_MS;
	}
	guest->ticket = last->number;
	guest->tier = last->tier;
}

static void greeting_done(struct op *op)
{
	struct greeting *greeting = container_of(op, struct greeting, call.op);
	struct app *app = greeting->app;
	struct client *client = hub_find(&app->hub, greeting->conn);
	const struct ticket *last = &greeting->call.u.last.ticket;

	if (client != NULL && (op->status == ST_OK || op->status == ST_NOT_FOUND)) {
		if (op->status == ST_OK)
			know_last(client->guest, last);
		if (op->status == ST_OK && greeting->after > last->last_seq)
			greeting->after = 0;
		welcome(app, client, span_of(greeting->id), greeting->after, greeting->seen);
	} else if (client != NULL && op->status != ST_CANCELED) {
		app_error(app, client->conn, span_of(greeting->id), op->status);
		app->ports.outlet->ops->hangup(app->ports.outlet, client->conn, HANGUP_SLOW);
	}
	arena_fini(&greeting->call.arena);
	free(greeting);
}

static void greet_known(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct greeting *greeting = xcalloc(1, sizeof(*greeting));

	greeting->app = app;
	greeting->conn = client->conn;
	(void)span_copy(greeting->id, sizeof(greeting->id), frame->id);
	greeting->after = frame->after;
	greeting->seen = frame->ticket;
	greeting->call.op.done = greeting_done;
	greeting->call.kind = STORE_LAST;
	greeting->call.u.last.visitor = client->guest->id;
	store_submit(app->ports.store, &greeting->call);
}

/* Whoever names an address says anew whether it is verified. */
static void keep_email(struct app *app, struct client *client, const struct frame_in *frame)
{
	bool verified = identity_check(app, client->conn, frame);

	if (frame->user_email.len == 0)
		return;
	keep(&client->guest->email, frame->user_email);
	client->guest->verified = verified;
}

/* Agents see it on the open ticket at once, not with the next message. */
static void tell_identity(struct app *app, const struct guest *guest, const struct chat *chat)
{
	const struct command command = {.kind = COMMAND_IDENTIFY,
	                                .actor = actor_of_guest(guest),
	                                .visitor_name = kept(guest->name),
	                                .visitor_email = kept(guest->email),
	                                .visitor_verified = guest->verified};

	act_start(app, &(struct act_origin){0}, STORE_COMMAND, chat->number, &command);
}

/* A token is good where it was issued. A window of its own has it from the page that opened it, and
 * says which one that was: the browser told it, so nobody slips it a token of another site. */
static bool is_known(struct app *app, const struct client *client, const struct frame_in *frame,
                     struct visitor_id *id_out)
{
	char issued[ORIGIN_SIZE];

	if (frame->token_origin.len == 0)
		return token_check(app, frame->token, client->origin, id_out);
	return span_copy(issued, sizeof(issued), frame->token_origin) &&
	       token_check(app, frame->token, issued, id_out);
}

void visitor_hello(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct visitor_id id;
	struct guest *guest;
	struct chat *chat;
	bool known = is_known(app, client, frame, &id);
	int limit = app->config.limits.sockets_per_visitor;

	if (!known)
		app->ports.vault->ops->random(app->ports.vault, id.v, sizeof(id.v));
	guest = hub_guest(&app->hub, &id);
	if (guest != NULL && limit > 0 && guest->clients_count >= (unsigned)limit) {
		app_error_text(app, client->conn, frame->id, ST_RATE_LIMITED,
		               "Too many tabs are connected already. Close some of them.", SEC_MS);
		app->ports.outlet->ops->hangup(app->ports.outlet, client->conn, HANGUP_TOO_MANY);
		return;
	}
	guest = hub_seat_guest(&app->hub, client, &id);
	keep(&guest->name, frame->user_name);
	keep_email(app, client, frame);
	keep(&guest->page_url, frame->page_url);
	keep(&guest->page_title, frame->page_title);
	keep_context(guest, frame->context);
	chat = chats_of_visitor(&app->chats, &id);
	if (chat != NULL)
		guest->ticket = chat->number;
	if (chat != NULL && frame->user_email.len > 0 && chat->verified != guest->verified)
		tell_identity(app, guest, chat);
	if (known && chat == NULL)
		greet_known(app, client, frame);
	else
		welcome(app, client, frame->id, frame->after, frame->ticket);
}

/* --- message --- */

/* It goes with the next message only, not with each. */
static struct span guest_context(const struct guest *guest)
{
	return guest->context_kept ? (struct span){0} : kept(guest->context);
}

static struct command guest_command(const struct guest *guest, enum command_kind kind,
                                    const struct frame_in *frame)
{
	return (struct command){.kind = kind,
	                        .actor = actor_of_guest(guest),
	                        .id = frame->id,
	                        .text = frame->text,
	                        .channel = CHANNEL_CHAT,
	                        .flags = frame->flags,
	                        .set = frame->set,
	                        .visitor_name = kept(guest->name),
	                        .visitor_email = kept(guest->email),
	                        .visitor_verified = guest->verified,
	                        .page_url = kept(guest->page_url),
	                        .page_title = kept(guest->page_title),
	                        .context = guest_context(guest)};
}

static void refuse_rate(struct app *app, struct client *client, const struct frame_in *frame,
                        const char *message, int64_t retry_ms)
{
	app_error_text(app, client->conn, frame->id, ST_RATE_LIMITED, message, retry_ms);
}

static bool may_say(struct app *app, struct client *client, const struct frame_in *frame)
{
	int64_t retry;

	if (rate_take(&client->guest->messages, app->config.limits.messages_per_10s, 10 * SEC_MS,
	              app->now, &retry))
		return true;
	refuse_rate(app, client, frame, "Too many messages at once. Please wait a moment.", retry);
	return false;
}

/* A chat more of this visitor or from this address: counted once it is on record. */
static bool may_open(struct app *app, struct client *client, const struct frame_in *frame)
{
	const struct desk_limits *limits = &app->config.limits;
	int64_t retry;

	if (rate_has(&client->guest->chats, limits->chats_per_hour_per_visitor, HOUR_MS, app->now,
	             &retry) &&
	    rate_has(&client->quota->chats, limits->chats_per_hour_per_address, HOUR_MS, app->now,
	             &retry))
		return true;
	refuse_rate(app, client, frame, "Too many new chats. Please try again later.", retry);
	return false;
}

/* What looks like a secret is never kept by oversight. */
static void say_clean(struct app *app, struct client *client, struct command *command,
                      bool keep_secrets)
{
	struct arena arena = {0};

	if (!keep_secrets)
		command->text = secret_remove(&arena, command->text, &command->removed);
	act_start(app, &(struct act_origin){.conn = client->conn}, STORE_SAY, (struct ticket_id){0},
	          command);
	arena_fini(&arena);
}

void visitor_message(struct app *app, struct client *client, const struct frame_in *frame)
{
	const struct desk_limits *limits = &app->config.limits;
	struct guest *guest = client->guest;
	struct chat *chat = chats_of_visitor(&app->chats, &guest->id);
	struct command command = guest_command(guest, COMMAND_SAY, frame);

	if (!may_say(app, client, frame))
		return;
	if (chat == NULL && !may_open(app, client, frame))
		return;
	if (chat != NULL && limits->messages_per_chat > 0 &&
	    chat->last_seq >= (uint64_t)limits->messages_per_chat) {
		app_error_text(app, client->conn, frame->id, ST_CONFLICT,
		               "This chat is full. End it and start another one.", 0);
		return;
	}
	if (chat == NULL)
		command.context = kept(guest->context); /* of a new ticket, perhaps */
	command.entry_kind = ENTRY_TEXT;
	command.fresh = frame->fresh;
	say_clean(app, client, &command, frame->keep_secrets);
}

/* --- small things --- */

void visitor_typing(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct chat *chat = chats_of_visitor(&app->chats, &client->guest->id);
	struct frame_out out = {.type = OUT_TYPING};

	if (chat == NULL)
		return;
	out.u.typing.ticket = chat->number;
	out.u.typing.role = ROLE_VISITOR;
	out.u.typing.name = client->guest->name != NULL ? client->guest->name : "";
	out.u.typing.on = frame->on;
	deliver_to_agents(app, chat, &out);
	deliver_notice(
		app,
		&(struct notice){.kind = NOTICE_TYPING, .ticket = chat->number, .on = frame->on});
}

void visitor_read(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct chat *chat = chats_of_visitor(&app->chats, &client->guest->id);
	uint64_t seq;

	if (chat == NULL)
		return;
	seq = frame->seq < chat->last_public_seq ? frame->seq : chat->last_public_seq;
	if (seq <= chat->read_visitor)
		return;
	chat->read_visitor = seq;
	chats_dirty(&app->chats, chat);
	deliver_to_agents(app, chat,
	                  &(struct frame_out){.type = OUT_READ,
	                                      .u.read = {.ticket = chat->number, .seq = seq}});
}

void visitor_page(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct guest *guest = client->guest;
	struct chat *chat = chats_of_visitor(&app->chats, &guest->id);

	keep(&guest->page_url, frame->page_url);
	keep(&guest->page_title, frame->page_title);
	keep_context(guest, frame->context);
	if (chat == NULL || frame->page_url.len == 0)
		return;
	deliver_to_agents(app, chat,
	                  &(struct frame_out){.type = OUT_PAGE,
	                                      .u.page = {.ticket = chat->number,
	                                                 .url = frame->page_url,
	                                                 .title = frame->page_title}});
}

void visitor_history(struct app *app, struct client *client, const struct frame_in *frame)
{
	if (client->sub.ticket.v == 0) {
		app_heard(app, client->conn, frame->id);
		return;
	}
	if (frame->after < client->sub.cursor)
		client->sub.cursor = frame->after;
	deliver_asked(app, client, client->sub.ticket, frame->id);
}

/* Commands on the newest ticket, live or ended. */
static void on_newest(struct app *app, struct client *client, const struct command *command)
{
	if (client->guest->ticket.v == 0) {
		app_error_text(app, client->conn, command->id, ST_CONFLICT, "There is no chat yet.",
		               0);
		return;
	}
	act_start(app, &(struct act_origin){.conn = client->conn}, STORE_COMMAND,
	          client->guest->ticket, command);
}

void visitor_rate(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct command command = guest_command(client->guest, COMMAND_RATE, frame);
	struct arena arena = {0};

	command.score = frame->score;
	command.text = secret_remove(&arena, command.text, &command.removed);
	on_newest(app, client, &command);
	arena_fini(&arena);
}

void visitor_helped(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct command command = guest_command(client->guest, COMMAND_HELPED, frame);

	command.yes = frame->yes;
	on_newest(app, client, &command);
}

void visitor_page_opened(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct command command = guest_command(client->guest, COMMAND_PAGE_OPENED, frame);

	command.seen = frame->seq;
	on_newest(app, client, &command);
}

void visitor_close(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct command command = guest_command(client->guest, COMMAND_CLOSE, frame);

	on_newest(app, client, &command);
}

/* "This page answered my question": ends the chat there is, or goes on record as a request
 * that was answered by documentation. */
void visitor_solved(struct app *app, struct client *client, const struct frame_in *frame)
{
	struct chat *chat = chats_of_visitor(&app->chats, &client->guest->id);
	struct command command = guest_command(client->guest, COMMAND_CLOSE, frame);

	command.text = frame->title;
	command.resolution = RESOLUTION_DOCS_SELF;
	command.articles_count = 1;
	(void)span_copy(command.articles[0].url, sizeof(command.articles[0].url), frame->url);
	if (chat != NULL) {
		on_newest(app, client, &command);
		return;
	}
	if (!may_open(app, client, frame) || !may_say(app, client, frame))
		return;
	command.kind = COMMAND_OPEN;
	act_start(app, &(struct act_origin){.conn = client->conn}, STORE_CREATE,
	          (struct ticket_id){0}, &command);
}

void frame_pong(struct app *app, struct client *client, const struct frame_in *frame)
{
	(void)app;
	(void)client;
	(void)frame;
}
