/* SPDX-License-Identifier: MIT */
#include "proto/text.h"

#include <string.h>
#include <strings.h>

#include "base/swar.h"

size_t text_chars(struct span text)
{
	size_t chars = 0;

	for (size_t i = 0; i < text.len; i++)
		chars += ((unsigned char)text.ptr[i] & 0xC0U) != 0x80U;
	return chars;
}

struct look {
	bool visible;
	bool has_cr;
};

/* Over whole words without a control byte, from `at` on. */
static size_t skip_plain(struct span text, size_t at)
{
	while (text.len - at >= SWAR_SIZE && !swar_has_below(swar_at(text.ptr + at), 0x20) &&
	       !swar_has(swar_at(text.ptr + at), 0x7F))
		at += SWAR_SIZE;
	return at;
}

/* false: there is a control byte that a message may not have. */
static bool look_over(struct span text, struct look *look)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c;

		if (look->visible)
			i = skip_plain(text, i);
		if (i == text.len)
			break;
		c = (unsigned char)text.ptr[i];
		if (c > 0x20 && c != 0x7F)
			look->visible = true;
		else if (c == '\r')
			look->has_cr = true;
		else if (c != ' ' && c != '\n' && c != '\t')
			return false;
	}
	return true;
}

static struct span without_cr(struct arena *arena, struct span text)
{
	char *copy = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '\r')
			copy[len++] = text.ptr[i];
		else if (i + 1 == text.len || text.ptr[i + 1] != '\n')
			copy[len++] = '\n';
	}
	return (struct span){.ptr = copy, .len = len};
}

enum status text_message(struct arena *arena, struct span text, size_t max_chars, struct span *out)
{
	struct look look = {0};

	if (!look_over(text, &look) || !look.visible)
		return ST_BAD_REQUEST;
	if (look.has_cr)
		text = without_cr(arena, text);
	if (text.len > max_chars && text_chars(text) > max_chars)
		return ST_TOO_LARGE;
	*out = text;
	return ST_OK;
}

static size_t char_len(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xE0)
		return 2;
	return first < 0xF0 ? 3 : 4;
}

/* Characters that turn the direction of what follows: U+061C, U+200E, U+200F, U+202A to
 * U+202E, U+2066 to U+2069 (UAX 9). */
static bool is_direction(const unsigned char *c, size_t len)
{
	if (len == 2)
		return c[0] == 0xD8 && c[1] == 0x9C;
	if (len != 3 || c[0] != 0xE2)
		return false;
	if (c[1] == 0x80)
		return c[2] == 0x8E || c[2] == 0x8F || (c[2] >= 0xAA && c[2] <= 0xAE);
	return c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9;
}

/* C0, DEL, C1, U+2028 and U+2029. */
static bool is_control(const unsigned char *c, size_t len)
{
	if (len == 1)
		return c[0] < 0x20 || c[0] == 0x7F;
	if (len == 2)
		return c[0] == 0xC2 && c[1] < 0xA0;
	return len == 3 && c[0] == 0xE2 && c[1] == 0x80 && (c[2] == 0xA8 || c[2] == 0xA9);
}

struct span text_line(struct arena *arena, struct span text, size_t size)
{
	char *copy = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len;) {
		const unsigned char *at = (const unsigned char *)text.ptr + i;
		size_t step = char_len(at[0]);

		if (step > text.len - i)
			break;
		i += step;
		if (is_direction(at, step))
			continue;
		if (is_control(at, step)) {
			at = (const unsigned char *)" ";
			step = 1;
		}
		if (step == 1 && at[0] == ' ' && len == 0)
			continue;
		if (len + step > size - 1)
			break;
		memcpy(copy + len, at, step);
		len += step;
	}
	while (len > 0 && copy[len - 1] == ' ')
		len--;
	copy[len] = '\0';
	return (struct span){.ptr = copy, .len = len};
}

static bool starts_with(struct span text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len > len && strncasecmp(text.ptr, prefix, len) == 0;
}

/* Between the scheme and the path: not empty, no user name before an @, ASCII. */
static bool host_is_sane(struct span host)
{
	for (size_t i = 0; i < host.len; i++) {
		if (host.ptr[i] == '@' || (unsigned char)host.ptr[i] >= 0x80)
			return false;
	}
	return host.len > 0 && host.ptr[0] != ':';
}

static bool has_bad_char(struct span text)
{
	for (size_t i = 0; i < text.len;) {
		const unsigned char *at = (const unsigned char *)text.ptr + i;
		size_t step = char_len(at[0]);

		if (step > text.len - i || is_control(at, step) || is_direction(at, step))
			return true;
		if (step == 1 && strchr(" \"<>\\`", at[0]) != NULL)
			return true;
		i += step;
	}
	return false;
}

bool text_is_url(struct span text, size_t size)
{
	struct span host = text;

	if (text.len >= size || has_bad_char(text))
		return false;
	if (!starts_with(text, "https://") && !starts_with(text, "http://"))
		return false;
	host.ptr = (const char *)memchr(text.ptr, '/', text.len) + 2;
	for (host.len = 0; host.ptr + host.len < text.ptr + text.len; host.len++) {
		if (strchr("/?#", host.ptr[host.len]) != NULL)
			break;
	}
	return host_is_sane(host);
}
