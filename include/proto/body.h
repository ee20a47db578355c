/* SPDX-License-Identifier: MIT */
/* The JSON bodies of HTTP calls. All texts go to the arena of `fields`. Members that are not known are
 * passed over, as in frames; of agents, tokens and saved lists they are refused: what is kept, or decides
 * on rights, should not be lost in silence when it is misspelled. */
#ifndef TB_PROTO_BODY_H
#define TB_PROTO_BODY_H

#include "core/command.h"
#include "core/saved_list.h"
#include "proto/fields.h"

struct body_login {
	struct span email;
	struct span password;
};

/* false: fields->st and ->wrong say why. */
bool body_login_read(struct fields *fields, struct span text, struct body_login *out);

struct body_password {
	struct span password; /* the one there is */
	struct span new_password;
};

bool body_password_read(struct fields *fields, struct span text, struct body_password *out);

/* A new colleague (all but the role are needed), or what is changed of one. */
struct body_agent {
	struct span email, name, password; /* absent: not said */
	int tier;                          /* 0: not said */
	struct span role;                  /* a name of AGENT_ROLE_TABLE; absent: not said */
	bool disabled, enabled;            /* `disabled` true, `disabled` false */
	bool revoke;
};

bool body_agent_new_read(struct fields *fields, struct span text, struct body_agent *out);
bool body_agent_change_read(struct fields *fields, struct span text, struct body_agent *out);

/* A new API token, or what is changed of one: its label. */
struct body_token {
	struct span label;
	enum token_scope scope;
	int days; /* it lasts; 0: for ever */
};

bool body_token_new_read(struct fields *fields, struct span text, struct body_token *out);
bool body_token_change_read(struct fields *fields, struct span text, struct body_token *out);

/* A list of tickets to save. */
struct body_list {
	struct span name, query;
};

bool body_list_read(struct fields *fields, struct span text, struct body_list *out);

/* COMMAND_OPEN: channel, title, text, priority, topic, tags, visitor, page. */
bool body_open_read(struct fields *fields, struct span text, struct command *out);

/* COMMAND_SET. */
bool body_set_read(struct fields *fields, struct span text, struct command *out);

/* COMMAND_SAY, or COMMAND_NOTE with `kind` note. */
bool body_reply_read(struct fields *fields, struct span text, struct command *out);

#endif
