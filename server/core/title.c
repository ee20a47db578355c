/* SPDX-License-Identifier: MIT */
#include "core/title.h"

#include <stdbool.h>
#include <string.h>

#include "base/must.h"

#define GREETING_WORDS 4U
#define GREETING_SIZE  8 /* of its first word; all that are known are shorter */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span trimmed(struct span line)
{
	while (line.len > 0 && is_blank(line.ptr[0])) {
		line.ptr++;
		line.len--;
	}
	while (line.len > 0 && is_blank(line.ptr[line.len - 1]))
		line.len--;
	return line;
}

/* false: there is none left. */
static bool next_line(struct span *rest, struct span *out)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->ptr, '\n', rest->len);
	*out = (struct span){.ptr = rest->ptr,
	                     .len = end != NULL ? (size_t)(end - rest->ptr) : rest->len};
	rest->ptr += out->len;
	rest->len -= out->len;
	if (rest->len > 0) {
		rest->ptr++;
		rest->len--;
	}
	*out = trimmed(*out);
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool greets(struct span line)
{
	static const char *const words[] = {"hi",   "hello",  "hey",    "hiya", "dear",
	                                    "hola", "buenos", "buenas", "good", "morning"};
	char first[GREETING_SIZE];
	size_t len = 0;

	while (len < line.len && len < sizeof(first) && is_letter(line.ptr[len])) {
		first[len] = (char)(line.ptr[len] | 0x20); /* small */
		len++;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (span_is((struct span){.ptr = first, .len = len}, words[i]))
			return true;
	}
	return false;
}

/* "Hi", "Hello team", "Good morning everyone!"; not "Hi, login fails" or "Hello, is it down?" */
static bool is_greeting(struct span line)
{
	size_t words = 1;
	char last;

	if (line.len == 0 || !greets(line))
		return false;
	for (size_t i = 0; i < line.len; i++)
		words += is_blank(line.ptr[i]) && !is_blank(line.ptr[i + 1]) ? 1 : 0;
	last = line.ptr[line.len - 1];
	if (words > 2 && last != ',' && last != '!')
		return false;
	return words <= GREETING_WORDS && memchr(line.ptr, '?', line.len) == NULL &&
	       memchr(line.ptr, ',', line.len - 1) == NULL;
}

static bool is_fence(struct span line)
{
	return line.len >= 3 && memcmp(line.ptr, "```", 3) == 0;
}

static struct span first_line(struct span text)
{
	struct span rest = text, line, greeting = {0};

	while (next_line(&rest, &line)) {
		if (is_greeting(line) && greeting.len == 0)
			greeting = line;
		else if (line.len > 0 && !is_fence(line))
			return line;
	}
	return greeting.len > 0 ? greeting : trimmed(text);
}

static struct span cut_at_word(struct span line)
{
	size_t cut = TITLE_CHARS;

	if (line.len <= TITLE_CHARS)
		return line;
	while (cut > TITLE_CHARS / 2 && line.ptr[cut] != ' ')
		cut--;
	if (line.ptr[cut] != ' ')
		cut = TITLE_CHARS; /* one long word: its last character stays whole */
	while (cut > 0 && ((unsigned char)line.ptr[cut] & 0xC0U) == 0x80U)
		cut--;
	return (struct span){.ptr = line.ptr, .len = cut};
}

/* What leads on to a line that the title does not have. */
static bool leads_on(char c)
{
	return c == ':' || c == ',' || c == ';' || is_blank(c);
}

void title_make(char *out, size_t size, struct span text)
{
	struct span whole = first_line(text), line = cut_at_word(whole);
	size_t len = 0, end;

	MUST(size > TITLE_CHARS + strlen(TITLE_MORE));
	for (size_t i = 0; i < line.len; i++) {
		bool strong = line.ptr[i] == '*' && i + 1 < line.len && line.ptr[i + 1] == '*';

		if (strong)
			i++;
		else if (line.ptr[i] != '`' && (unsigned char)line.ptr[i] >= ' ')
			out[len++] = line.ptr[i];
	}
	for (end = len; end > 0 && leads_on(out[end - 1]);)
		end--;
	if (end > 0)
		len = end;
	out[len] = '\0';
	if (line.len < whole.len)
		memcpy(out + len, TITLE_MORE, sizeof(TITLE_MORE));
}
