/* SPDX-License-Identifier: MIT */
/* uthash with our own hash of bytes: the one it brings falls through switch labels, which our
 * warnings refuse. Ours takes a key by words: most are one or two. */
#ifndef TB_BASE_MAP_H
#define TB_BASE_MAP_H

#include <stddef.h>

unsigned map_hash(const void *key, size_t len);

#undef HASH_FUNCTION
#define HASH_FUNCTION(key, len, hash) ((hash) = map_hash((key), (len)))

#include <uthash.h>

#endif
