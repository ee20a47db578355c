/* SPDX-License-Identifier: MIT */
/* Frames from the wire. What a frame may have is in tables, one for each type and audience. */
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "proto/fields.h"
#include "proto/json_guard.h"
#include "proto/origin.h"
#include "proto/page_context.h"
#include "proto/text.h"
#include "proto/ticket_fields.h"
#include "proto/wire.h"
#include "proto/wire_plain.h"

#define AT(member)    offsetof(struct frame_in, member)
#define LINE_MAX_SIZE 512
#define TOKEN_MAX     1024
#define EMAIL_WRONG   "The `user.email` must be a string."

static struct span text_of(const json_t *value)
{
	if (!json_is_string(value))
		return (struct span){0};
	return (struct span){.ptr = json_string_value(value), .len = json_string_length(value)};
}

/* Where a visitor is does not keep anybody from asking: a page whose address cannot be shown is
 * passed over. */
static bool read_place(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	return json_is_string(value) &&
	       (!text_is_url(text_of(value), URL_SIZE) || field_url(fields, field, value, to));
}

static void check_place(const json_t *object, struct frame_in *frame)
{
	if (json_is_string(json_object_get(object, "url")) && frame->page_url.len == 0)
		frame->page_title = (struct span){0};
}

static bool read_page(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	static const struct field rows[] = {
		{"url", read_place, AT(page_url), false, 1, URL_SIZE,
	         "The `page.url` must be a string."},
		{"title", field_cut_line, AT(page_title), false, 0, TITLE_SIZE,
	         "The `page.title` must be a string."},
	};

	(void)field;
	if (!json_is_object(value) || !fields_read(fields, value, rows, ARRAY_LEN(rows), to))
		return false;
	check_place(value, to);
	return true;
}

/* What the page says of its user is not the visitor's fault either. */
static bool read_email(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	struct span email = text_of(value);

	(void)field;
	if (!json_is_string(value))
		return false;
	if (email_is_valid(email))
		*(struct span *)to = arena_span(fields->arena, email);
	return true;
}

static bool read_user(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	static const struct field rows[] = {
		{"name", field_cut_line, AT(user_name), false, 0, NAME_SIZE,
	         "The `user.name` must be a string."},
		{"email", read_email, AT(user_email), false, 0, 0, EMAIL_WRONG},
		{"id", field_line, AT(user_id), false, 0, NAME_SIZE,
	         "The `user.id` must be a line below 128 bytes."},
		{"hmac", field_line, AT(user_hmac), false, 0, NAME_SIZE,
	         "The `user.hmac` must be a line below 128 bytes."},
	};

	(void)field;
	return json_is_object(value) && fields_read(fields, value, rows, ARRAY_LEN(rows), to);
}

static bool read_flags(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	static const struct field rows[] = {
		{"production_stopped", field_bool, AT(flags.production_stopped), false, 0, 0,
	         "The `flags.production_stopped` must be true or false."},
		{"data_exposed", field_bool, AT(flags.data_exposed), false, 0, 0,
	         "The `flags.data_exposed` must be true or false."},
	};

	(void)field;
	return json_is_object(value) && fields_read(fields, value, rows, ARRAY_LEN(rows), to);
}

/* A ticket number as the name of a member: decimal, no sign, no leading zero. */
static bool number_of(const char *name, uint64_t *out)
{
	char *end;

	if (name[0] < '1' || name[0] > '9' || strlen(name) > 18)
		return false;
	*out = strtoull(name, &end, 10);
	return *end == '\0';
}

/* `after` of an agent's hello: {"4711": 12, …}. */
static bool read_marks(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	struct frame_in *frame = to;
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): the walk has no const way, see fields_only */
	json_t *members = (json_t *)(uintptr_t)value;
	const char *name;
	json_t *seq;

	(void)field;
	if (!json_is_object(value) || json_object_size(value) > HELLO_AFTER_MAX)
		return false;
	frame->marks = arena_alloc(fields->arena, HELLO_AFTER_MAX * sizeof(*frame->marks));
	json_object_foreach(members, name, seq) {
		struct seq_mark *mark = &frame->marks[frame->marks_count++];

		if (!number_of(name, &mark->ticket.v) || !json_is_integer(seq) ||
		    json_integer_value(seq) < 0)
			return false;
		mark->seq = (uint64_t)json_integer_value(seq);
	}
	return true;
}

