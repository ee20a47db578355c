/* SPDX-License-Identifier: MIT */
#include "support/fire_kit.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/timer.h"

uint64_t fire_kit_say(struct store_kit *kit, struct policy_kit *policy, unsigned visitor,
                      wall_ms at)
{
	struct kit_call call;
	uint64_t number;

	kit_say(&call, kit, visitor, "", "the build hangs");
	call.call.u.command.command.now = at;
	call.call.u.command.command.book = &policy->book;
	assert_int_equal(kit_run(&call), ST_OK);
	number = call.call.u.command.number.v;
	kit_call_fini(&call);
	return number;
}

void fire_kit_command(struct kit_call *call, struct store_kit *kit, struct policy_kit *policy,
                      uint64_t ticket, enum command_kind kind)
{
	kit_command(call, kit, ticket, kind, 1, "");
	call->call.u.command.command.book = &policy->book;
}

void fire_kit_init(struct kit_call *call, struct store_kit *kit, struct policy_kit *policy,
                   wall_ms now, unsigned limit)
{
	kit_call_init(call, kit, STORE_FIRE);
	call->call.u.fire.now = now;
	call->call.u.fire.limit = limit;
	call->call.u.fire.book = &policy->book;
}

const char *fire_kit_text(const struct kit_call *call, const struct policy_kit *policy,
                          wall_ms from, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < call->call.u.fire.count; i++) {
		const struct effect *effect = &call->call.u.fire.effects[i];

		for (unsigned k = 0; k < effect->fired_count && len < size; k++)
			len += (size_t)snprintf(text + len, size - len, "%s%" PRIu64 " %s@%" PRId64,
			                        len > 0 ? ", " : "", effect->after.number.v,
			                        timer_name(&policy->policy, effect->fired[k].slot),
			                        (effect->fired[k].due - from) / SEC_MS);
	}
	return text;
}

void fire_kit_expect(struct kit_call *call, struct policy_kit *policy, wall_ms from,
                     const char *wanted)
{
	char text[1024], rest[64] = "";

	assert_int_equal(kit_run(call), ST_OK);
	(void)fire_kit_text(call, policy, from, text, sizeof(text) - sizeof(rest));
	if (call->call.u.fire.more)
		(void)snprintf(rest, sizeof(rest), "; more");
	else if (call->call.u.fire.next_due != 0)
		(void)snprintf(rest, sizeof(rest), "; next %" PRId64,
		               (call->call.u.fire.next_due - from) / SEC_MS);
	memcpy(text + strlen(text), rest, strlen(rest) + 1);
	assert_string_equal(text, wanted);
	kit_call_fini(call);
}

struct ticket fire_kit_read(struct store_kit *kit, uint64_t number)
{
	struct kit_call call;
	struct ticket ticket;

	kit_call_init(&call, kit, STORE_TICKET);
	call.call.u.ticket.number.v = number;
	assert_int_equal(kit_run(&call), ST_OK);
	ticket = call.call.u.ticket.ticket;
	kit_call_fini(&call);
	return ticket;
}

void fire_kit_only_stale(struct policy_kit *policy)
{
	struct policy *of = &policy->policy;

	memset(of->promises, 0, sizeof(of->promises));
	of->offer_ticket = of->keep_ticket = of->remind = of->no_reply = (struct duration){0};
	of->rules_count = 0;
}
