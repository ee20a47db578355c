/* SPDX-License-Identifier: MIT */
#include "zones.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONES_FOLDER "/usr/share/zoneinfo"
#define PATH_SIZE    1024

static bool is_name_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_' || c == '+' || c == '-';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "America/Port-au-Prince": words that begin with a letter. No dot, so there is no way up. */
static bool is_name(const char *name)
{
	size_t len = 0;

	for (bool begins = true; name[len] != '\0'; len++) {
		char c = name[len];

		if (begins ? !is_letter(c) : c != '/' && !is_name_char(c))
			return false;
		begins = c == '/';
	}
	return len > 0 && len < ZONE_NAME_SIZE && name[len - 1] != '/';
}

static enum status open_error(int error)
{
	return error == ENOENT || error == ENOTDIR ? ST_NOT_FOUND : ST_UNAVAILABLE;
}

/* One byte more than a zone may have, to see that it has more. */
static enum status read_all(int fd, struct arena *arena, struct span *out)
{
	char *bytes = arena_alloc(arena, TZIF_BYTES_MAX + 1);
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, bytes + len, TZIF_BYTES_MAX + 1 - len);
		if (n > 0)
			len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	*out = (struct span){bytes, len};
	return n < 0 ? ST_UNAVAILABLE : ST_OK;
}

static enum status parse_file(int fd, struct arena *arena, struct zone *out)
{
	struct arena scratch = {0};
	struct span bytes;
	struct stat info;
	enum status st;

	if (fstat(fd, &info) != 0)
		return ST_UNAVAILABLE;
	if (!S_ISREG(info.st_mode))
		return ST_NOT_FOUND; /* "America" is a folder */
	st = read_all(fd, &scratch, &bytes);
	if (st == ST_OK)
		st = tzif_parse(bytes, arena, out);
	arena_fini(&scratch);
	return st;
}

static enum status zones_load(void *ctx, const char *name, struct arena *arena, struct zone *out)
{
	const struct zones *zones = ctx;
	char path[PATH_SIZE];
	enum status st;
	int fd, len;

	if (!is_name(name))
		return ST_BAD_REQUEST;
	len = snprintf(path, sizeof path, "%s/%s", zones->folder, name);
	if (len < 0 || (size_t)len >= sizeof path)
		return ST_UNAVAILABLE;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return open_error(errno);
	st = parse_file(fd, arena, out);
	close(fd);
	if (st == ST_OK)
		(void)snprintf(out->name, sizeof out->name, "%s", name);
	return st;
}

void zones_init(struct zones *zones)
{
	const char *folder = getenv("TZDIR"); /* NOLINT(concurrency-mt-unsafe): before any thread */

	zones->folder = folder && folder[0] == '/' ? folder : ZONES_FOLDER;
}

struct zone_source zones_source(struct zones *zones)
{
	return (struct zone_source){.ctx = zones, .load = zones_load};
}
