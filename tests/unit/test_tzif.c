/* SPDX-License-Identifier: MIT */
#include "proto/tzif.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../server/zones.h"
#include "base/must.h"
#include "support/when.h"

#define NEW_YORK  "tests/fuzz/corpus/tzif/new_york"
#define KATHMANDU "tests/fuzz/corpus/tzif/kathmandu"

static char file[TZIF_BYTES_MAX];

static size_t read_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t len;

	assert_non_null(in);
	len = fread(file, 1, sizeof file, in);
	(void)fclose(in);
	return len;
}

static enum status parse(const char *bytes, size_t len, int32_t *offset_out)
{
	/* A block of its own size, so that ASan sees a read behind it. */
	char *copy = malloc(len ? len : 1);
	struct arena arena = {0};
	struct zone zone;
	enum status st;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	st = tzif_parse((struct span){copy, len}, &arena, &zone);
	if (st == ST_OK && offset_out)
		*offset_out = zone_type_at(&zone, 1782900000)->offset_s; /* July 2026 */
	free(copy);
	arena_fini(&arena);
	return st;
}

static void test_good(void **state)
{
	int32_t offset_s = 0;
	size_t len = read_file(NEW_YORK);

	(void)state;
	assert_int_equal(parse(file, len, &offset_s), ST_OK);
	assert_int_equal(offset_s, -4 * 3600);
	assert_int_equal(parse(file, read_file("tests/fuzz/corpus/tzif/version1"), &offset_s),
	                 ST_OK);
	assert_int_equal(offset_s, -4 * 3600);
	assert_int_equal(parse(file, read_file(KATHMANDU), &offset_s), ST_OK);
	assert_int_equal(offset_s, 5 * 3600 + 45 * 60);
}

static void test_cut_short(void **state)
{
	size_t len = read_file(NEW_YORK);

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		if (parse(file, cut, NULL) != ST_BAD_REQUEST)
			fail_msg("%zu of %zu bytes are taken for a zone", cut, len);
	}
	file[len] = '\n';
	assert_int_equal(parse(file, len + 1, NULL), ST_BAD_REQUEST);
}

/* Where things are in the file of Kathmandu: three transitions, three types. */
enum {
	SECOND = 44 + 3 * 5 + 3 * 6 + 16,
	TIMES = SECOND + 44,
	TYPE_AT = TIMES + 3 * 8,
	TYPES = TYPE_AT + 3,
	CHARS = TYPES + 3 * 6,
	FOOTER = CHARS + 16
};

static const struct {
	const char *name;
	size_t at;
	uint8_t byte;
	enum status expected;
} patches[] = {
	{"as it is", 0, 'T', ST_OK},
	{"another magic", 0, 'X', ST_BAD_REQUEST},
	{"version 3 with another behind it", 4, '3', ST_BAD_REQUEST},
	{"a version to come", 4, '5', ST_BAD_REQUEST},
	{"a count that ends behind the file", 32, 0x01, ST_BAD_REQUEST},
	{"a count beyond any file", SECOND + 32, 0x7f, ST_BAD_REQUEST},
	{"another second magic", SECOND, 'X', ST_BAD_REQUEST},
	{"leap seconds", SECOND + 31, 1, ST_BAD_REQUEST},
	{"no types", SECOND + 39, 0, ST_BAD_REQUEST},
	{"no designations", SECOND + 43, 0, ST_BAD_REQUEST},
	{"a transition before all time", TIMES, 0x80, ST_BAD_REQUEST},
	{"a transition behind all time", TIMES + 8, 0x7f, ST_BAD_REQUEST},
	{"transitions that go back", TIMES + 8, 0xff, ST_BAD_REQUEST},
	{"a type that is not there", TYPE_AT, 3, ST_BAD_REQUEST},
	{"an offset beyond the world", TYPES + 6, 0x7f, ST_BAD_REQUEST},
	{"daylight saving that is neither", TYPES + 4, 2, ST_BAD_REQUEST},
	{"a designation that is not there", TYPES + 5, 16, ST_BAD_REQUEST},
	{"a designation with a control byte", CHARS, '\033', ST_BAD_REQUEST},
	{"a designation without end", CHARS + 15, 'X', ST_BAD_REQUEST},
	{"no footer", FOOTER, 'X', ST_BAD_REQUEST},
	{"a footer that is no rule", FOOTER + 1, 'X', ST_BAD_REQUEST},
};

