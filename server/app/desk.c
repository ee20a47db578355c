/* SPDX-License-Identifier: MIT */
/* The desk's front: every frame and every call goes to its use case by a table, and the tick
 * goes round. */
#include "app/desk.h"

#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/api_token.h"
#include "app/app.h"
#include "app/book.h"
#include "app/calls.h"
#include "app/deliver.h"
#include "app/files.h"
#include "app/frames.h"
#include "app/login.h"
#include "app/notices.h"
#include "app/password.h"
#include "app/queue_view.h"
#include "app/routing.h"
#include "app/saved_lists.h"
#include "app/seats.h"
#include "app/staff.h"
#include "app/start.h"
#include "app/tally.h"
#include "app/viewers.h"
#include "app/wallboard.h"
#include "base/mem.h"
#include "base/must.h"

#define SIGNALS_PER_MESSAGE 10

typedef void frame_rule(struct app *app, struct client *client, const struct frame_in *frame);
typedef void call_rule(struct app *app, struct desk_call *call);

static frame_rule *const visitor_rules[] = {
	[IN_HELLO] = visitor_hello,   [IN_MESSAGE] = visitor_message,
	[IN_TYPING] = visitor_typing, [IN_READ] = visitor_read,
	[IN_PAGE] = visitor_page,     [IN_HISTORY] = visitor_history,
	[IN_RATE] = visitor_rate,     [IN_SOLVED] = visitor_solved,
	[IN_CLOSE] = visitor_close,   [IN_PONG] = frame_pong,
	[IN_HELPED] = visitor_helped, [IN_PAGE_OPENED] = visitor_page_opened,
};

static frame_rule *const agent_rules[] = {
	[IN_HELLO] = agent_hello,         [IN_MESSAGE] = agent_command,
	[IN_TYPING] = agent_typing,       [IN_READ] = agent_read,
	[IN_HISTORY] = agent_history,     [IN_CLOSE] = agent_command,
	[IN_PONG] = frame_pong,           [IN_PRESENCE] = seats_presence,
	[IN_ACCEPT] = routing_accept,     [IN_DECLINE] = routing_decline,
	[IN_NOTE] = agent_command,        [IN_SET] = agent_command,
	[IN_TRANSFER] = agent_transfer,   [IN_ESCALATE] = agent_command,
	[IN_WATCH] = agent_watch,         [IN_UNWATCH] = agent_watch,
	[IN_INCIDENT] = agent_command,    [IN_CONFIRM] = agent_command,
	[IN_ACKNOWLEDGE] = agent_command, [IN_APPROVE] = agent_command,
	[IN_UNDO] = agent_command,        [IN_VIEWING] = viewers_look,
};

static call_rule *const call_rules[] = {
	[CALL_AUTH] = login_auth,
	[CALL_LOGIN] = login_start,
	[CALL_LOGOUT] = login_end,
	[CALL_TICKETS] = calls_tickets,
	[CALL_CUSTOMERS] = calls_customers,
	[CALL_TICKET] = calls_ticket,
	[CALL_TICKET_CREATE] = calls_create,
	[CALL_TICKET_SET] = calls_command,
	[CALL_TICKET_REPLY] = calls_command,
	[CALL_AGENTS_ONLINE] = calls_online,
	[CALL_WALL] = wallboard_read,
	[CALL_AGENT_ADD] = login_agent_add,
	[CALL_AGENTS] = login_agents,
	[CALL_AGENT_DISABLE] = login_agent_disable,
	[CALL_AGENT_CHANGE] = staff_change,
	[CALL_TOKEN_CREATE] = api_token_create,
	[CALL_TOKENS] = api_token_list,
	[CALL_TOKEN_LABEL] = api_token_label,
	[CALL_TOKEN_END] = api_token_end,
	[CALL_LISTS] = saved_lists_read,
	[CALL_LIST_PUT] = saved_lists_put,
	[CALL_LIST_END] = saved_lists_end,
	[CALL_PASSWORD] = password_change,
	[CALL_FILE_PUT] = files_put,
	[CALL_FILE_GET] = files_get,
};

/* --- connections --- */

static enum status desk_opened(struct desk *desk, struct conn_id conn, const struct desk_peer *peer,
                               wall_ms now)
{
	struct app *app = app_of(desk);

	app->now = now;
	if (!app->started || app->stopping)
		return ST_UNAVAILABLE;
	(void)hub_open(&app->hub, conn, peer);
	return ST_OK;
}

