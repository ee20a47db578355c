/* SPDX-License-Identifier: MIT */
/* Who may come in by the front door: under which names the server is asked (against DNS
 * rebinding), and from which pages (against pages that use somebody's session). */
#ifndef TB_ADAPTER_GATE_H
#define TB_ADAPTER_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "proto/http.h"
#include "proto/origin.h"

#define GATE_ORIGINS_MAX 64
#define GATE_HOSTS_MAX   8

struct gate_config {
	const char *const *origins; /* of documentation pages; texts as the operator wrote them */
	size_t origins_count;
	const char *public_url; /* or NULL */
	const char *address;    /* "127.0.0.1:8080": where it listens, with the actual port */
};

struct gate;

/* NULL: `*wrong` is the origin or URL that is none. */
struct gate *gate_create(const struct gate_config *config, const char **wrong);
void gate_destroy(struct gate **gate);

/* The names that it answers to are known (it listens on loopback, or has a public URL), and
 * this is one of them; or they are not known. */
bool gate_knows_host(const struct gate *gate, const struct http_request *request);

/* The request's one Origin is our own: of the public URL, of loopback, or of the Host that was
 * asked for. */
bool gate_is_own(const struct gate *gate, const struct http_request *request, bool https);

/* The request's one Origin is our own or one of the documentation's. */
bool gate_is_welcome(const struct gate *gate, const struct http_request *request, bool https);

/* One of the documentation's origins, or our own public one or loopback one. */
bool gate_lists(const struct gate *gate, struct span origin);

/* The public URL is https: cookies are Secure. */
bool gate_is_secure(const struct gate *gate);

#endif
