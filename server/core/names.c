/* SPDX-License-Identifier: MIT */
/* The words of the record and of the wire: one row an enumerator, both ways. */
#include "base/must.h"
#include "core/agent.h"
#include "core/entry.h"
#include "core/frame.h"
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

#define NAME_ROW(name, text) text,
#define NAMES(noun, type, TABLE)                                     \
	static const char *const noun##_names[] = {TABLE(NAME_ROW)}; \
	const char *noun##_name(type value)                          \
	{                                                            \
		MUST((size_t)value < ARRAY_LEN(noun##_names));       \
		return noun##_names[value];                          \
	}
#define PARSER(noun, type)                                                         \
	bool noun##_parse(struct span text, type *out)                             \
	{                                                                          \
		unsigned at;                                                       \
                                                                                   \
		if (!names_find(noun##_names, ARRAY_LEN(noun##_names), text, &at)) \
			return false;                                              \
		*out = (type)at;                                                   \
		return true;                                                       \
	}

NAMES(ticket_status, enum ticket_status, TICKET_STATUS_TABLE)
PARSER(ticket_status, enum ticket_status)
NAMES(priority, enum priority, PRIORITY_TABLE)
PARSER(priority, enum priority)
NAMES(channel, enum channel, CHANNEL_TABLE)
PARSER(channel, enum channel)
NAMES(resolution, enum resolution, RESOLUTION_TABLE)
PARSER(resolution, enum resolution)
NAMES(role, enum role, ROLE_TABLE)
PARSER(role, enum role)
NAMES(entry_kind, enum entry_kind, ENTRY_KIND_TABLE)
PARSER(entry_kind, enum entry_kind)
NAMES(event, enum event, EVENT_TABLE)
PARSER(event, enum event)
NAMES(agent_role, enum agent_role, AGENT_ROLE_TABLE)
PARSER(agent_role, enum agent_role)
NAMES(presence, enum presence, PRESENCE_TABLE)
PARSER(presence, enum presence)
NAMES(frame_out, enum frame_out_type, FRAME_OUT_TABLE)

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
