/* SPDX-License-Identifier: MIT */
/* Inside ws_feed(): the frame that almost all messages come in, a whole text frame in one read,
 * without a context of wslay. */
#ifndef TB_PROTO_WS_PLAIN_H
#define TB_PROTO_WS_PLAIN_H

#include "base/span.h"

#define WS_PLAIN_MAX 4096 /* bytes of the payload */

/* Is `bytes` begun by a final, masked text frame of 1 to `max` bytes of valid UTF-8, all of it
 * there? Then its payload is put in `out`, its length in *len_out, and the answer is its size on
 * the wire. 0: it is anything else, for wslay to judge. */
size_t ws_plain_take(struct span bytes, size_t max, char out[WS_PLAIN_MAX], size_t *len_out);

#endif
