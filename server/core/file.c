/* SPDX-License-Identifier: MIT */
#include "core/file.h"

#include <string.h>

#define ESCAPE 0x1b

static bool is_control(unsigned char c)
{
	return c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != ESCAPE;
}

bool file_is_text(struct span body)
{
	bool visible = false;

	for (size_t i = 0; i < body.len; i++) {
		unsigned char c = (unsigned char)body.ptr[i];

		if (is_control(c) || c == 0x7f)
			return false;
		visible = visible || c > ' ';
	}
	return visible;
}

static bool is_blank(char c)
{
	return c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == ' ';
}

/* Behind the empty lines; what the first line is indented by stays. */
static size_t first_line(struct span body)
{
	size_t start = 0;

	for (size_t i = 0; i < body.len && is_blank(body.ptr[i]); i++)
		if (body.ptr[i] == '\n')
			start = i + 1;
	return start;
}

struct span file_preview(struct span body)
{
	size_t from = first_line(body), end = from, lines = 0;

	while (end < body.len && lines < FILE_PREVIEW_LINES && end - from < FILE_PREVIEW_BYTES)
		lines += body.ptr[end++] == '\n' ? 1 : 0;
	while (end < body.len && end > from && ((unsigned char)body.ptr[end] & 0xC0U) == 0x80U)
		end--;
	while (end > from && is_blank(body.ptr[end - 1]))
		end--;
	return (struct span){.ptr = body.ptr + from, .len = end - from};
}

uint32_t file_lines(struct span body)
{
	uint32_t lines = 0;
	const char *at = body.ptr, *end = body.ptr + body.len;

	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));

		lines++;
		at = line_end != NULL ? line_end + 1 : end;
	}
	return lines;
}

bool file_has_room(const struct ticket *ticket, const struct command *command)
{
	return command->entry_kind != ENTRY_FILE || command->files_max == 0 ||
	       ticket->files_count < command->files_max;
}
