/* SPDX-License-Identifier: MIT */
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_fail(const char *expr, const char *file, int line)
{
	(void)fprintf(stderr, "bug: %s:%d: MUST(%s)\n", file, line, expr);
	abort();
}
