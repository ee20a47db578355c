/* SPDX-License-Identifier: MIT */
/* The JSON bodies of HTTP calls. All texts go to the arena of `fields`. A member that is not known
 * is refused: what is misspelled should not be lost in silence. */
#ifndef TB_PROTO_BODY_H
#define TB_PROTO_BODY_H

#include "core/command.h"
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

/* COMMAND_OPEN: channel, title, text, priority, topic, tags, visitor, page. */
bool body_open_read(struct fields *fields, struct span text, struct command *out);

/* COMMAND_SET. */
bool body_set_read(struct fields *fields, struct span text, struct command *out);

/* COMMAND_SAY, or COMMAND_NOTE with `kind` note. */
bool body_reply_read(struct fields *fields, struct span text, struct command *out);

#endif
