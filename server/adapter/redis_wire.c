/* SPDX-License-Identifier: MIT */
#include "adapter/redis_wire.h"

#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"

#define READ_BYTES 16384U
/* No reply of the switchboard is a tenth as long. */
#define REPLY_BYTES_MAX ((size_t)16 * 1024 * 1024)
/* An array is allocated by the count that its head claims. */
#define REPLY_COUNT_MAX 65536
#define IDLE_BYTES_MAX  65536U /* a buffer that a rebuild blew up is not kept */
#define ADDRESSES_MAX   16U
#define KEEPALIVE_S     15U

struct redis_wire {
	struct redis_wire_events events;
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} io;
	uv_prepare_t flush;
	uv_connect_t connect;
	uv_getaddrinfo_t resolve;
	uv_write_t write;
	struct buf out;
	struct buf writing;
	redisReader *reader;
	redisReplyObjectFunctions shape; /* the reader's own, but for a limit */
	void *(*array)(const redisReadTask *task, int count);
	size_t unread;   /* bytes that were fed since the last whole reply */
	unsigned choice; /* among the addresses of the host */
	unsigned uses;   /* handles and requests that still point here */
	bool resolving;
	bool connected;
	bool busy; /* a uv_write runs */
	bool closing;
	char slab[READ_BYTES];
};

static void wire_release(struct redis_wire *wire)
{
	MUST(wire->uses > 0);
	if (--wire->uses > 0)
		return;
	redisReaderFree(wire->reader);
	buf_fini(&wire->out);
	buf_fini(&wire->writing);
	free(wire);
}

static void on_closed(uv_handle_t *handle)
{
	wire_release(handle->data);
}

static void wire_end(struct redis_wire *wire, const char *why)
{
	const struct redis_wire_events events = wire->events;

	if (wire->closing || events.ended == NULL)
		return;
	wire->events = (struct redis_wire_events){0};
	events.ended(events.ctx, why);
}

/* The replies that are whole. Each may close the wire. */
static void replies_take(struct redis_wire *wire)
{
	void *reply = NULL;

	while (!wire->closing) {
		if (redisReaderGetReply(wire->reader, &reply) != REDIS_OK) {
			wire_end(wire, "not the Redis protocol");
			return;
		}
		if (reply == NULL)
			return;
		wire->unread = 0;
		if (wire->events.reply != NULL)
			wire->events.reply(wire->events.ctx, reply);
		freeReplyObject(reply);
	}
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct redis_wire *wire = handle->data;

	(void)suggested;
	*out = uv_buf_init(wire->slab, sizeof(wire->slab));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *slab)
{
	struct redis_wire *wire = stream->data;

	if (count < 0) {
		wire_end(wire, count == UV_EOF ? "closed by Redis" : uv_strerror((int)count));
		return;
	}
	wire->unread += (size_t)count;
	if (wire->unread > REPLY_BYTES_MAX) {
		wire_end(wire, "reply too long");
		return;
	}
	(void)redisReaderFeed(wire->reader, slab->base, (size_t)count);
	replies_take(wire);
}

static void flush_start(struct redis_wire *wire);

static void buf_settle(struct buf *buf)
{
	if (buf->len == 0 && buf->size > IDLE_BYTES_MAX)
		buf_fini(buf);
}

static void on_written(uv_write_t *write, int status)
{
	struct redis_wire *wire = write->data;

	wire->busy = false;
	buf_reset(&wire->writing);
	buf_settle(&wire->writing);
	if (status < 0)
		wire_end(wire, uv_strerror(status));
	else
		flush_start(wire);
}

static void flush_rest(struct redis_wire *wire)
{
	const struct buf swap = wire->writing;
	uv_buf_t bytes;

	wire->writing = wire->out;
	wire->out = swap;
	wire->busy = true;
	wire->write.data = wire;
	bytes = uv_buf_init(wire->writing.ptr, (unsigned)wire->writing.len);
	MUST(uv_write(&wire->write, &wire->io.stream, &bytes, 1, on_written) == 0);
}

static void on_flush(uv_prepare_t *prepare)
{
	struct redis_wire *wire = prepare->data;
	uv_buf_t bytes = uv_buf_init(wire->out.ptr, (unsigned)wire->out.len);
	int count = uv_try_write(&wire->io.stream, &bytes, 1);

	(void)uv_prepare_stop(prepare);
	if (count == UV_EAGAIN)
		count = 0;
	if (count < 0) {
		wire_end(wire, uv_strerror(count));
		return;
	}
	buf_drop(&wire->out, (size_t)count);
	if (wire->out.len > 0)
		flush_rest(wire);
	else
		buf_settle(&wire->out);
}

