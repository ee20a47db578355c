/* SPDX-License-Identifier: MIT */
/* A TZif file is a header and a block of 32-bit times, and since version 2 once more the same
 * with 64-bit times, and the footer. The sizes of all tables are in the header, so the bounds are
 * checked once, before a table is read; then each entry, for what points out of its table. */
#include "proto/tzif.h"

#include <string.h>

#include "base/must.h"

#define HEADER_SIZE 44
#define TYPE_SIZE   6
#define TYPES_MAX   256
#define TIME_MAX    (INT64_C(1) << 59) /* RFC 9636, section 3.2: before it there was no time */

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

struct block {
	struct counts counts;
	size_t time_size;
	const uint8_t *times, *type_at, *types, *chars;
};

struct cursor {
	const uint8_t *at;
	size_t left;
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Two's complement, which is what the casts do on all our compilers. */
static int64_t be_time(const uint8_t *p, size_t size)
{
	if (size == 4)
		return (int32_t)be32(p);
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static const uint8_t *take(struct cursor *cursor, size_t size)
{
	const uint8_t *at = cursor->at;

	if (size > cursor->left)
		return NULL;
	cursor->at += size;
	cursor->left -= size;
	return at;
}

/* The counts are small enough that no product of them overflows. */
static bool read_header(struct cursor *cursor, uint8_t *version_out, struct counts *out)
{
	const uint8_t *p = take(cursor, HEADER_SIZE);
	uint32_t *const counts[] = {&out->isut, &out->isstd, &out->leap,
	                            &out->time, &out->type,  &out->chars};

	if (!p || memcmp(p, "TZif", 4) != 0)
		return false;
	*version_out = p[4];
	if (*version_out != 0 && (*version_out < '2' || *version_out > '4'))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		*counts[i] = be32(p + 20 + 4 * i);
		if (*counts[i] > TZIF_BYTES_MAX)
			return false;
	}
	return true;
}

/* The tables stand in this order; those of leap seconds and of what wall clocks once said are
 * passed over. */
static bool read_block(struct cursor *cursor, const struct counts *counts, size_t time_size,
                       struct block *out)
{
	out->counts = *counts;
	out->time_size = time_size;
	out->times = take(cursor, counts->time * time_size);
	out->type_at = take(cursor, counts->time);
	out->types = take(cursor, counts->type * (size_t)TYPE_SIZE);
	out->chars = take(cursor, counts->chars);
	return out->times && out->type_at && out->types && out->chars &&
	       take(cursor, counts->leap * (time_size + 4)) && take(cursor, counts->isstd) &&
	       take(cursor, counts->isut);
}

/* A file that counts leap seconds tells another time than the rest of the world. */
static bool counts_agree(const struct counts *counts)
{
	return counts->type >= 1 && counts->type <= TYPES_MAX && counts->chars >= 1 &&
	       counts->leap == 0 && (counts->isut == 0 || counts->isut == counts->type) &&
	       (counts->isstd == 0 || counts->isstd == counts->type);
}

static bool is_designation_char(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '+' || c == '-';
}

static bool read_type(const struct block *block, size_t index, struct zone_type *out)
{
	const uint8_t *p = block->types + index * TYPE_SIZE;
	size_t chars = block->counts.chars, at = p[5], len = 0;

	out->offset_s = (int32_t)be32(p);
	out->dst = p[4] != 0;
	if (out->offset_s < ZONE_OFFSET_MIN || out->offset_s > ZONE_OFFSET_MAX || p[4] > 1 ||
	    at >= chars || !memchr(block->chars + at, '\0', chars - at))
		return false;
	for (const uint8_t *c = block->chars + at; *c != '\0'; c++) {
		if (!is_designation_char(*c))
			return false;
		if (len < sizeof out->abbreviation - 1)
			out->abbreviation[len++] = (char)*c;
	}
	out->abbreviation[len] = '\0';
	return true;
}

static enum status read_tables(const struct block *block, struct arena *arena, struct zone *out)
{
	size_t count = block->counts.time, types_count = block->counts.type;
	int64_t *at_s = arena_alloc(arena, count * sizeof *at_s);
	uint8_t *type_at = arena_alloc(arena, count);
	struct zone_type *types = arena_alloc(arena, types_count * sizeof *types);

	for (size_t i = 0; i < types_count; i++) {
		if (!read_type(block, i, &types[i]))
			return ST_BAD_REQUEST;
	}
	for (size_t i = 0; i < count; i++) {
		at_s[i] = be_time(block->times + i * block->time_size, block->time_size);
		type_at[i] = block->type_at[i];
		if (at_s[i] < -TIME_MAX || at_s[i] > TIME_MAX || type_at[i] >= types_count ||
		    (i > 0 && at_s[i] <= at_s[i - 1]))
			return ST_BAD_REQUEST;
	}
	*out = (struct zone){
		.at_s = at_s,
		.type_at = type_at,
		.count = count,
		.types = types,
		.types_count = types_count,
		.before = &types[0],
		.rule.standard = count ? types[type_at[count - 1]] : types[0],
	};
	return ST_OK;
}

/* "\n" text "\n", and nothing behind it. An empty text says nothing of what comes. */
static enum status read_footer(const struct cursor *cursor, struct zone_rule *rule)
{
	size_t len = cursor->left;

	if (len < 2 || cursor->at[0] != '\n' || cursor->at[len - 1] != '\n')
		return ST_BAD_REQUEST;
	if (len == 2)
		return ST_OK;
	return tzif_rule((struct span){(const char *)cursor->at + 1, len - 2}, rule);
}

enum status tzif_parse(struct span bytes, struct arena *arena, struct zone *out)
{
	struct cursor cursor = {(const uint8_t *)bytes.ptr, bytes.len};
	uint8_t version, again;
	struct counts counts;
	struct block block;
	struct zone zone;
	enum status st;

	if (bytes.len > TZIF_BYTES_MAX || !read_header(&cursor, &version, &counts) ||
	    !read_block(&cursor, &counts, 4, &block))
		return ST_BAD_REQUEST;
	if (version != 0 && (!read_header(&cursor, &again, &counts) || again != version ||
	                     !read_block(&cursor, &counts, 8, &block)))
		return ST_BAD_REQUEST;
	if (!counts_agree(&counts))
		return ST_BAD_REQUEST;
	st = read_tables(&block, arena, &zone);
	if (st == ST_OK && version != 0)
		st = read_footer(&cursor, &zone.rule);
	if (st == ST_OK)
		*out = zone;
	return st;
}
