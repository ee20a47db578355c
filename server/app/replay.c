/* SPDX-License-Identifier: MIT */
/* Replay: everything behind a client's cursor, read in pieces from the record.
 *
 *   read --> send --> read ...            while there is more, or an entry came in meanwhile
 *              '----> parked --drained--> read       when the connection is full
 *              '----> DONE                from here on new entries are pushed
 *
 * The client, or its subscription, may be gone at any answer: then so is the replay. */
#include <stdlib.h>

#include "app/deliver.h"
#include "base/mem.h"
#include "base/must.h"

#define REPLAY_PIECE 64

struct replay {
	struct app *app;
	struct conn_id conn;
	struct ticket_id ticket;
	struct store_call call;
};

static void replay_done(struct op *op);

static void replay_read(struct replay *replay, const struct sub *sub, bool public_only)
{
	arena_fini(&replay->call.arena);
	replay->call = (struct store_call){.op.done = replay_done, .kind = STORE_ENTRIES};
	replay->call.u.entries.number = replay->ticket;
	replay->call.u.entries.after = sub->cursor;
	replay->call.u.entries.limit = REPLAY_PIECE;
	replay->call.u.entries.public_only = public_only;
	store_submit(replay->app->ports.store, &replay->call);
}

static void replay_end(struct replay *replay)
{
	arena_fini(&replay->call.arena);
	free(replay);
}

static bool is_full(const struct app *app, struct conn_id conn)
{
	return app->ports.outlet->ops->queued(app->ports.outlet, conn) >
	       app->ports.outlet->soft_limit;
}

/* false: the connection is full before the end of the piece. Sixty-four long messages are
 * more than any queue may hold, so it is looked at after each. */
static bool replay_send(struct replay *replay, struct client *client, struct sub *sub)
{
	for (size_t i = 0; i < replay->call.u.entries.count; i++) {
		const struct entry *entry = &replay->call.u.entries.items[i];
		bool own = client->person != NULL
		                   ? entry->from == ROLE_AGENT &&
		                             entry->from_agent.v == client->person->agent.id.v
		                   : entry->from == ROLE_VISITOR;

		if (entry->seq <= sub->cursor)
			continue;
		if (is_full(replay->app, client->conn))
			return false;
		sub->cursor = entry->seq;
		app_send(replay->app, client->conn,
		         &(struct frame_out){.type = OUT_MESSAGE,
		                             .u.message = {.entry = entry,
		                                           .audience = client->audience,
		                                           .show_id = own}});
	}
	return true;
}

/* What was asked for is sent, or cannot be. */
static void answer(struct app *app, struct client *client, struct ticket_id ticket, enum status st)
{
	struct asked *asked = client->asked;
	bool owed = asked != NULL && asked->ticket.v == ticket.v;
	struct span id = owed ? span_of(asked->id) : (struct span){0};

	if (owed)
		client->asked = NULL;
	if (st != ST_OK)
		app_error(app, client->conn, id, st);
	else
		app_heard(app, client->conn, id);
	if (owed)
		free(asked);
}

/* The record cannot be read, or there is no such ticket. */
static void replay_failed(struct replay *replay, struct client *client, struct sub *sub)
{
	struct outlet *outlet = replay->app->ports.outlet;
	enum status st = replay->call.op.status;

	sub->replaying = false;
	if (st == ST_NOT_FOUND) {
		client_unsubscribe(client, replay->ticket);
		answer(replay->app, client, replay->ticket, ST_NOT_FOUND);
	} else if (st != ST_CANCELED) {
		outlet->ops->hangup(outlet, client->conn, HANGUP_SLOW);
	}
}

static void replay_done(struct op *op)
{
	struct replay *replay = container_of(op, struct replay, call.op);
	struct app *app = replay->app;
	struct client *client = hub_find(&app->hub, replay->conn);
	struct sub *sub = client != NULL ? client_sub(client, replay->ticket) : NULL;
	bool more;

	if (sub == NULL || !sub->replaying) {
		if (client != NULL)
			answer(app, client, replay->ticket, ST_OK);
		replay_end(replay);
		return;
	}
	if (op->status != ST_OK) {
		replay_failed(replay, client, sub);
		replay_end(replay);
		return;
	}
	more = !replay_send(replay, client, sub) || replay->call.u.entries.more || sub->missed;
	sub->missed = false;
	if (more && is_full(app, client->conn)) {
		sub->parked = true;
		replay_end(replay);
		return;
	}
	if (more) {
		replay_read(replay, sub, client->audience == AUDIENCE_VISITOR);
		return;
	}
	sub->replaying = false;
	if (!sub->live)
		client_unsubscribe(client, replay->ticket);
	answer(app, client, replay->ticket, ST_OK);
	replay_end(replay);
}

static void replay_start(struct app *app, struct client *client, struct sub *sub)
{
	struct replay *replay = xcalloc(1, sizeof(*replay));

	replay->app = app;
	replay->conn = client->conn;
	replay->ticket = sub->ticket;
	sub->replaying = true;
	sub->parked = false;
	replay_read(replay, sub, client->audience == AUDIENCE_VISITOR);
}

void deliver_replay(struct app *app, struct client *client, struct ticket_id ticket)
{
	struct sub *sub = client_sub(client, ticket);

	MUST(sub != NULL);
	if (sub->replaying)
		sub->missed = true;
	else
		replay_start(app, client, sub);
}

void deliver_asked(struct app *app, struct client *client, struct ticket_id ticket, struct span id)
{
	if (id.len > 0) {
		if (client->asked != NULL)
			answer(app, client, client->asked->ticket, ST_OK);
		client->asked = xcalloc(1, sizeof(*client->asked));
		client->asked->ticket = ticket;
		(void)span_copy(client->asked->id, sizeof(client->asked->id), id);
	}
	deliver_replay(app, client, ticket);
}

void deliver_drained(struct app *app, struct client *client)
{
	if (client->agent == NULL) {
		if (client->sub.parked)
			replay_start(app, client, &client->sub);
		return;
	}
	for (size_t i = 0; i < client->agent->subs_count; i++) {
		if (client->agent->subs[i].parked)
			replay_start(app, client, &client->agent->subs[i]);
	}
}
