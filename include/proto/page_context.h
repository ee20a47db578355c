/* SPDX-License-Identifier: MIT */
/* What a documentation page tells of itself beside its address: `context` of hello and page. */
#ifndef TB_PROTO_PAGE_CONTEXT_H
#define TB_PROTO_PAGE_CONTEXT_H

#include "proto/fields.h"

#define SELECTION_CHARS_MAX 2000

/* The object, made anew as JSON of what is known, into a struct span. Lines that are too long are
 * cut, secrets are taken out of the selected text. An empty one is "{}", which forgets an earlier
 * one. */
field_reader field_context;

#endif
