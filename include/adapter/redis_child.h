/* SPDX-License-Identifier: MIT */
/* The private redis-server: a child process on a Unix socket in the data folder, without a
 * port and without persistence, started again when it ends, stopped with its parent. */
#ifndef TB_ADAPTER_REDIS_CHILD_H
#define TB_ADAPTER_REDIS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "adapter/redis_url.h"

struct redis_child;

struct redis_child_config {
	const char *data_dir; /* holds the socket and redis.log */
	int lock_fd;          /* inherited, so that the folder's lock outlives us; -1: none */
	void *ctx;
	void (*started)(void *ctx); /* again */
	void (*closed)(void *ctx);
};

/* Starts it; call on the main thread, for the child dies with the thread that started it.
 * false: `error` says why. */
bool redis_child_create(uv_loop_t *loop, const struct redis_child_config *config,
                        struct redis_child **out, char *error, size_t size);

const char *redis_child_path(const struct redis_child *child); /* of the socket */
uint64_t redis_child_restarts(const struct redis_child *child);
int redis_child_pid(const struct redis_child *child); /* 0: not running now */

/* Stops it with SIGTERM, after a while with SIGKILL; `closed` comes when it is gone. */
void redis_child_close(struct redis_child *child);

#endif
