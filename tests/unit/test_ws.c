/* SPDX-License-Identifier: MIT */
/* Websockets: the handshake, frames good and bad (fed at once, byte by byte and cut at every
 * byte with the same outcome), limits, frames of the server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/ws_feed.h"
#include "base/must.h"
#include "proto/sha1.h"
#include "proto/utf8.h"

#define FIN   0x80U
#define RSV1  0x40U
#define RSV3  0x10U
#define TEXT  0x1U
#define BIN   0x2U
#define CLOSE 0x8U
#define PING  0x9U
#define PONG  0xAU
#define B(text)                          \
	{                                \
		(text), sizeof(text) - 1 \
	}

struct frame {
	uint8_t first; /* 0 as well as no payload: the end of the list */
	struct span payload;
	struct span raw; /* instead */
};

struct row {
	const char *name;
	struct frame frames[6];
	const char *outcome;
};

static const struct row rows[] = {
	{"text", {{FIN | TEXT, B("hello"), {0}}}, "text \"hello\"\nopen\n"},
	{"empty text", {{FIN | TEXT, B(""), {0}}}, "text \"\"\nopen\n"},
	{"binary", {{FIN | BIN, B("\x01\x02"), {0}}}, "binary \"\\u0001\\u0002\"\nopen\n"},
	{"three fragments with a ping inside",
         {{TEXT, B("a"), {0}}, {0, B("b"), {0}}, {FIN | PING, B("p"), {0}}, {FIN, B("c"), {0}}},
         "pong \"p\"\ntext \"abc\"\nopen\n"},
	{"empty fragments",
         {{TEXT, B(""), {0}}, {0, B("x"), {0}}, {FIN, B(""), {0}}},
         "text \"x\"\nopen\n"},
	{"an open message is partial", {{TEXT, B("a"), {0}}}, "partial\n"},
	{"half a header is partial", {{0, {0}, B("\x81")}}, "partial\n"},
	{"half a payload is partial",
         {{0,
           {0},
           B("\x81\x82\x00\x00\x00\x00"
             "a")}},
         "partial\n"},
	{"pong is taken", {{FIN | PONG, B("x"), {0}}}, "open\n"},
	{"ping without payload", {{FIN | PING, B(""), {0}}}, "pong \"\"\nopen\n"},
	{"two messages in order, then the close",
         {{FIN | TEXT, B("1"), {0}}, {FIN | TEXT, B("2"), {0}}, {FIN | CLOSE, B("\x03\xE8"), {0}}},
         "text \"1\"\ntext \"2\"\nclosed 1000\n"},
	{"nothing is read behind a close",
         {{FIN | CLOSE, B("\x03\xE8"), {0}}, {FIN | TEXT, B("x"), {0}}},
         "closed 1000\n"},
	{"close without a code", {{FIN | CLOSE, B(""), {0}}}, "closed 0\n"},
	{"close with a reason",
         {{FIN | CLOSE,
           B("\x03\xE9"
             "away"),
           {0}}},
         "closed 1001\n"},
	{"close of one byte", {{FIN | CLOSE, B("\x03"), {0}}}, "closed 1002\n"},
	{"close 1012 is a good code", {{FIN | CLOSE, B("\x03\xF4"), {0}}}, "closed 1012\n"},
	{"close 1014 is a good code", {{FIN | CLOSE, B("\x03\xF6"), {0}}}, "closed 1014\n"},
	{"close 3000 is a good code", {{FIN | CLOSE, B("\x0B\xB8"), {0}}}, "closed 3000\n"},
	{"close 4999 is a good code", {{FIN | CLOSE, B("\x13\x87"), {0}}}, "closed 4999\n"},
	{"close 999 is none", {{FIN | CLOSE, B("\x03\xE7"), {0}}}, "closed 1002\n"},
	{"close 1004 is none", {{FIN | CLOSE, B("\x03\xEC"), {0}}}, "closed 1002\n"},
	{"close 1005 is none", {{FIN | CLOSE, B("\x03\xED"), {0}}}, "closed 1002\n"},
	{"close 1006 is none", {{FIN | CLOSE, B("\x03\xEE"), {0}}}, "closed 1002\n"},
	{"close 1015 is none", {{FIN | CLOSE, B("\x03\xF7"), {0}}}, "closed 1002\n"},
	{"close 2999 is none", {{FIN | CLOSE, B("\x0B\xB7"), {0}}}, "closed 1002\n"},
	{"close 5000 is none", {{FIN | CLOSE, B("\x13\x88"), {0}}}, "closed 1002\n"},
	{"no mask", {{0, {0}, B("\x81\x01x")}}, "failed 1002\n"},
	{"RSV1", {{FIN | RSV1 | TEXT, B("x"), {0}}}, "failed 1002\n"},
	{"RSV3 on a ping", {{FIN | RSV3 | PING, B("x"), {0}}}, "failed 1002\n"},
	{"opcode 3", {{FIN | 0x3U, B("x"), {0}}}, "failed 1002\n"},
	{"opcode 7", {{FIN | 0x7U, B("x"), {0}}}, "failed 1002\n"},
	{"opcode 11", {{FIN | 0xBU, B("x"), {0}}}, "failed 1002\n"},
	{"opcode 15", {{FIN | 0xFU, B(""), {0}}}, "failed 1002\n"},
	{"fragmented ping", {{PING, B("x"), {0}}}, "failed 1002\n"},
	{"fragmented close", {{CLOSE, B("\x03\xE8"), {0}}}, "failed 1002\n"},
	{"ping of 126 bytes", {{0, {0}, B("\x89\xFE\x00\x7E\x00\x00\x00\x00x")}}, "failed 1002\n"},
	{"continuation of nothing", {{FIN, B("x"), {0}}}, "failed 1002\n"},
	{"text inside of a text",
         {{TEXT, B("x"), {0}}, {FIN | TEXT, B("y"), {0}}},
         "failed 1002\n"},
	{"length 2 in 16 bits",
         {{0, {0}, B("\x81\xFE\x00\x02\x00\x00\x00\x00xy")}},
         "failed 1002\n"},
	{"length 2 in 64 bits",
         {{0, {0}, B("\x81\xFF\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00xy")}},
         "failed 1002\n"},
	{"length with the highest bit",
         {{0, {0}, B("\x81\xFF\x80\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00x")}},
         "failed 1002\n"},
	{"a header that declares 2^62 bytes",
         {{0, {0}, B("\x82\xFF\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00x")}},
         "failed 1009\n"},
	{"its header alone",
         {{0, {0}, B("\x82\xFF\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")}},
         "failed 1009\n"},
	{"its header without a mask to come",
         {{0, {0}, B("\x82\xFF\x40\x00\x00\x00\x00\x00\x00\x00")}},
         "failed 1009\n"},
	{"the header of a fragment too much",
         {{TEXT, B("a"), {0}}, {0, {0}, B("\x00\xFF\x00\x00\x00\x00\x7F\xFF\xFF\xFF")}},
         "failed 1009\n"},
	{"the header of 128 MB that are not masked",
         {{0, {0}, B("\x82\x7F\x00\x00\x00\x00\x08\x00\x00\x00\x00")}},
         "failed 1002\n"},
	{"65535 bytes in 64 bits",
         {{0, {0}, B("\x82\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF\x00\x00\x00\x00x")}},
         "failed 1002\n"},
	{"the header of a length with the highest bit",
         {{0, {0}, B("\x82\xFF\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00x")}},
         "failed 1002\n"},
	{"invalid UTF-8", {{FIN | TEXT, B("a\xFF"), {0}}}, "failed 1007\n"},
	{"UTF-8 ends inside of a character", {{FIN | TEXT, B("\xE2\x82"), {0}}}, "failed 1007\n"},
	{"surrogate in UTF-8", {{FIN | TEXT, B("\xED\xA0\x80"), {0}}}, "failed 1007\n"},
	{"overlong UTF-8", {{FIN | TEXT, B("\xC0\xAF"), {0}}}, "failed 1007\n"},
	{"above U+10FFFF", {{FIN | TEXT, B("\xF4\x90\x80\x80"), {0}}}, "failed 1007\n"},
	{"a character over two fragments",
         {{TEXT, B("\xE2\x82"), {0}}, {FIN, B("\xAC"), {0}}},
         "text \"\xE2\x82\xAC\"\nopen\n"},
	{"invalid UTF-8 in the middle of a message fails there",
         {{TEXT, B("ok"), {0}}, {0, B("\xC3\x28"), {0}}},
         "failed 1007\n"},
	{"binary may be anything",
         {{FIN | BIN, B("\xFF\xFE"), {0}}},
         "binary \"\xFF\xFE\"\nopen\n"},
	{"message at the limit",
         {{FIN | BIN, B("12345678901234567890"), {0}}},
         "binary \"12345678901234567890\"\nopen\n"},
	{"message beyond the limit",
         {{FIN | BIN, B("123456789012345678901"), {0}}},
         "failed 1009\n"},
	{"fragments that add up beyond the limit",
         {{BIN, B("1234567890"), {0}}, {0, B("1234567890"), {0}}, {FIN, B("1"), {0}}},
         "failed 1009\n"},
	{"four fragments are allowed",
         {{TEXT, B("a"), {0}}, {0, B("b"), {0}}, {0, B("c"), {0}}, {FIN, B("d"), {0}}},
         "text \"abcd\"\nopen\n"},
	{"the fifth is one too many",
         {{TEXT, B(""), {0}}, {0, B(""), {0}}, {0, B(""), {0}}, {0, B(""), {0}}, {FIN, B(""), {0}}},
         "failed 1008\n"},
	{"three pings are allowed, the fourth is not",
         {{FIN | PING, B("1"), {0}},
          {FIN | PING, B("2"), {0}},
          {FIN | PONG, B("3"), {0}},
          {FIN | PING, B("4"), {0}}},
         "pong \"1\"\npong \"2\"\nfailed 1008\n"},
};

