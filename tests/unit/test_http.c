/* SPDX-License-Identifier: MIT */
/* Requests, good and bad. Each row is fed at once, byte by byte, and cut at every byte; the
 * outcome must be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/http_feed.h"
#include "base/must.h"

static const struct http_limits limits = {.header_bytes = 2048, .headers = 8, .body_bytes = 100};

struct row {
	const char *name;
	const char *bytes;
	size_t len; /* 0: strlen */
	const char *outcome;
};

#define HOST      "Host: a.example\r\n"
#define GET       "GET / HTTP/1.1\r\n"
#define NUL(text) text, sizeof(text) - 1

#define GOOD(method, path, query, body, flags) \
	method " host=\"a.example\" path=" path " query=" query " body=" body " " flags "\n"
#define H_HOST "  name=\"host\" value=\"a.example\" \n"
#define PLAIN  "1.0=0 keep=1 ws=0"

static const struct row good[] = {
	{"smallest", GET HOST "\r\n", 0, GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST "end\n"},
	{"one empty line before it is passed over", "\r\n" GET HOST "\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST "end\n"},
	{"query and path are apart", "GET /a/b?c=d&e=%20 HTTP/1.1\r\n" HOST "\r\n", 0,
         GOOD("GET", "\"/a/b\"", "\"c=d&e=%20\"", "-", PLAIN) H_HOST "end\n"},
	{"empty query", "GET /a? HTTP/1.1\r\n" HOST "\r\n", 0,
         GOOD("GET", "\"/a\"", "\"\"", "-", PLAIN) H_HOST "end\n"},
	{"body by its length", "POST /x HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 0,
         GOOD("POST", "\"/x\"", "-", "\"abc\"", PLAIN) H_HOST
         "  name=\"content-length\" value=\"3\" \nend\n"},
	{"two requests in a row", GET HOST "\r\nHEAD /b HTTP/1.1\r\n" HOST "\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST GOOD("HEAD", "\"/b\"", "-", "-", PLAIN) H_HOST
         "end\n"},
	{"HTTP/1.0 needs no host and does not keep", "GET / HTTP/1.0\r\n\r\n", 0,
         "GET host=- path=\"/\" query=- body=- 1.0=1 keep=0 ws=0\nend\n"},
	{"HTTP/1.0 keeps when asked", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", 0,
         "GET host=- path=\"/\" query=- body=- 1.0=1 keep=1 ws=0\n"
         "  name=\"connection\" value=\"Keep-Alive\" \nend\n"},
	{"close is heard in a list", GET HOST "Connection: foo ,\tclose\r\n\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", "1.0=0 keep=0 ws=0") H_HOST
         "  name=\"connection\" value=\"foo ,\\tclose\" \nend\n"},
	{"blanks around a value go", GET "hOsT: \t a.example \t\r\n\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST "end\n"},
	{"empty value", GET HOST "X:\r\n\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST "  name=\"x\" value=\"\" \nend\n"},
	{"absolute target: its host counts", "GET http://a.example/p?q HTTP/1.1\r\nHost: b\r\n\r\n",
         0, GOOD("GET", "\"/p\"", "\"q\"", "-", PLAIN) "  name=\"host\" value=\"b\" \nend\n"},
	{"absolute target without a path", "GET http://a.example HTTP/1.1\r\n" HOST "\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST "end\n"},
	{"OPTIONS *", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 0,
         GOOD("OPTIONS", "\"*\"", "-", "-", PLAIN) H_HOST "end\n"},
	{"a method that we do not use", "PROPFIND / HTTP/1.1\r\n" HOST "\r\n", 0,
         GOOD("OTHER", "\"/\"", "-", "-", PLAIN) H_HOST "end\n"},
	{"websocket wish", GET HOST "Upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\r\n",
         0,
         GOOD("GET", "\"/\"", "-", "-", "1.0=0 keep=1 ws=1") H_HOST
         "  name=\"upgrade\" value=\"WebSocket\" \n"
         "  name=\"connection\" value=\"keep-alive, Upgrade\" \nend\n"},
	{"an upgrade that is not named in Connection is none",
         GET HOST "Upgrade: websocket\r\n\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST
         "  name=\"upgrade\" value=\"websocket\" \nend\n"},
	{"the peer waits for 100",
         "POST / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", 0,
         "continue\n" GOOD("POST", "\"/\"", "-", "\"x\"", PLAIN) H_HOST
         "  name=\"expect\" value=\"100-Continue\" \n  name=\"content-length\" value=\"1\" \nend\n"},
	{"no 100 when there is nothing to wait for", GET HOST "Expect: 100-continue\r\n\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST
         "  name=\"expect\" value=\"100-continue\" \nend\n"},
	{"bytes above 7F in a value", GET HOST "X: \xC3\xA4\r\n\r\n", 0,
         GOOD("GET", "\"/\"", "-", "-", PLAIN) H_HOST "  name=\"x\" value=\"\xC3\xA4\" \nend\n"},
	{"IPv6 host with a port", GET "Host: [::1]:80\r\n\r\n", 0,
         "GET host=\"[::1]:80\" path=\"/\" query=- body=- " PLAIN "\n"
         "  name=\"host\" value=\"[::1]:80\" \nend\n"},
	{"an unfinished head is no request", GET HOST, 0, "more\n"},
	{"an unfinished body is no request",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nab", 0, "more\n"},
};

static const struct row bad[] = {
	{"garbage", "\x16\x03\x01", 0, "refused 400\n"},
	{"two empty lines before", "\r\n\r\n" GET HOST "\r\n", 0, "refused 400\n"},
	{"blank before the method", " GET / HTTP/1.1\r\n", 0, "refused 400\n"},
	{"bare LF behind the request line", "GET / HTTP/1.1\n" HOST "\r\n", 0, "refused 400\n"},
	{"bare LF behind a header", GET "Host: a\n\r\n", 0, "refused 400\n"},
	{"bare LF at the end", GET HOST "\n", 0, "refused 400\n"},
	{"bare CR in a value", GET "Host: a\rb\r\n\r\n", 0, "refused 400\n"},
	{"bare CR at the end", GET HOST "\rX", 0, "refused 400\n"},
	{"CR CR LF", GET "Host: a\r\r\n\r\n", 0, "refused 400\n"},
	{"folded line", GET HOST "X: a\r\n b\r\n\r\n", 0, "refused 400\n"},
	{"folded by a tab", GET HOST "X: a\r\n\tb\r\n\r\n", 0, "refused 400\n"},
	{"first header is blank", GET " Host: a\r\n\r\n", 0, "refused 400\n"},
	{"NUL in a value", NUL(GET HOST "X: a\0b\r\n\r\n"), "refused 400\n"},
	{"NUL in a name", NUL(GET "X\0: a\r\n\r\n"), "refused 400\n"},
	{"NUL in the target", NUL("GET /\0 HTTP/1.1\r\n\r\n"), "refused 400\n"},
	{"DEL in a value", GET HOST "X: \x7F\r\n\r\n", 0, "refused 400\n"},
	{"escape in a value", GET HOST "X: \x1B[0m\r\n\r\n", 0, "refused 400\n"},
	{"blank before the colon", GET "Host : a\r\n\r\n", 0, "refused 400\n"},
	{"blank in a name", GET HOST "X Y: a\r\n\r\n", 0, "refused 400\n"},
	{"empty name", GET HOST ": a\r\n\r\n", 0, "refused 400\n"},
	{"no colon", GET HOST "X\r\n\r\n", 0, "refused 400\n"},
	{"name with a bracket", GET HOST "X[]: a\r\n\r\n", 0, "refused 400\n"},
	{"name above 7F", GET HOST "\xC3\xA4: a\r\n\r\n", 0, "refused 400\n"},
	{"two blanks before the target", "GET  / HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"two blanks before the version", "GET /  HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"tab in the request line", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"blank behind the version", "GET / HTTP/1.1 \r\n" HOST "\r\n", 0, "refused 400\n"},
	{"no target", "GET HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"HTTP/0.9", "GET /\r\n", 0, "refused 400\n"},
	{"HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 0, "refused 505\n"},
	{"HTTP/2.0", "GET / HTTP/2.0\r\n" HOST "\r\n", 0, "refused 505\n"},
	{"HTTP/11", "GET / HTTP/11\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"HTTP/1.10", "GET / HTTP/1.10\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"http/1.1", "GET / http/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"HTTP/1.", "GET / HTTP/1.\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, "refused 505\n"},
	{"unknown method", "BREW / HTTP/1.1\r\n" HOST "\r\n", 0, "refused 501\n"},
	{"method in lower case", "get / HTTP/1.1\r\n" HOST "\r\n", 0, "refused 501\n"},
	{"CONNECT", "CONNECT a.example:443 HTTP/1.1\r\n" HOST "\r\n", 0, "refused 405\n"},
	{"GET *", "GET * HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"target without a slash", "GET a HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"fragment in the target", "GET /a#b HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"target above 7F", "GET /\xC3\xA4 HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"another scheme", "GET ftp://a.example/ HTTP/1.1\r\n" HOST "\r\n", 0, "refused 400\n"},
	{"user in the target", "GET http://u@a.example/ HTTP/1.1\r\n" HOST "\r\n", 0,
         "refused 400\n"},
	{"no host in 1.1", GET "\r\n", 0, "refused 400\n"},
	{"two hosts", GET HOST HOST "\r\n", 0, "refused 400\n"},
	{"two hosts in 1.0", "GET / HTTP/1.0\r\n" HOST "host: b\r\n\r\n", 0, "refused 400\n"},
	{"empty host", GET "Host:\r\n\r\n", 0, "refused 400\n"},
	{"host with a path", GET "Host: a/b\r\n\r\n", 0, "refused 400\n"},
	{"host with a user", GET "Host: u@a\r\n\r\n", 0, "refused 400\n"},
	{"host list", GET "Host: a, b\r\n\r\n", 0, "refused 400\n"},
	{"host with a blank", GET "Host: a b\r\n\r\n", 0, "refused 400\n"},
	{"host with a bad port", GET "Host: a:x\r\n\r\n", 0, "refused 400\n"},
	{"host with a long port", GET "Host: a:123456\r\n\r\n", 0, "refused 400\n"},
	{"host with a port beyond 65535", GET "Host: a:65536\r\n\r\n", 0, "refused 400\n"},
	{"host with letters that are no address", GET "Host: [::g]\r\n\r\n", 0, "refused 400\n"},
	{"host with an address without colons", GET "Host: [1.2.3.4]\r\n\r\n", 0, "refused 400\n"},
	{"host with two colons", GET "Host: a:1:2\r\n\r\n", 0, "refused 400\n"},
	{"host of a port alone", GET "Host: :80\r\n\r\n", 0, "refused 400\n"},
	{"host with an open bracket", GET "Host: [::1\r\n\r\n", 0, "refused 400\n"},
	{"two lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
         0, "refused 400\n"},
	{"twice the same length",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 0,
         "refused 400\n"},
	{"list of lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n", 0,
         "refused 400\n"},
	{"signed length", "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n", 0,
         "refused 400\n"},
	{"negative length", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 0,
         "refused 400\n"},
	{"hexadecimal length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\n", 0,
         "refused 400\n"},
	{"empty length", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 0, "refused 400\n"},
	{"length of eleven digits",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 00000000001\r\n\r\n", 0, "refused 400\n"},
	{"chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0,
         "refused 400\n"},
	{"chunked and a length",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 0,
         "refused 400\n"},
	{"identity", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n", 0,
         "refused 400\n"},
	{"empty Transfer-Encoding", GET HOST "Transfer-Encoding:\r\n\r\n", 0, "refused 400\n"},
	{"Transfer-Encoding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 0,
         "refused 400\n"},
	{"packed body", "POST / HTTP/1.1\r\n" HOST "Content-Encoding: gzip\r\n\r\n", 0,
         "refused 415\n"},
	{"another expectation", GET HOST "Expect: 200-ok\r\n\r\n", 0, "refused 417\n"},
	{"upgrade with a body",
         GET HOST "Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 1\r\n\r\n", 0,
         "refused 400\n"},
	{"body beyond the limit", "POST / HTTP/1.1\r\n" HOST "Content-Length: 101\r\n\r\n", 0,
         "refused 413\n"},
	{"nine headers where eight may be",
         GET HOST "a: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\ne: 1\r\nf: 1\r\ng: 1\r\nh: 1\r\n\r\n", 0,
         "refused 431\n"},
};

static void check_outcome(const struct row *row, size_t first, size_t step)
{
	size_t len = row->len > 0 ? row->len : strlen(row->bytes);
	struct buf out = {0};

	http_feed(&limits, (struct span){.ptr = row->bytes, .len = len}, first, step, &out);
	if (strcmp(buf_cstr(&out), row->outcome) != 0) {
		print_error("%s (first %zu, step %zu):\n%sexpected:\n%s", row->name, first, step,
		            buf_cstr(&out), row->outcome);
		fail();
	}
	buf_fini(&out);
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = rows[i].len > 0 ? rows[i].len : strlen(rows[i].bytes);

		check_outcome(&rows[i], 0, 0);
		check_outcome(&rows[i], 0, 1);
		check_outcome(&rows[i], 0, 7);
		for (size_t cut = 1; cut < len; cut++)
			check_outcome(&rows[i], cut, 0);
	}
}

static void good_requests(void **state)
{
	(void)state;
	check_rows(good, ARRAY_LEN(good));
}

static void bad_requests(void **state)
{
	(void)state;
	check_rows(bad, ARRAY_LEN(bad));
}

/* `before`, then `fill` until the head has `size` bytes, then `after`. */
static void check_size(const char *before, const char *after, size_t size, const char *outcome)
{
	struct buf bytes = {0}, out = {0};
	size_t rest = size - strlen(after);

	buf_text(&bytes, before);
	while (bytes.len < rest)
		buf_char(&bytes, 'x');
	buf_text(&bytes, after);
	for (size_t step = 0; step < 3; step++) {
		buf_reset(&out);
		http_feed(&limits, (struct span){.ptr = bytes.ptr, .len = bytes.len}, 0, step,
		          &out);
		if (strncmp(buf_cstr(&out), outcome, strlen(outcome)) != 0)
			fail_msg("%zu bytes, step %zu: %s", size, step, buf_cstr(&out));
	}
	buf_fini(&bytes);
	buf_fini(&out);
}

static void heads_of_every_size(void **state)
{
	(void)state;
	check_size(GET HOST "X: ", "\r\n\r\n", limits.header_bytes, "GET");
	check_size(GET HOST "X: ", "\r\n\r\n", limits.header_bytes + 1, "refused 431");
	check_size(GET HOST "X: ", "", limits.header_bytes - 1, "more");
	check_size(GET HOST "X: ", "", limits.header_bytes, "refused 431");
	check_size("GET /", " HTTP/1.1\r\n" HOST "\r\n", limits.header_bytes, "GET");
	check_size("GET /", "", limits.header_bytes, "refused 414");
	check_size("GET /", "", 1 << 20, "refused 414");
	check_size("G", "", 1 << 20, "refused 400");
}

static struct http_request query_request(const char *query)
{
	return (struct http_request){.query = span_of(query)};
}

static void query_parameters(void **state)
{
	static const struct {
		const char *name, *query, *key;
		enum status status;
		const char *value;
	} rows[] = {
		{"none", NULL, "q", ST_NOT_FOUND, NULL},
		{"plain", "q=a", "q", ST_OK, "a"},
		{"second", "p=1&q=a&r", "q", ST_OK, "a"},
		{"first of two", "q=1&q=2", "q", ST_OK, "1"},
		{"without a value", "q", "q", ST_OK, ""},
		{"empty value", "q=&p=1", "q", ST_OK, ""},
		{"a prefix is another name", "qq=1", "q", ST_NOT_FOUND, NULL},
		{"plus is a blank", "q=a+b", "q", ST_OK, "a b"},
		{"escapes", "q=%41%2fb%C3%a4", "q", ST_OK, "A/b\xC3\xA4"},
		{"an equals sign in the value", "q=a=b", "q", ST_OK, "a=b"},
		{"cut escape", "q=%4", "q", ST_BAD_REQUEST, NULL},
		{"cut escape before another", "q=%4&p=1", "q", ST_BAD_REQUEST, NULL},
		{"bad digits", "q=%zz", "q", ST_BAD_REQUEST, NULL},
		{"escaped NUL", "q=%00", "q", ST_BAD_REQUEST, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_request request = query_request(rows[i].query);
		struct arena arena = {0};
		struct span value = {0};
		enum status status = http_query(&request, rows[i].key, &arena, &value);

		if (status != rows[i].status || (status == ST_OK && !span_is(value, rows[i].value)))
			fail_msg("%s: %s \"%.*s\"", rows[i].name, status_name(status),
			         (int)value.len, value.ptr);
		arena_fini(&arena);
	}
}

static void cookies(void **state)
{
	static const struct http_header headers[] = {
		HTTP_HEADER("cookie", "a=1; session=abc; empty=; b"),
		HTTP_HEADER("cookie", "late = x "),
	};
	struct http_request request = {.headers = headers, .headers_count = 2};

	(void)state;
	assert_true(span_is(http_cookie(&request, "a"), "1"));
	assert_true(span_is(http_cookie(&request, "session"), "abc"));
	assert_true(span_is(http_cookie(&request, "late"), "x"));
	assert_true(span_is(http_cookie(&request, "empty"), ""));
	assert_non_null(http_cookie(&request, "empty").ptr);
	assert_null(http_cookie(&request, "b").ptr);
	assert_null(http_cookie(&request, "sess").ptr);
	assert_int_equal(http_header_count(&request, "cookie"), 2);
}

static void lists(void **state)
{
	(void)state;
	assert_true(http_list_has(SPAN_LIT("a, B ,c"), "b"));
	assert_true(http_list_has(SPAN_LIT(",,\tx"), "x"));
	assert_false(http_list_has(SPAN_LIT("ab, c"), "a"));
	assert_false(http_list_has(SPAN_LIT(""), "a"));
	assert_false(http_list_has((struct span){0}, "a"));
}

static void responses(void **state)
{
	static const struct http_header extra[] = {HTTP_HEADER("X-A", "b")};
	static const struct {
		const char *name;
		struct http_response response;
		struct http_reply_opts opts;
		const char *head;
	} rows[] = {
		{"length",
	         {.status = 200, .body = {"abc", 3}},
	         {0},
	         "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"},
		{"type, headers, close",
	         {.status = 404,
	          .content_type = {"text/plain", 10},
	          .headers = extra,
	          .headers_count = 1},
	         {.close = true, .date = "now"},
	         "HTTP/1.1 404 Not Found\r\nDate: now\r\nContent-Type: text/plain\r\n"
	         "Content-Length: 0\r\nX-A: b\r\nConnection: close\r\n\r\n"},
		{"304 has no length", {.status = 304}, {0}, "HTTP/1.1 304 Not Modified\r\n\r\n"},
		{"204 has no length", {.status = 204}, {0}, "HTTP/1.1 204 No Content\r\n\r\n"},
		{"1.0 is told that it is kept",
	         {.status = 200},
	         {.http_1_0 = true},
	         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"},
		{"unknown status",
	         {.status = 599},
	         {0},
	         "HTTP/1.1 599 Error\r\nContent-Length: 0\r\n\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = {0};

		http_response_head(&out, &rows[i].response, &rows[i].opts);
		if (strcmp(buf_cstr(&out), rows[i].head) != 0)
			fail_msg("%s: %s", rows[i].name, buf_cstr(&out));
		buf_fini(&out);
	}
}

static void path_after_a_prefix(void **state)
{
	struct http_request request = {.path = SPAN_LIT("/api/v1/tickets/7")};

	(void)state;
	assert_true(span_is(http_path_after(&request, "/api/v1/tickets/"), "7"));
	assert_true(span_is(http_path_after(&request, "/api/v1/tickets/7"), ""));
	assert_null(http_path_after(&request, "/api/v1/tickets/77").ptr);
	assert_null(http_path_after(&request, "/ws").ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_requests),
		cmocka_unit_test(bad_requests),
		cmocka_unit_test(heads_of_every_size),
		cmocka_unit_test(query_parameters),
		cmocka_unit_test(cookies),
		cmocka_unit_test(lists),
		cmocka_unit_test(responses),
		cmocka_unit_test(path_after_a_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