/* Prepare callbacks run before the loop looks at its sockets again. */
static void flush_start(struct redis_wire *wire)
{
	if (wire->connected && !wire->busy && !wire->closing && wire->out.len > 0)
		MUST(uv_prepare_start(&wire->flush, on_flush) == 0);
}

static void on_connect(uv_connect_t *connect, int status)
{
	struct redis_wire *wire = connect->data;

	if (status == 0)
		status = uv_read_start(&wire->io.stream, on_alloc, on_read);
	if (status < 0) {
		wire_end(wire, uv_strerror(status));
		return;
	}
	wire->connected = true;
	flush_start(wire);
	if (wire->events.connected != NULL)
		wire->events.connected(wire->events.ctx);
}

/* A name may have an address where nobody listens: each attempt takes the next one. */
static const struct addrinfo *address_choose(const struct addrinfo *found, unsigned choice)
{
	const struct addrinfo *one = found;

	while (choice-- > 0)
		one = one->ai_next != NULL ? one->ai_next : found;
	return one;
}

static void on_resolved(uv_getaddrinfo_t *resolve, int status, struct addrinfo *found)
{
	struct redis_wire *wire = resolve->data;

	wire->resolving = false;
	if (status == 0 && !wire->closing) {
		(void)uv_tcp_nodelay(&wire->io.tcp, 1);
		(void)uv_tcp_keepalive(&wire->io.tcp, 1, KEEPALIVE_S);
		status = uv_tcp_connect(&wire->connect, &wire->io.tcp,
		                        address_choose(found, wire->choice)->ai_addr, on_connect);
	}
	uv_freeaddrinfo(found);
	if (status < 0)
		wire_end(wire, uv_strerror(status));
	wire_release(wire);
}

/* A start that fails at once is told in a later turn. */
static void on_failed_start(uv_prepare_t *prepare)
{
	(void)uv_prepare_stop(prepare);
	wire_end(prepare->data, "no address");
}

static void wire_resolve(struct redis_wire *wire, const struct redis_address *address)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};

	wire->resolve.data = wire;
	if (uv_getaddrinfo(wire->flush.loop, &wire->resolve, on_resolved, address->host,
	                   address->port, &hints) != 0) {
		MUST(uv_prepare_start(&wire->flush, on_failed_start) == 0);
		return;
	}
	wire->resolving = true;
	wire->uses++;
}

static void *array_create(const redisReadTask *task, int count)
{
	const struct redis_wire *wire = task->privdata;

	return count <= REPLY_COUNT_MAX ? wire->array(task, count) : NULL;
}

static void reader_create(struct redis_wire *wire)
{
	wire->reader = redisReaderCreate();
	MUST(wire->reader != NULL);
	wire->shape = *wire->reader->fn;
	wire->array = wire->shape.createArray;
	wire->shape.createArray = array_create;
	wire->reader->fn = &wire->shape;
	wire->reader->privdata = wire;
}

struct redis_wire *redis_wire_open(uv_loop_t *loop, const struct redis_address *address,
                                   unsigned attempt, const struct redis_wire_events *events)
{
	struct redis_wire *wire = xcalloc(1, sizeof(*wire));
	bool local = address->path[0] != '\0';

	wire->events = *events;
	wire->choice = attempt % ADDRESSES_MAX;
	reader_create(wire);
	wire->uses = 2;
	MUST(uv_prepare_init(loop, &wire->flush) == 0);
	MUST((local ? uv_pipe_init(loop, &wire->io.pipe, 0) : uv_tcp_init(loop, &wire->io.tcp)) ==
	     0);
	wire->flush.data = wire;
	wire->io.handle.data = wire;
	wire->connect.data = wire;
	if (local)
		uv_pipe_connect(&wire->connect, &wire->io.pipe, address->path, on_connect);
	else
		wire_resolve(wire, address);
	return wire;
}

void redis_wire_write(struct redis_wire *wire, const struct redis_words *words)
{
	redis_words_write(words, &wire->out);
	flush_start(wire);
}

void redis_wire_close(struct redis_wire **wire)
{
	struct redis_wire *leaving = *wire;

	*wire = NULL;
	if (leaving == NULL)
		return;
	leaving->closing = true;
	leaving->events = (struct redis_wire_events){0};
	if (leaving->resolving)
		(void)uv_cancel((uv_req_t *)&leaving->resolve);
	uv_close((uv_handle_t *)&leaving->flush, on_closed);
	uv_close(&leaving->io.handle, on_closed);
}
