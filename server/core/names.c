/* SPDX-License-Identifier: MIT */
/* The words of the record and of the wire: one row an enumerator, both ways. */
#include "base/must.h"
#include "core/agent.h"
#include "core/entry.h"
#include "core/frame.h"
#include "core/rule.h"
#include "core/ticket.h"

static bool names_find(const char *const *names, size_t count, struct span text, unsigned *out)
{
	for (size_t i = 0; i < count; i++) {
		if (text.len > 0 && span_is(text, names[i])) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

/* NOLINTBEGIN(bugprone-macro-parentheses): names and types cannot stand in parentheses */
#define NAME_ROW(name, text) text,
#define NAMES(noun, type, value, TABLE)                              \
	static const char *const noun##_names[] = {TABLE(NAME_ROW)}; \
	const char *noun##_name(type value)                          \
	{                                                            \
		MUST((size_t)value < ARRAY_LEN(noun##_names));       \
		return noun##_names[value];                          \
	}
#define PARSER(noun)                                                               \
	bool noun##_parse(struct span text, enum noun *out)                        \
	{                                                                          \
		unsigned at;                                                       \
                                                                                   \
		if (!names_find(noun##_names, ARRAY_LEN(noun##_names), text, &at)) \
			return false;                                              \
		*out = (enum noun)at;                                              \
		return true;                                                       \
	}
/* NOLINTEND(bugprone-macro-parentheses) */

NAMES(ticket_status, enum ticket_status, status, TICKET_STATUS_TABLE)
PARSER(ticket_status)
NAMES(priority, enum priority, priority, PRIORITY_TABLE)
PARSER(priority)
NAMES(channel, enum channel, channel, CHANNEL_TABLE)
PARSER(channel)
NAMES(resolution, enum resolution, resolution, RESOLUTION_TABLE)
PARSER(resolution)
NAMES(stopped, enum stopped, stopped, STOPPED_TABLE)
PARSER(stopped)
NAMES(approval, enum approval, approval, APPROVAL_TABLE)
PARSER(approval)
NAMES(role, enum role, role, ROLE_TABLE)
PARSER(role)
NAMES(entry_kind, enum entry_kind, kind, ENTRY_KIND_TABLE)
PARSER(entry_kind)
NAMES(event, enum event, event, EVENT_TABLE)
PARSER(event)
NAMES(agent_role, enum agent_role, role, AGENT_ROLE_TABLE)
PARSER(agent_role)
NAMES(presence, enum presence, presence, PRESENCE_TABLE)
PARSER(presence)
NAMES(token_scope, enum token_scope, scope, TOKEN_SCOPE_TABLE)
PARSER(token_scope)
#define RULE_NAME_ROW(name, text, timed) text,
#define RULE_NAME_TABLE(X)               RULE_EVENT_TABLE(RULE_NAME_ROW)
NAMES(rule_event, enum rule_event, event, RULE_NAME_TABLE)
PARSER(rule_event)
NAMES(rule_notify, enum rule_notify, notify, RULE_NOTIFY_TABLE)
PARSER(rule_notify)

bool rule_event_is_timed(enum rule_event event)
{
	static const bool timed[] = {
#define RULE_ROW(name, text, is_timed) is_timed,
		RULE_EVENT_TABLE(RULE_ROW)
#undef RULE_ROW
	};

	MUST((size_t)event < ARRAY_LEN(timed));
	return timed[event];
}

NAMES(frame_out, enum frame_out_type, type, FRAME_OUT_TABLE)

const char *frame_in_name(enum frame_in_type type)
{
	static const char *const names[] = {
#define FRAME_ROW(name, text, visitor, agent, id) text,
		FRAME_IN_TABLE(FRAME_ROW)
#undef FRAME_ROW
	};

	MUST((size_t)type < ARRAY_LEN(names));
	return names[type];
}

const char *chat_state_name(enum chat_state state)
{
	static const char *const names[] = {"none", "waiting", "active", "closed"};

	MUST((size_t)state < ARRAY_LEN(names));
	return names[state];
}