static void put_frames(const struct row *row, struct buf *bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(row->frames); i++) {
		const struct frame *frame = &row->frames[i];

		if (frame->raw.ptr != NULL)
			buf_span(bytes, frame->raw);
		else if (frame->payload.ptr != NULL)
			ws_put_frame(bytes, frame->first, frame->payload);
	}
}

static void check_cut(const struct row *row, struct span bytes, size_t first, size_t step)
{
	struct ws_feed_opts opts = {
		.limits = {.fragments = 4, .control_frames = 3, .control_window_ms = 10},
		.message_bytes = 20,
		.first = first,
		.step = step};
	struct buf out = {0};

	ws_feed_all(&opts, bytes, &out);
	if (strcmp(buf_cstr(&out), row->outcome) != 0)
		fail_msg("%s (first %zu, step %zu): %s", row->name, first, step, buf_cstr(&out));
	buf_fini(&out);
}

static void frames_of_all_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf buf = {0};
		struct span bytes;

		put_frames(&rows[i], &buf);
		bytes = (struct span){.ptr = buf.ptr, .len = buf.len};
		check_cut(&rows[i], bytes, 0, 0);
		check_cut(&rows[i], bytes, 0, 1);
		for (size_t cut = 1; cut < bytes.len; cut++)
			check_cut(&rows[i], bytes, cut, 0);
		buf_fini(&buf);
	}
}

