/* SPDX-License-Identifier: MIT */
/* Redis URLs and error replies, read from text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapter/redis_error.h"
#include "adapter/redis_url.h"
#include "adapter/redis_words.h"
#include "base/must.h"

static void urls_that_are_understood(void **state)
{
	static const struct {
		const char *url;
		struct redis_address address;
	} rows[] = {
		{"redis://localhost", {.host = "localhost", .port = "6379"}},
		{"redis://10.0.0.7:7000", {.host = "10.0.0.7", .port = "7000"}},
		{"redis://h/", {.host = "h", .port = "6379"}},
		{"redis://h:1/15", {.host = "h", .port = "1", .db = "15"}},
		{"redis://[::1]:6380/2", {.host = "::1", .port = "6380", .db = "2"}},
		{"redis://[::1]", {.host = "::1", .port = "6379"}},
		{"redis://:secret@h", {.host = "h", .port = "6379", .password = "secret"}},
		{"redis://u:p%40%3A%2fx@h:5/1",
	         {.host = "h", .port = "5", .user = "u", .password = "p@:/x", .db = "1"}},
		{"unix:/run/redis.sock", {.path = "/run/redis.sock"}},
		{"unix:///run/redis.sock", {.path = "/run/redis.sock"}},
		{"unix:var/redis.sock", {.path = "var/redis.sock"}},
	};
	char error[160];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct redis_address *want = &rows[i].address;
		struct redis_address got;

		if (!redis_url_parse(rows[i].url, &got, error, sizeof(error)))
			fail_msg("%s: %s", rows[i].url, error);
		assert_string_equal(want->path, got.path);
		assert_string_equal(want->host, got.host);
		assert_string_equal(want->port, got.port);
		assert_string_equal(want->user, got.user);
		assert_string_equal(want->password, got.password);
		assert_string_equal(want->db, got.db);
	}
}

static void urls_that_are_refused_without_telling_the_password(void **state)
{
	static const char *const urls[] = {
		"",
		"localhost:6379",
		"rediss://h",
		"redis://",
		"redis://:6379",
		"redis://h:",
		"redis://h:65536",
		"redis://h:12x",
		"redis://h:-1",
		"redis://h:99999999999999999999",
		"redis://h/1000",
		"redis://h/x",
		"redis://geheim@h",
		"redis://u:@h",
		"redis://u:geheim%zz@h",
		"redis://u:geheim%00@h",
		"redis://u:geheim%4@h",
		"redis://u:geheim@",
		"redis://[::1",
		"redis://[::1]6379",
		"redis://[]",
		"unix:",
		"unix:/"
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct redis_address got;
		char error[160] = "";

		if (redis_url_parse(urls[i], &got, error, sizeof(error)))
			fail_msg("%s was taken", urls[i]);
		assert_true(strlen(error) > 0);
		assert_null(strstr(error, "geheim"));
	}
}

static void a_socket_path_of_107_bytes_is_the_longest(void **state)
{
	char url[5 + 107 + 1] = "unix:";
	struct redis_address got;
	char error[160];

	(void)state;
	memset(url + 5, 'x', 107);
	url[sizeof(url) - 1] = '\0';
	assert_true(redis_url_parse(url, &got, error, sizeof(error)));
	assert_int_equal(107, strlen(got.path));
}

static void errors_ask_for_a_reaction(void **state)
{
	static const struct {
		const char *text;
		enum redis_reaction reaction;
	} rows[] = {
		{"LOADING Redis is loading the dataset in memory", REDIS_WAIT},
		{"BUSY Redis is busy running a script.", REDIS_WAIT},
		{"ERR max number of clients reached", REDIS_WAIT},
		{"READONLY You can't write against a read only replica.", REDIS_AGAIN},
		{"MASTERDOWN Link with MASTER is down", REDIS_AGAIN},
		{"ERR Function not found", REDIS_AGAIN},
		{"OOM command not allowed when used memory > 'maxmemory'.", REDIS_ALERT},
		{"MISCONF Redis is configured to save RDB snapshots", REDIS_ALERT},
		{"NOREPLICAS Not enough good replicas to write.", REDIS_ALERT},
		{"NOAUTH Authentication required.", REDIS_FAULT},
		{"WRONGPASS invalid username-password pair", REDIS_FAULT},
		{"NOPERM this user has no permissions", REDIS_FAULT},
		{"WRONGTYPE Operation against a key", REDIS_FAULT},
		{"ERR unknown command", REDIS_FAULT},
		{"", REDIS_FAULT},
		{"LOAD", REDIS_FAULT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(rows[i].reaction, redis_error_of(span_of(rows[i].text)).reaction);
}

static void words_go_by_length(void **state)
{
	struct redis_words words = {.count = 0};
	struct buf out = {.ptr = NULL};

	(void)state;
	redis_words_text(&words, "SET");
	redis_words_span(&words, SPAN_LIT("a\r\n$1\r\n\0b"));
	redis_words_text(&words, "");
	redis_words_i64(&words, -5);
	redis_words_ticket(&words, (struct ticket_id){42});
	redis_words_write(&words, &out);
	assert_true(span_eq((struct span){.ptr = out.ptr, .len = out.len},
	                    SPAN_LIT("*5\r\n$3\r\nSET\r\n$9\r\na\r\n$1\r\n\0b\r\n$0\r\n\r\n"
	                             "$2\r\n-5\r\n$16\r\n0000000000000042\r\n")));
	redis_words_fini(&words);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_that_are_understood),
		cmocka_unit_test(urls_that_are_refused_without_telling_the_password),
		cmocka_unit_test(a_socket_path_of_107_bytes_is_the_longest),
		cmocka_unit_test(errors_ask_for_a_reaction),
		cmocka_unit_test(words_go_by_length),
	};

	return cmocka_run_group_tests_name("redis_text", tests, NULL, NULL);
}
