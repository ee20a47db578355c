/* SPDX-License-Identifier: MIT */
/* A call fires a batch. While there is more, the record has the next one at hand when it is done
 * with one, so that it goes on while the effects go out here; and as many as do not double what a
 * commit takes: on a slow disk they share its sync. Messages have their turn between any two.
 *
 *   due --> STORE_FIRE --> effects go out --more?--> STORE_FIRE, STORE_FIRE ...
 *    '------ every 30 s whatever is known: another node's tickets, a word that was lost   */
#include "app/sweep.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/app.h"
#include "app/deliver.h"
#include "app/routing.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define BATCH    128
#define CALL_US  UINT64_C(2000) /* about what the record gives to a call that fires */
#define WIDE_MIN 3              /* one goes out here, one is being done, one is at hand */
#define WIDE_MAX 16
#define WIDE_MS  100 /* asking the record what a commit takes costs as much as some effects */
#define ROUND_MS (30 * SEC_MS)
#define AGAIN_MS SEC_MS
#define STEP_MS  MINUTE_MS /* a clock put forward by more holds firing for a round */

struct firing {
	struct app *app;
	struct policy_book *book;
	struct store_call call;
	struct firing *next; /* spare one */
};

static bool is_due(const struct app *app)
{
	return app->sweep.next_due != 0 && app->sweep.next_due <= app->now;
}

static bool may_fire(const struct app *app)
{
	return app->book != NULL && app->started && !app->stopping &&
	       app->mono >= app->sweep.hold_until;
}

static void fire(struct app *app);

/* Work and sync of a commit are in balance when half of what it takes is work. */
static unsigned wide(struct app *app)
{
	struct sweep *sweep = &app->sweep;
	struct store_stats stats;
	uint64_t calls;

	if (sweep->wide != 0 && app->mono < sweep->wide_until)
		return sweep->wide;
	app->ports.store->ops->stats(app->ports.store, &stats);
	calls = stats.latency_us[0] / (2 * CALL_US);
	if (calls < WIDE_MIN)
		calls = WIDE_MIN;
	sweep->wide = calls < WIDE_MAX ? (unsigned)calls : WIDE_MAX;
	sweep->wide_until = app->mono + WIDE_MS;
	return sweep->wide;
}

static void fire_more(struct app *app)
{
	unsigned calls = wide(app);

	while (app->sweep.under_way < calls)
		fire(app);
}

/* A record that says something is due and cannot bring it to pass is not asked in a circle. */
static void look_again(struct app *app, const struct store_call *call)
{
	bool stuck = call->u.fire.count == 0 && !app->sweep.more && is_due(app) &&
	             app->sweep.next_due <= call->u.fire.now;

	if (stuck) {
		log_warn("sweep.stuck", "due=%" PRId64, app->sweep.next_due);
		app->sweep.hold_until = app->mono + AGAIN_MS;
	}
	if (!may_fire(app))
		return;
	if (app->sweep.more)
		fire_more(app);
	else if (is_due(app) && app->sweep.under_way == 0)
		fire(app);
}

/* What a batch needs is much, and fresh memory costs as much as a third of the work. */
static void put_away(struct firing **firing)
{
	struct sweep *sweep = &(*firing)->app->sweep;

	policy_book_unref(&(*firing)->book);
	arena_clear(&(*firing)->call.arena);
	(*firing)->next = sweep->spare;
	sweep->spare = *firing;
	*firing = NULL;
}

static void free_spare(struct sweep *sweep)
{
	while (sweep->spare != NULL) {
		struct firing *firing = sweep->spare;

		sweep->spare = firing->next;
		arena_fini(&firing->call.arena);
		free(firing);
	}
}

static void fire_done(struct op *op)
{
	struct firing *firing = container_of(op, struct firing, call.op);
	struct app *app = firing->app;

	if (op->status == ST_OK) {
		app->sweep.next_due = firing->call.u.fire.next_due;
		routing_hold(app);
		for (size_t i = 0; i < firing->call.u.fire.count; i++)
			deliver_effect(app, &firing->call.u.fire.effects[i], "clock");
		routing_let_go(app);
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
	put_away(&firing);
	if (app->sweep.under_way == 0)
		free_spare(&app->sweep);
}

static struct firing *firing_create(struct app *app)
{
	struct firing *firing = app->sweep.spare;

	if (firing == NULL)
		return xcalloc(1, sizeof(*firing));
	app->sweep.spare = firing->next;
	firing->next = NULL;
	return firing;
}

static void fire(struct app *app)
{
	struct firing *firing = firing_create(app);

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
	if (is_due(app) && may_fire(app) && sweep->under_way == 0)
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
		retention_hold(app);
	}
	sweep->tick_wall = app->now;
	sweep->tick_mono = app->mono;
}

void sweep_tick(struct app *app)
{
	watch_clock(app);
	if (may_fire(app) && app->sweep.under_way == 0 &&
	    (is_due(app) || app->mono >= app->sweep.look_at))
		fire(app);
}

int64_t sweep_lag_ms(const struct app *app, wall_ms now)
{
	wall_ms due = app->sweep.next_due;

	return due != 0 && due < now ? now - due : 0;
}