/* wslay skips the code anew in each piece of a close frame, so only what comes in one piece or
 * byte by byte is judged here. */
static void reason_of_a_close_must_be_utf8(void **state)
{
	static const struct row row = {"reason",
	                               {{FIN | CLOSE,
	                                 B("\x03\xE8"
	                                   "\xC3\x28"),
	                                 {0}}},
	                               ""};
	struct buf bytes = {0}, out = {0};

	(void)state;
	put_frames(&row, &bytes);
	for (size_t step = 0; step < 2; step++) {
		struct ws_feed_opts opts = {.message_bytes = 20, .step = step};

		buf_reset(&out);
		ws_feed_all(&opts, (struct span){.ptr = bytes.ptr, .len = bytes.len}, &out);
		assert_non_null(strstr(buf_cstr(&out), " 1007\n"));
	}
	buf_fini(&bytes);
	buf_fini(&out);
}

static void messages_of_many_sizes(void **state)
{
	static const size_t sizes[] = {124,   125,   126,   127,   4090,   4096,    4097,
	                               65535, 65536, 65537, 70000, 200000, 1U << 20};
	static const size_t steps[] = {0, 1, 4095, 65536};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes) * ARRAY_LEN(steps); i++) {
		size_t size = sizes[i / ARRAY_LEN(steps)];
		struct ws_feed_opts opts = {.message_bytes = 1U << 20,
		                            .step = steps[i % ARRAY_LEN(steps)],
		                            .lengths_only = true};
		struct buf payload = {0}, bytes = {0}, out = {0};
		char expected[64];

		for (size_t k = 0; k < size; k++)
			buf_char(&payload, (char)('a' + k % 26));
		ws_put_frame(&bytes, FIN | TEXT, (struct span){payload.ptr, payload.len});
		ws_put_frame(&bytes, FIN | BIN, (struct span){payload.ptr, payload.len});
		ws_feed_all(&opts, (struct span){bytes.ptr, bytes.len}, &out);
		(void)snprintf(expected, sizeof(expected), "text %zu\nbinary %zu\nopen\n", size,
		               size);
		assert_string_equal(buf_cstr(&out), expected);
		buf_fini(&payload);
		buf_fini(&bytes);
		buf_fini(&out);
	}
}

