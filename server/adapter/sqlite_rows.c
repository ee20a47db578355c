/* SPDX-License-Identifier: MIT */
/* Rows to structs and back. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/sqlite_record.h"
#include "adapter/ticket_order.h"
#include "base/must.h"

#define SEPARATOR  '\x1f'
#define FIRST_ROOM 16

#define MILESTONE_TEXT_SIZE  (MILESTONE_ID_SIZE + 6 * sizeof(" -9223372036854775808"))
#define MILESTONES_TEXT_SIZE (MILESTONES_MAX * MILESTONE_TEXT_SIZE)
#define PAGES_TEXT_SIZE      (SENT_PAGES_MAX * sizeof("4294967295 1\n"))

void *rows_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t size)
{
	char *more;

	if (count < *room)
		return items;
	*room = *room == 0 ? FIRST_ROOM : *room * 2;
	more = arena_alloc(arena, *room * size);
	if (count > 0)
		memcpy(more, items, count * size);
	return more;
}

/* An enumerator's number from the file; one that this program does not know is the first. */
static unsigned column_enum(sqlite3_stmt *stmt, int at, unsigned last)
{
	uint64_t value = db_column_u64(stmt, at);

	return value <= last ? (unsigned)value : 0;
}

static bool column_bool(sqlite3_stmt *stmt, int at)
{
	return db_column_u64(stmt, at) != 0;
}

/* The next piece of "\x1fone\x1ftwo\x1f". */
static bool next_piece(struct span *rest, struct span *out)
{
	const char *end;

	if (rest->len < 2)
		return false;
	end = memchr(rest->ptr + 1, SEPARATOR, rest->len - 1);
	if (end == NULL)
		return false;
	*out = (struct span){.ptr = rest->ptr + 1, .len = (size_t)(end - rest->ptr) - 1};
	*rest = (struct span){.ptr = end, .len = rest->len - out->len - 1};
	return true;
}

static void read_pieces(sqlite3_stmt *stmt, struct ticket *out)
{
	struct span rest = db_column_span(stmt, 21), piece;

	while (out->tags_count < TAGS_MAX && next_piece(&rest, &piece))
		(void)span_copy(out->tags[out->tags_count++].text, TAG_SIZE, piece);
	rest = db_column_span(stmt, 22);
	while (out->articles_count < ARTICLES_MAX && next_piece(&rest, &piece))
		(void)span_copy(out->articles[out->articles_count++].url, ARTICLE_SIZE, piece);
}

static void read_closing(sqlite3_stmt *stmt, struct ticket_closing *out)
{
	*out = (struct ticket_closing){
		.by = {db_column_u64(stmt, 68)},
		.at = sqlite3_column_int64(stmt, 69),
		.from = (enum ticket_status)column_enum(stmt, 70, TICKET_CLOSED),
		.choice_due = column_bool(stmt, 71),
	};
}

static void read_visitor(sqlite3_stmt *stmt, struct ticket *out)
{
	const void *visitor = sqlite3_column_blob(stmt, 11);

	if (visitor != NULL && sqlite3_column_bytes(stmt, 11) == (int)sizeof(out->visitor.v))
		memcpy(out->visitor.v, visitor, sizeof(out->visitor.v));
	db_column_text(stmt, 12, out->visitor_name, sizeof(out->visitor_name));
	db_column_text(stmt, 13, out->visitor_email, sizeof(out->visitor_email));
	out->visitor_verified = column_bool(stmt, 14);
	out->flags.production_stopped = column_bool(stmt, 15);
	out->flags.data_exposed = column_bool(stmt, 16);
	db_column_text(stmt, 17, out->page_url, sizeof(out->page_url));
	db_column_text(stmt, 18, out->page_title, sizeof(out->page_title));
}

