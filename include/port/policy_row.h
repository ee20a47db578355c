/* SPDX-License-Identifier: MIT */
#ifndef TB_PORT_POLICY_ROW_H
#define TB_PORT_POLICY_ROW_H

#include <stdint.h>

#include "base/clock.h"
#include "base/span.h"

/* A version of the policy as it was adopted. */
struct policy_row {
	uint32_t id; /* 1, 2, 3 ... */
	wall_ms adopted_at;
	struct span text; /* the file */
};

#endif
