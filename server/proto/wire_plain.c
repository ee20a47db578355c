/* SPDX-License-Identifier: MIT */
/* One walk over the bytes: members by a table, then what the type asks for. */
#include "proto/wire_plain.h"

#include <string.h>

#include "base/must.h"
#include "base/swar.h"
#include "proto/text.h"
#include "proto/utf8.h"

#define DIGITS_MAX 18 /* of a number that fits whatever they are */

enum member { MEMBER_TYPE, MEMBER_ID, MEMBER_TEXT, MEMBER_TICKET, MEMBER_SEEN, MEMBER_ON };

enum value { VALUE_TEXT, VALUE_NUMBER, VALUE_BOOL };

static const struct {
	const char *name;
	size_t len;
	enum value value;
} members[] = {
#define MEMBER_ROW(text, value)                   \
	{                                         \
		(text), sizeof(text) - 1, (value) \
	}
	[MEMBER_TYPE] = MEMBER_ROW("type", VALUE_TEXT),
	[MEMBER_ID] = MEMBER_ROW("id", VALUE_TEXT),
	[MEMBER_TEXT] = MEMBER_ROW("text", VALUE_TEXT),
	[MEMBER_TICKET] = MEMBER_ROW("ticket", VALUE_NUMBER),
	[MEMBER_SEEN] = MEMBER_ROW("seen", VALUE_NUMBER),
	[MEMBER_ON] = MEMBER_ROW("on", VALUE_BOOL),
#undef MEMBER_ROW
};

struct plain {
	const char *at, *end;
	unsigned seen; /* 1U << enum member */
	struct span texts[MEMBER_TEXT + 1];
	uint64_t ticket, mark;
	bool on;
};

static bool has(const struct plain *plain, enum member member)
{
	return (plain->seen >> member & 1U) != 0;
}

static bool take(struct plain *plain, char c)
{
	if (plain->at == plain->end || *plain->at != c)
		return false;
	plain->at++;
	return true;
}

/* Up to what ends a string, or is none of its plain bytes; or near the end. *all gathers bits of
 * what was passed. */
static const char *skip_plain(const char *at, const char *end, uint64_t *all)
{
	while ((size_t)(end - at) >= SWAR_SIZE) {
		uint64_t word = swar_in_order(at);
		uint64_t marks = swar_below(word, 0x20) | swar_is(word, '"') | swar_is(word, '\\');

		if (marks != 0) {
			*all |= word & ((marks & (~marks + 1)) - 1);
			return at + swar_before(marks);
		}
		*all |= word;
		at += SWAR_SIZE;
	}
	return at;
}

/* A string without escapes. */
static bool take_text(struct plain *plain, struct span *out)
{
	const char *begin = plain->at + 1, *at;
	uint64_t all = 0;

	if (!take(plain, '"'))
		return false;
	at = skip_plain(begin, plain->end, &all);
	while (at < plain->end && *at != '"') {
		unsigned char c = (unsigned char)*at++;

		if (c < 0x20 || c == '\\')
			return false;
		all |= c;
	}
	if (at == plain->end)
		return false;
	*out = (struct span){.ptr = begin, .len = (size_t)(at - begin)};
	plain->at = at + 1;
	return swar_is_ascii(all) || utf8_is_valid(*out);
}

static bool take_number(struct plain *plain, uint64_t *out)
{
	const char *begin = plain->at;
	uint64_t value = 0;

	while (plain->at < plain->end && *plain->at >= '0' && *plain->at <= '9') {
		if (plain->at - begin == DIGITS_MAX)
			return false;
		value = value * 10 + (uint64_t)(*plain->at++ - '0');
	}
	*out = value;
	return plain->at > begin && (*begin != '0' || plain->at == begin + 1);
}

static bool take_word(struct plain *plain, const char *word, size_t len)
{
	if ((size_t)(plain->end - plain->at) < len || memcmp(plain->at, word, len) != 0)
		return false;
	plain->at += len;
	return true;
}

static bool take_bool(struct plain *plain, bool *out)
{
	*out = take_word(plain, "true", 4);
	return *out || take_word(plain, "false", 5);
}

static bool take_name(struct plain *plain, enum member *out)
{
	struct span name;

	if (!take_text(plain, &name))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (members[i].len == name.len &&
		    memcmp(members[i].name, name.ptr, name.len) == 0) {
			*out = (enum member)i;
			return true;
		}
	}
	return false;
}

static bool take_value(struct plain *plain, enum member member)
{
	switch (members[member].value) {
	case VALUE_TEXT:
		return take_text(plain, &plain->texts[member]);
	case VALUE_NUMBER:
		return take_number(plain, member == MEMBER_TICKET ? &plain->ticket : &plain->mark);
	case VALUE_BOOL:
		return take_bool(plain, &plain->on);
	}
	MUST(0);
}

static bool take_object(struct plain *plain)
{
	if (!take(plain, '{'))
		return false;
	do {
		enum member member;

		if (!take_name(plain, &member) || has(plain, member) || !take(plain, ':') ||
		    !take_value(plain, member))
			return false;
		plain->seen |= 1U << member;
	} while (take(plain, ','));
	return take(plain, '}') && plain->at == plain->end;
}

/* Agents say which ticket; what visitors say of it is passed over. */
static bool is_whole(const struct wire_reader *reader, const struct plain *plain)
{
	if (reader->audience == AUDIENCE_AGENT && plain->ticket == 0)
		return false;
	return !has(plain, MEMBER_ID) || client_id_is_valid(plain->texts[MEMBER_ID]);
}

static void put(const struct wire_reader *reader, const struct plain *plain,
                enum frame_in_type type, struct frame_in *frame_out)
{
	memset(frame_out, 0, sizeof(*frame_out));
	frame_out->type = type;
	frame_out->id = arena_span(reader->arena, plain->texts[MEMBER_ID]);
	if (reader->audience == AUDIENCE_AGENT)
		frame_out->ticket.v = plain->ticket;
}

static bool put_message(const struct wire_reader *reader, const struct plain *plain,
                        struct frame_in *frame_out)
{
	struct span text = plain->texts[MEMBER_TEXT];

	if (!has(plain, MEMBER_ID) || !has(plain, MEMBER_TEXT) ||
	    text_message(reader->arena, text, reader->message_chars, &text) != ST_OK)
		return false;
	put(reader, plain, IN_MESSAGE, frame_out);
	frame_out->text = arena_span(reader->arena, text);
	if (reader->audience == AUDIENCE_AGENT && has(plain, MEMBER_SEEN)) {
		frame_out->has_seen = true;
		frame_out->seq = plain->mark;
	}
	return true;
}

bool wire_plain(const struct wire_reader *reader, struct span text, struct frame_in *frame_out)
{
	struct plain plain = {.at = text.ptr, .end = text.ptr + text.len};
	struct span type;

	if (text.len == 0 || !take_object(&plain) || !is_whole(reader, &plain))
		return false;
	type = plain.texts[MEMBER_TYPE];
	if (span_eq(type, SPAN_LIT("message")))
		return put_message(reader, &plain, frame_out);
	if (!span_eq(type, SPAN_LIT("typing")) || !has(&plain, MEMBER_ON))
		return false;
	put(reader, &plain, IN_TYPING, frame_out);
	frame_out->on = plain.on;
	return true;
}
