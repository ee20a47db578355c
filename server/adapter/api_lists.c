/* SPDX-License-Identifier: MIT */
/* /lists: lists of tickets that whoever asks has saved. */
#include <inttypes.h>

#include "adapter/api_call.h"
#include "base/must.h"
#include "proto/body.h"
#include "proto/view.h"

static void list_view(struct buf *text, const struct saved_list *list)
{
	buf_fmt(text, "{\"id\":%" PRIu64 ",\"name\":", list->id);
	buf_json(text, span_of(list->name));
	buf_text(text, ",\"query\":");
	buf_json(text, span_of(list->query));
	buf_char(text, '}');
}

static bool read_start(struct api_call *call)
{
	call->call.kind = CALL_LISTS;
	return api_page_read(call);
}

static void read_item(struct api_call *call, size_t i)
{
	list_view(&call->text, &call->call.u.lists.items[i]);
}

static void read_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	api_page_view(call, call->call.u.lists.count, read_item);
}

static bool put_start(struct api_call *call)
{
	struct fields fields = api_call_fields(call);
	struct body_list body = {0};
	struct saved_list *list = &call->call.u.list;

	if (!body_list_read(&fields, call->request.body, &body))
		return api_call_fail(call, fields.st, fields.wrong);
	call->call.kind = CALL_LIST_PUT;
	(void)span_copy(list->name, sizeof(list->name), body.name);
	(void)span_copy(list->query, sizeof(list->query), body.query);
	return true;
}

static void put_finish(struct api_call *call, struct answer *answer)
{
	answer->status = 201;
	buf_text(&call->text, "{\"list\":");
	list_view(&call->text, &call->call.u.list);
	buf_char(&call->text, '}');
}

static bool end_start(struct api_call *call)
{
	call->call.kind = CALL_LIST_END;
	call->call.u.list.id = call->number;
	return true;
}

static void end_finish(struct api_call *call, struct answer *answer)
{
	(void)call;
	answer->status = 204;
}

const struct api_route API_LIST_ROUTES[] = {
	{"/lists", METHOD_GET, false, read_start, read_finish},
	{"/lists", METHOD_POST, false, put_start, put_finish},
	{"/lists/#", METHOD_DELETE, false, end_start, end_finish},
};
const size_t API_LIST_ROUTES_COUNT = ARRAY_LEN(API_LIST_ROUTES);
