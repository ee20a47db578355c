/* SPDX-License-Identifier: MIT */
/* The policy file: what the desk promises and how it shares out the work. JSON, every member
 * optional, none unknown; deploy/policy.json shows them all. */
#ifndef TB_PROTO_POLICY_H
#define TB_PROTO_POLICY_H

#include <stddef.h>

#include "base/span.h"
#include "base/status.h"
#include "core/ticket.h"
#include "proto/origin.h"

#define POLICY_ORIGINS_MAX 32
#define POLICY_BYTES_MAX   65536

struct desk_file {
	char name[NAME_SIZE]; /* of the desk */
	char origins[POLICY_ORIGINS_MAX][ORIGIN_TEXT_SIZE];
	size_t origins_count;
	int capacity;    /* chats an agent takes at once when the console says nothing */
	int64_t offer_s; /* an offer runs out after */
	int64_t again_s; /* a declined chat is not offered to the same agent for */
	int64_t grace_s; /* an agent's sockets are gone: the chats are requeued after */
	int64_t first_response_s[PRIORITY_CRITICAL + 1]; /* 0: nothing is promised */
};

/* Changes what the text names; the rest keeps its value. BAD_REQUEST: nothing is changed, `why`
 * says what is wrong and where. */
NODISCARD enum status policy_parse(struct span text, struct desk_file *policy, char *why,
                                   size_t size);

#endif