static void collect(struct ws *ws, bool binary, struct span payload)
{
	(void)binary;
	(void)payload;
	ws_stop(ws);
}

static void drop(struct ws *ws, struct blob *frame)
{
	(void)ws;
	blob_unref(&frame);
	fail_msg("a stopped websocket answers no ping");
}

static void a_stopped_websocket_still_hears_the_close(void **state)
{
	static const struct ws_events events = {.message = collect, .pong = drop};
	struct ws_limits limits = {0};
	struct ws_pool *pool = ws_pool_create(&limits, &events);
	struct buf bytes = {0};
	struct ws ws;
	uint16_t code = 0;

	(void)state;
	ws_init(&ws, 100);
	ws_put_frame(&bytes, FIN | TEXT, SPAN_LIT("stop"));
	ws_put_frame(&bytes, FIN | PING, SPAN_LIT("x"));
	ws_put_frame(&bytes, TEXT, SPAN_LIT("dropped"));
	assert_int_equal(ws_feed(&ws, pool, (struct span){bytes.ptr, bytes.len}, 0, &code),
	                 WS_OPEN);
	buf_reset(&bytes);
	ws_put_frame(&bytes, FIN | CLOSE, SPAN_LIT("\x03\xE8"));
	assert_int_equal(ws_feed(&ws, pool, (struct span){bytes.ptr, bytes.len}, 0, &code),
	                 WS_CLOSED);
	assert_int_equal(code, 1000);
	ws_release(&ws);
	ws_pool_destroy(&pool);
	buf_fini(&bytes);
}

static void count_pong(struct ws *ws, struct blob *frame)
{
	(void)ws;
	blob_unref(&frame);
}

