/* SPDX-License-Identifier: MIT */
#include "adapter/redis_library.h"

static const char library[] = {
#include "switchboard.inc"
};

struct span redis_library(void)
{
	return (struct span){.ptr = library, .len = sizeof(library)};
}
