/* SPDX-License-Identifier: MIT */
/* /customers: who asks, found by name or e-mail address. */
#include <inttypes.h>

#include "adapter/api_call.h"
#include "base/must.h"
#include "proto/view.h"

static bool list_start(struct api_call *call)
{
	call->call.kind = CALL_CUSTOMERS;
	return api_query_read_customers(call, &call->call.u.customers.filter);
}

static void customer_view(struct buf *text, const struct store_customer *customer)
{
	buf_fmt(text, "{\"number\":%" PRIu64 ",\"name\":", customer->number.v);
	view_text(text, customer->name);
	buf_text(text, ",\"email\":");
	view_text(text, customer->email);
	buf_fmt(text, ",\"verified\":%s,\"tickets\":%u,\"open\":%u,\"last_asked_at\":",
	        customer->verified ? "true" : "false", customer->tickets, customer->open);
	view_time(text, customer->last_asked_at);
	buf_char(text, '}');
}

static void list_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	buf_text(&call->text, "{\"items\":[");
	for (size_t i = 0; i < call->call.u.customers.count; i++) {
		if (i > 0)
			buf_char(&call->text, ',');
		customer_view(&call->text, &call->call.u.customers.items[i]);
	}
	buf_text(&call->text, "],\"next\":");
	view_span(&call->text, call->call.u.customers.next);
	buf_char(&call->text, '}');
}

const struct api_route API_CUSTOMER_ROUTES[] = {
	{"/customers", METHOD_GET, false, list_start, list_finish},
};
const size_t API_CUSTOMER_ROUTES_COUNT = ARRAY_LEN(API_CUSTOMER_ROUTES);
