/* SPDX-License-Identifier: MIT */
#include "proto/sha1.h"

#include <string.h>

#define BLOCK 64U

static uint32_t rotate(uint32_t x, unsigned bits)
{
	return (x << bits) | (x >> (32 - bits));
}

static uint32_t mix(unsigned round, const uint32_t s[5])
{
	switch (round / 20) {
	case 0:
		return ((s[1] & s[2]) | (~s[1] & s[3])) + 0x5A827999U;
	case 1:
		return (s[1] ^ s[2] ^ s[3]) + 0x6ED9EBA1U;
	case 2:
		return ((s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3])) + 0x8F1BBCDCU;
	default:
		return (s[1] ^ s[2] ^ s[3]) + 0xCA62C1D6U;
	}
}

static void block(uint32_t state[5], const uint8_t bytes[BLOCK])
{
	uint32_t w[80];
	uint32_t s[5];

	for (unsigned i = 0; i < 16; i++) {
		const uint8_t *b = bytes + (size_t)4 * i;

		w[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	}
	for (unsigned i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(s, state, sizeof(s));
	for (unsigned i = 0; i < 80; i++) {
		uint32_t next = rotate(s[0], 5) + mix(i, s) + s[4] + w[i];

		s[4] = s[3];
		s[3] = s[2];
		s[2] = rotate(s[1], 30);
		s[1] = s[0];
		s[0] = next;
	}
	for (unsigned i = 0; i < 5; i++)
		state[i] += s[i];
}

void sha1(const void *data, size_t len, uint8_t out[SHA1_SIZE])
{
	uint32_t state[5] = {0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
	uint8_t last[2 * BLOCK] = {0};
	const uint8_t *bytes = data;
	uint64_t bits = (uint64_t)len * 8;
	size_t tail = len % BLOCK;
	size_t whole = len - tail;
	size_t padded = tail + 9 <= BLOCK ? BLOCK : 2 * BLOCK;

	for (size_t at = 0; at < whole; at += BLOCK)
		block(state, bytes + at);
	if (tail > 0)
		memcpy(last, bytes + whole, tail);
	last[tail] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		last[padded - 1 - i] = (uint8_t)(bits >> (8 * i));
	for (size_t at = 0; at < padded; at += BLOCK)
		block(state, last + at);
	for (unsigned i = 0; i < SHA1_SIZE; i++)
		out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
