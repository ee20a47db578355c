/* SPDX-License-Identifier: MIT */
#include "proto/view.h"

#include "core/links.h"

void view_span(struct buf *buf, struct span text)
{
	if (text.len == 0)
		buf_text(buf, "null");
	else
		buf_json(buf, text);
}

void view_text(struct buf *buf, const char *text)
{
	view_span(buf, span_of(text));
}

void view_time(struct buf *buf, int64_t value)
{
	if (value == 0)
		buf_text(buf, "null");
	else
		buf_i64(buf, value);
}

static void view_bool(struct buf *buf, bool value)
{
	buf_text(buf, value ? "true" : "false");
}

static void ticket_people(struct buf *buf, const struct ticket *ticket)
{
	buf_text(buf, ",\"agent\":");
	if (ticket->agent.v == 0) {
		buf_text(buf, "null");
	} else {
		buf_text(buf, "{\"id\":");
		buf_u64(buf, ticket->agent.v);
		buf_text(buf, ",\"name\":");
		view_text(buf, ticket->agent_name);
		buf_char(buf, '}');
	}
	buf_text(buf, ",\"visitor\":{\"name\":");
	view_text(buf, ticket->visitor_name);
	buf_text(buf, ",\"email\":");
	view_text(buf, ticket->visitor_email);
	buf_text(buf, ",\"verified\":");
	view_bool(buf, ticket->visitor_verified);
	buf_text(buf, "},\"flags\":{\"production_stopped\":");
	view_bool(buf, ticket->flags.production_stopped);
	buf_text(buf, ",\"data_exposed\":");
	view_bool(buf, ticket->flags.data_exposed);
	buf_text(buf, "},\"page\":");
	if (ticket->page_url[0] == '\0') {
		buf_text(buf, "null");
		return;
	}
	buf_text(buf, "{\"url\":");
	view_text(buf, ticket->page_url);
	buf_text(buf, ",\"title\":");
	view_text(buf, ticket->page_title);
	buf_char(buf, '}');
}

static void ticket_times(struct buf *buf, const struct ticket *ticket)
{
	const struct {
		const char *name;
		wall_ms at;
	} rows[] = {
		{",\"created_at\":", ticket->created_at},
		{",\"first_response_due\":", ticket->first_response_due},
		{",\"first_response_at\":", ticket->first_response_at},
		{",\"resolution_due\":", ticket->resolution_due},
		{",\"resolved_at\":", ticket->resolved_at},
		{",\"waiting_since\":", ticket->waiting_since},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_text(buf, rows[i].name);
		view_time(buf, rows[i].at);
	}
}

/* Only while the clock stands still for the customer. */
static void time_left(struct buf *buf, const char *member, const struct time_left *left)
{
	if (left->clock == LEFT_UNKNOWN)
		return;
	buf_text(buf, member);
	buf_text(buf, "{\"seconds\":");
	buf_i64(buf, left->ms / SEC_MS);
	buf_text(buf, left->clock == LEFT_BUSINESS ? ",\"clock\":\"business\"}"
	                                           : ",\"clock\":\"wall\"}");
}

