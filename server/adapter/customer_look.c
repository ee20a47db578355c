/* SPDX-License-Identifier: MIT */
#include "adapter/customer_look.h"

#include <stdint.h>

#include "adapter/ticket_order.h"
#include "base/must.h"

/* Capitals of the scripts whose letters have two bytes in UTF-8, and how far behind them the small
 * ones are; step 2: every second one is a capital. */
static const struct capitals {
	uint32_t first, last, step, distance;
} capitals[] = {
	{'A', 'Z', 1, 0x20},     {0xc0, 0xd6, 1, 0x20},   {0xd8, 0xde, 1, 0x20},
	{0x100, 0x136, 2, 1},    {0x139, 0x147, 2, 1},    {0x14a, 0x176, 2, 1},
	{0x179, 0x17d, 2, 1},    {0x391, 0x3a9, 1, 0x20}, {0x400, 0x40f, 1, 0x50},
	{0x410, 0x42f, 1, 0x20},
};

static uint32_t fold(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(capitals); i++) {
		const struct capitals *row = &capitals[i];

		if (c >= row->first && c <= row->last && (c - row->first) % row->step == 0)
			return c + row->distance;
	}
	return c;
}

/* The next letter, folded; of longer characters the next byte, which compares as well. */
static uint32_t next_letter(struct span *text)
{
	const unsigned char *bytes = (const unsigned char *)text->ptr;
	size_t len = 1;
	uint32_t c = bytes[0];

	if (c >= 0xc2 && c <= 0xdf && text->len > 1) {
		c = (c & 0x1fU) << 6 | (bytes[1] & 0x3fU);
		len = 2;
	} else if (c >= 0x80) {
		c |= UINT32_C(0x80000000);
	}
	text->ptr += len;
	text->len -= len;
	return fold(c);
}

static bool begins_with(struct span text, struct span word)
{
	while (word.len > 0) {
		if (text.len == 0 || next_letter(&text) != next_letter(&word))
			return false;
	}
	return true;
}

static bool occurs(struct span text, struct span word)
{
	while (text.len > 0) {
		if (begins_with(text, word))
			return true;
		(void)next_letter(&text);
	}
	return false;
}

static bool next_word(struct span *rest, struct span *word)
{
	while (rest->len > 0 && rest->ptr[0] == ' ') {
		rest->ptr++;
		rest->len--;
	}
	*word = (struct span){.ptr = rest->ptr};
	while (rest->len > 0 && rest->ptr[0] != ' ') {
		word->len++;
		rest->ptr++;
		rest->len--;
	}
	return word->len > 0;
}

bool customer_fits(struct span name, struct span email, struct span query)
{
	struct span word;

	while (next_word(&query, &word))
		if (!occurs(name, word) && !occurs(email, word))
			return false;
	return true;
}

void customer_look_init(struct customer_look *look, struct span query,
                        const struct customer_row *row)
{
	*look = (struct customer_look){.query = query, .first = row->number};
	look->out.number.v = row->number;
	look->out.verified = row->verified;
	(void)span_copy(look->out.name, sizeof(look->out.name), row->name);
	(void)span_copy(look->out.email, sizeof(look->out.email), row->email);
}

bool customer_look_add(struct customer_look *look, const struct customer_row *row)
{
	struct store_customer *out = &look->out;

	if (row->number > look->first && customer_fits(row->name, row->email, look->query)) {
		look->is_other = true;
		return false;
	}
	if (out->tickets == 0)
		out->last_asked_at = row->created_at;
	out->tickets++;
	out->open += row->live ? 1 : 0;
	if (look->has_address == 0 && row->email.len > 0)
		look->has_address = row->number;
	if (out->name[0] == '\0')
		(void)span_copy(out->name, sizeof(out->name), row->name);
	if (row->number == out->number.v) {
		out->verified = row->verified;
		(void)span_copy(out->email, sizeof(out->email), row->email);
	}
	return true;
}

bool customer_look_again(struct customer_look *look)
{
	struct store_customer *out = &look->out;

	if (look->is_other || out->email[0] != '\0' || look->has_address == 0)
		return false;
	out->number.v = look->has_address;
	out->tickets = 0;
	out->open = 0;
	return true;
}

struct span customer_cursor(struct arena *arena, uint64_t number)
{
	return ticket_cursor(arena, SORT_NEWEST, (struct ticket_place){.number = number});
}

bool customer_cursor_parse(struct span text, uint64_t *out)
{
	struct ticket_place place;

	*out = UINT64_MAX >> 1;
	if (text.ptr == NULL)
		return true;
	if (!ticket_cursor_parse(text, SORT_NEWEST, &place) || place.key != 0 ||
	    place.number > INT64_MAX)
		return false;
	*out = place.number;
	return true;
}
