/* SPDX-License-Identifier: MIT */
/* A stage for stories: the whole desk over fakes, in virtual time. People speak and hear the
 * JSON of the wire, so a story reads like the protocol. */
#ifndef TB_TESTS_SUPPORT_STAGE_H
#define TB_TESTS_SUPPORT_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "adapter/fake_bus.h"
#include "app/desk.h"
#include "support/policy_kit.h"

#define STAGE_START_MS INT64_C(1772442000000) /* 2026-03-02T09:00:00Z, a Monday */

struct stage;
struct actor_on_stage;

/* A desk with a record, a switchboard and a vault of its own, ready for traffic. `change`
 * alters the default config, or NULL. */
struct stage *stage_create(void (*change)(struct desk_config *config));
/* The same with the policy of policy_kit, after `change` (or NULL) has altered it. */
struct stage *stage_create_ruled(void (*change)(struct policy_kit *kit));
/* A second node over the same record and switchboard; it goes before the first one. */
struct stage *stage_create_beside(struct stage *first);
void stage_destroy(struct stage **stage);

/* Lets everything that is under way come to rest. */
void stage_settle(struct stage *stage);
/* Lets the time pass in ticks of 250 ms. */
void stage_pass(struct stage *stage, int64_t ms);
/* The server is killed and started again on the same record; the sockets are gone and the
 * switchboard is empty. */
void stage_restart(struct stage *stage);

/* The clock on the wall is put forward, or back; the monotonic one is not. */
void stage_step_clock(struct stage *stage, int64_t ms);
/* Lets the time pass until this moment, "2026-03-06 17:30" (UTC): days go by in few ticks. */
void stage_until(struct stage *stage, const char *moment);
wall_ms stage_now(const struct stage *stage);
struct policy_kit *stage_kit(struct stage *stage);
/* Who was paged or notified, a line each: "page 1 X1 1 Ines". */
const char *stage_told(struct stage *stage);
/* The notifier cannot hand anything over from now on. */
void stage_break_notifier(struct stage *stage, bool broken);

struct desk *stage_desk(struct stage *stage);
struct fake_bus_board *stage_board(struct stage *stage);
struct bus *stage_bus(struct stage *stage);
struct store *stage_store(struct stage *stage);

/* Adds an agent on record: its id is 1, 2, 3 ... in the order of adding. */
void stage_hire(struct stage *stage, const char *name, int tier, const char *role);

void stage_disable(struct stage *stage, const char *email);

/* A websocket. Does not say hello. `who`: a name of stage_hire. */
struct actor_on_stage *stage_visitor(struct stage *stage, const char *address);
struct actor_on_stage *stage_agent(struct stage *stage, const char *who);
/* Of whoever a credential belongs to. */
struct actor_on_stage *stage_agent_as(struct stage *stage, const struct identity *identity);
/* The same, hello said and answered; an agent also goes available with `capacity`. */
struct actor_on_stage *stage_visitor_in(struct stage *stage);
struct actor_on_stage *stage_agent_in(struct stage *stage, const char *who, int capacity);

/* Sends a frame, with single quotes for double ones; does not settle. */
void say(struct actor_on_stage *actor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Sends and settles. */
void tell(struct actor_on_stage *actor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Everything heard since the last forget, a frame a line. */
const char *heard(struct actor_on_stage *actor);
/* How many of these frames contain all of the text (single quotes for double ones). */
size_t heard_count(struct actor_on_stage *actor, const char *text);
/* Fails the test, and shows what was heard, unless exactly one frame (none) does. */
void expect_one(struct actor_on_stage *actor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void expect_none(struct actor_on_stage *actor, const char *text);
void forget(struct actor_on_stage *actor);
/* The last `token` heard in a welcome. */
const char *token_of(struct actor_on_stage *actor);
/* The text fields of all messages heard, joined by "|", in order. */
const char *transcript(struct actor_on_stage *actor);

/* The socket closes; the desk hears of it. */
void leave(struct actor_on_stage **actor);
bool was_hung_up(const struct actor_on_stage *actor, enum hangup why);
/* The connection does not take more: bytes pile up until it is let go. */
void block(struct actor_on_stage *actor);
void unblock(struct actor_on_stage *actor);

#endif