static void read_clocks(sqlite3_stmt *stmt, struct ticket_clocks *out)
{
	*out = (struct ticket_clocks){
		.agent_at = sqlite3_column_int64(stmt, 37),
		.visitor_at = sqlite3_column_int64(stmt, 38),
		.next_due = sqlite3_column_int64(stmt, 40),
		.fired = db_column_u64(stmt, 41),
		.paused_since = sqlite3_column_int64(stmt, 42),
		.paused_wall_ms = sqlite3_column_int64(stmt, 43),
		.paused_open_ms = sqlite3_column_int64(stmt, 44),
		.tier_since = sqlite3_column_int64(stmt, 45),
		.accepted_at = sqlite3_column_int64(stmt, 46),
		.work_since = sqlite3_column_int64(stmt, 47),
		.work_ms = sqlite3_column_int64(stmt, 48),
		.resumed_at = sqlite3_column_int64(stmt, 66),
	};
}

/* " 7": the next number of a line. */
static bool next_number(char **rest, int64_t *out)
{
	const char *at = *rest;

	if (at[0] != ' ' || at[1] == '\0' || strchr("-0123456789", at[1]) == NULL)
		return false;
	*out = strtoll(at + 1, rest, 10);
	return true;
}

static struct time_left time_left_of(int64_t ms, int64_t clock)
{
	return (struct time_left){.ms = ms,
	                          .clock = clock >= LEFT_UNKNOWN && clock <= LEFT_BUSINESS
	                                           ? (enum left_clock)clock
	                                           : LEFT_UNKNOWN};
}

static bool read_milestone(char *line, struct ticket_milestone *out)
{
	size_t len = strcspn(line, " \n");
	char *rest = line + len;
	int64_t left = 0, clock = LEFT_UNKNOWN;
	bool ok;

	*out = (struct ticket_milestone){0};
	ok = len > 0 &&
	     span_copy(out->id, sizeof(out->id), (struct span){.ptr = line, .len = len}) &&
	     next_number(&rest, &out->asked_at) && next_number(&rest, &out->paused_ms) &&
	     next_number(&rest, &out->due) && next_number(&rest, &out->done_at);
	if (ok && *rest == ' ' && !(next_number(&rest, &left) && next_number(&rest, &clock)))
		return false;
	out->left = time_left_of(left, clock);
	return ok && *rest == '\n';
}

/* What is no line of ours is passed over. */
static void read_milestones(sqlite3_stmt *stmt, struct ticket *out)
{
	char text[MILESTONES_TEXT_SIZE], *line = text;
	unsigned count = 0;

	db_column_text(stmt, 73, text, sizeof(text));
	while (*line != '\0' && count < MILESTONES_MAX) {
		size_t len = strcspn(line, "\n");

		if (read_milestone(line, &out->milestones[count]))
			count++;
		else
			out->milestones[count] = (struct ticket_milestone){0};
		line += line[len] == '\n' ? len + 1 : len;
	}
}

/* As far as it is ours. */
static void read_pages(sqlite3_stmt *stmt, struct sent_pages *out)
{
	char text[PAGES_TEXT_SIZE], *at = text;

	*out = (struct sent_pages){0};
	db_column_text(stmt, 78, text, sizeof(text));
	while (out->count < SENT_PAGES_MAX && *at >= '1' && *at <= '9') {
		out->seq[out->count] = (uint32_t)strtoul(at, &at, 10);
		if (at[0] != ' ' || (at[1] != '0' && at[1] != '1') || at[2] != '\n')
			return;
		if (at[1] == '1')
			out->opened |= 1U << out->count;
		out->count++;
		at += 3;
	}
}

