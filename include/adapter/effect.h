/* SPDX-License-Identifier: MIT */
/* What every implementation of the store does with an effect before it writes it. */
#ifndef TB_ADAPTER_EFFECT_H
#define TB_ADAPTER_EFFECT_H

#include <stdbool.h>

#include "base/arena.h"
#include "core/command.h"

/* A ticket whose timers cannot have their effect is looked at again after this. */
#define FIRE_AGAIN_MS (60 * SEC_MS)

/* What the effect borrows from the ticket before it has to stay when that goes on. */
void effect_own(struct effect *effect, struct arena *arena);

/* Which of its entries stands for the command with this id: the one that carries it, else the
 * first. */
unsigned effect_entry_of(const struct effect *effect, struct span id);

/* Decides COMMAND_FIRE on a ticket that is due. Not OK, or nothing that would make it due later:
 * the effect is that it is put off (CONFLICT in the latter case). */
enum status effect_fire(const struct ticket *before, const struct command *command,
                        struct arena *arena, struct effect *effect);

/* Some of its timers are on record already (fired_at[i]: when effect->fired[i] was, 0: it is not),
 * so the ticket is older than its effects, a copy that was put back: it learns that, and nothing
 * else comes of it. */
void effect_learn(const struct ticket *before, const struct command *command,
                  const wall_ms fired_at[EFFECT_FIRED_MAX], struct effect *effect);

/* Nothing but: it is due again in a while. */
void effect_put_off(const struct ticket *before, wall_ms now, struct effect *effect);

/* Somebody is to be told of it, or something of it is to be seen. */
bool effect_is_empty(const struct effect *effect);

#endif
