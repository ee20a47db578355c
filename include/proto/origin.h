/* SPDX-License-Identifier: MIT */
/* Origins (RFC 6454) as browsers send them: "https://docs.example.gov", in lower case, without
 * the port that goes without saying, without a path. Compared byte by byte. */
#ifndef TB_PROTO_ORIGIN_H
#define TB_PROTO_ORIGIN_H

#include <stdbool.h>

#include "base/span.h"

#define ORIGIN_TEXT_SIZE 256

/* What an operator writes (also a whole URL whose path is empty or "/") to what a browser
 * sends. false: not http or https, no host, or something behind the host. */
bool origin_parse(struct span text, char out[ORIGIN_TEXT_SIZE]);

/* "docs.example.gov" or "localhost:8080": what a browser says as Host for this origin. */
struct span origin_host(const char *origin);

#endif