/* Typing, read marks and the like are cheap, but each goes to somebody else's socket: beyond
 * the rate those without an id are dropped, the others refused. */
static bool visitor_may_signal(struct app *app, struct client *client, const struct frame_in *frame)
{
	int limit = app->config.limits.messages_per_10s * SIGNALS_PER_MESSAGE;
	int64_t retry;

	if (client->guest == NULL || frame->type == IN_MESSAGE ||
	    rate_take(&client->guest->signals, limit, 10 * SEC_MS, app->now, &retry))
		return true;
	if (frame->id.len > 0 || frame->type == IN_HISTORY)
		app_error_text(app, client->conn, frame->id, ST_RATE_LIMITED,
		               "Too many requests at once. Please wait a moment.", retry);
	return false;
}

/* An agent whose console floods the desk, by a bug or a script. */
static bool agent_may_speak(struct app *app, struct client *client, const struct frame_in *frame)
{
	int64_t retry;

	if (client->person == NULL ||
	    rate_take(&client->person->frames, app->config.limits.agent_frames_per_10s, 10 * SEC_MS,
	              app->now, &retry))
		return true;
	app_error_text(app, client->conn, frame->id, ST_RATE_LIMITED,
	               "Too many requests at once. Please wait a moment.", retry);
	return false;
}

/* What is about the tickets that a client reads: which those are is said in its welcome. */
static bool may_read(struct app *app, const struct client *client, const struct frame_in *frame)
{
	bool reads = frame->type == IN_HISTORY || frame->type == IN_WATCH ||
	             frame->type == IN_UNWATCH || frame->type == IN_VIEWING;

	if (!reads || client->greeted)
		return true;
	app_error_text(app, client->conn, frame->id, ST_UNAVAILABLE, "Wait for the welcome first.",
	               SEC_MS);
	return false;
}

/* Frames that are acted on at once and need no answer get one when they ask by an id. */
static bool is_heard(enum frame_in_type type)
{
	return type == IN_TYPING || type == IN_READ || type == IN_PAGE || type == IN_PONG ||
	       type == IN_VIEWING;
}

static frame_rule *rule_for(const struct client *client, enum frame_in_type type)
{
	if (client->audience == AUDIENCE_VISITOR)
		return (size_t)type < ARRAY_LEN(visitor_rules) ? visitor_rules[type] : NULL;
	return (size_t)type < ARRAY_LEN(agent_rules) ? agent_rules[type] : NULL;
}

static void desk_frame(struct desk *desk, struct conn_id conn, const struct frame_in *frame,
                       wall_ms now)
{
	struct app *app = app_of(desk);
	struct client *client = hub_find(&app->hub, conn);
	frame_rule *rule;

	app->now = now;
	if (client == NULL || app->stopping)
		return;
	rule = rule_for(client, frame->type);
	if (rule == NULL) {
		app_error(app, conn, frame->id, ST_BAD_REQUEST);
		return;
	}
	if (client->hello == (frame->type == IN_HELLO)) {
		app_error_text(app, conn, frame->id, ST_BAD_REQUEST,
		               client->hello ? "hello was said already." : "Say hello first.", 0);
		return;
	}
	client->hello = true;
	if (!agent_may_speak(app, client, frame) || !visitor_may_signal(app, client, frame) ||
	    !may_read(app, client, frame))
		return;
	rule(app, client, frame);
	if (is_heard(frame->type))
		app_heard(app, conn, frame->id);
}

static void desk_drained(struct desk *desk, struct conn_id conn)
{
	struct app *app = app_of(desk);
	struct client *client = hub_find(&app->hub, conn);

	if (client != NULL && !app->stopping)
		deliver_drained(app, client);
}

static void desk_closed(struct desk *desk, struct conn_id conn, wall_ms now)
{
	struct app *app = app_of(desk);
	struct client *client = hub_find(&app->hub, conn);
	struct person *person = client != NULL ? client->person : NULL;

	app->now = now;
	if (client == NULL)
		return;
	for (size_t i = 0; client->agent != NULL && i < client->agent->subs_count; i++) {
		struct chat *chat = chats_find(&app->chats, client->agent->subs[i].ticket);

		if (chat != NULL)
			chat_unwatch(chat, conn);
	}
	if (!app->stopping)
		viewers_leave(app, client);
	hub_close(&app->hub, &client);
	if (person != NULL && !app->stopping)
		seats_client_went(app, person, conn);
}

