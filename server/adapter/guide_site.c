/* SPDX-License-Identifier: MIT */
#include "adapter/guide_site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "adapter/answer.h"
#include "adapter/static.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/guide.h"

#define FRESH_MS    MINUTE_MS
#define ETAG_BYTES  16
#define ETAG_SIZE   (2 * ETAG_BYTES + 3)
#define STYLE_SIZE  64 /* a SHA-256 in base64 */
#define CSP_SIZE    256
#define HEADERS_MAX 12

struct guide_site {
	struct net *net;
	struct desk *desk;
	struct policy *policy; /* the page is its */
	wall_ms made_at;
	struct buf page;
	char etag[ETAG_SIZE];
	char csp[CSP_SIZE];
};

/* The page's one style, by its hash; nothing else runs or loads. */
static void write_csp(char out[CSP_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[STYLE_SIZE];

	(void)crypto_hash_sha256(hash, (const unsigned char *)GUIDE_STYLE, strlen(GUIDE_STYLE));
	(void)sodium_bin2base64(text, sizeof(text), hash, sizeof(hash),
	                        sodium_base64_VARIANT_ORIGINAL);
	(void)snprintf(out, CSP_SIZE,
	               "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
	               "form-action 'none'; frame-ancestors 'none'",
	               text);
}

static void write_etag(const struct buf *body, char out[ETAG_SIZE])
{
	unsigned char hash[ETAG_BYTES];
	char text[2 * ETAG_BYTES + 1];

	(void)crypto_generichash(hash, sizeof(hash), (const unsigned char *)body->ptr, body->len,
	                         NULL, 0);
	(void)sodium_bin2hex(text, sizeof(text), hash, sizeof(hash));
	(void)snprintf(out, ETAG_SIZE, "\"%s\"", text);
}

struct guide_site *guide_site_create(struct net *net, struct desk *desk)
{
	struct guide_site *site = xcalloc(1, sizeof(*site));

	site->net = net;
	site->desk = desk;
	write_csp(site->csp);
	return site;
}

void guide_site_destroy(struct guide_site **site)
{
	if (*site == NULL)
		return;
	policy_unref(&(*site)->policy);
	buf_fini(&(*site)->page);
	free(*site);
	*site = NULL;
}

struct sheet {
	const char *type, *etag;
	struct span body;
	const struct http_header *headers; /* besides the usual ones */
	size_t headers_count;
};

static bool is_known(const struct http_request *request, const char *etag)
{
	struct span list = http_header(request, "if-none-match");

	return list.ptr != NULL &&
	       (span_is(list, "*") || memmem(list.ptr, list.len, etag, strlen(etag)) != NULL);
}

/* Caches may keep it, and ask each time whether it still holds. */
static void send_sheet(struct guide_site *site, struct conn_id conn,
                       const struct http_request *request, const struct sheet *sheet)
{
	struct http_header headers[HEADERS_MAX] = {
		HTTP_HEADER("Cache-Control", "no-cache"),
		HTTP_HEADER("X-Content-Type-Options", "nosniff"),
		HTTP_HEADER("Referrer-Policy", "no-referrer"),
	};
	struct http_response response = {.status = 200, .headers = headers};
	size_t count = 3;

	headers[count++] = (struct http_header){SPAN_LIT("ETag"), span_of(sheet->etag)};
	MUST(count + sheet->headers_count <= HEADERS_MAX);
	for (size_t i = 0; i < sheet->headers_count; i++)
		headers[count++] = sheet->headers[i];
	response.headers_count = count;
	if (is_known(request, sheet->etag)) {
		response.status = 304;
	} else {
		response.content_type = span_of(sheet->type);
		response.body = sheet->body;
	}
	conn_respond(site->net, conn, &response);
}

static struct policy *running(struct guide_site *site, struct conn_id conn)
{
	static const struct problem not_yet = {
		.status = ST_UNAVAILABLE,
		.message = "The desk is starting: its policy is not on record yet.",
		.retry_after_ms = SEC_MS};
	struct policy *policy = site->desk->ops->policy(site->desk);

	if (policy == NULL)
		answer_problem(site->net, conn, &not_yet);
	return policy;
}

/* --- the page --- */

static bool is_fresh(const struct guide_site *site, const struct policy *policy, wall_ms now)
{
	return site->policy == policy && now >= site->made_at && now < site->made_at + FRESH_MS;
}

static void make_page(struct guide_site *site, struct policy *policy, wall_ms now)
{
	struct policy *held = policy_ref(policy);

	policy_unref(&site->policy);
	site->policy = held;
	site->made_at = now;
	buf_reset(&site->page);
	guide_page(policy, now, &site->page);
	write_etag(&site->page, site->etag);
}

void guide_site_page(struct guide_site *site, struct conn_id conn,
                     const struct http_request *request)
{
	const struct http_header headers[] = {
		{SPAN_LIT("Content-Security-Policy"), span_of(site->csp)},
		HTTP_HEADER("Cross-Origin-Opener-Policy", "same-origin"),
		HTTP_HEADER("Cross-Origin-Resource-Policy", "same-origin"),
	};
	struct policy *policy = running(site, conn);
	wall_ms now = net_now(site->net);

	if (policy == NULL)
		return;
	if (!is_fresh(site, policy, now))
		make_page(site, policy, now);
	send_sheet(site, conn, request,
	           &(struct sheet){
			   .type = "text/html; charset=utf-8",
			   .etag = site->etag,
			   .body = {.ptr = site->page.ptr, .len = site->page.len},
			   .headers = headers,
			   .headers_count = ARRAY_LEN(headers),
		   });
}

/* --- the data --- */

void guide_site_json(struct guide_site *site, struct conn_id conn,
                     const struct http_request *request)
{
	static const struct http_header headers[] = {
		HTTP_HEADER("Access-Control-Allow-Origin", "*"),
		HTTP_HEADER("Cross-Origin-Resource-Policy", "cross-origin"),
	};
	struct policy *policy = running(site, conn);
	struct buf body = {0};
	char etag[ETAG_SIZE];

	if (policy == NULL)
		return;
	guide_json(policy, net_now(site->net), GUIDE_ANYBODY, &body);
	write_etag(&body, etag);
	send_sheet(site, conn, request,
	           &(struct sheet){
			   .type = "application/json",
			   .etag = etag,
			   .body = {.ptr = body.ptr, .len = body.len},
			   .headers = headers,
			   .headers_count = ARRAY_LEN(headers),
		   });
	buf_fini(&body);
}