static bool read_presence(struct fields *fields, const struct field *field, const json_t *value,
                          void *to)
{
	(void)fields;
	(void)field;
	return presence_parse(text_of(value), to);
}

static bool read_kind(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	enum entry_kind *kind = to;

	(void)fields;
	(void)field;
	return entry_kind_parse(text_of(value), kind) &&
	       (*kind == ENTRY_TEXT || *kind == ENTRY_ARTICLE);
}

static bool read_resolution(struct fields *fields, const struct field *field, const json_t *value,
                            void *to)
{
	(void)fields;
	(void)field;
	return resolution_parse(text_of(value), to);
}

static bool read_seen(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	struct frame_in *frame = to;

	frame->has_seen = true;
	return field_u64(fields, field, value, &frame->seq);
}

/* An article may come without words. */
static bool read_agent_text(struct fields *fields, const struct field *field, const json_t *value,
                            void *to)
{
	if (json_is_string(value) && json_string_length(value) == 0)
		return true;
	return field_message(fields, field, value, to);
}

/* {"agent": id} or {"tier": 1}, not both. */
static bool read_to(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	static const struct field rows[] = {
		{"agent", field_u64, AT(to_agent), false, 1, INT64_MAX,
	         "The `to.agent` must be the number of an agent."},
		{"tier", field_int, AT(tier), false, TIER_MIN, TIER_MAX,
	         "The `to.tier` must be 1, 2 or 3."},
	};
	const struct frame_in *frame = to;

	(void)field;
	if (!json_is_object(value) || !fields_read(fields, value, rows, ARRAY_LEN(rows), to))
		return false;
	return (frame->to_agent.v != 0) != (frame->tier != 0);
}

static bool read_articles(struct fields *fields, const struct field *field, const json_t *value,
                          void *to)
{
	struct frame_in *frame = to;
	struct article_list list = {0};

	if (!field_articles(fields, field, value, &list))
		return false;
	memcpy(frame->articles, list.items, sizeof(frame->articles));
	frame->articles_count = list.count;
	return true;
}

#define PAGE_ROW                                                                   \
	{                                                                          \
		"page", read_page, 0, false, 0, 0, "The `page` must be an object." \
	}
#define TICKET_ROW                                                     \
	{                                                              \
		"ticket", field_u64, AT(ticket), true, 1, INT64_MAX,   \
			"The `ticket` must be the number of a ticket." \
	}
#define SEQ_ROW(required)                                          \
	{                                                          \
		"seq", field_u64, AT(seq), required, 0, INT64_MAX, \
			"The `seq` must be a whole number from 0." \
	}
#define AFTER_ROW                                                    \
	{                                                            \
		"after", field_u64, AT(after), false, 0, INT64_MAX,  \
			"The `after` must be a whole number from 0." \
	}
#define ON_ROW                                                                          \
	{                                                                               \
		"on", field_bool, AT(on), true, 0, 0, "The `on` must be true or false." \
	}

#define CONTEXT_ROW                                                            \
	{                                                                      \
		"context", field_context, AT(context), false, 0, 0,            \
			"The `context` must be an object of what it may have." \
	}

static const struct field visitor_hello[] = {
	{"token", field_secret, AT(token), false, 0, TOKEN_MAX,
         "The `token` must be the token of an earlier `welcome`."},
	{"token_origin", field_line, AT(token_origin), false, 1, ORIGIN_TEXT_SIZE,
         "The `token_origin` must be the origin of the page that got the token."},
	AFTER_ROW,
	{"ticket", field_u64, AT(ticket), false, 0, INT64_MAX,
         "The `ticket` must be the number of the ticket that `after` speaks of."},
	PAGE_ROW,
	CONTEXT_ROW,
	{"user", read_user, 0, false, 0, 0, "The `user` must be an object."},
	{"locale", field_cut_line, AT(locale), false, 0, 36, "The `locale` must be a string."},
};

static const struct field visitor_message[] = {
	{"text", field_message, AT(text), true, 0, 0, FIELD_TEXT_WRONG},
	{"flags", read_flags, 0, false, 0, 0, "The `flags` must be an object."},
	{"new", field_bool, AT(fresh), false, 0, 0, "The `new` must be true or false."},
	{"keep_secrets", field_bool, AT(keep_secrets), false, 0, 0,
         "The `keep_secrets` must be true or false."},
};