static uint64_t desk_newest_seq(struct desk *desk, struct conn_id conn)
{
	struct app *app = app_of(desk);
	const struct client *client = hub_find(&app->hub, conn);
	const struct chat *chat;

	if (client == NULL || client->guest == NULL)
		return 0;
	chat = chats_of_visitor(&app->chats, &client->guest->id);
	return chat != NULL ? chat->last_public_seq : client->sub.cursor;
}

/* --- calls --- */

static void hold_call(struct app *app, struct desk_call *call)
{
	app->waiting = xrealloc(app->waiting, (app->waiting_count + 1) * sizeof(*app->waiting));
	app->waiting[app->waiting_count++] = call;
}

static void desk_call_begin(struct desk *desk, struct desk_call *call, wall_ms now)
{
	struct app *app = app_of(desk);

	MUST((size_t)call->kind < ARRAY_LEN(call_rules));
	app->now = now;
	if (!app->started)
		hold_call(app, call);
	else
		call_rules[call->kind](app, call);
}

static void release_calls(struct app *app)
{
	struct desk_call **calls = app->waiting;
	size_t count = app->waiting_count;

	app->waiting = NULL;
	app->waiting_count = 0;
	for (size_t i = 0; i < count; i++)
		call_rules[calls[i]->kind](app, calls[i]);
	free(calls);
}

/* --- numbers --- */

static void count_chat(struct desk_stats *stats, const struct chat *chat, wall_ms now)
{
	int at = chat->tier - TIER_MIN;

	stats->overdue += chat->next_due != 0 && chat->next_due <= now ? 1 : 0;
	stats->pages_open += chat->pages > 0 ? 1 : 0;
	if (chat_is_waiting(chat)) {
		stats->waiting[at]++;
		if (now - chat->waiting_since > stats->oldest_wait_ms[at])
			stats->oldest_wait_ms[at] = now - chat->waiting_since;
		if (chat->offered_to.v != 0)
			stats->chats_offered++;
		else
			stats->chats_waiting++;
	} else if (chat->status == TICKET_PENDING) {
		stats->chats_pending++;
	} else {
		stats->chats_active++;
	}
}

static void desk_count(struct desk *desk, struct desk_stats *out, wall_ms now)
{
	struct app *app = app_of(desk);
	struct store_stats store;
	struct person *person, *next_person;
	struct chat *chat, *next;

	*out = app->counters;
	out->visitors = HASH_COUNT(app->hub.guests);
	out->visitor_sockets = app->hub.visitor_sockets;
	out->agent_sockets = app->hub.agent_sockets;
	HASH_ITER(hh, app->people.by_id, person, next_person) {
		out->agents += person->clients_count > 0 ? 1 : 0;
	}
	HASH_ITER(hh, app->chats.by_number, chat, next) {
		count_chat(out, chat, now);
	}
	for (int i = 0; i < TIER_MAX; i++)
		out->available[i] = app->tiers[i].available;
	out->timer_lag_ms = sweep_lag_ms(app, now);
	memcpy(out->fired, app->sweep.fired, sizeof(out->fired));
	out->pages = app->sweep.pages;
	out->pages_failed = app->sweep.pages_failed;
	memcpy(out->forgotten, app->retention.total, sizeof(out->forgotten));
	out->policy = app->book != NULL ? app->book->current->id : 0;
	app->ports.store->ops->stats(app->ports.store, &store);
	out->store_healthy = store.healthy;
	out->started = app->started && !app->stopping;
	out->routing = app->routing;
}

/* --- what the switchboard says by itself --- */

static void bus_notice(void *ctx, const struct notice *notice)
{
	struct app *app = ctx;

	if (app->started && !app->stopping)
		notices_take(app, notice);
}

static void bus_up(void *ctx)
{
	struct app *app = ctx;

	app->routing = false;
	app->next_tick = 0; /* the next tick rebuilds */
}

static void bus_down(void *ctx)
{
	struct app *app = ctx;

	app->routing = false;
}

/* --- life --- */

