/* SPDX-License-Identifier: MIT */
/* Doors in front of the ports, for the end of a process: while a port closes, what it finishes
 * may ask the next one, which is perhaps closed already. Behind a shut door there is nothing:
 * what is asked there is done with CANCELED by doors_settle(). Costs one call a submit. */
#ifndef TB_ADAPTER_DOORS_H
#define TB_ADAPTER_DOORS_H

#include "port/bus.h"
#include "port/store.h"
#include "port/vault.h"

struct doors;

/* The three are borrowed. */
struct doors *doors_create(struct store *store, struct bus *bus, struct vault *vault);
void doors_destroy(struct doors **doors);

/* What the desk is given; they live as long as the doors. */
struct store *doors_store(struct doors *doors);
struct bus *doors_bus(struct doors *doors);
struct vault *doors_vault(struct doors *doors);

/* Nothing passes any more; what is behind may be closed now, in any order. */
void doors_shut(struct doors *doors);

/* Shut, and all behind is closed: ends what was asked since, and what that asks in turn. */
void doors_settle(struct doors *doors);

#endif
