/* SPDX-License-Identifier: MIT */
#include "identity_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uv.h>

#include "base/must.h"

/* A line end, and one byte more to see that it is too long. */
#define READ_SIZE (IDENTITY_KEY_MAX + 3)

static enum status wrong(const char *path, char *why, size_t size, const char *sentence)
{
	(void)snprintf(why, size, "the identity key %.160s %s", path, sentence);
	return ST_BAD_REQUEST;
}

static enum status unreadable(const char *path, char *why, size_t size)
{
	(void)snprintf(why, size, "cannot read the identity key %.160s: %s", path,
	               uv_strerror(uv_translate_sys_error(errno)));
	return ST_BAD_REQUEST;
}

/* false: errno says why. */
static bool read_all(int fd, char bytes[READ_SIZE], size_t *len_out)
{
	size_t len = 0;

	while (len < READ_SIZE) {
		ssize_t got = read(fd, bytes + len, READ_SIZE - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	*len_out = len;
	return true;
}

static size_t without_line_end(const char *bytes, size_t len)
{
	if (len == 0 || bytes[len - 1] != '\n')
		return len;
	return len > 1 && bytes[len - 2] == '\r' ? len - 2 : len - 1;
}

static enum status take(int fd, const char *path, struct identity_key *key_out, char *why,
                        size_t size)
{
	char bytes[READ_SIZE], sentence[80];
	struct stat about;
	size_t len;
	bool fits;

	if (fstat(fd, &about) != 0)
		return unreadable(path, why, size);
	if (!S_ISREG(about.st_mode))
		return wrong(path, why, size, "is not a file");
	if ((about.st_mode & S_IRWXO) != 0)
		return wrong(path, why, size,
		             "is open to everybody on this machine; run chmod o= on it, and use "
		             "another secret if somebody may have read it");
	if (!read_all(fd, bytes, &len))
		return unreadable(path, why, size);
	len = without_line_end(bytes, len);
	fits = len >= IDENTITY_KEY_MIN && len <= IDENTITY_KEY_MAX;
	if (fits) {
		memcpy(key_out->bytes, bytes, len);
		key_out->len = len;
	}
	explicit_bzero(bytes, sizeof(bytes));
	if (fits)
		return ST_OK;
	(void)snprintf(sentence, sizeof(sentence),
	               "must have %d to %d bytes; openssl rand -hex 32 makes one", IDENTITY_KEY_MIN,
	               IDENTITY_KEY_MAX);
	return wrong(path, why, size, sentence);
}

enum status identity_file_read(const char *path, struct identity_key *key_out, char *why,
                               size_t size)
{
	/* A pipe must not hold up the start. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum status st;

	if (fd < 0)
		return unreadable(path, why, size);
	st = take(fd, path, key_out, why, size);
	(void)close(fd);
	return st;
}
