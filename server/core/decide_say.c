/* SPDX-License-Identifier: MIT */
/* Words on a ticket: the first message, messages, notes, fields and read marks. */
#include <string.h>

#include "base/must.h"
#include "core/decision.h"

#define TITLE_CHARS   80
#define TOPIC_DEFAULT "something-else" /* until triage knows better */

/* The first line with something in it, cut at a word after TITLE_CHARS bytes. */
static struct span title_of(struct span text)
{
	size_t start = 0, end, cut;

	while (start < text.len && (text.ptr[start] == '\n' || text.ptr[start] == ' ' ||
	                            text.ptr[start] == '\t' || text.ptr[start] == '`'))
		start++;
	end = start;
	while (end < text.len && text.ptr[end] != '\n')
		end++;
	if (end - start <= TITLE_CHARS)
		return (struct span){.ptr = text.ptr + start, .len = end - start};
	cut = start + TITLE_CHARS;
	while (cut > start + TITLE_CHARS / 2 && text.ptr[cut] != ' ')
		cut--;
	if (text.ptr[cut] != ' ')
		cut = start + TITLE_CHARS; /* one long word: span_copy keeps its characters whole */
	while (cut > start && ((unsigned char)text.ptr[cut] & 0xC0U) == 0x80U)
		cut--;
	return (struct span){.ptr = text.ptr + start, .len = cut - start};
}

/* A title is plain text: without the marks of code and strong emphasis. */
static void put_title(struct ticket *after, struct span text)
{
	struct span title = title_of(text);
	size_t len = 0;

	for (size_t i = 0; i < title.len && len < sizeof(after->title) - 1; i++) {
		bool strong = title.ptr[i] == '*' && i + 1 < title.len && title.ptr[i + 1] == '*';

		if (strong)
			i++;
		else if (title.ptr[i] != '`')
			after->title[len++] = title.ptr[i];
	}
	after->title[len] = '\0';
}

static void take_visitor(struct ticket *after, const struct command *command)
{
	if (command->visitor_name.len > 0)
		(void)span_copy(after->visitor_name, sizeof(after->visitor_name),
		                command->visitor_name);
	if (command->visitor_email.len > 0) {
		(void)span_copy(after->visitor_email, sizeof(after->visitor_email),
		                command->visitor_email);
		after->visitor_verified = command->visitor_verified;
	}
}

static void take_fields(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	struct ticket *after = &d->effect->after;

	if ((set->mask & SET_TITLE) != 0)
		(void)span_copy(after->title, sizeof(after->title), set->title);
	if ((set->mask & SET_TOPIC) != 0)
		(void)span_copy(after->topic, sizeof(after->topic), set->topic);
	if ((set->mask & SET_TAGS) != 0) {
		memcpy(after->tags, set->tags, sizeof(after->tags));
		after->tags_count = set->tags_count;
	}
}

/* A request that somebody else writes down (a call, a form) is still the customer's word. */
static void log_request(struct decision *d)
{
	const struct command *command = d->command;
	struct entry *entry;

	if (command->text.len == 0)
		return;
	entry = decision_entry(
		d, &(struct entry){.kind = ENTRY_TEXT, .id = command->id, .text = command->text});
	entry->from = ROLE_VISITOR;
	entry->from_agent = (struct agent_id){0};
	(void)span_copy(entry->from_name, sizeof(entry->from_name),
	                span_of(d->effect->after.visitor_name));
	d->effect->after.messages_count = 1;
	d->effect->after.visitor_read_seq = entry->seq;
}

enum status decide_open(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;
	bool solved = command->resolution == RESOLUTION_DOCS_SELF;

	if (command->text.len == 0 && !solved)
		return ST_BAD_REQUEST;
	*after = (struct ticket){
		.number = d->before->number,
		.status = TICKET_NEW,
		.priority = PRIORITY_LOW,
		.channel = command->channel,
		.tier = TIER_MIN,
		.waiting_since = command->now,
		.created_at = command->now,
		.topic = TOPIC_DEFAULT,
	};
	if (command->actor.role == ROLE_VISITOR)
		after->visitor = command->actor.visitor;
	take_visitor(after, command);
	(void)span_copy(after->page_url, sizeof(after->page_url), command->page_url);
	(void)span_copy(after->page_title, sizeof(after->page_title), command->page_title);
	put_title(after, command->text);
	take_fields(d);
	decision_change(d, "status", SPAN_LIT(""), SPAN_LIT("new"),
	                span_of(channel_name(command->channel)));
	if ((command->set.mask & SET_PRIORITY) != 0)
		decision_priority(d, command->set.priority, "set when it was opened");
	(void)decision_flags(d);
	log_request(d);
	if (solved)
		return decide_close(d);
	d->effect->route = ROUTE_QUEUE;
	return ST_OK;
}

static enum status say_visitor(struct decision *d)
{
	struct ticket *after = &d->effect->after;

	take_visitor(after, d->command);
	if (after->status == TICKET_PENDING)
		decision_status(d, TICKET_OPEN, "the customer replied");
	if (decision_flags(d) && ticket_is_waiting(after))
		d->effect->route = ROUTE_QUEUE; /* its place in the queue changes */
	return ST_OK;
}

