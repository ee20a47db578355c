/* SPDX-License-Identifier: MIT */
#include "strange_redis.h"

#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"

struct guest {
	uv_pipe_t pipe;
	struct strange_redis *host;
	redisReader *reader;
	char slab[65536];
	struct guest *next;
	struct guest **from; /* what points at this one */
};

struct strange_redis {
	uv_pipe_t pipe;
	struct strange_script script;
	struct guest *guests;
	unsigned connects;
	unsigned uses;
};

struct saying {
	uv_write_t write;
	char *text;
};

static void strange_release(struct strange_redis *strange)
{
	if (--strange->uses == 0)
		free(strange);
}

static void on_said(uv_write_t *write, int status)
{
	struct saying *saying = container_of(write, struct saying, write);

	(void)status;
	free(saying->text);
	free(saying);
}

static void say(struct guest *guest, const char *text)
{
	struct saying *saying = xcalloc(1, sizeof(*saying));
	uv_buf_t bytes;

	saying->text = xstrdup(text);
	bytes = uv_buf_init(saying->text, (unsigned)strlen(text));
	MUST(uv_write(&saying->write, (uv_stream_t *)&guest->pipe, &bytes, 1, on_said) == 0);
}

static const char *answer_of(const struct strange_script *script, const char *word)
{
	const struct {
		const char *word, *scripted, *friendly;
	} rows[] = {
		{"INFO", script->info, "$21\r\nredis_version:7.0.15\n\r\n"},
		{"FUNCTION", script->function, "$9\r\ntierbell1\r\n"},
		{"SUBSCRIBE", script->subscribe, "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n"},
		{"FCALL", script->call, ":0\r\n"},
		{"PUBLISH", script->call, ":0\r\n"},
		{"PING", script->ping, "*2\r\n$4\r\npong\r\n$0\r\n\r\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].scripted != NULL ? rows[i].scripted : rows[i].friendly;
	return "+OK\r\n";
}

static void on_guest_closed(uv_handle_t *handle)
{
	struct guest *guest = handle->data;
	struct strange_redis *host = guest->host;

	*guest->from = guest->next;
	if (guest->next != NULL)
		guest->next->from = guest->from;
	redisReaderFree(guest->reader);
	free(guest);
	strange_release(host);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct guest *guest = handle->data;

	(void)suggested;
	*out = uv_buf_init(guest->slab, sizeof(guest->slab));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *slab)
{
	struct guest *guest = stream->data;
	void *reply = NULL;

	if (count < 0) {
		uv_close((uv_handle_t *)stream, on_guest_closed);
		return;
	}
	MUST(redisReaderFeed(guest->reader, slab->base, (size_t)count) == REDIS_OK);
	while (redisReaderGetReply(guest->reader, &reply) == REDIS_OK && reply != NULL) {
		const redisReply *command = reply;

		MUST(command->type == REDIS_REPLY_ARRAY && command->elements > 0);
		say(guest, answer_of(&guest->host->script, command->element[0]->str));
		freeReplyObject(reply);
	}
}

static void on_guest(uv_stream_t *server, int status)
{
	struct strange_redis *host = server->data;
	struct guest *guest = xcalloc(1, sizeof(*guest));

	MUST(status == 0);
	guest->host = host;
	guest->reader = redisReaderCreate();
	guest->next = host->guests;
	guest->from = &host->guests;
	if (guest->next != NULL)
		guest->next->from = &guest->next;
	host->guests = guest;
	host->connects++;
	host->uses++;
	MUST(uv_pipe_init(server->loop, &guest->pipe, 0) == 0);
	guest->pipe.data = guest;
	MUST(uv_accept(server, (uv_stream_t *)&guest->pipe) == 0);
	MUST(uv_read_start((uv_stream_t *)&guest->pipe, on_alloc, on_read) == 0);
	if (host->script.on_connect != NULL)
		say(guest, host->script.on_connect);
}

struct strange_redis *strange_redis_create(uv_loop_t *loop, const char *path)
{
	struct strange_redis *strange = xcalloc(1, sizeof(*strange));

	strange->uses = 1;
	MUST(uv_pipe_init(loop, &strange->pipe, 0) == 0);
	strange->pipe.data = strange;
	MUST(uv_pipe_bind(&strange->pipe, path) == 0);
	MUST(uv_listen((uv_stream_t *)&strange->pipe, 16, on_guest) == 0);
	return strange;
}

static void on_closed(uv_handle_t *handle)
{
	strange_release(handle->data);
}

void strange_redis_close(struct strange_redis **strange)
{
	struct strange_redis *closing = *strange;

	*strange = NULL;
	for (struct guest *guest = closing->guests; guest != NULL; guest = guest->next)
		if (!uv_is_closing((uv_handle_t *)&guest->pipe))
			uv_close((uv_handle_t *)&guest->pipe, on_guest_closed);
	uv_close((uv_handle_t *)&closing->pipe, on_closed);
}

void strange_redis_script(struct strange_redis *strange, struct strange_script script)
{
	strange->script = script;
}

unsigned strange_redis_connects(const struct strange_redis *strange)
{
	return strange->connects;
}
