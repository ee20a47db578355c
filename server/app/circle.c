/* SPDX-License-Identifier: MIT */
#include "app/circle.h"

#include <string.h>

#include "app/deliver.h"
#include "app/tally.h"
#include "base/must.h"

/* bits of a notice */
enum {
	BIT_LEADERS = 1,
	BIT_ADMINS = 2,
	BIT_WATCHERS = 4,
	BIT_PAGE = 8,
	BIT_EMERGENCY = 16,
	BIT_RESOLUTION = 32,
	BIT_BREACHED = 64,
};

bool circle_has(const struct circle *circle, const struct person *person)
{
	const struct agent *agent = &person->agent;

	return (circle->agent.v != 0 && agent->id.v == circle->agent.v) ||
	       (circle->contact.v != 0 && agent->id.v == circle->contact.v) ||
	       agent->tier == circle->tier ||
	       (circle->leaders && agent->role != AGENT_ROLE_AGENT) ||
	       (circle->admins && agent->role == AGENT_ROLE_ADMIN);
}

static struct ticket_id ticket_of(const struct circle *circle)
{
	const struct frame_out *frame = circle->frame;

	return frame->type == OUT_DUE ? frame->u.due.ticket : frame->u.alert.ticket;
}

/* Who reads along and was not told yet. */
static void tell_watchers(const struct circle *circle)
{
	const struct chat *chat = chats_find(&circle->app->chats, ticket_of(circle));

	for (size_t i = 0; chat != NULL && i < chat->watchers_count; i++) {
		struct client *client = hub_find(&circle->app->hub, chat->watchers[i]);

		if (client != NULL && client->greeted && client->person != NULL &&
		    !circle_has(circle, client->person))
			app_send(circle->app, client->conn, circle->frame);
	}
}

static void tell_here(const struct circle *circle)
{
	struct person *person, *next;

	HASH_ITER(hh, circle->app->people.by_id, person, next) {
		if (person->clients_count > 0 && circle_has(circle, person))
			deliver_to_person(circle->app, person, circle->frame);
	}
	if (circle->watchers)
		tell_watchers(circle);
}

/* As much as there is room for, as one line. */
static void put_line(char *to, size_t size, const char *text)
{
	size_t len = strlen(text);

	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)text[len] & 0xC0U) == 0x80U)
			len--; /* not in the middle of a letter */
	}
	memcpy(to, text, len);
	to[len] = '\0';
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)to[i] < ' ' || to[i] == 0x7F)
			to[i] = ' ';
	}
}

static unsigned bit(bool set, unsigned value)
{
	return set ? value : 0;
}

static void say_due(const struct circle *circle, struct notice *notice)
{
	notice->kind = NOTICE_DUE;
	notice->at = circle->frame->u.due.at;
	if (circle->frame->u.due.milestone != NULL)
		put_line(notice->rule, sizeof(notice->rule), circle->frame->u.due.milestone);
	notice->bits |= bit(circle->frame->u.due.resolution, BIT_RESOLUTION) |
	                bit(circle->frame->u.due.breached, BIT_BREACHED);
}

static void say_alert(const struct circle *circle, struct notice *notice)
{
	notice->kind = NOTICE_ALERT;
	notice->bits |= bit(circle->frame->u.alert.page, BIT_PAGE) |
	                bit(circle->frame->u.alert.emergency, BIT_EMERGENCY);
	put_line(notice->rule, sizeof(notice->rule), circle->frame->u.alert.rule);
	put_line(notice->to, sizeof(notice->to), circle->frame->u.alert.to);
	put_line(notice->text, sizeof(notice->text), circle->frame->u.alert.why);
}

static struct notice notice_of(const struct circle *circle)
{
	struct notice notice = {.ticket = ticket_of(circle),
	                        .agent = circle->agent,
	                        .contact = circle->contact,
	                        .tier = (unsigned)circle->tier,
	                        .bits = bit(circle->leaders, BIT_LEADERS) |
	                                bit(circle->admins, BIT_ADMINS) |
	                                bit(circle->watchers, BIT_WATCHERS)};

	if (circle->frame->type == OUT_DUE)
		say_due(circle, &notice);
	else
		say_alert(circle, &notice);
	return notice;
}

static void tell_others(const struct circle *circle)
{
	struct notice notice;

	if (circle->app->nodes <= 1)
		return;
	notice = notice_of(circle);
	deliver_notice(circle->app, &notice);
}

void circle_tell_count(const struct circle *circle, uint64_t tickets)
{
	struct notice notice = notice_of(circle);

	notice.on = notice.kind == NOTICE_DUE;
	notice.kind = NOTICE_ALERTS;
	notice.seq = tickets;
	deliver_notice(circle->app, &notice);
}

static void tell_owner(const struct circle *circle)
{
	const struct circle own = {.app = circle->app,
	                           .frame = circle->frame,
	                           .agent = circle->agent,
	                           .watchers = circle->watchers};
	struct person *person = people_find(&circle->app->people, circle->agent);

	if (person != NULL && person->clients_count > 0)
		deliver_to_person(circle->app, person, circle->frame);
	if (own.watchers)
		tell_watchers(&own);
	if (own.agent.v != 0)
		tell_others(&own);
}

struct tally_row *circle_tell(const struct circle *circle)
{
	struct tally_row *row = tally_take(circle);

	MUST(circle->frame->type == OUT_DUE || circle->frame->type == OUT_ALERT);
	if (row != NULL) {
		tell_owner(circle);
		return row;
	}
	tell_here(circle);
	tell_others(circle);
	return NULL;
}

static struct frame_out frame_of(const struct notice *notice)
{
	bool due = notice->kind == NOTICE_DUE || (notice->kind == NOTICE_ALERTS && notice->on);
	struct frame_out frame = {.type = due ? OUT_DUE : OUT_ALERT};

	if (due) {
		frame.u.due.ticket = notice->ticket;
		frame.u.due.resolution = (notice->bits & BIT_RESOLUTION) != 0;
		frame.u.due.breached = (notice->bits & BIT_BREACHED) != 0;
		frame.u.due.at = notice->at;
		frame.u.due.milestone = notice->rule;
	} else {
		frame.u.alert.ticket = notice->ticket;
		frame.u.alert.page = (notice->bits & BIT_PAGE) != 0;
		frame.u.alert.emergency = (notice->bits & BIT_EMERGENCY) != 0;
		frame.u.alert.rule = notice->rule;
		frame.u.alert.to = notice->to;
		frame.u.alert.why = notice->text;
	}
	return frame;
}

void circle_noticed(struct app *app, const struct notice *notice)
{
	struct frame_out frame = frame_of(notice);
	const struct circle circle = {.app = app,
	                              .frame = &frame,
	                              .agent = notice->agent,
	                              .contact = notice->contact,
	                              .tier = (int)notice->tier,
	                              .leaders = (notice->bits & BIT_LEADERS) != 0,
	                              .admins = (notice->bits & BIT_ADMINS) != 0,
	                              .watchers = (notice->bits & BIT_WATCHERS) != 0};

	if (notice->kind == NOTICE_ALERTS)
		tally_noticed(&circle, notice->seq);
	else
		tell_here(&circle);
}
