/* SPDX-License-Identifier: MIT */
/* /tickets: list, one, create, change, reply. */
#include <inttypes.h>

#include "adapter/api_call.h"
#include "base/must.h"
#include "proto/body.h"
#include "proto/view.h"

static bool list_start(struct api_call *call)
{
	call->call.kind = CALL_TICKETS;
	return api_query_read(call, &call->call.u.tickets.filter);
}

static void list_finish(struct api_call *call, struct answer *answer)
{
	struct buf *text = &call->text;

	(void)answer;
	buf_text(text, "{\"items\":[");
	for (size_t i = 0; i < call->call.u.tickets.count; i++) {
		if (i > 0)
			buf_char(text, ',');
		view_ticket(text, &call->call.u.tickets.items[i]);
	}
	buf_text(text, "],\"next\":");
	view_span(text, call->call.u.tickets.next);
	buf_char(text, '}');
}

static bool one_start(struct api_call *call)
{
	call->call.kind = CALL_TICKET;
	call->call.u.ticket.number.v = call->number;
	return true;
}

static void one_finish(struct api_call *call, struct answer *answer)
{
	struct buf *text = &call->text;

	(void)answer;
	buf_text(text, "{\"ticket\":");
	view_ticket(text, &call->call.u.ticket.ticket);
	buf_text(text, ",\"messages\":[");
	for (size_t i = 0; i < call->call.u.ticket.entries_count; i++) {
		if (i > 0)
			buf_char(text, ',');
		view_entry(text, &call->call.u.ticket.entries[i], AUDIENCE_AGENT);
	}
	buf_text(text, "],\"changes\":[");
	for (size_t i = 0; i < call->call.u.ticket.changes_count; i++) {
		if (i > 0)
			buf_char(text, ',');
		view_change(text, &call->call.u.ticket.changes[i]);
	}
	buf_text(text, "],\"context\":");
	if (call->call.u.ticket.context.len > 0)
		buf_span(text, call->call.u.ticket.context);
	else
		buf_text(text, "null");
	buf_char(text, '}');
}

typedef bool body_reader(struct fields *fields, struct span text, struct command *out);

static bool command_start(struct api_call *call, enum desk_call_kind kind, body_reader *read)
{
	struct fields fields = api_call_fields(call);
	struct command *command = &call->call.u.command.command;

	call->call.kind = kind;
	call->call.u.command.number.v = call->number;
	command->id = call->key;
	if (!read(&fields, call->request.body, command))
		return api_call_fail(call, fields.st, fields.wrong);
	return true;
}

static bool create_start(struct api_call *call)
{
	return command_start(call, CALL_TICKET_CREATE, body_open_read);
}

static void ticket_body(struct api_call *call)
{
	buf_text(&call->text, "{\"ticket\":");
	view_ticket(&call->text, &call->call.u.command.ticket);
	buf_char(&call->text, '}');
}

static void create_finish(struct api_call *call, struct answer *answer)
{
	answer->status = 201;
	buf_fmt(&call->header, "/api/v1/tickets/%" PRIu64, call->call.u.command.ticket.number.v);
	answer->headers[answer->headers_count++] = (struct http_header){
		SPAN_LIT("Location"), {.ptr = call->header.ptr, .len = call->header.len}};
	ticket_body(call);
}

static bool set_start(struct api_call *call)
{
	return command_start(call, CALL_TICKET_SET, body_set_read);
}

static void set_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	ticket_body(call);
}

static bool reply_start(struct api_call *call)
{
	return command_start(call, CALL_TICKET_REPLY, body_reply_read);
}

static void reply_finish(struct api_call *call, struct answer *answer)
{
	answer->status = 201;
	buf_fmt(&call->text, "{\"ticket\":%" PRIu64 ",\"seq\":%" PRIu64 ",\"at\":%" PRId64 "%s}",
	        call->number, call->call.u.command.seq, call->call.u.command.at,
	        call->call.u.command.duplicate ? ",\"duplicate\":true" : "");
}

const struct api_route API_TICKET_ROUTES[] = {
	{"/tickets", METHOD_GET, false, list_start, list_finish},
	{"/tickets", METHOD_POST, false, create_start, create_finish},
	{"/tickets/#", METHOD_GET, false, one_start, one_finish},
	{"/tickets/#", METHOD_PATCH, false, set_start, set_finish},
	{"/tickets/#/messages", METHOD_POST, false, reply_start, reply_finish},
};
const size_t API_TICKET_ROUTES_COUNT = ARRAY_LEN(API_TICKET_ROUTES);