static void read_escalation(sqlite3_stmt *stmt, struct ticket_escalation *out)
{
	*out = (struct ticket_escalation){
		.immediate = column_bool(stmt, 49),
		.possible_incident = column_bool(stmt, 50),
		.choice_due = column_bool(stmt, 51),
		.stale = column_bool(stmt, 52),
		.needed_tier = sqlite3_column_int(stmt, 53),
		.stopped = (enum stopped)column_enum(stmt, 54, STOPPED_REJECTED),
		.stopped_at = sqlite3_column_int64(stmt, 55),
		.immediate_at = sqlite3_column_int64(stmt, 56),
		.pages = (unsigned)db_column_u64(stmt, 57),
		.paged_at = sqlite3_column_int64(stmt, 58),
		.page_acked_at = sqlite3_column_int64(stmt, 59),
		.approval = (enum approval)column_enum(stmt, 60, APPROVAL_REFUSED),
		.approved_at = sqlite3_column_int64(stmt, 61),
		.reopened = (unsigned)db_column_u64(stmt, 62),
		.failed_answers = (unsigned)db_column_u64(stmt, 63),
		.parent = {db_column_u64(stmt, 64)},
		.previous = {db_column_u64(stmt, 65)},
	};
}

static void read_numbers(sqlite3_stmt *stmt, struct ticket *out)
{
	out->number.v = db_column_u64(stmt, 0);
	out->status = (enum ticket_status)column_enum(stmt, 1, TICKET_CLOSED);
	out->priority = (enum priority)column_enum(stmt, 2, PRIORITY_CRITICAL);
	out->channel = (enum channel)column_enum(stmt, 3, CHANNEL_SLACK);
	out->resolution = (enum resolution)column_enum(stmt, 4, RESOLUTION_SPAM);
	out->tier = sqlite3_column_int(stmt, 5);
	out->agent.v = db_column_u64(stmt, 6);
	out->generation = db_column_u64(stmt, 8);
	out->waiting_since = sqlite3_column_int64(stmt, 9);
	out->queue_head = column_bool(stmt, 10);
	out->created_at = sqlite3_column_int64(stmt, 23);
	out->first_response_due = sqlite3_column_int64(stmt, 24);
	out->first_response_at = sqlite3_column_int64(stmt, 25);
	out->resolution_due = sqlite3_column_int64(stmt, 26);
	out->resolved_at = sqlite3_column_int64(stmt, 27);
	out->rating = sqlite3_column_int(stmt, 28);
	out->last_seq = db_column_u64(stmt, 29);
	out->last_public_seq = db_column_u64(stmt, 30);
	out->last_reply_seq = db_column_u64(stmt, 31);
	out->last_reply_agent.v = db_column_u64(stmt, 32);
	out->messages_count = db_column_u64(stmt, 33);
	out->visitor_read_seq = db_column_u64(stmt, 34);
	out->agent_read_seq = db_column_u64(stmt, 35);
	out->files_count = db_column_u64(stmt, 72);
	out->policy = (uint32_t)db_column_u64(stmt, 39);
}

/* The texts are nine tenths of a ticket, and no more of them is read than is there. */
void ticket_from_row(sqlite3_stmt *stmt, struct ticket *out)
{
	memset(out, 0, offsetof(struct ticket, agent_name));
	read_numbers(stmt, out);
	read_clocks(stmt, &out->clocks);
	read_escalation(stmt, &out->escalation);
	read_milestones(stmt, out);
	out->first_response_left =
		time_left_of(sqlite3_column_int64(stmt, 74), sqlite3_column_int64(stmt, 75));
	out->resolution_left =
		time_left_of(sqlite3_column_int64(stmt, 76), sqlite3_column_int64(stmt, 77));
	read_pages(stmt, &out->sent_pages);
	db_column_text(stmt, 7, out->agent_name, sizeof(out->agent_name));
	db_column_text(stmt, 19, out->title, sizeof(out->title));
	db_column_text(stmt, 20, out->topic, sizeof(out->topic));
	db_column_text(stmt, 67, out->links, sizeof(out->links));
	read_closing(stmt, &out->closing);
	read_visitor(stmt, out);
	read_pieces(stmt, out);
}

static bool has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20)
			return true;
	return false;
}

