/* SPDX-License-Identifier: MIT */
/* A websocket client with framing of its own, as lean as it goes: the generator must cost
 * less than what it measures. Text frames only, not fragmented, no checks of what a server
 * must not send (the tests do that). */
#ifndef TB_BENCH_CLIENT_H
#define TB_BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/span.h"

struct client;

struct client_events {
	void (*opened)(struct client *client);
	void (*text)(struct client *client, struct span text); /* borrowed for the call */
	void (*closed)(struct client *client); /* last word; memory is yours again */
};

/* How to get in. Shared by many clients. */
struct client_target {
	uv_loop_t *loop;
	struct sockaddr_in address;
	const char *host;        /* for the Host header */
	const char *origin;      /* or NULL */
	const char *subprotocol; /* or NULL */
};

struct client {
	uv_tcp_t tcp;
	uv_connect_t connect;
	const struct client_target *target;
	const struct client_events *events;
	char *request; /* until it is open */
	char *part;    /* the beginning of a frame whose end did not come yet */
	size_t part_len;
	bool open;
	bool closing;
	uint16_t close_code; /* 0: the connection just ended */
};

/* `token`: for an Authorization header, or NULL. The struct stays where it is until `closed`. */
void client_start(struct client *client, const struct client_target *target,
                  const struct client_events *events, const char *path, const char *token);
void client_send(struct client *client, struct span text); /* at most 16 KiB */
void client_close(struct client *client);

#endif
