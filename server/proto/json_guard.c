/* SPDX-License-Identifier: MIT */
#include "proto/json_guard.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

void json_guard_setup(void)
{
	json_set_alloc_funcs(xmalloc, free);
	json_object_seed(0);
}

struct scan {
	int depth;
	int deepest;
	long values; /* strings, scalars and containers, less one for each member name */
	bool in_scalar;
};

/* The end of the string that begins at text[at]; the end of the text when it has none. */
static size_t string_end(struct span text, size_t at)
{
	for (at++; at < text.len && text.ptr[at] != '"'; at++) {
		if (text.ptr[at] == '\\')
			at++;
	}
	return at;
}

static void scan_char(struct scan *scan, char c)
{
	switch (c) {
	case '{':
	case '[':
		scan->values++;
		scan->depth++;
		if (scan->depth > scan->deepest)
			scan->deepest = scan->depth;
		break;
	case '}':
	case ']':
		scan->depth--;
		break;
	case '"':
		scan->values++;
		break;
	case ':':
		scan->values--;
		break;
	case ',':
	case ' ':
	case '\t':
	case '\n':
	case '\r':
		break;
	default:
		if (!scan->in_scalar)
			scan->values++;
		scan->in_scalar = true;
		return;
	}
	scan->in_scalar = false;
}

enum status json_guard_within(struct span text, int depth_max, long values_max)
{
	struct scan scan = {0};

	for (size_t i = 0; i < text.len; i++) {
		scan_char(&scan, text.ptr[i]);
		if (scan.deepest > depth_max || scan.values > values_max)
			return ST_BAD_REQUEST;
		if (text.ptr[i] == '"')
			i = string_end(text, i);
	}
	return ST_OK;
}

enum status json_guard_scan(struct span text)
{
	return json_guard_within(text, JSON_DEPTH_MAX, JSON_VALUES_MAX);
}

static size_t skip_blanks(struct span text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' ||
	                         text.ptr[at] == '\n' || text.ptr[at] == '\r'))
		at++;
	return at;
}

/* The string that begins at text[at], as it is written. */
static struct span string_at(struct span text, size_t at)
{
	size_t end = at < text.len && text.ptr[at] == '"' ? string_end(text, at) : text.len;

	if (end >= text.len)
		return (struct span){0};
	return (struct span){.ptr = text.ptr + at + 1, .len = end - at - 1};
}

struct span json_guard_find(struct span text, const char *name)
{
	struct scan scan = {0};

	for (size_t i = 0; i < text.len; i++) {
		struct span here = string_at(text, i);
		size_t colon;

		scan_char(&scan, text.ptr[i]);
		if (text.ptr[i] != '"')
			continue;
		i = string_end(text, i);
		colon = skip_blanks(text, i + 1);
		if (scan.depth == 1 && span_is(here, name) && colon < text.len &&
		    text.ptr[colon] == ':')
			return string_at(text, skip_blanks(text, colon + 1));
	}
	return (struct span){0};
}

enum status json_guard_parse(struct span text, json_t **out)
{
	json_t *root;

	if (text.len == 0 || json_guard_scan(text) != ST_OK)
		return ST_BAD_REQUEST;
	root = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
	if (root == NULL)
		return ST_BAD_REQUEST;
	if (!json_is_object(root)) {
		json_decref(root);
		return ST_BAD_REQUEST;
	}
	*out = root;
	return ST_OK;
}
