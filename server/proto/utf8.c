/* SPDX-License-Identifier: MIT */
#include "proto/utf8.h"

#include <stdint.h>

/* Bytes of the character at `text`, 0: not a valid one (RFC 3629 4, its table by first byte). */
static size_t char_len(const uint8_t *text, size_t len)
{
	uint8_t first = text[0];
	size_t need = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	uint8_t low = 0x80, high = 0xBF;

	if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || need > len)
		return 0;
	if (first == 0xE0)
		low = 0xA0;
	else if (first == 0xED)
		high = 0x9F;
	else if (first == 0xF0)
		low = 0x90;
	else if (first == 0xF4)
		high = 0x8F;
	for (size_t i = 1; i < need; i++) {
		if (text[i] < low || text[i] > high)
			return 0;
		low = 0x80;
		high = 0xBF;
	}
	return need;
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
