/* SPDX-License-Identifier: MIT */
#include "proto/body.h"

#include "base/must.h"
#include "proto/json_guard.h"
#include "proto/ticket_fields.h"

#define REASON_MAX 512
#define URL_WRONG  "The `url` must be an http or https URL below 1,024 bytes."

static bool open_object(struct fields *fields, struct span text, json_t **out)
{
	if (json_guard_parse(text, out) == ST_OK)
		return true;
	return fields_wrong(fields, ST_BAD_REQUEST,
	                    "The body must be one JSON object, at most 8 levels deep.");
}

/* As with frames, members that are not known are passed over. */
static bool read_known(struct fields *fields, struct span text, const struct field *rows,
                       size_t count, void *out)
{
	json_t *object;
	bool good;

	if (!open_object(fields, text, &object))
		return false;
	good = fields_read(fields, object, rows, count, out);
	json_decref(object);
	return good;
}

/* Of what an agent or an administrator keeps: a slip of the pen is not passed over. */
static bool read_whole(struct fields *fields, struct span text, const struct field *rows,
                       size_t count, void *out)
{
	json_t *object;
	bool good;

	if (!open_object(fields, text, &object))
		return false;
	good = fields_only(fields, object, rows, count) &&
	       fields_read(fields, object, rows, count, out);
	json_decref(object);
	return good;
}

bool body_login_read(struct fields *fields, struct span text, struct body_login *out)
{
	static const struct field rows[] = {
		{"email", field_secret, offsetof(struct body_login, email), true, 1, EMAIL_SIZE,
	         "The `email` must be a string."},
		{"password", field_secret, offsetof(struct body_login, password), true, 1, 1024,
	         "The `password` must be a string."},
	};

	return read_known(fields, text, rows, ARRAY_LEN(rows), out);
}

bool body_password_read(struct fields *fields, struct span text, struct body_password *out)
{
	static const struct field rows[] = {
		{"password", field_secret, offsetof(struct body_password, password), true, 1, 1024,
	         "The `password` must be a string."},
		{"new_password", field_secret, offsetof(struct body_password, new_password), true,
	         1, 1024, "The `new_password` must be a string."},
	};

	return read_known(fields, text, rows, ARRAY_LEN(rows), out);
}

static bool read_role(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	enum agent_role role;

	return field_secret(fields, field, value, to) &&
	       agent_role_parse(*(struct span *)to, &role);
}

static bool read_disabled(struct fields *fields, const struct field *field, const json_t *value,
                          void *to)
{
	bool *pair = to; /* disabled, enabled */

	if (!field_bool(fields, field, value, &pair[0]))
		return false;
	pair[1] = !pair[0];
	return true;
}

#define AGENT_ROWS(needed)                                                                         \
	{"name",                                                                                   \
	 field_line,                                                                               \
	 offsetof(struct body_agent, name),                                                        \
	 needed,                                                                                   \
	 1,                                                                                        \
	 NAME_SIZE,                                                                                \
	 "The `name` must be a line of 1 to 127 bytes."},                                          \
		{"password", field_secret, offsetof(struct body_agent, password),          needed, \
	         8,          256,          "The `password` must have 8 to 256 characters."},       \
		{"tier",   field_int, offsetof(struct body_agent, tier), needed,                   \
	         TIER_MIN, TIER_MAX,  "The `tier` must be 1, 2 or 3."},                            \
	{                                                                                          \
		"role", read_role, offsetof(struct body_agent, role), false, 1, 16,                \
			"The `role` must be agent, supervisor or admin."                           \
	}

bool body_agent_new_read(struct fields *fields, struct span text, struct body_agent *out)
{
	static const struct field rows[] = {
		{"email", field_secret, offsetof(struct body_agent, email), true, 3, EMAIL_SIZE - 1,
	         "The `email` must be an e-mail address."},
		AGENT_ROWS(true),
	};

	return read_whole(fields, text, rows, ARRAY_LEN(rows), out);
}

bool body_agent_change_read(struct fields *fields, struct span text, struct body_agent *out)
{
	static const struct field rows[] = {
		AGENT_ROWS(false),
		{"disabled", read_disabled, offsetof(struct body_agent, disabled), false, 0, 0,
	         "The `disabled` must be true or false."},
		{"revoke", field_bool, offsetof(struct body_agent, revoke), false, 0, 0,
	         "The `revoke` must be true or false."},
	};

	return read_whole(fields, text, rows, ARRAY_LEN(rows), out);
}

static bool read_scope(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	struct span name = {0};

	return field_secret(fields, field, value, &name) && token_scope_parse(name, to);
}

#define TOKEN_LABEL_ROW                                                                  \
	{                                                                                \
		"label", field_line, offsetof(struct body_token, label), true, 1,        \
			TOKEN_LABEL_SIZE, "The `label` must be a line of 1 to 63 bytes." \
	}

bool body_token_new_read(struct fields *fields, struct span text, struct body_token *out)
{
	static const struct field rows[] = {
		TOKEN_LABEL_ROW,
		{"scope", read_scope, offsetof(struct body_token, scope), true, 1, 16,
	         "The `scope` must be full or wall."},
		{"days", field_int, offsetof(struct body_token, days), false, 1, TOKEN_DAYS_MAX,
	         "The `days` must be a whole number from 1 to 3650."},
	};

	return read_whole(fields, text, rows, ARRAY_LEN(rows), out);
}