static const struct field visitor_helped[] = {
	{"yes", field_bool, AT(yes), true, 0, 0, "The `yes` must be true or false."},
};

static const struct field visitor_typing[] = {ON_ROW};
static const struct field visitor_read[] = {SEQ_ROW(true)};

static const struct field visitor_page_opened[] = {SEQ_ROW(true)};

static const struct field visitor_page[] = {
	{"url", read_place, AT(page_url), false, 1, URL_SIZE, "The `url` must be a string."},
	{"title", field_cut_line, AT(page_title), false, 0, TITLE_SIZE,
         "The `title` must be a string."},
	CONTEXT_ROW,
};

static const struct field visitor_history[] = {AFTER_ROW};

static const struct field visitor_rate[] = {
	{"score", field_int, AT(score), true, 1, 5,
         "The `score` must be a whole number from 1 to 5."},
	{"comment", read_agent_text, AT(text), false, 0, 0,
         "The `comment` must be a string without control characters."},
};

static const struct field visitor_solved[] = {
	{"article", field_url, AT(url), true, 1, URL_SIZE,
         "The `article` must be the URL of the page that helped."},
	{"query", field_cut_line, AT(title), false, 0, TITLE_SIZE, "The `query` must be a string."},
};

static const struct field agent_hello[] = {
	{"after", read_marks, 0, false, 0, 0,
         "The `after` must be an object of at most 256 ticket numbers with a `seq` each."},
};

static const struct field agent_presence[] = {
	{"state", read_presence, AT(presence), true, 0, 0,
         "The `state` must be available, busy, away or offline."},
	{"capacity", field_int, AT(capacity), false, CAPACITY_MIN, CAPACITY_MAX,
         "The `capacity` must be a whole number from 1 to 100."},
	{"reason", field_line, AT(reason), false, 1, PRESENCE_REASON_SIZE,
         "The `reason` must be a line of 1 to 60 bytes."},
};

static const struct field agent_ticket[] = {TICKET_ROW};

static const struct field agent_message[] = {
	TICKET_ROW,
	{"text", read_agent_text, AT(text), false, 0, 0, FIELD_TEXT_WRONG},
	{"kind", read_kind, AT(kind), false, 0, 0, "The `kind` must be text or article."},
	{"url", field_url, AT(url), false, 1, URL_SIZE,
         "The `url` must be an http or https URL below 1,024 bytes."},
	{"title", field_cut_line, AT(title), false, 0, TITLE_SIZE, "The `title` must be a string."},
	{"seen", read_seen, 0, false, 0, INT64_MAX, "The `seen` must be a whole number from 0."},
};

static const struct field agent_note[] = {
	TICKET_ROW,
	{"text", field_message, AT(text), true, 0, 0, FIELD_TEXT_WRONG},
};

static const struct field agent_typing[] = {TICKET_ROW, ON_ROW};
static const struct field agent_viewing[] = {
	{"ticket", field_u64, AT(ticket), true, 0, INT64_MAX,
         "The `ticket` must be the number of a ticket, or 0 for none."},
	{"typing", field_bool, AT(on), false, 0, 0, "The `typing` must be true or false."},
};
static const struct field agent_read[] = {TICKET_ROW, SEQ_ROW(true)};
static const struct field agent_history[] = {TICKET_ROW, AFTER_ROW};

#define NOTE_ROW                                                                  \
	{                                                                         \
		"note", read_agent_text, AT(text), false, 0, 0,                   \
			"The `note` must be a string without control characters." \
	}

static const struct field agent_transfer[] = {
	TICKET_ROW,
	{"to", read_to, 0, true, 0, 0,
         "The `to` must be an object with `agent` (a number) or `tier` (1, 2 or 3)."},
	NOTE_ROW,
};

#define REASON_ROW(required)                                                  \
	{                                                                     \
		"reason", field_line, AT(reason), required, 1, LINE_MAX_SIZE, \
			"The `reason` must be a line of 1 to 511 bytes."      \
	}

static const struct field agent_escalate[] = {
	TICKET_ROW,
	REASON_ROW(true),
	{"tier", field_int, AT(tier), false, TIER_MIN, TIER_MAX, "The `tier` must be 1, 2 or 3."},
	NOTE_ROW,
};

