/* SPDX-License-Identifier: MIT */
/* HEAD (prefilter, byte by byte) > parse the complete head at once > BODY > READY
 *    '------------------------'-------------------------------------> REFUSED
 * The head is collected first: then the parser sees it whole, however it came. */
#include "proto/http.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/must.h"
#include "proto/head.h"
#include "proto/prefilter.h"

#define KEEP_BYTES 4096U /* of buffer that a reset parser holds on to */

enum parser_state { PARSER_HEAD, PARSER_CONTINUE, PARSER_BODY, PARSER_READY, PARSER_REFUSED };

struct http_parser {
	enum parser_state state;
	struct http_limits limits;
	struct prefilter filter;
	struct buf bytes; /* of the head */
	struct buf body;
	struct head head;
	unsigned refusal;
	struct http_header headers[];
};

struct http_parser *http_parser_create(const struct http_limits *limits)
{
	struct http_parser *parser =
		xmalloc(sizeof(*parser) + limits->headers * sizeof(parser->headers[0]));

	*parser = (struct http_parser){.limits = *limits};
	return parser;
}

void http_parser_destroy(struct http_parser **parser)
{
	if (*parser == NULL)
		return;
	buf_fini(&(*parser)->bytes);
	buf_fini(&(*parser)->body);
	free(*parser);
	*parser = NULL;
}

static void trim(struct buf *buf)
{
	if (buf->size > KEEP_BYTES)
		buf_fini(buf);
	else
		buf_reset(buf);
}

void http_parser_reset(struct http_parser *parser)
{
	parser->state = PARSER_HEAD;
	parser->filter = (struct prefilter){0};
	parser->refusal = 0;
	trim(&parser->bytes);
	trim(&parser->body);
}

static void refuse(struct http_parser *parser, unsigned status)
{
	parser->refusal = status;
	parser->state = PARSER_REFUSED;
}

static size_t body_limit(const struct http_parser *parser)
{
	const struct http_limits *limits = &parser->limits;

	if (limits->large_path != NULL && span_is(parser->head.request.path, limits->large_path))
		return limits->large_bytes;
	return limits->body_bytes;
}

static void head_complete(struct http_parser *parser)
{
	struct head *head = &parser->head;
	unsigned refusal = head_parse(parser->bytes.ptr, parser->bytes.len, parser->headers,
	                              parser->limits.headers, head);

	if (refusal == 0 && head->content_length > body_limit(parser))
		refusal = 413;
	if (refusal != 0)
		refuse(parser, refusal);
	else if (head->content_length == 0)
		parser->state = PARSER_READY;
	else
		parser->state = head->expects_continue ? PARSER_CONTINUE : PARSER_BODY;
}

static size_t feed_head(struct http_parser *parser, struct span bytes)
{
	size_t room = parser->limits.header_bytes - parser->bytes.len;
	size_t used;

	if (bytes.len > room)
		bytes.len = room;
	used = prefilter_run(&parser->filter, bytes);
	buf_add(&parser->bytes, bytes.ptr, used);
	if (parser->filter.state == PREFILTER_DONE)
		head_complete(parser);
	else if (parser->filter.state == PREFILTER_BAD)
		refuse(parser, parser->filter.refusal);
	else if (used == room)
		refuse(parser, parser->filter.state == PREFILTER_TARGET ? 414 : 431);
	return used;
}

static size_t feed_body(struct http_parser *parser, struct span bytes)
{
	uint64_t missing = parser->head.content_length - parser->body.len;

	if (bytes.len > missing)
		bytes.len = (size_t)missing;
	buf_span(&parser->body, bytes);
	if (bytes.len == missing)
		parser->state = PARSER_READY;
	return bytes.len;
}

enum http_progress http_parser_feed(struct http_parser *parser, struct span bytes, size_t *used_out)
{
	MUST(parser->state != PARSER_READY && parser->state != PARSER_REFUSED);
	*used_out = 0;
	if (parser->state == PARSER_HEAD)
		*used_out = feed_head(parser, bytes);
	if (parser->state == PARSER_CONTINUE) {
		parser->state = PARSER_BODY;
		return HTTP_CONTINUE;
	}
	if (parser->state == PARSER_BODY) {
		bytes.ptr += *used_out;
		bytes.len -= *used_out;
		*used_out += feed_body(parser, bytes);
	}
	if (parser->state == PARSER_REFUSED)
		return HTTP_REFUSED;
	if (parser->state != PARSER_READY)
		return HTTP_MORE;
	parser->head.request.body = (struct span){.ptr = parser->body.ptr, .len = parser->body.len};
	return HTTP_READY;
}

bool http_parser_is_empty(const struct http_parser *parser)
{
	return parser->state == PARSER_HEAD && parser->bytes.len == 0;
}

bool http_parser_in_body(const struct http_parser *parser)
{
	return parser->state == PARSER_BODY;
}

const struct http_request *http_parser_request(const struct http_parser *parser)
{
	MUST(parser->state == PARSER_READY);
	return &parser->head.request;
}

unsigned http_parser_refusal(const struct http_parser *parser)
{
	MUST(parser->state == PARSER_REFUSED);
	return parser->refusal;
}
