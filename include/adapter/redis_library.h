/* SPDX-License-Identifier: MIT */
/* switchboard.lua, inside the binary. */
#ifndef TB_ADAPTER_REDIS_LIBRARY_H
#define TB_ADAPTER_REDIS_LIBRARY_H

#include "base/span.h"

struct span redis_library(void);

#endif
