/* SPDX-License-Identifier: MIT */
/* Nodes and their turns. Everything that will be called back waits in one line: calls in the
 * order they were submitted over all nodes, and the events between them. */
#include "adapter/fake_bus.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "adapter/bus_check.h"
#include "adapter/fake_board.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/span.h"

enum item_kind { ITEM_CALL, ITEM_NOTICE, ITEM_UP, ITEM_DOWN };

struct fake_bus {
	struct bus bus;
	struct fake_bus_board *board;
	struct fake_caller caller;
	struct bus_events events;
	struct bus_stats stats;
	unsigned lose;
	LIST_ENTRY(fake_bus) link;
};

struct item {
	enum item_kind kind;
	struct fake_bus *node;
	struct bus_call *call;
	struct notice notice;
	TAILQ_ENTRY(item) link;
};

TAILQ_HEAD(item_list, item);

struct fake_bus_board {
	struct fake_board *state;
	struct item_list line;
	size_t length;
	LIST_HEAD(node_list, fake_bus) nodes;
};

static struct fake_bus *fake_from_bus(struct bus *bus)
{
	return container_of(bus, struct fake_bus, bus);
}

static void line_add(struct fake_bus *node, struct item item)
{
	struct item *copy = xmalloc(sizeof(*copy));

	*copy = item;
	copy->node = node;
	TAILQ_INSERT_TAIL(&node->board->line, copy, link);
	node->board->length++;
}

static struct item line_take(struct fake_bus_board *board, struct item *item)
{
	struct item copy = *item;

	TAILQ_REMOVE(&board->line, item, link);
	board->length--;
	free(item);
	return copy;
}

static void fake_listen(struct bus *bus, const struct bus_events *events)
{
	struct fake_bus *node = fake_from_bus(bus);

	node->events = *events;
	if (node->stats.up)
		line_add(node, (struct item){.kind = ITEM_UP});
}

static void fake_submit(struct bus *bus, struct bus_call *call)
{
	MUST(call->op.done != NULL);
	line_add(fake_from_bus(bus), (struct item){.kind = ITEM_CALL, .call = call});
}

static void fake_stats(struct bus *bus, struct bus_stats *out)
{
	*out = fake_from_bus(bus)->stats;
}

static struct item *line_first_of(struct fake_bus *node)
{
	struct item *item;

	TAILQ_FOREACH(item, &node->board->line, link) {
		if (item->node == node)
			return item;
	}
	return NULL;
}

static void call_end(struct bus_call *call, enum status status)
{
	call->op.status = status;
	call->op.done(&call->op);
}

static void fake_close(struct bus *bus)
{
	struct fake_bus *node = fake_from_bus(bus);
	struct item *first;

	while ((first = line_first_of(node)) != NULL) {
		struct item item = line_take(node->board, first);

		if (item.kind == ITEM_CALL)
			call_end(item.call, ST_CANCELED);
	}
	LIST_REMOVE(node, link);
	free(node);
}

static const struct bus_ops fake_ops = {
	.listen = fake_listen,
	.submit = fake_submit,
	.stats = fake_stats,
	.close = fake_close,
};

static void notice_send(struct fake_bus *from, const struct notice *notice)
{
	struct fake_bus *node;

	LIST_FOREACH(node, &from->board->nodes, link) {
		if (node != from && node->stats.up)
			line_add(node, (struct item){.kind = ITEM_NOTICE, .notice = *notice});
	}
}

static enum status call_do(struct fake_bus *node, struct bus_call *call)
{
	enum status st = bus_call_check(call);

	if (!node->stats.up)
		return ST_UNAVAILABLE;
	if (st != ST_OK)
		return st;
	if (call->kind == BUS_PUBLISH)
		notice_send(node, &call->u.publish);
	else
		st = fake_board_do(node->board->state, &node->caller, call);
	if (node->lose > 0) {
		node->lose--;
		return ST_TIMEOUT;
	}
	return st;
}

static void call_run(struct fake_bus *node, struct bus_call *call)
{
	enum status st = call_do(node, call);

	node->stats.calls++;
	if (st == ST_UNAVAILABLE || st == ST_TIMEOUT)
		node->stats.failures++;
	call_end(call, st); /* the node may be closed in it */
}

static void item_run(struct item *item)
{
	const struct bus_events events = item->node->events;

	switch (item->kind) {
	case ITEM_CALL:
		call_run(item->node, item->call);
		return;
	case ITEM_NOTICE:
		if (events.notice != NULL && item->node->stats.up)
			events.notice(events.ctx, &item->notice);
		return;
	case ITEM_UP:
		if (events.up != NULL)
			events.up(events.ctx);
		return;
	case ITEM_DOWN:
		if (events.down != NULL)
			events.down(events.ctx);
		return;
	}
	MUST(0);
}

size_t fake_bus_run(struct fake_bus_board *board)
{
	size_t todo = board->length;
	size_t ran = 0;

	/* A callback may close a node, which takes its items out of the line. */
	for (; todo > 0 && !TAILQ_EMPTY(&board->line); todo--) {
		struct item item = line_take(board, TAILQ_FIRST(&board->line));

		item_run(&item);
		ran++;
	}
	return ran;
}

struct fake_bus_board *fake_bus_board_create(void)
{
	struct fake_bus_board *board = xcalloc(1, sizeof(*board));

	board->state = fake_board_create();
	TAILQ_INIT(&board->line);
	LIST_INIT(&board->nodes);
	return board;
}

void fake_bus_board_destroy(struct fake_bus_board **board)
{
	if (*board == NULL)
		return;
	MUST(LIST_EMPTY(&(*board)->nodes));
	fake_board_destroy(&(*board)->state);
	free(*board);
	*board = NULL;
}

struct bus *fake_bus_open(struct fake_bus_board *board, const char *node)
{
	struct fake_bus *fake = xcalloc(1, sizeof(*fake));

	fake->bus.ops = &fake_ops;
	fake->board = board;
	fake->stats.up = true;
	MUST(span_copy(fake->caller.node, sizeof(fake->caller.node), span_of(node)));
	LIST_INSERT_HEAD(&board->nodes, fake, link);
	return &fake->bus;
}

void fake_bus_down(struct bus *bus)
{
	struct fake_bus *node = fake_from_bus(bus);

	if (!node->stats.up)
		return;
	node->stats.up = false;
	line_add(node, (struct item){.kind = ITEM_DOWN});
}

void fake_bus_up(struct bus *bus)
{
	struct fake_bus *node = fake_from_bus(bus);

	if (node->stats.up)
		return;
	node->stats.up = true;
	line_add(node, (struct item){.kind = ITEM_UP});
}

void fake_bus_lose_replies(struct bus *bus, unsigned count)
{
	fake_from_bus(bus)->lose = count;
}

void fake_bus_wipe(struct fake_bus_board *board)
{
	fake_board_wipe(board->state);
}
