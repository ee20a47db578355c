/* SPDX-License-Identifier: MIT */
#include "proto/page_context.h"

#include "base/buf.h"
#include "base/must.h"
#include "core/secret.h"
#include "proto/text.h"

#define LINE_SIZE     128
#define REFERRER_SIZE 256
#define PIXELS_MAX    100000

struct page_context {
	struct span anchor, project, product, version, language, zone, browser, referrer;
	struct span selection;
	int width, height;
};

#define AT(member) offsetof(struct page_context, member)
#define LINE_ROW(member)                                                             \
	{                                                                            \
#member, field_cut_line, AT(member), false, 0, LINE_SIZE, LINE_WRONG \
	}
#define PIXELS_ROW(member)                                                         \
	{                                                                          \
#member, field_int, AT(member), false, 0, PIXELS_MAX, PIXELS_WRONG \
	}
#define LINE_WRONG   "The members of `context` must be strings, but for `viewport`."
#define PIXELS_WRONG "The `context.viewport` must have `width` and `height` in pixels."

static bool read_viewport(struct fields *fields, const struct field *field, const json_t *value,
                          void *to)
{
	static const struct field pixels[] = {PIXELS_ROW(width), PIXELS_ROW(height)};

	(void)field;
	return json_is_object(value) && fields_read(fields, value, pixels, ARRAY_LEN(pixels), to);
}

static bool read_selection(struct fields *fields, const struct field *field, const json_t *value,
                           void *to)
{
	struct span text;
	unsigned removed;

	(void)field;
	if (!json_is_string(value))
		return false;
	if (json_string_length(value) == 0)
		return true;
	if (text_message(fields->arena,
	                 (struct span){json_string_value(value), json_string_length(value)},
	                 SELECTION_CHARS_MAX, &text) != ST_OK)
		return false;
	*(struct span *)to =
		secret_remove(fields->arena, arena_span(fields->arena, text), &removed);
	return true;
}

static const struct field rows[] = {
	LINE_ROW(anchor),
	LINE_ROW(project),
	LINE_ROW(product),
	LINE_ROW(version),
	LINE_ROW(language),
	LINE_ROW(zone),
	LINE_ROW(browser),
	{"referrer", field_cut_line, AT(referrer), false, 0, REFERRER_SIZE, LINE_WRONG},
	{"selection", read_selection, AT(selection), false, 0, 0,
         "The `context.selection` must be text of at most 2,000 characters."},
	{"viewport", read_viewport, 0, false, 0, 0, PIXELS_WRONG},
};

static void member(struct buf *buf, const char *name, struct span text)
{
	if (text.len == 0)
		return;
	buf_text(buf, buf->len > 1 ? ",\"" : "\"");
	buf_text(buf, name);
	buf_text(buf, "\":");
	buf_json(buf, text);
}

static void write(struct buf *buf, const struct page_context *context)
{
	buf_char(buf, '{');
	member(buf, "anchor", context->anchor);
	member(buf, "project", context->project);
	member(buf, "product", context->product);
	member(buf, "version", context->version);
	member(buf, "selection", context->selection);
	member(buf, "language", context->language);
	member(buf, "zone", context->zone);
	member(buf, "browser", context->browser);
	member(buf, "referrer", context->referrer);
	if (context->width > 0 && context->height > 0)
		buf_fmt(buf, "%s\"viewport\":{\"width\":%d,\"height\":%d}", buf->len > 1 ? "," : "",
		        context->width, context->height);
	buf_char(buf, '}');
}

bool field_context(struct fields *fields, const struct field *field, const json_t *value, void *to)
{
	struct page_context context = {0};
	struct buf buf = {0};

	(void)field;
	if (!json_is_object(value) || !fields_read(fields, value, rows, ARRAY_LEN(rows), &context))
		return false;
	write(&buf, &context);
	*(struct span *)to =
		arena_span(fields->arena, (struct span){.ptr = buf.ptr, .len = buf.len});
	buf_fini(&buf);
	return true;
}
