/* SPDX-License-Identifier: MIT */
/* A net on a loop of its own and clients in the same thread: the test says what the clients
 * do, and turns the loop until something is there. */
#ifndef TB_TESTS_LOOPBACK_H
#define TB_TESTS_LOOPBACK_H

#include "adapter/conn.h"
#include "adapter/listener.h"
#include "base/buf.h"

struct loopback {
	uv_loop_t loop;
	struct net *net;
	struct listener *listener;
	bool drained;
};

void loopback_init(struct loopback *loopback, const struct net_limits *limits,
                   const struct conn_handler *handler);
/* Drains at once; fails when anything of the loop is left. */
void loopback_fini(struct loopback *loopback);
void loopback_turn(struct loopback *loopback); /* one turn, does not wait long */

struct client {
	int fd;
	struct buf in;
	bool ended; /* the server closed */
};

void client_open(struct client *client, struct loopback *loopback);
void client_close(struct client *client);
void client_send(struct client *client, struct span bytes);
void client_text(struct client *client, const char *text);
/* Turns the loop until `text` came in, or the server closed: false. */
bool client_await(struct client *client, struct loopback *loopback, const char *text);
/* Until the server closed. */
void client_await_end(struct client *client, struct loopback *loopback);

#endif
