/* SPDX-License-Identifier: MIT */
/* Looks at each byte of a request's head before the parser does, and refuses what parsers
 * disagree about: bare CR or LF, folded lines, control bytes, blanks around names, anything but
 * one space in the request line, versions other than 1.0 and 1.1. */
#ifndef TB_PROTO_PREFILTER_H
#define TB_PROTO_PREFILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

enum prefilter_state {
	PREFILTER_START, /* one empty line may come before a request (RFC 9112 2.2) */
	PREFILTER_START_LF,
	PREFILTER_METHOD,
	PREFILTER_TARGET,
	PREFILTER_VERSION,
	PREFILTER_LINE_LF,
	PREFILTER_LINE,
	PREFILTER_NAME,
	PREFILTER_VALUE,
	PREFILTER_END_LF,
	PREFILTER_DONE,
	PREFILTER_BAD,
};

/* The zero value is ready for a request. */
struct prefilter {
	enum prefilter_state state;
	unsigned refusal; /* with BAD: 400 or 505 */
	unsigned at;      /* bytes of the method or of the version so far */
	bool skipped;     /* the empty line was there */
};

/* How many of the bytes belong to the head; stops behind its end or at the first bad byte. */
size_t prefilter_run(struct prefilter *filter, struct span bytes);

#endif
