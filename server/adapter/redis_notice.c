/* SPDX-License-Identifier: MIT */
#include "adapter/redis_notice.h"

#include <string.h>

#include "proto/utf8.h"

#define NOTICE_VERSION 2

bool redis_node_is_valid(struct span node)
{
	if (node.len == 0 || node.len >= BUS_NODE_ID_SIZE)
		return false;
	for (size_t i = 0; i < node.len; i++)
		if (node.ptr[i] <= ' ' || node.ptr[i] > '~')
			return false;
	return true;
}

void redis_notice_encode(const char *node, const struct notice *notice, struct buf *out)
{
	const uint64_t numbers[] = {
		notice->kind,         notice->ticket.v,     notice->agent.v,    notice->seq,
		(uint64_t)notice->at, notice->on,           notice->tier,       notice->bits,
		notice->contact.v,    strlen(notice->rule), strlen(notice->to),
	};

	buf_u64(out, NOTICE_VERSION);
	buf_char(out, ' ');
	buf_text(out, node);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		buf_char(out, ' ');
		buf_u64(out, numbers[i]);
	}
	buf_char(out, ' ');
	buf_text(out, notice->rule);
	buf_text(out, notice->to);
	buf_text(out, notice->text);
}

/* The next word, which a blank ends. */
static bool word_take(struct span *rest, struct span *word_out)
{
	const char *blank = rest->len > 0 ? memchr(rest->ptr, ' ', rest->len) : NULL;

	if (blank == NULL)
		return false;
	*word_out = (struct span){.ptr = rest->ptr, .len = (size_t)(blank - rest->ptr)};
	*rest = (struct span){.ptr = blank + 1, .len = rest->len - word_out->len - 1};
	return true;
}

static bool number_take(struct span *rest, uint64_t most, uint64_t *out)
{
	struct span word;
	uint64_t value = 0;

	if (!word_take(rest, &word) || word.len == 0)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9' ||
		    __builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, (uint64_t)(word.ptr[i] - '0'), &value))
			return false;
	}
	*out = value;
	return value <= most;
}

static bool text_take(struct span text, char *out, size_t size)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7F)
			return false;
	return utf8_is_valid(text) && span_copy(out, size, text);
}

static struct span first(struct span *rest, size_t len)
{
	struct span text = {.ptr = rest->ptr, .len = len};

	rest->ptr += len;
	rest->len -= len;
	return text;
}

static bool texts_take(struct span rest, struct notice *notice)
{
	uint64_t rule = 0, to = 0;

	if (!number_take(&rest, sizeof(notice->rule) - 1, &rule) ||
	    !number_take(&rest, sizeof(notice->to) - 1, &to) || rest.len < rule + to)
		return false;
	return text_take(first(&rest, (size_t)rule), notice->rule, sizeof(notice->rule)) &&
	       text_take(first(&rest, (size_t)to), notice->to, sizeof(notice->to)) &&
	       text_take(rest, notice->text, sizeof(notice->text));
}

bool redis_notice_decode(struct span rest, char node_out[BUS_NODE_ID_SIZE],
                         struct notice *notice_out)
{
	uint64_t version = 0, kind = 0, at = 0, on = 0, tier = 0, bits = 0;
	struct notice notice = {0};
	struct span node;

	if (!number_take(&rest, UINT64_MAX, &version) || version != NOTICE_VERSION ||
	    !word_take(&rest, &node) || !redis_node_is_valid(node) ||
	    !number_take(&rest, NOTICE_LAST, &kind) ||
	    !number_take(&rest, UINT64_MAX, &notice.ticket.v) ||
	    !number_take(&rest, UINT64_MAX, &notice.agent.v) ||
	    !number_take(&rest, UINT64_MAX, &notice.seq) || !number_take(&rest, INT64_MAX, &at) ||
	    !number_take(&rest, 1, &on) || !number_take(&rest, TIER_MAX, &tier) ||
	    !number_take(&rest, NOTICE_BITS_MAX, &bits) ||
	    !number_take(&rest, UINT64_MAX, &notice.contact.v) || !texts_take(rest, &notice))
		return false;
	notice.kind = (enum notice_kind)kind;
	notice.at = (wall_ms)at;
	notice.on = on == 1;
	notice.tier = (unsigned)tier;
	notice.bits = (unsigned)bits;
	(void)span_copy(node_out, BUS_NODE_ID_SIZE, node);
	*notice_out = notice;
	return true;
}
