/* SPDX-License-Identifier: MIT */
/* A round of one call is under way at a time, a batch each, so that messages get their turn
 * between them. While there is more, a round has as many calls as do not double what a commit
 * takes: on a slow disk they share its sync.
 *
 *   due --> STORE_FIRE --> effects go out --more?--> STORE_FIRE, STORE_FIRE ...
 *    '------ every 30 s whatever is known: another node's tickets, a word that was lost   */
#include "app/sweep.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/app.h"
#include "app/deliver.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define BATCH    250
#define CALL_US  UINT64_C(4000) /* about what the record gives to a call that fires */
#define WIDE_MAX 16
#define ROUND_MS (30 * SEC_MS)
#define AGAIN_MS SEC_MS
#define STEP_MS  MINUTE_MS /* a clock put forward by more holds firing for a round */

struct firing {
	struct app *app;
	struct policy_book *book;
	struct store_call call;
};

static bool is_due(const struct app *app)
{
	return app->sweep.next_due != 0 && app->sweep.next_due <= app->now;
}

static bool may_fire(const struct app *app)
{
	return app->book != NULL && app->started && !app->stopping && app->sweep.under_way == 0 &&
	       app->mono >= app->sweep.hold_until;
}

static void fire(struct app *app);

/* Work and sync of a commit are in balance when half of what it takes is work. */
static unsigned wide(const struct app *app)
{
	struct store_stats stats;
	uint64_t calls;

	app->ports.store->ops->stats(app->ports.store, &stats);
	calls = stats.latency_us[0] / (2 * CALL_US);
	if (calls < 1)
		return 1;
	return calls < WIDE_MAX ? (unsigned)calls : WIDE_MAX;
}

static void fire_more(struct app *app)
{
	unsigned calls = wide(app);

	for (unsigned i = 0; i < calls; i++)
		fire(app);
}

/* A record that says something is due and cannot bring it to pass is not asked in a circle. */
static void look_again(struct app *app, const struct store_call *call)
{
	bool stuck = call->u.fire.count == 0 && !app->sweep.more && is_due(app);

	if (stuck) {
		log_warn("sweep.stuck", "due=%" PRId64, app->sweep.next_due);
		app->sweep.hold_until = app->mono + AGAIN_MS;
	}
	if (!may_fire(app))
		return;
	if (app->sweep.more)
		fire_more(app);
	else if (is_due(app))
		fire(app);
}

static void fire_done(struct op *op)
{
	struct firing *firing = container_of(op, struct firing, call.op);
	struct app *app = firing->app;

	if (op->status == ST_OK) {
		app->sweep.next_due = firing->call.u.fire.next_due;
		for (size_t i = 0; i < firing->call.u.fire.count; i++)
			deliver_effect(app, &firing->call.u.fire.effects[i], "clock");
		app->sweep.more = firing->call.u.fire.more;
		app->sweep.under_way--;
		look_again(app, &firing->call);
	} else {
		app->sweep.under_way--;
		app->sweep.more = false;
		app->sweep.hold_until = app->mono + AGAIN_MS;
		if (op->status != ST_CANCELED)
			log_warn("sweep.failed", "status=%s", status_name(op->status));
	}
	policy_book_unref(&firing->book);
	arena_fini(&firing->call.arena);
	free(firing);
}

static void fire(struct app *app)
{
	struct firing *firing = xcalloc(1, sizeof(*firing));

	app->sweep.under_way++;
	app->sweep.look_at = app->mono + ROUND_MS;
	firing->app = app;
	firing->book = policy_book_ref(app->book);
	firing->call.op.done = fire_done;
	firing->call.kind = STORE_FIRE;
	firing->call.u.fire.now = app->now;
	firing->call.u.fire.limit = BATCH;
	firing->call.u.fire.book = firing->book;
	store_submit(app->ports.store, &firing->call);
}

void sweep_note(struct app *app, wall_ms next_due)
{
	struct sweep *sweep = &app->sweep;

	if (next_due == 0)
		return;
	if (sweep->next_due == 0 || next_due < sweep->next_due)
		sweep->next_due = next_due;
	if (is_due(app) && may_fire(app))
		fire(app);
}

/* Of a clock that was put forward it is not known yet whether it is right: who sets it back
 * within the round has promised nothing away. */
static void watch_clock(struct app *app)
{
	struct sweep *sweep = &app->sweep;
	int64_t step = (app->now - sweep->tick_wall) - (app->mono - sweep->tick_mono);

	if (sweep->tick_wall != 0 && step > STEP_MS) {
		log_warn("clock.stepped", "forward_ms=%" PRId64 " hold_ms=%" PRId64, step,
		         ROUND_MS);
		sweep->hold_until = app->mono + ROUND_MS;
	}
	sweep->tick_wall = app->now;
	sweep->tick_mono = app->mono;
}

void sweep_tick(struct app *app)
{
	watch_clock(app);
	if (may_fire(app) && (is_due(app) || app->mono >= app->sweep.look_at))
		fire(app);
}

int64_t sweep_lag_ms(const struct app *app, wall_ms now)
{
	wall_ms due = app->sweep.next_due;

	return due != 0 && due < now ? now - due : 0;
}
