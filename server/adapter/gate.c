/* SPDX-License-Identifier: MIT */
#include "adapter/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

struct gate {
	char origins[GATE_ORIGINS_MAX][ORIGIN_TEXT_SIZE]; /* the documentation's */
	size_t origins_count;
	char own[GATE_HOSTS_MAX][ORIGIN_TEXT_SIZE]; /* ours: public, loopback, listening */
	size_t own_count;
	bool any_host; /* nobody said under which name it is reached */
	bool secure;
};

static bool add_origin(struct gate *gate, const char *text)
{
	if (gate->origins_count == GATE_ORIGINS_MAX ||
	    !origin_parse(span_of(text), gate->origins[gate->origins_count]))
		return false;
	gate->origins_count++;
	return true;
}

static void add_own(struct gate *gate, const char *host, const char *port)
{
	char text[ORIGIN_TEXT_SIZE];
	int len = snprintf(text, sizeof(text), "http://%s%s", host, port);

	if (len > 0 && (size_t)len < sizeof(text) &&
	    origin_parse(span_of(text), gate->own[gate->own_count]))
		gate->own_count++;
}

static bool is_loopback(struct span host)
{
	return (host.len > 4 && memcmp(host.ptr, "127.", 4) == 0) || span_is(host, "localhost") ||
	       span_is(host, "[::1]");
}

/* "127.0.0.1:8080" or "[::1]:8080". */
static void add_address(struct gate *gate, const char *address)
{
	const char *port = strrchr(address, ':');
	struct span host = {.ptr = address, .len = port != NULL ? (size_t)(port - address) : 0};
	char name[ORIGIN_TEXT_SIZE];

	if (port == NULL || !span_copy(name, sizeof(name), host))
		return;
	add_own(gate, name, port);
	if (!is_loopback(host)) {
		gate->any_host = gate->own_count < 2; /* no public URL came before */
		return;
	}
	add_own(gate, "localhost", port);
	add_own(gate, "127.0.0.1", port);
	add_own(gate, "[::1]", port);
}

struct gate *gate_create(const struct gate_config *config, const char **wrong)
{
	struct gate *gate = xcalloc(1, sizeof(*gate));

	for (size_t i = 0; i < config->origins_count; i++) {
		if (!add_origin(gate, config->origins[i])) {
			*wrong = config->origins[i];
			gate_destroy(&gate);
			return NULL;
		}
	}
	if (config->public_url != NULL) {
		if (!origin_parse(span_of(config->public_url), gate->own[0])) {
			*wrong = config->public_url;
			gate_destroy(&gate);
			return NULL;
		}
		gate->own_count = 1;
		gate->secure = strncmp(gate->own[0], "https:", 6) == 0;
	}
	add_address(gate, config->address);
	return gate;
}

void gate_destroy(struct gate **gate)
{
	free(*gate);
	*gate = NULL;
}

static bool is_host_of(struct span host, const char *origin)
{
	struct span own = origin_host(origin);

	return own.len == host.len && strncasecmp(own.ptr, host.ptr, host.len) == 0;
}

bool gate_knows_host(const struct gate *gate, const struct http_request *request)
{
	struct span host = http_header(request, "host");

	if (gate->any_host)
		return true;
	for (size_t i = 0; i < gate->own_count; i++) {
		if (is_host_of(host, gate->own[i]))
			return true;
	}
	return false;
}

static bool is_own(const struct gate *gate, struct span origin)
{
	for (size_t i = 0; i < gate->own_count; i++) {
		if (span_is(origin, gate->own[i]))
			return true;
	}
	return false;
}

/* Scheme and Host of this very request: only where every name is ours. */
static bool is_of_request(const struct gate *gate, const struct http_request *request, bool https,
                          struct span origin)
{
	char text[ORIGIN_TEXT_SIZE], normal[ORIGIN_TEXT_SIZE];
	struct span host = http_header(request, "host");
	int len;

	if (!gate->any_host || host.len == 0)
		return false;
	len = snprintf(text, sizeof(text), "%s://%.*s", https ? "https" : "http", (int)host.len,
	               host.ptr);
	return len > 0 && (size_t)len < sizeof(text) && origin_parse(span_of(text), normal) &&
	       span_is(origin, normal);
}

/* The one Origin header; absent when there is none, or more than one. */
static struct span origin_of(const struct http_request *request)
{
	if (http_header_count(request, "origin") != 1)
		return (struct span){0};
	return http_header(request, "origin");
}

bool gate_is_own(const struct gate *gate, const struct http_request *request, bool https)
{
	struct span origin = origin_of(request);

	return origin.len > 0 &&
	       (is_own(gate, origin) || is_of_request(gate, request, https, origin));
}

bool gate_lists(const struct gate *gate, struct span origin)
{
	for (size_t i = 0; i < gate->origins_count; i++) {
		if (span_is(origin, gate->origins[i]))
			return true;
	}
	return is_own(gate, origin);
}

bool gate_is_welcome(const struct gate *gate, const struct http_request *request, bool https)
{
	struct span origin = origin_of(request);

	return origin.len > 0 &&
	       (gate_lists(gate, origin) || is_of_request(gate, request, https, origin));
}

bool gate_is_secure(const struct gate *gate)
{
	return gate->secure;
}
