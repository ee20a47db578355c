/* SPDX-License-Identifier: MIT */
#include "proto/json_guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/must.h"

struct row {
	const char *name;
	const char *text;
	enum status expected;
};

static const struct row rows[] = {
	{"an object is taken", "{\"a\":1}", ST_OK},
	{"an empty object is taken", "{}", ST_OK},
	{"eight levels are taken", "{\"a\":[[[[[[[1]]]]]]]}", ST_OK},
	{"nine levels are not", "{\"a\":[[[[[[[[1]]]]]]]]}", ST_BAD_REQUEST},
	{"brackets in a string are no levels", "{\"a\":\"[[[[[[[[[[[[\\\"[[[[[[\"}", ST_OK},
	{"nothing is not taken", "", ST_BAD_REQUEST},
	{"a word is not taken", "hello", ST_BAD_REQUEST},
	{"an array is not taken", "[1]", ST_BAD_REQUEST},
	{"a string is not taken", "\"a\"", ST_BAD_REQUEST},
	{"a member twice is not taken", "{\"a\":1,\"a\":2}", ST_BAD_REQUEST},
	{"something behind the object is not taken", "{} {}", ST_BAD_REQUEST},
	{"an open string is not taken", "{\"a\":\"", ST_BAD_REQUEST},
	{"an escape at the end is not taken", "{\"a\":\"\\", ST_BAD_REQUEST},
	{"NUL in a string is not taken", "{\"a\":\"\\u0000\"}", ST_BAD_REQUEST},
	{"half a surrogate pair is not taken", "{\"a\":\"\\ud800\"}", ST_BAD_REQUEST},
	{"invalid UTF-8 is not taken", "{\"a\":\"\xff\"}", ST_BAD_REQUEST},
	{"NaN is not taken", "{\"a\":NaN}", ST_BAD_REQUEST},
	{"a number beyond 64 bits is not taken", "{\"a\":99999999999999999999}", ST_BAD_REQUEST},
	{"closing brackets first are not taken", "]]]]}}}}", ST_BAD_REQUEST},
};

static const struct {
	const char *text, *id; /* NULL: none is found */
} ids[] = {
	{"{\"type\":\"message\",\"id\":\"m1\",\"text\":\"\\ud800\"}", "m1"},
	{"{ \"id\" : \"m1\" , \"x\": ", "m1"},
	{"{\"a\":[[[[[[[[[1]]]]]]]]],\"id\":\"m1\"}", "m1"},
	{"{\"id\":\"m1\",\"id\":\"m2\"}", "m1"},
	{"{\"x\":\"id\",\"y\":\"m1\"}", NULL},
	{"{\"x\":{\"id\":\"m1\"}}", NULL},
	{"{\"x\":\"\\\"id\\\":\\\"m1\\\"\"}", NULL},
	{"{\"id\":5}", NULL},
	{"{\"id\":\"m1", NULL},
	{"{\"id\":\"m1\\", NULL},
	{"{\"id\":", NULL},
	{"{\"id\"", NULL},
	{"{\"id", NULL},
	{"\"id\":\"m1\"", NULL},
	{"", NULL},
};

static void an_id_is_found_in_what_is_no_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct span id = json_guard_find(span_of(ids[i].text), "id");

		if (ids[i].id == NULL ? id.ptr != NULL : !span_is(id, ids[i].id))
			fail_msg("%s: found \"%.*s\"", ids[i].text, (int)id.len,
			         id.ptr != NULL ? id.ptr : "");
	}
}

static void run_row(void **state)
{
	const struct row *row = *state;
	json_t *root = NULL;
	enum status st = json_guard_parse(span_of(row->text), &root);

	assert_string_equal(status_name(st), status_name(row->expected));
	assert_int_equal(root != NULL, st == ST_OK);
	json_decref(root);
}

/* {"a":[x,x,…]} with `count` values in the array. */
static void array_of(struct buf *buf, const char *value, int count)
{
	buf_reset(buf);
	buf_text(buf, "{\"a\":[");
	for (int i = 0; i < count; i++) {
		if (i > 0)
			buf_char(buf, ',');
		buf_text(buf, value);
	}
	buf_text(buf, "]}");
}

static void values_are_counted(void **state)
{
	static const char *const values[] = {"1", "\"x\"", "[]", "{}", "true", "null", " 7 "};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		array_of(&buf, values[i], JSON_VALUES_MAX - 2);
		assert_int_equal(json_guard_scan((struct span){buf.ptr, buf.len}), ST_OK);
		array_of(&buf, values[i], JSON_VALUES_MAX - 1);
		assert_int_equal(json_guard_scan((struct span){buf.ptr, buf.len}), ST_BAD_REQUEST);
	}
	buf_fini(&buf);
}

static void member_names_are_not_counted(void **state)
{
	struct buf buf = {0};
	json_t *root = NULL;

	(void)state;
	buf_text(&buf, "{\"type\":\"hello\"");
	for (int i = 0; i < 500; i++)
		buf_fmt(&buf, ",\"%d\":1", i);
	buf_char(&buf, '}');
	assert_int_equal(json_guard_parse((struct span){buf.ptr, buf.len}, &root), ST_OK);
	json_decref(root);
	buf_fini(&buf);
}

/* 64 KB of brackets would become megabytes: they are refused before anything is built. */
static void bombs_are_refused(void **state)
{
	static const char *const pieces[] = {"[", "{\"a\":", "[],", "{},", "\"\",", "0,"};
	struct buf buf = {0};
	json_t *root = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		buf_reset(&buf);
		buf_text(&buf, "{\"a\":[");
		while (buf.len < 64U * 1024U)
			buf_text(&buf, pieces[i]);
		buf_text(&buf, "0]}");
		assert_int_equal(json_guard_parse((struct span){buf.ptr, buf.len}, &root),
		                 ST_BAD_REQUEST);
		assert_null(root);
	}
	buf_fini(&buf);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 4] = {
		cmocka_unit_test(an_id_is_found_in_what_is_no_json),
		cmocka_unit_test(values_are_counted),
		cmocka_unit_test(member_names_are_not_counted),
		cmocka_unit_test(bombs_are_refused),
	};

	json_guard_setup();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tests[i + 4] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = run_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
