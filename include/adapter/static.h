/* SPDX-License-Identifier: MIT */
/* Serves a table of assets over HTTP. There is no file system behind it: a path is in the
 * table or it is not. */
#ifndef TB_ADAPTER_STATIC_H
#define TB_ADAPTER_STATIC_H

#include <stdbool.h>

#include "adapter/assets.h"
#include "adapter/conn.h"

struct static_site {
	const struct asset *items; /* sorted by path */
	size_t count;
	/* May a page of this origin load the ASSET_EMBED files? NULL: none may. */
	bool (*origin_allowed)(void *ctx, struct span origin);
	void *ctx;
	const char *page_csp; /* Content-Security-Policy of HTML pages; NULL: the strict default */
	bool hsts;            /* say Strict-Transport-Security (the site is behind TLS) */
};

/* The default policy for HTML of our own (no inline script or style, same origin only). */
extern const char STATIC_PAGE_CSP[];

/* true: the request's path is one of the assets (also "/console" for "/console/", which is
 * redirected) and was answered; false: not ours, not answered. */
bool static_respond(const struct static_site *site, struct net *net, struct conn_id id,
                    const struct http_request *request);

/* NULL: none. */
const struct asset *static_find(const struct static_site *site, struct span path);
/* Answers with this asset whatever the path (pages of the console that are one file). */
void static_send(const struct static_site *site, struct net *net, struct conn_id id,
                 const struct http_request *request, const struct asset *asset);

/* The headers that every answer of this server should carry (nosniff, Referrer-Policy, COOP,
 * CORP). For the API's own responses. */
extern const struct http_header STATIC_SAFE_HEADERS[];
extern const size_t STATIC_SAFE_HEADERS_COUNT;

#endif
