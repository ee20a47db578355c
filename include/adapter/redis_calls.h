/* SPDX-License-Identifier: MIT */
/* Calls of port/bus.h as calls of the functions in switchboard.lua, and their answers back. */
#ifndef TB_ADAPTER_REDIS_CALLS_H
#define TB_ADAPTER_REDIS_CALLS_H

#include <stdbool.h>

#include "adapter/bus_check.h"
#include "adapter/redis_words.h"
#include "port/bus.h"

struct redisReply;

#define REDIS_PREFIX_SIZE 96
#define REDIS_EPOCH_SIZE  128

/* Who calls: the desk's keys, the node, and the epoch it knows. */
struct redis_caller {
	char prefix[REDIS_PREFIX_SIZE];  /* "tierbell:{desk}:" */
	char channel[REDIS_PREFIX_SIZE]; /* where notices go */
	char node[BUS_NODE_ID_SIZE];
	char epoch[REDIS_EPOCH_SIZE]; /* "*": never asked, "": lost */
	uint64_t rebuilds;
};

struct redis_sender {
	void *ctx;
	void (*send)(void *ctx, const struct redis_words *words);
};

/* Sends the commands of a call, one or several; `again`: the last one once more, for what it
 * left (a tick with more than one helping of offers that ran out). */
void redis_call_send(struct redis_caller *caller, struct bus_call *call, bool again,
                     const struct redis_sender *sender);

/* Reads the reply to the last command. false: nothing that our functions would say. */
bool redis_call_read(struct redis_caller *caller, struct bus_call *call,
                     const struct redisReply *reply, enum status *status_out, bool *again_out);

#endif
