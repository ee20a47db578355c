/* SPDX-License-Identifier: MIT */
/* The front end's files inside the program: the build writes one C file that defines these. */
#ifndef TB_ADAPTER_ASSETS_H
#define TB_ADAPTER_ASSETS_H

#include <stddef.h>

/* Who may load it. */
enum asset_scope {
	ASSET_SAME_ORIGIN, /* console, portal: CORP same-origin, a page's CSP */
	ASSET_EMBED,       /* widget files: CORS for the allowed origins, CORP cross-origin */
};

struct asset_bytes {
	const unsigned char *ptr; /* NULL: this encoding is not there */
	size_t len;
};

struct asset {
	const char *path;          /* "/console/app.4f2a.js"; sorted by strcmp */
	const char *content_type;  /* "text/javascript; charset=utf-8" */
	const char *etag;          /* with its quotes: "\"4f2a…\"", of the identity bytes */
	const char *cache_control; /* "public, max-age=31536000, immutable" */
	enum asset_scope scope;
	struct asset_bytes identity; /* always there */
	struct asset_bytes gzip;
	struct asset_bytes br;
};

extern const struct asset assets[];
extern const size_t assets_count;

#endif
