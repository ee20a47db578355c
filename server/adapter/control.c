/* SPDX-License-Identifier: MIT */
#include "adapter/control.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/control_call.h"
#include "adapter/wall.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"

struct control {
	uv_pipe_t server; /* data: the control */
	struct desk *desk;
	LIST_HEAD(, client) clients; /* whose handle is open */
	unsigned refs;               /* the server's handle, and each client */
};

struct client {
	uv_pipe_t pipe; /* data: the client */
	struct control *control;
	LIST_ENTRY(client) link;
	struct buf in;
	unsigned refs; /* the handle, each call and each write under way */
	bool busy;     /* one request at a time */
	char slab[1024];
};

struct reply {
	uv_write_t write; /* data: the client */
	struct buf text;
};

static void control_unref(struct control *control)
{
	if (--control->refs == 0)
		free(control);
}

static void client_unref(struct client *client)
{
	if (--client->refs > 0)
		return;
	if (client->in.ptr != NULL)
		explicit_bzero(client->in.ptr, client->in.size);
	buf_fini(&client->in);
	control_unref(client->control);
	free(client);
}

static void on_client_closed(uv_handle_t *handle)
{
	client_unref(handle->data);
}

static void client_close(struct client *client)
{
	if (uv_is_closing((uv_handle_t *)&client->pipe) != 0)
		return;
	LIST_REMOVE(client, link);
	uv_close((uv_handle_t *)&client->pipe, on_client_closed);
}

static void take_line(struct client *client);

static void on_written(uv_write_t *write, int error)
{
	struct reply *reply = container_of(write, struct reply, write);
	struct client *client = write->data;

	explicit_bzero(reply->text.ptr, reply->text.len);
	buf_fini(&reply->text);
	free(reply);
	client->busy = false;
	if (error != 0)
		client_close(client);
	else
		take_line(client);
	client_unref(client);
}

/* The reference of the call becomes the write's. */
static void on_answer(void *ctx, struct span answer)
{
	struct client *client = ctx;
	struct reply *reply;
	uv_buf_t out;

	if (uv_is_closing((uv_handle_t *)&client->pipe) != 0) {
		client_unref(client);
		return;
	}
	reply = xcalloc(1, sizeof(*reply));
	reply->write.data = client;
	buf_span(&reply->text, answer);
	buf_char(&reply->text, '\n');
	out = uv_buf_init(reply->text.ptr, (unsigned)reply->text.len);
	if (uv_write(&reply->write, (uv_stream_t *)&client->pipe, &out, 1, on_written) != 0)
		on_written(&reply->write, UV_ECANCELED);
}

static void take_line(struct client *client)
{
	struct buf *in = &client->in;
	const char *end = in->len > 0 ? memchr(in->ptr, '\n', in->len) : NULL;
	struct arena arena = {0};
	struct span line;

	if (client->busy || uv_is_closing((uv_handle_t *)&client->pipe) != 0)
		return;
	if (end == NULL) {
		if (in->len >= CONTROL_LINE_MAX)
			client_close(client);
		return;
	}
	line = arena_span(&arena, (struct span){.ptr = in->ptr, .len = (size_t)(end - in->ptr)});
	buf_drop(in, line.len + 1);
	client->busy = true;
	client->refs++;
	control_call_start(client->control->desk, line, wall_now(), on_answer, client);
	arena_fini(&arena);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct client *client = handle->data;

	(void)suggested;
	*out = uv_buf_init(client->slab, sizeof(client->slab));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *bytes)
{
	struct client *client = stream->data;

	if (count < 0 || client->in.len + (size_t)count > 2 * (size_t)CONTROL_LINE_MAX) {
		client_close(client);
		return;
	}
	buf_add(&client->in, bytes->base, (size_t)count);
	explicit_bzero(client->slab, sizeof(client->slab));
	take_line(client);
}

static void on_connection(uv_stream_t *server, int error)
{
	struct control *control = server->data;
	struct client *client;

	if (error != 0)
		return;
	client = xcalloc(1, sizeof(*client));
	client->control = control;
	client->refs = 1;
	control->refs++;
	MUST(uv_pipe_init(server->loop, &client->pipe, 0) == 0);
	client->pipe.data = client;
	LIST_INSERT_HEAD(&control->clients, client, link);
	if (uv_accept(server, (uv_stream_t *)&client->pipe) != 0 ||
	    control->refs > CONTROL_CLIENTS_MAX ||
	    uv_read_start((uv_stream_t *)&client->pipe, on_alloc, on_read) != 0)
		client_close(client);
}

static void on_server_closed(uv_handle_t *handle)
{
	control_unref(handle->data);
}

enum status control_open(uv_loop_t *loop, const char *path, struct desk *desk, struct control **out,
                         const char **why)
{
	struct control *control = xcalloc(1, sizeof(*control));
	mode_t mask = umask(0177);
	int error;

	control->desk = desk;
	control->refs = 1;
	(void)unlink(path);
	MUST(uv_pipe_init(loop, &control->server, 0) == 0);
	control->server.data = control;
	error = uv_pipe_bind(&control->server, path);
	(void)umask(mask);
	if (error == 0)
		error = uv_listen((uv_stream_t *)&control->server, CONTROL_CLIENTS_MAX,
		                  on_connection);
	if (error != 0) {
		*why = uv_strerror(error);
		control_close(&control);
		return ST_UNAVAILABLE;
	}
	*out = control;
	return ST_OK;
}

void control_close(struct control **control)
{
	struct client *client;

	if (*control == NULL)
		return;
	while ((client = LIST_FIRST(&(*control)->clients)) != NULL)
		client_close(client);
	uv_close((uv_handle_t *)&(*control)->server, on_server_closed);
	*control = NULL;
}
