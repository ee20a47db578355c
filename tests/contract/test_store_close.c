/* SPDX-License-Identifier: MIT */
/* What port/store.h promises of its end, on the fake and on SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/store_kit.h"
#include "base/must.h"

static void close_ends_every_call(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call calls[30];

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		if (i % 3 == 2)
			kit_call_init(&calls[i], kit, STORE_AGENTS);
		else
			kit_say(&calls[i], kit, i, "", "last words");
		kit_submit(&calls[i]);
	}
	store_kit_close(kit);
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		assert_int_equal(calls[i].done, 1);
		assert_true(calls[i].call.op.status == ST_OK ||
		            calls[i].call.op.status == ST_CANCELED);
		kit_call_fini(&calls[i]);
	}
}

static void say_again(struct op *op)
{
	struct store_call *store_call = container_of(op, struct store_call, op);
	struct kit_call *call = container_of(store_call, struct kit_call, call);

	call->done++;
	if (op->status == ST_OK || call->done < 3)
		kit_submit(call);
}

/* A flow that goes on by itself, as a retry does, ends with the store too. */
static void what_a_done_submits_while_closing_is_canceled(void **state)
{
	struct store_kit *kit = *state;
	struct kit_call call;

	kit_say(&call, kit, 1, "", "again and again");
	call.call.op.done = say_again;
	kit_submit(&call);
	kit_turn(kit);
	store_kit_close(kit);
	assert_int_equal(call.call.op.status, ST_CANCELED);
	assert_true(call.done >= 3);
	kit_call_fini(&call);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_KIT_BOTH(close_ends_every_call),
		STORE_KIT_BOTH(what_a_done_submits_while_closing_is_canceled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
