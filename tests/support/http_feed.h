/* SPDX-License-Identifier: MIT */
/* Feeds bytes to the request parser in pieces and writes down what came out, so that two ways
 * of cutting the same bytes can be compared. Used by unit tests and the fuzz target. */
#ifndef TB_TESTS_HTTP_FEED_H
#define TB_TESTS_HTTP_FEED_H

#include "base/buf.h"
#include "proto/http.h"

/* Cuts after the first `first` bytes and then every `step` bytes (0: never). Appends to out:
 * each request with all its parts, "continue", and at the end "more" or "refused 400". */
void http_feed(const struct http_limits *limits, struct span bytes, size_t first, size_t step,
               struct buf *out);

#endif