static void pings_are_counted_by_the_window(void **state)
{
	static const struct ws_events events = {.message = collect, .pong = count_pong};
	struct ws_limits limits = {.control_frames = 2, .control_window_ms = 10};
	struct ws_pool *pool = ws_pool_create(&limits, &events);
	struct buf bytes = {0};
	struct ws ws;
	uint16_t code = 0;

	(void)state;
	ws_init(&ws, 100);
	ws_put_frame(&bytes, FIN | PING, SPAN_LIT("x"));
	for (mono_ms now = 0; now < 100; now += 5)
		assert_int_equal(
			ws_feed(&ws, pool, (struct span){bytes.ptr, bytes.len}, now, &code),
			WS_OPEN);
	assert_int_equal(ws_feed(&ws, pool, (struct span){bytes.ptr, bytes.len}, 99, &code),
	                 WS_FAILED);
	assert_int_equal(code, 1008);
	ws_release(&ws);
	ws_pool_destroy(&pool);
	buf_fini(&bytes);
}

static void frames_of_the_server(void **state)
{
	static const struct {
		size_t len;
		uint8_t header[10];
		size_t header_len;
	} sizes[] = {
		{0, {0x81, 0}, 2},
		{125, {0x81, 125}, 2},
		{126, {0x81, 126, 0, 126}, 4},
		{65535, {0x81, 126, 0xFF, 0xFF}, 4},
		{65536, {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}, 10},
	};
	char *payload = calloc(1, 65536);

	(void)state;
	assert_non_null(payload);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct blob *frame = ws_frame(WS_TEXT, (struct span){payload, sizes[i].len});

		assert_int_equal(frame->len, sizes[i].header_len + sizes[i].len);
		assert_memory_equal(frame->bytes, sizes[i].header, sizes[i].header_len);
		blob_unref(&frame);
	}
	free(payload);
}

static void close_frames(void **state)
{
	struct blob *empty = ws_close_frame(0, SPAN_LIT("ignored"));
	struct blob *plain = ws_close_frame(1012, SPAN_LIT("service restart"));
	struct buf reason = {0};
	struct blob *cut;

	(void)state;
	assert_int_equal(empty->len, 2);
	assert_memory_equal(empty->bytes, "\x88\x00", 2);
	assert_int_equal(plain->len, 4 + 15);
	assert_memory_equal(plain->bytes, "\x88\x11\x03\xF4service restart", 19);
	while (reason.len < 200)
		buf_text(&reason, "\xE2\x82\xAC");
	cut = ws_close_frame(1000, (struct span){reason.ptr, reason.len});
	assert_true(cut->len <= 2 + 125);
	assert_true(utf8_is_valid((struct span){cut->bytes + 4, cut->len - 4}));
	blob_unref(&empty);
	blob_unref(&plain);
	blob_unref(&cut);
	buf_fini(&reason);
}

#define KEY HTTP_HEADER("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
#define V13 HTTP_HEADER("sec-websocket-version", "13")

