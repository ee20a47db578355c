/* SPDX-License-Identifier: MIT */
#include "proto/utf8.h"

#include <stdint.h>

static bool is_tail(uint8_t byte)
{
	return byte >= 0x80 && byte <= 0xBF;
}

/* The second byte, where the first one narrows it (RFC 3629 4). */
static bool second_is_good(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xE0:
		return second >= 0xA0;
	case 0xED:
		return second <= 0x9F;
	case 0xF0:
		return second >= 0x90;
	case 0xF4:
		return second <= 0x8F;
	default:
		return true;
	}
}

/* Bytes of the character at `text`, 0: not a valid one. */
static size_t char_len(const uint8_t *text, size_t len)
{
	uint8_t first = text[0];
	size_t need = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

	if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || need > len)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if (!is_tail(text[i]))
			return 0;
	}
	return need == 1 || second_is_good(first, text[1]) ? need : 0;
}

bool utf8_is_valid(struct span text)
{
	const uint8_t *bytes = (const uint8_t *)text.ptr;
	size_t i = 0;

	while (i < text.len) {
		size_t len = char_len(bytes + i, text.len - i);

		if (len == 0)
			return false;
		i += len;
	}
	return true;
}
