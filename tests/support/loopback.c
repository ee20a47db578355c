/* SPDX-License-Identifier: MIT */
#include "loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"

#define TURNS_MAX 20000 /* of about a millisecond: only a failed test gets there */

void loopback_init(struct loopback *loopback, const struct net_limits *limits,
                   const struct conn_handler *handler)
{
	struct listener_opts opts = {.where = "127.0.0.1:0"};
	char error[LISTENER_ERROR_SIZE];

	*loopback = (struct loopback){.drained = false};
	(void)signal(SIGPIPE, SIG_IGN);
	MUST(uv_loop_init(&loopback->loop) == 0);
	loopback->net = net_create(&loopback->loop, limits, handler);
	MUST(listener_open(loopback->net, &opts, error, &loopback->listener) == ST_OK);
}

static void on_drained(void *ctx)
{
	struct loopback *loopback = ctx;

	loopback->drained = true;
}

void loopback_fini(struct loopback *loopback)
{
	net_drain(loopback->net, 0, on_drained, loopback);
	for (int turn = 0; turn < TURNS_MAX && !loopback->drained; turn++)
		loopback_turn(loopback);
	MUST(loopback->drained);
	net_destroy(&loopback->net);
	(void)uv_run(&loopback->loop, UV_RUN_DEFAULT);
	MUST(uv_loop_close(&loopback->loop) == 0);
}

void loopback_turn(struct loopback *loopback)
{
	(void)usleep(500);
	(void)uv_run(&loopback->loop, UV_RUN_NOWAIT);
}

void client_open(struct client *client, struct loopback *loopback)
{
	struct sockaddr_in name = {.sin_family = AF_INET,
	                           .sin_port = htons((uint16_t)listener_port(loopback->listener)),
	                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	*client = (struct client){.fd = socket(AF_INET, SOCK_STREAM, 0)};
	MUST(client->fd >= 0);
	MUST(connect(client->fd, (struct sockaddr *)&name, sizeof(name)) == 0);
}

void client_close(struct client *client)
{
	(void)close(client->fd);
	buf_fini(&client->in);
}

void client_send(struct client *client, struct span bytes)
{
	MUST(send(client->fd, bytes.ptr, bytes.len, 0) == (ssize_t)bytes.len);
}

void client_text(struct client *client, const char *text)
{
	client_send(client, span_of(text));
}

static void take(struct client *client)
{
	char bytes[65536];
	ssize_t len = recv(client->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (len > 0)
		buf_add(&client->in, bytes, (size_t)len);
	else if (len == 0 || (errno != EAGAIN && errno != EINTR))
		client->ended = true;
}

static bool has(const struct client *client, const char *text)
{
	return client->in.len > 0 &&
	       memmem(client->in.ptr, client->in.len, text, strlen(text)) != NULL;
}

bool client_await(struct client *client, struct loopback *loopback, const char *text)
{
	for (int turn = 0; turn < TURNS_MAX && !client->ended && !has(client, text); turn++) {
		loopback_turn(loopback);
		take(client);
	}
	return has(client, text);
}

void client_await_end(struct client *client, struct loopback *loopback)
{
	for (int turn = 0; turn < TURNS_MAX && !client->ended; turn++) {
		loopback_turn(loopback);
		take(client);
	}
	MUST(client->ended);
}
