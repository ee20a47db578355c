/* SPDX-License-Identifier: MIT */
/* The switchboard on Redis 7 or newer: a private redis-server in the data folder, or a shared
 * one by URL. Two connections: calls, and notices of other nodes. A Redis that is away is a
 * state: calls end with UNAVAILABLE in the next turn of the loop, or with TIMEOUT when it
 * leaves while they are on their way. The process must ignore SIGPIPE. */
#ifndef TB_ADAPTER_REDIS_BUS_H
#define TB_ADAPTER_REDIS_BUS_H

#include <stdbool.h>
#include <stddef.h>

#include <uv.h>

#include "port/bus.h"

#define REDIS_TIMEOUT_MS 2000U

struct redis_bus_options {
	const char *url; /* redis://[user:password@]host[:port][/db], unix:/path; NULL: private */
	const char *data_dir; /* private: holds its socket and its log */
	int lock_fd;          /* private: the folder's lock, which it inherits; -1: none */
	const char *desk;     /* names the keys; the same on all nodes of the desk; no braces */
	const char *node;     /* another for every process that ever runs: printable, no blank */
	unsigned timeout_ms;  /* Redis owes an answer for so long and is given up; 0: the default */
};

/* Starts to connect when the loop runs; bus_events.up says when it is there. Call it on the
 * main thread. false: `error` says what to change. After bus_ops.close run the loop until it
 * has no handles: the private server is stopped then. */
bool redis_bus_open(uv_loop_t *loop, const struct redis_bus_options *options, struct bus **out,
                    char *error, size_t size);

/* Of the private server; 0: none, or not now. */
int redis_bus_child_pid(struct bus *bus);

#endif
