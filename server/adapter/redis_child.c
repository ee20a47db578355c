/* SPDX-License-Identifier: MIT */
/* Forked by hand: uv_spawn cannot ask the kernel to end the child with its parent. Everything
 * that allocates is done before the fork; the child only makes system calls.
 *
 * SIGCHLD is one signal for all children of the process: each time we ask only for ours. */
#include "adapter/redis_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#define PROGRAM        "redis-server"
#define PROGRAM_SIZE   4096U
#define LOG_BYTES_MAX  (INT64_C(1024) * 1024)
#define RESTART_MS     20U
#define RESTART_MAX_MS 1000U
#define SETTLED_MS     10000U /* one that ran so long does not make the delay grow */
#define STOP_MS        3000U
#define EXEC_FAILED    127
#define CHILD_LOCK_FD  3
#define SOCKET_NAME    "redis.sock"
#define LOG_NAME       "redis.log"

/* The child reads it from its standard input, in the data folder: no path needs quoting. */
static const char CONFIGURATION[] = "port 0\n"
				    "unixsocket " SOCKET_NAME "\n"
				    "unixsocketperm 700\n"
				    "save \"\"\n"
				    "appendonly no\n"
				    "databases 1\n"
				    "daemonize no\n"
				    "loglevel warning\n"
				    "logfile \"\"\n"
				    "always-show-logo no\n"
				    "maxmemory 512mb\n"
				    "maxmemory-policy noeviction\n";

struct redis_child {
	struct redis_child_config config;
	uv_loop_t *loop;
	uv_signal_t reaper;
	uv_timer_t timer; /* of the next start, or of the last patience */
	pid_t pid;
	bool closing;
	unsigned handles;
	unsigned failures;
	uint64_t started_at;
	uint64_t restarts;
	char path[REDIS_PATH_SIZE];
	char program[PROGRAM_SIZE];
	char *data_dir;
	char *log_path;
};

static bool fail(char *error, size_t size, const char *text)
{
	(void)snprintf(error, size, "%s", text);
	return false;
}

