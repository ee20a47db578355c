/* SPDX-License-Identifier: MIT */
#include "proto/fields.h"

#include "core/ids.h"
#include "proto/text.h"

bool fields_wrong(struct fields *fields, enum status st, const char *sentence)
{
	if (fields->st == ST_OK) {
		fields->st = st;
		fields->wrong = sentence;
	}
	return false;
}

bool fields_read(struct fields *fields, const json_t *object, const struct field *rows,
                 size_t count, void *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct field *row = &rows[i];
		const json_t *value = json_object_get(object, row->name);

		if (value == NULL || json_is_null(value)) {
			if (row->required)
				return fields_wrong(fields, ST_BAD_REQUEST, row->wrong);
			continue;
		}
		if (!row->read(fields, row, value, (char *)out + row->offset))
			return fields_wrong(fields, ST_BAD_REQUEST, row->wrong);
	}
	return true;
}

static bool is_known(const char *name, const struct field *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (span_is(span_of(name), rows[i].name))
			return true;
	}
	return false;
}

bool fields_only(struct fields *fields, const json_t *object, const struct field *rows,
                 size_t count)
{
	/* Jansson walks without changing anything, but has no const way to say so. */
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	json_t *members = (json_t *)(uintptr_t)object;
	const char *name;
	json_t *value;

	json_object_foreach(members, name, value) {
		if (is_known(name, rows, count))
			continue;
		if (fields->unknown == NULL)
			fields->unknown = arena_strdup(fields->arena, name);
		return fields_wrong(fields, ST_BAD_REQUEST,
		                    "There is a member that is not known here.");
	}
	return true;
}

static bool string_of(const json_t *value, struct span *out)
{
	if (!json_is_string(value))
		return false;
	*out = (struct span){.ptr = json_string_value(value), .len = json_string_length(value)};
	return true;
}

bool field_message(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	struct span text;
	enum status st;

	(void)field;
	if (!string_of(value, &text))
		return false;
	st = text_message(fields->arena, text, fields->message_chars, &text);
	if (st == ST_TOO_LARGE)
		return fields_wrong(fields, st, "The `text` is longer than a message may be.");
	if (st != ST_OK)
		return false;
	*(struct span *)to = arena_span(fields->arena, text);
	return true;
}

static bool line(struct fields *fields, const struct field *field, const json_t *value, void *to,
                 size_t size)
{
	struct span text;

	if (!string_of(value, &text))
		return false;
	text = text_line(fields->arena, text, size);
	if (text.len < (size_t)field->min || text.len >= (size_t)field->max)
		return false;
	*(struct span *)to = text;
	return true;
}

bool field_line(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	return line(fields, field, value, to, SIZE_MAX);
}

bool field_cut_line(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	return line(fields, field, value, to, (size_t)field->max);
}

bool field_url(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	struct span text;

	if (!string_of(value, &text) || !text_is_url(text, (size_t)field->max))
		return false;
	*(struct span *)to = arena_span(fields->arena, text);
	return true;
}

bool field_secret(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	struct span text;

	if (!string_of(value, &text) || text.len < (size_t)field->min ||
	    text.len > (size_t)field->max)
		return false;
	*(struct span *)to = arena_span(fields->arena, text);
	return true;
}

bool field_bool(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	(void)fields;
	(void)field;
	if (!json_is_boolean(value))
		return false;
	*(bool *)to = json_is_true(value);
	return true;
}

static bool integer(const struct field *field, const json_t *value, int64_t *out)
{
	if (!json_is_integer(value))
		return false;
	*out = json_integer_value(value);
	return *out >= field->min && *out <= field->max;
}

bool field_u64(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	int64_t number;

	(void)fields;
	if (!integer(field, value, &number))
		return false;
	*(uint64_t *)to = (uint64_t)number; /* a row's min is never below 0 */
	return true;
}

bool field_int(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	int64_t number;

	(void)fields;
	if (!integer(field, value, &number))
		return false;
	*(int *)to = (int)number; /* a row's range fits an int */
	return true;
}

bool field_id(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	struct span text;

	(void)field;
	if (!string_of(value, &text) || !client_id_is_valid(text))
		return false;
	*(struct span *)to = arena_span(fields->arena, text);
	return true;
}
