/* SPDX-License-Identifier: MIT */
/* Responses to bytes. */
#include <string.h>

#include "base/must.h"
#include "proto/http.h"

/* X(status, reason) */
#define REASON_TABLE(X)                           \
	X(100, "Continue")                        \
	X(101, "Switching Protocols")             \
	X(200, "OK")                              \
	X(201, "Created")                         \
	X(202, "Accepted")                        \
	X(204, "No Content")                      \
	X(301, "Moved Permanently")               \
	X(302, "Found")                           \
	X(303, "See Other")                       \
	X(304, "Not Modified")                    \
	X(307, "Temporary Redirect")              \
	X(308, "Permanent Redirect")              \
	X(400, "Bad Request")                     \
	X(401, "Unauthorized")                    \
	X(403, "Forbidden")                       \
	X(404, "Not Found")                       \
	X(405, "Method Not Allowed")              \
	X(406, "Not Acceptable")                  \
	X(408, "Request Timeout")                 \
	X(409, "Conflict")                        \
	X(410, "Gone")                            \
	X(411, "Length Required")                 \
	X(412, "Precondition Failed")             \
	X(413, "Content Too Large")               \
	X(414, "URI Too Long")                    \
	X(415, "Unsupported Media Type")          \
	X(417, "Expectation Failed")              \
	X(421, "Misdirected Request")             \
	X(422, "Unprocessable Content")           \
	X(426, "Upgrade Required")                \
	X(428, "Precondition Required")           \
	X(429, "Too Many Requests")               \
	X(431, "Request Header Fields Too Large") \
	X(500, "Internal Server Error")           \
	X(501, "Not Implemented")                 \
	X(503, "Service Unavailable")             \
	X(504, "Gateway Timeout")                 \
	X(505, "HTTP Version Not Supported")

const char *http_reason(unsigned status)
{
	switch (status) {
#define REASON_ROW(code, text) \
	case code:             \
		return text;
		REASON_TABLE(REASON_ROW)
#undef REASON_ROW
	default:
		return "Error";
	}
}

static bool is_line(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c < 0x20 && c != '\t') || c == 0x7F)
			return false;
	}
	return true;
}

static void header(struct buf *buf, struct span name, struct span value)
{
	/* A CR or LF here would be an injected header. */
	MUST(is_line(name) && is_line(value));
	buf_span(buf, name);
	buf_add(buf, ": ", 2);
	buf_span(buf, value);
	buf_add(buf, "\r\n", 2);
}

static bool has_length(unsigned status)
{
	return status >= 200 && status != 204 && status != 304;
}

void http_response_head(struct buf *buf, const struct http_response *response,
                        const struct http_reply_opts *opts)
{
	buf_text(buf, "HTTP/1.1 ");
	buf_u64(buf, response->status);
	buf_char(buf, ' ');
	buf_text(buf, http_reason(response->status));
	buf_add(buf, "\r\n", 2);
	if (opts->date != NULL)
		header(buf, SPAN_LIT("Date"), span_of(opts->date));
	if (response->content_type.ptr != NULL)
		header(buf, SPAN_LIT("Content-Type"), response->content_type);
	if (has_length(response->status)) {
		buf_text(buf, "Content-Length: ");
		buf_u64(buf, response->body.len);
		buf_add(buf, "\r\n", 2);
	}
	for (size_t i = 0; i < response->headers_count; i++)
		header(buf, response->headers[i].name, response->headers[i].value);
	if (opts->close)
		buf_text(buf, "Connection: close\r\n");
	else if (opts->http_1_0)
		buf_text(buf, "Connection: keep-alive\r\n");
	buf_add(buf, "\r\n", 2);
}
