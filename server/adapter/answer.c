/* SPDX-License-Identifier: MIT */
#include "adapter/answer.h"

#include <inttypes.h>
#include <stdio.h>

#include "adapter/static.h"
#include "base/buf.h"
#include "base/must.h"
#include "proto/wire.h"

#define HEADERS_MAX 16

void answer_send(struct net *net, struct conn_id conn, const struct answer *answer)
{
	struct http_header headers[HEADERS_MAX];
	size_t count = 0;
	struct http_response response = {
		.status = answer->status,
		.headers = headers,
		.body = answer->body,
	};

	MUST(STATIC_SAFE_HEADERS_COUNT + answer->headers_count < HEADERS_MAX);
	if (answer->body.len > 0)
		response.content_type =
			span_of(answer->type != NULL ? answer->type : "application/json");
	for (size_t i = 0; i < STATIC_SAFE_HEADERS_COUNT; i++)
		headers[count++] = STATIC_SAFE_HEADERS[i];
	for (size_t i = 0; i < answer->headers_count; i++)
		headers[count++] = answer->headers[i];
	/* cppcheck-suppress unreadVariable ; response points at it */
	headers[count++] = (struct http_header){SPAN_LIT("Cache-Control"), SPAN_LIT("no-store")};
	response.headers_count = count;
	conn_respond(net, conn, &response);
}

void answer_open_to(struct answer *answer, struct span origin)
{
	if (origin.len == 0)
		return;
	MUST(answer->headers_count + 2 <= ANSWER_HEADERS_MAX);
	answer->headers[answer->headers_count++] =
		(struct http_header){SPAN_LIT("Access-Control-Allow-Origin"), origin};
	answer->headers[answer->headers_count++] =
		(struct http_header)HTTP_HEADER("Vary", "Origin");
}

unsigned answer_http_status(enum status st)
{
	switch (st) {
	case ST_OK:
		return 200;
	case ST_BAD_REQUEST:
		return 400;
	case ST_UNAUTHORIZED:
		return 401;
	case ST_FORBIDDEN:
		return 403;
	case ST_NOT_FOUND:
		return 404;
	case ST_CONFLICT:
		return 409;
	case ST_TOO_LARGE:
		return 413;
	case ST_RATE_LIMITED:
		return 429;
	case ST_UNAVAILABLE:
	case ST_TIMEOUT:
	case ST_CANCELED:
		return 503;
	}
	MUST(0);
}

void answer_problem(struct net *net, struct conn_id conn, const struct problem *problem)
{
	unsigned http = problem->http != 0 ? problem->http : answer_http_status(problem->status);
	struct answer answer = {.status = http, .type = "application/problem+json"};
	char retry[24] = "";
	struct buf buf = {0};

	buf_fmt(&buf, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,\"code\":\"%s\"",
	        http_reason(http), http, status_code(problem->status));
	buf_text(&buf, ",\"detail\":");
	buf_json(&buf, span_of(problem->message != NULL ? problem->message
	                                                : wire_sentence(problem->status)));
	if (problem->retry_after_ms > 0) {
		int64_t seconds = (problem->retry_after_ms + SEC_MS - 1) / SEC_MS;

		buf_fmt(&buf, ",\"retry_after_ms\":%" PRId64, problem->retry_after_ms);
		(void)snprintf(retry, sizeof(retry), "%" PRId64, seconds);
		answer.headers[answer.headers_count++] =
			(struct http_header){SPAN_LIT("Retry-After"), span_of(retry)};
	}
	buf_char(&buf, '}');
	if (http == 401)
		answer.headers[answer.headers_count++] =
			(struct http_header){SPAN_LIT("WWW-Authenticate"), SPAN_LIT("Bearer")};
	answer_open_to(&answer, problem->origin);
	if (problem->allow != NULL)
		answer.headers[answer.headers_count++] =
			(struct http_header){SPAN_LIT("Allow"), span_of(problem->allow)};
	answer.body = (struct span){.ptr = buf.ptr, .len = buf.len};
	answer_send(net, conn, &answer);
	buf_fini(&buf);
}
