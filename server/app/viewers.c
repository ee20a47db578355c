/* SPDX-License-Identifier: MIT */
#include "app/viewers.h"

#include <stdlib.h>
#include <string.h>

#include "app/deliver.h"
#include "base/mem.h"

/* An agent on another node. */
struct foreign_view {
	struct ticket_id ticket;
	struct agent_id agent;
	bool typing;
	wall_ms until;
	char name[NAME_SIZE];
};

/* How a person looks at a ticket with all sockets here together. */
struct look {
	bool here, typing;
};

static struct look look_of(const struct person *person, struct ticket_id ticket)
{
	const struct client *client;
	struct look look = {0};

	LIST_FOREACH(client, &person->clients, peers) {
		if (client->agent->viewing.v != ticket.v)
			continue;
		look.here = true;
		look.typing = look.typing || client->agent->typing;
	}
	return look;
}

static void add(struct viewer *list, size_t *count, struct agent_id agent, const char *name,
                bool typing)
{
	for (size_t i = 0; i < *count; i++) {
		if (list[i].agent.v != agent.v)
			continue;
		list[i].typing = list[i].typing || typing;
		return;
	}
	if (*count < VIEWERS_MAX)
		list[(*count)++] = (struct viewer){agent, name, typing};
}

/* All but `reader`. */
static size_t list_viewers(struct app *app, struct ticket_id ticket, struct agent_id reader,
                           struct viewer *out)
{
	struct person *person, *next;
	size_t count = 0;

	HASH_ITER(hh, app->people.by_id, person, next) {
		struct look look = look_of(person, ticket);

		if (look.here && person->agent.id.v != reader.v)
			add(out, &count, person->agent.id, person->agent.name, look.typing);
	}
	for (size_t i = 0; i < app->foreign_views_count; i++) {
		const struct foreign_view *view = &app->foreign_views[i];

		if (view->ticket.v == ticket.v && view->agent.v != reader.v)
			add(out, &count, view->agent, view->name, view->typing);
	}
	return count;
}

static void tell_client(struct app *app, const struct client *client, struct ticket_id ticket)
{
	struct viewer list[VIEWERS_MAX];
	struct frame_out frame = {.type = OUT_VIEWERS,
	                          .u.viewers = {.ticket = ticket, .items = list}};

	frame.u.viewers.count = list_viewers(app, ticket, client->person->agent.id, list);
	app_send(app, client->conn, &frame);
}

/* Everybody here who looks at it, but for the sockets of `besides`. */
static void tell_others(struct app *app, struct ticket_id ticket, struct agent_id besides)
{
	struct person *person, *next;
	struct client *client;

	HASH_ITER(hh, app->people.by_id, person, next) {
		if (person->agent.id.v == besides.v)
			continue;
		LIST_FOREACH(client, &person->clients, peers) {
			if (client->greeted && client->agent->viewing.v == ticket.v)
				tell_client(app, client, ticket);
		}
	}
}

static void tell_nodes(struct app *app, const struct person *person, struct ticket_id ticket)
{
	struct look look = look_of(person, ticket);
	struct notice notice = {.kind = NOTICE_VIEWING,
	                        .ticket = ticket,
	                        .agent = person->agent.id,
	                        .at = look.here ? app->now + VIEW_MS : 0,
	                        .on = look.typing};

	(void)span_copy(notice.to, sizeof(notice.to), span_of(person->agent.name));
	deliver_notice(app, &notice);
}

static void set_look(struct app *app, struct client *client, struct ticket_id ticket, bool typing)
{
	struct agent_peer *agent = client->agent;
	struct person *person = client->person;
	struct ticket_id was = agent->viewing;

	if (was.v == ticket.v && agent->typing == typing)
		return;
	agent->viewing = ticket;
	agent->typing = typing;
	if (was.v != 0 && was.v != ticket.v) {
		tell_others(app, was, person->agent.id);
		tell_nodes(app, person, was);
	}
	if (ticket.v == 0)
		return;
	tell_others(app, ticket, person->agent.id);
	tell_nodes(app, person, ticket);
}

void viewers_look(struct app *app, struct client *client, const struct frame_in *frame)
{
	bool fresh = client->agent->viewing.v != frame->ticket.v;

	set_look(app, client, frame->ticket, frame->ticket.v != 0 && frame->on);
	if (fresh && frame->ticket.v != 0)
		tell_client(app, client, frame->ticket);
}

void viewers_leave(struct app *app, struct client *client)
{
	if (client->person != NULL && client->agent != NULL)
		set_look(app, client, (struct ticket_id){0}, false);
}

static struct foreign_view *find(struct app *app, const struct notice *notice)
{
	for (size_t i = 0; i < app->foreign_views_count; i++) {
		struct foreign_view *view = &app->foreign_views[i];

		if (view->ticket.v == notice->ticket.v && view->agent.v == notice->agent.v)
			return view;
	}
	return NULL;
}

static void forget(struct app *app, struct foreign_view *view)
{
	*view = app->foreign_views[--app->foreign_views_count];
}

static struct foreign_view *place_for(struct app *app, const struct notice *notice)
{
	struct foreign_view *view = find(app, notice);

	if (view != NULL || app->foreign_views_count == FOREIGN_VIEWS_MAX)
		return view;
	if (app->foreign_views == NULL)
		app->foreign_views = xcalloc(FOREIGN_VIEWS_MAX, sizeof(*view));
	return &app->foreign_views[app->foreign_views_count++];
}

void viewers_noticed(struct app *app, const struct notice *notice)
{
	struct foreign_view *view = find(app, notice);

	if (notice->at > app->now) {
		view = place_for(app, notice);
		if (view == NULL)
			return;
		*view = (struct foreign_view){.ticket = notice->ticket,
		                              .agent = notice->agent,
		                              .typing = notice->on,
		                              .until = notice->at};
		(void)span_copy(view->name, sizeof(view->name), span_of(notice->to));
	} else if (view != NULL) {
		forget(app, view);
	}
	tell_others(app, notice->ticket, notice->agent);
}

static void say_again(struct app *app)
{
	struct person *person, *next;
	const struct client *client;

	HASH_ITER(hh, app->people.by_id, person, next) {
		LIST_FOREACH(client, &person->clients, peers) {
			if (client->agent->viewing.v != 0)
				tell_nodes(app, person, client->agent->viewing);
		}
	}
}

void viewers_tick(struct app *app)
{
	for (size_t i = app->foreign_views_count; i > 0; i--) {
		struct foreign_view gone = app->foreign_views[i - 1];

		if (gone.until > app->now)
			continue;
		forget(app, &app->foreign_views[i - 1]);
		tell_others(app, gone.ticket, gone.agent);
	}
	if (app->nodes > 1 && app->now >= app->views_again) {
		app->views_again = app->now + VIEW_AGAIN_MS;
		say_again(app);
	}
}

void viewers_fini(struct app *app)
{
	free(app->foreign_views);
	app->foreign_views = NULL;
}