static void ticket_milestones(struct buf *buf, const struct ticket *ticket)
{
	buf_text(buf, ",\"milestones\":[");
	for (unsigned i = 0; i < MILESTONES_MAX && ticket->milestones[i].id[0] != '\0'; i++) {
		const struct ticket_milestone *own = &ticket->milestones[i];

		buf_text(buf, i > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(buf, span_of(own->id));
		buf_text(buf, ",\"since\":");
		buf_i64(buf, own->asked_at != 0 ? own->asked_at : ticket->created_at);
		buf_text(buf, ",\"due\":");
		view_time(buf, own->due);
		buf_text(buf, ",\"done_at\":");
		view_time(buf, own->done_at);
		if (own->done_at == 0)
			time_left(buf, ",\"left\":", &own->left);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}

static void flag(struct buf *buf, const char *member, bool value)
{
	buf_text(buf, member);
	view_bool(buf, value);
}

static void count(struct buf *buf, const char *member, uint64_t value)
{
	buf_text(buf, member);
	buf_u64(buf, value);
}

static void named_time(struct buf *buf, const char *member, int64_t value)
{
	buf_text(buf, member);
	view_time(buf, value);
}

static void word(struct buf *buf, const char *member, const char *text)
{
	buf_text(buf, member);
	view_text(buf, text);
}

/* How it went up, and what hangs on it. */
static void ticket_escalation(struct buf *buf, const struct ticket *ticket)
{
	const struct ticket_escalation *up = &ticket->escalation;

	named_time(buf, ",\"policy\":", ticket->policy);
	named_time(buf, ",\"needed_tier\":", up->needed_tier);
	flag(buf, ",\"immediate\":", up->immediate);
	flag(buf, ",\"possible_incident\":", up->possible_incident);
	flag(buf, ",\"choice_due\":", up->choice_due);
	flag(buf, ",\"stale\":", up->stale);
	flag(buf, ",\"paused\":", ticket->clocks.paused_since != 0);
	word(buf, ",\"stopped\":", stopped_name(up->stopped));
	named_time(buf, ",\"stopped_at\":", up->stopped_at);
	count(buf, ",\"pages\":", up->pages);
	named_time(buf, ",\"paged_at\":", up->paged_at);
	named_time(buf, ",\"page_acknowledged_at\":", up->page_acked_at);
	word(buf, ",\"approval\":", approval_name(up->approval));
	count(buf, ",\"reopened\":", up->reopened);
	named_time(buf, ",\"parent\":", (int64_t)up->parent.v);
	named_time(buf, ",\"previous\":", (int64_t)up->previous.v);
}

static void ticket_end(struct buf *buf, const struct ticket *ticket)
{
	buf_text(buf, ",\"resolution\":");
	view_text(buf, resolution_name(ticket->resolution));
	buf_text(buf, ",\"articles\":[");
	for (unsigned i = 0; i < ticket->articles_count; i++) {
		if (i > 0)
			buf_char(buf, ',');
		buf_json(buf, span_of(ticket->articles[i].url));
	}
	buf_text(buf, "],\"rating\":");
	view_time(buf, ticket->rating);
	buf_text(buf, ",\"messages_count\":");
	buf_u64(buf, ticket->messages_count);
	buf_text(buf, ",\"last_seq\":");
	buf_u64(buf, ticket->last_seq);
	count(buf, ",\"read\":{\"visitor\":", ticket->visitor_read_seq);
	count(buf, ",\"agent\":", ticket->agent_read_seq);
	buf_char(buf, '}');
}

static void named(struct buf *buf, const char *member, const char *text)
{
	buf_text(buf, member);
	buf_json(buf, span_of(text));
}

static void ticket_links(struct buf *buf, const struct ticket *ticket)
{
	struct span rest = span_of(ticket->links), link;

	while (links_next(&rest, &link)) {
		if (link.ptr != ticket->links)
			buf_char(buf, ',');
		buf_json(buf, link);
	}
}

void view_ticket(struct buf *buf, const struct ticket *ticket)
{
	buf_text(buf, "{\"number\":");
	buf_u64(buf, ticket->number.v);
	named(buf, ",\"title\":", ticket->title);
	named(buf, ",\"channel\":", channel_name(ticket->channel));
	named(buf, ",\"status\":", ticket_status_name(ticket->status));
	named(buf, ",\"priority\":", priority_name(ticket->priority));
	buf_text(buf, ",\"topic\":");
	view_text(buf, ticket->topic);
	buf_text(buf, ",\"tags\":[");
	for (unsigned i = 0; i < ticket->tags_count; i++) {
		if (i > 0)
			buf_char(buf, ',');
		buf_json(buf, span_of(ticket->tags[i].text));
	}
	buf_text(buf, "],\"links\":[");
	ticket_links(buf, ticket);
	buf_text(buf, "],\"tier\":");
	buf_i64(buf, ticket->tier);
	ticket_people(buf, ticket);
	ticket_times(buf, ticket);
	time_left(buf, ",\"first_response_left\":", &ticket->first_response_left);
	time_left(buf, ",\"resolution_left\":", &ticket->resolution_left);
	if (ticket->milestones[0].id[0] != '\0')
		ticket_milestones(buf, ticket);
	ticket_escalation(buf, ticket);
	ticket_end(buf, ticket);
	buf_char(buf, '}');
}

static void number(struct buf *buf, const char *member, int64_t value)
{
	if (value == 0)
		return;
	buf_text(buf, member);
	buf_i64(buf, value);
}

static void event_members(struct buf *buf, const struct entry *entry, enum audience audience)
{
	named(buf, ",\"event\":", event_name(entry->event));
	if (entry->agent_name[0] != '\0') {
		named(buf, ",\"agent\":{\"name\":", entry->agent_name);
		buf_char(buf, '}');
	}
	number(buf, ",\"tier\":", entry->tier);
	number(buf, ",\"tier_from\":", entry->tier_from);
	number(buf, ",\"score\":", entry->score);
	number(buf, ",\"page\":", (int64_t)entry->page);
	if (entry->event == EVENT_CLOSED) {
		buf_text(buf, ",\"resolution\":");
		view_text(buf, resolution_name(entry->resolution));
	}
	if (audience == AUDIENCE_AGENT && entry->reason.len > 0) {
		buf_text(buf, ",\"reason\":");
		buf_json(buf, entry->reason);
	}
}

static void file_members(struct buf *buf, const struct entry *entry)
{
	buf_text(buf, ",\"url\":\"" VIEW_FILES_PATH "/");
	buf_u64(buf, entry->ticket.v);
	buf_char(buf, '/');
	buf_u64(buf, entry->seq);
	buf_text(buf, "\",\"title\":");
	view_span(buf, entry->title);
	buf_text(buf, ",\"size\":");
	buf_u64(buf, entry->size);
	buf_text(buf, ",\"lines\":");
	buf_u64(buf, entry->lines);
}

uint64_t view_entry_prev(const struct entry *entry, enum audience audience)
{
	return audience == AUDIENCE_VISITOR ? entry->prev_public : entry->seq - 1;
}

void view_entry_members(struct buf *buf, const struct entry *entry, enum audience audience)
{
	buf_text(buf, "\"ticket\":");
	buf_u64(buf, entry->ticket.v);
	buf_text(buf, ",\"seq\":");
	buf_u64(buf, entry->seq);
	buf_text(buf, ",\"prev\":");
	buf_u64(buf, view_entry_prev(entry, audience));
	buf_text(buf, ",\"at\":");
	buf_i64(buf, entry->at);
	named(buf, ",\"from\":{\"role\":", role_name(entry->from));
	buf_text(buf, ",\"name\":");
	view_text(buf, entry->from_name);
	named(buf, "},\"kind\":", entry_kind_name(entry->kind));
	buf_text(buf, ",\"text\":");
	buf_json(buf, entry->text);
	if (entry->kind == ENTRY_ARTICLE) {
		buf_text(buf, ",\"url\":");
		view_span(buf, entry->url);
		buf_text(buf, ",\"title\":");
		view_span(buf, entry->title);
	}
	if (entry->kind == ENTRY_FILE)
		file_members(buf, entry);
	number(buf, ",\"removed\":", entry->removed);
	if (entry->kind == ENTRY_EVENT)
		event_members(buf, entry, audience);
}

void view_entry_id(struct buf *buf, const struct entry *entry)
{
	if (entry->id.len == 0)
		return;
	buf_text(buf, ",\"id\":");
	buf_json(buf, entry->id);
}

void view_entry(struct buf *buf, const struct entry *entry, enum audience audience)
{
	buf_char(buf, '{');
	view_entry_members(buf, entry, audience);
	buf_char(buf, '}');
}

static void agent_members(struct buf *buf, const struct agent *agent)
{
	buf_text(buf, "{\"id\":");
	buf_u64(buf, agent->id.v);
	named(buf, ",\"name\":", agent->name);
	buf_text(buf, ",\"tier\":");
	buf_i64(buf, agent->tier);
	named(buf, ",\"role\":", agent_role_name(agent->role));
}

void view_agent(struct buf *buf, const struct agent *agent)
{
	agent_members(buf, agent);
	buf_char(buf, '}');
}

void view_self(struct buf *buf, const struct agent *agent)
{
	agent_members(buf, agent);
	named(buf, ",\"email\":", agent->email);
	buf_text(buf, ",\"must_change_password\":");
	view_bool(buf, agent->must_change_password);
	buf_char(buf, '}');
}

void view_change(struct buf *buf, const struct change *change)
{
	buf_text(buf, "{\"at\":");
	buf_i64(buf, change->at);
	named(buf, ",\"actor\":", change->actor);
	named(buf, ",\"field\":", change->field);
	buf_text(buf, ",\"from\":");
	view_span(buf, change->from);
	buf_text(buf, ",\"to\":");
	view_span(buf, change->to);
	buf_text(buf, ",\"why\":");
	view_span(buf, change->why);
	buf_char(buf, '}');
}

void view_queue(struct buf *buf, const struct queue_row *rows, size_t count)
{
	buf_char(buf, '[');
	for (size_t i = 0; i < count; i++) {
		buf_text(buf, i > 0 ? ",{\"tier\":" : "{\"tier\":");
		buf_i64(buf, rows[i].tier);
		buf_text(buf, ",\"waiting\":");
		buf_u64(buf, rows[i].waiting);
		buf_text(buf, ",\"oldest_wait_s\":");
		buf_i64(buf, rows[i].oldest_wait_s);
		buf_text(buf, ",\"agents_available\":");
		buf_u64(buf, rows[i].agents_available);
		buf_char(buf, '}');
	}
	buf_char(buf, ']');
}
