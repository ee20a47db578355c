/* SPDX-License-Identifier: MIT */
/* The people who answer. */
#ifndef TB_CORE_AGENT_H
#define TB_CORE_AGENT_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/span.h"
#include "core/ids.h"
#include "core/ticket.h"

#define AGENT_ROLE_TABLE(X)                    \
	X(AGENT_ROLE_AGENT, "agent")           \
	X(AGENT_ROLE_SUPERVISOR, "supervisor") \
	X(AGENT_ROLE_ADMIN, "admin")

#define PRESENCE_TABLE(X)                  \
	X(PRESENCE_OFFLINE, "offline")     \
	X(PRESENCE_AWAY, "away")           \
	X(PRESENCE_AVAILABLE, "available") \
	X(PRESENCE_BUSY, "busy")

/* What an API token is good for: all that its agent may do, or the figures of the wall alone. */
#define TOKEN_SCOPE_TABLE(X)        \
	X(TOKEN_SCOPE_FULL, "full") \
	X(TOKEN_SCOPE_WALL, "wall")

#define ENUM_ROW(name, text) name,
enum agent_role { AGENT_ROLE_TABLE(ENUM_ROW) };
enum presence { PRESENCE_TABLE(ENUM_ROW) };
enum token_scope { TOKEN_SCOPE_TABLE(ENUM_ROW) };
#undef ENUM_ROW

const char *agent_role_name(enum agent_role role);
const char *presence_name(enum presence presence);
const char *token_scope_name(enum token_scope scope);
bool agent_role_parse(struct span text, enum agent_role *out);
bool presence_parse(struct span text, enum presence *out);
bool token_scope_parse(struct span text, enum token_scope *out);

#define PRESENCE_REASON_SIZE 61 /* why somebody is away, for colleagues; NUL included */

#define CAPACITY_MIN 1
#define CAPACITY_MAX 100

#define PASSWORD_HASH_SIZE 128

/* Of API tokens. */
#define TOKEN_LABEL_SIZE 64 /* NUL included */
#define TOKEN_DAYS_MAX   3650

struct agent {
	struct agent_id id;
	char email[EMAIL_SIZE]; /* lower case; the login */
	char name[NAME_SIZE];
	int tier;
	enum agent_role role;
	bool disabled;
	bool must_change_password; /* the printed one-time password of the first start */
	char password_hash[PASSWORD_HASH_SIZE]; /* argon2id, "$argon2id$..."; "" cannot log in */
	wall_ms created_at;
};

/* One @, something on both sides, no blanks or control bytes, fits EMAIL_SIZE. */
bool email_is_valid(struct span email);

#endif
