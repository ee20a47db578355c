/* SPDX-License-Identifier: MIT */
/* When the desk has something to do by itself. */
#include "app/app.h"
#include "app/tally.h"

static wall_ms sooner(wall_ms a, wall_ms b)
{
	return b < a ? b : a;
}

/* A chat that nobody was offered although somebody is there waits for room, or for the end of a
 * "no". */
static wall_ms of_chats(const struct app *app)
{
	const struct chat *chat;
	wall_ms next = WALL_NEVER;

	for (chat = app->chats.by_number; chat != NULL; chat = chat->hh.next) {
		if (chat->offered_to.v != 0)
			next = sooner(next, chat->offer_until);
		else if (chat_is_waiting(chat) && app->tiers[chat->tier - TIER_MIN].available > 0)
			next = sooner(next, app->next_tick);
		if (chat->read_dirty)
			next = sooner(next, app->next_tick);
	}
	return next;
}

static wall_ms of_people(const struct app *app)
{
	const struct person *person;
	wall_ms next = WALL_NEVER;

	for (person = app->people.by_id; person != NULL; person = person->hh.next) {
		if (person->absent_since != 0)
			next = sooner(next, person->absent_since + app->config.grace_ms);
	}
	return next;
}

static wall_ms of_clocks(const struct app *app)
{
	const struct sweep *sweep = &app->sweep;
	int64_t held = sweep->hold_until > app->mono ? sweep->hold_until - app->mono : 0;

	if (sweep->next_due == 0)
		return WALL_NEVER;
	return sweep->next_due > app->now + held ? sweep->next_due : app->now + held;
}

wall_ms desk_next_wake(const struct desk *desk)
{
	const struct app *app = (const struct app *)desk; /* its first member */
	wall_ms next;

	if (!app->started || app->waiting_count > 0 || app->wanted != NULL)
		return app->now + SEC_MS;
	next = of_chats(app);
	if (!app->routing || next < app->next_tick) /* these are looked at once a second */
		next = app->next_tick;
	next = sooner(sooner(next, of_people(app)), of_clocks(app));
	next = sooner(next, tally_next(app));
	return next > app->now ? next : app->now + 1;
}
