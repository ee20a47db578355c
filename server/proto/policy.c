/* SPDX-License-Identifier: MIT */
#include "proto/policy.h"

#include <stdio.h>

#include "base/must.h"
#include "proto/fields.h"
#include "proto/json_guard.h"

#define AT(member) offsetof(struct desk_file, member)

/* A section of the file: an object of its own rows, none unknown. */
static bool section(struct fields *fields, const json_t *value, const struct field *rows,
                    size_t count, void *to)
{
	if (!json_is_object(value))
		return false;
	if (!fields_only(fields, value, rows, count))
		return false;
	return fields_read(fields, value, rows, count, to);
}

static bool read_name(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	struct span name = {0};

	return field_line(fields, field, value, &name) && span_copy(to, NAME_SIZE, name);
}

static bool read_origins(struct fields *fields, const struct field *field, const json_t *value,
                         void *to)
{
	struct desk_file *policy = to;

	(void)fields;
	(void)field;
	if (!json_is_array(value) || json_array_size(value) > POLICY_ORIGINS_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		struct span text = span_of(json_string_value(json_array_get(value, i)));

		if (!origin_parse(text, policy->origins[i]))
			return false;
	}
	policy->origins_count = json_array_size(value);
	return true;
}

static bool read_seconds(struct fields *fields, const struct field *field, const json_t *value,
                         void *to)
{
	uint64_t seconds;

	if (!field_u64(fields, field, value, &seconds))
		return false;
	*(int64_t *)to = (int64_t)seconds; /* below field->max */
	return true;
}

static bool read_desk(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	static const struct field rows[] = {
		{"name", read_name, AT(name), false, 1, NAME_SIZE,
	         "`desk.name` must be a line of 1 to 127 bytes"},
		{"origins", read_origins, 0, false, 0, 0,
	         "`desk.origins` must be at most 32 origins like https://docs.example.gov"},
	};

	(void)field;
	return section(fields, value, rows, ARRAY_LEN(rows), to);
}

static bool read_chat(struct fields *fields, const struct field *field, const json_t *value,
                      void *to)
{
	static const struct field rows[] = {
		{"capacity", field_int, AT(capacity), false, 1, 100,
	         "`chat.capacity` must be a whole number from 1 to 100"},
		{"offer_s", read_seconds, AT(offer_s), false, 1, 600,
	         "`chat.offer_s` must be a whole number of seconds from 1 to 600"},
		{"again_s", read_seconds, AT(again_s), false, 0, 3600,
	         "`chat.again_s` must be a whole number of seconds from 0 to 3600"},
		{"grace_s", read_seconds, AT(grace_s), false, 1, 600,
	         "`chat.grace_s` must be a whole number of seconds from 1 to 600"},
	};

	(void)field;
	return section(fields, value, rows, ARRAY_LEN(rows), to);
}

#define TARGET_ROW(name, priority)                                                                \
	{                                                                                         \
		name, read_seconds, AT(first_response_s[priority]), false, 0, INT64_C(86400) * 7, \
			"`first_response_s." name                                                 \
			"` must be a whole number of seconds, at most a week"                     \
	}

static bool read_targets(struct fields *fields, const struct field *field, const json_t *value,
                         void *to)
{
	static const struct field rows[] = {
		TARGET_ROW("low", PRIORITY_LOW),
		TARGET_ROW("medium", PRIORITY_MEDIUM),
		TARGET_ROW("high", PRIORITY_HIGH),
		TARGET_ROW("critical", PRIORITY_CRITICAL),
	};

	(void)field;
	return section(fields, value, rows, ARRAY_LEN(rows), to);
}

static const struct field sections[] = {
	{"desk", read_desk, 0, false, 0, 0, "`desk` must be an object"},
	{"chat", read_chat, 0, false, 0, 0, "`chat` must be an object"},
	{"first_response_s", read_targets, 0, false, 0, 0, "`first_response_s` must be an object"},
};

enum status policy_parse(struct span text, struct desk_file *policy, char *why, size_t size)
{
	struct arena arena = {0};
	struct fields fields = {.arena = &arena};
	struct desk_file next = *policy;
	json_error_t error;
	json_t *root;

	if (text.len > POLICY_BYTES_MAX || json_guard_scan(text) != ST_OK) {
		(void)snprintf(why, size, "it is too large or nested too deeply");
		return ST_BAD_REQUEST;
	}
	root = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		(void)snprintf(why, size, "line %d, column %d: %s", error.line, error.column,
		               error.text);
		return ST_BAD_REQUEST;
	}
	if (!section(&fields, root, sections, ARRAY_LEN(sections), &next) && fields.st == ST_OK)
		(void)fields_wrong(&fields, ST_BAD_REQUEST, "it must be one JSON object");
	if (fields.st == ST_OK)
		*policy = next;
	else if (fields.unknown != NULL)
		(void)snprintf(why, size, "there is no member `%s` here", fields.unknown);
	else
		(void)snprintf(why, size, "%s", fields.wrong);
	json_decref(root);
	arena_fini(&arena);
	return fields.st;
}
