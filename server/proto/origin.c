/* SPDX-License-Identifier: MIT */
#include "proto/origin.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_host_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '.' || c == '_';
}

static size_t digits(struct span text)
{
	size_t len = 0;

	while (len < text.len && text.ptr[len] >= '0' && text.ptr[len] <= '9')
		len++;
	return len;
}

static struct span behind(struct span text, size_t len)
{
	return (struct span){.ptr = text.ptr + len, .len = text.len - len};
}

/* A name, an IPv4 address, or an IPv6 address in brackets. 0: none of them. */
static size_t host_len(struct span text)
{
	size_t len = 0;

	if (text.len > 0 && text.ptr[0] == '[') {
		for (len = 1; len < text.len && (isxdigit((unsigned char)text.ptr[len]) ||
		                                 text.ptr[len] == ':' || text.ptr[len] == '.');)
			len++;
		return len > 1 && len < text.len && text.ptr[len] == ']' ? len + 1 : 0;
	}
	while (len < text.len && is_host_char(text.ptr[len]))
		len++;
	return len;
}

/* ":" and one to five digits. */
static bool is_port(struct span text)
{
	return text.len >= 2 && text.len <= 6 && text.ptr[0] == ':' &&
	       digits(behind(text, 1)) == text.len - 1;
}

bool origin_parse(struct span text, char out[ORIGIN_TEXT_SIZE])
{
	bool https = text.len > 8 && strncasecmp(text.ptr, "https://", 8) == 0;
	bool http = text.len > 7 && strncasecmp(text.ptr, "http://", 7) == 0;
	size_t scheme = https ? 8 : http ? 7 : 0;
	struct span port = behind(text, scheme + host_len(behind(text, scheme)));
	size_t keep = text.len - port.len;

	if (scheme == 0 || keep == scheme)
		return false;
	if (port.len > 0 && port.ptr[port.len - 1] == '/')
		port.len--;
	if (port.len > 0 && !is_port(port))
		return false;
	if (!span_is(port, https ? ":443" : ":80"))
		keep += port.len;
	if (keep >= ORIGIN_TEXT_SIZE)
		return false;
	for (size_t i = 0; i < keep; i++)
		out[i] = (char)tolower((unsigned char)text.ptr[i]);
	out[keep] = '\0';
	return true;
}

struct span origin_host(const char *origin)
{
	const char *host = strstr(origin, "://");

	return span_of(host != NULL ? host + 3 : origin);
}
