/* SPDX-License-Identifier: MIT */
#include "adapter/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/must.h"

static const struct {
	const char *text;
	const char *expected; /* NULL: it is none */
} origins[] = {
	{"https://docs.example.gov", "https://docs.example.gov"},
	{"https://docs.example.gov/", "https://docs.example.gov"},
	{"HTTPS://Docs.Example.GOV", "https://docs.example.gov"},
	{"https://docs.example.gov:443", "https://docs.example.gov"},
	{"http://docs.example.gov:80/", "http://docs.example.gov"},
	{"https://docs.example.gov:80", "https://docs.example.gov:80"},
	{"http://localhost:8080", "http://localhost:8080"},
	{"http://[::1]:8080", "http://[::1]:8080"},
	{"https://docs.example.gov/docs", NULL},
	{"https://docs.example.gov?", NULL},
	{"https://user@docs.example.gov", NULL},
	{"https://docs.example.gov:", NULL},
	{"https://docs.example.gov:x", NULL},
	{"https://docs.example.gov:123456", NULL},
	{"https://*.example.gov", NULL},
	{"https://", NULL},
	{"http://[::1", NULL},
	{"docs.example.gov", NULL},
	{"file:///etc", NULL},
	{"null", NULL},
	{"", NULL},
};

static void test_origins(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(origins); i++) {
		char out[ORIGIN_TEXT_SIZE] = "";
		bool good = origin_parse(span_of(origins[i].text), out);

		if (good != (origins[i].expected != NULL) ||
		    (good && !span_is(span_of(out), origins[i].expected)))
			fail_msg("%s: %s", origins[i].text, out);
	}
}

enum question { KNOWS_HOST, IS_OWN, IS_WELCOME };

static const char *const docs[] = {"https://docs.example.gov"};
static const struct gate_config loopback = {docs, 1, NULL, "127.0.0.1:8080"};
static const struct gate_config behind_proxy = {docs, 1, "https://help.example.gov",
                                                "127.0.0.1:8080"};
static const struct gate_config open_port = {docs, 1, NULL, "0.0.0.0:8080"};

static const struct {
	const char *name;
	const struct gate_config *config;
	enum question question;
	const char *host;
	const char *origin;  /* NULL: none */
	const char *another; /* a second Origin header */
	bool https;
	bool expected;
} rows[] = {
	{"loopback by address", &loopback, KNOWS_HOST, "127.0.0.1:8080", NULL, NULL, false, true},
	{"loopback by name", &loopback, KNOWS_HOST, "LocalHost:8080", NULL, NULL, false, true},
	{"loopback in IPv6", &loopback, KNOWS_HOST, "[::1]:8080", NULL, NULL, false, true},
	{"another port", &loopback, KNOWS_HOST, "localhost:81", NULL, NULL, false, false},
	{"a name that was rebound", &loopback, KNOWS_HOST, "evil.example:8080", NULL, NULL, false,
         false},
	{"no host", &loopback, KNOWS_HOST, "", NULL, NULL, false, false},
	{"the public name", &behind_proxy, KNOWS_HOST, "help.example.gov", NULL, NULL, true, true},
	{"loopback behind a proxy", &behind_proxy, KNOWS_HOST, "localhost:8080", NULL, NULL, false,
         true},
	{"not the public name", &behind_proxy, KNOWS_HOST, "help.example.gov.evil", NULL, NULL,
         true, false},
	{"any name on an open port", &open_port, KNOWS_HOST, "box.lan:8080", NULL, NULL, false,
         true},
	{"own: loopback", &loopback, IS_OWN, "localhost:8080", "http://localhost:8080", NULL, false,
         true},
	{"own: not the documentation", &loopback, IS_OWN, "localhost:8080",
         "https://docs.example.gov", NULL, false, false},
	{"own: not https where it is http", &loopback, IS_OWN, "localhost:8080",
         "https://localhost:8080", NULL, false, false},
	{"own: no origin", &loopback, IS_OWN, "localhost:8080", NULL, NULL, false, false},
	{"own: two origins", &loopback, IS_OWN, "localhost:8080", "http://localhost:8080",
         "http://localhost:8080", false, false},
	{"own: public", &behind_proxy, IS_OWN, "help.example.gov", "https://help.example.gov", NULL,
         true, true},
	{"own: public without TLS", &behind_proxy, IS_OWN, "help.example.gov",
         "http://help.example.gov", NULL, false, false},
	{"own: as asked for on an open port", &open_port, IS_OWN, "box.lan:8080",
         "http://box.lan:8080", NULL, false, true},
	{"own: another name on an open port", &open_port, IS_OWN, "box.lan:8080",
         "http://evil.lan:8080", NULL, false, false},
	{"own: the scheme of the request", &open_port, IS_OWN, "box.lan", "http://box.lan", NULL,
         true, false},
	{"welcome: the documentation", &loopback, IS_WELCOME, "localhost:8080",
         "https://docs.example.gov", NULL, false, true},
	{"welcome: our own demo", &loopback, IS_WELCOME, "localhost:8080", "http://127.0.0.1:8080",
         NULL, false, true},
	{"not welcome: a subdomain", &loopback, IS_WELCOME, "localhost:8080",
         "https://a.docs.example.gov", NULL, false, false},
	{"not welcome: null", &loopback, IS_WELCOME, "localhost:8080", "null", NULL, false, false},
	{"not welcome: upper case, which no browser sends", &loopback, IS_WELCOME, "localhost:8080",
         "https://DOCS.example.gov", NULL, false, false},
	{"not welcome: a path", &loopback, IS_WELCOME, "localhost:8080",
         "https://docs.example.gov/", NULL, false, false},
};

static bool ask(const struct gate *gate, size_t at)
{
	struct http_header headers[3] = {{SPAN_LIT("host"), span_of(rows[at].host)}};
	struct http_request request = {.headers = headers, .headers_count = 1};

	if (rows[at].origin != NULL)
		headers[request.headers_count++] =
			(struct http_header){SPAN_LIT("origin"), span_of(rows[at].origin)};
	if (rows[at].another != NULL)
		headers[request.headers_count++] =
			(struct http_header){SPAN_LIT("origin"), span_of(rows[at].another)};
	switch (rows[at].question) {
	case KNOWS_HOST:
		return gate_knows_host(gate, &request);
	case IS_OWN:
		return gate_is_own(gate, &request, rows[at].https);
	case IS_WELCOME:
		return gate_is_welcome(gate, &request, rows[at].https);
	}
	MUST(0);
}

static void test_gate(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *wrong = NULL;
		struct gate *gate = gate_create(rows[i].config, &wrong);

		assert_non_null(gate);
		if (ask(gate, i) != rows[i].expected)
			fail_msg("%s", rows[i].name);
		gate_destroy(&gate);
	}
}

static void mistakes_are_named(void **state)
{
	static const char *const bad[] = {"https://docs.example.gov", "docs.example.gov"};
	const char *wrong = NULL;

	(void)state;
	assert_null(gate_create(&(struct gate_config){bad, 2, NULL, "127.0.0.1:1"}, &wrong));
	assert_string_equal(wrong, "docs.example.gov");
	assert_null(gate_create(&(struct gate_config){bad, 1, "help", "127.0.0.1:1"}, &wrong));
	assert_string_equal(wrong, "help");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_gate),
		cmocka_unit_test(mistakes_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