static enum status say_agent(struct decision *d)
{
	const struct command *command = d->command;
	const struct ticket *before = d->before;
	struct ticket *after = &d->effect->after;

	if (command->has_seen && before->last_reply_seq > command->seen &&
	    before->last_reply_agent.v != command->actor.agent.v)
		return ST_CONFLICT;
	if (after->first_response_at == 0)
		after->first_response_at = command->now;
	after->last_reply_seq = before->last_seq + 1;
	after->last_reply_agent = command->actor.agent;
	after->agent_read_seq = before->last_seq + 1;
	return ST_OK;
}

enum status decide_say(struct decision *d)
{
	const struct command *command = d->command;
	struct ticket *after = &d->effect->after;
	enum status st;

	MUST(command->entry_kind == ENTRY_TEXT || command->entry_kind == ENTRY_ARTICLE);
	if (!ticket_is_live(d->before))
		return ST_CONFLICT;
	if (command->text.len == 0 && command->url.len == 0)
		return ST_BAD_REQUEST;
	st = command->actor.role == ROLE_AGENT ? say_agent(d) : say_visitor(d);
	if (st != ST_OK)
		return st;
	(void)decision_entry(d, &(struct entry){.kind = command->entry_kind,
	                                        .id = command->id,
	                                        .text = command->text,
	                                        .url = command->url,
	                                        .title = command->title});
	after->messages_count++;
	if (command->actor.role == ROLE_VISITOR)
		after->visitor_read_seq = after->last_seq;
	return ST_OK;
}

enum status decide_note(struct decision *d)
{
	if (d->command->actor.role != ROLE_AGENT)
		return ST_FORBIDDEN;
	if (d->command->text.len == 0)
		return ST_BAD_REQUEST;
	(void)decision_entry(d, &(struct entry){.kind = ENTRY_NOTE,
	                                        .id = d->command->id,
	                                        .text = d->command->text});
	return ST_OK;
}

/* By hand a ticket moves between open and pending while somebody has it, and from resolved
 * to closed. Everything else is an assignment or an end, which have commands of their own. */
static bool may_move(const struct ticket *ticket, enum ticket_status to)
{
	switch (to) {
	case TICKET_OPEN:
		return ticket->status == TICKET_PENDING;
	case TICKET_PENDING:
		return ticket->status == TICKET_OPEN && ticket->agent.v != 0;
	case TICKET_CLOSED:
		return ticket->status == TICKET_RESOLVED && ticket->resolution != RESOLUTION_NONE;
	case TICKET_NEW:
	case TICKET_RESOLVED:
		return false;
	}
	MUST(0);
}

static struct span tags_text(struct decision *d, const struct tag *tags, unsigned count)
{
	char *text = arena_alloc(d->arena, (size_t)TAGS_MAX * (TAG_SIZE + 1));
	size_t len = 0;

	for (unsigned i = 0; i < count; i++) {
		size_t one = strlen(tags[i].text);

		if (i > 0)
			text[len++] = ' ';
		memcpy(text + len, tags[i].text, one);
		len += one;
	}
	return (struct span){.ptr = text, .len = len};
}

static void set_words(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;
	const struct ticket *before = d->before;

	if ((set->mask & SET_TITLE) != 0 && !span_is(set->title, before->title))
		decision_change(d, "title", span_of(before->title), set->title, (struct span){0});
	if ((set->mask & SET_TOPIC) != 0 && !span_is(set->topic, before->topic))
		decision_change(d, "topic", span_of(before->topic), set->topic, (struct span){0});
	if ((set->mask & SET_TAGS) != 0) {
		struct span from = tags_text(d, before->tags, before->tags_count);
		struct span to = tags_text(d, set->tags, set->tags_count);

		if (!span_eq(from, to))
			decision_change(d, "tags", from, to, (struct span){0});
	}
	take_fields(d);
}

enum status decide_set(struct decision *d)
{
	const struct ticket_fields *set = &d->command->set;

	if (d->command->actor.role == ROLE_VISITOR)
		return ST_FORBIDDEN;
	if ((set->mask & SET_TITLE) != 0 && set->title.len == 0)
		return ST_BAD_REQUEST;
	if ((set->mask & SET_STATUS) != 0 && set->status != d->before->status) {
		if (!may_move(d->before, set->status))
			return ST_CONFLICT;
		decision_status(d, set->status, "by hand");
	}
	set_words(d);
	if ((set->mask & SET_PRIORITY) != 0 && set->priority != d->before->priority) {
		decision_priority(d, set->priority, "by hand");
		if (ticket_is_waiting(&d->effect->after))
			d->effect->route = ROUTE_QUEUE;
	}
	return ST_OK;
}

enum status decide_read(struct decision *d)
{
	struct ticket *after = &d->effect->after;
	uint64_t *mark = d->command->actor.role == ROLE_VISITOR ? &after->visitor_read_seq
	                                                        : &after->agent_read_seq;
	uint64_t seen = d->command->seen < after->last_seq ? d->command->seen : after->last_seq;

	if (seen > *mark)
		*mark = seen;
	return ST_OK;
}
