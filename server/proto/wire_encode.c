/* SPDX-License-Identifier: MIT */
/* Frames to the wire, written by hand: they are the hot path. One function a type. */
#include "base/must.h"
#include "proto/view.h"
#include "proto/wire.h"

const char *wire_sentence(enum status st)
{
	switch (st) {
	case ST_OK:
		return "Done.";
	case ST_BAD_REQUEST:
		return "This is not what was expected here.";
	case ST_UNAUTHORIZED:
		return "Please log in.";
	case ST_FORBIDDEN:
		return "You may not do this.";
	case ST_NOT_FOUND:
		return "There is no such thing, or it is not yours to see.";
	case ST_CONFLICT:
		return "This does not fit what happened in the meantime.";
	case ST_TOO_LARGE:
		return "This is too long.";
	case ST_RATE_LIMITED:
		return "Too much at once; please wait a moment.";
	case ST_UNAVAILABLE:
	case ST_TIMEOUT:
	case ST_CANCELED:
		return "This does not work at the moment; please try again.";
	}
	MUST(0);
}

static void member_u64(struct buf *buf, const char *member, uint64_t value)
{
	if (value == 0)
		return;
	buf_text(buf, member);
	buf_u64(buf, value);
}

static void member_text(struct buf *buf, const char *member, const char *text)
{
	buf_text(buf, member);
	view_text(buf, text);
}

/* What the visitor may count on while the chat lives. */
static void promise_members(struct buf *buf, const struct chat_status *chat)
{
	buf_text(buf, ",\"first_response_due\":");
	view_time(buf, chat->first_response_due);
	buf_text(buf, ",\"resolution_due\":");
	view_time(buf, chat->resolution_due);
	member_text(buf, ",\"priority\":", priority_name(chat->priority));
	buf_text(buf, chat->immediate ? ",\"immediate\":true" : ",\"immediate\":false");
	buf_text(buf, chat->may_leave ? ",\"may_leave\":true" : ",\"may_leave\":false");
	buf_text(buf, chat->kept ? ",\"kept\":true" : ",\"kept\":false");
}

/* The members of a status, behind the first. */
static void chat_members(struct buf *buf, const struct chat_status *chat)
{
	buf_text(buf, "\"ticket\":");
	buf_u64(buf, chat->ticket.v);
	member_text(buf, ",\"state\":", chat_state_name(chat->state));
	buf_text(buf, ",\"tier\":");
	buf_i64(buf, chat->tier);
	if (chat->state == CHAT_WAITING) {
		buf_text(buf, ",\"position\":");
		view_time(buf, chat->position);
		buf_text(buf, ",\"eta_s\":");
		if (chat->eta_s < 0)
			buf_text(buf, "null");
		else
			buf_i64(buf, chat->eta_s);
		buf_text(buf, chat->nobody ? ",\"on_duty\":false" : ",\"on_duty\":true");
	}
	if (chat->state == CHAT_ACTIVE) {
		member_text(buf, ",\"agent\":{\"name\":", chat->agent_name);
		buf_char(buf, '}');
	}
	if (chat->nobody || chat->opens_at != 0) {
		buf_text(buf, ",\"opens_at\":");
		view_time(buf, chat->opens_at);
	}
	if (chat->state == CHAT_CLOSED)
		buf_text(buf, chat->survey ? ",\"survey\":true" : ",\"survey\":false");
	else
		promise_members(buf, chat);
}

