/* SPDX-License-Identifier: MIT */
/* A round begins some time after the start, then every hour:
 *
 *   STORE_FORGET --more--> the next tick: STORE_FORGET ... --no more--> one line in the log
 *
 * One call a tick, each a few milliseconds of the record's time, so that messages do not notice.
 * What is gone cannot be had back: a server with a wrong clock is given time to be noticed. */
#include "app/retention.h"

#include <inttypes.h>
#include <string.h>

#include "app/app.h"
#include "base/log.h"
#include "base/must.h"
#include "core/zone.h"

#define LIMIT    100
#define FIRST_MS (10 * MINUTE_MS)
#define ROUND_MS HOUR_MS
#define HOLD_MS  HOUR_MS
#define AGAIN_MS MINUTE_MS /* after a call that failed */

enum { TICKETS, ENTRIES, LOGINS };

static int days_of(int year, int month)
{
	return (int)(civil_days(year + month / 12, month % 12 + 1, 1) - civil_days(year, month, 1));
}

wall_ms retention_before(wall_ms now, int months)
{
	struct civil then;
	int month;

	zone_local(&zone_utc, now, &then);
	month = then.year * 12 + then.month - 1 - months;
	then.year = month / 12;
	then.month = month % 12 + 1;
	if (then.day > days_of(then.year, then.month))
		then.day = days_of(then.year, then.month);
	return civil_days(then.year, then.month, then.day) * DAY_MS + (wall_ms)then.second * SEC_MS;
}

static void count(struct retention *retention)
{
	const unsigned went[] = {retention->call.u.forget.tickets, retention->call.u.forget.entries,
	                         retention->call.u.forget.sessions};

	for (size_t i = 0; i < ARRAY_LEN(went); i++) {
		retention->round[i] += went[i];
		retention->total[i] += went[i];
	}
}

static void round_over(struct retention *retention)
{
	if (retention->round[TICKETS] + retention->round[ENTRIES] + retention->round[LOGINS] > 0)
		log_info("retention.done",
		         "tickets=%" PRIu64 " entries=%" PRIu64 " logins=%" PRIu64,
		         retention->round[TICKETS], retention->round[ENTRIES],
		         retention->round[LOGINS]);
	memset(retention->round, 0, sizeof(retention->round));
}

static void forget_done(struct op *op)
{
	struct retention *retention = container_of(op, struct retention, call.op);
	struct app *app = container_of(retention, struct app, retention);

	retention->under_way = false;
	if (op->status == ST_OK) {
		count(retention);
		if (!retention->call.u.forget.more) {
			round_over(retention);
			retention->look_at = app->mono + ROUND_MS;
		}
	} else if (op->status != ST_CANCELED) {
		log_warn("retention.failed", "status=%s", status_name(op->status));
		retention->look_at = app->mono + AGAIN_MS;
	}
	arena_fini(&retention->call.arena);
}

static void forget(struct app *app, int months)
{
	struct retention *retention = &app->retention;

	retention->under_way = true;
	retention->call = (struct store_call){.op.done = forget_done, .kind = STORE_FORGET};
	retention->call.u.forget.now = app->now;
	retention->call.u.forget.before = months > 0 ? retention_before(app->now, months) : 0;
	retention->call.u.forget.limit = LIMIT;
	store_submit(app->ports.store, &retention->call);
}

void retention_hold(struct app *app)
{
	if (app->retention.look_at < app->mono + HOLD_MS)
		app->retention.look_at = app->mono + HOLD_MS;
}

void retention_tick(struct app *app)
{
	struct retention *retention = &app->retention;

	if (!retention->started) {
		retention->started = true;
		retention->look_at = app->mono + FIRST_MS;
	}
	if (app->config.keep_all)
		return;
	if (app->book != NULL && !retention->under_way && app->mono >= retention->look_at)
		forget(app, app->book->current->retention_months);
}
