/* SPDX-License-Identifier: MIT */
/* What the program's own calls answer over HTTP: JSON, and problems of RFC 9457. Never kept by
 * caches. */
#ifndef TB_ADAPTER_ANSWER_H
#define TB_ADAPTER_ANSWER_H

#include "adapter/conn.h"
#include "base/span.h"
#include "base/status.h"

#define ANSWER_HEADERS_MAX 6

struct answer {
	unsigned status;  /* of HTTP */
	const char *type; /* NULL: application/json */
	struct span body; /* absent: none */
	struct http_header headers[ANSWER_HEADERS_MAX];
	size_t headers_count;
};

/* Lets a page of that origin read the answer; nothing when it is absent. Borrowed. */
void answer_open_to(struct answer *answer, struct span origin);

void answer_send(struct net *net, struct conn_id conn, const struct answer *answer);

struct problem {
	enum status status;
	unsigned http;          /* 0: the status's */
	const char *message;    /* NULL: the status's sentence */
	int64_t retry_after_ms; /* 0: not said */
	const char *allow;      /* methods, with 405 */
	struct span origin;     /* the page that may read it; absent: ours only */
};

void answer_problem(struct net *net, struct conn_id conn, const struct problem *problem);

/* 400, 401, 403, 404, 409, 413, 429, 503. */
unsigned answer_http_status(enum status st);

#endif
