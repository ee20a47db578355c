/* SPDX-License-Identifier: MIT */
/* Any bytes as a frame and a body of the API. The first byte says as which. What is
 * taken holds what its header promises; what is refused says why. */
#include <stdint.h>
#include <string.h>

#include "base/must.h"
#include "proto/body.h"
#include "proto/json_guard.h"
#include "proto/text.h"
#include "proto/wire.h"

#define CHARS_MAX 40

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_absent_or_line(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
			return false;
	}
	return true;
}

static void frame_holds(const struct frame_in *frame)
{
	MUST(frame->id.len == 0 || client_id_is_valid(frame->id));
	MUST(text_chars(frame->text) <= CHARS_MAX);
	MUST(memchr(frame->text.ptr != NULL ? frame->text.ptr : "", '\r', frame->text.len) == NULL);
	MUST(is_absent_or_line(frame->title) && frame->title.len < TITLE_SIZE);
	MUST(is_absent_or_line(frame->page_title) && frame->page_title.len < TITLE_SIZE);
	MUST(is_absent_or_line(frame->user_name) && frame->user_name.len < NAME_SIZE);
	MUST(frame->page_url.len == 0 || text_is_url(frame->page_url, URL_SIZE));
	MUST(frame->url.len == 0 || text_is_url(frame->url, URL_SIZE));
	MUST(frame->marks_count <= HELLO_AFTER_MAX);
	MUST(frame->set.tags_count <= TAGS_MAX && frame->articles_count <= ARTICLES_MAX);
	MUST(frame->tier >= 0 && frame->tier <= TIER_MAX);
	MUST(frame->score >= 0 && frame->score <= 5);
}

static enum status decode(enum audience audience, struct arena *arena, struct span text,
                          struct frame_in *frame)
{
	const struct wire_reader reader = {
		.audience = audience, .message_chars = CHARS_MAX, .arena = arena};
	struct wire_refusal refusal;
	enum status st = wire_decode(&reader, text, frame, &refusal);

	if (st == ST_OK) {
		frame_holds(frame);
	} else {
		MUST(refusal.message != NULL);
		MUST(refusal.id.len == 0 || client_id_is_valid(refusal.id));
	}
	return st;
}

/* Of the frames that are read in two ways: what one of them says, the other says too. */
static void is_same(const struct frame_in *a, const struct frame_in *b)
{
	MUST(a->type == b->type && span_eq(a->id, b->id) && a->ticket.v == b->ticket.v);
	MUST(span_eq(a->text, b->text) && (a->text.ptr == NULL) == (b->text.ptr == NULL));
	MUST((a->id.ptr == NULL) == (b->id.ptr == NULL) && a->kind == b->kind);
	MUST(a->has_seen == b->has_seen && a->seq == b->seq && a->on == b->on);
	MUST(a->after == b->after && a->fresh == b->fresh && a->yes == b->yes);
	MUST(span_eq(a->url, b->url) && span_eq(a->title, b->title) && span_eq(a->token, b->token));
	MUST(memcmp(&a->flags, &b->flags, sizeof(a->flags)) == 0 && a->score == b->score);
	MUST(a->set.mask == b->set.mask && a->articles_count == b->articles_count);
}

static void try_frame(enum audience audience, struct span text)
{
	struct arena arena = {0};
	struct frame_in frame, again;
	enum status st = decode(audience, &arena, text, &frame);
	char *blank = arena_alloc(&arena, text.len + 1);

	/* A blank in front means nothing, and takes the way of the tables. */
	blank[0] = ' ';
	if (text.len > 0)
		memcpy(blank + 1, text.ptr, text.len);
	MUST(decode(audience, &arena, (struct span){blank, text.len + 1}, &again) == st);
	if (st == ST_OK)
		is_same(&frame, &again);
	arena_fini(&arena);
}

static void try_body(unsigned which, struct span text)
{
	struct arena arena = {0};
	struct fields fields = {.arena = &arena, .message_chars = CHARS_MAX};
	struct body_login login = {0};
	struct command command = {0};
	bool good;

	if (which == 0)
		good = body_login_read(&fields, text, &login);
	else if (which == 1)
		good = body_open_read(&fields, text, &command);
	else if (which == 2)
		good = body_set_read(&fields, text, &command);
	else
		good = body_reply_read(&fields, text, &command);
	MUST(good == (fields.st == ST_OK) && good == (fields.wrong == NULL));
	MUST(text_chars(command.text) <= CHARS_MAX);
	arena_fini(&arena);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_guard_setup();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = {.ptr = (const char *)data + 1, .len = size - 1};

	if (size == 0)
		return 0;
	switch (data[0]) {
	case 'v':
		try_frame(AUDIENCE_VISITOR, text);
		break;
	case 'a':
		try_frame(AUDIENCE_AGENT, text);
		break;
	default:
		try_body(data[0] % 4, text);
		break;
	}
	return 0;
}