static void handshakes(void **state)
{
	static const struct {
		const char *name;
		struct http_header headers[4];
		size_t count;
		bool wish;
		unsigned refusal;
		bool protocol;
	} hands[] = {
		{"good", {KEY, V13}, 2, true, 0, false},
		{"our protocol among others",
	         {KEY, V13, HTTP_HEADER("sec-websocket-protocol", "chat, tierbell.v1")},
	         3,
	         true,
	         0,
	         true},
		{"our protocol in a second header",
	         {KEY, V13, HTTP_HEADER("sec-websocket-protocol", "chat"),
	          HTTP_HEADER("sec-websocket-protocol", "tierbell.v1")},
	         4,
	         true,
	         0,
	         true},
		{"another protocol",
	         {KEY, V13, HTTP_HEADER("sec-websocket-protocol", "chat")},
	         3,
	         true,
	         0,
	         false},
		{"no upgrade", {KEY, V13}, 2, false, 426, false},
		{"no version", {KEY}, 1, true, 426, false},
		{"version 8",
	         {KEY, HTTP_HEADER("sec-websocket-version", "8")},
	         2,
	         true,
	         426,
	         false},
		{"two versions", {KEY, V13, V13}, 3, true, 426, false},
		{"no key", {V13}, 1, true, 400, false},
		{"two keys", {KEY, V13, KEY}, 3, true, 400, false},
		{"short key",
	         {HTTP_HEADER("sec-websocket-key", "dGhlIHNhbXBsZQ=="), V13},
	         2,
	         true,
	         400,
	         false},
		{"no base64",
	         {HTTP_HEADER("sec-websocket-key", "dGhlIHNhbXBsZSBub25j!Q=="), V13},
	         2,
	         true,
	         400,
	         false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hands); i++) {
		struct http_request request = {.headers = hands[i].headers,
		                               .headers_count = hands[i].count,
		                               .wants_websocket = hands[i].wish};
		struct ws_handshake out;

		ws_handshake_check(&request, &out);
		if (out.refusal != hands[i].refusal || out.protocol != hands[i].protocol)
			fail_msg("%s: %u %d", hands[i].name, out.refusal, out.protocol);
		if (out.refusal == 0) /* RFC 6455 1.3 */
			assert_string_equal(out.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	}
}

/* RFC 3174 7.3 and the empty message of FIPS 180. */
static void sha1_vectors(void **state)
{
	static const struct {
		const char *text;
		unsigned repeat;
		uint8_t digest[SHA1_SIZE];
	} vectors[] = {
		{"", 1, {0xDA, 0x39, 0xA3, 0xEE, 0x5E, 0x6B, 0x4B, 0x0D, 0x32, 0x55,
	                 0xBF, 0xEF, 0x95, 0x60, 0x18, 0x90, 0xAF, 0xD8, 0x07, 0x09}},
		{"abc", 1, {0xA9, 0x99, 0x3E, 0x36, 0x47, 0x06, 0x81, 0x6A, 0xBA, 0x3E,
	                    0x25, 0x71, 0x78, 0x50, 0xC2, 0x6C, 0x9C, 0xD0, 0xD8, 0x9D}},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	         1,
	         {0x84, 0x98, 0x3E, 0x44, 0x1C, 0x3B, 0xD2, 0x6E, 0xBA, 0xAE,
	          0x4A, 0xA1, 0xF9, 0x51, 0x29, 0xE5, 0xE5, 0x46, 0x70, 0xF1}},
		{"a", 1000000, {0x34, 0xAA, 0x97, 0x3C, 0xD4, 0xC4, 0xDA, 0xA4, 0xF6, 0x1E,
	                        0xEB, 0x2B, 0xDB, 0xAD, 0x27, 0x31, 0x65, 0x34, 0x01, 0x6F}},
		{"0123456701234567012345670123456701234567012345670123456701234567",
	         10,
	         {0xDE, 0xA3, 0x56, 0xA2, 0xCD, 0xDD, 0x90, 0xC7, 0xA7, 0xEC,
	          0xED, 0xC5, 0xEB, 0xB5, 0x63, 0x93, 0x4F, 0x46, 0x04, 0x52}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct buf text = {0};
		uint8_t digest[SHA1_SIZE];

		for (unsigned k = 0; k < vectors[i].repeat; k++)
			buf_text(&text, vectors[i].text);
		sha1(buf_cstr(&text), text.len, digest);
		assert_memory_equal(digest, vectors[i].digest, SHA1_SIZE);
		buf_fini(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_all_kinds),
		cmocka_unit_test(reason_of_a_close_must_be_utf8),
		cmocka_unit_test(messages_of_many_sizes),
		cmocka_unit_test(a_stopped_websocket_still_hears_the_close),
		cmocka_unit_test(pings_are_counted_by_the_window),
		cmocka_unit_test(frames_of_the_server),
		cmocka_unit_test(close_frames),
		cmocka_unit_test(handshakes),
		cmocka_unit_test(sha1_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
