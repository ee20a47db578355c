/* SPDX-License-Identifier: MIT */
/* A notice as one line on the channel: `2 node kind ticket agent seq at on tier bits contact r t
 * texts`, numbers in decimal; the texts, one right behind the other, are the rule of r bytes, whom
 * to of t bytes, and the rest. Whoever may publish there may write anything: what is not exactly
 * this is no notice. */
#ifndef TB_ADAPTER_REDIS_NOTICE_H
#define TB_ADAPTER_REDIS_NOTICE_H

#include <stdbool.h>

#include "adapter/bus_check.h"
#include "base/buf.h"
#include "port/bus.h"

/* 1-63 bytes, printable, no blank. */
bool redis_node_is_valid(struct span node);

void redis_notice_encode(const char *node, const struct notice *notice, struct buf *out);
bool redis_notice_decode(struct span payload, char node_out[BUS_NODE_ID_SIZE],
                         struct notice *notice_out);

#endif
