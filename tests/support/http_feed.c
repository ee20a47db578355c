/* SPDX-License-Identifier: MIT */
#include "http_feed.h"

#include "base/must.h"

static void put_field(struct buf *out, const char *name, struct span value)
{
	buf_text(out, name);
	buf_char(out, '=');
	if (value.ptr == NULL)
		buf_text(out, "-");
	else
		buf_json(out, value);
	buf_char(out, ' ');
}

static void put_request(struct buf *out, const struct http_request *request)
{
	static const char *const methods[] = {"GET",   "HEAD",   "POST",    "PUT",
	                                      "PATCH", "DELETE", "OPTIONS", "OTHER"};

	buf_text(out, methods[request->method]);
	buf_char(out, ' ');
	put_field(out, "host", request->host);
	put_field(out, "path", request->path);
	put_field(out, "query", request->query);
	put_field(out, "body", request->body);
	buf_fmt(out, "1.0=%d keep=%d ws=%d\n", request->http_1_0, request->keep_alive,
	        request->wants_websocket);
	for (size_t i = 0; i < request->headers_count; i++) {
		buf_text(out, "  ");
		put_field(out, "name", request->headers[i].name);
		put_field(out, "value", request->headers[i].value);
		buf_char(out, '\n');
	}
}

/* true: go on with what is left. */
static bool feed_piece(struct http_parser *parser, struct span *piece, struct buf *out)
{
	size_t used;
	enum http_progress progress = http_parser_feed(parser, *piece, &used);

	MUST(used <= piece->len);
	piece->ptr += used;
	piece->len -= used;
	switch (progress) {
	case HTTP_MORE:
		MUST(piece->len == 0);
		return true;
	case HTTP_CONTINUE:
		buf_text(out, "continue\n");
		return true;
	case HTTP_READY:
		put_request(out, http_parser_request(parser));
		http_parser_reset(parser);
		return true;
	case HTTP_REFUSED:
		buf_fmt(out, "refused %u\n", http_parser_refusal(parser));
		return false;
	}
	MUST(0);
	return false;
}

void http_feed(const struct http_limits *limits, struct span bytes, size_t first, size_t step,
               struct buf *out)
{
	struct http_parser *parser = http_parser_create(limits);
	size_t len = first > 0 && first < bytes.len ? first : bytes.len;
	bool open = true;

	if (first == 0 && step > 0 && step < bytes.len)
		len = step;
	while (open && bytes.len > 0) {
		struct span piece = {.ptr = bytes.ptr, .len = len};

		bytes.ptr += len;
		bytes.len -= len;
		while (open && piece.len > 0)
			open = feed_piece(parser, &piece, out);
		len = step > 0 && step < bytes.len ? step : bytes.len;
	}
	if (open)
		buf_text(out, http_parser_is_empty(parser) ? "end\n" : "more\n");
	http_parser_destroy(&parser);
}
