/* SPDX-License-Identifier: MIT */
/* Any bytes on the channel: what is taken for a notice means the same after a round trip. */
#include <stdint.h>
#include <string.h>

#include "adapter/redis_notice.h"
#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct notice first, second;
	char node[BUS_NODE_ID_SIZE], same[BUS_NODE_ID_SIZE];
	struct buf line = {0};

	if (!redis_notice_decode((struct span){.ptr = (const char *)data, .len = size}, node,
	                         &first))
		return 0;
	redis_notice_encode(node, &first, &line);
	MUST(redis_notice_decode((struct span){.ptr = line.ptr, .len = line.len}, same, &second));
	MUST(strcmp(node, same) == 0 && strcmp(first.text, second.text) == 0);
	MUST(strcmp(first.rule, second.rule) == 0 && strcmp(first.to, second.to) == 0);
	MUST(first.tier == second.tier && first.bits == second.bits &&
	     first.contact.v == second.contact.v);
	MUST(first.kind == second.kind && first.ticket.v == second.ticket.v &&
	     first.agent.v == second.agent.v && first.seq == second.seq && first.at == second.at &&
	     first.on == second.on);
	buf_fini(&line);
	return 0;
}
