/* SPDX-License-Identifier: MIT */
#include "proto/policy.h"

struct span policy_default(void)
{
	static const unsigned char bytes[] = {
#include "policy.inc"
	};

	return (struct span){.ptr = (const char *)bytes, .len = sizeof(bytes)};
}