static bool program_find(char *out, size_t size)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment */
	const char *path = getenv("PATH");

	if (path == NULL)
		path = "/usr/bin:/bin";
	while (*path != '\0') {
		size_t len = strcspn(path, ":");
		int used = snprintf(out, size, "%.*s/%s", (int)len, path, PROGRAM);

		if (path[0] == '/' && used > 0 && (size_t)used < size && access(out, X_OK) == 0)
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

/* --- in the child: system calls only --- */

static void signals_reset(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	(void)sigemptyset(&none);
	(void)pthread_sigmask(SIG_SETMASK, &none, NULL);
}

/* 0-2 and the lock, nothing else of ours. */
static bool files_set(int config_fd, int lock_from)
{
	int log_fd = open(LOG_NAME, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int first = CHILD_LOCK_FD;

	if (log_fd < 0)
		log_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (log_fd < 0 || dup2(config_fd, 0) < 0 || dup2(log_fd, 1) < 0 || dup2(log_fd, 2) < 0)
		return false;
	if (lock_from >= 0) {
		/* dup2 onto itself would leave close-on-exec set. */
		int lock_fd = dup(lock_from);

		if (lock_fd < 0)
			return false;
		if (lock_fd != CHILD_LOCK_FD && dup2(lock_fd, CHILD_LOCK_FD) < 0)
			return false;
		first++;
	}
	return close_range((unsigned)first, ~0U, 0) == 0;
}

_Noreturn static void child_run(const struct redis_child *child, int config_fd, pid_t parent)
{
	char *const argv[] = {(char[]){PROGRAM}, (char[]){"-"}, NULL};

	signals_reset();
	(void)umask(077);
	(void)setsid(); /* Ctrl-C is for us: it must not end before we have drained */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent ||
	    chdir(child->data_dir) != 0 || !files_set(config_fd, child->config.lock_fd))
		_exit(EXEC_FAILED);
	(void)execv(child->program, argv);
	_exit(EXEC_FAILED);
}

/* --- in the parent --- */

/* A log that grew is begun anew; it says only what went wrong. */
static void log_trim(const struct redis_child *child)
{
	struct stat found;

	if (stat(child->log_path, &found) == 0 && found.st_size > LOG_BYTES_MAX &&
	    truncate(child->log_path, 0) != 0)
		log_warn("redis.log_grows", "errno=%d", errno);
}

/* The whole configuration fits a pipe, so that writing it does not wait for the child. */
static int config_pipe(void)
{
	const ssize_t len = sizeof(CONFIGURATION) - 1;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	if (write(ends[1], CONFIGURATION, (size_t)len) != len) {
		(void)close(ends[0]);
		ends[0] = -1;
	}
	(void)close(ends[1]);
	return ends[0];
}

static bool child_fork(struct redis_child *child)
{
	pid_t parent = getpid();
	int config_fd = config_pipe();
	sigset_t all, before;

	if (config_fd < 0)
		return false;
	log_trim(child);
	/* A signal that came to the child now would be told to our loop. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	child->pid = fork();
	if (child->pid == 0)
		child_run(child, config_fd, parent);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)close(config_fd);
	child->started_at = uv_now(child->loop);
	if (child->pid > 0)
		return true;
	child->pid = 0;
	return false;
}

static void on_restart(uv_timer_t *timer);

static void restart_later(struct redis_child *child)
{
	uint64_t delay = RESTART_MS;

	if (uv_now(child->loop) - child->started_at >= SETTLED_MS)
		child->failures = 0;
	for (unsigned i = 0; i < child->failures && delay < RESTART_MAX_MS; i++)
		delay *= 2;
	child->failures++;
	if (delay > RESTART_MAX_MS)
		delay = RESTART_MAX_MS;
	MUST(uv_timer_start(&child->timer, on_restart, delay, 0) == 0);
}

static void on_restart(uv_timer_t *timer)
{
	struct redis_child *child = timer->data;

	if (!child_fork(child)) {
		log_error("redis.fork_failed", "errno=%d", errno);
		restart_later(child);
		return;
	}
	child->restarts++;
	child->config.started(child->config.ctx);
}

static void child_free(struct redis_child *child)
{
	free(child->data_dir);
	free(child->log_path);
	free(child);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct redis_child *child = handle->data;

	if (--child->handles > 0)
		return;
	child->config.closed(child->config.ctx);
	child_free(child);
}

static void handles_close(struct redis_child *child)
{
	(void)unlink(child->path);
	uv_close((uv_handle_t *)&child->timer, on_handle_closed);
	uv_close((uv_handle_t *)&child->reaper, on_handle_closed);
}

static void on_child_signal(uv_signal_t *signal, int number)
{
	struct redis_child *child = signal->data;
	int status = 0;

	(void)number;
	if (child->pid == 0 || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return;
	child->pid = 0;
	if (child->closing) {
		handles_close(child);
		return;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXEC_FAILED)
		log_error("redis.exec_failed", "program=\"%s\"", child->program);
	else
		log_warn("redis.exited", "signal=%d code=%d",
		         WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		         WIFEXITED(status) ? WEXITSTATUS(status) : 0);
	restart_later(child);
}

/* Everything that can be wrong before it starts. */
static bool child_prepare(struct redis_child *child, char *error, size_t size)
{
	const char *dir = child->config.data_dir;
	struct buf log_path = {0};
	int len = snprintf(child->path, sizeof(child->path), "%s/" SOCKET_NAME, dir);

	if (len < 0 || (size_t)len >= sizeof(child->path))
		return fail(error, size,
		            "the path of the data folder is too long for a socket in it (at most "
		            "96 bytes): choose a shorter one");
	if (!program_find(child->program, sizeof(child->program)))
		return fail(error, size,
		            "redis-server is not in PATH: install it (apt install redis-server) "
		            "or name a running one with --redis");
	buf_fmt(&log_path, "%s/" LOG_NAME, dir);
	child->log_path = xstrdup(buf_cstr(&log_path));
	child->data_dir = xstrdup(dir);
	buf_fini(&log_path);
	return true;
}

bool redis_child_create(uv_loop_t *loop, const struct redis_child_config *config,
                        struct redis_child **out, char *error, size_t size)
{
	struct redis_child *child = xcalloc(1, sizeof(*child));

	child->config = *config;
	child->loop = loop;
	if (!child_prepare(child, error, size)) {
		child_free(child);
		return false;
	}
	child->handles = 2;
	MUST(uv_signal_init(loop, &child->reaper) == 0 && uv_timer_init(loop, &child->timer) == 0);
	child->reaper.data = child;
	child->timer.data = child;
	MUST(uv_signal_start(&child->reaper, on_child_signal, SIGCHLD) == 0);
	if (!child_fork(child))
		restart_later(child);
	*out = child;
	return true;
}

const char *redis_child_path(const struct redis_child *child)
{
	return child->path;
}

uint64_t redis_child_restarts(const struct redis_child *child)
{
	return child->restarts;
}

int redis_child_pid(const struct redis_child *child)
{
	return child->pid;
}

static void on_patience(uv_timer_t *timer)
{
	const struct redis_child *child = timer->data;

	log_warn("redis.killed", "why=\"did not stop\"");
	if (child->pid > 0)
		(void)kill(child->pid, SIGKILL);
}

void redis_child_close(struct redis_child *child)
{
	child->closing = true;
	(void)uv_timer_stop(&child->timer);
	if (child->pid == 0) {
		handles_close(child);
		return;
	}
	(void)kill(child->pid, SIGTERM);
	MUST(uv_timer_start(&child->timer, on_patience, STOP_MS, 0) == 0);
}
