/* SPDX-License-Identifier: MIT */
/* llhttp splits the head; what its strict mode still lets through is checked here: see
 * check_headers and check_target. */
#include "proto/head.h"

#include <string.h>
#include <strings.h>

#include <llhttp.h>

#include "base/must.h"

struct head_parse {
	llhttp_t parser; /* first: llhttp hands it to the callbacks */
	struct span target;
	struct http_header *headers;
	size_t count, max;
	bool too_many, complete;
};

static struct head_parse *parse_of(llhttp_t *parser)
{
	return container_of(parser, struct head_parse, parser);
}

/* llhttp may hand out one piece of text in several calls; the pieces are adjacent. */
static void span_extend(struct span *span, const char *at, size_t len)
{
	if (span->ptr == NULL)
		span->ptr = at;
	span->len = (size_t)(at - span->ptr) + len;
}

static int on_url(llhttp_t *parser, const char *at, size_t len)
{
	span_extend(&parse_of(parser)->target, at, len);
	return 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t len)
{
	struct head_parse *parse = parse_of(parser);

	if (parse->count == parse->max) {
		parse->too_many = true;
		return -1;
	}
	span_extend(&parse->headers[parse->count].name, at, len);
	return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t len)
{
	struct head_parse *parse = parse_of(parser);

	span_extend(&parse->headers[parse->count].value, at, len);
	return 0;
}

static int on_value_complete(llhttp_t *parser)
{
	struct head_parse *parse = parse_of(parser);
	struct span *value = &parse->headers[parse->count].value;

	if (value->ptr == NULL)
		*value = SPAN_LIT("");
	while (value->len > 0 &&
	       (value->ptr[value->len - 1] == ' ' || value->ptr[value->len - 1] == '\t'))
		value->len--;
	parse->count++;
	return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
	parse_of(parser)->complete = true;
	return HPE_PAUSED; /* the body is counted by the caller */
}

static const llhttp_settings_t *settings(llhttp_settings_t *out)
{
	llhttp_settings_init(out);
	out->on_url = on_url;
	out->on_header_field = on_field;
	out->on_header_value = on_value;
	out->on_header_value_complete = on_value_complete;
	out->on_headers_complete = on_headers_complete;
	return out;
}

static enum http_method method_of(uint8_t method)
{
	static const enum http_method known[] = {
		[HTTP_GET] = METHOD_GET,         [HTTP_HEAD] = METHOD_HEAD,
		[HTTP_POST] = METHOD_POST,       [HTTP_PUT] = METHOD_PUT,
		[HTTP_PATCH] = METHOD_PATCH,     [HTTP_DELETE] = METHOD_DELETE,
		[HTTP_OPTIONS] = METHOD_OPTIONS,
	};

	/* METHOD_GET is 0, as are the holes of the table. */
	if (method >= ARRAY_LEN(known) || (known[method] == METHOD_GET && method != HTTP_GET))
		return METHOD_OTHER;
	return known[method];
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool all_of(struct span text, const char *others)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!is_alnum(c) && (c == '\0' || strchr(others, c) == NULL))
			return false;
	}
	return true;
}

/* Behind the colon: nothing, or a number that is a port. */
static bool port_is_sane(struct span port)
{
	unsigned number = 0;

	if (port.len > 5)
		return false;
	for (size_t i = 0; i < port.len; i++) {
		if (port.ptr[i] < '0' || port.ptr[i] > '9')
			return false;
		number = number * 10 + (unsigned)(port.ptr[i] - '0');
	}
	return number <= UINT16_MAX;
}

/* Between the brackets: looks like an IPv6 address. */
static bool ipv6_is_sane(struct span text)
{
	size_t colons = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');

		if (!hex && c != ':' && c != '.')
			return false;
		colons += c == ':' ? 1 : 0;
	}
	return colons >= 2;
}

/* A name, an IPv4 address or "[IPv6]", and perhaps a port. Stricter than RFC 3986: no user, no
 * escapes, none of the delimiters that proxies and parsers read in different ways. */
static bool host_is_sane(struct span host)
{
	const char *end = host.len > 0 ? memrchr(host.ptr, ':', host.len) : NULL;
	struct span name = host;

	if (end != NULL && memchr(end, ']', host.len - (size_t)(end - host.ptr)) == NULL) {
		name.len = (size_t)(end - host.ptr);
		if (!port_is_sane((struct span){.ptr = end + 1, .len = host.len - name.len - 1}))
			return false;
	}
	if (name.len == 0 || name.len > 255)
		return false;
	if (name.ptr[0] == '[') {
		if (name.len < 4 || name.ptr[name.len - 1] != ']')
			return false;
		return ipv6_is_sane((struct span){.ptr = name.ptr + 1, .len = name.len - 2});
	}
	return all_of(name, "-._");
}

/* "http://host/path?query" > host, and the rest. RFC 9112 3.2.2: the target's host counts. */
static bool cut_absolute(struct span *target, struct span *host)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t len = strlen(schemes[i]);
		size_t end = len;

		if (target->len < len || strncasecmp(target->ptr, schemes[i], len) != 0)
			continue;
		while (end < target->len && target->ptr[end] != '/' && target->ptr[end] != '?')
			end++;
		*host = (struct span){.ptr = target->ptr + len, .len = end - len};
		target->ptr += end;
		target->len -= end;
		return host_is_sane(*host);
	}
	return false;
}

static unsigned check_target(struct http_request *request, struct span target)
{
	const char *mark;

	if (span_is(target, "*")) {
		if (request->method != METHOD_OPTIONS)
			return 400;
	} else if (target.len == 0 || target.ptr[0] != '/') {
		if (!cut_absolute(&target, &request->host))
			return 400;
	}
	mark = target.len > 0 ? memchr(target.ptr, '?', target.len) : NULL;
	request->path = target;
	if (mark != NULL) {
		request->path.len = (size_t)(mark - target.ptr);
		request->query.ptr = mark + 1;
		request->query.len = target.len - request->path.len - 1;
	}
	if (request->path.len == 0)
		request->path = SPAN_LIT("/");
	return 0;
}

