/* SPDX-License-Identifier: MIT */
#include "adapter/front.h"

#include "adapter/answer.h"
#include "base/must.h"

static void metrics(struct front *front, struct conn_id conn, const struct http_request *request)
{
	(void)request;
	health_metrics(front->health, conn);
}

static void healthz(struct front *front, struct conn_id conn, const struct http_request *request)
{
	(void)request;
	health_alive(front->health, conn);
}

static void readyz(struct front *front, struct conn_id conn, const struct http_request *request)
{
	(void)request;
	health_ready(front->health, conn);
}

static void guide(struct front *front, struct conn_id conn, const struct http_request *request)
{
	guide_site_page(front->guide, conn, request);
}

static void support(struct front *front, struct conn_id conn, const struct http_request *request)
{
	guide_site_json(front->guide, conn, request);
}

struct page {
	const char *path;
	bool any_host; /* machines ask for it by address */
	void (*respond)(struct front *front, struct conn_id conn,
	                const struct http_request *request);
};

static const struct page pages[] = {
	{"/healthz", true, healthz},
	{"/readyz", true, readyz},
	{"/metrics", true, metrics},
	{"/ws/visitor", false, upgrade_visitor},
	{"/ws/agent", false, upgrade_agent},
	{"/help/policy", false, guide},
	{"/.well-known/support.json", false, support},
};

static const struct page *page_of(struct span path)
{
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		if (span_is(path, pages[i].path))
			return &pages[i];
	}
	return NULL;
}

static void page_respond(struct front *front, struct conn_id conn, const struct page *page,
                         const struct http_request *request)
{
	const struct problem wrong_method = {.status = ST_BAD_REQUEST,
	                                     .http = 405,
	                                     .message = "This path takes GET only.",
	                                     .allow = "GET, HEAD"};

	if (request->method == METHOD_GET || request->method == METHOD_HEAD)
		page->respond(front, conn, request);
	else
		answer_problem(front->net, conn, &wrong_method);
}

static void on_request(void *ctx, struct conn_id conn, const struct http_request *request)
{
	static const struct problem misdirected = {
		.status = ST_BAD_REQUEST,
		.http = 421,
		.message = "This server is not known under this name (see --public-url)."};
	static const struct problem unknown = {.status = ST_NOT_FOUND};
	struct front *front = ctx;
	const struct page *page = page_of(request->path);

	if ((page == NULL || !page->any_host) && !gate_knows_host(front->gate, request))
		answer_problem(front->net, conn, &misdirected);
	else if (page != NULL)
		page_respond(front, conn, page, request);
	else if (!file_site_respond(front, conn, request) &&
	         !api_respond(front->api, conn, request) &&
	         !static_respond(front->site, front->net, conn, request))
		answer_problem(front->net, conn, &unknown);
}

static void on_message(void *ctx, struct conn_id conn, bool binary, struct span payload)
{
	struct front *front = ctx;

	gateway_message(front->gateway, conn, binary, payload);
}

static void on_drained(void *ctx, struct conn_id conn)
{
	struct front *front = ctx;

	gateway_drained(front->gateway, conn);
}

static void on_ping(void *ctx, struct conn_id conn)
{
	struct front *front = ctx;

	gateway_ping(front->gateway, conn);
}

static void on_closed(void *ctx, struct conn_id conn, enum conn_end why)
{
	struct front *front = ctx;

	(void)why;
	gateway_closed(front->gateway, conn);
}

struct conn_handler front_handler(struct front *front)
{
	return (struct conn_handler){
		.request = on_request,
		.message = on_message,
		.drained = on_drained,
		.ping = on_ping,
		.closed = on_closed,
		.ctx = front,
	};
}

bool front_origin_allowed(void *ctx, struct span origin)
{
	const struct front *front = ctx;

	return gate_lists(front->gate, origin);
}
