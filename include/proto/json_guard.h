/* SPDX-License-Identifier: MIT */
/* JSON from strangers: looked over before Jansson sees it, since 64 KB of brackets become
 * megabytes in its tree. */
#ifndef TB_PROTO_JSON_GUARD_H
#define TB_PROTO_JSON_GUARD_H

#include <jansson.h>

#include "base/span.h"
#include "base/status.h"

#define JSON_DEPTH_MAX  8
#define JSON_VALUES_MAX 512 /* values, containers included; member names are not counted */

/* Once in main, before anything is parsed: seeds the hash of member names against crafted
 * collisions, and makes Jansson end the process when memory is out. */
void json_guard_setup(void);

/* OK: at most JSON_DEPTH_MAX deep and JSON_VALUES_MAX values. BAD_REQUEST: more. Says
 * nothing about whether it is JSON. */
NODISCARD enum status json_guard_scan(struct span text);

/* The same with bounds of the caller's: for files, which are an operator's. */
NODISCARD enum status json_guard_within(struct span text, int depth_max, long values_max);

/* OK: *out is yours (json_decref). BAD_REQUEST: too deep, too many values, not JSON, a member
 * twice, or not an object. */
NODISCARD enum status json_guard_parse(struct span text, json_t **out);

/* The string that the outermost object has as `name`, as it is written there, of whatever text that
 * need not be JSON; absent: there is none. */
struct span json_guard_find(struct span text, const char *name);

#endif