static const struct field agent_set[] = {TICKET_ROW, REASON_ROW(false)};

static const struct field agent_incident[] = {TICKET_ROW, REASON_ROW(true)};

static const struct field agent_confirm[] = {
	TICKET_ROW,
	REASON_ROW(false),
	{"stopped", field_bool, AT(yes), true, 0, 0, "The `stopped` must be true or false."},
};

static const struct field agent_approve[] = {
	TICKET_ROW,
	REASON_ROW(false),
	{"granted", field_bool, AT(yes), true, 0, 0, "The `granted` must be true or false."},
};

static const struct field agent_close[] = {
	TICKET_ROW,
	{"resolution", read_resolution, AT(resolution), true, 0, 0,
         "The `resolution` must be answered, docs_sent, docs_self, docs_missing, fixed, routed, "
         "feature_request, duplicate, no_reply or spam."},
	{"articles", read_articles, 0, false, 0, 0,
         "The `articles` must be at most 4 http or https URLs below 512 bytes."},
};

static bool check_agent_message(struct fields *fields, const json_t *object, struct frame_in *frame)
{
	(void)object;
	if (frame->kind == ENTRY_ARTICLE && frame->url.len == 0)
		return fields_wrong(fields, ST_BAD_REQUEST, "An article needs its `url`.");
	if (frame->kind == ENTRY_TEXT && frame->text.len == 0)
		return fields_wrong(fields, ST_BAD_REQUEST, FIELD_TEXT_WRONG);
	return true;
}

static bool check_set(struct fields *fields, const json_t *object, struct frame_in *frame)
{
	if (!ticket_fields_read(fields, object, &frame->set))
		return false;
	if (frame->set.mask == 0)
		return fields_wrong(
			fields, ST_BAD_REQUEST,
			"Nothing to set: give title, priority, topic, tags, add_tag, remove_tag, "
			"add_link, remove_link, done, undone, status or parent.");
	return true;
}

static bool check_close(struct fields *fields, const json_t *object, struct frame_in *frame)
{
	if (!ticket_tags_read(fields, object, &frame->set))
		return false;
	if (frame->resolution == RESOLUTION_DOCS_SENT && frame->articles_count == 0)
		return fields_wrong(fields, ST_BAD_REQUEST,
		                    "A `docs_sent` needs the `articles` that were sent.");
	return true;
}

static bool check_page(struct fields *fields, const json_t *object, struct frame_in *frame)
{
	(void)fields;
	check_place(object, frame);
	return true;
}

static bool check_tags(struct fields *fields, const json_t *object, struct frame_in *frame)
{
	return ticket_tags_read(fields, object, &frame->set);
}

struct shape {
	const struct field *rows;
	size_t count;
	bool (*check)(struct fields *fields, const json_t *object, struct frame_in *frame);
};

#define ROWS(table) .rows = (table), .count = ARRAY_LEN(table)

static const struct shape visitor_shapes[] = {
	[IN_HELLO] = {ROWS(visitor_hello)},
	[IN_MESSAGE] = {ROWS(visitor_message), check_tags},
	[IN_TYPING] = {ROWS(visitor_typing)},
	[IN_READ] = {ROWS(visitor_read)},
	[IN_PAGE] = {ROWS(visitor_page), check_page},
	[IN_HISTORY] = {ROWS(visitor_history)},
	[IN_RATE] = {ROWS(visitor_rate)},
	[IN_SOLVED] = {ROWS(visitor_solved)},
	[IN_CLOSE] = {0},
	[IN_PONG] = {0},
	[IN_HELPED] = {ROWS(visitor_helped)},
	[IN_PAGE_OPENED] = {ROWS(visitor_page_opened)},
	[IN_APPROVE] = {0},
	[IN_UNDO] = {0},
	[IN_VIEWING] = {0},
};

