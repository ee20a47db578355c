/* SPDX-License-Identifier: MIT */
#include "adapter/console_notifier.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

struct console_notifier {
	struct notifier notifier;
	uv_timer_t turn; /* answers in the next turn of the loop, never inside a submit */
	struct notifier_call **waiting;
	size_t waiting_count;
};

static struct console_notifier *console_of(struct notifier *notifier)
{
	return container_of(notifier, struct console_notifier, notifier);
}

static void say(const struct notifier_call *call)
{
	if (call->kind == NOTIFIER_PAGE)
		log_warn("page", "ticket=%" PRIu64 " rule=%s attempt=%u to=\"%s\" summary=\"%s\"",
		         call->ticket.v, call->rule, call->attempt, call->to_name, call->summary);
	else
		log_info("notice", "ticket=%" PRIu64 " tickets=%u rule=%s to=\"%s\" summary=\"%s\"",
		         call->ticket.v, call->tickets, call->rule, call->to_name, call->summary);
}

static void answer(struct console_notifier *console, enum status st)
{
	struct notifier_call **calls = console->waiting;
	size_t count = console->waiting_count;

	console->waiting = NULL;
	console->waiting_count = 0;
	for (size_t i = 0; i < count; i++) {
		calls[i]->op.status = st;
		calls[i]->op.done(&calls[i]->op);
	}
	free(calls);
}

static void on_turn(uv_timer_t *timer)
{
	answer(timer->data, ST_OK);
}

static void console_submit(struct notifier *notifier, struct notifier_call *call)
{
	struct console_notifier *console = console_of(notifier);

	say(call);
	console->waiting = xrealloc(console->waiting,
	                            (console->waiting_count + 1) * sizeof(struct notifier_call *));
	console->waiting[console->waiting_count++] = call;
	(void)uv_timer_start(&console->turn, on_turn, 0, 0);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void console_close(struct notifier *notifier)
{
	struct console_notifier *console = console_of(notifier);

	while (console->waiting_count > 0) /* a call's end may ask for another */
		answer(console, ST_CANCELED);
	uv_close((uv_handle_t *)&console->turn, on_closed);
}

struct notifier *console_notifier_create(uv_loop_t *loop)
{
	static const struct notifier_ops ops = {.submit = console_submit, .close = console_close};
	struct console_notifier *console = xcalloc(1, sizeof(*console));

	console->notifier.ops = &ops;
	MUST(uv_timer_init(loop, &console->turn) == 0);
	console->turn.data = console;
	return &console->notifier;
}
