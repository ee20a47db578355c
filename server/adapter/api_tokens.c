/* SPDX-License-Identifier: MIT */
/* /tokens: the API tokens of whoever asks, for administrators those of others too. */
#include <inttypes.h>

#include "adapter/api_call.h"
#include "adapter/api_token_view.h"
#include "base/must.h"
#include "proto/body.h"
#include "proto/view.h"

void api_token_view(struct buf *text, const struct api_token *token)
{
	buf_fmt(text, "{\"id\":%" PRIu64 ",\"agent\":%" PRIu64 ",\"label\":", token->id,
	        token->agent.v);
	buf_json(text, span_of(token->label));
	buf_fmt(text, ",\"scope\":\"%s\",\"created_at\":", token_scope_name(token->scope));
	view_time(text, token->created_at);
	buf_text(text, ",\"expires_at\":");
	view_time(text, token->expires_at);
	buf_text(text, ",\"used_at\":");
	view_time(text, token->used_at);
	buf_fmt(text, ",\"sockets\":%u}", token->sockets);
}

static bool list_start(struct api_call *call)
{
	struct ticket_filter read;

	if (!api_query_read(call, &read) || !api_page_read(call))
		return false;
	if (read.unassigned)
		return api_call_fail(call, ST_BAD_REQUEST,
		                     "The `agent` must be the number of an agent, or me.");
	call->call.kind = CALL_TOKENS;
	call->call.u.tokens.agent = read.agent;
	return true;
}

static void list_item(struct api_call *call, size_t i)
{
	api_token_view(&call->text, &call->call.u.tokens.items[i]);
}

static void list_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	api_page_view(call, call->call.u.tokens.count, list_item);
}

static bool create_start(struct api_call *call)
{
	struct fields fields = api_call_fields(call);
	struct body_token body = {0};

	if (!body_token_new_read(&fields, call->request.body, &body))
		return api_call_fail(call, fields.st, fields.wrong);
	call->call.kind = CALL_TOKEN_CREATE;
	call->call.u.token_create.label = body.label;
	call->call.u.token_create.scope = body.scope;
	call->call.u.token_create.days = body.days;
	return true;
}

static void create_finish(struct api_call *call, struct answer *answer)
{
	answer->status = 201;
	buf_text(&call->text, "{\"secret\":");
	buf_json(&call->text, span_of(call->call.u.token_create.secret));
	buf_text(&call->text, ",\"token\":");
	api_token_view(&call->text, &call->call.u.token_create.token);
	buf_char(&call->text, '}');
}

static bool label_start(struct api_call *call)
{
	struct fields fields = api_call_fields(call);
	struct body_token body = {0};

	if (!body_token_change_read(&fields, call->request.body, &body))
		return api_call_fail(call, fields.st, fields.wrong);
	call->call.kind = CALL_TOKEN_LABEL;
	call->call.u.token.id = call->number;
	call->call.u.token.label = body.label;
	return true;
}

static void label_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	buf_text(&call->text, "{\"token\":");
	api_token_view(&call->text, &call->call.u.token.token);
	buf_char(&call->text, '}');
}

static bool end_start(struct api_call *call)
{
	call->call.kind = CALL_TOKEN_END;
	call->call.u.token.id = call->number;
	return true;
}

static void end_finish(struct api_call *call, struct answer *answer)
{
	(void)call;
	answer->status = 204;
}

const struct api_route API_TOKEN_ROUTES[] = {
	{"/tokens", METHOD_GET, false, list_start, list_finish},
	{"/tokens", METHOD_POST, false, create_start, create_finish},
	{"/tokens/#", METHOD_PATCH, false, label_start, label_finish},
	{"/tokens/#", METHOD_DELETE, false, end_start, end_finish},
};
const size_t API_TOKEN_ROUTES_COUNT = ARRAY_LEN(API_TOKEN_ROUTES);