bool ticket_is_storable(const struct ticket *ticket)
{
	for (unsigned i = 0; i < ticket->tags_count; i++)
		if (has_control(ticket->tags[i].text))
			return false;
	for (unsigned i = 0; i < ticket->articles_count; i++)
		if (has_control(ticket->articles[i].url))
			return false;
	return ticket->number.v >> (63 - PLACE_BITS) == 0 && ticket->last_seq <= PLACE_MAX;
}

static void add_piece(char *text, size_t *len, const char *piece)
{
	struct span more = span_of(piece);

	if (*len == 0)
		text[(*len)++] = SEPARATOR;
	memcpy(text + *len, more.ptr, more.len);
	*len += more.len;
	text[(*len)++] = SEPARATOR;
}

struct span ticket_tag_pattern(struct arena *arena, struct span tag)
{
	char *text = arena_alloc(arena, tag.len + 2);

	text[0] = SEPARATOR;
	if (tag.len > 0)
		memcpy(text + 1, tag.ptr, tag.len);
	text[tag.len + 1] = SEPARATOR;
	return (struct span){.ptr = text, .len = tag.len + 2};
}

static void bind_pieces(sqlite3_stmt *stmt, const struct ticket *ticket, struct arena *arena)
{
	char *tags = arena_alloc_raw(arena, 1 + TAGS_MAX * TAG_SIZE);
	char *articles = arena_alloc_raw(arena, 1 + ARTICLES_MAX * ARTICLE_SIZE);
	size_t tags_len = 0, articles_len = 0;

	for (unsigned i = 0; i < ticket->tags_count; i++)
		add_piece(tags, &tags_len, ticket->tags[i].text);
	for (unsigned i = 0; i < ticket->articles_count; i++)
		add_piece(articles, &articles_len, ticket->articles[i].url);
	db_bind_span(stmt, 22, (struct span){.ptr = tags, .len = tags_len});
	db_bind_span(stmt, 23, (struct span){.ptr = articles, .len = articles_len});
}

static void bind_visitor(sqlite3_stmt *stmt, const struct ticket *ticket)
{
	if (visitor_id_is_none(&ticket->visitor))
		(void)sqlite3_bind_null(stmt, 12);
	else
		db_bind_blob(stmt, 12, ticket->visitor.v, sizeof(ticket->visitor.v));
	db_bind_text(stmt, 13, ticket->visitor_name);
	db_bind_text(stmt, 14, ticket->visitor_email);
	db_bind_u64(stmt, 15, ticket->visitor_verified);
	db_bind_u64(stmt, 16, ticket->flags.production_stopped);
	db_bind_u64(stmt, 17, ticket->flags.data_exposed);
	db_bind_text(stmt, 18, ticket->page_url);
	db_bind_text(stmt, 19, ticket->page_title);
}

static void bind_closing(sqlite3_stmt *stmt, const struct ticket_closing *closing)
{
	db_bind_u64(stmt, 32, closing->by.v);
	(void)sqlite3_bind_int64(stmt, 33, closing->at);
	db_bind_u64(stmt, 34, closing->from);
	db_bind_u64(stmt, 35, closing->choice_due);
}

