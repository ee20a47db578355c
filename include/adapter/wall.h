/* SPDX-License-Identifier: MIT */
#ifndef TB_ADAPTER_WALL_H
#define TB_ADAPTER_WALL_H

#include "base/clock.h"

/* The wall clock, for where no turn of a loop hands the time down. */
wall_ms wall_now(void);

#endif
