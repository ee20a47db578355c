/* SPDX-License-Identifier: MIT */
#include "core/links.h"

#include <string.h>

bool links_next(struct span *rest, struct span *out)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->ptr, '\n', rest->len);
	out->ptr = rest->ptr;
	out->len = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
	rest->len -= out->len;
	rest->ptr += out->len;
	if (end != NULL) {
		rest->ptr++;
		rest->len--;
	}
	return true;
}

bool links_has(const char links[LINKS_SIZE], struct span link)
{
	struct span rest = span_of(links), line;

	while (links_next(&rest, &line)) {
		if (span_eq(line, link))
			return true;
	}
	return false;
}

bool links_add(char links[LINKS_SIZE], struct span link)
{
	struct span rest = span_of(links), line;
	size_t len = rest.len;
	unsigned count = 0;

	if (links_has(links, link))
		return true;
	while (links_next(&rest, &line))
		count++;
	if (link.len == 0 || count == LINKS_MAX || len + 1 + link.len >= LINKS_SIZE)
		return false;
	if (len > 0)
		links[len++] = '\n';
	memcpy(links + len, link.ptr, link.len);
	links[len + link.len] = '\0';
	return true;
}

void links_remove(char links[LINKS_SIZE], struct span link)
{
	struct span rest = span_of(links), line;
	size_t len = 0;

	while (links_next(&rest, &line)) {
		size_t at = (size_t)(line.ptr - links);

		if (span_eq(line, link))
			continue;
		if (len > 0)
			links[len++] = '\n';
		memmove(links + len, links + at, line.len);
		len += line.len;
	}
	links[len] = '\0';
}
