/* SPDX-License-Identifier: MIT */
/* What every implementation of port/bus.h refuses before it does anything. */
#ifndef TB_ADAPTER_BUS_CHECK_H
#define TB_ADAPTER_BUS_CHECK_H

#include "base/status.h"
#include "port/bus.h"

#define BUS_MATCH_MAX    64   /* offers of one BUS_MATCH */
#define BUS_SCAN_MAX     1024 /* tickets that one BUS_MATCH looks at */
#define BUS_ORDER_MAX    256  /* tickets that BUS_OVERVIEW lists */
#define BUS_NODE_ALIVE   (10 * SEC_MS)
#define BUS_NODE_ID_SIZE BUS_NODE_SIZE

/* BAD_REQUEST: no such tier, no ticket, no agent, a limit outside of its bounds. */
NODISCARD enum status bus_call_check(const struct bus_call *call);

#endif
