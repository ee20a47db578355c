/* SPDX-License-Identifier: MIT */
/* /agents: an administrator's list of colleagues, a new one, and what is changed of one. */
#include <inttypes.h>

#include "adapter/api_call.h"
#include "base/must.h"
#include "proto/body.h"
#include "proto/view.h"

static bool may_administer(struct api_call *call)
{
	if (call->call.who.agent.role == AGENT_ROLE_ADMIN)
		return true;
	return api_call_fail(call, ST_FORBIDDEN,
	                     "This is for administrators; your role is another one.");
}

static void agent_view(struct buf *text, const struct agent *agent)
{
	buf_fmt(text, "{\"id\":%" PRIu64 ",\"name\":", agent->id.v);
	view_text(text, agent->name);
	buf_text(text, ",\"email\":");
	view_text(text, agent->email);
	buf_fmt(text, ",\"tier\":%d,\"role\":\"%s\",\"disabled\":", agent->tier,
	        agent_role_name(agent->role));
	buf_text(text, agent->disabled ? "true" : "false");
	buf_text(text, ",\"must_change_password\":");
	buf_text(text, agent->must_change_password ? "true" : "false");
	buf_text(text, ",\"created_at\":");
	view_time(text, agent->created_at);
	buf_char(text, '}');
}

static bool list_start(struct api_call *call)
{
	call->call.kind = CALL_AGENTS;
	return may_administer(call) && api_page_read(call);
}

static void list_item(struct api_call *call, size_t i)
{
	agent_view(&call->text, &call->call.u.agents.items[i]);
}

static void list_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	api_page_view(call, call->call.u.agents.count, list_item);
}

static bool add_start(struct api_call *call)
{
	struct fields fields = api_call_fields(call);
	struct body_agent body = {0};
	struct agent *agent = &call->call.u.agent_add.agent;

	if (!may_administer(call))
		return false;
	if (!body_agent_new_read(&fields, call->request.body, &body))
		return api_call_fail(call, fields.st, fields.wrong);
	call->call.kind = CALL_AGENT_ADD;
	call->call.u.agent_add.password = body.password;
	(void)span_copy(agent->email, sizeof(agent->email), body.email);
	(void)span_copy(agent->name, sizeof(agent->name), body.name);
	agent->tier = body.tier;
	agent->must_change_password = true;
	if (body.role.len > 0)
		(void)agent_role_parse(body.role, &agent->role);
	return true;
}

static void add_finish(struct api_call *call, struct answer *answer)
{
	answer->status = 201;
	buf_text(&call->text, "{\"agent\":");
	agent_view(&call->text, &call->call.u.agent_add.agent);
	buf_char(&call->text, '}');
}

static bool change_start(struct api_call *call)
{
	struct fields fields = api_call_fields(call);
	struct body_agent body = {0};
	struct agent_change *change = &call->call.u.agent_change.change;

	if (!may_administer(call))
		return false;
	if (!body_agent_change_read(&fields, call->request.body, &body))
		return api_call_fail(call, fields.st, fields.wrong);
	call->call.kind = CALL_AGENT_CHANGE;
	call->call.u.agent_change.id.v = call->number;
	change->name = body.name;
	change->password = body.password;
	change->tier = body.tier;
	change->has_role = body.role.len > 0 && agent_role_parse(body.role, &change->role);
	change->has_disabled = body.disabled || body.enabled;
	change->disabled = body.disabled;
	change->revoke = body.revoke;
	return true;
}

static void change_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	buf_text(&call->text, "{\"agent\":");
	agent_view(&call->text, &call->call.u.agent_change.agent);
	buf_char(&call->text, '}');
}

const struct api_route API_AGENT_ROUTES[] = {
	{"/agents", METHOD_GET, false, list_start, list_finish},
	{"/agents", METHOD_POST, false, add_start, add_finish},
	{"/agents/#", METHOD_PATCH, false, change_start, change_finish},
};
const size_t API_AGENT_ROUTES_COUNT = ARRAY_LEN(API_AGENT_ROUTES);
