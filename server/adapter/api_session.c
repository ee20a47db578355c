/* SPDX-License-Identifier: MIT */
/* /session, /agents and /policy: log in, who am I, log out, who is there, what the desk runs by. */
#include <inttypes.h>

#include "adapter/api_call.h"
#include "base/must.h"
#include "proto/body.h"
#include "proto/guide.h"
#include "proto/view.h"

static bool login_start(struct api_call *call)
{
	struct fields fields = api_call_fields(call);
	struct body_login body = {0};

	if (!body_login_read(&fields, call->request.body, &body))
		return api_call_fail(call, fields.st, fields.wrong);
	call->call.kind = CALL_LOGIN;
	call->call.u.login.email = body.email;
	call->call.u.login.password = body.password;
	return true;
}

/* SameSite=Strict keeps it at home; no script ever sees it. */
static void cookie(struct api_call *call, struct answer *answer, const char *value, int64_t age_s)
{
	const struct gate *gate = *call->api->ports.gate;

	buf_fmt(&call->header, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%" PRId64 "%s",
	        api_cookie_name(gate), value, age_s, gate_is_secure(gate) ? "; Secure" : "");
	answer->headers[answer->headers_count++] = (struct http_header){
		SPAN_LIT("Set-Cookie"), {.ptr = call->header.ptr, .len = call->header.len}};
}

static void agent_body(struct api_call *call, const struct agent *agent)
{
	buf_text(&call->text, "{\"agent\":");
	view_self(&call->text, agent);
	buf_char(&call->text, '}');
}

static void login_finish(struct api_call *call, struct answer *answer)
{
	wall_ms now = net_now(call->api->ports.net);

	cookie(call, answer, call->call.u.login.secret,
	       (call->call.u.login.expires_at - now) / SEC_MS);
	agent_body(call, &call->call.u.login.agent);
}

static void who_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	agent_body(call, &call->call.who.agent);
}

static bool password_start(struct api_call *call)
{
	struct fields fields = api_call_fields(call);
	struct body_password body = {0};

	if (!body_password_read(&fields, call->request.body, &body))
		return api_call_fail(call, fields.st, fields.wrong);
	call->call.kind = CALL_PASSWORD;
	call->call.u.password.old = body.password;
	call->call.u.password.fresh = body.new_password;
	return true;
}

static void password_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	call->call.who.agent.must_change_password = false;
	agent_body(call, &call->call.who.agent);
}

static bool logout_start(struct api_call *call)
{
	call->call.kind = CALL_LOGOUT;
	return true;
}

static void logout_finish(struct api_call *call, struct answer *answer)
{
	answer->status = 204;
	if (call->call.who.kind == SESSION_LOGIN)
		cookie(call, answer, "", 0);
}

static bool online_start(struct api_call *call)
{
	call->call.kind = CALL_AGENTS_ONLINE;
	return api_page_read(call);
}

static void online_item(struct api_call *call, size_t i)
{
	const struct online_agent *agent = &call->call.u.online.items[i];
	struct buf *text = &call->text;

	buf_fmt(text, "{\"id\":%" PRIu64 ",\"name\":", agent->id.v);
	buf_json(text, span_of(agent->name));
	buf_fmt(text, ",\"tier\":%d,\"state\":\"%s\",\"load\":%d,\"capacity\":%d", agent->tier,
	        presence_name(agent->state), agent->load, agent->capacity);
	buf_text(text, ",\"reason\":");
	view_text(text, agent->reason);
	buf_text(text, ",\"since\":");
	view_time(text, agent->since);
	buf_char(text, '}');
}

static void online_finish(struct api_call *call, struct answer *answer)
{
	(void)answer;
	api_page_view(call, call->call.u.online.count, online_item);
}

static void reload_view(struct buf *text, const struct reload_report *reload)
{
	buf_text(text, ",\"last_reload\":");
	if (reload->at == 0) {
		buf_text(text, "null");
		return;
	}
	buf_fmt(text, "{\"at\":%" PRId64 ",\"ok\":%s,\"message\":", reload->at,
	        reload->ok ? "true" : "false");
	view_text(text, reload->why);
	buf_fmt(text, ",\"mistakes\":%zu,\"errors\":[", reload->mistakes.mistakes);
	for (size_t i = 0; i < reload->mistakes.count; i++) {
		const struct policy_mistake *mistake = &reload->mistakes.items[i];

		buf_text(text, i > 0 ? ",{\"path\":" : "{\"path\":");
		buf_json(text, span_of(mistake->path));
		buf_text(text, ",\"message\":");
		buf_json(text, span_of(mistake->sentence));
		buf_fmt(text, ",\"warning\":%s}", mistake->warning ? "true" : "false");
	}
	buf_text(text, "]}");
}

/* What agents read of the policy: tiers and whom to ask there, ready-made replies. */
static void policy_finish(struct api_call *call, struct answer *answer)
{
	struct desk *desk = call->api->ports.desk;
	const struct policy *policy = desk->ops->policy(desk);

	if (policy == NULL) {
		answer->status = 503; /* the desk is starting */
		return;
	}
	guide_json_open(policy, net_now(call->api->ports.net), GUIDE_AGENT, &call->text);
	if (call->call.who.agent.role == AGENT_ROLE_ADMIN)
		reload_view(&call->text, call->api->ports.reload);
	buf_text(&call->text, "}\n");
}

const struct api_route API_SESSION_ROUTES[] = {
	{"/session", METHOD_POST, true, login_start, login_finish},
	{"/session", METHOD_GET, false, NULL, who_finish},
	{"/session", METHOD_PATCH, false, password_start, password_finish},
	{"/session", METHOD_DELETE, false, logout_start, logout_finish},
	{"/agents/online", METHOD_GET, false, online_start, online_finish},
	{"/policy", METHOD_GET, false, NULL, policy_finish},
};
const size_t API_SESSION_ROUTES_COUNT = ARRAY_LEN(API_SESSION_ROUTES);
