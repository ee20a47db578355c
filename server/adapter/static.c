/* SPDX-License-Identifier: MIT */
#include "adapter/static.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

#define HEADERS_MAX 14
#define ETAG_SIZE   96

const char STATIC_PAGE_CSP[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
	"connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
	"frame-ancestors 'none'; require-trusted-types-for 'script'";

const struct http_header STATIC_SAFE_HEADERS[] = {
	HTTP_HEADER("X-Content-Type-Options", "nosniff"),
	HTTP_HEADER("Referrer-Policy", "no-referrer"),
	HTTP_HEADER("Cross-Origin-Opener-Policy", "same-origin"),
	HTTP_HEADER("Cross-Origin-Resource-Policy", "same-origin"),
};
const size_t STATIC_SAFE_HEADERS_COUNT = ARRAY_LEN(STATIC_SAFE_HEADERS);

struct variant {
	const struct asset_bytes *bytes;
	const char *encoding; /* NULL: identity */
	char etag[ETAG_SIZE];
};

struct headers {
	struct http_header items[HEADERS_MAX];
	size_t count;
};

static void add(struct headers *headers, const char *name, const char *value)
{
	MUST(headers->count < HEADERS_MAX);
	headers->items[headers->count++] =
		(struct http_header){.name = span_of(name), .value = span_of(value)};
}

static int compare(const void *key, const void *item)
{
	const struct span *path = key;
	const struct asset *asset = item;
	size_t len = strlen(asset->path);
	int order = memcmp(path->ptr, asset->path, path->len < len ? path->len : len);

	if (order != 0 || path->len == len)
		return order;
	return path->len < len ? -1 : 1;
}

const struct asset *static_find(const struct static_site *site, struct span path)
{
	if (site->count == 0 || path.ptr == NULL)
		return NULL;
	return bsearch(&path, site->items, site->count, sizeof(site->items[0]), compare);
}

/* "q=0", "q=0.000": the peer does not want it (RFC 9110 12.4.2). */
static bool is_refused(const char *params, size_t len)
{
	const char *q = memmem(params, len, "q=0", 3);
	size_t i;

	if (q == NULL)
		return false;
	for (i = (size_t)(q - params) + 3; i < len; i++) {
		if (params[i] >= '1' && params[i] <= '9')
			return false;
	}
	return true;
}

static bool accepts(struct span list, const char *encoding)
{
	size_t len = strlen(encoding);
	size_t i = 0;

	while (i < list.len) {
		const char *item, *end;

		while (i < list.len && (list.ptr[i] == ' ' || list.ptr[i] == ','))
			i++;
		item = list.ptr + i;
		end = i < list.len ? memchr(item, ',', list.len - i) : NULL;
		if (end == NULL)
			end = list.ptr + list.len;
		if ((size_t)(end - item) >= len && memcmp(item, encoding, len) == 0 &&
		    (item + len == end || item[len] == ';' || item[len] == ' '))
			return !is_refused(item + len, (size_t)(end - item) - len);
		i = (size_t)(end - list.ptr);
	}
	return false;
}

static struct variant choose(const struct asset *asset, const struct http_request *request)
{
	struct span list = http_header(request, "accept-encoding");
	struct variant variant = {.bytes = &asset->identity};
	const char *mark = "";
	size_t len = strlen(asset->etag);

	if (asset->br.ptr != NULL && accepts(list, "br")) {
		variant.bytes = &asset->br;
		variant.encoding = "br";
		mark = "-br";
	} else if (asset->gzip.ptr != NULL && accepts(list, "gzip")) {
		variant.bytes = &asset->gzip;
		variant.encoding = "gzip";
		mark = "-gz";
	}
	/* Other bytes, other tag (RFC 9110 8.8.1): the mark goes inside the quotes. */
	MUST(len >= 2 && len + strlen(mark) < ETAG_SIZE);
	(void)snprintf(variant.etag, sizeof(variant.etag), "%.*s%s\"", (int)len - 1, asset->etag,
	               mark);
	return variant;
}

/* If-None-Match: a list of tags, perhaps weak, or "*" (RFC 9110 13.1.2). */
static bool is_known(const struct http_request *request, const char *etag)
{
	struct span list = http_header(request, "if-none-match");

	if (list.ptr == NULL)
		return false;
	return span_is(list, "*") || memmem(list.ptr, list.len, etag, strlen(etag)) != NULL;
}

static bool is_page(const struct asset *asset)
{
	return strncmp(asset->content_type, "text/html", 9) == 0;
}

static void add_scope(struct headers *headers, const struct static_site *site,
                      const struct asset *asset, struct span origin)
{
	if (asset->scope != ASSET_EMBED) {
		add(headers, "Vary", "Accept-Encoding");
		add(headers, "Cross-Origin-Opener-Policy", "same-origin");
		add(headers, "Cross-Origin-Resource-Policy", "same-origin");
		return;
	}
	add(headers, "Vary", "Accept-Encoding, Origin");
	add(headers, "Cross-Origin-Resource-Policy", "cross-origin");
	if (origin.ptr != NULL && site->origin_allowed != NULL &&
	    site->origin_allowed(site->ctx, origin)) {
		add(headers, "Access-Control-Allow-Origin", "");
		headers->items[headers->count - 1].value = origin;
	}
}

static void fill(struct headers *headers, const struct static_site *site, const struct asset *asset,
                 const struct variant *variant)
{
	add(headers, "ETag", variant->etag);
	add(headers, "Cache-Control", asset->cache_control);
	add(headers, "X-Content-Type-Options", "nosniff");
	add(headers, "Referrer-Policy", "no-referrer");
	if (is_page(asset))
		add(headers, "Content-Security-Policy",
		    site->page_csp != NULL ? site->page_csp : STATIC_PAGE_CSP);
	if (site->hsts)
		add(headers, "Strict-Transport-Security", "max-age=31536000");
}

static void refuse_method(struct net *net, struct conn_id id)
{
	static const struct http_header allow[] = {HTTP_HEADER("Allow", "GET, HEAD")};

	conn_respond(net, id,
	             &(struct http_response){.status = 405,
	                                     .content_type = SPAN_LIT("text/plain; charset=utf-8"),
	                                     .headers = allow,
	                                     .headers_count = 1,
	                                     .body = SPAN_LIT("Method Not Allowed")});
}

void static_send(const struct static_site *site, struct net *net, struct conn_id id,
                 const struct http_request *request, const struct asset *asset)
{
	struct headers headers = {.count = 0};
	struct http_response response = {.status = 200, .body_is_static = true};
	struct variant variant;

	if (request->method != METHOD_GET && request->method != METHOD_HEAD) {
		refuse_method(net, id);
		return;
	}
	variant = choose(asset, request);
	fill(&headers, site, asset, &variant);
	add_scope(&headers, site, asset, http_header(request, "origin"));
	if (is_known(request, variant.etag)) {
		response.status = 304;
	} else {
		response.content_type = span_of(asset->content_type);
		response.body = (struct span){.ptr = (const char *)variant.bytes->ptr,
		                              .len = variant.bytes->len};
		if (variant.encoding != NULL)
			add(&headers, "Content-Encoding", variant.encoding);
	}
	response.headers = headers.items;
	response.headers_count = headers.count;
	conn_respond(net, id, &response);
}

/* "/console" > "/console/", when that is a page. */
static bool redirect(const struct static_site *site, struct net *net, struct conn_id id,
                     struct span path)
{
	char folder[128];
	struct http_header location[] = {{SPAN_LIT("Location"), {0}}};

	if (path.len + 2 > sizeof(folder))
		return false;
	memcpy(folder, path.ptr, path.len);
	folder[path.len] = '/';
	location[0].value = (struct span){.ptr = folder, .len = path.len + 1};
	if (static_find(site, location[0].value) == NULL)
		return false;
	conn_respond(
		net, id,
		&(struct http_response){.status = 308, .headers = location, .headers_count = 1});
	return true;
}

bool static_respond(const struct static_site *site, struct net *net, struct conn_id id,
                    const struct http_request *request)
{
	const struct asset *asset = static_find(site, request->path);

	if (asset == NULL)
		return redirect(site, net, id, request->path);
	static_send(site, net, id, request, asset);
	return true;
}