void ticket_bind(sqlite3_stmt *stmt, const struct ticket *ticket, struct arena *arena)
{
	db_bind_u64(stmt, 1, ticket->number.v);
	db_bind_u64(stmt, 2, ticket->status);
	db_bind_u64(stmt, 3, ticket->priority);
	db_bind_u64(stmt, 4, ticket->channel);
	db_bind_u64(stmt, 5, ticket->resolution);
	(void)sqlite3_bind_int(stmt, 6, ticket->tier);
	db_bind_u64(stmt, 7, ticket->agent.v);
	db_bind_text(stmt, 8, ticket->agent_name);
	db_bind_u64(stmt, 9, ticket->generation);
	(void)sqlite3_bind_int64(stmt, 10, ticket->waiting_since);
	db_bind_u64(stmt, 11, ticket->queue_head);
	bind_visitor(stmt, ticket);
	db_bind_text(stmt, 20, ticket->title);
	db_bind_text(stmt, 21, ticket->topic);
	bind_pieces(stmt, ticket, arena);
	(void)sqlite3_bind_int64(stmt, 24, ticket->created_at);
	(void)sqlite3_bind_int64(stmt, 25, ticket->first_response_due);
	(void)sqlite3_bind_int64(stmt, 26, ticket->first_response_at);
	(void)sqlite3_bind_int64(stmt, 27, ticket->resolution_due);
	(void)sqlite3_bind_int64(stmt, 28, ticket->resolved_at);
	(void)sqlite3_bind_int(stmt, 29, ticket->rating);
	(void)sqlite3_bind_int64(stmt, 30, ticket_next_due(ticket));
	db_bind_text(stmt, 31, ticket->links);
	bind_closing(stmt, &ticket->closing);
}

void ticket_bind_log(sqlite3_stmt *stmt, const struct ticket *ticket, uint64_t last_id)
{
	db_bind_u64(stmt, 1, ticket->number.v);
	db_bind_u64(stmt, 2, ticket->last_seq);
	db_bind_u64(stmt, 3, ticket->last_public_seq);
	db_bind_u64(stmt, 4, ticket->last_reply_seq);
	db_bind_u64(stmt, 5, ticket->last_reply_agent.v);
	db_bind_u64(stmt, 6, ticket->messages_count);
	db_bind_u64(stmt, 7, ticket->visitor_read_seq);
	db_bind_u64(stmt, 8, ticket->agent_read_seq);
	db_bind_u64(stmt, 9, last_id);
	(void)sqlite3_bind_int64(stmt, 10, ticket->clocks.agent_at);
	(void)sqlite3_bind_int64(stmt, 11, ticket->clocks.visitor_at);
	db_bind_u64(stmt, 12, ticket->files_count);
}

static void bind_escalation(sqlite3_stmt *stmt, const struct ticket_escalation *escalation)
{
	db_bind_u64(stmt, 12, escalation->immediate);
	db_bind_u64(stmt, 13, escalation->possible_incident);
	db_bind_u64(stmt, 14, escalation->choice_due);
	db_bind_u64(stmt, 15, escalation->stale);
	(void)sqlite3_bind_int(stmt, 16, escalation->needed_tier);
	db_bind_u64(stmt, 17, escalation->stopped);
	(void)sqlite3_bind_int64(stmt, 18, escalation->stopped_at);
	(void)sqlite3_bind_int64(stmt, 19, escalation->immediate_at);
	db_bind_u64(stmt, 20, escalation->pages);
	(void)sqlite3_bind_int64(stmt, 21, escalation->paged_at);
	(void)sqlite3_bind_int64(stmt, 22, escalation->page_acked_at);
	db_bind_u64(stmt, 23, escalation->approval);
	(void)sqlite3_bind_int64(stmt, 24, escalation->approved_at);
	db_bind_u64(stmt, 25, escalation->reopened);
	db_bind_u64(stmt, 26, escalation->failed_answers);
	db_bind_u64(stmt, 27, escalation->parent.v);
	db_bind_u64(stmt, 28, escalation->previous.v);
}

static void bind_milestones(sqlite3_stmt *stmt, const struct ticket *ticket)
{
	char text[MILESTONES_TEXT_SIZE];
	size_t len = 0;

	for (unsigned i = 0; i < MILESTONES_MAX && ticket->milestones[i].id[0] != '\0'; i++) {
		const struct ticket_milestone *own = &ticket->milestones[i];
		int written = snprintf(text + len, sizeof(text) - len,
		                       "%s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
		                       " %d\n",
		                       own->id, own->asked_at, own->paused_ms, own->due,
		                       own->done_at, own->left.ms, (int)own->left.clock);

		MUST(written > 0 && (size_t)written < sizeof(text) - len);
		len += (size_t)written;
	}
	if (len == 0)
		db_bind_text(stmt, 30, "");
	else
		(void)sqlite3_bind_text(stmt, 30, text, (int)len, SQLITE_TRANSIENT);
}

