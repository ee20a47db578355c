/* SPDX-License-Identifier: MIT */
/* The members of a ticket that people change, wherever they come from: `set` frames, and the
 * bodies of POST and PATCH. */
#ifndef TB_PROTO_TICKET_FIELDS_H
#define TB_PROTO_TICKET_FIELDS_H

#include "core/command.h"
#include "proto/fields.h"

/* title, priority, topic, tags, status, parent, and single tags and links to add or to take away;
 * the mask says which were there. */
bool ticket_fields_read(struct fields *fields, const json_t *object, struct ticket_fields *out);

/* Only the tags, of whoever has fields of its own besides. */
bool ticket_tags_read(struct fields *fields, const json_t *object, struct ticket_fields *out);

/* For the tables of others: they write the enum. */
field_reader field_priority;
field_reader field_ticket_status;
field_reader field_channel;

/* An array of URLs of articles. */
struct article_list {
	struct article items[ARTICLES_MAX];
	unsigned count;
};

field_reader field_articles; /* struct article_list */

#endif
