/* SPDX-License-Identifier: MIT */
/* What an error reply of Redis asks of us: a table, read by its first word. */
#ifndef TB_ADAPTER_REDIS_ERROR_H
#define TB_ADAPTER_REDIS_ERROR_H

#include "base/span.h"

enum redis_reaction {
	REDIS_WAIT,  /* busy with itself: try again soon */
	REDIS_AGAIN, /* the wrong server, or without our functions: connect anew */
	REDIS_ALERT, /* it cannot write: degraded until somebody acts */
	REDIS_FAULT, /* configuration: trying again changes nothing */
};

struct redis_error {
	const char *word; /* for the log: one of ours, never the server's text */
	enum redis_reaction reaction;
};

struct redis_error redis_error_of(struct span text);

#endif