static void bind_pages(sqlite3_stmt *stmt, const struct sent_pages *pages)
{
	char text[PAGES_TEXT_SIZE];
	size_t len = 0;

	for (uint32_t i = 0; i < pages->count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%" PRIu32 " %u\n",
		                        pages->seq[i], pages->opened >> i & 1U);
	if (len == 0)
		db_bind_text(stmt, 35, "");
	else
		(void)sqlite3_bind_text(stmt, 35, text, (int)len, SQLITE_TRANSIENT);
}

void ticket_bind_clock(sqlite3_stmt *stmt, const struct ticket *ticket)
{
	const struct ticket_clocks *clocks = &ticket->clocks;

	db_bind_u64(stmt, 1, ticket->number.v);
	db_bind_u64(stmt, 2, ticket->policy);
	(void)sqlite3_bind_int64(stmt, 3, clocks->next_due);
	db_bind_u64(stmt, 4, clocks->fired);
	(void)sqlite3_bind_int64(stmt, 5, clocks->paused_since);
	(void)sqlite3_bind_int64(stmt, 6, clocks->paused_wall_ms);
	(void)sqlite3_bind_int64(stmt, 7, clocks->paused_open_ms);
	(void)sqlite3_bind_int64(stmt, 8, clocks->tier_since);
	(void)sqlite3_bind_int64(stmt, 9, clocks->accepted_at);
	(void)sqlite3_bind_int64(stmt, 10, clocks->work_since);
	(void)sqlite3_bind_int64(stmt, 11, clocks->work_ms);
	bind_escalation(stmt, &ticket->escalation);
	(void)sqlite3_bind_int64(stmt, 29, clocks->resumed_at);
	bind_milestones(stmt, ticket);
	(void)sqlite3_bind_int64(stmt, 31, ticket->first_response_left.ms);
	db_bind_u64(stmt, 32, ticket->first_response_left.clock);
	(void)sqlite3_bind_int64(stmt, 33, ticket->resolution_left.ms);
	db_bind_u64(stmt, 34, ticket->resolution_left.clock);
	bind_pages(stmt, &ticket->sent_pages);
}

void entry_from_row(sqlite3_stmt *stmt, struct arena *arena, struct entry *out)
{
	*out = (struct entry){
		.ticket = {db_column_u64(stmt, 0)},
		.seq = db_column_u64(stmt, 1),
		.at = sqlite3_column_int64(stmt, 2),
		.kind = (enum entry_kind)column_enum(stmt, 3, ENTRY_NOTE),
		.from = (enum role)column_enum(stmt, 4, ROLE_AGENT),
		.from_agent = {db_column_u64(stmt, 5)},
		.prev_public = db_column_u64(stmt, 6),
		.id = db_column_copy(stmt, 7, arena),
		.text = db_column_copy(stmt, 9, arena),
		.url = db_column_copy(stmt, 10, arena),
		.title = db_column_copy(stmt, 11, arena),
		.size = (uint32_t)db_column_u64(stmt, 20),
		.lines = (uint32_t)db_column_u64(stmt, 21),
		.removed = (uint32_t)db_column_u64(stmt, 22),
	};
	db_column_text(stmt, 8, out->from_name, sizeof(out->from_name));
	if (out->kind != ENTRY_EVENT)
		return;
	out->event = (enum event)column_enum(stmt, 12, EVENT_PAGE_OPENED);
	db_column_text(stmt, 13, out->agent_name, sizeof(out->agent_name));
	out->tier = sqlite3_column_int(stmt, 14);
	out->tier_from = sqlite3_column_int(stmt, 15);
	out->reason = db_column_copy(stmt, 16, arena);
	out->resolution = (enum resolution)column_enum(stmt, 17, RESOLUTION_SPAM);
	out->score = sqlite3_column_int(stmt, 18);
	out->page = db_column_u64(stmt, 23);
}

