/* SPDX-License-Identifier: MIT */
/* Which bytes are taken without wslay; test_ws.c and the fuzz target see to it that both ways
 * come to the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../support/ws_feed.h"
#include "base/mem.h"
#include "base/must.h"
#include "proto/ws_plain.h"

#define FINAL_TEXT 0x81

static char out[WS_PLAIN_MAX];

/* In a copy of its own, so that reading behind the end is found. */
static size_t take(const char *bytes, size_t len, size_t max, size_t *len_out)
{
	char *exact = xmalloc(len);
	size_t taken;

	if (len > 0)
		memcpy(exact, bytes, len);
	taken = ws_plain_take((struct span){.ptr = exact, .len = len}, max, out, len_out);
	free(exact);
	return taken;
}

static void frames_of_all_sizes(void **state)
{
	static const size_t sizes[] = {1, 7, 8, 9, 16, 125, 126, 127, 1000, WS_PLAIN_MAX};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t size = sizes[i], len = 0;
		struct buf payload = {0}, bytes = {0};

		for (size_t k = 0; k < size; k++)
			buf_char(&payload, (char)('a' + k % 26));
		ws_put_frame(&bytes, FINAL_TEXT, (struct span){payload.ptr, size});
		for (size_t cut = 0; cut < bytes.len; cut += cut < 20 ? 1 : 97)
			assert_int_equal(take(bytes.ptr, cut, SIZE_MAX, &len), 0);
		assert_int_equal(take(bytes.ptr, bytes.len, size - 1, &len), 0);
		assert_int_equal(take(bytes.ptr, bytes.len, size, &len), bytes.len);
		assert_int_equal(len, size);
		assert_memory_equal(out, payload.ptr, size);
		buf_char(&bytes, 'x'); /* what is behind it stays */
		assert_int_equal(take(bytes.ptr, bytes.len, size, &len), bytes.len - 1);
		buf_fini(&payload);
		buf_fini(&bytes);
	}
}

#define B(text) (text), sizeof(text) - 1

static void for_wslay(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t len;
	} rows[] = {
		{"nothing", B("")},
		{"no payload", B("\x81\x80mask")},
		{"not masked", B("\x81\x04text....")},
		{"not final", B("\x01\x81\0\0\0\0x")},
		{"a reserved bit", B("\xC1\x81\0\0\0\0x")},
		{"binary", B("\x82\x81\0\0\0\0x")},
		{"a ping", B("\x89\x81\0\0\0\0x")},
		{"a close", B("\x88\x82\0\0\0\0\x03\xE8")},
		{"the long form of a short length", B("\x81\xFE\0\x01\0\0\0\0x")},
		{"half of the long form", B("\x81\xFE\0\x7E\x30\x37\x0A")},
		{"64 bits of length", B("\x81\xFF\0\0\0\0\0\0\0\x01\0\0\0\0x")},
		{"not UTF-8", B("\x81\x82\0\0\0\0\xC3x")},
		{"half a character of UTF-8", B("\x81\x82\0\0\0\0x\xC3")},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len;

		if (take(rows[i].bytes, rows[i].len, SIZE_MAX, &len) != 0)
			fail_msg("%s was taken", rows[i].name);
	}
}

static void too_long(void **state)
{
	struct buf payload = {0}, bytes = {0};
	size_t len;

	(void)state;
	for (size_t i = 0; i < WS_PLAIN_MAX + 1; i++)
		buf_char(&payload, 'x');
	ws_put_frame(&bytes, FINAL_TEXT, (struct span){payload.ptr, payload.len});
	assert_int_equal(take(bytes.ptr, bytes.len, SIZE_MAX, &len), 0);
	buf_fini(&payload);
	buf_fini(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_all_sizes),
		cmocka_unit_test(for_wslay),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