static void welcome_visitor(struct buf *buf, const struct frame_out *frame)
{
	const struct desk_hours *desk = &frame->u.welcome_visitor.desk;
	const struct chat_status *chat = &frame->u.welcome_visitor.chat;

	buf_text(buf, ",\"protocol\":1");
	member_text(buf, ",\"token\":", frame->u.welcome_visitor.token);
	member_text(buf, ",\"desk\":{\"name\":", desk->name);
	buf_text(buf, desk->open ? ",\"open\":true" : ",\"open\":false");
	buf_text(buf, ",\"opens_at\":");
	view_time(buf, desk->opens_at);
	buf_text(buf, ",\"first_response_s\":");
	view_time(buf, desk->first_response_s);
	buf_text(buf, desk->limited ? ",\"limited\":true" : ",\"limited\":false");
	buf_text(buf, desk->ask_flags ? ",\"ask_flags\":true" : ",\"ask_flags\":false");
	if (desk->zone != NULL)
		member_text(buf, ",\"zone\":", desk->zone);
	buf_text(buf, "},\"chat\":");
	if (chat->state == CHAT_NONE) {
		buf_text(buf, "null");
	} else {
		buf_char(buf, '{');
		chat_members(buf, chat);
		buf_char(buf, '}');
	}
	buf_text(buf, ",\"limits\":{\"message_bytes\":");
	buf_u64(buf, frame->u.welcome_visitor.message_bytes);
	buf_char(buf, '}');
}

static void welcome_agent(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"protocol\":1,\"agent\":");
	view_agent(buf, frame->u.welcome_agent.agent);
	member_text(buf, ",\"presence\":", presence_name(frame->u.welcome_agent.presence));
	member_text(buf, ",\"reason\":", frame->u.welcome_agent.reason);
	buf_text(buf, ",\"since\":");
	view_time(buf, frame->u.welcome_agent.since);
	buf_text(buf, ",\"now\":");
	view_time(buf, frame->u.welcome_agent.now);
	buf_text(buf, ",\"capacity\":");
	buf_i64(buf, frame->u.welcome_agent.capacity);
	buf_text(buf, ",\"chats\":[");
	for (size_t i = 0; i < frame->u.welcome_agent.chats_count; i++) {
		if (i > 0)
			buf_char(buf, ',');
		view_ticket(buf, &frame->u.welcome_agent.chats[i]);
	}
	buf_text(buf, "],\"queue\":");
	view_queue(buf, frame->u.welcome_agent.queue, TIER_MAX);
	buf_text(buf, ",\"limits\":{\"message_bytes\":");
	buf_u64(buf, frame->u.welcome_agent.message_bytes);
	buf_text(buf, ",\"undo_s\":");
	buf_i64(buf, frame->u.welcome_agent.undo_s);
	buf_char(buf, '}');
}

static void presence(struct buf *buf, const struct frame_out *frame)
{
	member_text(buf, ",\"state\":", presence_name(frame->u.presence.state));
	member_text(buf, ",\"reason\":", frame->u.presence.reason);
	buf_text(buf, ",\"since\":");
	view_time(buf, frame->u.presence.since);
	buf_text(buf, ",\"capacity\":");
	buf_i64(buf, frame->u.presence.capacity);
}

static void ack(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"id\":");
	buf_json(buf, frame->u.ack.id);
	member_u64(buf, ",\"ticket\":", frame->u.ack.ticket.v);
	if (frame->u.ack.seq != 0) {
		member_u64(buf, ",\"seq\":", frame->u.ack.seq);
		buf_text(buf, ",\"at\":");
		buf_i64(buf, frame->u.ack.at);
	}
	if (frame->u.ack.duplicate)
		buf_text(buf, ",\"duplicate\":true");
}

static void error(struct buf *buf, const struct frame_out *frame)
{
	const char *sentence = frame->u.error.message;

	if (frame->u.error.id.len > 0) {
		buf_text(buf, ",\"id\":");
		buf_json(buf, frame->u.error.id);
	}
	member_text(buf, ",\"code\":", status_code(frame->u.error.status));
	if (sentence == NULL)
		sentence = wire_sentence(frame->u.error.status);
	member_text(buf, ",\"message\":", sentence);
	if (frame->u.error.retry_after_ms > 0) {
		buf_text(buf, ",\"retry_after_ms\":");
		buf_i64(buf, frame->u.error.retry_after_ms);
	}
}

static void message(struct buf *buf, const struct frame_out *frame)
{
	buf_char(buf, ',');
	view_entry_members(buf, frame->u.message.entry, frame->u.message.audience);
	if (frame->u.message.show_id)
		view_entry_id(buf, frame->u.message.entry);
}

static void status(struct buf *buf, const struct frame_out *frame)
{
	buf_char(buf, ',');
	chat_members(buf, &frame->u.status);
}