void entry_bind(sqlite3_stmt *stmt, const struct entry *entry, const struct entry_link *link)
{
	db_bind_u64(stmt, 1, link->id);
	db_bind_u64(stmt, 2, link->prev_id);
	db_bind_u64(stmt, 3, link->block_id);
	db_bind_u64(stmt, 4, entry->ticket.v);
	db_bind_u64(stmt, 5, entry->seq);
	(void)sqlite3_bind_int64(stmt, 6, entry->at);
	db_bind_u64(stmt, 7, entry->kind);
	db_bind_u64(stmt, 8, entry->from);
	db_bind_u64(stmt, 9, entry->from_agent.v);
	db_bind_u64(stmt, 10, entry->prev_public);
	db_bind_u64(stmt, 11, link->author);
	db_bind_span(stmt, 12, entry->id);
	db_bind_text(stmt, 13, entry->from_name);
	db_bind_span(stmt, 14, entry->text);
	db_bind_span(stmt, 15, entry->url);
	db_bind_span(stmt, 16, entry->title);
	if (entry->kind != ENTRY_EVENT) {
		db_bind_u64(stmt, 17, entry->size);
		db_bind_u64(stmt, 18, entry->lines);
		db_bind_u64(stmt, 19, entry->removed);
		return;
	}
	db_bind_u64(stmt, 17, entry->event);
	db_bind_text(stmt, 18, entry->agent_name);
	(void)sqlite3_bind_int(stmt, 19, entry->tier);
	(void)sqlite3_bind_int(stmt, 20, entry->tier_from);
	db_bind_span(stmt, 21, entry->reason);
	db_bind_u64(stmt, 22, entry->resolution);
	(void)sqlite3_bind_int(stmt, 23, entry->score);
	db_bind_u64(stmt, 24, entry->page);
}

void change_from_row(sqlite3_stmt *stmt, struct arena *arena, struct change *out)
{
	*out = (struct change){
		.at = sqlite3_column_int64(stmt, 1),
		.from = db_column_copy(stmt, 4, arena),
		.to = db_column_copy(stmt, 5, arena),
		.why = db_column_copy(stmt, 6, arena),
	};
	db_column_text(stmt, 2, out->actor, sizeof(out->actor));
	db_column_text(stmt, 3, out->field, sizeof(out->field));
}

void change_bind(sqlite3_stmt *stmt, int64_t id, const struct change *change)
{
	(void)sqlite3_bind_int64(stmt, 1, id);
	(void)sqlite3_bind_int64(stmt, 2, change->at);
	db_bind_text(stmt, 3, change->actor);
	db_bind_text(stmt, 4, change->field);
	db_bind_span(stmt, 5, change->from);
	db_bind_span(stmt, 6, change->to);
	db_bind_span(stmt, 7, change->why);
}

void agent_from_row(sqlite3_stmt *stmt, struct agent *out)
{
	*out = (struct agent){
		.id = {db_column_u64(stmt, 0)},
		.tier = sqlite3_column_int(stmt, 3),
		.role = (enum agent_role)column_enum(stmt, 4, AGENT_ROLE_ADMIN),
		.disabled = column_bool(stmt, 5),
		.must_change_password = column_bool(stmt, 6),
		.created_at = sqlite3_column_int64(stmt, 8),
	};
	db_column_text(stmt, 1, out->email, sizeof(out->email));
	db_column_text(stmt, 2, out->name, sizeof(out->name));
	db_column_text(stmt, 7, out->password_hash, sizeof(out->password_hash));
}
