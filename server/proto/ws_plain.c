/* SPDX-License-Identifier: MIT */
#include "proto/ws_plain.h"

#include "base/swar.h"
#include "proto/utf8.h"

#define FINAL_TEXT 0x81U /* FIN, no RSV, opcode 1 */
#define MASKED     0x80U
#define LEN_16     126U
#define MASK_SIZE  4U

/* Payload and where it begins; false: not the shortest form of a length, or a long one. */
static bool read_header(struct span bytes, size_t *begin_out, size_t *len_out)
{
	const unsigned char *head = (const unsigned char *)bytes.ptr;

	if (bytes.len < 2 + MASK_SIZE || head[0] != FINAL_TEXT || (head[1] & MASKED) == 0)
		return false;
	*len_out = head[1] & (MASKED - 1U);
	*begin_out = 2 + MASK_SIZE;
	if (*len_out < LEN_16)
		return true;
	if (*len_out > LEN_16)
		return false;
	*len_out = (size_t)head[2] << 8 | head[3];
	*begin_out += 2;
	return *len_out >= LEN_16;
}

/* Answers all bytes or'ed together. */
static uint64_t unmask(const char *from, size_t len, uint64_t mask, char *to)
{
	uint64_t all = 0, word;
	size_t i = 0;

	for (; len - i >= SWAR_SIZE; i += SWAR_SIZE) {
		word = swar_at(from + i) ^ mask;
		memcpy(to + i, &word, SWAR_SIZE);
		all |= word;
	}
	word = 0;
	memcpy(&word, from + i, len - i);
	word ^= mask;
	memcpy(to + i, &word, len - i);
	for (; i < len; i++)
		all |= (unsigned char)to[i];
	return all;
}

size_t ws_plain_take(struct span bytes, size_t max, char out[WS_PLAIN_MAX], size_t *len_out)
{
	size_t begin, len;
	char key[SWAR_SIZE];

	if (!read_header(bytes, &begin, &len) || len == 0 || len > max || len > WS_PLAIN_MAX ||
	    begin + len > bytes.len)
		return 0;
	memcpy(key, bytes.ptr + begin - MASK_SIZE, MASK_SIZE);
	memcpy(key + MASK_SIZE, key, MASK_SIZE);
	if (!swar_is_ascii(unmask(bytes.ptr + begin, len, swar_at(key), out)) &&
	    !utf8_is_valid((struct span){.ptr = out, .len = len}))
		return 0;
	*len_out = len;
	return begin + len;
}
