/* SPDX-License-Identifier: MIT */
#include "adapter/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/must.h"

#define FREE_MAX    256U
#define VECTOR_MAX  64U
#define SHORT_BYTES 2048U
#define START_BYTES 65536U /* of one uv_write: its end is the sign of progress */

struct outbox *outbox_get(struct outbox_pool *pool)
{
	struct outbox *outbox = SLIST_FIRST(&pool->free);

	if (outbox != NULL) {
		SLIST_REMOVE_HEAD(&pool->free, free);
		pool->count--;
	} else {
		outbox = xmalloc(sizeof(*outbox));
	}
	outbox->owner = NULL;
	outbox->bytes = 0;
	outbox->running = 0;
	outbox->first = 0;
	outbox->count = 0;
	outbox->size = OUTBOX_INLINE;
	outbox->pieces = outbox->some;
	return outbox;
}

static void drop_first(struct outbox *outbox)
{
	blob_unref(&outbox->pieces[outbox->first].blob);
	outbox->first = (outbox->first + 1) % outbox->size;
	outbox->count--;
}

void outbox_put(struct outbox_pool *pool, struct outbox **outbox)
{
	struct outbox *box = *outbox;

	if (box == NULL)
		return;
	MUST(box->running == 0);
	*outbox = NULL;
	while (box->count > 0)
		drop_first(box);
	if (box->pieces != box->some)
		free(box->pieces);
	if (pool->count == FREE_MAX) {
		free(box);
		return;
	}
	SLIST_INSERT_HEAD(&pool->free, box, free);
	pool->count++;
}

void outbox_pool_fini(struct outbox_pool *pool)
{
	struct outbox *outbox;

	while ((outbox = SLIST_FIRST(&pool->free)) != NULL) {
		SLIST_REMOVE_HEAD(&pool->free, free);
		free(outbox);
	}
	pool->count = 0;
}

static struct outbox_piece *piece_at(const struct outbox *outbox, unsigned i)
{
	MUST(outbox->size > 0);
	return &outbox->pieces[(outbox->first + i) % outbox->size];
}

static void grow(struct outbox *outbox)
{
	struct outbox_piece *pieces = xmalloc((size_t)outbox->size * 2 * sizeof(*pieces));

	for (unsigned i = 0; i < outbox->count; i++)
		pieces[i] = *piece_at(outbox, i);
	if (outbox->pieces != outbox->some)
		free(outbox->pieces);
	outbox->pieces = pieces;
	outbox->first = 0;
	outbox->size *= 2;
}

static void add(struct outbox *outbox, struct outbox_piece piece)
{
	if (outbox->count == outbox->size)
		grow(outbox);
	*piece_at(outbox, outbox->count++) = piece;
	outbox->bytes += piece.len;
}

void outbox_add_blob(struct outbox *outbox, struct blob *blob)
{
	if (blob->len == 0)
		return;
	add(outbox,
	    (struct outbox_piece){.blob = blob_ref(blob), .ptr = blob->bytes, .len = blob->len});
}

void outbox_add_static(struct outbox *outbox, struct span bytes)
{
	if (bytes.len > 0)
		add(outbox, (struct outbox_piece){.ptr = bytes.ptr, .len = bytes.len});
}

/* The first `len` bytes are out. */
static void consume(struct outbox *outbox, size_t len)
{
	MUST(len <= outbox->bytes);
	outbox->bytes -= len;
	while (len > 0) {
		struct outbox_piece *piece = piece_at(outbox, 0);

		if (len < piece->len) {
			piece->ptr += len;
			piece->len -= len;
			return;
		}
		len -= piece->len;
		drop_first(outbox);
	}
}

void outbox_cut(struct outbox *outbox)
{
	size_t kept = 0;
	unsigned keep = 0;

	while (keep < outbox->count && kept < outbox->running)
		kept += piece_at(outbox, keep++)->len;
	/* A frame that is partly out must go out whole, or the peer could not read the close. */
	if (keep == 0 && outbox->count > 0) {
		const struct outbox_piece *piece = piece_at(outbox, 0);

		if (piece->blob != NULL && piece->len < piece->blob->len) {
			kept = piece->len;
			keep = 1;
		}
	}
	while (outbox->count > keep)
		blob_unref(&piece_at(outbox, --outbox->count)->blob);
	outbox->bytes = kept;
}

/* The front as a vector of at most `max` bytes. */
static unsigned gather(const struct outbox *outbox, uv_buf_t bufs[VECTOR_MAX], size_t max,
                       size_t *len_out)
{
	unsigned count = 0;
	size_t len = 0;

	while (count < outbox->count && count < VECTOR_MAX && len < max) {
		const struct outbox_piece *piece = piece_at(outbox, count);
		size_t take = piece->len < max - len ? piece->len : max - len;
		/* libuv's type has no const; it does not write there. */
		union {
			const char *in;
			char *out;
		} base = {.in = piece->ptr};

		bufs[count++] = uv_buf_init(base.out, (unsigned)take);
		len += take;
	}
	*len_out = len;
	return count;
}

/* A few short pieces as one: copied together they cost the kernel less than a vector, and send()
 * less than write(). How much went, or a libuv error. */
static ssize_t send_short(const struct outbox *outbox, uv_os_fd_t fd)
{
	char bytes[SHORT_BYTES];
	size_t len = 0;
	ssize_t sent;

	for (unsigned i = 0; i < outbox->count; i++) {
		const struct outbox_piece *piece = piece_at(outbox, i);

		memcpy(bytes + len, piece->ptr, piece->len);
		len += piece->len;
	}
	do
		sent = send(fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent >= 0 ? sent : uv_translate_sys_error(errno);
}

static int try_short(struct outbox *outbox, uv_os_fd_t fd)
{
	ssize_t sent = send_short(outbox, fd);

	if (sent < 0)
		return sent == UV_EAGAIN ? 0 : (int)sent;
	consume(outbox, (size_t)sent);
	return 0;
}

int outbox_try(struct outbox *outbox, uv_stream_t *stream)
{
	uv_buf_t bufs[VECTOR_MAX];
	uv_os_fd_t fd;

	if (outbox->running == 0 && outbox->bytes > 0 && outbox->bytes <= SHORT_BYTES &&
	    uv_stream_get_write_queue_size(stream) == 0 &&
	    uv_fileno((uv_handle_t *)stream, &fd) == 0)
		return try_short(outbox, fd);
	while (outbox->bytes > 0 && outbox->running == 0) {
		size_t len;
		unsigned count = gather(outbox, bufs, UINT32_MAX / 2, &len);
		int written = uv_try_write(stream, bufs, count);

		if (written == UV_EAGAIN)
			return 0;
		if (written < 0)
			return written;
		consume(outbox, (size_t)written);
		if ((size_t)written < len)
			return 0;
	}
	return 0;
}

static void on_written(uv_write_t *request, int error)
{
	struct outbox *outbox = container_of(request, struct outbox, request);
	size_t running = outbox->running;

	outbox->running = 0;
	if (error == 0)
		consume(outbox, running);
	outbox->written(outbox, error);
}

int outbox_start(struct outbox *outbox, uv_stream_t *stream,
                 void (*written)(struct outbox *outbox, int error))
{
	uv_buf_t bufs[VECTOR_MAX];
	size_t len;
	unsigned count;
	int error;

	MUST(outbox->running == 0);
	count = gather(outbox, bufs, START_BYTES, &len);
	outbox->written = written;
	error = uv_write(&outbox->request, stream, bufs, count, on_written);
	if (error == 0)
		outbox->running = len;
	return error;
}
