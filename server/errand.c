/* SPDX-License-Identifier: MIT */
#include "errand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "adapter/control_call.h"
#include "base/buf.h"
#include "base/must.h"
#include "folder.h"
#include "solo.h"

#define TRIES        100 /* of 50 ms: a server that starts or stops has the folder, but no socket */
#define TRY_PAUSE_NS (50L * 1000 * 1000)
#define ANSWER_MAX   ((size_t)16 * 1024U * 1024U)
#define ANSWER_S     60

/* -1: nobody listens there. */
static int connect_to(const char *path)
{
	const struct timeval patience = {.tv_sec = ANSWER_S};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (!span_copy(address.sun_path, sizeof(address.sun_path), span_of(path)))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static bool send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* Up to the end of the line, which is dropped. */
static bool receive_line(int fd, struct buf *answer)
{
	char bytes[4096];

	for (;;) {
		ssize_t got = recv(fd, bytes, sizeof(bytes), 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || answer->len > ANSWER_MAX)
			return false;
		buf_add(answer, bytes, (size_t)got);
		if (bytes[got - 1] == '\n') {
			answer->len--;
			return true;
		}
	}
}

/* UNAVAILABLE: it hung up; whether the question was heard is not known. */
static enum status ask_server(int fd, const char *line, struct buf *answer)
{
	bool good = send_all(fd, line, strlen(line)) && send_all(fd, "\n", 1) &&
	            receive_line(fd, answer);

	(void)close(fd);
	return good ? ST_OK : ST_UNAVAILABLE;
}

/* OK: `answer` is there. CONFLICT: somebody has the folder, but nobody listens yet. */
static enum status ask(const struct config *config, const char *line, struct buf *answer, char *why)
{
	char path[FOLDER_PATH_SIZE];
	enum status st;
	int fd;

	if (folder_path(config->data.text, "control.sock", path) != ST_OK)
		return ST_BAD_REQUEST;
	fd = connect_to(path);
	if (fd >= 0) {
		(void)snprintf(why, ERRAND_WHY_SIZE, "the server did not answer; see its log");
		return ask_server(fd, line, answer);
	}
	st = folder_lock(config->data.text, &fd, why);
	if (st != ST_OK)
		return st;
	st = solo_ask(config, line, answer, why);
	(void)close(fd);
	return st;
}

static enum status take_answer(struct buf *text, json_t **answer_out, char *why)
{
	json_t *answer = json_loadb(buf_cstr(text), text->len, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_true(json_object_get(answer, "ok"))) {
		*answer_out = answer;
		return ST_OK;
	}
	if (json_is_string(json_object_get(answer, "message")))
		(void)snprintf(why, ERRAND_WHY_SIZE, "%s",
		               json_string_value(json_object_get(answer, "message")));
	else
		(void)snprintf(why, ERRAND_WHY_SIZE, "the server's answer cannot be read");
	json_decref(answer);
	return ST_BAD_REQUEST;
}

enum status errand_run(const struct config *config, json_t *question, json_t **answer_out,
                       char *why)
{
	const struct timespec pause = {.tv_nsec = TRY_PAUSE_NS};
	char *line = json_dumps(question, JSON_COMPACT);
	struct buf answer = {0};
	enum status st = ST_CONFLICT;

	MUST(line != NULL);
	why[0] = '\0';
	for (int i = 0; i < TRIES && st == ST_CONFLICT; i++) {
		if (i > 0)
			(void)nanosleep(&pause, NULL);
		st = ask(config, line, &answer, why);
	}
	if (st == ST_OK)
		st = take_answer(&answer, answer_out, why);
	explicit_bzero(line, strlen(line));
	free(line);
	buf_fini(&answer);
	return st;
}