static void typing(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.typing.ticket.v);
	member_text(buf, ",\"from\":{\"role\":", role_name(frame->u.typing.role));
	member_text(buf, ",\"name\":", frame->u.typing.name);
	buf_text(buf, frame->u.typing.on ? "},\"on\":true" : "},\"on\":false");
}

static void read_mark(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.read.ticket.v);
	buf_text(buf, ",\"seq\":");
	buf_u64(buf, frame->u.read.seq);
}

static void offer(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"ticket\":");
	view_ticket(buf, frame->u.offer.ticket);
	buf_text(buf, ",\"messages\":[");
	for (size_t i = 0; i < frame->u.offer.entries_count; i++) {
		if (i > 0)
			buf_char(buf, ',');
		view_entry(buf, &frame->u.offer.entries[i], AUDIENCE_AGENT);
	}
	buf_text(buf, "],\"expires_at\":");
	buf_i64(buf, frame->u.offer.expires_at);
}

static void assigned(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"ticket\":");
	view_ticket(buf, frame->u.assigned.ticket);
	member_text(buf, ",\"reason\":", frame->u.assigned.reason);
}

static void unassigned(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.assigned.ticket->number.v);
	member_text(buf, ",\"reason\":", frame->u.assigned.reason);
}

static void ticket(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"ticket\":");
	view_ticket(buf, frame->u.ticket.ticket);
}

static void queue(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"tiers\":");
	view_queue(buf, frame->u.queue.rows, TIER_MAX);
}

static void escalated(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.escalated.ticket.v);
	buf_text(buf, ",\"from\":");
	buf_i64(buf, frame->u.escalated.from);
	buf_text(buf, ",\"to\":");
	buf_i64(buf, frame->u.escalated.to);
	buf_text(buf, ",\"reason\":");
	view_span(buf, frame->u.escalated.reason);
}

static void target(struct buf *buf, bool resolution, const char *milestone)
{
	buf_text(buf, ",\"target\":");
	if (milestone != NULL && milestone[0] != '\0') {
		buf_text(buf, "\"milestone\",\"milestone\":");
		buf_json(buf, span_of(milestone));
	} else {
		view_text(buf, resolution ? "resolution" : "first_response");
	}
}

static void due(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.due.ticket.v);
	target(buf, frame->u.due.resolution, frame->u.due.milestone);
	buf_text(buf, ",\"at\":");
	buf_i64(buf, frame->u.due.at);
	buf_text(buf, ",\"level\":");
	view_text(buf, frame->u.due.breached ? "breach" : "warning");
}

static void alert(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.alert.ticket.v);
	buf_text(buf, ",\"level\":");
	view_text(buf, frame->u.alert.page ? "page" : "notice");
	buf_text(buf, frame->u.alert.emergency ? ",\"emergency\":true" : ",\"emergency\":false");
	buf_text(buf, ",\"rule\":");
	view_text(buf, frame->u.alert.rule);
	buf_text(buf, ",\"to\":");
	view_text(buf, frame->u.alert.to);
	buf_text(buf, ",\"why\":");
	view_text(buf, frame->u.alert.why);
}

static void alerts(struct buf *buf, const struct frame_out *frame)
{
	static const char *const levels[] = {[LEVEL_WARNING] = "warning",
	                                     [LEVEL_BREACH] = "breach",
	                                     [LEVEL_NOTICE] = "notice",
	                                     [LEVEL_PAGE] = "page"};

	buf_text(buf, ",\"items\":[");
	for (size_t i = 0; i < frame->u.alerts.count; i++) {
		const struct alert_count *item = &frame->u.alerts.items[i];

		member_text(buf, i > 0 ? ",{\"level\":" : "{\"level\":", levels[item->level]);
		if (item->level == LEVEL_WARNING || item->level == LEVEL_BREACH)
			target(buf, item->resolution, item->what);
		else
			member_text(buf, ",\"rule\":", item->what);
		member_u64(buf, ",\"tickets\":", item->tickets);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void page(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.page.ticket.v);
	buf_text(buf, ",\"url\":");
	view_span(buf, frame->u.page.url);
	buf_text(buf, ",\"title\":");
	view_span(buf, frame->u.page.title);
}

static void ping(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"seq\":");
	buf_u64(buf, frame->u.ping.seq);
}

