/* SPDX-License-Identifier: MIT */
/* Tickets with clocks in a store under test, and what STORE_FIRE made of them. */
#ifndef TB_TESTS_FIRE_KIT_H
#define TB_TESTS_FIRE_KIT_H

#include "support/policy_kit.h"
#include "support/store_kit.h"

/* A visitor says something under the policy. Returns the ticket's number. */
uint64_t fire_kit_say(struct store_kit *kit, struct policy_kit *policy, unsigned visitor,
                      wall_ms at);

/* An agent's command on a ticket under the policy, ready to be filled in. */
void fire_kit_command(struct kit_call *call, struct store_kit *kit, struct policy_kit *policy,
                      uint64_t ticket, enum command_kind kind);

/* STORE_FIRE, ready to be submitted; then what it did, sorted by ticket, as text:
 * "1 offer_ticket@60, 2 ...": seconds since `from`. Returns `text`. */
void fire_kit_init(struct kit_call *call, struct store_kit *kit, struct policy_kit *policy,
                   wall_ms now, unsigned limit);
const char *fire_kit_text(const struct kit_call *call, const struct policy_kit *policy,
                          wall_ms from, char *text, size_t size);

/* Runs it and expects it: "…; more" when others are due, "…; next 180" when they are later. */
void fire_kit_expect(struct kit_call *call, struct policy_kit *policy, wall_ms from,
                     const char *wanted);

/* The ticket as it is on record. */
struct ticket fire_kit_read(struct store_kit *kit, uint64_t number);

/* Only the mark of stale tickets is left of the policy: one clock, of a day on the wall. */
void fire_kit_only_stale(struct policy_kit *policy);

#endif
