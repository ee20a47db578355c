/* SPDX-License-Identifier: MIT */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <uv.h>

#define WAIT_STEPS   250 /* of 20 ms: as long as a Redis may take to follow its parent */
#define WAIT_STEP_NS (20L * 1000 * 1000)

enum status folder_path(const char *folder, const char *name, char path_out[FOLDER_PATH_SIZE])
{
	int len = snprintf(path_out, FOLDER_PATH_SIZE, "%s/%s", folder, name);

	return len > 0 && len < FOLDER_PATH_SIZE ? ST_OK : ST_BAD_REQUEST;
}

/* The process that wrote its number into the lock file; 0: none is known. */
static pid_t holder(int fd)
{
	char text[32] = "";
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	return len > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

static bool is_alive(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

static enum status take(int fd, const char *folder, char *why)
{
	const struct timespec step = {.tv_nsec = WAIT_STEP_NS};

	for (int i = 0; i < WAIT_STEPS; i++) {
		pid_t pid;

		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return ST_OK;
		pid = holder(fd);
		if (is_alive(pid) && pid != getpid()) {
			(void)snprintf(why, FOLDER_WHY_SIZE,
			               "the folder %.120s is in use by process %ld; stop it, or "
			               "give another folder with --data",
			               folder, (long)pid);
			return ST_CONFLICT;
		}
		(void)nanosleep(&step, NULL);
	}
	(void)snprintf(why, FOLDER_WHY_SIZE,
	               "the folder %.120s is still in use, perhaps by the Redis of a server that "
	               "was killed; stop it, or give another folder with --data",
	               folder);
	return ST_CONFLICT;
}

static void write_holder(int fd)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	/* Only for the sentence above: without it the lock holds as well. */
	if (ftruncate(fd, 0) == 0 && len > 0)
		(void)!pwrite(fd, text, (size_t)len, 0);
}

/* With the folders above it, as `mkdir -p` does. */
static int make_folder(const char *folder)
{
	char path[FOLDER_PATH_SIZE];

	if (snprintf(path, sizeof(path), "%s", folder) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (char *at = path + 1; *at != '\0'; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return -1;
		*at = '/';
	}
	return mkdir(path, 0700) != 0 && errno != EEXIST ? -1 : 0;
}

enum status folder_lock(const char *folder, int *lock_fd_out, char *why)
{
	char path[FOLDER_PATH_SIZE];
	enum status st;
	int fd = -1;

	if (folder_path(folder, "lock", path) != ST_OK) {
		(void)snprintf(why, FOLDER_WHY_SIZE, "the path of the data folder is too long");
		return ST_UNAVAILABLE;
	}
	if (make_folder(folder) == 0)
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		(void)snprintf(why, FOLDER_WHY_SIZE, "cannot use the data folder %.120s: %s",
		               folder, uv_strerror(uv_translate_sys_error(errno)));
		return ST_UNAVAILABLE;
	}
	st = take(fd, folder, why);
	if (st != ST_OK) {
		(void)close(fd);
		return st;
	}
	write_holder(fd);
	*lock_fd_out = fd;
	return ST_OK;
}
