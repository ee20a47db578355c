/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <string.h>

/* The index of the closing quote of the string that begins after `at`. */
static size_t string_end(struct span text, size_t at)
{
	while (at < text.len && text.ptr[at] != '"')
		at += text.ptr[at] == '\\' ? 2 : 1;
	return at;
}

/* The index after the value that begins at `at`. */
static size_t value_end(struct span text, size_t at)
{
	int depth = 0;

	for (; at < text.len; at++) {
		char c = text.ptr[at];

		if (c == '"')
			at = string_end(text, at + 1);
		else if (c == '{' || c == '[')
			depth++;
		else if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			break;
		else if (c == '}' || c == ']')
			depth--;
	}
	return at < text.len ? at : text.len;
}

struct span json_find(struct span object, const char *key)
{
	size_t key_len = strlen(key);
	size_t at = 1;

	while (at < object.len) {
		while (at < object.len && object.ptr[at] != '"')
			at++;
		size_t name = at + 1;
		size_t name_end = string_end(object, name);
		size_t value = name_end + 1;

		while (value < object.len && (object.ptr[value] == ':' || object.ptr[value] == ' '))
			value++;
		size_t end = value_end(object, value);

		if (end > value && name_end - name == key_len &&
		    memcmp(object.ptr + name, key, key_len) == 0) {
			if (object.ptr[value] == '"')
				return (struct span){object.ptr + value + 1, end - value - 2};
			return (struct span){object.ptr + value, end - value};
		}
		at = end + 1;
	}
	return (struct span){NULL, 0};
}

uint64_t json_find_u64(struct span object, const char *key)
{
	struct span value = json_find(object, key);
	uint64_t number = 0;

	for (size_t i = 0; i < value.len && value.ptr[i] >= '0' && value.ptr[i] <= '9'; i++)
		number = number * 10 + (uint64_t)(value.ptr[i] - '0');
	return number;
}
