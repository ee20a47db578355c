/* SPDX-License-Identifier: MIT */
#include "proto/ticket_fields.h"

#include <string.h>

#include "base/must.h"
#include "proto/text.h"

static struct span text_of(const json_t *value)
{
	if (!json_is_string(value))
		return (struct span){0};
	return (struct span){.ptr = json_string_value(value), .len = json_string_length(value)};
}

#define ENUM_READER(noun, type)                                                                  \
	bool field_##noun(struct fields *fields, const struct field *field, const json_t *value, \
	                  void *to)                                                              \
	{                                                                                        \
		(void)fields;                                                                    \
		(void)field;                                                                     \
		return noun##_parse(text_of(value), (type *)to);                                 \
	}

ENUM_READER(priority, enum priority)
ENUM_READER(ticket_status, enum ticket_status)
ENUM_READER(channel, enum channel)

bool field_articles(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	struct article_list *list = to;

	(void)fields;
	(void)field;
	if (!json_is_array(value) || json_array_size(value) > ARTICLES_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		struct span url = text_of(json_array_get(value, i));

		if (!text_is_url(url, ARTICLE_SIZE))
			return false;
		(void)span_copy(list->items[i].url, ARTICLE_SIZE, url);
	}
	list->count = (unsigned)json_array_size(value);
	return true;
}

static bool field_tags(struct fields *fields, const struct field *field, const json_t *value,
                       void *to)
{
	struct ticket_fields *out = to;

	(void)field;
	if (!json_is_array(value) || json_array_size(value) > TAGS_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		struct span tag = text_of(json_array_get(value, i));

		tag = text_line(fields->arena, tag, tag.len + 1);
		if (tag.len == 0 || !span_copy(out->tags[i].text, TAG_SIZE, tag))
			return false;
	}
	out->tags_count = (unsigned)json_array_size(value);
	return true;
}

static const struct field rows[] = {
	{"title", field_line, offsetof(struct ticket_fields, title), false, 1, TITLE_SIZE,
         "The `title` must be a line of 1 to 255 bytes."},
	{"priority", field_priority, offsetof(struct ticket_fields, priority), false, 0, 0,
         "The `priority` must be low, medium, high or critical."},
	{"topic", field_line, offsetof(struct ticket_fields, topic), false, 0, TOPIC_SIZE,
         "The `topic` must be a line of at most 63 bytes."},
	{"tags", field_tags, 0, false, 0, 0,
         "The `tags` must be at most 10 lines of 1 to 47 bytes."},
	{"status", field_ticket_status, offsetof(struct ticket_fields, status), false, 0, 0,
         "The `status` must be new, open, pending, resolved or closed."},
	{"parent", field_u64, offsetof(struct ticket_fields, parent), false, 0, INT64_MAX,
         "The `parent` must be the number of a ticket, or 0 for none."},
	{"add_tag", field_line, offsetof(struct ticket_fields, tag_add), false, 1, TAG_SIZE,
         "The `add_tag` must be a line of 1 to 47 bytes."},
	{"remove_tag", field_line, offsetof(struct ticket_fields, tag_off), false, 1, TAG_SIZE,
         "The `remove_tag` must be a line of 1 to 47 bytes."},
	{"add_link", field_line, offsetof(struct ticket_fields, link_add), false, 1, LINK_SIZE,
         "The `add_link` must be a line of 1 to 511 bytes."},
	{"remove_link", field_line, offsetof(struct ticket_fields, link_off), false, 1, LINK_SIZE,
         "The `remove_link` must be a line of 1 to 511 bytes."},
	{"done", field_line, offsetof(struct ticket_fields, done), false, 1, MILESTONE_ID_SIZE,
         "The `done` must be the id of a milestone."},
	{"undone", field_line, offsetof(struct ticket_fields, undone), false, 1, MILESTONE_ID_SIZE,
         "The `undone` must be the id of a milestone."},
};

static const unsigned bits[] = {SET_TITLE,    SET_PRIORITY, SET_TOPIC,   SET_TAGS,
                                SET_STATUS,   SET_PARENT,   SET_TAG_ADD, SET_TAG_OFF,
                                SET_LINK_ADD, SET_LINK_OFF, SET_DONE,    SET_UNDONE};

bool ticket_tags_read(struct fields *fields, const json_t *object, struct ticket_fields *out)
{
	static const struct field row = {"tags",
	                                 field_tags,
	                                 0,
	                                 false,
	                                 0,
	                                 0,
	                                 "The `tags` must be at most 10 lines of 1 to 47 bytes."};
	const json_t *value = json_object_get(object, "tags");

	if (value != NULL && !json_is_null(value))
		out->mask |= SET_TAGS;
	return fields_read(fields, object, &row, 1, out);
}

bool ticket_fields_read(struct fields *fields, const json_t *object, struct ticket_fields *out)
{
	MUST(ARRAY_LEN(bits) == ARRAY_LEN(rows));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const json_t *value = json_object_get(object, rows[i].name);

		if (value != NULL && !json_is_null(value))
			out->mask |= bits[i];
	}
	return fields_read(fields, object, rows, ARRAY_LEN(rows), out);
}
