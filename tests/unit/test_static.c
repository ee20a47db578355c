/* SPDX-License-Identifier: MIT */
/* Assets over real sockets: which bytes, which headers, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/loopback.h"
#include "adapter/static.h"
#include "base/must.h"

#define BYTES(text)                                             \
	{                                                       \
		(const unsigned char *)(text), sizeof(text) - 1 \
	}

static const struct asset items[] = {
	{.path = "/console/",
         .content_type = "text/html; charset=utf-8",
         .etag = "\"page\"",
         .cache_control = "no-cache",
         .identity = BYTES("<!doctype html>")},
	{.path = "/console/app.js",
         .content_type = "text/javascript; charset=utf-8",
         .etag = "\"app\"",
         .cache_control = "public, max-age=31536000, immutable",
         .identity = BYTES("identity"),
         .gzip = BYTES("gzipped"),
         .br = BYTES("brotli")},
	{.path = "/widget.js",
         .content_type = "text/javascript; charset=utf-8",
         .etag = "\"w\"",
         .cache_control = "public, max-age=300",
         .scope = ASSET_EMBED,
         .identity = BYTES("widget")},
};

static bool origin_allowed(void *ctx, struct span origin)
{
	(void)ctx;
	return span_is(origin, "https://docs.example.gov");
}

struct fixture {
	struct loopback loopback;
	struct static_site site;
};

static void on_request(void *ctx, struct conn_id id, const struct http_request *request)
{
	struct fixture *fixture = ctx;

	if (!static_respond(&fixture->site, fixture->loopback.net, id, request))
		conn_respond(fixture->loopback.net, id, &(struct http_response){.status = 404});
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct conn_handler handler = {.request = on_request, .ctx = fixture};
	struct net_limits limits;

	MUST(fixture != NULL);
	fixture->site = (struct static_site){
		.items = items, .count = ARRAY_LEN(items), .origin_allowed = origin_allowed};
	net_limits_default(&limits);
	loopback_init(&fixture->loopback, &limits, &handler);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	loopback_fini(&fixture->loopback);
	free(fixture);
	return 0;
}

#define EXPECTED_MAX 8

struct row {
	const char *name, *request, *headers;
	const char *has[EXPECTED_MAX];
	const char *hasnt[EXPECTED_MAX];
};

static const struct row rows[] = {
	{"page with the safe headers",
         "GET /console/",
         "",
         {"HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", "Content-Length: 15",
          "Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff",
          "Cross-Origin-Resource-Policy: same-origin", "\r\n\r\n<!doctype html>"},
         {"Access-Control", "Strict-Transport"}},
	{"brotli before gzip",
         "GET /console/app.js",
         "Accept-Encoding: gzip, deflate, br\r\n",
         {"Content-Encoding: br", "ETag: \"app-br\"", "Vary: Accept-Encoding", "\r\n\r\nbrotli"},
         {NULL}},
	{"gzip when it is what the peer knows",
         "GET /console/app.js",
         "Accept-Encoding: deflate,gzip;q=0.5\r\n",
         {"Content-Encoding: gzip", "ETag: \"app-gz\"", "\r\n\r\ngzipped"},
         {NULL}},
	{"a weight of zero is a refusal",
         "GET /console/app.js",
         "Accept-Encoding: br;q=0, gzip;q=0.000\r\n",
         {"ETag: \"app\"", "\r\n\r\nidentity", "Vary: Accept-Encoding"},
         {"Content-Encoding"}},
	{"names are whole words",
         "GET /console/app.js",
         "Accept-Encoding: brx, xgzip\r\n",
         {"\r\n\r\nidentity"},
         {"Content-Encoding"}},
	{"known tag",
         "GET /console/app.js",
         "If-None-Match: \"x\", W/\"app\"\r\n",
         {"HTTP/1.1 304 Not Modified", "ETag: \"app\"", "Cache-Control: public",
          "Vary: Accept-Encoding"},
         {"Content-Length", "identity"}},
	{"the tag of another encoding",
         "GET /console/app.js",
         "Accept-Encoding: br\r\nIf-None-Match: \"app\"\r\n",
         {"HTTP/1.1 200 OK", "brotli"},
         {NULL}},
	{"any tag", "GET /console/app.js", "If-None-Match: *\r\n", {"HTTP/1.1 304"}, {NULL}},
	{"HEAD has the headers only",
         "HEAD /console/app.js",
         "",
         {"HTTP/1.1 200 OK", "Content-Length: 8"},
         {"identity"}},
	{"other methods",
         "POST /console/app.js",
         "",
         {"HTTP/1.1 405", "Allow: GET, HEAD"},
         {"identity"}},
	{"folder without its slash",
         "GET /console",
         "",
         {"HTTP/1.1 308", "Location: /console/\r\n"},
         {NULL}},
	{"widget for an allowed origin",
         "GET /widget.js?v=1",
         "Origin: https://docs.example.gov\r\n",
         {"Access-Control-Allow-Origin: https://docs.example.gov\r\n",
          "Vary: Accept-Encoding, Origin", "Cross-Origin-Resource-Policy: cross-origin"},
         {"Opener"}},
	{"widget for another origin",
         "GET /widget.js",
         "Origin: https://evil.example\r\n",
         {"HTTP/1.1 200 OK", "Vary: Accept-Encoding, Origin"},
         {"Access-Control"}},
	{"console for an allowed origin",
         "GET /console/app.js",
         "Origin: https://docs.example.gov\r\n",
         {"HTTP/1.1 200 OK"},
         {"Access-Control"}},
	{"no such path", "GET /console/app.j", "", {"HTTP/1.1 404"}, {NULL}},
	{"a longer path", "GET /console/app.jss", "", {"HTTP/1.1 404"}, {NULL}},
	{"dots lead nowhere", "GET /console/../console/app.js", "", {"HTTP/1.1 404"}, {NULL}},
	{"escaped dots lead nowhere",
         "GET /console/%2e%2e/widget.js",
         "",
         {"HTTP/1.1 404"},
         {NULL}},
	{"doubled slash", "GET //widget.js", "", {"HTTP/1.1 404"}, {NULL}},
};

static void check_row(struct fixture *fixture, const struct row *row)
{
	struct client client;
	char request[512];
	const char *got;

	(void)snprintf(request, sizeof(request),
	               "%s HTTP/1.1\r\nHost: a\r\n%sConnection: close\r\n\r\n", row->request,
	               row->headers);
	client_open(&client, &fixture->loopback);
	client_text(&client, request);
	client_await_end(&client, &fixture->loopback);
	got = buf_cstr(&client.in);
	for (size_t i = 0; i < EXPECTED_MAX && row->has[i] != NULL; i++) {
		if (strstr(got, row->has[i]) == NULL)
			fail_msg("%s: no \"%s\" in\n%s", row->name, row->has[i], got);
	}
	for (size_t i = 0; i < EXPECTED_MAX && row->hasnt[i] != NULL; i++) {
		if (strstr(got, row->hasnt[i]) != NULL)
			fail_msg("%s: \"%s\" in\n%s", row->name, row->hasnt[i], got);
	}
	client_close(&client);
}

static void assets_are_served(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_row(*state, &rows[i]);
}

static void a_large_asset_arrives_whole(void **state)
{
	struct fixture *fixture = *state;
	size_t size = 3U << 20;
	unsigned char *bytes = calloc(1, size + 1);
	struct asset large = {.path = "/large",
	                      .content_type = "application/octet-stream",
	                      .etag = "\"l\"",
	                      .cache_control = "no-cache",
	                      .identity = {bytes, size}};
	struct client client;
	const char *body;

	MUST(bytes != NULL);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)('a' + i * 7 % 23);
	fixture->site.items = &large;
	fixture->site.count = 1;
	client_open(&client, &fixture->loopback);
	client_text(&client, "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	client_await_end(&client, &fixture->loopback);
	body = strstr(buf_cstr(&client.in), "\r\n\r\n");
	assert_non_null(body);
	assert_string_equal(body + 4, (const char *)bytes);
	client_close(&client);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(assets_are_served, setup, teardown),
		cmocka_unit_test_setup_teardown(a_large_asset_arrives_whole, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
