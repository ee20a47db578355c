/* SPDX-License-Identifier: MIT */
/* What may wait a few milliseconds for company: a send is what a message costs most, and one send
 * carries two frames for the price of one.
 *
 *   queued > LATER_TURN --end of the turn, few of them--> flushed
 *                '------- many of them -------> LATER_HELD > other output, its end, or
 *                                                            ack_gather_ms: flushed
 * Few are sent at once: who is alone with the server never waits. The order of a connection's
 * frames is that of its outbox, whatever has it flushed. */
#include "adapter/net.h"
#include "base/must.h"

static mono_ms gather_ms(const struct net *net)
{
	return net->limits.ack_gather_ms;
}

void conn_later(struct conn *conn)
{
	struct net *net = conn->net;

	net->later.count++;
	if (conn->dirty || conn->later != LATER_NO)
		return;
	conn->later = LATER_TURN;
	conn->outbox->owner = conn;
	conn->outbox->later_since = net_mono(net);
	TAILQ_INSERT_TAIL(&net->later.turn, conn->outbox, later);
}

void conn_later_leave(struct conn *conn)
{
	struct later *later = &conn->net->later;

	if (conn->later == LATER_NO)
		return;
	if (conn->later == LATER_TURN)
		TAILQ_REMOVE(&later->turn, conn->outbox, later);
	else
		TAILQ_REMOVE(&later->held, conn->outbox, later);
	conn->later = LATER_NO;
}

static void flush_due(struct net *net)
{
	struct outbox *outbox;

	while ((outbox = TAILQ_FIRST(&net->later.held)) != NULL &&
	       net_mono(net) - outbox->later_since >= gather_ms(net)) {
		conn_later_leave(outbox->owner);
		conn_mark_dirty(outbox->owner);
	}
}

static void on_timer(uv_timer_t *timer);

/* For the one that has waited longest. */
static void arm(struct net *net)
{
	const struct outbox *first = TAILQ_FIRST(&net->later.held);
	mono_ms left;

	if (first == NULL || uv_is_active((uv_handle_t *)&net->later.timer))
		return;
	left = first->later_since + gather_ms(net) - net_mono(net);
	MUST(uv_timer_start(&net->later.timer, on_timer, left > 0 ? (uint64_t)left : 0, 0) == 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct net *net = timer->data;

	flush_due(net);
	arm(net);
}

void later_end_turn(struct net *net)
{
	struct later *later = &net->later;
	bool many = gather_ms(net) > 0 && later->count >= (size_t)net->limits.ack_gather_from;
	struct outbox *outbox;

	later->count = 0;
	while ((outbox = TAILQ_FIRST(&later->turn)) != NULL) {
		struct conn *conn = outbox->owner;

		conn_later_leave(conn);
		if (!many || conn->dirty) {
			conn_mark_dirty(conn);
			continue;
		}
		conn->later = LATER_HELD;
		TAILQ_INSERT_TAIL(&later->held, outbox, later);
	}
	flush_due(net);
	arm(net);
}

void later_start(struct net *net)
{
	TAILQ_INIT(&net->later.turn);
	TAILQ_INIT(&net->later.held);
	MUST(uv_timer_init(net->loop, &net->later.timer) == 0);
	net->later.timer.data = net;
}
