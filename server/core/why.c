/* SPDX-License-Identifier: MIT */
#include "core/why.h"

#include <string.h>

#define QUOTE_MAX 60U
#define ELLIPSIS  "\xE2\x80\xA6"

static void add(struct why *why, const char *bytes, size_t len)
{
	if (why->full)
		return;
	if (why->len + len + sizeof(ELLIPSIS) > WHY_SIZE) {
		why->full = true;
		return;
	}
	memcpy(why->text + why->len, bytes, len);
	why->len += len;
}

void why_text(struct why *why, const char *text)
{
	add(why, text, strlen(text));
}

void why_quote(struct why *why, struct span written)
{
	char quote[QUOTE_MAX + sizeof(ELLIPSIS) + 2];
	char cut[QUOTE_MAX + 1];
	size_t len = 0;

	quote[len++] = '"';
	(void)span_copy(cut, sizeof(cut), written);
	for (const char *c = cut; *c != '\0'; c++) {
		bool blank = (unsigned char)*c <= 0x20 || *c == 0x7F;

		if (blank && quote[len - 1] == ' ')
			continue;
		quote[len++] = *c;
		if (blank)
			quote[len - 1] = ' ';
	}
	if (strlen(cut) < written.len) {
		memcpy(quote + len, ELLIPSIS, sizeof(ELLIPSIS) - 1);
		len += sizeof(ELLIPSIS) - 1;
	}
	quote[len++] = '"';
	add(why, quote, len);
}

const char *why_done(const struct why *why, struct arena *arena)
{
	char *text = arena_alloc(arena, why->len + sizeof(ELLIPSIS));

	memcpy(text, why->text, why->len);
	if (why->full)
		memcpy(text + why->len, ELLIPSIS, sizeof(ELLIPSIS));
	return text;
}
