/* SPDX-License-Identifier: MIT */
#include "adapter/wall.h"

#include <time.h>

wall_ms wall_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (wall_ms)now.tv_sec * SEC_MS + now.tv_nsec / 1000000;
}
