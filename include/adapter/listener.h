/* SPDX-License-Identifier: MIT */
/* Where connections come in. Listeners belong to their net: net_drain closes them. */
#ifndef TB_ADAPTER_LISTENER_H
#define TB_ADAPTER_LISTENER_H

#include "adapter/conn.h"

#define LISTENER_ERROR_SIZE 200

struct listener;

struct listener_opts {
	const char *where; /* "127.0.0.1:8080", "[::1]:0", "unix:/run/x.sock" (mode 0600) */
	int fd;            /* > 0: an inherited listening socket instead (LISTEN_FDS) */
	unsigned tag;      /* conn_peer.tag of what comes in here */
};

/* OK; BAD_REQUEST: not an address; CONFLICT: in use; UNAVAILABLE: anything else. The text says
 * what to do (`error` has LISTENER_ERROR_SIZE bytes). */
NODISCARD enum status listener_open(struct net *net, const struct listener_opts *opts, char *error,
                                    struct listener **out);
/* The actual port (for ":0"); 0 on a Unix socket. */
unsigned listener_port(const struct listener *listener);
/* "127.0.0.1:8080", as it can be connected to. */
const char *listener_address(const struct listener *listener);

#endif
