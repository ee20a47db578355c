/* SPDX-License-Identifier: MIT */
/* The head of a request, complete and past the prefilter: bytes to struct http_request. */
#ifndef TB_PROTO_HEAD_H
#define TB_PROTO_HEAD_H

#include "proto/http.h"

#define HEAD_LENGTH_DIGITS 10 /* of Content-Length */

struct head {
	struct http_request request;
	uint64_t content_length;
	bool expects_continue;
};

/* `bytes` is the whole head with its empty line; header names become lower case in it, and the
 * request points into it. `headers` has room for max. 0: good, else the status to refuse with. */
unsigned head_parse(char *bytes, size_t len, struct http_header *headers, size_t max,
                    struct head *out);

#endif
