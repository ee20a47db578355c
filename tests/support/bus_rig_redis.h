/* SPDX-License-Identifier: MIT */
/* A private redis-server in a temporary folder, the loop it is used on, and nodes on it. */
#ifndef TB_SUPPORT_BUS_RIG_REDIS_H
#define TB_SUPPORT_BUS_RIG_REDIS_H

#include <uv.h>

#include "port/bus.h"

struct rig_redis;

struct rig_redis *rig_redis_create(void);
void rig_redis_destroy(struct rig_redis **redis); /* after its nodes; the loop is empty then */

void rig_redis_remove(const char *folder); /* what a rig left that could not be destroyed */

/* The first node starts the server, the others find it by its socket. timeout_ms 0: default */
struct bus *rig_redis_open(struct rig_redis *redis, const char *node, unsigned timeout_ms);

uv_loop_t *rig_redis_loop(struct rig_redis *redis);
const char *rig_redis_folder(const struct rig_redis *redis);
void rig_redis_turn(struct rig_redis *redis); /* of the loop; waits for something to happen */

/* One command of up to three words, on a connection of its own. */
void rig_redis_say(struct rig_redis *redis, const char *one, const char *two, const char *three);

#endif
