/* SPDX-License-Identifier: MIT */
/* Which addresses count as one: an IPv4 address by itself, IPv6 addresses by their first 64
 * bits, which is what one household or office has (RFC 6177). */
#ifndef TB_CORE_NETWORK_H
#define TB_CORE_NETWORK_H

#include <stddef.h>

#define NETWORK_SIZE 48

/* "2001:db8::7" gives "2001:db8:0:0"; what is no IPv6 address is copied. Zero-padded, so that
 * the whole array can be a key. */
void network_of(const char *address, char out[NETWORK_SIZE]);

#endif
