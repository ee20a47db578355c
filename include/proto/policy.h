/* SPDX-License-Identifier: MIT */
/* The policy file: what the desk promises and how it shares out the work. JSON, every member
 * optional, none unknown; deploy/policy.json shows them all. */
#ifndef TB_PROTO_POLICY_H
#define TB_PROTO_POLICY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"
#include "core/policy.h"
#include "proto/origin.h"

#define POLICY_BYTES_MAX 65536

#define POLICY_MISTAKES_MAX 200 /* what is more is only counted */

/* What is wrong with a file, or only worth a word, in the order in which it was met. */
struct policy_mistake {
	const char *path;     /* "$.channels.chat.hours" */
	const char *sentence; /* for a person: what is wrong and what to write */
	bool warning;
};

/* The zero value is empty. */
struct policy_mistakes {
	struct arena arena; /* owns the texts */
	struct policy_mistake *items;
	size_t count;    /* warnings included */
	size_t mistakes; /* without them, also those that found no room in the list */
};

void policy_mistakes_fini(struct policy_mistakes *mistakes);
/* Takes the texts over as copies; control characters become "?". */
void policy_mistakes_add(struct policy_mistakes *mistakes, bool warning, const char *path,
                         const char *sentence);

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
