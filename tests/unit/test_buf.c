/* SPDX-License-Identifier: MIT */
/* What looks at text in words: the same as byte by byte, whatever stands where. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/swar.h"

#define TEXT_MAX 26

/* As the header says it, one byte at a time; no E2 is followed by 80 A8 here. */
static size_t json_by_bytes(const unsigned char *text, size_t len, char *out)
{
	size_t at = 0;

	out[at++] = '"';
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			at += (size_t)snprintf(out + at, 7, "\\%c", text[i]);
		else if (text[i] == '\n')
			at += (size_t)snprintf(out + at, 7, "\\n");
		else if (text[i] == '\t')
			at += (size_t)snprintf(out + at, 7, "\\t");
		else if (text[i] < 0x20 || text[i] == 0x7F)
			at += (size_t)snprintf(out + at, 7, "\\u%04x", text[i]);
		else
			out[at++] = (char)text[i];
	}
	out[at++] = '"';
	return at;
}

static void json_of(const unsigned char *text, size_t len)
{
	char expected[TEXT_MAX * 6 + 3];
	size_t expected_len = json_by_bytes(text, len, expected);
	char *exact = xmalloc(len); /* reading behind the end is found */
	struct buf buf = {0};

	memcpy(exact, text, len);
	buf_json(&buf, (struct span){.ptr = exact, .len = len});
	assert_int_equal(buf.len, expected_len);
	assert_memory_equal(buf.ptr, expected, expected_len);
	buf_fini(&buf);
	free(exact);
}

static void every_byte_at_every_place(void **state)
{
	unsigned char text[TEXT_MAX];

	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		for (size_t at = 0; at < TEXT_MAX; at++) {
			memset(text, 'a' + (int)(at % 26), sizeof(text));
			text[at] = (unsigned char)byte;
			json_of(text, TEXT_MAX);
			json_of(text, at + 1);
		}
	}
}

static void words(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		for (size_t at = 0; at < SWAR_SIZE; at++) {
			char text[SWAR_SIZE] = "aaaaaaaa";
			uint64_t word;

			text[at] = (char)byte;
			word = swar_at(text);
			assert_int_equal(swar_has_below(word, 0x20), byte < 0x20);
			assert_int_equal(swar_has(word, 0xE2), byte == 0xE2);
			assert_int_equal(swar_has(word, '"'), byte == '"');
			assert_int_equal(swar_is_ascii(word), byte < 0x80);
			word = swar_in_order(text);
			if (byte == '"')
				assert_int_equal(swar_before(swar_is(word, '"')), at);
			if (byte < 0x20)
				assert_int_equal(swar_before(swar_below(word, 0x20)), at);
		}
	}
}

/* What a borrow marks above the first is above it. */
static void the_first_of_several(void **state)
{
	const uint64_t word = swar_in_order("ab \x1F\"\xE2\x7F!");

	(void)state;
	assert_int_equal(swar_before(swar_below(word, 0x20) | swar_is(word, '"')), 3);
	assert_int_equal(swar_before(swar_is(word, '"') | swar_is(word, 0xE2)), 4);
	assert_int_equal(swar_before(swar_is(word, 0x7F) | swar_is(word, 0xE2)), 5);
	assert_int_equal(swar_below(swar_in_order("abcdefgh"), 0x20), 0);
}

static void numbers(void **state)
{
	uint64_t value = 1;

	(void)state;
	for (unsigned digits = 1; digits <= 20; digits++, value *= 10) {
		const uint64_t around[] = {value - 1, value, value + 1, value * 7 / 3};

		for (size_t i = 0; i < ARRAY_LEN(around); i++) {
			struct buf buf = {0};
			char text[24];

			(void)snprintf(text, sizeof(text), "%" PRIu64, around[i]);
			buf_u64(&buf, around[i]);
			assert_string_equal(buf_cstr(&buf), text);
			buf_fini(&buf);
		}
	}
}

static void a_cap_holds(void **state)
{
	struct buf buf = {.cap = 4};

	(void)state;
	buf_text(&buf, "abcd");
	assert_false(buf.overflow);
	buf_char(&buf, 'e');
	assert_true(buf.overflow && buf.len == 4);
	buf_char(&buf, 'f'); /* sticky */
	buf_drop(&buf, 2);
	buf_char(&buf, 'g');
	assert_true(span_is((struct span){buf.ptr, buf.len}, "cd"));
	buf_reset(&buf);
	buf_text(&buf, "xy");
	assert_true(!buf.overflow && span_is((struct span){buf.ptr, buf.len}, "xy"));
	buf_fini(&buf);
}

/* uthash takes the low bits: keys that are counted up must not share them. */
static void counted_keys_spread(void **state)
{
	static const unsigned shifts[] = {0, 8, 24, 32, 48};
	enum { BUCKETS = 1024 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shifts); i++) {
		unsigned counts[BUCKETS] = {0};

		for (uint64_t n = 1; n <= BUCKETS; n++) {
			uint64_t key[2] = {n << shifts[i], 7};
			size_t len = n % 2 == 0 ? sizeof(key[0]) : sizeof(key);

			assert_true(++counts[map_hash(key, len) % BUCKETS] <= 12);
		}
	}
	assert_int_not_equal(map_hash("a", 1), map_hash("a\0", 2));
	assert_int_not_equal(map_hash("12345678", 8), map_hash("12345678\0", 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_at_every_place),
		cmocka_unit_test(words),
		cmocka_unit_test(the_first_of_several),
		cmocka_unit_test(numbers),
		cmocka_unit_test(a_cap_holds),
		cmocka_unit_test(counted_keys_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
