/* SPDX-License-Identifier: MIT */
#include "core/page_path.h"

#include <string.h>

struct span page_path(struct span url)
{
	const char *host, *path = url.ptr;
	size_t len = url.len;

	if (path == NULL)
		return url;
	host = memmem(path, len, "://", 3);
	if (host != NULL) {
		host += 3;
		len -= (size_t)(host - url.ptr);
		path = memchr(host, '/', len);
		if (path == NULL)
			return (struct span){0};
		len -= (size_t)(path - host);
	}
	for (size_t i = 0; i < len; i++) {
		if (path[i] == '?' || path[i] == '#')
			return (struct span){.ptr = path, .len = i};
	}
	return (struct span){.ptr = path, .len = len};
}

bool page_is_under(struct span path, const char *page)
{
	size_t len = strlen(page);

	if (len == 0 || path.len < len || memcmp(path.ptr, page, len) != 0)
		return false;
	return path.len == len || page[len - 1] == '/' || path.ptr[len] == '/';
}
