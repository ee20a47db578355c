/* SPDX-License-Identifier: MIT */
/* Two nodes on one switchboard, of any implementation, for tests that speak in the present
 * tense: a call is submitted, waited for and checked against base/op.h on the way. */
#ifndef TB_SUPPORT_BUS_RIG_H
#define TB_SUPPORT_BUS_RIG_H

#include <stdbool.h>
#include <stddef.h>

#include "port/bus.h"

#define RIG_NODES       2
#define RIG_NOTICES_MAX 64

enum rig_kind { RIG_FAKE, RIG_REDIS };

struct rig_node {
	struct bus *bus;
	unsigned ups;
	unsigned downs;
	struct notice notices[RIG_NOTICES_MAX];
	size_t notices_count;
	bool inside; /* a submit is running: nothing may be called back */
};

struct bus_rig;

/* Both nodes are up; the switchboard has lost its memory. */
struct bus_rig *bus_rig_create(enum rig_kind kind);
void bus_rig_destroy(struct bus_rig **rig);

struct rig_node *bus_rig_node(struct bus_rig *rig, unsigned node);

/* Submits. `call` needs no op.done; with bus_rig_wait. */
void bus_rig_submit(struct bus_rig *rig, unsigned node, struct bus_call *call);
enum status bus_rig_wait(struct bus_rig *rig, struct bus_call *call);
enum status bus_rig_do(struct bus_rig *rig, unsigned node, struct bus_call *call);

/* Runs until the node has so many notices. */
void bus_rig_notices(struct bus_rig *rig, unsigned node, size_t count);

/* FLUSHALL. */
void bus_rig_flush(struct bus_rig *rig);

/* Closes a node: what is pending is done before it returns. */
void bus_rig_close(struct bus_rig *rig, unsigned node);

#endif
