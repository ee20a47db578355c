/* SPDX-License-Identifier: MIT */
#include "bus_rig.h"

#include <stdlib.h>
#include <unistd.h>

#include "adapter/fake_bus.h"
#include "base/mem.h"
#include "base/must.h"
#include "bus_rig_redis.h"

#define HANG_S 120U

struct bus_rig {
	enum rig_kind kind;
	struct rig_node node[RIG_NODES];
	struct fake_bus_board *board;
	struct rig_redis *redis;
};

static void on_notice(void *ctx, const struct notice *notice)
{
	struct rig_node *node = ctx;

	MUST(!node->inside && node->notices_count < RIG_NOTICES_MAX);
	node->notices[node->notices_count++] = *notice;
}

static void on_up(void *ctx)
{
	struct rig_node *node = ctx;

	MUST(!node->inside);
	node->ups++;
}

static void on_down(void *ctx)
{
	struct rig_node *node = ctx;

	MUST(!node->inside);
	node->downs++;
}

/* What never comes is waited for until the alarm that bus_rig_create sets. */
static void turn(struct bus_rig *rig)
{
	if (rig->kind == RIG_FAKE)
		MUST(fake_bus_run(rig->board) > 0);
	else
		rig_redis_turn(rig->redis);
}

struct bus_rig *bus_rig_create(enum rig_kind kind)
{
	static const char *const names[RIG_NODES] = {"node-a", "node-b"};
	struct bus_rig *rig = xcalloc(1, sizeof(*rig));

	(void)alarm(HANG_S);
	rig->kind = kind;
	if (kind == RIG_FAKE)
		rig->board = fake_bus_board_create();
	else
		rig->redis = rig_redis_create();
	for (unsigned i = 0; i < RIG_NODES; i++) {
		struct rig_node *node = &rig->node[i];
		const struct bus_events events = {
			.ctx = node, .notice = on_notice, .up = on_up, .down = on_down};

		node->bus = kind == RIG_FAKE ? fake_bus_open(rig->board, names[i])
		                             : rig_redis_open(rig->redis, names[i], 0);
		node->inside = true;
		node->bus->ops->listen(node->bus, &events);
		node->inside = false;
		while (node->ups == 0)
			turn(rig);
	}
	return rig;
}

void bus_rig_close(struct bus_rig *rig, unsigned node)
{
	struct bus *bus = rig->node[node].bus;

	rig->node[node].bus = NULL;
	if (bus != NULL)
		bus->ops->close(bus);
}

void bus_rig_destroy(struct bus_rig **rig)
{
	for (unsigned i = 0; i < RIG_NODES; i++)
		bus_rig_close(*rig, i);
	fake_bus_board_destroy(&(*rig)->board);
	rig_redis_destroy(&(*rig)->redis);
	free(*rig);
	*rig = NULL;
}

struct rig_node *bus_rig_node(struct bus_rig *rig, unsigned node)
{
	return &rig->node[node];
}

/* Nulls itself: that is how a call is seen to be done, and a second time crashes. */
static void on_done(struct op *op)
{
	MUST(op->done != NULL);
	op->done = NULL;
}

void bus_rig_submit(struct bus_rig *rig, unsigned node, struct bus_call *call)
{
	call->op.done = on_done;
	rig->node[node].inside = true;
	bus_submit(rig->node[node].bus, call);
	rig->node[node].inside = false;
	MUST(call->op.done != NULL); /* never inside the submitting call */
}

enum status bus_rig_wait(struct bus_rig *rig, struct bus_call *call)
{
	while (call->op.done != NULL)
		turn(rig);
	return call->op.status;
}

enum status bus_rig_do(struct bus_rig *rig, unsigned node, struct bus_call *call)
{
	bus_rig_submit(rig, node, call);
	return bus_rig_wait(rig, call);
}

void bus_rig_notices(struct bus_rig *rig, unsigned node, size_t count)
{
	while (rig->node[node].notices_count < count)
		turn(rig);
}

void bus_rig_flush(struct bus_rig *rig)
{
	if (rig->kind == RIG_FAKE)
		fake_bus_wipe(rig->board);
	else
		rig_redis_say(rig->redis, "FLUSHALL", NULL, NULL);
}
