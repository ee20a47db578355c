/* SPDX-License-Identifier: MIT */
/* HTTP/1.x requests from bytes, responses to bytes; no sockets. A request is read whole (head
 * and body) before anyone sees it, and what is doubtful is refused, so that no proxy in front
 * can read it in another way: only HTTP/1.0 and 1.1, one sane Host, no Transfer-Encoding, no
 * bare CR or LF, no folded lines (RFC 9112). The answer is the same however the bytes are
 * cut. */
#ifndef TB_PROTO_HTTP_H
#define TB_PROTO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

enum http_method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
	METHOD_OTHER, /* known to RFC 9110, of no use here: answer 405 */
};

struct http_header {
	struct span name; /* of a request: in lower case */
	struct span value;
};

/* For tables of constant headers. */
#define HTTP_HEADER(n, v)                  \
	{                                  \
		{(n), sizeof(n) - 1},      \
		{                          \
			(v), sizeof(v) - 1 \
		}                          \
	}

/* Borrowed: good until the parser is reset; a handler has it for the call. */
struct http_request {
	enum http_method method;
	struct span host;  /* "docs.example.gov:8080", checked; absent only in HTTP/1.0 */
	struct span path;  /* "/api/v1/tickets", as sent (not decoded), never empty */
	struct span query; /* behind "?", as sent; absent without one */
	const struct http_header *headers;
	size_t headers_count;
	struct span body;
	bool http_1_0;
	bool keep_alive;      /* the peer wants another request on this connection */
	bool wants_websocket; /* GET with Upgrade: websocket and Connection: upgrade */
};

/* The first header of that name (in lower case), or the absent span. */
struct span http_header(const struct http_request *request, const char *lower_name);
size_t http_header_count(const struct http_request *request, const char *lower_name);

/* Is the word in a comma-separated list (RFC 9110 5.6.1), in any case? */
bool http_list_has(struct span list, const char *word);

/* The first cookie of that name, or the absent span. */
struct span http_cookie(const struct http_request *request, const char *name);

/* The first parameter of that name in the query, decoded into the arena ("%41", "+"). OK;
 * NOT_FOUND: no such parameter; BAD_REQUEST: broken escape or an escaped NUL. */
NODISCARD enum status http_query(const struct http_request *request, const char *name,
                                 struct arena *arena, struct span *value_out);

/* The part of `path` behind `prefix`; absent when it does not begin with it. */
struct span http_path_after(const struct http_request *request, const char *prefix);

struct http_limits {
	size_t header_bytes;    /* request line and headers; beyond: 431 */
	size_t headers;         /* their number; beyond: 431 */
	size_t body_bytes;      /* beyond: 413 */
	const char *large_path; /* what is sent there may be larger; NULL: nothing */
	size_t large_bytes;
};

struct http_parser;

enum http_progress {
	HTTP_MORE,     /* all bytes were taken, the request is not complete */
	HTTP_CONTINUE, /* once: the head is good and the peer waits for "100 Continue" */
	HTTP_READY,    /* a request; the bytes that were not taken belong to what follows it */
	HTTP_REFUSED,  /* answer http_parser_refusal() and close */
};

struct http_parser *http_parser_create(const struct http_limits *limits);
void http_parser_destroy(struct http_parser **parser); /* NULL inside is fine */
/* Forgets the request; memory beyond an ordinary request's is given back. */
void http_parser_reset(struct http_parser *parser);
/* After READY or REFUSED: reset first. */
NODISCARD enum http_progress http_parser_feed(struct http_parser *parser, struct span bytes,
                                              size_t *used_out);
bool http_parser_is_empty(const struct http_parser *parser); /* no byte of a request yet */
bool http_parser_in_body(const struct http_parser *parser);  /* the head is complete */
const struct http_request *http_parser_request(const struct http_parser *parser); /* READY */
unsigned http_parser_refusal(const struct http_parser *parser); /* REFUSED: 400, 413, 431 … */

struct http_response {
	unsigned status;
	struct span content_type; /* absent: none */
	const struct http_header *headers;
	size_t headers_count;
	struct span body;
	bool body_is_static; /* lives as long as the process: it is sent without a copy */
	bool close;          /* no further request on this connection */
};

/* What the connection knows of the exchange. */
struct http_reply_opts {
	bool http_1_0;
	bool close;
	const char *date; /* IMF-fixdate, or NULL */
};

/* Status line and headers, the empty line included. Content-Length is written (not with 1xx,
 * 204, 304), Connection where needed. Header values with control bytes are a bug of the caller. */
void http_response_head(struct buf *buf, const struct http_response *response,
                        const struct http_reply_opts *opts);
const char *http_reason(unsigned status); /* "Not Found"; "Error" for the unknown */

#endif
