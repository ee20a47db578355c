/* SPDX-License-Identifier: MIT */
#include "adapter/redis_url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

static bool fail(char *error, size_t size, const char *text)
{
	(void)snprintf(error, size, "%s", text);
	return false;
}

/* Up to the first of `stops` that is there; what follows it stays in `rest`. */
static bool cut(struct span *rest, char stop, struct span *head_out)
{
	const char *at = memchr(rest->ptr, stop, rest->len);

	if (at == NULL)
		return false;
	*head_out = (struct span){.ptr = rest->ptr, .len = (size_t)(at - rest->ptr)};
	*rest = (struct span){.ptr = at + 1, .len = rest->len - head_out->len - 1};
	return true;
}

static int hex_value(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* "%41"; 0: no escape, or one of NUL. */
static int escaped(struct span text)
{
	int high = text.len > 2 ? hex_value(text.ptr[1]) : -1;
	int low = text.len > 2 ? hex_value(text.ptr[2]) : -1;

	return high >= 0 && low >= 0 ? high * 16 + low : 0;
}

static bool percent_decode(struct span text, char *out, size_t size)
{
	size_t used = 0;
	size_t i = 0;

	while (i < text.len) {
		bool escape = text.ptr[i] == '%';
		struct span rest = {.ptr = text.ptr + i, .len = text.len - i};
		int c = escape ? escaped(rest) : text.ptr[i];

		if (c == 0 || used + 1 >= size)
			return false;
		out[used++] = (char)c;
		i += escape ? 3 : 1;
	}
	out[used] = '\0';
	return true;
}

static bool number_copy(struct span text, long most, char *out, size_t size)
{
	char copy[8];

	if (text.len == 0 || !span_copy(copy, sizeof(copy), text) ||
	    strspn(copy, "0123456789") != text.len || strtol(copy, NULL, 10) > most)
		return false;
	return span_copy(out, size, text);
}

static bool parse_login(struct span login, struct redis_address *out)
{
	struct span user = {.ptr = "", .len = 0};

	if (!cut(&login, ':', &user))
		return false;
	return percent_decode(user, out->user, sizeof(out->user)) &&
	       percent_decode(login, out->password, sizeof(out->password)) &&
	       out->password[0] != '\0';
}

/* host, host:port, [v6] or [v6]:port */
static bool parse_host(struct span text, struct redis_address *out)
{
	struct span host = text;

	(void)span_copy(out->port, sizeof(out->port), SPAN_LIT("6379"));
	if (text.len > 0 && text.ptr[0] == '[') {
		text = (struct span){.ptr = text.ptr + 1, .len = text.len - 1};
		if (!cut(&text, ']', &host))
			return false;
		if (text.len > 0 && text.ptr[0] != ':')
			return false;
		if (text.len > 0)
			text = (struct span){.ptr = text.ptr + 1, .len = text.len - 1};
		else
			text = (struct span){.ptr = NULL, .len = 0};
	} else if (!cut(&text, ':', &host)) {
		text = (struct span){.ptr = NULL, .len = 0};
	}
	if (text.ptr != NULL && !number_copy(text, 65535, out->port, sizeof(out->port)))
		return false;
	return host.len > 0 && span_copy(out->host, sizeof(out->host), host);
}

static bool parse_net(struct span rest, struct redis_address *out, char *error, size_t size)
{
	struct span head;

	if (cut(&rest, '@', &head) && !parse_login(head, out))
		return fail(error, size, "the Redis URL has no user:password before its @");
	if (cut(&rest, '/', &head)) {
		if (rest.len > 0 && !number_copy(rest, 999, out->db, sizeof(out->db)))
			return fail(error, size,
			            "the Redis URL has no database number after its /");
		rest = head;
	}
	if (!parse_host(rest, out))
		return fail(error, size, "the Redis URL has no host or a wrong port");
	return true;
}

static bool parse_unix(struct span path, struct redis_address *out, char *error, size_t size)
{
	if (path.len > 2 && strncmp(path.ptr, "//", 2) == 0)
		path = (struct span){.ptr = path.ptr + 2, .len = path.len - 2};
	if (path.len == 0)
		return fail(error, size, "the Redis URL has no path after unix:");
	if (!span_copy(out->path, sizeof(out->path), path))
		return fail(error, size, "the path of the Redis socket is longer than 107 bytes");
	return true;
}

bool redis_url_parse(const char *url, struct redis_address *out, char *error, size_t size)
{
	const char *const net = "redis://";
	const char *const local = "unix:";

	*out = (struct redis_address){0};
	if (strncmp(url, net, strlen(net)) == 0)
		return parse_net(span_of(url + strlen(net)), out, error, size);
	if (strncmp(url, local, strlen(local)) == 0)
		return parse_unix(span_of(url + strlen(local)), out, error, size);
	return fail(error, size,
	            "a Redis URL is redis://[user:password@]host[:port][/db] or unix:/path");
}