static const struct shape agent_shapes[] = {
	[IN_HELLO] = {ROWS(agent_hello)},
	[IN_MESSAGE] = {ROWS(agent_message), .check = check_agent_message},
	[IN_TYPING] = {ROWS(agent_typing)},
	[IN_READ] = {ROWS(agent_read)},
	[IN_HISTORY] = {ROWS(agent_history)},
	[IN_CLOSE] = {ROWS(agent_close), .check = check_close},
	[IN_PONG] = {0},
	[IN_PRESENCE] = {ROWS(agent_presence)},
	[IN_ACCEPT] = {ROWS(agent_ticket)},
	[IN_DECLINE] = {ROWS(agent_ticket)},
	[IN_NOTE] = {ROWS(agent_note)},
	[IN_SET] = {ROWS(agent_set), .check = check_set},
	[IN_TRANSFER] = {ROWS(agent_transfer)},
	[IN_ESCALATE] = {ROWS(agent_escalate)},
	[IN_WATCH] = {ROWS(agent_ticket)},
	[IN_UNWATCH] = {ROWS(agent_ticket)},
	[IN_INCIDENT] = {ROWS(agent_incident)},
	[IN_CONFIRM] = {ROWS(agent_confirm)},
	[IN_ACKNOWLEDGE] = {ROWS(agent_ticket)},
	[IN_APPROVE] = {ROWS(agent_approve)},
	[IN_UNDO] = {ROWS(agent_ticket)},
	[IN_VIEWING] = {ROWS(agent_viewing)},
};

static const struct {
	const char *name;
	bool allowed[2]; /* by audience */
	bool needs_id;
} types[] = {
#define TYPE_ROW(enumerator, name, visitor, agent, id) {name, {visitor, agent}, id},
	FRAME_IN_TABLE(TYPE_ROW)
#undef TYPE_ROW
};

static bool type_of(const json_t *object, enum audience audience, enum frame_in_type *out)
{
	struct span name = text_of(json_object_get(object, "type"));

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (span_is(name, types[i].name)) {
			*out = (enum frame_in_type)i;
			return types[i].allowed[audience];
		}
	}
	return false;
}

#define ID_WRONG "The `id` must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -."

static bool decode_object(struct fields *fields, enum audience audience, const json_t *object,
                          struct frame_in *frame)
{
	static const struct field id_row = {"id", field_id, AT(id), false, 0, 0, ID_WRONG};
	const struct shape *shape;

	if (!fields_read(fields, object, &id_row, 1, frame))
		return false;
	if (!type_of(object, audience, &frame->type))
		return fields_wrong(fields, ST_BAD_REQUEST, "The `type` is not known here.");
	if (types[frame->type].needs_id && frame->id.len == 0)
		return fields_wrong(fields, ST_BAD_REQUEST, ID_WRONG);
	shape = audience == AUDIENCE_VISITOR ? &visitor_shapes[frame->type]
	                                     : &agent_shapes[frame->type];
	if (!fields_read(fields, object, shape->rows, shape->count, frame))
		return false;
	return shape->check == NULL || shape->check(fields, object, frame);
}

#define BROKEN "A frame is one JSON object, at most 8 levels deep, without doubled members."

/* Somebody waits for the answer to a frame that was meant well and cannot be read: half a
 * surrogate, a NUL, a number beyond all numbers. */
static struct span id_of_broken(const struct wire_reader *reader, struct span text)
{
	struct span id = json_guard_find(text, "id");

	return client_id_is_valid(id) ? arena_span(reader->arena, id) : (struct span){0};
}

static enum status decode_tree(const struct wire_reader *reader, struct span text,
                               struct frame_in *frame_out, struct wire_refusal *refusal_out)
{
	struct fields fields = {.arena = reader->arena, .message_chars = reader->message_chars};
	struct frame_in frame = {0};
	json_t *object;

	if (json_guard_parse(text, &object) != ST_OK) {
		*refusal_out =
			(struct wire_refusal){.id = id_of_broken(reader, text), .message = BROKEN};
		return ST_BAD_REQUEST;
	}
	if (decode_object(&fields, reader->audience, object, &frame))
		*frame_out = frame;
	else
		*refusal_out = (struct wire_refusal){.id = frame.id, .message = fields.wrong};
	json_decref(object);
	return fields.st;
}

enum status wire_decode(const struct wire_reader *reader, struct span text,
                        struct frame_in *frame_out, struct wire_refusal *refusal_out)
{
	*refusal_out = (struct wire_refusal){0};
	if (wire_plain(reader, text, frame_out))
		return ST_OK;
	return decode_tree(reader, text, frame_out, refusal_out);
}
