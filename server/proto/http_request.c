/* SPDX-License-Identifier: MIT */
/* Questions to a request: headers, cookies, query. */
#include <string.h>
#include <strings.h>

#include "proto/http.h"

struct span http_header(const struct http_request *request, const char *lower_name)
{
	for (size_t i = 0; i < request->headers_count; i++) {
		if (span_is(request->headers[i].name, lower_name))
			return request->headers[i].value;
	}
	return (struct span){0};
}

size_t http_header_count(const struct http_request *request, const char *lower_name)
{
	size_t count = 0;

	for (size_t i = 0; i < request->headers_count; i++)
		count += span_is(request->headers[i].name, lower_name) ? 1 : 0;
	return count;
}

bool http_list_has(struct span list, const char *word)
{
	size_t len = strlen(word);
	size_t i = 0;

	while (i < list.len) {
		size_t from, to;

		while (i < list.len &&
		       (list.ptr[i] == ' ' || list.ptr[i] == '\t' || list.ptr[i] == ','))
			i++;
		from = i;
		while (i < list.len && list.ptr[i] != ',')
			i++;
		to = i;
		while (to > from && (list.ptr[to - 1] == ' ' || list.ptr[to - 1] == '\t'))
			to--;
		if (to - from == len && strncasecmp(list.ptr + from, word, len) == 0)
			return true;
	}
	return false;
}

/* The next piece of `rest` up to `stop`, which is passed over. */
static struct span next_piece(struct span *rest, char stop)
{
	const char *end = memchr(rest->ptr, stop, rest->len);
	struct span piece = {.ptr = rest->ptr,
	                     .len = end != NULL ? (size_t)(end - rest->ptr) : rest->len};
	size_t used = piece.len + (end != NULL ? 1 : 0);

	rest->ptr += used;
	rest->len -= used;
	return piece;
}

static struct span trimmed(struct span text)
{
	while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
		text.ptr++;
		text.len--;
	}
	while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
		text.len--;
	return text;
}

static struct span cookie_in(struct span list, const char *name)
{
	while (list.len > 0) {
		struct span value = next_piece(&list, ';');
		struct span key = next_piece(&value, '=');

		if (value.ptr != key.ptr + key.len && span_is(trimmed(key), name))
			return trimmed(value);
	}
	return (struct span){0};
}

struct span http_cookie(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->headers_count; i++) {
		struct span found;

		if (!span_is(request->headers[i].name, "cookie"))
			continue;
		found = cookie_in(request->headers[i].value, name);
		if (found.ptr != NULL)
			return found;
	}
	return (struct span){0};
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* application/x-www-form-urlencoded; `out` has room for all of `text`. */
static bool decode(struct span text, char *out, size_t *len_out)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		int high, low;

		if (text.ptr[i] != '%') {
			out[len++] = text.ptr[i];
			if (text.ptr[i] == '+')
				out[len - 1] = ' ';
			continue;
		}
		high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
		low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;
		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return false;
		out[len++] = (char)(high * 16 + low);
		i += 2;
	}
	*len_out = len;
	return true;
}

enum status http_query(const struct http_request *request, const char *name, struct arena *arena,
                       struct span *value_out)
{
	struct span rest = request->query;

	while (rest.len > 0) {
		struct span value = next_piece(&rest, '&');
		struct span key = next_piece(&value, '=');
		size_t len;
		char *text;

		if (!span_is(key, name))
			continue;
		text = arena_alloc(arena, value.len + 1);
		if (!decode(value, text, &len))
			return ST_BAD_REQUEST;
		*value_out = (struct span){.ptr = text, .len = len};
		return ST_OK;
	}
	return ST_NOT_FOUND;
}

struct span http_path_after(const struct http_request *request, const char *prefix)
{
	size_t len = strlen(prefix);

	if (request->path.len < len || memcmp(request->path.ptr, prefix, len) != 0)
		return (struct span){0};
	return (struct span){.ptr = request->path.ptr + len, .len = request->path.len - len};
}