static unsigned take_length(struct head *head, struct span value)
{
	uint64_t length = 0;

	if (value.len == 0 || value.len > HEAD_LENGTH_DIGITS)
		return 400;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return 400;
		length = length * 10 + (uint64_t)(value.ptr[i] - '0');
	}
	head->content_length = length;
	return 0;
}

/* What the headers that concern the connection add up to. */
struct head_facts {
	unsigned hosts, lengths;
	bool close, keep_alive, upgrade, websocket;
};

typedef unsigned header_check(struct head *head, struct head_facts *facts, struct span value);

static unsigned check_host(struct head *head, struct head_facts *facts, struct span value)
{
	if (++facts->hosts > 1 || !host_is_sane(value))
		return 400;
	if (head->request.host.ptr == NULL)
		head->request.host = value;
	return 0;
}

static unsigned check_length(struct head *head, struct head_facts *facts, struct span value)
{
	return ++facts->lengths > 1 ? 400 : take_length(head, value);
}

/* Even an empty or "identity" one: proxies differ. */
static unsigned refuse_transfer(struct head *head, struct head_facts *facts, struct span value)
{
	(void)head;
	(void)facts;
	(void)value;
	return 400;
}

static unsigned refuse_encoding(struct head *head, struct head_facts *facts, struct span value)
{
	(void)head;
	(void)facts;
	(void)value;
	return 415;
}

static unsigned check_connection(struct head *head, struct head_facts *facts, struct span value)
{
	(void)head;
	facts->close |= http_list_has(value, "close");
	facts->keep_alive |= http_list_has(value, "keep-alive");
	facts->upgrade |= http_list_has(value, "upgrade");
	return 0;
}

static unsigned check_upgrade(struct head *head, struct head_facts *facts, struct span value)
{
	(void)head;
	facts->websocket |= http_list_has(value, "websocket");
	return 0;
}

static unsigned check_expect(struct head *head, struct head_facts *facts, struct span value)
{
	(void)facts;
	if (head->request.http_1_0)
		return 0;
	if (value.len != 12 || strncasecmp(value.ptr, "100-continue", 12) != 0)
		return 417;
	head->expects_continue = true;
	return 0;
}

static const struct {
	const char *name;
	header_check *check;
} header_checks[] = {
	{"host", check_host},
	{"content-length", check_length},
	{"transfer-encoding", refuse_transfer},
	{"content-encoding", refuse_encoding},
	{"connection", check_connection},
	{"upgrade", check_upgrade},
	{"expect", check_expect},
};

static unsigned check_header(struct head *head, struct head_facts *facts, struct span name,
                             struct span value)
{
	for (size_t i = 0; i < ARRAY_LEN(header_checks); i++) {
		if (span_is(name, header_checks[i].name))
			return header_checks[i].check(head, facts, value);
	}
	return 0;
}

static unsigned check_headers(struct head *head)
{
	struct http_request *request = &head->request;
	struct head_facts facts = {0};
	unsigned worst = 0;

	/* A 400 goes before the softer refusals, wherever it stands. */
	for (size_t i = 0; i < request->headers_count && worst != 400; i++) {
		unsigned refusal = check_header(head, &facts, request->headers[i].name,
		                                request->headers[i].value);

		if (refusal == 400 || worst == 0)
			worst = refusal;
	}
	if (worst != 0)
		return worst;
	if (facts.hosts == 0 && !request->http_1_0)
		return 400;
	request->keep_alive = request->http_1_0 ? facts.keep_alive && !facts.close : !facts.close;
	request->wants_websocket = request->method == METHOD_GET && !request->http_1_0 &&
	                           facts.upgrade && facts.websocket;
	/* A body before an upgrade: where the websocket begins would be a matter of taste. */
	return request->wants_websocket && head->content_length > 0 ? 400 : 0;
}

static void lower_names(char *bytes, const struct http_request *request)
{
	for (size_t i = 0; i < request->headers_count; i++) {
		char *name = bytes + (request->headers[i].name.ptr - bytes);

		for (size_t k = 0; k < request->headers[i].name.len; k++) {
			if (name[k] >= 'A' && name[k] <= 'Z')
				name[k] = (char)(name[k] | 0x20);
		}
	}
}

unsigned head_parse(char *bytes, size_t len, struct http_header *headers, size_t max,
                    struct head *out)
{
	struct head_parse parse = {.headers = headers, .max = max};
	llhttp_settings_t callbacks;
	llhttp_errno_t error;
	unsigned refusal;

	memset(headers, 0, max * sizeof(*headers));
	llhttp_init(&parse.parser, HTTP_REQUEST, settings(&callbacks));
	error = llhttp_execute(&parse.parser, bytes, len);
	if (parse.too_many)
		return 431;
	if (error == HPE_INVALID_METHOD)
		return 501;
	if (error != HPE_PAUSED || !parse.complete)
		return 400;
	if (parse.parser.method == HTTP_CONNECT)
		return 405;
	*out = (struct head){.request = {.method = method_of(parse.parser.method),
	                                 .headers = headers,
	                                 .headers_count = parse.count,
	                                 .http_1_0 = parse.parser.http_minor == 0}};
	lower_names(bytes, &out->request);
	refusal = check_target(&out->request, parse.target);
	if (refusal == 0)
		refusal = check_headers(out);
	if (refusal == 0 && out->content_length != parse.parser.content_length)
		refusal = 400;
	return refusal;
}
