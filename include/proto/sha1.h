/* SPDX-License-Identifier: MIT */
/* SHA-1 (RFC 3174), for the websocket handshake only: it protects nothing there. */
#ifndef TB_PROTO_SHA1_H
#define TB_PROTO_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20

void sha1(const void *data, size_t len, uint8_t out[SHA1_SIZE]);

#endif
