/* SPDX-License-Identifier: MIT */
/* Logins and API tokens, as the record has them. */
#ifndef TB_PORT_SESSION_H
#define TB_PORT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/agent.h"
#include "core/ids.h"

#define SECRET_HASH_SIZE 32   /* of the secret, which is not kept */
#define STORE_TOKENS_MAX 1000 /* of an agent that are listed */

enum session_kind { SESSION_LOGIN, SESSION_TOKEN };

struct session {
	uint64_t id; /* what people call it by, never given again; 0 in a put: a new one */
	uint8_t hash[SECRET_HASH_SIZE];
	enum session_kind kind;
	struct agent_id agent;
	wall_ms created_at;
	wall_ms expires_at; /* 0: never */
	/* Of API tokens. */
	enum token_scope scope;
	wall_ms used_at; /* about: not moved within the hour; 0: never */
	char label[TOKEN_LABEL_SIZE];
};

/* The API token `id`, if it is `agent`'s (0: whoever's). NOT_FOUND. SET: `used_at` only moves
 * ahead, 0 leaves it. END: it is no more; the session is what it was. */
struct token_call {
	uint64_t id;
	struct agent_id agent;
	bool has_label;
	char label[TOKEN_LABEL_SIZE];
	wall_ms used_at;
	struct session session; /* out */
};

/* Those of an agent that hold at `now`, oldest first, at most STORE_TOKENS_MAX. */
struct token_list {
	struct agent_id agent;
	wall_ms now;
	struct session *items; /* out, in the call's arena */
	size_t count;
};

#endif
