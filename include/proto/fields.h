/* SPDX-License-Identifier: MIT */
/* The members of a JSON object into the fields of a struct, by a table: one row a member, with
 * its type, its range and the sentence that is told when it is wrong. Types are strict: a number
 * is never taken for a string. A member that is null counts as absent. */
#ifndef TB_PROTO_FIELDS_H
#define TB_PROTO_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"

/* What a whole reading shares. The first thing that is wrong stays. */
struct fields {
	struct arena *arena;  /* texts are copied there, terminated */
	size_t message_chars; /* longest FIELD text of a message */
	enum status st;
	const char *wrong;   /* a sentence; NULL while st is OK */
	const char *unknown; /* the member that fields_only() refused, in the arena */
};

struct field;

/* Writes the value to `to`; false: it is wrong (fields_wrong() or the row's sentence). */
typedef bool field_reader(struct fields *fields, const struct field *field, const json_t *value,
                          void *to);

struct field {
	const char *name;
	field_reader *read;
	size_t offset; /* of what is written, in the struct */
	bool required;
	int64_t min, max;  /* of the number; of lines: min bytes 0 or 1, max = size of the field */
	const char *wrong; /* the sentence when it is absent or not acceptable */
};

/* Reads all rows; what is not in the table is left alone. false: fields->st and ->wrong. */
bool fields_read(struct fields *fields, const json_t *object, const struct field *rows,
                 size_t count, void *out);

/* false, always: keeps the status and the sentence. */
bool fields_wrong(struct fields *fields, enum status st, const char *sentence);

/* true: every member of the object is in the table. */
bool fields_only(struct fields *fields, const json_t *object, const struct field *rows,
                 size_t count);

/* What is told of a `text` that field_message does not take. */
#define FIELD_TEXT_WRONG                                                                         \
	"The `text` must be a string with something to read and no control characters but line " \
	"breaks and tabs."

/* Readers, and what they write. */
field_reader field_message;  /* struct span: text of several lines */
field_reader field_line;     /* struct span: one line, direction controls and blanks stripped */
field_reader field_cut_line; /* the same, and what is too long is cut */
field_reader field_url;      /* struct span: http or https */
field_reader field_secret;   /* struct span: as it is, min to max bytes (tokens, passwords) */
field_reader field_bool;     /* bool */
field_reader field_u64;      /* uint64_t (or a struct of one, as ticket_id) */
field_reader field_int;      /* int */
field_reader field_id;       /* struct span: a client's id */

#endif
