/* SPDX-License-Identifier: MIT */
#include "adapter/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "adapter/net.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define BACKLOG     1024
#define UNIX_PREFIX "unix:"

struct listener {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv; /* first */
	struct net_port port;
	struct net *net;
	unsigned tag;
	unsigned number;
	char address[160];
};

static void on_connection(uv_stream_t *server, int error)
{
	struct listener *listener = server->data;

	/* libuv keeps a spare descriptor and turns away who comes when there is none left. */
	if (error != 0) {
		log_warn("listener.accept", "error=%s", uv_err_name(error));
		return;
	}
	conn_accept(listener->net, server, listener->tag);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void close_port(struct net_port *port)
{
	struct listener *listener = container_of(port, struct listener, port);

	uv_close(&listener->uv.handle, on_closed);
}

static enum status fail(char *error, enum status status, const char *where, const char *why)
{
	(void)snprintf(error, LISTENER_ERROR_SIZE, "cannot listen on %s: %s", where, why);
	return status;
}

static enum status fail_uv(char *error, const char *where, int code)
{
	if (code == UV_EADDRINUSE)
		return fail(error, ST_CONFLICT, where, "another program listens there");
	if (code == UV_EACCES)
		return fail(error, ST_UNAVAILABLE, where,
		            "not allowed (ports below 1024 need rights)");
	return fail(error, ST_UNAVAILABLE, where, uv_strerror(code));
}

/* "[::1]:80" > "::1", "80". */
static bool split(const char *where, char host[256], char port[16])
{
	const char *colon = strrchr(where, ':');
	struct span name;

	if (colon == NULL || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	name = (struct span){.ptr = where, .len = (size_t)(colon - where)};
	if (name.len >= 2 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']') {
		name.ptr++;
		name.len -= 2;
	}
	return span_copy(host, 256, name) && span_copy(port, 16, span_of(colon + 1)) &&
	       strtol(port, NULL, 10) <= UINT16_MAX;
}

static enum status resolve(const char *where, char *error, struct sockaddr_storage *out)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *found = NULL;
	char host[256], port[16];
	int code;

	if (!split(where, host, port))
		return fail(error, ST_BAD_REQUEST, where, "expected HOST:PORT or unix:PATH");
	code = getaddrinfo(host[0] == '\0' || strcmp(host, "*") == 0 ? NULL : host, port, &hints,
	                   &found);
	if (code != 0)
		return fail(error, ST_BAD_REQUEST, where, gai_strerror(code));
	memcpy(out, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return ST_OK;
}

/* Accepted sockets inherit these, which saves the calls for each of them. */
static void set_options(const struct listener *listener, const struct net_limits *limits)
{
	const int on = 1;
	int send_bytes = (int)limits->socket_send_bytes;
	unsigned timeout = (unsigned)limits->user_timeout_ms;
	uv_os_fd_t fd;

	if (uv_fileno(&listener->uv.handle, &fd) != 0)
		return;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof(timeout));
	if (send_bytes > 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof(send_bytes));
}

static void note_address(struct listener *listener)
{
	struct sockaddr_storage name;
	char host[INET6_ADDRSTRLEN] = "";
	int len = sizeof(name);

	if (uv_tcp_getsockname(&listener->uv.tcp, (struct sockaddr *)&name, &len) != 0)
		return;
	if (name.ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&name;

		listener->number = ntohs(in6->sin6_port);
		(void)uv_ip6_name(in6, host, sizeof(host));
		(void)snprintf(listener->address, sizeof(listener->address), "[%s]:%u", host,
		               listener->number);
	} else {
		const struct sockaddr_in *in = (const struct sockaddr_in *)&name;

		listener->number = ntohs(in->sin_port);
		(void)uv_ip4_name(in, host, sizeof(host));
		(void)snprintf(listener->address, sizeof(listener->address), "%s:%u", host,
		               listener->number);
	}
}

static enum status open_tcp(struct listener *listener, const struct listener_opts *opts,
                            char *error)
{
	struct sockaddr_storage name;
	int code = uv_tcp_init(listener->net->loop, &listener->uv.tcp);
	MUST(code == 0);
	if (opts->fd > 0) {
		code = uv_tcp_open(&listener->uv.tcp, opts->fd);
	} else {
		enum status status = resolve(opts->where, error, &name);

		if (status != ST_OK)
			return status;
		code = uv_tcp_bind(&listener->uv.tcp, (struct sockaddr *)&name, 0);
	}
	if (code == 0) {
		set_options(listener, &listener->net->limits);
		code = uv_listen(&listener->uv.stream, BACKLOG, on_connection);
	}
	if (code != 0)
		return fail_uv(error, opts->where != NULL ? opts->where : "the inherited socket",
		               code);
	note_address(listener);
	return ST_OK;
}

/* A socket file that nobody answers at was left behind by a kill. */
static bool is_alive(const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive;

	(void)span_copy(name.sun_path, sizeof(name.sun_path), span_of(path));
	alive = fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0;
	if (fd >= 0)
		(void)close(fd);
	return alive;
}

static enum status open_unix(struct listener *listener, const struct listener_opts *opts,
                             char *error)
{
	const char *path = opts->where + strlen(UNIX_PREFIX);
	struct sockaddr_un name;
	mode_t old;
	int code = uv_pipe_init(listener->net->loop, &listener->uv.pipe, 0);

	MUST(code == 0);
	if (strlen(path) >= sizeof(name.sun_path))
		return fail(error, ST_BAD_REQUEST, opts->where,
		            "the path is longer than 107 bytes");
	if (is_alive(path))
		return fail_uv(error, opts->where, UV_EADDRINUSE);
	(void)unlink(path);
	old = umask(0177);
	code = uv_pipe_bind(&listener->uv.pipe, path);
	(void)umask(old);
	if (code == 0)
		code = uv_listen(&listener->uv.stream, BACKLOG, on_connection);
	if (code != 0)
		return fail_uv(error, opts->where, code);
	(void)snprintf(listener->address, sizeof(listener->address), "%s", opts->where);
	return ST_OK;
}

enum status listener_open(struct net *net, const struct listener_opts *opts, char *error,
                          struct listener **out)
{
	struct listener *listener = xcalloc(1, sizeof(*listener));
	bool is_unix = opts->fd <= 0 && strncmp(opts->where, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0;
	enum status status;

	listener->net = net;
	listener->tag = opts->tag;
	listener->port.close = close_port;
	status = is_unix ? open_unix(listener, opts, error) : open_tcp(listener, opts, error);
	listener->uv.handle.data = listener;
	if (status != ST_OK) {
		uv_close(&listener->uv.handle, on_closed);
		return status;
	}
	net_port_add(net, &listener->port);
	*out = listener;
	return ST_OK;
}

unsigned listener_port(const struct listener *listener)
{
	return listener->number;
}

const char *listener_address(const struct listener *listener)
{
	return listener->address;
}
