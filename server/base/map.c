/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include <stdint.h>

unsigned map_hash(const void *key, size_t len)
{
	const unsigned char *bytes = key;
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return (unsigned)(hash ^ (hash >> 32));
}