static void viewers(struct buf *buf, const struct frame_out *frame)
{
	member_u64(buf, ",\"ticket\":", frame->u.viewers.ticket.v);
	buf_text(buf, ",\"agents\":[");
	for (size_t i = 0; i < frame->u.viewers.count; i++) {
		const struct viewer *viewer = &frame->u.viewers.items[i];

		member_u64(buf, i > 0 ? ",{\"id\":" : "{\"id\":", viewer->agent.v);
		member_text(buf, ",\"name\":", viewer->name);
		buf_text(buf, viewer->typing ? ",\"typing\":true}" : ",\"typing\":false}");
	}
	buf_char(buf, ']');
}

/* Its type says it. */
static void nothing(struct buf *buf, const struct frame_out *frame)
{
	(void)buf;
	(void)frame;
}

static void bye(struct buf *buf, const struct frame_out *frame)
{
	buf_text(buf, ",\"retry_after_ms\":");
	buf_i64(buf, frame->u.bye.retry_after_ms);
}

void wire_encode(struct buf *buf, const struct frame_out *frame)
{
	static void (*const members[])(struct buf * buf, const struct frame_out *frame) = {
		[OUT_WELCOME_VISITOR] = welcome_visitor,
		[OUT_WELCOME_AGENT] = welcome_agent,
		[OUT_ACK] = ack,
		[OUT_ERROR] = error,
		[OUT_MESSAGE] = message,
		[OUT_STATUS] = status,
		[OUT_TYPING] = typing,
		[OUT_READ] = read_mark,
		[OUT_OFFER] = offer,
		[OUT_ASSIGNED] = assigned,
		[OUT_UNASSIGNED] = unassigned,
		[OUT_TICKET] = ticket,
		[OUT_QUEUE] = queue,
		[OUT_ESCALATED] = escalated,
		[OUT_DUE] = due,
		[OUT_ALERT] = alert,
		[OUT_PAGE] = page,
		[OUT_PING] = ping,
		[OUT_BYE] = bye,
		[OUT_VIEWERS] = viewers,
		[OUT_PRESENCE] = presence,
		[OUT_ALERTS] = alerts,
		[OUT_LISTS] = nothing,
	};

	MUST((size_t)frame->type < ARRAY_LEN(members));
	buf_text(buf, "{\"type\":\"");
	buf_text(buf, frame_out_name(frame->type));
	buf_char(buf, '"');
	members[frame->type](buf, frame);
	buf_char(buf, '}');
}

/* true: the buffer holds it up to the members that differ. What an event says differs before. */
static bool is_said(const struct frame_out *frame, const struct wire_said *said)
{
	const struct entry *entry = frame->u.message.entry;

	return said->seq != 0 && said->seq == entry->seq && said->ticket == entry->ticket.v &&
	       said->at == entry->at &&
	       said->prev == view_entry_prev(entry, frame->u.message.audience);
}

void wire_say(struct buf *buf, const struct frame_out *frame, struct wire_said *said)
{
	const struct entry *entry = frame->u.message.entry;

	if (frame->type != OUT_MESSAGE || entry->kind == ENTRY_EVENT) {
		said->seq = 0;
		buf_reset(buf);
		wire_encode(buf, frame);
		return;
	}
	if (is_said(frame, said)) {
		buf_cut(buf, said->len);
	} else {
		buf_reset(buf);
		buf_text(buf, "{\"type\":\"message\",");
		view_entry_members(buf, entry, frame->u.message.audience);
		*said = (struct wire_said){
			.ticket = entry->ticket.v,
			.seq = entry->seq,
			.prev = view_entry_prev(entry, frame->u.message.audience),
			.at = entry->at,
			.len = buf->len,
		};
	}
	if (frame->u.message.show_id)
		view_entry_id(buf, entry);
	buf_char(buf, '}');
}