void desk_config_init(struct desk_config *config)
{
	*config = (struct desk_config){
		.name = "Platform Support",
		.node = "node-1",
		.default_capacity = 3,
		.offer_ms = 30 * SEC_MS,
		.again_ms = 15 * SEC_MS,
		.grace_ms = 45 * SEC_MS,
		.lease_ms = 30 * SEC_MS,
		.session_ms = 12 * HOUR_MS,
		.visitor_token_ms = 30 * DAY_MS,
		.first_response_s = {900, 600, 300, 120},
		.visitor_frame_bytes = UINT64_C(16) * 1024,
		.agent_frame_bytes = UINT64_C(64) * 1024,
		.limits = {.messages_per_10s = 20,
	                   .chats_per_hour_per_address = 60,
	                   .chats_per_hour_per_visitor = 20,
	                   .sockets_per_visitor = 20,
	                   .sockets_per_agent = 20,
	                   .logins_per_minute = 10,
	                   .messages_per_chat = 5000,
	                   .files_per_ticket = 20,
	                   .files_per_hour_per_address = 60,
	                   .agent_frames_per_10s = 100000,
	                   .undo_close_s = 10,
	                   .tokens_per_agent = 100,
	                   .saved_lists = 50,
	                   .alerts_per_second = 20},
	};
}

static struct policy *desk_policy(struct desk *desk)
{
	const struct app *app = app_of(desk);

	return app->book != NULL ? app->book->current : NULL;
}

struct desk *desk_create(const struct desk_config *config, const struct desk_ports *ports,
                         wall_ms now)
{
	static const struct desk_ops ops = {.opened = desk_opened,
	                                    .frame = desk_frame,
	                                    .drained = desk_drained,
	                                    .closed = desk_closed,
	                                    .newest_seq = desk_newest_seq,
	                                    .call = desk_call_begin,
	                                    .stats = desk_count,
	                                    .policy = desk_policy};
	struct app *app = xcalloc(1, sizeof(*app));

	app->desk.ops = &ops;
	app->config = *config;
	app->ports = *ports;
	app->now = now;
	app->nodes = 1;
	ports->bus->ops->listen(ports->bus, &(struct bus_events){.ctx = app,
	                                                         .notice = bus_notice,
	                                                         .up = bus_up,
	                                                         .down = bus_down});
	start_begin(app);
	return &app->desk;
}

void desk_configure(struct desk *desk, const struct desk_config *config)
{
	struct app *app = app_of(desk);

	app->config = *config;
	book_apply(app);
}

void desk_adopt(struct desk *desk, struct policy *policy, struct span text, wall_ms now)
{
	struct app *app = app_of(desk);

	app->now = now;
	book_want(app, policy, text);
	if (app->started && !app->stopping)
		book_put(app);
}

void desk_tick(struct desk *desk, wall_ms now, mono_ms mono)
{
	struct app *app = app_of(desk);

	app->mono = mono;
	app->now = now;
	if (app->stopping)
		return;
	if (!app->started && !app->starting)
		start_begin(app);
	if (!app->started)
		return;
	if (app->waiting_count > 0)
		release_calls(app);
	book_put(app);
	sweep_tick(app);
	retention_tick(app);
	seats_tick(app);
	queue_view_tick(app);
	viewers_tick(app);
	api_token_tick(app);
	tally_tick(app);
	quota_forget(&app->hub.quotas, now);
}

bool desk_is_ready(const struct desk *desk)
{
	const struct app *app = (const struct app *)desk; /* its first member */

	return app->started && !app->stopping;
}

void desk_stop(struct desk *desk, wall_ms now)
{
	struct app *app = app_of(desk);

	app->now = now;
	app->stopping = true;
	app->routing = false;
	app->started = true; /* calls that still wait are answered by their canceled ports */
	release_calls(app);
}

void desk_destroy(struct desk **desk)
{
	struct app *app;

	if (*desk == NULL)
		return;
	app = app_of(*desk);
	tally_fini(app);
	viewers_fini(app);
	hub_fini(&app->hub);
	chats_fini(&app->chats);
	people_fini(&app->people);
	acts_fini(app);
	book_fini(app);
	free(app->waiting);
	explicit_bzero(app->visitor_key, sizeof(app->visitor_key));
	explicit_bzero(&app->config.identity_key, sizeof(app->config.identity_key));
	free(app);
	*desk = NULL;
}
