/* SPDX-License-Identifier: MIT */
/* START > METHOD > TARGET > VERSION > LINE_LF > ( LINE > NAME > VALUE > LINE_LF )* > END_LF > DONE
 * Each step takes one byte; a byte that no step knows ends in BAD. */
#include "proto/prefilter.h"

#include <string.h>

#include "base/must.h"

#define METHOD_MAX 20U

static bool is_letter_or_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'z');
}

/* RFC 9110 5.6.2 */
static bool is_token(unsigned char c)
{
	static const char others[] = "-_!#$%&'*+.^`|~";

	return is_letter_or_digit(c) || (c != '\0' && strchr(others, c) != NULL);
}

static bool is_target(unsigned char c)
{
	return c > 0x20 && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>';
}

static bool is_value(unsigned char c)
{
	return (c >= 0x20 && c != 0x7F) || c == '\t';
}

static enum prefilter_state refuse(struct prefilter *filter, unsigned status)
{
	filter->refusal = status;
	return PREFILTER_BAD;
}

static enum prefilter_state start(struct prefilter *filter, unsigned char c)
{
	if (c == '\r' && !filter->skipped) {
		filter->skipped = true;
		return PREFILTER_START_LF;
	}
	if (!is_letter_or_digit(c))
		return refuse(filter, 400);
	filter->at = 1;
	return PREFILTER_METHOD;
}

static enum prefilter_state method(struct prefilter *filter, unsigned char c)
{
	if (c == ' ') {
		filter->at = 0;
		return PREFILTER_TARGET;
	}
	if (!is_token(c) || ++filter->at > METHOD_MAX)
		return refuse(filter, 400);
	return PREFILTER_METHOD;
}

static enum prefilter_state target(struct prefilter *filter, unsigned char c)
{
	if (c == ' ' && filter->at > 0) {
		filter->at = 0;
		return PREFILTER_VERSION;
	}
	if (!is_target(c))
		return refuse(filter, 400);
	filter->at = 1;
	return PREFILTER_TARGET;
}

static enum prefilter_state version(struct prefilter *filter, unsigned char c)
{
	static const char one[] = "HTTP/1.";
	unsigned at = filter->at++;
	bool digit = c >= '0' && c <= '9';

	if (at == 8)
		return c == '\r' ? PREFILTER_LINE_LF : refuse(filter, 400);
	if (at == 7 && digit)
		return c <= '1' ? PREFILTER_VERSION : refuse(filter, 505);
	if (at < 7 && c == (unsigned char)one[at])
		return PREFILTER_VERSION;
	return refuse(filter, at == 5 && digit ? 505 : 400);
}

static enum prefilter_state line(struct prefilter *filter, unsigned char c)
{
	if (c == '\r')
		return PREFILTER_END_LF;
	return is_token(c) ? PREFILTER_NAME : refuse(filter, 400);
}

static enum prefilter_state name(struct prefilter *filter, unsigned char c)
{
	if (c == ':')
		return PREFILTER_VALUE;
	return is_token(c) ? PREFILTER_NAME : refuse(filter, 400);
}

static enum prefilter_state value(struct prefilter *filter, unsigned char c)
{
	if (c == '\r')
		return PREFILTER_LINE_LF;
	return is_value(c) ? PREFILTER_VALUE : refuse(filter, 400);
}

static enum prefilter_state line_feed(struct prefilter *filter, unsigned char c,
                                      enum prefilter_state next)
{
	return c == '\n' ? next : refuse(filter, 400);
}

static enum prefilter_state step(struct prefilter *filter, unsigned char c)
{
	switch (filter->state) {
	case PREFILTER_START:
		return start(filter, c);
	case PREFILTER_START_LF:
		return line_feed(filter, c, PREFILTER_START);
	case PREFILTER_METHOD:
		return method(filter, c);
	case PREFILTER_TARGET:
		return target(filter, c);
	case PREFILTER_VERSION:
		return version(filter, c);
	case PREFILTER_LINE_LF:
		return line_feed(filter, c, PREFILTER_LINE);
	case PREFILTER_LINE:
		return line(filter, c);
	case PREFILTER_NAME:
		return name(filter, c);
	case PREFILTER_VALUE:
		return value(filter, c);
	case PREFILTER_END_LF:
		return line_feed(filter, c, PREFILTER_DONE);
	case PREFILTER_DONE:
	case PREFILTER_BAD:
		break;
	}
	MUST(0);
	return PREFILTER_BAD;
}

size_t prefilter_run(struct prefilter *filter, struct span bytes)
{
	size_t i = 0;

	while (i < bytes.len && filter->state < PREFILTER_DONE) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		/* Most bytes of a head are values: no call for each of them. */
		if (filter->state != PREFILTER_VALUE || !is_value(c))
			filter->state = step(filter, c);
		i++;
	}
	return i;
}