static void test_patches(void **state)
{
	size_t len = read_file(KATHMANDU);

	(void)state;
	assert_true(len > FOOTER && file[FOOTER] == '\n' && memcmp(file + SECOND, "TZif", 4) == 0);
	for (size_t i = 0; i < ARRAY_LEN(patches); i++) {
		char kept = file[patches[i].at];

		file[patches[i].at] = (char)patches[i].byte;
		if (parse(file, len, NULL) != patches[i].expected)
			fail_msg("%s", patches[i].name);
		file[patches[i].at] = kept;
	}
}

static const struct {
	const char *name;
	enum status expected;
} names[] = {
	{"America/New_York", ST_OK},
	{"America/Argentina/ComodRivadavia", ST_OK},
	{"Etc/GMT+5", ST_OK},
	{"UTC", ST_OK},
	{"America/Nowhere", ST_NOT_FOUND},
	{"America", ST_NOT_FOUND},
	{"UTC/below", ST_NOT_FOUND},
	{"", ST_BAD_REQUEST},
	{"/etc/passwd", ST_BAD_REQUEST},
	{"../zoneinfo/UTC", ST_BAD_REQUEST},
	{"America/../UTC", ST_BAD_REQUEST},
	{"America/./New_York", ST_BAD_REQUEST},
	{"America//New_York", ST_BAD_REQUEST},
	{"America/", ST_BAD_REQUEST},
	{"zone.tab", ST_BAD_REQUEST},
	{"UTC\n", ST_BAD_REQUEST},
	{"America\\New_York", ST_BAD_REQUEST},
	{"A234567890123456789012345678901234567890123456789012345678901234", ST_BAD_REQUEST},
	{"+VERSION", ST_BAD_REQUEST},
	{"tzdata", ST_NOT_FOUND},
};

static void test_names(void **state)
{
	struct arena arena = {0};
	struct zones zones;
	struct zone_source source;
	struct zone zone;

	(void)state;
	zones_init(&zones);
	source = zones_source(&zones);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		enum status st = source.load(source.ctx, names[i].name, &arena, &zone);

		if (st != names[i].expected)
			fail_msg("%s: %s", names[i].name, status_name(st));
		if (st == ST_OK)
			assert_string_equal(zone.name, names[i].name);
	}
	arena_fini(&arena);
}

static void write_file(const char *folder, const char *name, const char *bytes, size_t len)
{
	char path[256];
	FILE *out;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

/* A folder of one's own, with what should not be in it. */
static void test_folder(void **state)
{
	static char big[TZIF_BYTES_MAX + 10] = "TZif2";
	char folder[] = "/tmp/tierbell-zones-XXXXXX", path[256];
	size_t len = read_file(KATHMANDU);
	struct arena arena = {0};
	struct zones zones;
	struct zone_source source;
	struct zone zone;

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "Here", file, len);
	write_file(folder, "Text", "hello", 5);
	write_file(folder, "Big", big, sizeof big);
	(void)snprintf(path, sizeof path, "%s/Pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(setenv("TZDIR", folder, 1), 0);
	zones_init(&zones);
	source = zones_source(&zones);
	assert_int_equal(source.load(source.ctx, "Here", &arena, &zone), ST_OK);
	assert_int_equal(zone_type_at(&zone, 0)->offset_s, 5 * 3600 + 30 * 60);
	assert_int_equal(source.load(source.ctx, "Text", &arena, &zone), ST_BAD_REQUEST);
	assert_int_equal(source.load(source.ctx, "Big", &arena, &zone), ST_BAD_REQUEST);
	assert_int_equal(source.load(source.ctx, "Pipe", &arena, &zone), ST_NOT_FOUND);
	assert_int_equal(source.load(source.ctx, "UTC", &arena, &zone), ST_NOT_FOUND);
	assert_int_equal(unsetenv("TZDIR"), 0);
	arena_fini(&arena);
	for (size_t i = 0; i < 4; i++) {
		static const char *const made[] = {"Here", "Text", "Big", "Pipe"};

		(void)snprintf(path, sizeof path, "%s/%s", folder, made[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),    cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_patches), cmocka_unit_test(test_names),
		cmocka_unit_test(test_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
