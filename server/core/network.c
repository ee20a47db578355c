/* SPDX-License-Identifier: MIT */
#include "core/network.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"

#define GROUPS      8
#define GROUPS_KEPT 4

struct groups {
	uint16_t v[GROUPS];
	size_t count;
	size_t gap; /* groups before "::"; GROUPS + 1: there is none */
};

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One group of 1-4 hex digits; *text moves behind it. */
static bool take_group(const char **text, struct groups *groups)
{
	unsigned value = 0;
	size_t digits = 0;

	while (hex_value(**text) >= 0 && digits < 4) {
		value = value << 4 | (unsigned)hex_value(**text);
		(*text)++;
		digits++;
	}
	if (digits == 0 || groups->count == GROUPS || (**text != ':' && **text != '\0'))
		return false;
	groups->v[groups->count++] = (uint16_t)value;
	return true;
}

static bool take_gap(const char **text, struct groups *groups)
{
	if (groups->gap <= GROUPS || (*text)[2] == ':')
		return false;
	groups->gap = groups->count;
	*text += 2;
	return true;
}

/* RFC 4291 section 2.2, forms 1 and 2. */
static bool parse(const char *text, struct groups *groups)
{
	if (text[0] == ':' && text[1] != ':')
		return false;
	while (*text != '\0') {
		bool gap = text[0] == ':' && text[1] == ':';

		if (!gap && text[0] == ':')
			text++;
		if (gap ? !take_gap(&text, groups) : !take_group(&text, groups))
			return false;
	}
	return groups->gap <= GROUPS ? groups->count < GROUPS : groups->count == GROUPS;
}

void network_of(const char *address, char out[NETWORK_SIZE])
{
	struct groups groups = {.gap = GROUPS + 1};
	unsigned kept[GROUPS_KEPT] = {0};
	size_t front;

	memset(out, 0, NETWORK_SIZE);
	if (!parse(address, &groups)) {
		(void)span_copy(out, NETWORK_SIZE, span_of(address));
		return;
	}
	front = groups.gap < groups.count ? groups.gap : groups.count;
	for (size_t i = 0; i < GROUPS_KEPT; i++) {
		size_t from_end = GROUPS - i; /* groups from here to the end, gap included */

		if (i < front)
			kept[i] = groups.v[i];
		else if (from_end <= groups.count - front)
			kept[i] = groups.v[groups.count - from_end];
	}
	(void)snprintf(out, NETWORK_SIZE, "%x:%x:%x:%x", kept[0], kept[1], kept[2], kept[3]);
}