bool body_token_change_read(struct fields *fields, struct span text, struct body_token *out)
{
	static const struct field rows[] = {TOKEN_LABEL_ROW};

	return read_whole(fields, text, rows, ARRAY_LEN(rows), out);
}

bool body_list_read(struct fields *fields, struct span text, struct body_list *out)
{
	static const struct field rows[] = {
		{"name", field_line, offsetof(struct body_list, name), true, 1,
	         SAVED_LIST_NAME_SIZE, "The `name` must be a line of 1 to 127 bytes."},
		{"query", field_line, offsetof(struct body_list, query), true, 1,
	         SAVED_LIST_QUERY_SIZE, "The `query` must be a line of 1 to 1,023 bytes."},
	};

	return read_whole(fields, text, rows, ARRAY_LEN(rows), out);
}

#define AT(member) offsetof(struct command, member)

static bool read_email(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	struct span email = {0};

	if (!field_secret(fields, field, value, &email) ||
	    (email.len > 0 && !email_is_valid(email)))
		return false;
	if (email.len > 0)
		*(struct span *)to = email;
	return true;
}

static bool read_visitor(struct fields *fields, const struct field *field, const json_t *value,
                         void *to)
{
	static const struct field rows[] = {
		{"name", field_line, AT(visitor_name), false, 0, NAME_SIZE,
	         "The `visitor.name` must be a line below 128 bytes."},
		{"email", read_email, AT(visitor_email), false, 0, EMAIL_SIZE,
	         "The `visitor.email` must be an e-mail address."},
	};

	(void)field;
	return json_is_object(value) && fields_read(fields, value, rows, ARRAY_LEN(rows), to);
}

static bool read_page(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	static const struct field rows[] = {
		{"url", field_url, AT(page_url), true, 1, URL_SIZE,
	         "The `page.url` must be an http or https URL below 1,024 bytes."},
		{"title", field_cut_line, AT(page_title), false, 0, TITLE_SIZE,
	         "The `page.title` must be a string."},
	};

	(void)field;
	return json_is_object(value) && fields_read(fields, value, rows, ARRAY_LEN(rows), to);
}

static bool read_command(struct fields *fields, struct span text, const struct field *rows,
                         size_t count, struct command *out)
{
	json_t *object;
	bool good;

	if (!open_object(fields, text, &object))
		return false;
	good = fields_read(fields, object, rows, count, out) &&
	       ticket_fields_read(fields, object, &out->set);
	json_decref(object);
	return good;
}

bool body_open_read(struct fields *fields, struct span text, struct command *out)
{
	static const struct field rows[] = {
		{"channel", field_channel, AT(channel), true, 0, 0,
	         "The `channel` must be chat, portal, email, phone or slack."},
		{"text", field_message, AT(text), true, 0, 0, FIELD_TEXT_WRONG},
		{"visitor", read_visitor, 0, false, 0, 0, "The `visitor` must be an object."},
		{"page", read_page, 0, false, 0, 0, "The `page` must be an object."},
	};

	out->kind = COMMAND_OPEN;
	if (!read_command(fields, text, rows, ARRAY_LEN(rows), out))
		return false;
	out->set.mask &= SET_TITLE | SET_PRIORITY | SET_TOPIC | SET_TAGS;
	return true;
}

bool body_set_read(struct fields *fields, struct span text, struct command *out)
{
	static const struct field rows[] = {
		{"reason", field_line, AT(reason), false, 1, REASON_MAX,
	         "The `reason` must be a line of 1 to 511 bytes."},
	};

	out->kind = COMMAND_SET;
	if (!read_command(fields, text, rows, ARRAY_LEN(rows), out))
		return false;
	if (out->set.mask == 0)
		return fields_wrong(
			fields, ST_BAD_REQUEST,
			"Nothing to set: give title, priority, topic, tags, add_tag, remove_tag, "
			"add_link, remove_link, done, undone, status or parent.");
	return true;
}

static bool read_kind(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	struct command *command = to;
	struct span name = {0};

	if (!field_secret(fields, field, value, &name) ||
	    !entry_kind_parse(name, &command->entry_kind))
		return false;
	if (command->entry_kind == ENTRY_NOTE)
		command->kind = COMMAND_NOTE;
	return command->entry_kind != ENTRY_FILE && command->entry_kind != ENTRY_EVENT;
}

static bool read_seen(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	struct command *command = to;

	command->has_seen = true;
	return field_u64(fields, field, value, &command->seen);
}

bool body_reply_read(struct fields *fields, struct span text, struct command *out)
{
	static const struct field rows[] = {
		{"text", field_message, AT(text), false, 0, 0, FIELD_TEXT_WRONG},
		{"kind", read_kind, 0, false, 1, 16, "The `kind` must be text, article or note."},
		{"url", field_url, AT(url), false, 1, URL_SIZE, URL_WRONG},
		{"title", field_cut_line, AT(title), false, 0, TITLE_SIZE,
	         "The `title` must be a string."},
		{"seen", read_seen, 0, false, 0, INT64_MAX,
	         "The `seen` must be a whole number from 0."},
	};

	out->kind = COMMAND_SAY;
	if (!read_known(fields, text, rows, ARRAY_LEN(rows), out))
		return false;
	if (out->entry_kind == ENTRY_ARTICLE && out->url.len == 0)
		return fields_wrong(fields, ST_BAD_REQUEST, "An article needs its `url`.");
	if (out->entry_kind != ENTRY_ARTICLE && out->text.len == 0)
		return fields_wrong(fields, ST_BAD_REQUEST, FIELD_TEXT_WRONG);
	return true;
}
