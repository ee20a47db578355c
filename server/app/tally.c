/* SPDX-License-Identifier: MIT */
#include "app/tally.h"

#include <string.h>

#include "app/alerts.h"
#include "app/circle.h"
#include "app/deliver.h"
#include "base/must.h"

static bool is_due(const struct alert_count *said)
{
	return said->level == LEVEL_WARNING || said->level == LEVEL_BREACH;
}

/* For nobody but whoever has it or looks at it: there are not many of these. */
static bool is_own(const struct circle *circle)
{
	return circle->tier == 0 && !circle->leaders && !circle->admins && circle->contact.v == 0;
}

static bool is_emergency(const struct frame_out *frame)
{
	return frame->type == OUT_ALERT && frame->u.alert.emergency;
}

static struct tally_row row_of(const struct circle *circle)
{
	const struct frame_out *frame = circle->frame;
	struct tally_row row = {.contact = circle->contact,
	                        .tier = circle->tier,
	                        .leaders = circle->leaders,
	                        .admins = circle->admins};
	const char *what;

	if (frame->type == OUT_DUE) {
		row.said.level = frame->u.due.breached ? LEVEL_BREACH : LEVEL_WARNING;
		row.said.resolution = frame->u.due.resolution;
		what = frame->u.due.milestone;
	} else {
		row.said.level = frame->u.alert.page ? LEVEL_PAGE : LEVEL_NOTICE;
		what = frame->u.alert.rule;
	}
	if (what != NULL)
		(void)span_copy(row.said.what, sizeof(row.said.what), span_of(what));
	return row;
}

static bool is_same(const struct tally_row *a, const struct tally_row *b)
{
	return a->said.level == b->said.level && a->said.resolution == b->said.resolution &&
	       strcmp(a->said.what, b->said.what) == 0 && a->contact.v == b->contact.v &&
	       a->tier == b->tier && a->leaders == b->leaders && a->admins == b->admins &&
	       a->here == b->here;
}

static struct circle circle_of(struct app *app, const struct tally_row *row)
{
	return (struct circle){.app = app,
	                       .contact = row->contact,
	                       .tier = row->tier,
	                       .leaders = row->leaders,
	                       .admins = row->admins};
}

/* --- the second is over --- */

static void tell_person(struct app *app, struct person *person)
{
	const struct tally *tally = &app->tally;
	struct alert_count items[TALLY_ROWS];
	struct frame_out frame = {.type = OUT_ALERTS, .u.alerts.items = items};
	size_t count = 0;

	for (size_t i = 0; i < tally->count; i++) {
		struct circle circle = circle_of(app, &tally->rows[i]);

		if (circle_has(&circle, person))
			items[count++] = tally->rows[i].said;
	}
	frame.u.alerts.count = count;
	if (count > 0)
		deliver_to_person(app, person, &frame);
}

static void tell_others(struct app *app, const struct tally_row *row)
{
	struct frame_out frame = {.type = OUT_ALERT};
	struct circle circle = circle_of(app, row);

	circle.frame = &frame;
	if (is_due(&row->said)) {
		frame.type = OUT_DUE;
		frame.u.due.resolution = row->said.resolution;
		frame.u.due.breached = row->said.level == LEVEL_BREACH;
		frame.u.due.milestone = row->said.what;
	} else {
		frame.u.alert.page = row->said.level == LEVEL_PAGE;
		frame.u.alert.rule = row->said.what;
		frame.u.alert.to = "";
		frame.u.alert.why = "";
	}
	circle_tell_count(&circle, row->said.tickets);
}

static void tell(struct app *app)
{
	struct tally *tally = &app->tally;
	struct person *person, *next;

	HASH_ITER(hh, app->people.by_id, person, next) {
		if (person->clients_count > 0)
			tell_person(app, person);
	}
	for (size_t i = 0; i < tally->count; i++) {
		struct tally_row *row = &tally->rows[i];

		if (row->here)
			tell_others(app, row);
		if (row->telling != NULL)
			alerts_telling_send(&row->telling, row->said.tickets);
	}
	tally->count = 0;
}

void tally_tick(struct app *app)
{
	struct tally *tally = &app->tally;

	if (app->mono < tally->until)
		return;
	tell(app);
	tally->single = 0;
	tally->until = app->mono + SEC_MS;
}

wall_ms tally_next(const struct app *app)
{
	const struct tally *tally = &app->tally;
	int64_t left = tally->until > app->mono ? tally->until - app->mono : 0;

	return tally->count > 0 ? app->now + left : WALL_NEVER;
}

void tally_fini(struct app *app)
{
	for (size_t i = 0; i < app->tally.count; i++)
		alerts_telling_free(&app->tally.rows[i].telling);
	app->tally.count = 0;
}

/* --- counting --- */

static struct tally_row *add(struct app *app, const struct tally_row *wanted, uint64_t tickets)
{
	struct tally *tally = &app->tally;
	struct tally_row *row;

	for (size_t i = 0; i < tally->count; i++) {
		if (is_same(&tally->rows[i], wanted)) {
			tally->rows[i].said.tickets += tickets;
			return &tally->rows[i];
		}
	}
	if (tally->count == TALLY_ROWS)
		tell(app);
	row = &tally->rows[tally->count++];
	*row = *wanted;
	row->said.tickets = tickets;
	return row;
}

struct tally_row *tally_take(const struct circle *circle)
{
	struct app *app = circle->app;
	int limit = app->config.limits.alerts_per_second;
	struct tally_row row;

	if (limit == 0 || is_own(circle) || is_emergency(circle->frame))
		return NULL;
	if (app->tally.single < (unsigned)limit) {
		app->tally.single++;
		return NULL;
	}
	row = row_of(circle);
	row.here = true;
	return add(app, &row, 1);
}

void tally_noticed(const struct circle *circle, uint64_t tickets)
{
	struct tally_row row = row_of(circle);

	(void)add(circle->app, &row, tickets);
}
